"""How far confidence can be trusted: of the answers given with 0.8, do eight in ten answer?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapportsvar.evaluation.rows import QuestionRow

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose confidence lies in ``[low, high)``; the last bin includes 1."""

    low: float
    high: float
    questions: int
    confidence: float
    correct: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Agreement of confidence with correctness.

    Attributes:
        bins: Those that hold questions, from low to high.
        brier: Mean squared difference of confidence and correctness (Brier, 1950); 0 is perfect.
        expected_error: Mean difference of confidence and correctness over bins, by their size (Naeini, 2015).
    """

    bins: tuple[Bin, ...]
    brier: float
    expected_error: float


def calibrate(rows: Sequence[QuestionRow], bins: int = BINS) -> Calibration | None:
    """Return the calibration of ``rows``; None without any.

    Correct is an answer among the first hits (``QuestionRow.correct``), whether or not it was shown as found;
    a question that the reports do not answer has none.
    """
    if not rows:
        return None
    filled: dict[int, list[QuestionRow]] = {}
    for row in rows:
        filled.setdefault(bin_of(row.confidence, bins), []).append(row)
    told = tuple(_bin(place, filled[place], bins) for place in sorted(filled))
    brier = sum((row.confidence - row.correct) ** 2 for row in rows) / len(rows)
    error = sum(one.questions * abs(one.confidence - one.correct) for one in told) / len(rows)
    return Calibration(told, brier, error)


def bin_of(confidence: float, bins: int = BINS) -> int:
    """Return the place of the bin that ``confidence`` falls into, from 0."""
    return max(0, min(bins - 1, int(confidence * bins)))


def _bin(place: int, rows: Sequence[QuestionRow], bins: int) -> Bin:
    count = len(rows)
    confidence = sum(row.confidence for row in rows) / count
    return Bin(place / bins, (place + 1) / bins, count, confidence, sum(row.correct for row in rows) / count)
