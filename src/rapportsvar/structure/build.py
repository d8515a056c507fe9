"""From a text to a report: lines, contents, parts, headings, tables, passages, metadata, in that order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rapportsvar.model import (
    CellPlace,
    Furniture,
    FurnitureKind,
    Grid,
    Layout,
    Page,
    Part,
    Passage,
    Report,
    Section,
    Sentence,
    Source,
    Span,
    Table,
)
from rapportsvar.structure.blocks import read_units
from rapportsvar.structure.collecting import collector_held_back
from rapportsvar.structure.correct import corrected
from rapportsvar.structure.headings import Heading, Style, find_headings
from rapportsvar.structure.lines import line_at, plain
from rapportsvar.structure.metadata import read_metadata
from rapportsvar.structure.outline import build_sections
from rapportsvar.structure.parts import Head, find_heads
from rapportsvar.structure.passages import PassageSize, cell_passages, make_passages
from rapportsvar.structure.sheet import Role, Sheet, open_sheet
from rapportsvar.structure.tables.reading import read_tables
from rapportsvar.structure.uncovered import spans_of

_STATEMENTS = (Style.LABEL, Style.ITEM, Style.QUESTION)


@collector_held_back()
def build_report(
    source: Source, size: PassageSize | None = None, corrections: Mapping[str, str] | None = None
) -> Report:
    """Find the structure of a report, in time linear in its length.

    Args:
        source: The report as it was read.
        size: How long passages are; the measured sizes where it is None.
        corrections: Metadata corrected by hand, see :func:`rapportsvar.structure.correct.corrected`.
    """
    size = size or PassageSize()
    layout = source.layout or Layout()
    sheet = open_sheet(source.text, source.layout)
    heads = find_heads(sheet)
    headings = find_headings(sheet, heads, layout.headings)
    tables = _tables(sheet, headings, layout.grids, source.pages)
    metadata = corrected(read_metadata(source, sheet, heads, headings), corrections or {})
    title = metadata.title.value if metadata.title else source.name
    sections = build_sections(sheet, heads, headings, title)
    section_of = _sections_of_lines(sheet, sections)
    tables = tuple(
        replace(table, section=section_of[line_at(sheet.lines, table.span.start)]) for table in tables
    )
    passages = make_passages(source.text, read_units(sheet, section_of), size)
    passages += _statements(headings, size)
    passages += _long_cells(source.text, tables, size)
    passages.sort(key=lambda passage: (passage.span.start, passage.span.end))
    parts = _parts(sheet, heads, headings, title)
    furniture = _furniture(sheet, headings)
    return Report(
        source, metadata, parts, tuple(sections), tuple(passages), tables, furniture, source.warnings
    )


def section_at(report: Report, at: int) -> Section:
    """Return the innermost section at an offset."""
    inside = [section for section in report.sections if section.span.start <= at < section.span.end]
    return inside[-1] if inside else report.sections[0]


def _tables(
    sheet: Sheet, headings: list[Heading], grids: Sequence[Grid], pages: Sequence[Page]
) -> tuple[Table, ...]:
    """Read the tables; lines with tabs that are running text, or that no table took, become prose."""
    skip = [found.span for found in sheet.contents]
    if grids:
        skip += [sheet.lines[index].span for index in sheet.furniture]
    titles = [(found.span, found.title) for found in headings]
    reading = read_tables(sheet.text, skip=skip, headings=titles, grids=grids, pages=pages)
    taken: set[int] = set()
    for span in (span for table in reading.tables for span in spans_of(table)):
        taken.update(_lines_of(sheet, span))
    for span in reading.prose:
        taken.difference_update(_lines_of(sheet, span))
    for index, role in enumerate(sheet.roles):
        if role is Role.TABLE and index not in taken:
            sheet.roles[index] = Role.PROSE
    return tuple(reading.tables)


def _lines_of(sheet: Sheet, span: Span) -> range:
    """Return the lines that a span stands on."""
    return range(line_at(sheet.lines, span.start), line_at(sheet.lines, max(span.start, span.end - 1)) + 1)


def _sections_of_lines(sheet: Sheet, sections: list[Section]) -> list[int]:
    """For each line, the place of its innermost section."""
    found: list[int] = []
    opened = [0]
    coming = 1
    for line in sheet.lines:
        at = line.span.start
        while coming < len(sections) and sections[coming].span.start <= at:
            opened.append(coming)
            coming += 1
        while len(opened) > 1 and sections[opened[-1]].span.end <= at:
            opened.pop()
        found.append(opened[-1])
    return found


def _statements(headings: list[Heading], size: PassageSize) -> list[Passage]:
    """Headings that say something of their own, such as ``Uppdrag: ...``, can be found as passages too."""
    return [
        Passage(heading.span, (heading.span,), (Sentence(heading.span),), number + 1)
        for number, heading in enumerate(headings)
        if heading.style in _STATEMENTS and heading.span.length_chars >= size.heading_chars
    ]


def _long_cells(text: str, tables: tuple[Table, ...], size: PassageSize) -> list[Passage]:
    found: list[Passage] = []
    for number, table in enumerate(tables):
        for row_number, row in enumerate(table.rows):
            for column, cell in enumerate(row.cells):
                if cell.span.length_chars >= size.cell_chars:
                    place = CellPlace(number, row_number, column)
                    found += cell_passages(text, cell.span, place, table.section, size)
    return found


def _parts(sheet: Sheet, heads: list[Head], headings: list[Heading], title: str) -> tuple[Part, ...]:
    """Name each part by its title, or else by its first heading."""
    starts = [0 if number == 0 else sheet.lines[head.first].span.start for number, head in enumerate(heads)]
    ends = [*starts[1:], len(sheet.text)]
    parts = []
    for number, head in enumerate(heads):
        inside = [found.title for found in headings if starts[number] <= found.span.start < ends[number]]
        name = " ".join(plain(sheet.lines[index].text) for index in head.title)
        first = title if number == 0 else (inside[0] if inside else "")
        parts.append(Part(name or first, Span(starts[number], ends[number])))
    return tuple(parts)


def _furniture(sheet: Sheet, headings: list[Heading]) -> tuple[Furniture, ...]:
    found = [Furniture(contents.span, FurnitureKind.CONTENTS) for contents in sheet.contents]
    found += [Furniture(sheet.lines[index].span, kind) for index, kind in sheet.furniture.items()]
    found += [Furniture(heading.span, FurnitureKind.HEADING) for heading in headings]
    return tuple(sorted(found, key=lambda piece: piece.span))
