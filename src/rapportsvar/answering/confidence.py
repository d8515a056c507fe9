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
from typing import Any

import numpy as np
import numpy.typing as npt

from rapportsvar.index.keyword import PART_MARK, KeywordField
from rapportsvar.index.opened import OpenIndex
from rapportsvar.model import QuestionKind
from rapportsvar.retrieval.concepts import Concept, readings
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
    "sentence coverage",
    "sentence rare missed",
    "hit coverage",
    "unheard",
    "kind fits",
    "keywords only",
    "label share",
    "english",
)
LOOKED_AT = 3
"""How many hits are looked into."""

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


def features_of(ranked: Ranked, understood: Understood, index: OpenIndex) -> npt.NDArray[np.float64]:
    """Return the numbers that confidence is judged by, ``(len(FEATURES),)``; zeros without hits."""
    if not len(ranked.places):
        return np.zeros(len(FEATURES))
    top = dict(zip(SIGNALS, ranked.signals[0].tolist(), strict=True))
    kind = understood.kind
    fits = max((v for n, v in top.items() if n.startswith(f"{kind.value}: ") and not n.endswith("row")), default=0.0)
    rest = ranked.scores[5:30]
    sentence, missed, hit, unheard = _met(ranked, understood, index)
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
            sentence,
            missed,
            hit,
            unheard,
            fits,
            float(kind is QuestionKind.OTHER),
            top["label share"],
            float(understood.language == "en"),
        ]
    )


def _met(ranked: Ranked, understood: Understood, index: OpenIndex) -> tuple[float, float, float, float]:
    """Look into the first hits.

    Returns:
        The share of the question that one sentence or row speaks of, weighed by rarity; the rarity of the rarest
        concept that it leaves out; the share that the whole hit with its context speaks of; and the share that
        stands nowhere in the index.
    """
    concepts = [c for c in understood.concepts if c.wordings]
    if not concepts:
        return 0.0, 0.0, 0.0, 0.0
    fields = index.keyword
    rarity = np.array([c.weight * _rarity(c, fields["body"]) for c in concepts])
    heard = np.array([any(_stands(w.keys, field) for w in c.wordings for field in fields.values()) for c in concepts])
    total = max(float(rarity.sum()), 1e-6)
    best, missed, whole = 0.0, 0.0, 0.0
    looked_for = readings(concepts)
    for place in ranked.places[:LOOKED_AT].tolist():
        context, sentences = index.store.terms_of_entry(int(index.entries["id"][place]))
        around = np.array([r.met_by(context) for r in looked_for])
        inside = np.zeros(len(concepts))
        for terms in sentences:
            met = np.array([r.met_by(terms) for r in looked_for])
            inside = np.maximum(inside, met)
            share = float((np.maximum(met, 0.7 * around) * rarity).sum()) / total
            if share > best:
                best, missed = share, float(((np.maximum(met, around) < 0.2) * rarity).max())
        whole = max(whole, float((np.maximum(inside, around) * rarity).sum()) / total)
    return best, missed, whole, float((~heard * rarity).sum()) / total


def _rarity(concept: Concept, field: KeywordField) -> float:
    """Return how rare the asker's own word is; a word that stands nowhere is rarest."""
    own = concept.wordings[0].keys
    known = [field.rarity(key) for key in own if key in field]
    return max(known, default=float(np.log1p(2.0 * field.entries)))


def _stands(keys: tuple[str, ...], field: KeywordField) -> bool:
    return all(key in field or PART_MARK + key in field for key in keys)


def calibration_of(content: Mapping[str, Any]) -> Calibration:
    """Read a calibration, weights by name of feature."""
    weights: Mapping[str, float] = content["weights"]
    return Calibration(
        tuple(float(weights.get(name, 0.0)) for name in FEATURES), float(content["bias"]), float(content["threshold"])
    )


@cache
def shipped_calibration() -> Calibration:
    """Return the calibration that comes with the installation."""
    content = (files("rapportsvar.answering") / "data" / "confidence.json").read_text(encoding="utf-8")
    return calibration_of(json.loads(content))
