"""From rows to figures: means over questions, figures of a whole set, each with its bootstrap interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from rapportsvar.evaluation.bootstrap import (
    RESAMPLES,
    Floats,
    draw_weights,
    interval,
    weighted_auroc,
    weighted_mean,
    weighted_percentile,
)
from rapportsvar.evaluation.measures import KEPT, MEASURES, REFUSED
from rapportsvar.evaluation.rows import QuestionRow


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval.

    Attributes:
        value: The figure itself, over all questions that it applies to.
        low: Lower end; None where fewer than two questions, or none of the kind needed, were drawn.
        high: Upper end.
        questions: How many questions it applies to.
    """

    value: float
    low: float | None
    high: float | None
    questions: int


Summary = Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows as columns, NaN where nothing was measured: each ``(n,)``."""

    measures: Mapping[str, Floats]
    confidence: Floats
    answerable: NDArray[np.bool_]
    elapsed_ms: Floats

    def of(self, name: str) -> Floats:
        """Return the values of a measure."""
        return self.measures.get(name, np.full(len(self.answerable), np.nan))


@dataclass(frozen=True, slots=True)
class SetFigure:
    """A figure of a whole set: ``under`` gives it for each row of weights; ``count``, what it rests on."""

    name: str
    under: Callable[[Columns, Floats], Floats]
    count: Callable[[Columns], int]


def _balanced(columns: Columns, weights: Floats) -> Floats:
    kept, refused = columns.of(KEPT.name), columns.of(REFUSED.name)
    both: Floats = (weighted_mean(kept, weights) + weighted_mean(refused, weights)) / 2
    return both


def _auroc(columns: Columns, weights: Floats) -> Floats:
    return weighted_auroc(columns.confidence, columns.answerable, weights)


def _elapsed(share: float) -> Callable[[Columns, Floats], Floats]:
    return lambda columns, weights: weighted_percentile(columns.elapsed_ms, share, weights)


def _count_all(columns: Columns) -> int:
    return len(columns.answerable)


def _count_timed(columns: Columns) -> int:
    return int((~np.isnan(columns.elapsed_ms)).sum())


BALANCED = SetFigure("balanced accuracy", _balanced, _count_all)
AUROC = SetFigure("AUROC", _auroc, _count_all)
P50 = SetFigure("elapsed ms p50", _elapsed(0.5), _count_timed)
P95 = SetFigure("elapsed ms p95", _elapsed(0.95), _count_timed)
SET_FIGURES = (BALANCED, AUROC, P50, P95)

LESS_IS_BETTER = frozenset({P50.name, P95.name})


def summarise(
    rows: Sequence[QuestionRow], *, resamples: int = RESAMPLES, seed: int = 0
) -> dict[str, Estimate]:
    """Return every figure that ``rows`` have, by name, with its interval."""
    if not rows:
        return {}
    columns = columns_of(rows)
    weights = draw_weights(len(rows), resamples, seed)
    figures = {
        measure.name: _estimate_mean(columns.of(measure.name), weights)
        for measure in MEASURES
        if measure.name in columns.measures
    }
    figures |= {figure.name: _estimate(figure, columns, weights) for figure in SET_FIGURES}
    return {name: figure for name, figure in figures.items() if not np.isnan(figure.value)}


def summarise_by(
    rows: Sequence[QuestionRow],
    key: Callable[[QuestionRow], str],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> dict[str, dict[str, Estimate]]:
    """Return the figures of each group of rows that have one ``key``, sorted by it."""
    groups: dict[str, list[QuestionRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return {name: summarise(groups[name], resamples=resamples, seed=seed) for name in sorted(groups)}


def columns_of(rows: Sequence[QuestionRow]) -> Columns:
    """Return ``rows`` as columns."""
    names = {name for row in rows for name in row.measures}
    return Columns(
        {name: np.array([row.measures.get(name, np.nan) for row in rows]) for name in names},
        np.array([row.confidence for row in rows], dtype=np.float64),
        np.array([row.answerable for row in rows], dtype=np.bool_),
        np.array([np.nan if row.elapsed_ms is None else row.elapsed_ms for row in rows], dtype=np.float64),
    )


def _estimate_mean(values: Floats, weights: Floats) -> Estimate:
    known = values[~np.isnan(values)]
    # statistics.mean is exact, as in the judge: a figure on the border rounds the same way.
    return _with_interval(float(mean(known.tolist())), weighted_mean(values, weights), len(known))


def _estimate(figure: SetFigure, columns: Columns, weights: Floats) -> Estimate:
    once = np.ones((1, len(columns.answerable)))
    value = float(figure.under(columns, once)[0])
    return _with_interval(value, figure.under(columns, weights), figure.count(columns))


def _with_interval(value: float, samples: Floats, questions: int) -> Estimate:
    ends = interval(samples) if questions > 1 else None
    low, high = ends or (None, None)
    return Estimate(value, low, high, questions)
