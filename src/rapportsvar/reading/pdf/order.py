"""The order in which the pieces of a page are read: bands from the top, columns from the left."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from rapportsvar.reading.pdf.lines import Fragment, rows_of, split_row
from rapportsvar.reading.pdf.storeys import storeys
from rapportsvar.reading.pdf.tables import LaidTable

Item = Fragment | LaidTable
_Span = tuple[float, float]

_GUTTER = 7.0
_LEAST_LINES = 3
_LEAST_WIDTH = 80.0
_LEAST_CHARS = 14
_MOST_DEPTH = 8
_HEADING_GAP = 1.1
_JUSTIFIED = 2.2
_ONE_PIECE = 1.1


def reading_order(items: Sequence[Item], depth: int = 0) -> list[list[Item]]:
    """Return the pieces of a page in groups, each of one column, in the order in which they are read."""
    groups: list[list[Item]] = []
    for group in _groups(_bands(items)):
        cut = _gutter(group) if depth < _MOST_DEPTH else None
        if cut is None:
            if groups and not isinstance(groups[-1], _Column):
                groups[-1].extend(group)
            else:
                groups.append(list(group))
            continue
        left = [item for item in group if (item.x0 + item.x1) / 2 < cut]
        right = [item for item in group if (item.x0 + item.x1) / 2 >= cut]
        for storey in storeys(left, right):
            for side in storey:
                groups += [_Column(part) for part in reading_order(side, depth + 1)]
    return groups


class _Column(list[Item]):
    """A group that is one of several columns: what follows it is not joined to it."""


def _bands(items: Sequence[Item]) -> list[list[Item]]:
    """Divide items where a level line crosses none of them."""
    bands: list[list[Item]] = []
    bottom = 0.0
    for item in sorted(items, key=lambda item: (item.y0, item.x0)):
        slack = 0.25 * (item.y1 - item.y0) if isinstance(item, Fragment) else 0.0
        if bands and item.y0 + slack < bottom:
            bands[-1].append(item)
            bottom = max(bottom, item.y1 - slack)
        else:
            bands.append([item])
            bottom = item.y1 - slack
    return bands


def _groups(bands: Sequence[list[Item]]) -> list[list[Item]]:
    """Put bands together as long as one gutter runs through all of them."""
    runs: list[list[list[Item]]] = []
    spans: list[_Span] = []
    for band in bands:
        own = [(item.x0, item.x1) for item in band]
        spans = _merged([*spans, *own])
        if runs and len(spans) > 1:
            runs[-1].append(band)
        else:
            if runs:
                runs[-1:] = _without_tail(runs[-1])
            runs.append([band])
            spans = _merged(own)
    return [[item for band in run for item in band] for run in runs]


def _without_tail(run: list[list[Item]]) -> list[list[list[Item]]]:
    """Part the last lines of a run that belong to what stands below the columns: a heading over all of it."""
    gaps = _gaps([item for band in run for item in band]) if len(run) > 1 else []
    if not gaps:
        return [run]
    end = len(run)
    while end > 1:
        band = run[end - 1]
        if any(item.x0 >= gaps[0][0] for item in band):
            break
        end -= 1
    if end == len(run) or end < 2:
        return [run]
    tail = run[end]
    space = min(item.y0 for item in tail) - max(item.y1 for item in run[end - 1])
    height = max(item.y1 - item.y0 for item in tail)
    return [run[:end], run[end:]] if space > _HEADING_GAP * height else [run]


def _gaps(items: Sequence[Item]) -> list[tuple[float, float]]:
    """Return the upright stretches that no item crosses."""
    spans = _merged([(item.x0, item.x1) for item in items])
    return [(before[1], after[0]) for before, after in pairwise(spans)]


def _merged(spans: list[_Span]) -> list[_Span]:
    """Join level stretches that no gutter parts; from the left."""
    spans.sort()
    merged = spans[:1]
    for span in spans:
        last = merged[-1]
        if span[0] - last[1] >= _GUTTER:
            merged.append(span)
        elif span[1] > last[1]:
            merged[-1] = last[0], span[1]
    return merged


def _gutter(group: Sequence[Item]) -> float | None:
    """Return where a group divides into two columns of text, if it does."""
    if len(group) < 2:
        return None
    for start, end in _gaps(group):
        cut = (start + end) / 2
        left = [item for item in group if item.x0 < cut]
        right = [item for item in group if item.x0 >= cut]
        if _is_column(left) and _is_column(right) and _beside(left, right):
            return cut
    return None


def _is_column(items: Sequence[Item]) -> bool:
    """Tell whether items are the lines of a column of text, or a table."""
    if any(isinstance(item, LaidTable) for item in items):
        return True
    lines = [item for item in items if isinstance(item, Fragment)]
    if len(lines) < _LEAST_LINES:
        return False
    wide = median(line.width for line in lines) >= _LEAST_WIDTH
    if wide and median(len(line.text) for line in lines) >= _LEAST_CHARS:
        return True
    # Justified lines of a narrow column fall apart into words, at gaps narrower than those between cells;
    # most letters still stand in whole lines.
    whole = [
        len(line.text) for line in lines if line.width >= _LEAST_WIDTH and len(line.text) >= _LEAST_CHARS
    ]
    if len(whole) < _LEAST_LINES or 2 * sum(whole) < sum(len(line.text) for line in lines):
        return False
    rows = rows_of(word for line in lines for word in line.words)
    joined = [piece for row in rows for piece in split_row(row, _JUSTIFIED)]
    if len(joined) > _ONE_PIECE * len(rows):
        return False
    wide = median(line.width for line in joined) >= _LEAST_WIDTH
    return wide and median(len(line.text) for line in joined) >= _LEAST_CHARS


def _beside(left: Sequence[Item], right: Sequence[Item]) -> bool:
    top = max(min(item.y0 for item in side) for side in (left, right))
    bottom = min(max(item.y1 for item in side) for side in (left, right))
    return bottom > top
