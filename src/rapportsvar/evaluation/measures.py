"""Measures as values, after ir_measures: a name and what it makes of the judgement of one question.

A measure gives None for a question that it does not apply to; a question that should have been answered and
was not counts as 0. Means are taken elsewhere (``figures.py``), over rows that are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rapportsvar.evaluation.judge import Judgement, plain

Of = Callable[[Judgement], float | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of one question: ``of`` gives 0 to 1, more is better, or None where it does not apply."""

    name: str
    of: Of


def _of_answerable(of: Callable[[Judgement], float]) -> Of:
    return lambda judgement: of(judgement) if judgement.gold.answerable else None


def hit(k: int) -> Measure:
    """Whether all groups of full evidence are covered by the first ``k`` hits."""
    return Measure(f"hit@{k}", _of_answerable(lambda j: float(j.rank is not None and j.rank <= k)))


def mrr(k: int) -> Measure:
    """One divided by the rank at which all groups are covered, 0 below rank ``k``."""
    return Measure(f"mrr@{k}", _of_answerable(lambda j: 1 / j.rank if j.rank and j.rank <= k else 0.0))


def within(chars: int) -> Measure:
    """Whether the question is answered within ``chars`` characters read from the first hit on."""
    return Measure(
        f"within {chars} chars",
        _of_answerable(lambda j: float(j.read_chars is not None and j.read_chars <= chars)),
    )


def value(k: int) -> Measure:
    """Whether all values asked for are among the marked words of the first ``k`` hits."""
    return Measure(f"value@{k}", lambda judgement: _value(judgement, k))


NDCG_10 = Measure("ndcg@10", lambda j: j.gain / j.ideal_gain if j.gold.answerable else None)
HIGHLIGHT_F1 = Measure("highlight F1@3", lambda j: j.highlight_f1 if j.gold.answerable else None)
GROUPS_FOUND = Measure("groups found", lambda j: j.groups_found if j.gold.answerable else None)
KEPT = Measure("answerable kept", lambda j: float(j.found) if j.gold.answerable else None)
REFUSED = Measure("unanswerable refused", lambda j: None if j.gold.answerable else float(not j.found))
REASON_RIGHT = Measure(
    "reason right", lambda j: float(j.reason == j.gold.reason) if j.gold.reason is not None else None
)
QUOTES_EXACT = Measure("quotes exact", lambda j: None if j.exact is None else float(j.exact))
PAGE_1 = Measure("page@1", lambda j: None if j.page_right is None else float(j.page_right))

MEASURES: tuple[Measure, ...] = (
    *(hit(k) for k in (1, 3, 10)),
    mrr(10),
    NDCG_10,
    *(within(chars) for chars in (1500, 4000)),
    HIGHLIGHT_F1,
    GROUPS_FOUND,
    *(value(k) for k in (1, 3)),
    PAGE_1,
    KEPT,
    REFUSED,
    REASON_RIGHT,
    QUOTES_EXACT,
)


def measure_all(judgement: Judgement) -> dict[str, float]:
    """Return the row of a question: each measure that applies, by name."""
    row = {measure.name: measure.of(judgement) for measure in MEASURES}
    return {name: value for name, value in row.items() if value is not None}


def _value(judgement: Judgement, k: int) -> float | None:
    if not (judgement.gold.answerable and judgement.gold.values):
        return None
    marked = plain(" ".join(judgement.marked[:k]))
    return float(all(plain(value) in marked for value in judgement.gold.values))
