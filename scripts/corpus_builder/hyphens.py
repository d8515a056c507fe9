"""Where a Swedish word may be divided at the end of a line, well enough for invented reports."""

from __future__ import annotations

import re
from collections.abc import Iterator

_VOWELS = "aeiouyåäöé"
# Before the last of the consonants between two vowels.
_BREAK = re.compile(rf"(?<=[{_VOWELS}])[^\W\d_{_VOWELS}]*?(?=[^\W\d_{_VOWELS}][{_VOWELS}])")


def divide(word: str) -> Iterator[tuple[str, str]]:
    """Yield the two halves of every division of ``word``, the longest first half first."""
    lower = word.lower()
    places = {match.end() for match in _BREAK.finditer(lower)}
    for place in sorted(places, reverse=True):
        if 4 <= place <= len(word) - 4 and word.isalpha():
            yield word[:place], word[place:]
