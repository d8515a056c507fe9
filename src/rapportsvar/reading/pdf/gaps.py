"""Columns by the gaps between words, where nothing is drawn between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapportsvar.reading.pdf.lines import Fragment

_LEAST_GAP = 3.0
_WIDE = 0.6
_LOOSE = 0.12
_LEAST_AMOUNTS = 2
_YEAR = re.compile(r"(?:19|20)\d\d")


def gap_columns(pieces: Sequence[Fragment]) -> list[float]:
    """Return where one column ends and the next begins: gaps that hardly any fragment crosses.

    A fragment that runs over most of the width (a title, a section row, a merged header) does not count.
    """
    if not pieces:
        return []
    left, right = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
    counted = [piece for piece in pieces if piece.width <= _WIDE * (right - left)]
    edges = _uncrossed(counted)
    # A name over several columns of amounts crosses the gaps between them.
    first = min(
        (piece.y0 for piece in counted if piece.numeric and not _YEAR.fullmatch(piece.text)), default=None
    )
    body = [piece for piece in counted if first is not None and piece.y1 > first]
    amounts = [piece for piece in body if piece.numeric]
    more = (
        [at for at in _uncrossed(body) if _parts_amounts(at, edges, amounts)]
        if len(body) < len(counted)
        else []
    )
    return sorted([*edges, *more])


def _parts_amounts(at: float, edges: Sequence[float], amounts: Sequence[Fragment]) -> bool:
    """Tell whether amounts stand on both sides of a gap, inside one column of ``edges``."""
    low = max((edge for edge in edges if edge < at), default=float("-inf"))
    high = min((edge for edge in edges if edge > at), default=float("inf"))
    before = sum(low < piece.x0 and piece.x1 < at for piece in amounts)
    after = sum(at < piece.x0 and piece.x1 < high for piece in amounts)
    return min(before, after) >= _LEAST_AMOUNTS and min(abs(at - low), abs(high - at)) > 2 * _LEAST_GAP


def _uncrossed(counted: Sequence[Fragment]) -> list[float]:
    """Return the middles of the gaps that hardly any fragment crosses."""
    events: list[tuple[float, int]] = []
    for piece in counted:
        events += [(piece.x0, 1), (piece.x1, -1)]
    most = _LOOSE * len({round(piece.middle) for piece in counted})
    edges: list[float] = []
    open_at: float | None = None
    depth = 0
    for at, step in sorted(events):
        if depth > most >= depth + step and step < 0:
            open_at = at
        elif depth <= most < depth + step and step > 0 and open_at is not None:
            if at - open_at >= _LEAST_GAP:
                edges.append((open_at + at) / 2)
            open_at = None
        depth += step
    return edges
