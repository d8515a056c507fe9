"""Which paragraphs are headings, and of what level: by the outline, by size and weight of type."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rapportsvar.model import HeadingMark, Span

_MOST_CHARS = 160
_MOST_LINES = 4
_LARGER = 1.09
_BOLD_SIZE = 0.8
_DEEPEST = 6
_LEAST_LISTED = 4
_KEY = re.compile(r"[\W\d_]+")
_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,4}\.?\s")
_SENTENCE = re.compile(r"[.!?]\s+[A-ZÅÄÖ].*[.!?,;]$|[,;]$")
_FIGURES = re.compile(r"[\d\s.,%–-]*")


class Piece(NamedTuple):
    """A paragraph that was written.

    Attributes:
        span: Where it stands.
        page: Its page, from 1.
        size: Of its type, in half points rounded.
        bold: All of it is.
        italic: All of it is.
        lines: How many lines it had on the page.
        item: It is an item of a list.
        over_diagram: It is the title of a diagram.
    """

    span: Span
    page: int
    size: float
    bold: bool
    italic: bool
    lines: int
    item: bool
    over_diagram: bool = False


def find_headings(
    text: str,
    pieces: Sequence[Piece],
    in_tables: Mapping[tuple[float, bool], int],
    outline: Mapping[int, Sequence[tuple[str, int]]],
) -> tuple[HeadingMark, ...]:
    """Return the headings in order.

    Args:
        text: The report's text.
        pieces: Its paragraphs in order.
        in_tables: How many characters tables hold of each size and weight.
        outline: By page, the titles that its bookmarks name, with their levels from 1.
    """
    body, body_bold = _body(pieces, in_tables)
    listed = {piece.span: level for piece in pieces if (level := _listed(text, piece, outline))}
    after = [*pieces[1:], None]
    found = [
        piece
        for piece, below in zip(pieces, after, strict=True)
        if piece.span in listed
        or (not piece.over_diagram and _looks(text, piece, body, bold_body=body_bold))
        or _slants(text, piece, below, body)
    ]
    if len(listed) < max(_LEAST_LISTED, len(found) // 10):
        listed = {}  # a few stray bookmarks say nothing of levels
    levels = _levels(found, listed)
    return tuple(HeadingMark(piece.span, listed.get(piece.span) or levels[_style(piece)]) for piece in found)


def _body(pieces: Sequence[Piece], in_tables: Mapping[tuple[float, bool], int]) -> tuple[float, bool]:
    """Return size and weight of most of the text; tables tell where there is hardly any text beside them."""
    prose: Counter[tuple[float, bool]] = Counter()
    for piece in pieces:
        if piece.span.length_chars > _MOST_CHARS or piece.lines > _MOST_LINES:
            prose[_style(piece)] += piece.span.length_chars
    counts = prose or Counter(in_tables) or Counter({_style(piece): 1 for piece in pieces})
    return counts.most_common(1)[0][0] if counts else (0.0, False)


def _listed(text: str, piece: Piece, outline: Mapping[int, Sequence[tuple[str, int]]]) -> int | None:
    """Return the level that the bookmarks give a paragraph of their page."""
    if piece.span.length_chars > _MOST_CHARS or piece.page not in outline:
        return None
    own = _key(piece.span.of(text))
    return next((min(level, _DEEPEST) for title, level in outline[piece.page] if own and own == title), None)


def outline_key(title: str) -> str:
    """Return what a bookmark and its heading share."""
    return _key(title)


def _key(title: str) -> str:
    return _KEY.sub("", title).lower()


def _looks(text: str, piece: Piece, body: float, *, bold_body: bool) -> bool:
    words = piece.span.of(text)
    if piece.lines > _MOST_LINES or len(words) > _MOST_CHARS or _FIGURES.fullmatch(words):
        return False
    if piece.item and not _NUMBERED.match(words):
        return False
    if _SENTENCE.search(words) or (words.endswith((".", ":")) and len(words) > 60):
        return False
    if not any(char.isalpha() for char in words) or words[:1].islower():
        return False
    larger = piece.size >= _LARGER * body
    bold = piece.bold and not bold_body and piece.size >= _BOLD_SIZE * body
    return (larger and not (words.endswith(".") and not piece.bold)) or bold


def _slants(text: str, piece: Piece, below: Piece | None, body: float) -> bool:
    """Tell whether a line in italics stands over a paragraph that is not."""
    if not piece.italic or piece.bold or piece.item or piece.lines > 2 or below is None:
        return False
    words = piece.span.of(text)
    titled = len(words) <= 90 and words[:1].isupper() and words[-1:].isalpha() and "," not in words
    over = below.page == piece.page and not below.italic and below.span.length_chars > 60
    return titled and over and abs(piece.size - body) < 1


def _style(piece: Piece) -> tuple[float, bool]:
    return piece.size, piece.bold


def _levels(found: Sequence[Piece], listed: Mapping[Span, int]) -> dict[tuple[float, bool], int]:
    """Give each style of heading a level: larger and bolder type stands above.

    A style that the bookmarks know has the level that they give it most often.
    """
    votes: dict[tuple[float, bool], Counter[int]] = defaultdict(Counter)
    for piece in found:
        if piece.span in listed:
            votes[_style(piece)][listed[piece.span]] += 1
    levels: dict[tuple[float, bool], int] = {}
    level = 0
    for style in sorted({_style(piece) for piece in found}, reverse=True):
        known = votes[style].most_common(1)[0][0] if style in votes else None
        level = known if known is not None else min(level + 1, _DEEPEST)
        levels[style] = level
    return levels
