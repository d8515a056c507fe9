"""What is not answered, and why: nothing is asked, an opinion is, or something of a private person.

Only the wording of the question is judged here. Whether a municipality, a board or a year is indexed is
judged with the index at hand, in ``question.py``.
"""

from __future__ import annotations

import re
from functools import cache

from rapportsvar.model import Reason
from rapportsvar.swedish.datafiles import data_lines
from rapportsvar.swedish.phrases import Phrase, compile_phrase, matching

LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W\d_]{2,}")
IDENTITY_NUMBER = re.compile(r"\b(?:19|20)?\d{6}[-+]\d{4}\b")
CODE = re.compile(r"[<>{}\[\]\\|=;`]|--|\$\(|&&")
CODE_MARKS_MAX = 3


@cache
def _phrases() -> tuple[Phrase, ...]:
    return tuple(
        compile_phrase(reason, phrase, position) for reason, phrase, position, *_ in data_lines("scope.tsv")
    )


def refusal(question: str, *, chars_max: int) -> Reason | None:
    """Tell why a question is not answered at all; None where it may be."""
    stripped = "".join(c for c in question if c.isprintable()).strip()
    if not stripped:
        return Reason.EMPTY
    if len(question) > chars_max:
        return Reason.TOO_LONG
    if (
        not LETTER.search(stripped)
        or len(CODE.findall(stripped)) > CODE_MARKS_MAX
        or not WORD.search(stripped)
    ):
        return Reason.NOT_A_QUESTION
    if IDENTITY_NUMBER.search(stripped):
        return Reason.PERSONAL
    reasons = {Reason(phrase.label) for phrase in matching(_phrases(), stripped)}
    for reason in (Reason.NOT_A_QUESTION, Reason.PERSONAL, Reason.OPINION):
        if reason in reasons:
            return reason
    return None
