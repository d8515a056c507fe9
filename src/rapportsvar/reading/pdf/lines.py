"""Words to fragments of lines: words of one baseline without a wide gap between them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from rapportsvar.reading.pdf.words import Word

WIDE_GAP = 0.75
"""A gap of so many type sizes ends a fragment."""
_SAME_ROW = 0.45
LEFT = attrgetter("x0")
TEXT, _TOP, _BOTTOM = attrgetter("text"), attrgetter("y0"), attrgetter("y1")
_NUMBER = re.compile(
    r"[(±+<>≤≥~*]*[-–−]?\s?\d[\d\s.,:/–−-]*(?:%|kr|tkr|mnkr|mkr|st|p\.e\.)?[)*⁰¹²³⁴-⁹]*|[-–−]|[-–−]/[-–−]",
    re.IGNORECASE,
)


class Fragment(NamedTuple):
    """Words that stand side by side."""

    words: tuple[Word, ...]
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def text(self) -> str:
        """Its words with single blanks."""
        return " ".join(map(TEXT, self.words))

    @property
    def size(self) -> float:
        """The size of most of its type, in points."""
        return max(self.words, key=lambda word: len(word.text)).size

    @property
    def bold(self) -> bool:
        """All of it is bold."""
        return all(word.bold for word in self.words)

    @property
    def middle(self) -> float:
        """Half its height down."""
        return (self.y0 + self.y1) / 2

    @property
    def width(self) -> float:
        """In points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """In points."""
        return self.y1 - self.y0

    @property
    def numeric(self) -> bool:
        """It is an amount, or the dash that stands for none."""
        return _NUMBER.fullmatch(self.text) is not None


class Remaining:
    """Words of a page that belong to nothing yet. The rows that they stand in are found once."""

    def __init__(self, words: Iterable[Word]) -> None:
        self.words = list(words)

    @cached_property
    def rows(self) -> list[list[Word]]:
        """Rows of one baseline, from the top; each row from the left."""
        return rows_of(self.words)

    @cached_property
    def divided(self) -> list[list[Fragment]]:
        """The fragments of each row."""
        return [split_row(row) for row in self.rows]

    @property
    def pieces(self) -> list[Fragment]:
        """All fragments, row by row."""
        return [piece for row in self.divided for piece in row]

    def without(self, taken: Container[int]) -> Remaining:
        """Return the words whose ``id`` is not among those taken."""
        return Remaining(word for word in self.words if id(word) not in taken) if taken else self


def usual_size(words: Iterable[Word]) -> float:
    """Return the size of type that half of the letters do not exceed; 0 where there are none."""
    sized = sorted((word.size, len(word.text)) for word in words)
    left = sum(count for _, count in sized) / 2
    for size, count in sized:
        left -= count
        if left <= 0:
            return size
    return 0.0


def rounded(size: float) -> float:
    """Return a size of type in half points."""
    return round(2 * size) / 2


def fragment(words: Iterable[Word]) -> Fragment:
    """Put words together, in the order given."""
    held = tuple(words)
    if len(held) == 1:
        _, x0, y0, x1, y1, *_ = held[0]
        return Fragment(held, x0, y0, x1, y1)
    _, lefts, tops, rights, bottoms, *_ = zip(*held, strict=True)
    return Fragment(held, min(lefts), min(tops), max(rights), max(bottoms))


def rows_of(words: Iterable[Word]) -> list[list[Word]]:
    """Divide words into rows of one baseline, from the top; each row from the left."""
    held = list(words)
    downs = [word.y0 + word.y1 for word in held]
    row: list[Word] = []
    rows: list[list[Word]] = []
    middle = height = 0.0
    for place in sorted(range(len(held)), key=downs.__getitem__):
        word = held[place]
        own, tall = downs[place] / 2, word.y1 - word.y0
        apart = own - middle
        if row and (apart <= _SAME_ROW or apart <= _SAME_ROW * (tall if tall < height else height)):
            row.append(word)
            # The tallest word leads: a raised mark does not move the row.
            if tall > height:
                middle, height = own, tall
        else:
            row = [word]
            rows.append(row)
            middle, height = own, tall
    for row in rows:
        if len(row) > 1:
            row.sort(key=LEFT)
    return rows


def fragments_of(words: Iterable[Word], gap: float = WIDE_GAP) -> list[Fragment]:
    """Divide words into fragments, row by row."""
    return [piece for row in rows_of(words) for piece in split_row(row, gap)]


def split_row(row: Sequence[Word], gap: float = WIDE_GAP) -> list[Fragment]:
    """Divide a row, from the left, where words stand further apart than ``gap`` sizes of their type."""
    pieces: list[Fragment] = []
    first, right, before = 0, float("-inf"), 0.0
    for place, word in enumerate(row):
        apart, size = word.x0 - right, word.size
        if apart > gap * size and apart > gap * before and apart > gap:
            if place:
                pieces.append(_piece(row[first:place], right))
            first, right = place, word.x1
        elif word.x1 > right:
            right = word.x1
        before = size
    return [*pieces, _piece(row[first:], right)] if row else []


def _piece(words: Sequence[Word], right: float) -> Fragment:
    """Put the words of a row together, whose right end is known."""
    held = tuple(words)
    _, x0, y0, _, y1, *_ = held[0]
    if len(held) > 1:
        y0, y1 = min(map(_TOP, held)), max(map(_BOTTOM, held))
    return Fragment(held, x0, y0, right, y1)
