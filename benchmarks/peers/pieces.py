"""Where pieces stand in their text, for peers that do not tell, and the cut for those that have none of
their own.
"""

from __future__ import annotations

import re


def place(piece: str, text: str, after: int) -> tuple[int, int]:
    """Return where a piece stands in its text, at or after a place; blanks at its ends do not count."""
    words = piece.strip()
    at = text.find(words, after)
    at = text.find(words) if at < 0 else at
    if at < 0:
        raise ValueError(f"a piece is not in its text: {words[:60]!r}")
    return at, at + len(words)


def paragraphs(text: str, chars: int) -> list[tuple[int, int]]:
    """Return the paragraphs between blank lines, cut at a line's end where longer than ``chars``."""
    found = []
    for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text):
        start, end = match.span()
        while chars and end - start > chars:
            cut = max(text.rfind("\n", start, start + chars), text.rfind(". ", start, start + chars) + 1)
            cut = cut if cut > start else start + chars
            found.append((start, cut))
            start = cut
        if text[start:end].strip():
            found.append((start, end))
    return found
