"""Finding phrases with gaps.

``är ... klart`` stands for both words with up to six words between, ``kost*`` for every word that begins so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

GAP = r"(?:\W+\w+){0,6}?\W+"


@dataclass(frozen=True)
class Phrase:
    """A phrase that says something of the text it stands in.

    Attributes:
        label: What it says.
        expression: How it is found, as a regular expression.
        weight: How surely it says so.
        length_chars: Of the phrase; a longer one is more telling.
        needs: Its longest word: without it there is no need to search.
    """

    label: str
    expression: str
    weight: float
    length_chars: int
    needs: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression, compiled when it is first needed: of a thousand phrases a question needs a few."""
        return re.compile(self.expression, re.IGNORECASE)


def compile_phrase(label: str, phrase: str, position: str, weight: float = 1.0) -> Phrase:
    """Make a phrase.

    Args:
        label: What it says.
        phrase: Lower case; `` ... `` stands for up to six words, ``*`` for any letters.
        position: ``start`` (of the text, or after a colon: *Åsbro: när ...*), ``any`` or ``whole`` (nothing
            but the phrase).
        weight: How surely it says so, 0 to 1.
    """
    pieces = [
        re.escape(piece.strip()).replace(r"\ ", r"\s+").replace(r"\*", r"\w*")
        for piece in phrase.split("...")
    ]
    middle = GAP.join(pieces)
    if phrase[:1].isalnum():
        middle = rf"(?<!\w){middle}"
    if phrase[-1:].isalnum():
        middle = rf"{middle}(?!\w)"
    start = {"start": r"(?:^|:)\W*", "whole": r"^\W*"}.get(position, "")
    end = r"\W*$" if position == "whole" else ""
    needs = max(re.split(r"[\s.*]+", phrase), key=len).lower()
    return Phrase(label, start + middle + end, weight, len(phrase), needs)


def matching(phrases: Iterable[Phrase], text: str) -> list[Phrase]:
    """Return the phrases that stand in a text."""
    lower = text.lower()
    return [phrase for phrase in phrases if phrase.needs in lower and phrase.pattern.search(text)]
