"""Questions that follow an answer, where the reports answer them: the same of other years, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapportsvar.answering.series import Point, Series
from rapportsvar.engine.engine import Engine
from rapportsvar.engine.widen import Limits
from rapportsvar.model import Answer, Hit, Limiting, QuestionKind

YEARS_MAX = 4
WHY = "Varför?"


@dataclass(frozen=True, slots=True)
class OtherYear:
    """A year with the question that asks for it."""

    year: int
    question: str


def other_years(
    engine: Engine, limits: Limits, answer: Answer, series: Series | None = None
) -> tuple[OtherYear, ...]:
    """Return the other years for which the same board's reports answer the question.

    Args:
        engine: The open index.
        limits: Finds the year that the question names.
        answer: The answer that was given.
        series: The figure that answers over several periods: its years are asked for too.
    """
    if not answer.found or not answer.hits:
        return ()
    hit = answer.hits[0]
    info = hit.report
    whose = (info.municipality, info.board)
    reports = [i for _, i in engine.index.reports.values() if (i.municipality, i.board) == whose]
    points = series.points if series else ()
    here = {p.period.year for p in points if _is_at(hit, p)}
    answered: set[int | None] = {*here} or {info.year, *answer.filters.years}
    known: set[int] = {i.year for i in reports if i.year} | {p.period.year for p in points}
    stem = _without_year(limits, answer)
    if not info.municipality or stem is None:
        return ()
    place = "" if answer.filters.municipality else f" i {info.municipality}"
    years = sorted((year for year in known if year not in answered), reverse=True)[:YEARS_MAX]
    candidates = [OtherYear(year, f"{stem}{place} {year}?") for year in years]
    return tuple(c for c in candidates if _is_answered(engine, c, whose, points))


def why(engine: Engine, answer: Answer, history: Sequence[str] = ()) -> str | None:
    """Return the question why, where the report explains the row that answers and the reports answer it.

    Args:
        engine: The open index.
        answer: The answer that was given.
        history: Earlier questions of the conversation, oldest first.
    """
    if not answer.found or answer.kind is QuestionKind.WHY or not answer.hits or not answer.hits[0].cells:
        return None
    hit = answer.hits[0]
    if not engine.explain(hit.source, hit.cells[0].span, top=1):
        return None
    then = engine.ask(WHY, (*history, answer.question), top=1)
    return WHY if then.found and then.kind is QuestionKind.WHY else None


def _without_year(limits: Limits, answer: Answer) -> str | None:
    stem: str | None = answer.standalone
    if answer.filters.years:
        stem = next((m.without for m in limits.of(answer) if m.limiting is Limiting.YEARS), None)
    return stem.rstrip(" ?.!") if stem else None


def _is_answered(
    engine: Engine, candidate: OtherYear, whose: tuple[str, str], points: Sequence[Point]
) -> bool:
    answer = engine.ask(candidate.question, top=1)
    if not answer.found:
        return False
    hit = answer.hits[0]
    if (hit.report.municipality, hit.report.board) != whose:
        return False
    there = any(p.period.year == candidate.year and _is_at(hit, p) for p in points)
    return there or hit.report.year == candidate.year


def _is_at(hit: Hit, point: Point) -> bool:
    places = ((point.source, point.span), *point.elsewhere)
    return any((hit.source, cell.span) in places for cell in hit.cells)
