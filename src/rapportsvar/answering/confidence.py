"""How sure it is that the first hits answer: a calibrated probability, and the threshold of an honest no.

A logistic model over a few numbers of the ranked list and of what is lit (Platt 1999), fitted by
``scripts/train_confidence.py`` on questions of our own, answerable and not, with whole reports held out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from rapportsvar.answering.holds import LACKS, lacking
from rapportsvar.index.base import Keywords
from rapportsvar.index.keyword import PART_MARK
from rapportsvar.index.opened import OpenIndex
from rapportsvar.model import Hit, QuestionKind
from rapportsvar.retrieval.concepts import Concept, readings
from rapportsvar.retrieval.question import Understood
from rapportsvar.retrieval.ranking import SET_BY_HAND
from rapportsvar.retrieval.retriever import Ranked
from rapportsvar.retrieval.signals import SIGNALS
from rapportsvar.retrieval.wanted import Wanted
from rapportsvar.retrieval.years import year_fit
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
    "focus missed",
    "cause apart",
    "year fit",
    *(f"first lacks {name}" for name in LACKS),
    *(f"all lack {name}" for name in LACKS),
    *(f"kind {kind.value}" for kind in QuestionKind),
    *(f"wants {what.value}" for what in Wanted),
)
LOOKED_AT = 3
"""How many hits are looked into."""
CAUSE = TRAITS.index("cause")
BEFORE, ABOVE = 0.8, 0.5
"""What a word counts that stands in the sentence before the one that states a cause, or in headings."""


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


def features_of(
    ranked: Ranked, understood: Understood, index: OpenIndex, hits: Sequence[Hit]
) -> npt.NDArray[np.float64]:
    """Return the numbers that confidence is judged by, ``(len(FEATURES),)``; zeros without hits."""
    if not len(ranked.places) or not hits:
        return np.zeros(len(FEATURES))
    top = dict(zip(SIGNALS, ranked.signals[0].tolist(), strict=True))
    kind = understood.kind
    fits = max(
        (v for n, v in top.items() if n.startswith(f"{kind.value}: ") and not n.endswith("row")), default=0.0
    )
    scores = ranked.scores - ranked.signals @ _by_hand()
    rest = scores[5:30]
    looked = _look_into(ranked, understood, index)
    first, every = lacking(hits[:LOOKED_AT], understood, looked.spoken)
    return np.array(
        [
            float(scores[0]),
            float(scores[0] - (rest.mean() if len(rest) else 0.0)),
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
            looked.focus_missed,
            understood.kinds.get(QuestionKind.WHY, 0.0) * (1.0 - looked.cause),
            year_fit(index, understood, ranked),
            *first,
            *every,
            *(understood.kinds.get(one, 0.0) for one in QuestionKind),
            *(understood.wanted.get(what, 0.0) for what in Wanted),
        ]
    )


@cache
def _by_hand() -> npt.NDArray[np.float32]:
    """What is of the year asked for is no surer to answer: weights set by hand are taken out of scores."""
    return np.array([SET_BY_HAND.get(name, 0.0) for name in SIGNALS], np.float32)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the first hits say of the question.

    Attributes:
        sentence: The share of the question that one sentence or row speaks of, weighed by rarity.
        missed: The rarity of the rarest concept that it leaves out.
        whole: The share that a whole hit with its context speaks of.
        unheard: The share that stands nowhere in the index.
        cause: How surely a sentence states a cause of what is asked about, in it, before it or above it.
        spoken: All index terms of each hit with its context.
        focus_missed: How far no sentence, nor its context, speaks of what is asked about.
    """

    sentence: float = 0.0
    missed: float = 0.0
    whole: float = 0.0
    unheard: float = 0.0
    focus_missed: float = 0.0
    cause: float = 0.0
    spoken: tuple[frozenset[str], ...] = ()


def _look_into(ranked: Ranked, understood: Understood, index: OpenIndex) -> _Looked:
    concepts = [c for c in understood.concepts if c.wordings]
    order = {
        place: number
        for number, place in enumerate(k for k, c in enumerate(understood.concepts) if c.wordings)
    }
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
    best, whole, focus, cause = _Looked(unheard=unheard), 0.0, 0.0, 0.0
    spoken: list[frozenset[str]] = []
    for place in ranked.places[:LOOKED_AT].tolist():
        context, sentences = index.store.terms_of_entry(int(index.entries["id"][place]))
        around = np.array([r.met_by(context) for r in looked_for])
        spoken.append(frozenset(context).union(*(terms for terms, _ in sentences)))
        inside, before = np.zeros(len(concepts)), np.zeros(len(concepts))
        for terms, shown in sentences:
            met = np.array([r.met_by(terms) for r in looked_for])
            inside = np.maximum(inside, met)
            if shown[CAUSE]:
                near = np.maximum.reduce([met, BEFORE * before, ABOVE * around])
                cause = max(cause, shown[CAUSE] * float((near * rarity).sum()) / total)
            before = met
            share = float((np.maximum(met, 0.7 * around) * rarity).sum()) / total
            if share > best.sentence:
                missed = float(((np.maximum(met, around) < 0.2) * rarity).max())
                best = _Looked(share, missed, whole, unheard)
        met_here = np.maximum(inside, around)
        whole = max(whole, float((met_here * rarity).sum()) / total)
        if understood.focus is not None:
            focus = max(focus, float(met_here[order[understood.focus]]))
    missed_focus = 1.0 - focus if understood.focus is not None else 0.0
    cause /= max(whole, 1e-6)
    return replace(best, whole=whole, focus_missed=missed_focus, cause=min(1.0, cause), spoken=tuple(spoken))


def _rarity(concept: Concept, field: Keywords) -> float:
    """Return how rare the asker's own word is; a word that stands nowhere is rarest."""
    own = concept.wordings[0].keys
    known = [field.rarity(key) for key in own if key in field]
    return max(known, default=float(np.log1p(2.0 * field.entries)))


def _stands(keys: tuple[str, ...], field: Keywords) -> bool:
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
