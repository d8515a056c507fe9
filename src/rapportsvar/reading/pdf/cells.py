"""Words to cells: which row and column each belongs to, and which cells are merged."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from rapportsvar.reading.pdf.crown import column_sides, spread_names
from rapportsvar.reading.pdf.lines import Fragment, fragment, rows_of, split_row
from rapportsvar.reading.pdf.rulings import Bar
from rapportsvar.reading.pdf.tables import LaidCell
from rapportsvar.reading.pdf.words import Word

_DRAWN = 0.6
_TIGHT = 0.55
_HEADER_BANDS = 3
_HEADER_ROWS = 2
"""Bands in which a name may begin before its column's amounts."""
_LEAST_ROWS = 3
_OVER = 1.5
_NAME_CHARS = 30
_NEAR_NAME = 0.3


_Sides = dict[int, tuple[float, float]]
"""Where the words of a column begin and end."""


class Drawn(Protocol):
    """What is drawn in a region."""

    level: list[Bar]
    upright: list[Bar]

    def covered(self, bars: Sequence[Bar], at: float, start: float, end: float) -> float:
        """Return which share of a stretch is covered."""
        ...


def fill_cells(
    region: Drawn, xs: Sequence[float], ys: Sequence[float], words: Sequence[Word], *, drawn: bool
) -> tuple[list[LaidCell], int, int]:
    """Put words into the cells between edges.

    Args:
        region: What is drawn there.
        xs: Edges of the columns, outer ones included.
        ys: Edges of the bands between level strokes, outer ones included.
        words: All words inside.
        drawn: Edges of columns are strokes, not gaps.

    Returns:
        The cells, and how many rows and columns there are.
    """
    bands: list[list[Word]] = [[] for _ in ys[1:]]
    for word in words:
        place = bisect_right(ys, (word.y0 + word.y1) / 2) - 1
        bands[min(max(place, 0), len(ys) - 2)].append(word)
    sides = None if drawn else _sides(bands[_HEADER_ROWS:], xs)
    cells: list[LaidCell] = []
    rows = 0
    top_of_band: list[tuple[int, int]] = []
    for number, inside in enumerate(bands):
        walls = [
            drawn and region.covered(region.upright, at, ys[number], ys[number + 1]) >= _DRAWN
            for at in xs[1:-1]
        ]
        over = sides if number < _HEADER_ROWS else None
        made = _band_rows(inside, xs, walls, drawn=drawn, place=number, sides=over)
        top_of_band.append((rows, len(made)))
        for row in made:
            for cell in row:
                cell.row = rows
            cells += row
            rows += 1
    if drawn:
        _merge_down(region, xs, ys, cells, top_of_band)
    else:
        _spread(region, xs, ys, cells, top_of_band)
    return cells, rows, len(xs) - 1


def _band_rows(
    words: Sequence[Word],
    xs: Sequence[float],
    walls: Sequence[bool],
    *,
    drawn: bool,
    place: int,
    sides: _Sides | None,
) -> list[list[LaidCell]]:
    """Return the rows of a band: one, or several where amounts stand one below the other."""
    lines = [_pieces(row, xs, walls, drawn=drawn) for row in rows_of(words)]
    if sides is not None:
        lines = [[part for piece in line for part in _parts_between(piece, sides)] for line in lines]
    groups = _groups(lines, xs)
    if place == 0 and len(groups) == 1:
        groups = _levels(lines)
    header = place < _HEADER_BANDS
    return [_row(group, xs, walls, drawn=drawn, header=header, sides=sides) for group in groups] or [[]]


def _sides(bands: Sequence[Sequence[Word]], xs: Sequence[float]) -> _Sides | None:
    """Return how far the words of each column reach below the header; None where too few rows tell."""
    sides: _Sides = {}
    rows = [_pieces(row, xs, [False] * (len(xs) - 2), drawn=False) for band in bands for row in rows_of(band)]
    if len(rows) < _LEAST_ROWS:
        return None
    for piece in (piece for row in rows for piece in row):
        column = _column(piece, xs)
        if xs[column] <= piece.x0 and piece.x1 <= xs[column + 1]:
            left, right = sides.get(column, (piece.x0, piece.x1))
            sides[column] = min(left, piece.x0), max(right, piece.x1)
    return sides


def _parts_between(piece: Fragment, sides: _Sides) -> list[Fragment]:
    """Divide names of a header that stand close, where the gap between two columns is.

    A long name over narrow amounts begins well before them: no edge lies between it and the one before.
    """
    gaps = [(sides[a][1], sides[b][0]) for a, b in pairwise(sorted(sides))]
    cuts = [
        place
        for place, (before, word) in enumerate(pairwise(piece.words), 1)
        if word.x0 - before.x1 > _TIGHT * word.size
        and any(start - 1 <= before.x1 and word.x0 <= end + 1 for start, end in gaps)
    ]
    return (
        [fragment(piece.words[a:b]) for a, b in pairwise((0, *cuts, len(piece.words)))] if cuts else [piece]
    )


def _pieces(
    row: Sequence[Word], xs: Sequence[float], walls: Sequence[bool], *, drawn: bool
) -> list[Fragment]:
    """Divide a row of words at the edges of columns that stand between them."""
    pieces: list[Fragment] = []
    for piece in split_row(row, WORDS_APART):
        if bisect_right(xs, piece.x0) == bisect_left(xs, piece.x1):
            pieces.append(piece)
            continue
        held = piece.words
        cuts = [
            place
            for place, (before, word) in enumerate(pairwise(held), 1)
            if _parted(before, word, xs, walls, drawn=drawn)
        ]
        pieces += [fragment(held[a:b]) for a, b in pairwise((0, *cuts, len(held)))] if cuts else [piece]
    return pieces


WORDS_APART = 1.0


def _parted(before: Word, word: Word, xs: Sequence[float], walls: Sequence[bool], *, drawn: bool) -> bool:
    """Tell whether the edge of a column runs between two words."""
    first, last = (before.x0 + before.x1) / 2, (word.x0 + word.x1) / 2
    for place, at in enumerate(xs[1:-1]):
        if first < at < last:
            if walls[place] and drawn:
                return True
            if word.x0 - before.x1 > _TIGHT * word.size or (
                before.x1 <= at + 1 and word.x0 >= at - 1 and _amount(before) and _amount(word) and drawn
            ):
                return True
    return False


def _amount(word: Word) -> bool:
    return word.text[-1:].isdigit() or word.text in "-–"


def _groups(lines: Sequence[list[Fragment]], xs: Sequence[float]) -> list[list[list[Fragment]]]:
    """Divide the lines of a band into rows.

    A band is one row unless amounts with a label stand on several of its lines: then each of them is a row,
    and a line of words goes with the row above it, but for a label that stands alone.
    """
    amounts = [_amounts(line, xs) for line in lines]
    most = max(amounts, default=0)
    labelled = [count > 0 and 2 * count >= most for count in amounts]
    if sum(labelled) < 2:
        return [list(lines)]
    groups: list[list[list[Fragment]]] = []
    first = labelled.index(True)
    for place, line in enumerate(lines):
        if place < first:
            if groups and not _names_all(line, groups[-1]):
                groups[-1].append(line)
            else:
                groups.append([line])
        elif labelled[place] or (len(line) == 1 and _column(line[0], xs) == 0):
            groups.append([line])
        elif groups:
            groups[-1].append(line)
    return groups


def _levels(lines: Sequence[list[Fragment]]) -> list[list[list[Fragment]]]:
    """Divide a header below a name that stands over several others: they name the columns under it."""
    if any(len(piece.text) > _NAME_CHARS for line in lines for piece in line):
        return [list(lines)]
    for place, (line, below) in enumerate(pairwise(lines)):
        if any(sum(_touches(piece, under) for under in below) > 1 for piece in line[1:]):
            return [list(lines[: place + 1]), *_levels(lines[place + 1 :])]
    return [list(lines)]


def _touches(piece: Fragment, under: Fragment) -> bool:
    slack = _NEAR_NAME * piece.height
    return piece.x0 - slack < under.x1 and under.x0 < piece.x1 + slack


def _amounts(line: Sequence[Fragment], xs: Sequence[float]) -> int:
    """Count the amounts of a line that begins with a label."""
    if len(line) < 2 or _column(line[0], xs) > 0 or all(piece.numeric for piece in line):
        return 0
    count = sum(piece.numeric for piece in line[1:])
    return count if 2 * count >= len(line) - 1 else 0


def _names_all(line: Sequence[Fragment], above: Sequence[Sequence[Fragment]]) -> bool:
    """Tell whether a line of a header begins a new row: it stands well below the one above."""
    bottom = max(piece.y1 for other in above for piece in other)
    return line[0].y0 - bottom > 0.8 * line[0].height


def _column(piece: Fragment, xs: Sequence[float]) -> int:
    return min(max(bisect_right(xs, (piece.x0 + piece.x1) / 2) - 1, 0), len(xs) - 2)


def _row(
    lines: Sequence[list[Fragment]],
    xs: Sequence[float],
    walls: Sequence[bool],
    *,
    drawn: bool,
    header: bool,
    sides: _Sides | None,
) -> list[LaidCell]:
    """Put the fragments of a row into cells; those that run over an edge merge the cells beside it."""
    spans: list[tuple[int, int]] = []
    placed: list[tuple[int, Fragment]] = []
    for line in lines:
        for piece in line:
            first, last = _reach(piece, xs, walls)
            if sides is not None:
                first, last = _over_words(piece, first, last, _column(piece, xs), sides)
            placed.append((first, piece))
            if last > first:
                spans.append((first, last))
    owner = _owners(spans, len(xs) - 1)
    words: dict[int, list[Word]] = {}
    for column, piece in placed:
        words.setdefault(owner[column], []).extend(piece.words)
    cells = [LaidCell(found, 0, column, 1, owner.count(column)) for column, found in sorted(words.items())]
    if header and drawn:
        _widen(cells, walls, len(xs) - 1)
    return cells


def _reach(piece: Fragment, xs: Sequence[float], walls: Sequence[bool]) -> tuple[int, int]:
    """Return the first and last column that a fragment stands in; a drawn wall stops it."""
    home = _column(piece, xs)
    if xs[home] <= piece.x0 and piece.x1 <= xs[home + 1]:
        return home, home
    first = last = home
    while first > 0 and piece.x0 < xs[first] - max(_OVER, 0.25 * piece.size) and not walls[first - 1]:
        first -= 1
    while last < len(xs) - 2 and piece.x1 > xs[last + 1] + max(_OVER, 0.25 * piece.size) and not walls[last]:
        last += 1
    return first, last


def _over_words(piece: Fragment, first: int, last: int, home: int, sides: _Sides) -> tuple[int, int]:
    """Leave of the columns that a name of the header reaches over those whose words it stands over."""
    while first < home and (first not in sides or piece.x0 > sides[first][1]):
        first += 1
    while last > home and (last not in sides or piece.x1 < sides[last][0]):
        last -= 1
    return first, last


def _owners(spans: Sequence[tuple[int, int]], columns: int) -> list[int]:
    """For each column, the first column of the merged cell that it belongs to."""
    owner = list(range(columns))
    for first, last in sorted(spans):
        start = owner[first]
        for column in range(first, last + 1):
            owner[column] = start
    return owner


def _widen(cells: list[LaidCell], walls: Sequence[bool], columns: int) -> None:
    """Let a cell of the header reach over blank ones where the wall between them is left out.

    Only where other walls of the same row are drawn: the wall is missing on purpose.
    """
    if sum(walls) < 1 or all(walls):
        return
    filled = {cell.column for cell in cells}
    for cell in cells:
        if cell.column == 0:
            continue
        last = cell.column + cell.column_span
        while last < columns and last not in filled and not walls[last - 1]:
            cell.column_span += 1
            last += 1
        first = cell.column - 1
        while first > 0 and first not in filled and not walls[first] and not _covered(cells, first):
            cell.column, cell.column_span = first, cell.column_span + 1
            first -= 1


def _covered(cells: Sequence[LaidCell], column: int) -> bool:
    return any(cell.column <= column < cell.column + cell.column_span for cell in cells)


def _merge_down(
    region: Drawn,
    xs: Sequence[float],
    ys: Sequence[float],
    cells: list[LaidCell],
    bands: Sequence[tuple[int, int]],
) -> None:
    """Let a cell reach down over blank ones where the stroke between them is left out."""
    by_place = {(cell.row, cell.column): cell for cell in cells}
    for number in range(len(ys) - 2):
        (top, count), (below, more) = bands[number], bands[number + 1]
        if count != 1 or more != 1:
            continue
        open_columns = [
            column
            for column in range(len(xs) - 1)
            if region.covered(region.level, ys[number + 1], xs[column], xs[column + 1]) < 1 - _DRAWN
        ]
        if len(open_columns) == len(xs) - 1:
            continue
        for column in open_columns:
            _join_down(by_place, cells, top, below, column)


def _spread(
    region: Drawn,
    xs: Sequence[float],
    ys: Sequence[float],
    cells: list[LaidCell],
    bands: Sequence[tuple[int, int]],
) -> None:
    """Let names in the header reach over the columns that the rule below them runs over."""
    for number in range(min(_HEADER_BANDS, len(ys) - 2)):
        top, count = bands[number]
        at = ys[number + 1]
        rules = [bar for bar in region.level if abs(bar.at - at) <= 1.5]
        # A rule below the labels, too, divides rows.
        if count and not any(bar.start < xs[1] and bar.end > xs[2] for bar in rules):
            row = top + count - 1
            spread_names(cells, row, rules, column_sides([cell for cell in cells if cell.row > row]))


def _join_down(
    by_place: dict[tuple[int, int], LaidCell], cells: list[LaidCell], top: int, below: int, column: int
) -> None:
    upper, lower = by_place.get((top, column)), by_place.get((below, column))
    if upper is None and lower is None:
        return
    if upper is not None and lower is not None:
        if lower.words[0].y0 - max(word.y1 for word in upper.words) < 0.5 * lower.words[0].size:
            upper.words += lower.words
            cells.remove(lower)
        else:
            return
    elif upper is None and lower is not None:
        upper = lower
        upper.row = top
    if upper is not None:
        upper.row_span = max(upper.row_span, below - upper.row + 1)
        by_place[(top, column)] = by_place[(below, column)] = upper
