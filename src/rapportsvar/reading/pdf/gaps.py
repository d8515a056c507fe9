"""Columns by the gaps between words, where nothing is drawn between them."""

from __future__ import annotations

from collections.abc import Sequence

from rapportsvar.reading.pdf.lines import Fragment

_LEAST_GAP = 3.0
_WIDE = 0.6
_LOOSE = 0.12


def gap_columns(pieces: Sequence[Fragment]) -> list[float]:
    """Return where one column ends and the next begins: gaps that hardly any fragment crosses.

    A fragment that runs over most of the width (a title, a section row, a merged header) does not count.
    """
    if not pieces:
        return []
    left, right = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
    counted = [piece for piece in pieces if piece.width <= _WIDE * (right - left)]
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
