"""What is indexed of a report: one entry for each passage and each table row, with its context.

What is shown is the report's own text at the entry's span. What is indexed carries context: whose report it
is, for which period, under which headings, and for a row the header of every cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapportsvar.index.stub import stub_of
from rapportsvar.model import (
    Cell,
    EntryKind,
    Passage,
    Report,
    ReportInfo,
    Row,
    RowKind,
    Span,
    Table,
    Unit,
)

JOIN = " › "
CELL_CHARS = 300
"""A longer cell has passages of its own; its row is indexed with the cell's beginning only."""

TAG = re.compile(r"<[^<>]*>")
SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One retrievable piece of a report.

    Attributes:
        kind: Passage or row.
        span: What is shown when it is found.
        section: Heading path.
        context: Whose report and which headings, as plain words.
        body: The words themselves, without tags; for a row ``label: column value; column value``.
        labels: What it is called: for a row its labels, for a passage its heading.
        sentences: Spans of the sentences, where there is more than one.
        table: Place of the table in the report, for a row or a passage inside a cell.
        row: Place of the row in the table.
    """

    kind: EntryKind
    span: Span
    section: tuple[str, ...]
    context: str
    body: str
    labels: str = ""
    sentences: tuple[Span, ...] = ()
    table: int | None = None
    row: int | None = None


def report_info(report: Report) -> ReportInfo:
    """Take the plain values out of a report's metadata, and name those that are uncertain."""
    facts = {
        name: getattr(report.metadata, name)
        for name in ("title", "municipality", "board", "kind", "period", "date", "reference")
    }
    year = report.metadata.year
    uncertain = tuple(name for name, fact in {**facts, "year": year}.items() if fact and not fact.certain)
    values = {name: fact.value if fact else "" for name, fact in facts.items()}
    return ReportInfo(**values, year=int(year.value) if year else None, uncertain=uncertain)


def report_words(info: ReportInfo) -> str:
    """Say whose report it is, in one line: municipality, board, kind, period."""
    head = ", ".join(filter(None, (info.municipality, info.board, info.kind)))
    return " ".join(filter(None, (head, info.period or (str(info.year) if info.year else ""))))


def plain(text: str) -> str:
    """Take tags out and fold blanks."""
    return SPACE.sub(" ", TAG.sub(" ", text)).strip()


def entries_of(report: Report) -> Iterator[Entry]:
    """Yield the entries of a report, in the order of its text within passages and then rows."""
    whose = report_words(report_info(report))
    for passage in report.passages:
        yield _passage_entry(report, passage, whose)
    for number, table in enumerate(report.tables):
        for place, row in enumerate(table.rows):
            if row.kind not in (RowKind.HEADER, RowKind.RULE) and _says_something(row, report.text):
                yield _row_entry(report, table, number, place, whose)


def _passage_entry(report: Report, passage: Passage, whose: str) -> Entry:
    path = report.sections[passage.section].path
    labels: tuple[str, ...] = ()
    if passage.cell:
        cell = report.tables[passage.cell.table].rows[passage.cell.row].cells[passage.cell.column]
        labels = tuple(plain(label)[:160] for label in (*cell.row_path, *cell.column_path) if label)
    body = " ".join(plain(piece.of(report.text)) for piece in passage.pieces)
    sentences = tuple(s.span for s in passage.sentences)
    return Entry(
        kind=EntryKind.PASSAGE,
        span=passage.span,
        section=path,
        context=JOIN.join(filter(None, (whose, *path, *labels))),
        body=body,
        labels=labels[0] if labels else path[-1] if path else "",
        sentences=sentences if len(sentences) > 1 else (),
        table=passage.cell.table if passage.cell else None,
        row=passage.cell.row if passage.cell else None,
    )


def _row_entry(report: Report, table: Table, number: int, place: int, whose: str) -> Entry:
    row = table.rows[place]
    path = report.sections[table.section].path
    caption = plain(table.caption.of(report.text)) if table.caption else ""
    stub = stub_of(table)
    named = [stub] if stub and stub not in path else []
    label = JOIN.join([*named, *(plain(name)[:300] for name in row.labels if name)])
    cells = [words for cell in row.cells if (words := _cell_words(cell, table, row, report.text))]
    unit = f" ({table.unit.name})" if table.unit and _takes(row, table.unit, label) else ""
    captions = (caption,) if caption and caption not in path else ()
    return Entry(
        kind=EntryKind.ROW,
        span=row.span,
        section=path,
        context=JOIN.join(filter(None, (whose, *path, *captions))),
        body=f"{label.rstrip(' :')}{unit}: {'; '.join(cells)}" if cells else label,
        labels=label,
        table=number,
        row=place,
    )


def _takes(row: Row, unit: Unit, label: str) -> bool:
    """Tell whether the table's unit holds for a row, whose label does not say so."""
    units = {cell.unit for cell in row.cells if cell.unit}
    return unit.name not in label and (not units or unit in units)


def _cell_words(cell: Cell, table: Table, row: Row, text: str) -> str:
    value = plain(cell.span.of(text))
    if not value or (cell.column < table.label_columns and any(value in label for label in row.labels)):
        return ""
    column = plain(" ".join(cell.column_path))
    shown = value if len(value) <= CELL_CHARS else value[:CELL_CHARS].rsplit(" ", 1)[0] + " …"
    return f"{column} {shown}".strip()


def _says_something(row: Row, text: str) -> bool:
    return any(cell.span.start < cell.span.end for cell in row.cells) and bool(plain(row.span.of(text)))
