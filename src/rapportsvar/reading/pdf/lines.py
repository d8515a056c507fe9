"""Words to fragments of lines: words of one baseline without a wide gap between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapportsvar.reading.pdf.words import Word

WIDE_GAP = 0.75
"""A gap of so many type sizes ends a fragment."""
_SAME_ROW = 0.45
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
        return " ".join(word.text for word in self.words)

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


def rounded(size: float) -> float:
    """Return a size of type in half points."""
    return round(2 * size) / 2


def fragment(words: Iterable[Word]) -> Fragment:
    """Put words together, in the order given."""
    held = tuple(words)
    return Fragment(
        held,
        min(word.x0 for word in held),
        min(word.y0 for word in held),
        max(word.x1 for word in held),
        max(word.y1 for word in held),
    )


def rows_of(words: Iterable[Word]) -> list[list[Word]]:
    """Divide words into rows of one baseline, from the top; each row from the left."""
    rows: list[list[Word]] = []
    middle, height = 0.0, 0.0
    for word in sorted(words, key=lambda word: word.y0 + word.y1):
        own = (word.y0 + word.y1) / 2
        tall = word.y1 - word.y0
        if rows and own - middle <= _SAME_ROW * min(max(tall, 1.0), max(height, 1.0)):
            rows[-1].append(word)
            # The tallest word leads: a raised mark does not move the row.
            if tall > height:
                middle, height = own, tall
        else:
            rows.append([word])
            middle, height = own, tall
    for row in rows:
        row.sort(key=lambda word: word.x0)
    return rows


def fragments_of(words: Iterable[Word], gap: float = WIDE_GAP) -> list[Fragment]:
    """Divide words into fragments, row by row."""
    return [piece for row in rows_of(words) for piece in split_row(row, gap)]


def split_row(row: Sequence[Word], gap: float = WIDE_GAP) -> list[Fragment]:
    """Divide a row where words stand further apart than ``gap`` times the size of their type."""
    pieces: list[list[Word]] = []
    right = 0.0
    for word in row:
        if pieces and word.x0 - right <= gap * max(word.size, pieces[-1][-1].size, 1.0):
            pieces[-1].append(word)
            right = max(right, word.x1)
        else:
            pieces.append([word])
            right = word.x1
    return [fragment(piece) for piece in pieces]
