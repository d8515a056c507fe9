"""What an answer must hold: money, a share, a count, a stretch of time, a name (``wanted.tsv``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache

from rapportsvar.retrieval.concepts import Concept
from rapportsvar.swedish.datafiles import data_lines
from rapportsvar.swedish.phrases import Phrase, compile_phrase, matching


class Wanted(StrEnum):
    """What is asked for; the values name traits of ``swedish.cues``."""

    MONEY = "money"
    SHARE = "share"
    COUNT = "count"
    SPAN = "span"
    NAME = "name"


CALLED_WEIGHT = 0.7
"""How surely *vilken förening* wants the name of one."""
FOCUS_WEIGHT = 0.9
"""Names of municipalities, boards and periods weigh less than this."""

OVERRULED: dict[Wanted, tuple[Wanted, ...]] = {
    Wanted.SHARE: (Wanted.MONEY, Wanted.COUNT),
    Wanted.SPAN: (Wanted.COUNT,),
    Wanted.MONEY: (Wanted.COUNT,),
}
"""The surer of two: *hur stor andel av kostnaden* asks for a share, *hur många kronor* for money."""


@cache
def _phrases() -> tuple[Phrase, ...]:
    return tuple(
        compile_phrase(what, phrase, position, float(weight))
        for what, phrase, weight, position, *_ in data_lines("wanted.tsv")
        if what in set(Wanted)
    )


@cache
def _measures() -> frozenset[str]:
    return frozenset(word for what, word, *_ in data_lines("wanted.tsv") if what == "measure")


@cache
def _asks_name() -> re.Pattern[str]:
    called = "|".join(word for what, word, *_ in data_lines("wanted.tsv") if what == "called")
    return re.compile(rf"\bvilk(?:en|et|a)\s+(?:\w+\s+){{0,2}}?\w*(?:{called})\b", re.IGNORECASE)


def wanted_of(question: str) -> dict[Wanted, float]:
    """Weigh what the answer must hold, 0 to 1. Empty where anything may answer."""
    weights: dict[Wanted, float] = {}
    for phrase in matching(_phrases(), question):
        what = Wanted(phrase.label)
        weights[what] = max(weights.get(what, 0.0), phrase.weight)
    if _asks_name().search(question):
        weights[Wanted.NAME] = max(weights.get(Wanted.NAME, 0.0), CALLED_WEIGHT)
    kept = dict(weights)
    for sure, others in OVERRULED.items():
        for other in others:
            if weights.get(sure, 0.0) >= max(0.9, weights.get(other, 0.0)):
                kept.pop(other, None)
    return kept


def focus_of(concepts: Sequence[Concept]) -> int | None:
    """Return the place of the concept that is asked about: the first that is no name and no measure."""
    for place, concept in enumerate(concepts):
        own = concept.wordings[0].keys if concept.wordings else ()
        if concept.weight >= FOCUS_WEIGHT and own and not _measures().intersection(own):
            return place
    return None
