"""Who took a picture: a small line beside it, which cuts the text that runs around the picture."""

from __future__ import annotations

import re

from rapportsvar.reading.pdf.lines import Remaining, usual_size
from rapportsvar.reading.pdf.words import Word

_CREDIT = re.compile(r"(?:foto(?:graf)?|bild|illustration)(?:er)?\s?:\s?\S.{1,60}", re.IGNORECASE)
_FIRST_LETTERS = frozenset("FfBbIi")
_SMALLER = 0.8


def find_credits(words: Remaining) -> tuple[list[list[Word]], Remaining]:
    """Return the words of each credit of a page, and the words outside them."""
    found = [
        piece
        for piece in words.pieces
        if piece.words[0].text[0] in _FIRST_LETTERS and _CREDIT.fullmatch(piece.text)
    ]
    if not found:
        return [], words
    usual = usual_size(words.words)
    small = [piece for piece in found if piece.size <= _SMALLER * usual]
    taken = {id(word) for piece in small for word in piece.words}
    return [list(piece.words) for piece in small], words.without(taken)
