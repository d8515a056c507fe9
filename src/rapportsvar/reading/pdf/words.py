"""The words of a page with their places, size and weight, as PDFium finds them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from rapportsvar.reading.pdf.characters import Characters, Look

_HYPHENS = "\x02\ufffe"
"""What PDFium gives for a hyphen at the end of a line, where the word goes on in the next."""
_RAISED_TAIL = re.compile(r"(?<=[^\W\d_])\d{1,2}[),]?$|(?<=[.,)”\"])\d{1,2}$")
_UPRIGHT = 0.1
_OFF = 2.0
"""So many points outside the page a word may still begin."""
_REPLACED = str.maketrans(
    {
        "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "ft",
        "\u00ad": "-", "\u2010": "-", "\u2011": "-", "\x02": "-", "\ufffe": "-",
        "\uf0b7": "•", "\uf0a7": "•", "\uf02d": "–", "\uf0d8": "•", "\uf0fc": "✓", "\uf06f": "○",
        "\u200b": None, "\ufeff": None, "\x00": None, "\x0b": None, "\x0c": None,
    }
)  # fmt: skip
_ODD = "".join(map(chr, _REPLACED))
_WORD = re.compile(rf"([^\s{_ODD}]*[^\s{_ODD}\d),])(?!\S)|[^\s{_HYPHENS}]+[{_HYPHENS}]?")
"""A word; the group holds it where nothing about its letters is to be looked at more closely."""
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Word(NamedTuple):
    """A word of a page; points from the top left corner of the page as it is shown.

    ``size`` is that of its type in points; ``cut``: a hyphen at the end of a line divides it.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False
    cut: bool = False
    italic: bool = False


_make = partial(tuple.__new__, Word)
"""What ``Word._make`` does, without a call of Python's for each word."""


class Frame(NamedTuple):
    """How a page's own coordinates become those of the page as it is shown."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Turn left, bottom, right and top into x0, y0, x1 and y1 from the top left corner."""
        if self.turns == 0:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        if self.turns == 1:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.turns == 2:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        return self.top - top, self.right - right, self.top - bottom, self.right - left

    def back(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """Undo :meth:`box`: return left, bottom, right and top."""
        if self.turns == 0:
            return x0 + self.left, self.top - y1, x1 + self.left, self.top - y0
        if self.turns == 1:
            return y0 + self.left, x0 + self.bottom, y1 + self.left, x1 + self.bottom
        if self.turns == 2:
            return self.right - x1, y0 + self.bottom, self.right - x0, y1 + self.bottom
        return self.right - y1, self.top - x1, self.right - y0, self.top - x0


@dataclass(slots=True)
class PageWords:
    """Words of a page.

    Attributes:
        words: Upright ones, in the order of the file.
        turned: Those that run up, down or slanting: labels of diagrams, credits of pictures.
        unread: Characters that no letter is known for.
        quarters: By how many quarters each turned word runs against the clock.
    """

    words: list[Word] = field(default_factory=list)
    turned: list[Word] = field(default_factory=list)
    unread: int = 0
    quarters: Counter[int] = field(default_factory=Counter)


def frame_of(page: Any) -> Frame:  # noqa: ANN401
    """Return the frame of a page of PDFium."""
    left, bottom, right, top = page.get_bbox()
    return Frame(left, bottom, right, top, page.get_rotation() // 90 % 4)


def read_words(page: Any, frame: Frame) -> PageWords:  # noqa: ANN401
    """Return the words of a page of PDFium."""
    textpage = page.get_textpage()
    try:
        return _words_of(Characters(textpage.raw, frame.turns), frame)
    finally:
        textpage.close()


def _words_of(characters: Characters, frame: Frame) -> PageWords:
    text = characters.text()
    matches = list(_WORD.finditer(text))
    starts = [match.start() for match in matches]
    looks = characters.looks(starts)
    letters, cut = [match[0] for match in matches], [False] * len(matches)
    for place, match in enumerate(matches):
        if not match.lastindex:
            letters[place], cut[place] = _mended(match, looks[place], characters)
    here, sides = _boxes(characters, [*starts, *(match.end() - 1 for match in matches)], frame)
    sizes, angles, bold, italic = zip(*looks, strict=True) if looks else ((),) * 4
    words = map(_make, zip(letters, *sides, sizes, bold, cut, italic, strict=True))
    found = PageWords(unread=text.count("\ufffd"))
    if all(here) and all(letters) and all(-_UPRIGHT < angle < _UPRIGHT for angle in set(angles)):
        found.words.extend(words)
        return found
    for word, look, seen in zip(words, looks, here, strict=True):
        if not (seen and word.text):
            continue
        if -_UPRIGHT < look.angle < _UPRIGHT:
            found.words.append(word)
        else:
            found.turned.append(word)
            found.quarters[round(2 * look.angle / math.pi) % 4] += 1
    return found


def _boxes(characters: Characters, ends: Sequence[int], frame: Frame) -> tuple[list[bool], list[list[float]]]:
    """Return for each word whether it is on the page, and each side of the boxes around its ends.

    ``ends``: the first character of each word, then the last of each.
    """
    left, top, right, bottom = characters.boxes(ends)
    box = [np.reshape(side, (2, -1)) for side in frame.box(left, bottom, right, top)]
    x0, y0 = (np.minimum(side[0], side[1]) for side in box[:2])
    x1, y1 = (np.maximum(side[0], side[1]) for side in box[2:])
    width, height = frame.right - frame.left, frame.top - frame.bottom
    across, down = (height, width) if frame.turns % 2 else (width, height)
    here = (x0 > -_OFF) & (x0 < across + _OFF) & (y0 > -_OFF) & (y0 < down + _OFF)
    return here.tolist(), [side.tolist() for side in (x0, y0, x1, y1)]


def _mended(match: re.Match[str], look: Look, characters: Characters) -> tuple[str, bool]:
    """Return the letters of a word as they are read, and whether a hyphen divides it."""
    text = match[0]
    if (text[-1].isdigit() and not text.isdecimal()) or text[-1] in "),":
        text = _raised(text, match.start(), look, characters)
    if text.isascii() and text.isprintable():
        return text, False
    return text.translate(_REPLACED), text[-1] in _HYPHENS or text[-1] == "\u00ad"


def _raised(text: str, first: int, look: Look, characters: Characters) -> str:
    """Write the mark of a footnote raised: the small digit behind a word."""
    found = _RAISED_TAIL.search(text)
    if found is None or characters.looks([first + found.start()])[0].size > 0.8 * look.size:
        return text
    return text[: found.start()] + found.group().translate(RAISED)
