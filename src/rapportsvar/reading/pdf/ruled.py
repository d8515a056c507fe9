"""Tables that are drawn: by lines, by rules between rows, or by shaded cells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rapportsvar.reading.pdf.cells import fill_cells
from rapportsvar.reading.pdf.crown import crown_top
from rapportsvar.reading.pdf.gaps import gap_columns
from rapportsvar.reading.pdf.lines import Fragment, Remaining, fragments_of, rows_of, split_row
from rapportsvar.reading.pdf.rulings import Bar, Rulings, Shade
from rapportsvar.reading.pdf.tables import LaidCell, LaidTable, compact
from rapportsvar.reading.pdf.words import Word

_TOUCH = 3.0
_SAME_EDGE = 6.0
_NEAR = 40.0
_CLUSTER = 3.0
_LEAST_COLUMN = 6.0
_LEAST_ROW = 4.0
_MOST_BARS = 4000
_INSET = 2.0
_SECOND = 0.25
"""A row between two shades has its second column beyond this share of the width."""
_FAR = 1e9
_START = attrgetter("start")
_LEAST_RULES = 3
_WRAPPED = 1.35
_SAME_PITCH = 1.35
_PITCH = 1.4
_CELL_SHARE = 0.45


class _Box(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class Region:
    """A part of a page where strokes and shades hang together.

    ``crowned``: its header stands over its first rule.
    """

    box: _Box
    level: list[Bar] = field(default_factory=list)
    upright: list[Bar] = field(default_factory=list)
    shades: list[Shade] = field(default_factory=list)
    crowned: bool = False
    _near: dict[tuple[bool, float], list[Bar]] = field(default_factory=dict)

    def covered(self, bars: Sequence[Bar], at: float, start: float, end: float) -> float:
        """Return which share of ``start`` to ``end`` bars at ``at`` cover; they are sorted by place."""
        key = bars is self.level, at
        near = self._near.get(key)
        if near is None:
            low, high = bisect_left(bars, (at - _CLUSTER,)), bisect_right(bars, (at + _CLUSTER, _FAR, _FAR))
            near = self._near[key] = sorted(bars[low:high], key=_START)
        total, reach = 0.0, start
        for _, first, last in near:
            if first > end:
                break
            begin = first if first > reach else reach
            finish = last if last < end else end
            if finish > begin:
                total += finish - begin
                reach = finish
        return total / max(end - start, 0.1)


def find_ruled(words: Remaining, rulings: Rulings) -> tuple[list[LaidTable], Remaining]:
    """Return the drawn tables of a page, and the words outside them."""
    if len(rulings.level) + len(rulings.upright) > _MOST_BARS:
        return [], words
    tables: list[LaidTable] = []
    left = words
    for region in _regions(rulings, words.words):
        inside = _inside(region.box, left.words)
        table = _table(region, inside) if len(inside) > 3 else None
        if table is not None:
            tables.append(table)
            left = left.without(set(map(id, inside)))
    return tables, left


def _inside(box: _Box, words: Sequence[Word]) -> list[Word]:
    """Return the words whose middles stand in a box."""
    x0, y0, x1, y1 = box.x0 - 2, box.y0 - 1, box.x1 + 2, box.y1 + 1
    return [
        word for word in words if y0 <= (word.y0 + word.y1) / 2 <= y1 and x0 <= (word.x0 + word.x1) / 2 <= x1
    ]


def _regions(rulings: Rulings, words: Sequence[Word]) -> list[Region]:
    """Group strokes and shades that touch, then groups of one width that stand close."""
    shades = _outer(rulings.shades)
    parts: list[tuple[_Box, list[Bar], list[Bar]]] = []
    parts += [(_Box(bar.start, bar.at, bar.end, bar.at), [bar], []) for bar in rulings.level]
    parts += [(_Box(bar.at, bar.start, bar.at, bar.end), [], [bar]) for bar in rulings.upright]
    for shade in shades:
        level = [Bar(shade.y0, shade.x0, shade.x1), Bar(shade.y1, shade.x0, shade.x1)]
        upright = [Bar(shade.x0, shade.y0, shade.y1), Bar(shade.x1, shade.y0, shade.y1)]
        parts.append((_Box(*shade[:4]), level, upright))
    regions = [_joined(group) for group in _touching(parts)]
    regions.sort(key=lambda region: (region.box.y0, region.box.x0))
    whole = _absorbed(_stacked(regions, words), words)
    for region in whole:
        region.shades = [shade for shade in shades if _meets(region.box, shade)]
        region.level.sort()
        region.upright.sort()
    return whole


def _outer(shades: Sequence[Shade]) -> list[Shade]:
    """Leave out shades inside a cell's shade: those of its lines of text."""
    if len(shades) < 2:
        return list(shades)
    boxes = np.array([shade[:4] for shade in shades], np.float32)
    x0, y0, x1, y1 = (boxes[:, side] for side in range(4))
    inset = (x0[:, None] - x0 >= _INSET) & (x1 - x1[:, None] >= _INSET)
    within = (y0[:, None] >= y0 - 1) & (y1[:, None] <= y1 + 1)
    like = (x1 - x0)[:, None] >= _CELL_SHARE * (x1 - x0)
    inside: NDArray[np.bool_] = np.any(inset & within & like, axis=1)
    return [shade for shade, hidden in zip(shades, inside.tolist(), strict=True) if not hidden]


def _touching(
    parts: list[tuple[_Box, list[Bar], list[Bar]]],
) -> list[list[tuple[_Box, list[Bar], list[Bar]]]]:
    """Group parts whose boxes touch, sweeping from the top."""
    order = sorted(range(len(parts)), key=lambda place: parts[place][0].y0)
    owner = list(range(len(parts)))

    def root(place: int) -> int:
        while owner[place] != place:
            owner[place] = owner[owner[place]]
            place = owner[place]
        return place

    active: list[tuple[float, float, float, int]] = []
    for place in order:
        x0, y0, x1, y1 = parts[place][0]
        top, left, right = y0 - _TOUCH, x0 - _TOUCH, x1 + _TOUCH
        active = [held for held in active if held[0] >= top]
        own = place
        for _, start, end, other in active:
            if start <= right and left <= end and owner[other] != own:
                owner[own] = own = root(other)
        active.append((y1, x0, x1, place))
    groups: dict[int, list[tuple[_Box, list[Bar], list[Bar]]]] = {}
    for place in range(len(parts)):
        groups.setdefault(root(place), []).append(parts[place])
    return list(groups.values())


def _joined(group: Sequence[tuple[_Box, list[Bar], list[Bar]]]) -> Region:
    region = Region(_around([box for box, _, _ in group]))
    for _, level, upright in group:
        region.level += level
        region.upright += upright
    return region


def _around(boxes: Sequence[_Box]) -> _Box:
    return _Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def _stacked(regions: list[Region], words: Sequence[Word]) -> list[Region]:
    """Join regions of one width that stand one below the other with no running text between them."""
    stacked: list[Region] = []
    for region in regions:
        above = next((one for one in reversed(stacked) if _continues(one, region, words)), None)
        if above is None:
            stacked.append(region)
        else:
            above.box = _around([above.box, region.box])
            above.level += region.level
            above.upright += region.upright
    return stacked


def _absorbed(regions: list[Region], words: Sequence[Word]) -> list[Region]:
    """Widen tables of level rules to the header over them, and take in the rules that stand inside.

    Such a rule runs over some columns only, below the name that they share.
    """
    for region in regions:
        ys = _clusters(bar.at for bar in region.level)
        if not region.upright and len(ys) >= _LEAST_RULES:
            top = crown_top(words, region.box.x0, region.box.x1, ys)
            if top is not None:
                region.box = region.box._replace(y0=top - 1)
                region.crowned = True
    whole: list[Region] = []
    for region in regions:
        holder = None if region.upright else next((one for one in regions if _within(region, one)), None)
        if holder is None:
            whole.append(region)
        else:
            holder.level += region.level
    return whole


def _within(region: Region, other: Region) -> bool:
    """Tell whether level rules stand inside a table of level rules that are longer."""
    box, around = region.box, other.box
    return (
        other is not region
        and not other.upright
        and around.x0 - _TOUCH <= box.x0
        and box.x1 <= around.x1 + _TOUCH
        and around.y0 < box.y0
        and box.y1 < around.y1
        and box.x1 - box.x0 < around.x1 - around.x0 - _SAME_EDGE
    )


def _continues(above: Region, region: Region, words: Sequence[Word]) -> bool:
    one, other = above.box, region.box
    if abs(one.x0 - other.x0) > _SAME_EDGE or abs(one.x1 - other.x1) > _SAME_EDGE:
        return False
    if not -_TOUCH <= other.y0 - one.y1 <= _NEAR:
        return False
    between = [
        word
        for word in words
        if one.y1 < (word.y0 + word.y1) / 2 < other.y0 and word.x1 > one.x0 - 20 and word.x0 < one.x1 + 20
    ]
    if not between:
        # Two tables one below the other have room between them; a row that nothing shades has not.
        return other.y0 - one.y1 <= _NEAR / 2
    rows = [split_row(row) for row in rows_of(between)]
    if not all(one.x0 - 2 <= row[0].x0 and row[-1].x1 <= one.x1 + 2 for row in rows):
        return False
    second = [row[-1].x0 > one.x0 + _SECOND * (one.x1 - one.x0) for row in rows]
    return all(second) or (not above.upright and _is_label(rows, second, above, other.y0 - one.y1))


def _is_label(rows: Sequence[Sequence[Fragment]], second: Sequence[bool], above: Region, room: float) -> bool:
    """Tell whether what stands between two rules is a row whose label is wrapped, or a label alone.

    A label alone (a section of the table) has no more room than the rows above it; a caption has.
    """
    if any(second):
        steps = [after[0].middle - before[0].middle for before, after in pairwise(rows)]
        return max(steps) <= _WRAPPED * max(piece.height for row in rows for piece in row)
    bands = [b - a for a, b in pairwise(_clusters(bar.at for bar in above.level))]
    pitch = min(bands, default=_PITCH * rows[0][0].height)
    return len(rows) == 1 and room <= _SAME_PITCH * pitch


def _table(region: Region, words: list[Word]) -> LaidTable | None:
    xs, drawn = _columns(region, words)
    ys = _rows(region)
    if len(xs) < 3 or len(ys) < 2:
        return None
    made = fill_cells(region, xs, ys, words, drawn=drawn)
    cells, rows, columns = compact(*made, widths=[b - a for a, b in pairwise(xs)] if drawn else None)
    if rows < 2 or columns < 2:
        return None
    filled = [0] * rows
    for cell in cells:
        filled[cell.row] += bool(cell.words)
    if sum(count > 1 for count in filled) < max(1, rows // 4):
        return None
    _mark_header(cells, region.shades)
    return LaidTable(tuple(cells), rows, columns, *region.box)


def _mark_header(cells: Sequence[LaidCell], shades: Sequence[Shade]) -> None:
    """Mark the cells of the first row where all of it is shaded as no other row is."""
    first = {_ink_under(cell.words[0], shades) for cell in cells if cell.words and cell.row == 0}
    if len(first) != 1 or None in first:
        return
    if not any(_ink_under(cell.words[0], shades) in first for cell in cells if cell.words and cell.row):
        for cell in cells:
            cell.header = cell.row == 0


def _ink_under(word: Word, shades: Sequence[Shade]) -> int | None:
    """Return the colour that a word stands on: that of the smallest shade there."""
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    under = [shade for shade in shades if shade.x0 <= x <= shade.x1 and shade.y0 <= y <= shade.y1]
    return min(under, key=lambda s: (s.x1 - s.x0) * (s.y1 - s.y0)).ink if under else None


def _meets(box: _Box, shade: Shade) -> bool:
    return shade.x0 <= box.x1 and shade.x1 >= box.x0 and shade.y0 <= box.y1 and shade.y1 >= box.y0


def _columns(region: Region, words: list[Word]) -> tuple[list[float], bool]:
    """Return the edges of the columns, and whether they are drawn or seen by the gaps between words."""
    box = region.box
    inner = [
        at
        for at in _clusters([bar.at for bar in region.upright])
        if box.x0 + _LEAST_COLUMN < at < box.x1 - _LEAST_COLUMN
        and region.covered(region.upright, at, box.y0, box.y1) >= 0.12
        and _cuts(words, at) <= 0.25
    ]
    edges = [box.x0, *inner, box.x1]
    if inner:
        return edges, True
    return [box.x0, *gap_columns(fragments_of(words)), box.x1], False


def _cuts(words: Sequence[Word], at: float) -> float:
    """Return the share of the words near a stroke that it would cut."""
    near = [word for word in words if word.x0 - 40 < at < word.x1 + 40]
    cut = sum(1 for word in near if word.x0 + 2 < at < word.x1 - 2)
    return cut / max(len(near), 1)


def _rows(region: Region) -> list[float]:
    box = region.box
    inner = [
        at
        for at in _clusters([bar.at for bar in region.level])
        if box.y0 + _LEAST_ROW < at < box.y1 - _LEAST_ROW
        and region.covered(region.level, at, box.x0, box.x1) >= 0.15
    ]
    return [box.y0, *inner, box.y1]


def _clusters(places: Iterable[float]) -> list[float]:
    """Return one place for each group of places that lie close."""
    groups: list[list[float]] = []
    for place in sorted(places):
        if groups and place - groups[-1][-1] <= _CLUSTER:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [sum(group) / len(group) for group in groups]
