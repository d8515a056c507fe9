"""What PDFium tells of the characters of a page: their letters, their places, what their type looks like."""

from __future__ import annotations

import ctypes
import math
import re
from collections import deque
from collections.abc import Sequence
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from rapportsvar.reading.pdf.calls import address_of, by_address

_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique", re.IGNORECASE)
_BOLD_WEIGHT = 600
_SIDES = 4
_NAME_BYTES = 256
_TURN_BYTES = 16
"""The first four numbers of a matrix: what it does but move."""

_text = by_address(raw.FPDFText_GetText)
_char_box = by_address(raw.FPDFText_GetLooseCharBox)
_char_object = by_address(raw.FPDFText_GetTextObject)
_char_matrix = by_address(raw.FPDFText_GetMatrix)
_char_size = by_address(raw.FPDFText_GetFontSize)
_object_size = by_address(raw.FPDFTextObj_GetFontSize)
_object_font = by_address(raw.FPDFTextObj_GetFont)
_font_name = by_address(raw.FPDFFont_GetBaseFontName)
_font_weight = by_address(raw.FPDFFont_GetWeight)


class Look(NamedTuple):
    """What type looks like: its size in points, and how it runs, in radians against the clock."""

    size: float
    angle: float
    bold: bool
    italic: bool


class Characters:
    """The characters of a page. What a text object and a font look like is asked once for each.

    Args:
        textpage: PDFium's handle.
        turns: Quarters by which the page is turned with the clock as it is read.
    """

    def __init__(self, textpage: Any, turns: int) -> None:  # noqa: ANN401
        self._handle = textpage
        self._turned = turns * math.pi / 2
        self._page = address_of(textpage)
        self._looks: dict[int | None, Look] = {}
        self._alike: dict[tuple[float, bytes, int | None], Look] = {}
        self._fonts: dict[int, tuple[bool, bool]] = {}
        self._matrix, self._size = raw.FS_MATRIX(), ctypes.c_float()
        self._matrix_at, self._size_at = ctypes.addressof(self._matrix), ctypes.addressof(self._size)
        self._turn = memoryview(self._matrix).cast("B")[:_TURN_BYTES]

    def text(self) -> str:
        """Return one letter for each character."""
        count = raw.FPDFText_CountChars(self._handle)
        if count <= 0:
            return ""
        codes = np.zeros(count + 1, np.uint16)
        written = _text(self._page, 0, count, codes.ctypes.data)
        text = codes[: max(0, written - 1)].astype("<u2").tobytes().decode("utf-16-le", "replace")
        if len(text) == count:
            return text
        letters = (raw.FPDFText_GetUnicode(self._handle, place) for place in range(count))
        return "".join(
            chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " " for code in letters
        )

    def boxes(self, places: Sequence[int]) -> NDArray[np.float64]:
        """Return left, top, right and bottom of characters in the page's own coordinates, ``(4, n)``."""
        found = np.zeros((len(places), _SIDES), np.float32)
        start, step = found.ctypes.data, _SIDES * found.itemsize
        written = map(_char_box, repeat(self._page), places, range(start, start + found.nbytes, step))
        deque(written, maxlen=0)
        return found.astype(np.float64).T

    def looks(self, places: Sequence[int]) -> list[Look]:
        """Return what the type of characters looks like."""
        known, page = self._looks, self._page
        found: list[Look] = []
        for place in places:
            thing = _char_object(page, place)
            look = known.get(thing)
            if look is None:
                look = known[thing] = self._ask(thing, place)
            found.append(look)
        return found

    def _ask(self, thing: int | None, place: int) -> Look:
        if thing and _object_size(thing, self._size_at):
            size = self._size.value
        else:
            size = float(ctypes.c_float(_char_size(self._page, place)).value)
        if not _char_matrix(self._page, place, self._matrix_at):
            return Look(size, 0.0, bold=False, italic=False)
        font = _object_font(thing) if thing else None
        key = size, self._turn.tobytes(), font
        look = self._alike.get(key)
        if look is None:
            look = self._alike[key] = self._look(size, font)
        return look

    def _look(self, size: float, font: int | None) -> Look:
        matrix = self._matrix
        angle = math.atan2(matrix.b, matrix.a) - self._turned
        angle = math.atan2(math.sin(angle), math.cos(angle))
        return Look(abs(size) * math.hypot(matrix.c, matrix.d), angle, *self._font(font))

    def _font(self, font: int | None) -> tuple[bool, bool]:
        """Tell whether a font is bold, and whether it is italic."""
        if not font:
            return False, False
        known = self._fonts.get(font)
        if known is None:
            known = self._fonts[font] = _name_tells(font)
        return known


def _name_tells(font: int) -> tuple[bool, bool]:
    buffer = ctypes.create_string_buffer(_NAME_BYTES)
    _font_name(font, ctypes.addressof(buffer), _NAME_BYTES)
    name = buffer.value.decode("latin-1")
    bold = bool(_BOLD.search(name)) or _font_weight(font) >= _BOLD_WEIGHT
    return bold, bool(_ITALIC.search(name))
