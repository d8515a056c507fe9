"""Running headers, footers and page numbers: what repeats at the edges of pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapportsvar.reading.pdf.lines import Fragment, fragments_of
from rapportsvar.reading.pdf.words import RAISED, Word

_EDGE = 0.13
_SAME_PLACE = 5.0
_SAME_COLUMN = 12.0
_FEW_PAGES = 6
_OUTER = 0.09
_BESIDE = 30.0
_BEFORE = 4.0
_DIGITS = re.compile(r"\d+")
_HEADING_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}\.?")
_PAGE = re.compile(
    r"(?:sida|sid\.?|s\.)?\s*\d{1,4}\s*(?:\(\s*\d{1,4}\s*\)|/\s?\d{1,4}|av \d{1,4})?", re.IGNORECASE
)

_PAGE_OF_ALL = re.compile(
    r"(?:sida|sid\.?|s\.)?\s*(\d{1,4})\s*(?:\(\s*|av )(\d{1,4})(?:\s*\))?", re.IGNORECASE
)


@dataclass(slots=True)
class Edges:
    """Counts what stands at the edges of all pages seen so far."""

    pages: int = 0
    _seen: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, words: Sequence[Word], height: float) -> list[Fragment]:
        """Look at a page, and return what stands at its edges."""
        self.pages += 1
        pieces = _edge_pieces(words, height)
        for key, place in {(_key(piece), _place(piece)) for piece in pieces}:
            self._seen[key].append(place)
        return pieces

    def divide(
        self, words: Sequence[Word], pieces: Sequence[Fragment], height: float
    ) -> tuple[list[Word], list[Fragment]]:
        """Divide the words of a page, with what stands at its edges, into content and furniture."""
        feet = [piece for piece in pieces if _counts_pages(piece, height)]
        furniture = [
            piece
            for piece in pieces
            if (
                self._repeats(piece)
                or self._numbers_page(piece, pieces, height)
                or any(foot.y0 < piece.middle < foot.y1 for foot in feet)
            )
            and not _counts_text(piece, pieces)
            and not self._numbers_heading(piece, pieces)
        ]
        taken = {id(word) for piece in furniture for word in piece.words}
        notes = {id(piece.words[0]) for piece in pieces if _marks_a_note(piece, pieces, height)}
        content = [word for word in words if id(word) not in taken] if taken else list(words)
        if notes:
            content = [_raised(word) if id(word) in notes else word for word in content]
        return content, furniture

    def _repeats(self, piece: Fragment) -> bool:
        across, down = _place(piece)
        near = sum(
            abs(y - down) <= _SAME_PLACE and abs(x - across) <= _SAME_COLUMN
            for x, y in self._seen[_key(piece)]
        )
        return near >= 3 or (near == 2 and self.pages <= _FEW_PAGES)

    def _numbers_heading(self, piece: Fragment, pieces: Sequence[Fragment]) -> bool:
        """Tell whether a lone number is that of the heading beside it, which does not repeat."""
        return (
            piece.bold
            and _HEADING_NUMBER.fullmatch(piece.text) is not None
            and any(
                other.bold
                and abs(other.size - piece.size) < 0.5
                and 0 < other.x0 - piece.x1 < _BEFORE * piece.size
                and other.y0 < piece.middle < other.y1
                and not self._repeats(other)
                for other in pieces
            )
        )

    def _numbers_page(self, piece: Fragment, pieces: Sequence[Fragment], height: float) -> bool:
        """Tell whether a number stands by itself, or beside what repeats, at the outer edge."""
        outer = piece.middle < _OUTER * height or piece.middle > (1 - _OUTER) * height
        if not outer or self.pages < 2 or not _PAGE.fullmatch(piece.text):
            return False
        beside = [other for other in pieces if other is not piece and other.y0 < piece.middle < other.y1]
        return all(self._repeats(other) for other in beside)


def _counts_pages(piece: Fragment, height: float) -> bool:
    """Tell whether a page number of a letter stands at the foot: ``1 (1)``, ``sida 2 av 3``."""
    found = _PAGE_OF_ALL.fullmatch(piece.text) if piece.middle > (1 - _OUTER) * height else None
    return found is not None and int(found[1]) <= int(found[2])


def _marks_a_note(piece: Fragment, pieces: Sequence[Fragment], height: float) -> bool:
    """Tell whether a lone number is the mark of the footnote beside it, not the number of a heading."""
    return piece.middle > height / 2 and not piece.bold and _counts_text(piece, pieces)


def _counts_text(piece: Fragment, pieces: Sequence[Fragment]) -> bool:
    """Tell whether a lone number belongs to the text beside it."""
    return (
        len(piece.text) <= 2
        and piece.text.isdigit()
        and any(
            0 < other.x0 - piece.x1 < _BESIDE and other.y0 < piece.middle < other.y1 and len(other.words) > 3
            for other in pieces
        )
    )


def _raised(word: Word) -> Word:
    return word._replace(text=word.text.translate(RAISED))


def _edge_pieces(words: Sequence[Word], height: float) -> list[Fragment]:
    edge = _EDGE * height
    return fragments_of(word for word in words if word.y1 < edge or word.y0 > height - edge)


def _place(piece: Fragment) -> tuple[int, int]:
    return round((piece.x0 + piece.x1) / 2), round(piece.middle)


def _key(piece: Fragment) -> str:
    return _DIGITS.sub("0", piece.text.lower())
