"""Which kind of question is asked: by phrases (``kinds_of_question.tsv``), the heaviest and longest first."""

from __future__ import annotations

from functools import cache

from rapportsvar.model import QuestionKind
from rapportsvar.swedish.datafiles import data_lines
from rapportsvar.swedish.phrases import Phrase, compile_phrase, matching


@cache
def _phrases() -> tuple[Phrase, ...]:
    return tuple(
        compile_phrase(kind, phrase, position, float(weight))
        for kind, phrase, weight, position, *_ in data_lines("kinds_of_question.tsv")
    )


def kinds_of(question: str) -> dict[QuestionKind, float]:
    """Weigh the kinds that a question may be of, 0 to 1, heaviest first. Empty for bare keywords."""
    weights: dict[QuestionKind, tuple[float, int]] = {}
    for phrase in matching(_phrases(), question):
        kind = QuestionKind(phrase.label)
        weights[kind] = max(weights.get(kind, (0.0, 0)), (phrase.weight, phrase.length_chars))
    ordered = sorted(weights.items(), key=lambda item: item[1], reverse=True)
    return {kind: weight for kind, (weight, _) in ordered}


def kind_of(question: str) -> QuestionKind:
    """Return the likeliest kind."""
    return next(iter(kinds_of(question)), QuestionKind.OTHER)
