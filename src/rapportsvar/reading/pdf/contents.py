"""Tables of contents: rows of a title, dots and a page number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapportsvar.reading.pdf.lines import TEXT, Remaining
from rapportsvar.reading.pdf.words import Word

_LEADER = re.compile(r"(?:[.…_]\s?){4,}")
_TITLE = re.compile(r"innehåll(?:sförteckning)?:?", re.IGNORECASE)
_PAGED = re.compile(r"(?=.*?[^\W\d_]{2}).*[\s.…](\d{1,3})")
_LEAST = 3


def find_contents(words: Remaining) -> tuple[list[list[Word]], Remaining]:
    """Return the rows of a table of contents, its title among them, and the other words of the page."""
    rows = words.rows
    texts = [" ".join(map(TEXT, row)) for row in rows]
    title = next((place for place, text in enumerate(texts) if _TITLE.fullmatch(text)), None)
    led = []
    if _LEADER.search("\n".join(texts)):
        led = [place for place, text in enumerate(texts) if _LEADER.search(text)]
    if len(led) < _LEAST:
        led = _paged(texts, title) if title is not None else []
    if len(led) < (2 if title is not None else _LEAST):
        return [], words
    first, last = min(led), max(led)
    if title is not None and first - 4 <= title < first:
        first = title
    inside = rows[first : last + 1]
    return inside, words.without({id(word) for row in inside for word in row})


def _paged(texts: Sequence[str], title: int) -> list[int]:
    """Return the rows below the title that end with a page number, as long as the numbers rise."""
    found: list[int] = []
    last, missed = 0, 0
    for place in range(title + 1, len(texts)):
        match = _PAGED.fullmatch(texts[place])
        if match and int(match[1]) >= last:
            last, missed = int(match[1]), 0
            found.append(place)
        else:
            missed += 1
            if missed > 1:
                break
    return found
