"""How sure it is that the first hits answer: a calibrated probability, and the threshold of an honest no.

A logistic model over a few numbers of the ranked list (Platt 1999), fitted by ``scripts/train_ranking.py`` on
questions of our own, answerable and not, with whole reports held out.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
from rapportsvar.swedish.cues import TRAITS

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
    "amount missing",
    "percent missing",
    "person missing",
    "date missing",
    "cause missing",
)
PERCENT = re.compile(r"\b(?:andel\w*|procent\w*|hur stor del|share|percent\w*)\b|%", re.IGNORECASE)
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
    fits = max(
        (v for n, v in top.items() if n.startswith(f"{kind.value}: ") and not n.endswith("row")), default=0.0
    )
    rest = ranked.scores[5:30]
    looked = _look_into(ranked, understood, index)
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
            looked.sentence,
            looked.missed,
            looked.whole,
            looked.unheard,
            fits,
            float(kind is QuestionKind.OTHER),
            top["label share"],
            float(understood.language == "en"),
            *_missing(understood, looked.traits),
        ]
    )


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the first hits say of the question.

    Attributes:
        sentence: The share of the question that one sentence or row speaks of, weighed by rarity.
        missed: The rarity of the rarest concept that it leaves out.
        whole: The share that a whole hit with its context speaks of.
        unheard: The share that stands nowhere in the index.
        traits: Of that sentence, by name.
    """

    sentence: float = 0.0
    missed: float = 0.0
    whole: float = 0.0
    unheard: float = 0.0
    traits: Mapping[str, float] = field(default_factory=dict)


def _missing(understood: Understood, traits: Mapping[str, float]) -> tuple[float, ...]:
    """Tell what the kind of question wants and the best sentence lacks."""
    kinds = understood.kinds
    share = bool(PERCENT.search(understood.searched))
    return (
        kinds.get(QuestionKind.HOW_MUCH, 0.0) * float(traits.get("amounts", 0.0) == 0),
        float(share and traits.get("percent", 0.0) == 0),
        kinds.get(QuestionKind.WHO, 0.0)
        * float(traits.get("person", 0.0) == 0 and traits.get("role", 0.0) == 0),
        kinds.get(QuestionKind.WHEN, 0.0) * float(traits.get("date", 0.0) == 0),
        kinds.get(QuestionKind.WHY, 0.0) * (1.0 - traits.get("cause", 0.0)),
    )


def _look_into(ranked: Ranked, understood: Understood, index: OpenIndex) -> _Looked:
    concepts = [c for c in understood.concepts if c.wordings]
    if not concepts:
        return _Looked()
    fields = index.keyword
    rarity = np.array([c.weight * _rarity(c, fields["body"]) for c in concepts])
    heard = np.array(
        [any(_stands(w.keys, field) for w in c.wordings for field in fields.values()) for c in concepts]
    )
    total = max(float(rarity.sum()), 1e-6)
    unheard = float((~heard * rarity).sum()) / total
    looked_for = readings(concepts)
    best, whole = _Looked(unheard=unheard), 0.0
    for place in ranked.places[:LOOKED_AT].tolist():
        context, sentences = index.store.terms_of_entry(int(index.entries["id"][place]))
        around = np.array([r.met_by(context) for r in looked_for])
        inside = np.zeros(len(concepts))
        for terms, shown in sentences:
            met = np.array([r.met_by(terms) for r in looked_for])
            inside = np.maximum(inside, met)
            share = float((np.maximum(met, 0.7 * around) * rarity).sum()) / total
            if share > best.sentence:
                missed = float(((np.maximum(met, around) < 0.2) * rarity).max())
                traits = dict(zip(TRAITS, shown, strict=True))
                best = _Looked(share, missed, whole, unheard, traits)
        whole = max(whole, float((np.maximum(inside, around) * rarity).sum()) / total)
    return replace(best, whole=whole)


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
        tuple(float(weights.get(name, 0.0)) for name in FEATURES),
        float(content["bias"]),
        float(content["threshold"]),
    )


@cache
def shipped_calibration() -> Calibration:
    """Return the calibration that comes with the installation."""
    content = (files("rapportsvar.answering") / "data" / "confidence.json").read_text(encoding="utf-8")
    return calibration_of(json.loads(content))
