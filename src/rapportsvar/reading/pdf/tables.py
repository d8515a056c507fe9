"""What a table of a page is, before its words have a place in the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapportsvar.reading.pdf.words import Word


@dataclass(slots=True)
class LaidCell:
    """A cell: its words in reading order, its place, and how deep they are set in."""

    words: list[Word]
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    indent: int = 0
    header: bool = False


class LaidTable(NamedTuple):
    """A table of a page; ``cells`` by row and column, places that a merged cell covers left out."""

    cells: tuple[LaidCell, ...]
    rows: int
    columns: int
    x0: float
    y0: float
    x1: float
    y1: float


_NARROW = 12.0
_STEP = 2.5
_MOST_INDENTS = 4
_CENTRED = 12.0


def compact(
    cells: list[LaidCell], rows: int, columns: int, widths: Sequence[float] | None = None
) -> tuple[list[LaidCell], int, int]:
    """Leave out rows and columns where no words stand.

    A drawn column stays, unless it is too narrow for words: the table may fill it on the next page.
    """
    filled_rows = sorted({cell.row for cell in cells if cell.words})
    filled = {cell.column for cell in cells if cell.words}
    filled_columns = sorted(filled | {n for n, width in enumerate(widths or ()) if width > _NARROW})
    row_of = {row: place for place, row in enumerate(filled_rows)}
    column_of = {column: place for place, column in enumerate(filled_columns)}
    kept = []
    for cell in cells:
        if cell.row not in row_of or cell.column not in column_of:
            continue
        down = sum(1 for row in range(cell.row, cell.row + cell.row_span) if row in row_of)
        right = sum(1 for col in range(cell.column, cell.column + cell.column_span) if col in column_of)
        kept.append(LaidCell(cell.words, row_of[cell.row], column_of[cell.column], down, right))
    _set_indents(kept)
    return kept, len(row_of), len(column_of)


def _set_indents(cells: Sequence[LaidCell]) -> None:
    """Count how deep the labels of the first column are set in; centred ones are not.

    A plain label beside bold ones, over labels that are set in further, stands between the two. Where it
    slants, so does every label that slants as it does.
    """
    labels = [cell for cell in cells if cell.column == 0 and cell.words and cell.column_span == 1]
    lefts: list[float] = []
    for left in sorted(cell.words[0].x0 for cell in labels):
        if not lefts or left - lefts[-1] > _STEP:
            lefts.append(left)
    middles = [cell.words[0].x0 + max(word.x1 for word in cell.words) for cell in labels]
    if not 1 < len(lefts) <= _MOST_INDENTS or max(middles) - min(middles) < _CENTRED:
        return
    depths = [max(n for n, left in enumerate(lefts) if left <= cell.words[0].x0 + 0.1) for cell in labels]
    bold = [all(word.bold for word in cell.words) for cell in labels]
    loud = {depth for depth, strong in zip(depths, bold, strict=True) if strong}
    over = [after > depth for depth, after in zip(depths, [*depths[1:], -1], strict=True)]
    middle = [o and not b and d in loud for o, b, d in zip(over, bold, depths, strict=True)]
    slants = [not b and all(word.italic for word in cell.words) for b, cell in zip(bold, labels, strict=True)]
    alike = {depth for depth, m, s in zip(depths, middle, slants, strict=True) if m and s}
    for place, cell in enumerate(labels):
        between = middle[place] or (slants[place] and depths[place] in alike)
        cell.indent = 2 * depths[place] + between
