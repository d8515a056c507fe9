"""A question without the municipality, board or years that it names, where the asker took that limit away."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapportsvar.model import Span

BEFORE = re.compile(
    r"(?:\b(?:i|för|från|hos|under|år|inom|på|av|till|enligt|ur|utifrån)\s+)+$", re.IGNORECASE
)
BLANKS = re.compile(r"\s+")


def without(question: str, spans: Iterable[Span]) -> str | None:
    """Take words out of a question, with the preposition before them.

    None where nothing would be left, or nothing taken.
    """
    left = question
    for span in sorted(spans, reverse=True):
        head = BEFORE.sub("", left[: span.start])
        left = f"{head} {left[span.end :]}"
    left = re.sub(r"\s+([?.,!])", r"\1", BLANKS.sub(" ", left)).strip()
    return left if left.strip("?.,! ") and left != question else None
