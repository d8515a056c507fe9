"""Bootstrap by weights: a resample of n questions is how many times each of them was drawn.

So every figure of a resample is a weighted figure, and 2,000 resamples are one matrix product. Percentile
intervals: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13. Where all questions
score alike the interval has no width; that is a weakness of the method, not certainty.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESAMPLES = 2000
LEVEL = 0.95


def draw_weights(count: int, resamples: int, seed: int) -> Floats:
    """Draw ``resamples`` samples of ``count`` questions with replacement.

    Returns:
        How many times each question was drawn, ``(resamples, count)``.
    """
    drawn = np.random.default_rng(seed).integers(0, count, size=(resamples, count))
    flat = (drawn + count * np.arange(resamples)[:, None]).ravel()
    return np.bincount(flat, minlength=resamples * count).reshape(resamples, count).astype(np.float64)


def weighted_mean(values: Floats, weights: Floats) -> Floats:
    """Mean of ``values`` under each row of ``weights``, ``(b,)``.

    Args:
        values: ``(n,)``, NaN where a measure does not apply.
        weights: ``(b, n)``.
    """
    applies = ~np.isnan(values)
    return _divide(weights @ np.where(applies, values, 0.0), weights @ applies.astype(np.float64))


def weighted_auroc(confidence: Floats, answerable: NDArray[np.bool_], weights: Floats) -> Floats:
    """Share of pairs in which the answerable question is the more confident, ties half, ``(b,)``."""
    yes, no = confidence[answerable, None], confidence[None, ~answerable]
    wins = (yes > no) + 0.5 * (yes == no)
    yes_weights, no_weights = weights[:, answerable], weights[:, ~answerable]
    won = ((yes_weights @ wins) * no_weights).sum(axis=1)
    return _divide(won, yes_weights.sum(axis=1) * no_weights.sum(axis=1))


def weighted_percentile(values: Floats, share: float, weights: Floats) -> Floats:
    """The value at place ``int(share * n)`` of each resample's sorted values (as ``score.py``), ``(b,)``."""
    measured = ~np.isnan(values)
    order = np.argsort(values[measured], kind="stable")
    ordered, drawn = values[measured][order], weights[:, measured][:, order].cumsum(axis=1)
    if not ordered.size:
        return np.full(len(weights), np.nan)
    total = drawn[:, -1]
    place = np.minimum(total - 1, np.floor(share * total))
    at = np.minimum((drawn <= place[:, None]).sum(axis=1), ordered.size - 1)
    return np.where(total > 0, ordered[at], np.nan)


def interval(samples: Floats, level: float = LEVEL) -> tuple[float, float] | None:
    """Return the percentile interval of the resampled figures; None where no resample gave one."""
    known = samples[~np.isnan(samples)]
    if not known.size:
        return None
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _divide(above: Floats, below: Floats) -> Floats:
    result = np.full(above.shape, np.nan)
    np.divide(above, below, out=result, where=below > 0)
    return result
