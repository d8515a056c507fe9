"""The same question of other years, where the reports answer it."""

from __future__ import annotations

from dataclasses import dataclass

from rapportsvar.engine.engine import Engine
from rapportsvar.engine.widen import Limits
from rapportsvar.model import Answer, Limiting

YEARS_MAX = 3


@dataclass(frozen=True, slots=True)
class OtherYear:
    """A year with the question that asks for it."""

    year: int
    question: str


def other_years(engine: Engine, limits: Limits, answer: Answer) -> tuple[OtherYear, ...]:
    """Return the other years for which the same board's reports answer the question.

    Args:
        engine: The open index.
        limits: Finds the year that the question names.
        answer: The answer that was given.
    """
    if not answer.found or not answer.hits:
        return ()
    info = answer.hits[0].report
    whose = (info.municipality, info.board)
    reports = [i for _, i in engine.index.reports.values() if (i.municipality, i.board) == whose]
    years = sorted({i.year for i in reports if i.year and i.year != info.year}, reverse=True)
    stem = _without_year(limits, answer)
    if not info.municipality or stem is None:
        return ()
    place = "" if answer.filters.municipality else f" i {info.municipality}"
    candidates = [OtherYear(year, f"{stem}{place} {year}?") for year in years[:YEARS_MAX]]
    return tuple(c for c in candidates if _is_answered(engine, c, whose))


def _without_year(limits: Limits, answer: Answer) -> str | None:
    stem: str | None = answer.standalone
    if answer.filters.years:
        stem = next((m.without for m in limits.of(answer) if m.limiting is Limiting.YEARS), None)
    return stem.rstrip(" ?.!") if stem else None


def _is_answered(engine: Engine, candidate: OtherYear, whose: tuple[str, str]) -> bool:
    answer = engine.ask(candidate.question, top=1)
    if not answer.found:
        return False
    info = answer.hits[0].report
    return (info.municipality, info.board) == whose and info.year == candidate.year
