"""Which sentences of a passage answer: by meaning, by words, and by what the kind of question wants to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rapportsvar.index.entries import plain
from rapportsvar.model import QuestionKind, Span
from rapportsvar.retrieval.concepts import Concept
from rapportsvar.retrieval.question import Understood
from rapportsvar.swedish.cues import TRAITS, traits
from rapportsvar.swedish.words import Analyzer

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
SENTENCES_MAX = {QuestionKind.WHICH: 6, QuestionKind.WHY: 3}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence with how well it answers."""

    span: Span
    score: float


def weigh_sentences(
    spans: Sequence[Span],
    cosines: npt.NDArray[np.float32],
    text: str,
    understood: Understood,
    analyzer: Analyzer,
) -> list[Weighed]:
    """Score the sentences of a passage.

    Args:
        spans: The sentences.
        cosines: Of each with the question, ``(len(spans),)``.
        text: The report's text.
        understood: What is asked.
        analyzer: For the words of the sentences.
    """
    weighed = []
    for span, cosine in zip(spans, cosines, strict=True):
        words = plain(span.of(text))
        score = MEANING * float(cosine) + WORDS * _concepts_met(understood.concepts, analyzer, words)
        shown = dict(zip(TRAITS, traits(words), strict=True))
        for kind, weight in understood.kinds.items():
            if kind in WANTED:
                trait, worth = WANTED[kind]
                score += weight * worth * min(1.0, shown[trait] * (4 if trait == "amounts" else 1))
        weighed.append(Weighed(span, score))
    return weighed


def choose_sentences(weighed: Sequence[Weighed], kind: QuestionKind) -> list[Span]:
    """Return the sentences to light up, in reading order: the best, and those nearly as good."""
    if not weighed:
        return []
    scores = np.array([w.score for w in weighed])
    spread = float(scores.max() - scores.min())
    least = scores.max() - (1 - NEXT.get(kind, NEXT_DEFAULT)) * max(spread, 1e-6)
    order = np.argsort(-scores)[: SENTENCES_MAX.get(kind, 2)]
    chosen = [weighed[i].span for i in order if scores[i] >= least]
    return sorted(chosen)


def _concepts_met(concepts: Sequence[Concept], analyzer: Analyzer, words: str) -> float:
    """Sum the weights of the concepts that a sentence speaks of, in any wording."""
    terms = analyzer.terms(words)
    whole = {t.key for t in terms if not t.part}
    parts = {t.key for t in terms if t.part}
    met = 0.0
    for concept in concepts:
        best = 0.0
        for wording in concept.wordings:
            if all(key in whole for key in wording.keys):
                best = max(best, wording.weight)
            elif all(key in whole or key in parts for key in wording.keys):
                best = max(best, 0.6 * wording.weight)
        met += concept.weight * best
    return met
