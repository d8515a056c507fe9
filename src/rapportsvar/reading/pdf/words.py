"""The words of a page with their places, size and weight, as PDFium finds them."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2.raw as raw

_HYPHENS = "\x02\ufffe"
"""What PDFium gives for a hyphen at the end of a line, where the word goes on in the next."""
_WORD = re.compile(rf"[^\s{_HYPHENS}]+[{_HYPHENS}]?")
_RAISED_TAIL = re.compile(r"(?<=[^\W\d_])\d{1,2}[),]?$|(?<=[.,)”\"])\d{1,2}$")
_UPRIGHT = 0.1
_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique", re.IGNORECASE)
_BOLD_WEIGHT = 600
_REPLACED = str.maketrans(
    {
        "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "ft",
        "\u00ad": "-", "\u2010": "-", "\u2011": "-", "\x02": "-", "\ufffe": "-",
        "\uf0b7": "•", "\uf0a7": "•", "\uf02d": "–", "\uf0d8": "•", "\uf0fc": "✓", "\uf06f": "○",
        "\u200b": None, "\ufeff": None, "\x00": None, "\x0b": None, "\x0c": None,
    }
)  # fmt: skip
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


class _Style(NamedTuple):
    size: float
    angle: float
    bold: bool
    italic: bool


def frame_of(page: Any) -> Frame:  # noqa: ANN401
    """Return the frame of a page of PDFium."""
    left, bottom, right, top = page.get_bbox()
    return Frame(left, bottom, right, top, page.get_rotation() // 90 % 4)


def read_words(page: Any, frame: Frame) -> PageWords:  # noqa: ANN401
    """Return the words of a page of PDFium."""
    textpage = page.get_textpage()
    try:
        return _Reader(textpage.raw, frame).read()
    finally:
        textpage.close()


class _Reader:
    """Reads one page. What text objects look like is asked once for each."""

    def __init__(self, textpage: Any, frame: Frame) -> None:  # noqa: ANN401
        self._page = textpage
        self._frame = frame
        self._rect = raw.FS_RECTF()
        self._ref = ctypes.byref(self._rect)
        self._styles: dict[int | None, _Style] = {}
        self._fonts: dict[int | None, tuple[bool, bool]] = {}

    def read(self) -> PageWords:
        found = PageWords()
        width, height = self._frame.right - self._frame.left, self._frame.top - self._frame.bottom
        shown = (height, width) if self._frame.turns % 2 else (width, height)
        for text, first, last in self._pieces():
            style = self._style(first)
            found.unread += text.count("\ufffd")
            word = self._word(text, first, last, style)
            if word is None or not (-2 < word.x0 < shown[0] + 2 and -2 < word.y0 < shown[1] + 2):
                continue
            if abs(style.angle) < _UPRIGHT:
                found.words.append(word)
            else:
                found.turned.append(word)
                found.quarters[round(2 * style.angle / math.pi) % 4] += 1
        return found

    def _pieces(self) -> Iterator[tuple[str, int, int]]:
        """Yield each word with the places of its first and last character."""
        count = raw.FPDFText_CountChars(self._page)
        if count <= 0:
            return
        text = self._text(count)
        for found in _WORD.finditer(text):
            yield found.group(), found.start(), found.end() - 1

    def _text(self, count: int) -> str:
        """Return one letter for each character of the page."""
        buffer = ctypes.create_string_buffer(2 * (count + 1))
        short = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
        written = raw.FPDFText_GetText(self._page, 0, count, short)
        text = buffer.raw[: 2 * max(0, written - 1)].decode("utf-16-le", "replace")
        if len(text) == count:
            return text
        letters = (raw.FPDFText_GetUnicode(self._page, place) for place in range(count))
        return "".join(
            chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " " for code in letters
        )

    def _word(self, text: str, first: int, last: int, style: _Style) -> Word | None:
        box = self._box(first)
        if last > first:
            end = self._box(last)
            box = (min(box[0], end[0]), min(box[1], end[1]), max(box[2], end[2]), max(box[3], end[3]))
        cut = text[-1] in _HYPHENS
        if text[-1:].isdigit() or text.endswith((")", ",")):
            text = self._raised(text, first, style)
        words = text.translate(_REPLACED)
        if not words:
            return None
        return Word(words, *box, style.size, style.bold, cut or text.endswith("\u00ad"), style.italic)

    def _box(self, place: int) -> tuple[float, float, float, float]:
        raw.FPDFText_GetLooseCharBox(self._page, place, self._ref)
        rect = self._rect
        return self._frame.box(rect.left, rect.bottom, rect.right, rect.top)

    def _raised(self, text: str, first: int, style: _Style) -> str:
        """Write the mark of a footnote raised: the small digit behind a word."""
        found = _RAISED_TAIL.search(text)
        if found is None or self._style(first + found.start()).size > 0.8 * style.size:
            return text
        return text[: found.start()] + found.group().translate(RAISED)

    def _style(self, place: int) -> _Style:
        thing = raw.FPDFText_GetTextObject(self._page, place)
        key = ctypes.cast(thing, ctypes.c_void_p).value
        known = self._styles.get(key)
        if known is None:
            known = self._styles[key] = self._look(thing, place)
        return known

    def _look(self, thing: Any, place: int) -> _Style:  # noqa: ANN401
        size, matrix = ctypes.c_float(), raw.FS_MATRIX()
        if not thing or not raw.FPDFTextObj_GetFontSize(thing, ctypes.byref(size)):
            size.value = float(raw.FPDFText_GetFontSize(self._page, place))
        if not raw.FPDFText_GetMatrix(self._page, place, ctypes.byref(matrix)):
            return _Style(size.value, 0.0, bold=False, italic=False)
        angle = math.atan2(matrix.b, matrix.a) + self._frame.turns * math.pi / 2 * -1
        angle = math.atan2(math.sin(angle), math.cos(angle))
        return _Style(abs(size.value) * math.hypot(matrix.c, matrix.d), angle, *self._font(thing))

    def _font(self, thing: Any) -> tuple[bool, bool]:  # noqa: ANN401
        """Tell whether a text object is bold, and whether it is italic."""
        font = raw.FPDFTextObj_GetFont(thing) if thing else None
        key = ctypes.cast(font, ctypes.c_void_p).value if font else None
        if key is None:
            return False, False
        if key not in self._fonts:
            buffer = ctypes.create_string_buffer(256)
            raw.FPDFFont_GetBaseFontName(font, buffer, 256)
            name = buffer.value.decode("latin-1")
            bold = bool(_BOLD.search(name)) or raw.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
            self._fonts[key] = bold, bool(_ITALIC.search(name))
        return self._fonts[key]
