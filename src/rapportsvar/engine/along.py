"""What goes along with an answer: its figure over time, questions that follow, other reports beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapportsvar.answering.comparison import chart_of
from rapportsvar.answering.series import Series
from rapportsvar.engine.engine import Engine
from rapportsvar.engine.follow_ups import OtherYear, other_years, why
from rapportsvar.engine.widen import Limits
from rapportsvar.model import Answer, Hit, QuestionKind

BESIDE_MAX = 4
"""Reports held side by side at most."""


@dataclass(frozen=True, slots=True)
class Along:
    """What goes along with an answer.

    Attributes:
        series: The figure that answers over several periods; None where there is one period only.
        why: The question why, where the report explains the figure.
        others: The same question of other years.
    """

    series: Series | None = None
    why: str | None = None
    others: tuple[OtherYear, ...] = ()


def along(engine: Engine, limits: Limits, answer: Answer, history: Sequence[str] = ()) -> Along:
    """Find what goes along with an answer.

    Args:
        engine: The open index.
        limits: Finds what the question names.
        answer: The answer that was given.
        history: Earlier questions of the conversation, oldest first.
    """
    if not answer.found or not answer.hits:
        return Along()
    series = _series(engine, answer.hits[0])
    return Along(
        series=series,
        why=why(engine, answer, history),
        others=other_years(engine, limits, answer, series),
    )


def side_by_side(limits: Limits, answer: Answer) -> tuple[Hit, ...]:
    """Return the best place of each report, where a question compares and several reports are hit.

    A question compares by its words, or by naming several municipalities: then only theirs are held, and
    each of them before a second report of one; of several of one, the one of the year that the first is of.
    """
    named = limits.municipalities(answer.standalone)
    if answer.kind is not QuestionKind.COMPARISON and len(named) < 2:
        return ()
    best: dict[str, Hit] = {}
    for hit in answer.hits:
        if len(named) < 2 or hit.report.municipality in named:
            best.setdefault(hit.source, hit)
    order = list(dict.fromkeys(hit.report.municipality for hit in best.values()))
    turns: dict[str, int] = {}
    placed: list[tuple[int, int, Hit]] = []
    year = next((hit.report.year for hit in best.values()), None)
    for hit in sorted(best.values(), key=lambda hit: hit.report.year != year):
        whose = hit.report.municipality
        turns[whose] = turns.get(whose, 0) + 1
        placed.append((turns[whose], order.index(whose), hit))
    placed.sort(key=lambda place: place[:2])
    held = tuple(hit for _, _, hit in placed[:BESIDE_MAX])
    return held if len(held) > 1 else ()


def _series(engine: Engine, hit: Hit) -> Series | None:
    if not hit.cells:
        return None
    series = engine.series_of(hit.source, hit.cells[0].span)
    return series if series is not None and chart_of(series).is_drawn else None
