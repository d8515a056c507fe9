"""The header that stands over the first rule of a table, where only level rules draw it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

from rapportsvar.reading.pdf.lines import Fragment, rows_of, split_row
from rapportsvar.reading.pdf.rulings import Bar
from rapportsvar.reading.pdf.tables import LaidCell
from rapportsvar.reading.pdf.words import Word

_MOST_ROWS = 4
_MOST_CHARS = 60
_STEP = 2.2
_BESIDE = 4.0
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_COLUMNS = 16


def crown_top(words: Sequence[Word], x0: float, x1: float, ys: Sequence[float]) -> float | None:
    """Return where the header over a table's first rule begins.

    Args:
        words: Those of the page.
        x0: Left end of the rules.
        x1: Right end of the rules.
        ys: Where the rules are, from the top.

    Returns:
        None where no header stands there, or where the first rows below have no amounts: they are the header.
    """
    near = [word for word in words if x0 - _BESIDE <= word.x0 and word.x1 <= x1 + _BESIDE]
    if not _begins_with_amounts(near, ys):
        return None
    rows = [split_row(row) for row in rows_of(word for word in near if word.y1 <= ys[0] + 2)]
    top: float | None = None
    below = ys[0]
    for row in rows[: -_MOST_ROWS - 1 : -1]:
        height = max(piece.height for piece in row)
        if below - max(piece.y1 for piece in row) > (_STEP - 1) * height or not _names_columns(row, x0, x1):
            break
        top = below = min(piece.y0 for piece in row)
    return top


def _begins_with_amounts(words: Sequence[Word], ys: Sequence[float]) -> bool:
    """Tell whether the first row between rules that has several cells has amounts that are no years."""
    for above, below in pairwise(ys):
        rows = [split_row(row) for row in rows_of(w for w in words if above <= (w.y0 + w.y1) / 2 <= below)]
        pieces = [piece for row in rows for piece in row[1:]]
        if pieces:
            return any(piece.numeric and not _YEAR.fullmatch(piece.text) for piece in pieces)
    return False


def _names_columns(row: Sequence[Fragment], x0: float, x1: float) -> bool:
    """Tell whether a row over a table names columns: not the caption, not a line of text."""
    if any(len(piece.text) > _MOST_CHARS or piece.text.endswith(".") for piece in row):
        return False
    widest = max(piece.width for piece in row)
    return widest < 0.6 * (x1 - x0) and (len(row) > 1 or row[0].x0 > x0 + 0.25 * (x1 - x0))


def spread_names(
    cells: Sequence[LaidCell], row: int, rules: Sequence[Bar], columns: Mapping[int, tuple[float, float]]
) -> None:
    """Let the names over a rule that runs over some columns reach over these columns.

    Several names over one rule share its columns so that each stands in the middle of its own, or level with
    their left or right end.

    Args:
        cells: All cells; those of ``row`` are changed.
        row: The row over the rules.
        rules: Those right below it.
        columns: Where the words below it begin and end, by column.
    """
    own = sorted((cell for cell in cells if cell.row == row and cell.words), key=lambda cell: cell.column)
    for rule in rules:
        low, high = rule.start - 2, rule.end + 2
        under = [n for n, (x0, x1) in sorted(columns.items()) if n and low <= (x0 + x1) / 2 <= high]
        over = [cell for cell in own if low <= _middle(cell) <= high]
        if 1 <= len(over) < len(under) <= _MOST_COLUMNS:
            _share(over, under, _between(rule, under, columns))


def column_sides(cells: Sequence[LaidCell]) -> dict[int, tuple[float, float]]:
    """Return how far to the left and to the right the words of each column reach, empty ones left out."""
    sides: dict[int, tuple[float, float]] = {}
    for cell in cells:
        if cell.words and cell.column_span == 1:
            left, right = min(word.x0 for word in cell.words), max(word.x1 for word in cell.words)
            known = sides.get(cell.column, (left, right))
            sides[cell.column] = min(left, known[0]), max(right, known[1])
    return sides


def _between(
    rule: Bar, under: Sequence[int], columns: Mapping[int, tuple[float, float]]
) -> dict[int, tuple[float, float]]:
    """Return the sides of columns of amounts: each begins where the amounts of the one before end."""
    ends = [rule.start, *(columns[n][1] for n in under[:-1]), rule.end]
    return {n: (start, end) for n, (start, end) in zip(under, pairwise(ends), strict=True)}


def _share(
    over: Sequence[LaidCell], under: Sequence[int], columns: Mapping[int, tuple[float, float]]
) -> None:
    """Divide columns among names at the places where the names fit best."""

    def parts(cuts: tuple[int, ...]) -> list[Sequence[int]]:
        return [under[a:b] for a, b in pairwise((0, *cuts, len(under)))]

    def misfit(cuts: tuple[int, ...]) -> float:
        return sum(_misfit(cell, part, columns) for cell, part in zip(over, parts(cuts), strict=True))

    best = min(combinations(range(1, len(under)), len(over) - 1), key=misfit)
    for cell, part in zip(over, parts(best), strict=True):
        cell.column, cell.column_span = part[0], len(part)


def _misfit(cell: LaidCell, part: Sequence[int], columns: Mapping[int, tuple[float, float]]) -> float:
    left, right = columns[part[0]][0], columns[part[-1]][1]
    x0, x1 = cell.words[0].x0, max(word.x1 for word in cell.words)
    return min(abs(x0 + x1 - left - right) / 2, abs(x0 - left), abs(x1 - right))


def _middle(cell: LaidCell) -> float:
    return (min(word.x0 for word in cell.words) + max(word.x1 for word in cell.words)) / 2
