"""Two runs, question by question: is the later one better, or is it the questions?

Paired throughout: each test looks at the difference on one and the same question. The permutation test is
that of Smucker, Allan and Carterette, A Comparison of Statistical Significance Tests for Information
Retrieval Evaluation (CIKM 2007). The p-values are not corrected for the number of measures looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import comb

import numpy as np

from rapportsvar.evaluation.bootstrap import Floats, draw_weights, interval, weighted_mean
from rapportsvar.evaluation.figures import SET_FIGURES, Columns, SetFigure, columns_of
from rapportsvar.evaluation.measures import MEASURES
from rapportsvar.evaluation.rows import QuestionRow
from rapportsvar.evaluation.run import Run, SetRun

PERMUTATIONS = 10_000
EXACT_UP_TO = 12
SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """A figure in both runs, over the questions that both hold.

    Attributes:
        questions: How many it applies to in both.
        low: Lower end of the 95 % interval of the difference, by paired bootstrap.
        p_permutation: Two-sided, by flipping the signs of the differences; None for a figure of a whole set.
        p_sign: Two-sided sign test: as many won as lost? None for a figure of a whole set.
        won: Ids of the questions that became better.
        lost: Ids of the questions that became worse.
    """

    name: str
    questions: int
    before: float
    after: float
    low: float | None
    high: float | None
    p_permutation: float | None = None
    p_sign: float | None = None
    won: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def difference(self) -> float:
        """After minus before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class SetComparison:
    """One gold set in two runs.

    Attributes:
        changed: Before and after, for each question that any measure sees a difference in.
        same_set: Whether the file was the same to the byte. If not, questions of one id may differ.
        only_before: Ids that the later run lacks.
        only_after: Ids that the earlier run lacks.
    """

    name: str
    changes: tuple[Change, ...]
    changed: tuple[tuple[QuestionRow, QuestionRow], ...]
    same_set: bool
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs. ``unpaired`` names the gold sets that only one of them holds."""

    before: Run
    after: Run
    sets: tuple[SetComparison, ...]
    unpaired: tuple[str, ...]


def compare(before: Run, after: Run) -> Comparison:
    """Compare two runs over the gold sets and the questions that both hold."""
    earlier, later = ({one.name: one for one in run.sets} for run in (before, after))
    paired = tuple(_compare_sets(earlier[name], later[name], after) for name in later if name in earlier)
    return Comparison(before, after, paired, tuple(sorted(earlier.keys() ^ later.keys())))


def permutation_p(differences: Floats, *, permutations: int = PERMUTATIONS, seed: int = 0) -> float:
    """How often random signs of ``differences`` ((n,)) give a sum as far from 0; two-sided.

    Exact where at most twelve differ from 0, else by ``permutations`` draws, with one added above and below
    (Davison and Hinkley, 1997, section 4.3).
    """
    told = differences[np.abs(differences) > SAME]
    if not told.size:
        return 1.0
    observed = abs(told.sum()) - SAME
    if told.size <= EXACT_UP_TO:
        signs = np.array(list(product((-1.0, 1.0), repeat=told.size)))
        return float((np.abs(signs @ told) >= observed).mean())
    drawn = np.random.default_rng(seed).integers(0, 2, size=(permutations, told.size)) * 2.0 - 1.0
    return float((int((np.abs(drawn @ told) >= observed).sum()) + 1) / (permutations + 1))


def sign_p(won: int, lost: int) -> float:
    """Two-sided sign test, exact: the chance of a split at least as uneven if both were as likely."""
    total, fewer = won + lost, min(won, lost)
    return min(1.0, sum(comb(total, k) for k in range(fewer + 1)) / 2.0 ** (total - 1))


def _compare_sets(before: SetRun, after: SetRun, run: Run) -> SetComparison:
    earlier, later = ({row.id: row for row in one.rows} for one in (before, after))
    pairs = tuple((earlier[name], later[name]) for name in later if name in earlier)
    return SetComparison(
        after.name,
        _changes(pairs, run.resamples, run.seed) if pairs else (),
        tuple((old, new) for old, new in pairs if _differ(old, new)),
        before.sha256 == after.sha256,
        tuple(name for name in earlier if name not in later),
        tuple(name for name in later if name not in earlier),
    )


def _differ(old: QuestionRow, new: QuestionRow) -> bool:
    return any(
        abs(old.measures[name] - new.measures[name]) > SAME for name in old.measures.keys() & new.measures
    )


def _changes(
    pairs: Sequence[tuple[QuestionRow, QuestionRow]], resamples: int, seed: int
) -> tuple[Change, ...]:
    old, new = columns_of([pair[0] for pair in pairs]), columns_of([pair[1] for pair in pairs])
    ids = [pair[1].id for pair in pairs]
    weights = draw_weights(len(pairs), resamples, seed)
    means = (_change_of_mean(measure.name, ids, old, new, weights) for measure in MEASURES)
    figures = (_change_of_set(figure, old, new, weights) for figure in SET_FIGURES)
    return tuple(change for change in (*means, *figures) if change is not None)


def _change_of_mean(
    name: str, ids: Sequence[str], old: Columns, new: Columns, weights: Floats
) -> Change | None:
    before, after = old.of(name), new.of(name)
    paired = ~np.isnan(before) & ~np.isnan(after)
    if not paired.any():
        return None
    difference = after - before
    low, high = interval(weighted_mean(difference, weights)) or (None, None)
    won = tuple(ids[place] for place in np.flatnonzero(difference > SAME).tolist())
    lost = tuple(ids[place] for place in np.flatnonzero(difference < -SAME).tolist())
    return Change(
        name,
        int(paired.sum()),
        float(before[paired].mean()),
        float(after[paired].mean()),
        low,
        high,
        permutation_p(difference[paired]),
        sign_p(len(won), len(lost)),
        won,
        lost,
    )


def _change_of_set(figure: SetFigure, old: Columns, new: Columns, weights: Floats) -> Change | None:
    once = np.ones((1, weights.shape[1]))
    before, after = (float(figure.under(columns, once)[0]) for columns in (old, new))
    if np.isnan(before) or np.isnan(after):
        return None
    low, high = interval(figure.under(new, weights) - figure.under(old, weights)) or (None, None)
    return Change(figure.name, figure.count(new), before, after, low, high)
