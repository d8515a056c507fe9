"""Lines of prose put together: paragraphs over page breaks, lists with their lead-in, labels, footnotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from rapportsvar.model import Span
from rapportsvar.structure.lines import Line, plain, starts_low
from rapportsvar.structure.looks import is_label, is_label_value, is_person, leads_in, waits
from rapportsvar.structure.sheet import Role, Sheet

_SHORT_LINE = 60
_LONG_ENOUGH = 15


class Kind(Enum):
    """What a unit of prose is."""

    PARAGRAPH = "paragraph"
    LIST = "list"
    LABEL = "label"
    NOTE = "note"


@dataclass
class Unit:
    """A piece of prose that is kept together as long as its size allows.

    Attributes:
        kind: What it is.
        section: Its place among the sections.
        items: Stretches that are never joined in one sentence; each a list of spans that the page cut.
        leads: The first item hands over to the rest; a paragraph, to the next.
    """

    kind: Kind
    section: int
    items: list[list[Span]] = field(default_factory=list)
    leads: bool = False

    @property
    def last(self) -> list[Span]:
        """The item that the next line may go on with."""
        return self.items[-1]

    def chars(self) -> int:
        """How long it is without what lies between its pieces."""
        return sum(piece.length_chars for item in self.items for piece in item)


def read_units(sheet: Sheet, section_of: list[int]) -> list[Unit]:
    """Put the prose of a report together, in order.

    Args:
        sheet: With every role decided; only lines of prose are read.
        section_of: For each line the place of its section.
    """
    units: list[Unit] = []
    open_unit: Unit | None = None  # what the next block may go on with; a heading or a table closes it
    for block in _blocks(sheet):
        if block is None:
            open_unit = None
            continue
        section = section_of[block[0].index]
        for unit in _units_of(block, section):
            if open_unit is not None and _join(sheet.text, open_unit, unit):
                continue
            units.append(unit)
            if unit.kind is not Kind.NOTE:
                open_unit = unit
    for unit in units:
        if unit.kind is Kind.PARAGRAPH:
            unit.leads = unit.last[-1].of(sheet.text).endswith(":")
    return units


def _blocks(sheet: Sheet) -> Iterator[list[Line] | None]:
    """Yield runs of lines of prose, and None where a heading or a table stands."""
    block: list[Line] = []
    for line in sheet.lines:
        role = sheet.roles[line.index]
        if role is Role.PROSE:
            block.append(line)
            continue
        if block:
            yield block
            block = []
        if role in (Role.HEADING, Role.TABLE, Role.CONTENTS):
            yield None
    if block:
        yield block


def _units_of(block: list[Line], section: int) -> list[Unit]:
    """Divide one block of lines into units."""
    if any(is_label(line.text) or is_label_value(line.text) for line in block) and len(block) <= 8:
        return [Unit(Kind.LABEL, section, [[line.span] for line in block])]
    if _is_line_list(block):
        return [Unit(Kind.LIST, section, [[line.span] for line in block])]
    units: list[Unit] = []
    for line in block:
        _add_line(units, line, section)
    return units


def _is_line_list(block: list[Line]) -> bool:
    """Short lines without marks, one below the other: places, names, posts."""
    short = all(len(line.text) < _SHORT_LINE and not line.ends_sentence for line in block)
    named = len(block) == 2 and is_person(block[0].text)
    fresh = all(not starts_low(line.text) for line in block[1:])
    return short and fresh and not any(line.is_item for line in block) and (len(block) >= 3 or named)


def _add_line(units: list[Unit], line: Line, section: int) -> None:
    last = units[-1] if units else None
    if line.is_note and not (last is not None and last.kind is Kind.LIST and line.is_item):
        units.append(Unit(Kind.NOTE, section, [[line.span]]))
    elif line.is_item:
        if last is not None and last.kind is Kind.LIST:
            last.items.append([line.span])
        elif last is not None and last.kind is Kind.PARAGRAPH and len(last.items) == 1:
            last.kind, last.leads = Kind.LIST, True
            last.items.append([line.span])
        else:
            units.append(Unit(Kind.LIST, section, [[line.span]]))
    elif last is None:
        units.append(Unit(Kind.PARAGRAPH, section, [[line.span]]))
    elif _wraps(last, line):
        last.last[-1] = Span(last.last[-1].start, line.span.end)
    elif last.kind is Kind.LIST and line.full.start == line.span.start:
        units.append(Unit(Kind.PARAGRAPH, section, [[line.span]]))
    else:
        last.items.append([line.span])


def _wraps(last: Unit, line: Line) -> bool:
    """The line goes on with the line above: it was cut by the width of the page."""
    length = last.last[-1].length_chars
    return starts_low(line.text) or length >= _SHORT_LINE or line.text[:1] in "(–-" or line.text[:1].isdigit()


def _join(text: str, before: Unit, unit: Unit) -> bool:
    """Let a unit go on with the one before; True if it was taken in."""
    if before.section != unit.section or Kind.LABEL in (before.kind, unit.kind):
        return False
    if unit.kind is Kind.NOTE:
        return False
    if unit.kind is Kind.PARAGRAPH:
        return _continue(text, before, unit)
    if before.kind is Kind.LIST and unit.kind is Kind.LIST:
        before.items += unit.items
        return True
    if before.kind is Kind.PARAGRAPH and len(before.items) == 1 and leads_in(before.last[-1].of(text)):
        before.kind, before.leads = Kind.LIST, True
        before.items += unit.items
        return True
    return False


def _continue(text: str, before: Unit, unit: Unit) -> bool:
    """Join the halves of a sentence that a page break or a footnote cut."""
    end, start = plain(before.last[-1].of(text)[-400:]), unit.items[0][0].of(text)[:80]
    if len(end) < _LONG_ENOUGH or end.rstrip('"”)*_').endswith((".", "!", "?", ":", ";")):
        return False
    if not starts_low(start) and not waits(end):
        return False
    before.last.extend(unit.items[0])
    before.items += unit.items[1:]
    return True
