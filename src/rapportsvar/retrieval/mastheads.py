"""The head of a report names whose it is, its number and date, and so is near to every question that does.

*Lindsjö kommun. Socialnämnden. Datum: 2024-10-09.* What a report says of itself answers few questions, and
those ask for it by name: *vem är handläggare?* For all others it stands back behind what the report tells.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from rapportsvar.index.entries import Entry
from rapportsvar.index.opened import OpenIndex
from rapportsvar.model import EntryKind, QuestionKind
from rapportsvar.retrieval.question import Understood
from rapportsvar.swedish.tokens import tokens

HEAD_CHARS = 1_500
"""How far from the beginning of a report its head may stand."""
HEAD_LENGTH_CHARS = 250
"""A longer passage is more than a head."""
ASKING_OF_IT = (QuestionKind.WHO, QuestionKind.WHEN)
"""Kinds of question that a head may well answer."""
_WORD = r"[\w%–-]+(?:[.,:/]\w+)*"
_SENTENCE = re.compile(rf"(?:^|\s)(?:{_WORD},?\s+){{4,}}{_WORD}\)?[.!?:](?:\s|$)")
"""Five words and a full stop: more than a name, a number and a date."""
_NAME = re.compile(r"\b([A-ZÅÄÖ][a-zåäö]{2,})(?=:| \S*\d)")
"""What a line gives: ``Datum: 2024-10-09``, ``Diarienummer SN 2024/0214``."""

Places = npt.NDArray[np.int64]


def heads_last(order: Places, places: Places, index: OpenIndex, understood: Understood) -> Places:
    """Put heads of reports behind the rest.

    Args:
        order: The first of the ranked candidates, best first: places in ``places``.
        places: Places of the entries.
        index: The index.
        understood: The question.
    """
    if understood.kind in ASKING_OF_IT:
        return order
    some = index.entries[places[order]]
    near = (some["start"] < HEAD_CHARS) & ~some["is_row"]
    if not near.any():
        return order
    asked = {token.text.lower() for token in tokens(understood.searched) if token.is_word}
    behind = np.zeros(len(order), np.bool_)
    for number in np.flatnonzero(near).tolist():
        _, entry = index.store.entry(int(index.entries["id"][places[order[number]]]))
        behind[number] = is_head(entry) and not _named_in(entry, asked)
    put: Places = order[np.argsort(behind, kind="stable")]
    return put


def is_head(entry: Entry) -> bool:
    """Tell whether a passage is of a report's head: a few words under its title, none of them a sentence."""
    if entry.kind is not EntryKind.PASSAGE or len(entry.section) > 1:
        return False
    return len(entry.body) <= HEAD_LENGTH_CHARS and not _SENTENCE.search(entry.body)


def _named_in(entry: Entry, asked: set[str]) -> bool:
    """Tell whether a question asks for what the head gives by its name: ``Diarienummer``, ``Handläggare``."""
    return any(word.lower() in asked for word in _NAME.findall(entry.body))
