"""Taking a limit back: the question without the municipality, board or year that it names."""

from __future__ import annotations

from dataclasses import dataclass

from rapportsvar.engine.engine import Engine
from rapportsvar.model import Answer, Limiting
from rapportsvar.retrieval.set_aside import without
from rapportsvar.swedish.names import Gazetteer
from rapportsvar.swedish.periods import find_periods


@dataclass(frozen=True, slots=True)
class Limit:
    """A municipality, board or year that a question is limited to by its own words.

    Attributes:
        limiting: What it is.
        name: As it is shown.
        without: The question with those words taken out; None where they cannot be told from the rest.
    """

    limiting: Limiting
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

    def municipalities(self, question: str) -> frozenset[str]:
        """Return the municipalities that a question names."""
        return frozenset(mention.name for mention in self._names.municipalities(question, loose=True))

    def of(self, answer: Answer) -> tuple[Limit, ...]:
        """Return the limits that were taken from the words of a question."""
        question, filters = answer.standalone, answer.filters
        limits = []
        if filters.municipality:
            spans = [m.span for m in self._names.municipalities(question, loose=True)]
            limits.append(Limit(Limiting.MUNICIPALITY, filters.municipality, without(question, spans)))
        if filters.board:
            spans = [m.span for m in self._names.boards(question, loose=True)]
            limits.append(Limit(Limiting.BOARD, filters.board, without(question, spans)))
        if filters.years:
            spans = [p.span for p in find_periods(question) if p.period and not p.relative]
            named = ", ".join(str(y) for y in filters.years)
            limits.append(Limit(Limiting.YEARS, named, without(question, spans)))
        return tuple(limits)
