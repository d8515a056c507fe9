"""Diagrams: the numbers of an axis tell where one stands, and its labels are kept out of the text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rapportsvar.reading.pdf.lines import Fragment, Remaining
from rapportsvar.reading.pdf.words import Word

_LEAST_TICKS = 4
_SAME_EDGE = 2.5
_ALIKE = 0.18
_BELOW = 9.0
_SENTENCE_CHARS = 60
_TITLE_LINES = 3
_NEAR = 1.5
_OFF_MIDDLE = 0.05
_INSET = 0.08


def find_diagrams(words: Remaining) -> tuple[list[list[Word]], set[int], Remaining]:
    """Return the words of each diagram of a page, and the words outside them.

    Between the two, the ``id`` of each word outside that stands in the title of a diagram.
    """
    pieces = words.pieces
    boxes = [_box(axis, pieces) for axis in _axes(pieces)]
    if not boxes:
        return [], set(), words
    found: list[list[Word]] = [[] for _ in boxes]
    rest: list[Word] = []
    for word in words.words:
        middle, across = (word.y0 + word.y1) / 2, (word.x0 + word.x1) / 2
        place = next(
            (
                number
                for number, (x0, y0, x1, y1) in enumerate(boxes)
                if y0 <= middle <= y1 and x0 <= across <= x1
            ),
            None,
        )
        (rest if place is None else found[place]).append(word)
    left = Remaining(rest)
    titles = {id(word) for box in boxes for piece in _title(box, left) for word in piece.words}
    return [group for group in found if group], titles, left


def _title(box: tuple[float, float, float, float], words: Remaining) -> list[Fragment]:
    """Return the lines right over a diagram that stand in its middle: a heading begins at the left."""
    x0, bottom, x1, _ = box
    middle, width = (x0 + x1) / 2, x1 - x0
    title: list[Fragment] = []
    for row in reversed(words.divided):
        piece = row[0]
        if piece.middle > bottom:
            continue
        centred = abs((piece.x0 + piece.x1) / 2 - middle) <= _OFF_MIDDLE * width
        inset = min(piece.x0 - x0, x1 - piece.x1) >= _INSET * width
        near = bottom - piece.y1 <= _NEAR * piece.height
        if len(row) > 1 or not (centred and inset and near) or len(title) == _TITLE_LINES:
            break
        title.append(piece)
        bottom = piece.y0
    return title


def _axes(pieces: Sequence[Fragment]) -> list[list[Fragment]]:
    """Return runs of numbers that stand one below the other at even distances and change by even steps."""
    columns: dict[int, list[Fragment]] = {}
    for piece in pieces:
        if _value(piece) is not None:
            columns.setdefault(round(piece.x1 / _SAME_EDGE), []).append(piece)
    axes: list[list[Fragment]] = []
    for place in sorted(columns):
        near = columns[place] + columns.get(place + 1, [])
        near.sort(key=lambda piece: piece.middle)
        if len(near) >= _LEAST_TICKS and _is_axis(near) and not any(near[0] in axis for axis in axes):
            axes.append(near)
    return axes


def _value(piece: Fragment) -> float | None:
    if piece.words[0].text[0].isalpha():
        return None
    text = piece.text.replace(" ", "").replace("%", "").replace(",", ".").replace("–", "-").replace("−", "-")
    try:
        return float(text)
    except ValueError:
        return None


def _is_axis(run: Sequence[Fragment]) -> bool:
    steps = [after.middle - before.middle for before, after in pairwise(run)]
    values = [value for piece in run if (value := _value(piece)) is not None]
    falls = [before - after for before, after in pairwise(values)]
    return (
        min(steps) > 1.15 * run[0].height
        and max(steps) - min(steps) <= _ALIKE * max(steps)
        and min(falls) > 0
        and max(falls) - min(falls) <= 0.01 * max(falls)
    )


def _box(axis: Sequence[Fragment], pieces: Sequence[Fragment]) -> tuple[float, float, float, float]:
    """Return the place of a diagram: right of its axis, down over the labels and the key below it."""
    x0, top, bottom = min(piece.x0 for piece in axis) - 2, axis[0].y0 - 2, axis[-1].y1
    height = axis[0].height
    for piece in sorted(pieces, key=lambda piece: piece.y0):
        if piece.y0 < bottom - height or piece.x1 < x0:
            continue
        if piece.y0 - bottom > 2.2 * height or piece.y1 - axis[-1].y1 > _BELOW * height:
            break
        if len(piece.text) > _SENTENCE_CHARS or piece.text[-1:] in ".:":
            break
        bottom = max(bottom, piece.y1)
    return x0, top, max(piece.x1 for piece in pieces) + 2, bottom + 1
