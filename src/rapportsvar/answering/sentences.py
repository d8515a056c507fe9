"""Which sentences of a passage answer: by meaning, by words, and by what the kind of question wants."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rapportsvar.answering.compared import TELLS_CHANGE, asks_change
from rapportsvar.index.store import AnalysedSentence
from rapportsvar.model import QuestionKind, Span
from rapportsvar.retrieval.concepts import Reading
from rapportsvar.retrieval.question import Understood
from rapportsvar.retrieval.wanted import Wanted
from rapportsvar.swedish.cues import TRAITS, names_person

WANTED: dict[QuestionKind, tuple[str, float]] = {
    QuestionKind.WHY: ("cause", 0.5),
    QuestionKind.HOW_MUCH: ("amounts", 1.0),
    QuestionKind.WHO: ("person", 0.5),
    QuestionKind.WHEN: ("date", 0.7),
    QuestionKind.STATUS: ("status", 0.4),
    QuestionKind.DEFINITION: ("defines", 0.4),
    QuestionKind.WHICH: ("listing", 0.3),
}
MEANING = 12.0
WORDS = 1.0
NEXT = {QuestionKind.WHY: 0.55, QuestionKind.WHICH: 0.35}
"""How close to the best a second sentence must come, as a share of the spread, to be shown too."""
NEXT_DEFAULT = 0.8
MUST_HOLD: dict[QuestionKind, tuple[str, ...]] = {
    QuestionKind.HOW_MUCH: ("amounts",),
    QuestionKind.WHEN: ("date",),
    QuestionKind.WHO: ("person", "role"),
    QuestionKind.WHICH: ("listing",),
}
"""What an answer must hold, the best first: who did it is told by a name, or else by an office."""
SORTS = (Wanted.MONEY, Wanted.SHARE, Wanted.COUNT, Wanted.SPAN)
SURE_SORT = 0.7
"""From this weight on a question asks for one sort of amount."""
NO_CHANGE = 0.5
"""How far a sentence that tells of no change holds the amount of one."""
ENOUGH = 0.5
"""How far a sentence beside must hold what is wanted: a bare number may be money, an office a person."""
ASKS_AMOUNT = re.compile(
    r"\b(?:antal\w*|summan?|pris\w*|avgift\w*|belopp\w*|kostnad\w*|hur (?:stor|länge|ofta|dyr)\w*)\b",
    re.IGNORECASE,
)
BESIDE = (-2, -1, 1, 2, 3, 4)
"""Where, seen from a chosen sentence, one may stand that holds what it lacks."""
ITEMS_MAX = 6
STEPS = {"två": 2, "tre": 3, "fyra": 4, "fem": 5, "ett par": 2, "two": 2, "three": 3, "four": 4}
STEPS_DEFAULT = 3
_CAUSES = r"\w*(?:orsak|skäl|förklaring|anledning|faktor|omständighet)(?:er|ar)?(?:na|en)?"
_COUNTS = r"två|tre|fyra|fem|ett par|flera|många|(?<!av )olika|följande"
ANNOUNCES = re.compile(
    rf"\b(?P<counted>{_COUNTS})\s+(?:\w+\s+)?{_CAUSES}\b"
    rf"|\b{_CAUSES}\b[^.]{{0,80}}\bär\s+(?P<are>{_COUNTS})\b(?!\s+\w+\s*,)"
    rf"|\b(?:kan delas|delas|består|utgörs|beror)\s+(?:upp\s+)?(?:i|av|på)\s+(?P<parts>{_COUNTS})"
    r"\s+(?:delar|poster|saker|ting)\b"
    rf"|\b(?P<english>two|three|four|several)\s+(?:\w+\s+)?(?:reasons|causes|factors|explanations)\b",
    re.IGNORECASE,
)
"""``Underskottet har två orsaker.``: they stand in the sentences after it, as many as it says."""
_ONE_OF = (
    *("orsak", "skäl", "förklaring", "anledning", "faktor", "omständighet"),
    *("delar", "poster", "saker", "ting"),
    *("reason", "cause", "factor", "explanation"),
)
"""Without any of these a sentence cannot match, which is told in a thirtieth of the time."""
SHORT_CHARS = 80
"""Up to this length a passage of lines that are no sentences is lit whole."""
ENDS = (".", "!", "?")
SENTENCES_MAX = {QuestionKind.WHICH: 6, QuestionKind.WHY: 3}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence with how well it answers.

    ``holds`` tells how far it holds what the question wants, 0 to 1: an amount of the sort that is asked for,
    a date, a person.
    """

    span: Span
    score: float
    holds: float = 1.0


def weigh_sentences(
    sentences: Sequence[AnalysedSentence],
    cosines: npt.NDArray[np.float32],
    understood: Understood,
    looked_for: Sequence[Reading],
    text: str,
) -> list[Weighed]:
    """Score the sentences of a passage.

    Args:
        sentences: As the index holds them.
        cosines: Of each with the question, ``(len(sentences),)``.
        understood: What is asked.
        looked_for: Its concepts, made ready to be looked for.
        text: Of the report.
    """
    wanted = _traits_wanted(understood)
    change = asks_change(understood.searched)
    weighed = []
    for sentence, cosine in zip(sentences, cosines, strict=True):
        terms = frozenset(sentence.terms)
        score = MEANING * float(cosine) + WORDS * sum(r.weight * r.met_by(terms) for r in looked_for)
        shown = dict(zip(TRAITS, sentence.traits, strict=True))
        for kind, weight in understood.kinds.items():
            if kind in WANTED:
                trait, worth = WANTED[kind]
                score += weight * worth * min(1.0, shown[trait] * (4 if trait == "amounts" else 1))
        if "person" in wanted:
            shown["person"] = float(names_person(sentence.span.of(text), understood.searched))
        holds = _holds(shown, wanted)
        if change and not TELLS_CHANGE.search(sentence.span.of(text)):
            holds *= NO_CHANGE
        weighed.append(Weighed(sentence.span, score, holds))
    return weighed


def choose_sentences(weighed: Sequence[Weighed], kind: QuestionKind) -> list[Span]:
    """Return the sentences to light up, in reading order: the best, and those nearly as good."""
    if not weighed:
        return []
    scores = np.array([w.score for w in weighed])
    spread = float(scores.max() - scores.min())
    least = scores.max() - (1 - NEXT.get(kind, NEXT_DEFAULT)) * max(spread, 1e-6)
    order = np.argsort(-scores)[: SENTENCES_MAX.get(kind, 2)]
    return sorted(weighed[i].span for i in order if scores[i] >= least)


def _traits_wanted(understood: Understood) -> dict[str, float]:
    """Return what the answer must hold, where the question leaves no doubt, and what each of it is worth.

    *Hur länge* asks for a stretch of time: a sentence with another number does not answer it.
    """
    kind = next((k for k in understood.kinds if k in MUST_HOLD), None)
    sorts = {sort: weight for sort in SORTS if (weight := understood.wanted.get(sort, 0.0)) >= SURE_SORT}
    if sorts and kind in (None, QuestionKind.HOW_MUCH):
        most = max(sorts.values())
        return {sort.value: weight / most for sort, weight in sorts.items()}
    if kind is None and not understood.kinds and ASKS_AMOUNT.search(understood.searched):
        kind = QuestionKind.HOW_MUCH
    traits = MUST_HOLD[kind] if kind else ()
    return {trait: 1.0 / (1 + place) for place, trait in enumerate(traits)}


def _holds(shown: Mapping[str, float], wanted: Mapping[str, float]) -> float:
    """Tell how far a sentence holds what is wanted; a bare number is money, a share or a count by half."""
    return max(
        (
            worth * (shown[trait] if trait in SORTS else float(shown[trait] > 0))
            for trait, worth in wanted.items()
        ),
        default=1.0,
    )


def holding_beside(weighed: Sequence[Weighed], chosen: Sequence[Span]) -> list[Span]:
    """Return the sentence beside the chosen ones that holds what they lack.

    A sentence that names what is asked for is often followed by the one that gives the amount or the date.
    """
    places = [place for place, one in enumerate(weighed) if one.span in chosen]
    held = max((weighed[place].holds for place in places), default=1.0)
    near = {place + step for place in places for step in BESIDE} & set(range(len(weighed)))
    holding = [
        weighed[place] for place in near if weighed[place].holds > held and weighed[place].holds >= ENOUGH
    ]
    return [max(holding, key=lambda one: (one.holds, one.score)).span] if holding else []


def announcing(sentences: Sequence[Span], text: str) -> list[Span]:
    """Return the sentences that say that causes follow; for a why they are lit, whatever else is."""
    return [span for span in sentences if _announced(span.of(text))]


def with_items(chosen: Sequence[Span], sentences: Sequence[Span], text: str) -> list[Span]:
    """Light up what says nothing by itself: a lead-in without its items or causes, one of a few short lines.

    ``Lena Ek`` and ``Direktör`` stand on two lines and belong together.
    """
    short = len(sentences) > 1 and sentences[-1].end - sentences[0].start <= SHORT_CHARS
    if short and not any(span.of(text).rstrip().endswith((*ENDS, ":")) for span in sentences):
        return sorted(sentences)
    lit = set(chosen)
    for place, span in enumerate(sentences):
        if span in lit and span.of(text).rstrip().endswith(":"):
            lit.update(sentences[place + 1 : place + 1 + ITEMS_MAX])
        elif span in lit and (announced := _announced(span.of(text))):
            lit.update(sentences[place + 1 : place + 1 + _steps(announced)])
    return sorted(lit)


def _announced(sentence: str) -> re.Match[str] | None:
    lower = sentence.lower()
    return ANNOUNCES.search(sentence) if any(word in lower for word in _ONE_OF) else None


def _steps(announced: re.Match[str]) -> int:
    said = next(word for word in announced.groups() if word)
    return STEPS.get(said.lower(), STEPS_DEFAULT)
