"""One scored list over passages and rows: a linear model over standardised signals.

The weights are data (``data/ranking.json``), learnt by ``scripts/train_ranking.py`` from questions of our own
over reports of our own, with whole reports held out. A linear model, so that the list can be explained: each
signal's part of a hit's score can be shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from rapportsvar.retrieval.signals import SIGNALS

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranker:
    """Weights of the signals, ``(len(SIGNALS),) float32``."""

    weights: Floats

    def score(self, signals: Floats) -> Floats:
        """Score candidates, ``(c, len(SIGNALS))`` to ``(c,)``."""
        scores: Floats = signals @ self.weights
        return scores

    def explain(self, signals: Floats) -> dict[str, float]:
        """Tell how much each signal adds to one candidate's score, the largest first."""
        parts = zip(SIGNALS, (signals * self.weights).tolist(), strict=True)
        return dict(sorted(parts, key=lambda item: -abs(item[1])))

    def without(self, names: Sequence[str]) -> Ranker:
        """Return a ranker that does not see some signals, for ablations."""
        kept = np.array([name not in names for name in SIGNALS], np.float32)
        return Ranker(self.weights * kept)


SET_BY_HAND = {
    "report of year": 5.0,
    "newest report": 1.5,
    "report of kind": 4.0,
    "report until then": 3.0,
    "excluded": -4.0,
    "board of report": 0.5,
    "development: row": 0.5,
}
"""No training question can teach these: of each municipality there is one year and one board, so that a
development has its answer in a sentence (14 questions, 2 of them with a row)."""


def ranker_of(weights: Mapping[str, float]) -> Ranker:
    """Make a ranker of named weights; a signal that is not named weighs nothing."""
    known = {**weights, **SET_BY_HAND}
    return Ranker(np.array([known.get(name, 0.0) for name in SIGNALS], np.float32))


@cache
def shipped_ranker() -> Ranker:
    """Return the ranker whose weights come with the installation."""
    content = (files("rapportsvar.retrieval") / "data" / "ranking.json").read_text(encoding="utf-8")
    return ranker_of(json.loads(content)["weights"])
