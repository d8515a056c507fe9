"""How sure it is that the first hits answer: a calibrated probability, and the threshold of an honest no.

A logistic model over a few numbers of the ranked list (Platt 1999), fitted by ``scripts/train_ranking.py`` on questions
of our own, answerable and not, with whole reports held out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from rapportsvar.model import QuestionKind
from rapportsvar.retrieval.question import Understood
from rapportsvar.retrieval.retriever import Ranked
from rapportsvar.retrieval.signals import SIGNALS

FEATURES = (
    "top score",
    "margin",
    "top cosine",
    "top vector whole",
    "top vector best",
    "top keywords",
    "coverage best",
    "coverage top 3",
    "missed",
    "kind fits",
    "keywords only",
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model and the threshold that goes with it."""

    weights: tuple[float, ...]
    bias: float
    threshold: float

    def probability(self, features: npt.NDArray[np.float64]) -> float:
        """Return the probability that the first hits answer."""
        z = float(features @ np.array(self.weights)) + self.bias
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


def features_of(ranked: Ranked, understood: Understood) -> npt.NDArray[np.float64]:
    """Return the numbers that confidence is judged by, ``(len(FEATURES),)``; zeros without hits."""
    if not len(ranked.places):
        return np.zeros(len(FEATURES))
    top = dict(zip(SIGNALS, ranked.signals[0].tolist(), strict=True))
    kind = understood.kind
    fits = max((v for n, v in top.items() if n.startswith(f"{kind.value}: ") and not n.endswith("row")), default=0.0)
    rest = ranked.scores[5:30]
    return np.array(
        [
            float(ranked.scores[0]),
            float(ranked.scores[0] - (rest.mean() if len(rest) else 0.0)),
            float(ranked.cosines[:5].max()),
            top["vector whole"],
            top["vector best"],
            top["keywords all"],
            float(ranked.coverage[0]),
            float(ranked.coverage[:3].max()),
            top["coverage missed"],
            fits,
            float(kind is QuestionKind.OTHER),
        ]
    )


def calibration_of(content: Mapping[str, object]) -> Calibration:
    """Read a calibration, weights by name of feature."""
    weights = content["weights"]
    assert isinstance(weights, Mapping)  # noqa: S101
    return Calibration(
        tuple(float(weights.get(name, 0.0)) for name in FEATURES),
        float(content["bias"]),  # type: ignore[arg-type]
        float(content["threshold"]),  # type: ignore[arg-type]
    )


@cache
def shipped_calibration() -> Calibration:
    """Return the calibration that comes with the installation."""
    content = (files("rapportsvar.answering") / "data" / "confidence.json").read_text(encoding="utf-8")
    return calibration_of(json.loads(content))
