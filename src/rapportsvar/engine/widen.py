"""Taking a limit back: the question without the municipality, board or year that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapportsvar.engine.engine import Engine
from rapportsvar.model import Answer, Span
from rapportsvar.swedish.names import Gazetteer
from rapportsvar.swedish.periods import find_periods

BEFORE = re.compile(r"(?:\b(?:i|för|från|hos|under|år|inom|på|av|till)\s+)+$", re.IGNORECASE)
BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Limit:
    """A municipality, board or year that a question is limited to by its own words.

    Attributes:
        name: As it is shown.
        without: The question with those words taken out; None where they cannot be told from the rest.
    """

    name: str
    without: str | None


class Limits:
    """Finds in a question what limits it. Over one index."""

    def __init__(self, engine: Engine) -> None:
        infos = [info for _, info in engine.index.reports.values()]
        self._names = Gazetteer(
            extra_municipalities=sorted({i.municipality for i in infos if i.municipality}),
            extra_boards=sorted({i.board for i in infos if i.board}),
        )

    def of(self, answer: Answer) -> tuple[Limit, ...]:
        """Return the limits that were taken from the words of a question."""
        question, filters = answer.standalone, answer.filters
        limits = []
        if filters.municipality:
            spans = [m.span for m in self._names.municipalities(question, loose=True)]
            limits.append(Limit(filters.municipality, _without(question, spans)))
        if filters.board:
            spans = [m.span for m in self._names.boards(question, loose=True)]
            limits.append(Limit(filters.board, _without(question, spans)))
        if filters.years:
            spans = [p.span for p in find_periods(question) if p.period and not p.relative]
            limits.append(Limit(", ".join(str(y) for y in filters.years), _without(question, spans)))
        return tuple(limits)


def _without(question: str, spans: Iterable[Span]) -> str | None:
    left = question
    for span in sorted(spans, reverse=True):
        head = BEFORE.sub("", left[: span.start])
        left = f"{head} {left[span.end :]}"
    left = re.sub(r"\s+([?.,!])", r"\1", BLANKS.sub(" ", left)).strip()
    return left if left and left != question else None
