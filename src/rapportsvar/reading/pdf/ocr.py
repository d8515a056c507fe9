"""Scanned pages: their words by Tesseract, where it and its Swedish data are installed (extra ``ocr``)."""

from __future__ import annotations

from functools import cache
from typing import Any

try:
    import pytesseract
except ImportError:  # the extra is not installed
    pytesseract = None

from rapportsvar.reading.pdf.words import Word

_DOTS = 300
_POINTS = 72
_LEAST_SURE = 30.0


@cache
def can_read_pictures() -> bool:
    """Tell whether Tesseract and its Swedish data are there."""
    if pytesseract is None:
        return False
    try:
        return "swe" in pytesseract.get_languages()
    except (pytesseract.TesseractError, pytesseract.TesseractNotFoundError, OSError):
        return False


def read_picture(page: Any) -> list[Word]:  # noqa: ANN401
    """Return the words of a scanned page of PDFium; words that are hardly sure are left out."""
    picture = page.render(scale=_DOTS / _POINTS).to_pil()
    found = pytesseract.image_to_data(picture, lang="swe", output_type=pytesseract.Output.DICT)
    step = _POINTS / _DOTS
    words = []
    for text, sure, left, top, width, height in zip(
        *(found[name] for name in ("text", "conf", "left", "top", "width", "height")), strict=True
    ):
        if text.strip() and float(sure) >= _LEAST_SURE:
            box = (left * step, top * step, (left + width) * step, (top + height) * step)
            words.append(Word(text.strip(), *box, size=_size(found, box, step)))
    return words


def _size(found: dict[str, list[Any]], box: tuple[float, float, float, float], step: float) -> float:
    """Return the size of type by the height of the line, which the letters of a word do not move."""
    middle = (box[1] + box[3]) / 2
    lines = [
        height * step
        for level, top, height, left, width in zip(
            *(found[name] for name in ("level", "top", "height", "left", "width")), strict=True
        )
        if level == 4
        and top * step <= middle <= (top + height) * step
        and left * step - 1 <= box[0] <= (left + width) * step + 1
    ]
    return min(lines, default=box[3] - box[1]) * 0.8
