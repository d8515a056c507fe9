"""The tables on a sheet: cut apart at blank rows and columns, with the lines that stand over and under them.

A blank column inside a table, there to part groups of columns, does not cut it: what stands to the right
must have labels of its own. Nor does a blank row, unless a new header follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from rapportsvar.reading.flow import Block, CellBlock, ParagraphBlock, TableBlock

HEADER_ROWS_MAX = 5
LEAD_LINES_MAX = 3
LEAD_CHARS_MAX = 150
LABELLED_ROWS_MAX = 12
TITLE_GAP_MAX = 3
_NOTE = re.compile(r"[*¹²³]|\d{1,2}\)|källa\b|not\b|kommentar\b", re.IGNORECASE)
_YEARS = range(1950, 2101)


class Holds(Enum):
    """What a cell holds."""

    WORDS = "words"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell that shows something, at its place among the rows and columns that are shown."""

    row: int
    column: int
    words: str
    holds: Holds = Holds.WORDS
    row_span: int = 1
    column_span: int = 1

    @property
    def is_amount(self) -> bool:
        """It holds a number that is no year: years stand in headers."""
        if self.holds is not Holds.NUMBER:
            return False
        return not (self.words.isdigit() and int(self.words) in _YEARS)


Cells = Sequence[SheetCell]


def blocks_of(cells: Cells) -> Iterator[Block]:
    """Yield the tables of a sheet, and the lines beside them, from the top."""
    waiting: list[SheetCell] = []
    for part in _parts(list(cells)):
        if waiting and not _stands_over(waiting, part):
            yield from _part_blocks(waiting)
            waiting = []
        if not waiting and _names_what_follows(part):
            waiting = part
        else:
            yield from _part_blocks(waiting + part)
            waiting = []
    yield from _part_blocks(waiting)


def _names_what_follows(part: Cells) -> bool:
    """Tell whether a part is a title with a blank row under it."""
    rows = _rows(part)
    short = all(len(row) == 1 and len(row[0].words) <= LEAD_CHARS_MAX for row in rows)
    return short and len(rows) <= LEAD_LINES_MAX and not _NOTE.match(rows[0][0].words)


def _stands_over(title: Cells, part: Cells) -> bool:
    gap = min(cell.row for cell in part) - max(cell.row for cell in title)
    return len(_rows(part)[0]) > 1 and 0 < gap <= TITLE_GAP_MAX


def _parts(cells: list[SheetCell]) -> Iterator[list[SheetCell]]:
    """Cut at blank rows, each band at blank columns, and so on until nothing is cut."""
    bands = _joined(_cut(cells, _row_of))
    if len(bands) > 1:
        for band in bands:
            yield from _parts(band)
        return
    columns = _with_labels(_cut(cells, _column_of))
    if len(columns) > 1:
        for part in columns:
            yield from _parts(part)
        return
    if cells:
        yield cells


def _row_of(cell: SheetCell) -> tuple[int, int]:
    return cell.row, cell.row + cell.row_span


def _column_of(cell: SheetCell) -> tuple[int, int]:
    return cell.column, cell.column + cell.column_span


def _cut(cells: Cells, stretch: Callable[[SheetCell], tuple[int, int]]) -> list[list[SheetCell]]:
    """Group cells that no blank row (or column) divides."""
    groups: list[list[SheetCell]] = []
    end = -1
    for cell in sorted(cells, key=lambda cell: stretch(cell)[0]):
        first, last = stretch(cell)
        if groups and first <= end:
            groups[-1].append(cell)
        else:
            groups.append([cell])
        end = max(end, last)
    return groups


def _joined(bands: list[list[SheetCell]]) -> list[list[SheetCell]]:
    """Put a band under the table before it where it goes on with it: figures under the same columns."""
    joined: list[list[SheetCell]] = []
    for band in bands:
        if joined and _goes_on(joined[-1], band):
            joined[-1] = joined[-1] + band
        else:
            joined.append(band)
    return joined


def _goes_on(table: Cells, band: Cells) -> bool:
    if not _header_rows(_rows(table)):
        return False
    first = next(iter(_rows(band)))
    columns = {cell.column for cell in table}
    inside = all(cell.column in columns for cell in band)
    return inside and len(first) > 1 and any(cell.is_amount for cell in first)


def _with_labels(parts: list[list[SheetCell]]) -> list[list[SheetCell]]:
    """Keep apart what has labels in its first column; what has not belongs to what is left of it."""
    kept: list[list[SheetCell]] = []
    for part in parts:
        if kept and not _has_labels(part):
            kept[-1] = kept[-1] + part
        else:
            kept.append(part)
    return kept


def _has_labels(part: Cells) -> bool:
    first = min(cell.column for cell in part)
    rows = _rows(part)
    body = rows[_header_rows(rows) :]
    labelled = sum(any(c.column == first and c.holds is Holds.WORDS for c in row) for row in body)
    wide = len({cell.column for cell in part}) > 1
    return wide and labelled * 2 > len(body)


def _rows(cells: Cells) -> list[list[SheetCell]]:
    """Return cells row by row, from the left."""
    rows: dict[int, list[SheetCell]] = {}
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        rows.setdefault(cell.row, []).append(cell)
    return [rows[number] for number in sorted(rows)]


def _header_rows(rows: Sequence[Cells]) -> int:
    """Count the rows at the top that name columns: no amount in them, amounts below."""
    for count, row in enumerate(rows[: HEADER_ROWS_MAX + 1]):
        if any(cell.is_amount for cell in row):
            return count
    if any(cell.is_amount for row in rows for cell in row):
        return 1 if len(rows[0]) > 1 else 0
    filled = max((len(row) for row in rows), default=0)
    return 1 if len(rows) > 1 and len(rows[0]) == filled > 1 else 0


def _part_blocks(part: Cells) -> Iterator[Block]:
    rows = _rows(part)
    if not rows:
        return
    wide = [number for number, row in enumerate(rows) if len(row) > 1]
    if not wide:
        yield from (ParagraphBlock(cell.words) for row in rows for cell in row)
        return
    leads = [row[0] for row in rows[: wide[0]]]
    tails = [row[0] for row in rows[wide[-1] + 1 :]]
    table = rows[wide[0] : wide[-1] + 1]
    over = _caption(leads)
    yield from (ParagraphBlock(cell.words) for cell in leads[: len(leads) - len(over)])
    if _is_labels(table):
        yield from (ParagraphBlock(cell.words) for cell in over)
        yield from (ParagraphBlock(" ".join(cell.words for cell in row)) for row in table)
    else:
        yield _table(table, ". ".join(cell.words.rstrip(".") for cell in over))
    yield from (ParagraphBlock(cell.words) for cell in tails)


def _caption(leads: Cells) -> Cells:
    """Return the lines over a table that name it: the last ones, if they are short."""
    short = 0
    for cell in reversed(leads[-LEAD_LINES_MAX:]):
        if len(cell.words) > LEAD_CHARS_MAX:
            break
        short += 1
    return leads[len(leads) - short :]


def _is_labels(rows: Sequence[Cells]) -> bool:
    """Lines such as ``Nämnd: | Socialnämnden``."""
    labelled = all(len(row) == 2 and row[0].words.endswith(":") for row in rows)
    return labelled and len(rows) <= LABELLED_ROWS_MAX and not any(row[1].is_amount for row in rows)


def _table(rows: Sequence[Cells], caption: str) -> TableBlock:
    headers = _header_rows(rows)
    top = rows[0][0].row
    left = min(cell.column for row in rows for cell in row)
    cells = [
        CellBlock(
            cell.row - top,
            cell.column - left,
            (ParagraphBlock(cell.words),),
            cell.row_span,
            cell.column_span,
            header=number < headers,
        )
        for number, row in enumerate(rows)
        for cell in row
    ]
    return TableBlock(tuple(_apart(cells)), caption, sheet=True)


def _apart(cells: Sequence[CellBlock]) -> Iterator[CellBlock]:
    """Take the width and height from a merged cell that covers another: no sheet should hold such."""
    taken: set[tuple[int, int]] = {(cell.row, cell.column) for cell in cells}
    for cell in cells:
        if cell.row_span * cell.column_span == 1:
            yield cell
            continue
        own = {
            (row, column)
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        } - {(cell.row, cell.column)}
        if own & taken:
            yield replace(cell, row_span=1, column_span=1)
        else:
            taken |= own
            yield cell
