"""What is said before the question itself: a reaction, an aside, or what the question is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ASKING = r"(?:hur|vad|var|när|varför|vem|vilk\w+|är|har|ska|finns|blir|går|kommer)"
_INTERJECTION = (
    r"okej|ok|oj|jaha|aha|nej|jo|ja|förlåt|tack|hm+|mm|jaså|skönt|konstigt|intressant|en (?:helt )?annan sak"
)
_NAMED = r"(?!(?:hälften|mycket|vilket)\b)\w{4,}(?:en|et|arna|erna|orna)\b"
_REACTION = re.compile(
    rf"^(?:(?![^?!.]*\b{_NAMED})[^?!.]{{1,60}}[?!.]+\s+(?=\w+\s+\w|(?:var|vaf)för|hur|när|orsak|anledning)"
    rf"|(?:{_INTERJECTION})\b[\s,.:!–-]+(?:(?:men|så)\s+)?)+",
    re.IGNORECASE,
)
"""A first sentence that names a thing is a premise, and stays: ``Skolskjutsen blev dyrare. Varför?``"""
_OPENING = re.compile(
    r"^(?:(?:och|men|okej)\s+)?(?:(?:tillbaka|åter)\s+till\s+|(?:när det gäller|vad gäller|angående)\s+)?"
    rf"(?P<thing>(?!{_ASKING}\b)[^,?!.:]{{2,50}}?)(?:\s+då)?[,:]\s+(?P<question>{_ASKING}\s.+)$",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:\s|en|jag|nu|annan|ny|nytt|byter|annat|sak|ämne|fråga|helt|till|något)+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a question is about, told before it.

    Attributes:
        thing: As written: ``gymnasiet``, ``Norrsäv``, ``2018``.
        question: What is asked of it.
        is_aside: It names nothing: ``jag byter ämne``.
    """

    thing: str
    question: str
    is_aside: bool


def opening_of(said: str) -> Opening | None:
    """``Tillbaka till gymnasiet, hur stort var underskottet?``; None where the question comes at once."""
    match = _OPENING.match(said)
    if not match:
        return None
    return Opening(match["thing"], match["question"], _ASIDE.fullmatch(match["thing"]) is not None)


def without_reaction(said: str) -> str:
    """Leave out what answers the answer: ``Oj, så mycket. Varför?``."""
    return _REACTION.sub("", said) or said
