"""What a question does not want counted: *om man räknar bort lokalerna*, *administrationen borträknad*."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapportsvar.model import Span
from rapportsvar.swedish.words import Term

EXCLUDED = re.compile(
    r"\b(?:(?:om (?:man|vi) )?(?:räknar|räknat|räknas|bortser|bortsett|frånsett|bortser man) (?:bort|från)"
    r"|bortsett från|frånsett|exklusive|exkl\.?|förutom|utom|utan att räkna(?: med)?|excluding|except)"
    r"\s+([^,.;:?!]+)"
    r"|\b((?:\w+ och )?\w+)\s+(?:borträkna|oräkna|exkludera|undanta|utelämna|frånräkna)\w*",
    re.IGNORECASE,
)
"""What is not to be counted: *om man räknar bort lokalerna*, *administrationen borträknad*."""


def excluding_in(question: str) -> list[tuple[Span, Span]]:
    """Find what is not to be counted: each whole phrase, and within it what is left out."""
    return [
        (Span(*found.span()), Span(*found.span(found.lastindex or 0)))
        for found in EXCLUDED.finditer(question)
    ]


def keys_in(terms: Sequence[Term], spans: Sequence[Span]) -> tuple[str, ...]:
    """Return the keys of the words in some stretches; for a compound its first part, which says what kind."""
    keys: list[str] = []
    for span in spans:
        inside = [t for t in terms if span.start <= t.start and t.end <= span.end]
        for start in dict.fromkeys(t.start for t in inside):
            own = [t for t in inside if t.start == start]
            keys += [own[0].key, *(t.key for t in own[1:2])]
    return tuple(dict.fromkeys(keys))
