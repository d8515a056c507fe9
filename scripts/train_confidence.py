"""Learn how sure an answer is, from our own questions over our own reports, asked of what ships.

A logistic regression over ``confidence.FEATURES`` tells questions that the reports answer from those that
were posed so that none does, each side counting half. A number that speaks for an answer may only raise the
probability, one that speaks against it only lower it: left free, the weights of what is seldom seen had the
wrong sign (no date in any hit made *när* surer). A kind of question that few are of has no weight. Platt's
scaling (1999) on reports held out makes a probability of it that one of the first three hits answers; the
threshold keeps ``KEPT_SHARE`` of the questions that have an answer. ::

    python scripts/train_confidence.py training/reports training/questions/[uv]?.jsonl \\
        --index .cache/confidence

The questions should be such that the encoder has not learnt from them: t1 to t3 are what it was adapted with,
and their cosines are higher than those of reports never seen.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapportsvar.answering.confidence import FEATURES, LOOKED_AT
from rapportsvar.engine.engine import Engine, build
from rapportsvar.evaluation.calibration import Bin
from rapportsvar.evaluation.plots import reliability
from rapportsvar.model import Answer

CONFIDENCE = Path("src/rapportsvar/answering/data/confidence.json")
PICTURE = Path("docs/bilder/reliability.svg")
STYLE = (
    "svg{background:#fff}text{font:13px sans-serif;fill:#333}.frame{fill:none;stroke:#999}"
    ".guide{stroke:#999;stroke-dasharray:4}.dot{fill:#1f5f8b}"
)
FOLDS = 8
KEPT_SHARE = 0.93
"""The threshold keeps this share of the held-out questions that have an answer."""
POSED_SHARE = 0.2
"""Of the questions that people ask, so many are taken to have no answer: what a probability is of."""
L2 = 0.02
ROUNDS = 3000
SEEN = 10
"""Kinds of question of which fewer were posed, or have an answer, tell how we pose and nothing else."""
FOR = (
    "top score", "margin", "top cosine", "top vector whole", "top vector best", "top keywords",
    "coverage best", "coverage top 3", "sentence coverage", "hit coverage",
    "kind fits", "label share", "year fit",
)  # fmt: skip
"""What speaks for an answer."""
AGAINST = (
    "missed", "sentence rare missed", "unheard", "focus missed", "cause apart",
    *(name for name in FEATURES if " lacks " in name or " lack " in name),
)  # fmt: skip
"""What speaks against one."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """Questions that were asked, one place each.

    Attributes:
        features: ``(n, len(FEATURES))``.
        answerable: Whether a report answers, ``(n,)``.
        right: Whether one of the first three hits does, ``(n,)``.
        reports: Of which report each is.
    """

    features: Floats
    answerable: NDArray[np.bool_]
    right: NDArray[np.bool_]
    reports: tuple[str, ...]


class _Noting:
    """Stands where the calibration does, and notes what it would have judged by."""

    threshold = 0.0

    def __init__(self) -> None:
        self.features: Floats | None = None

    def probability(self, features: Floats) -> float:
        self.features = features
        return 1.0


def main() -> None:
    """Ask all questions, fit, show the figures of held-out reports, write the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reports", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    build([options.reports], options.index)
    questions = [
        json.loads(line) for file in options.questions for line in file.read_text("utf-8").splitlines()
    ]
    asked = ask(Engine.open(options.index), questions)
    print(
        f"{len(questions) - len(asked.reports)} questions are refused by their wording or by what they name"
    )
    content, bins = fit(asked)
    for name in sorted(FEATURES, key=lambda name: -abs(content["weights"][name])):
        print(f"    {content['weights'][name]:8.3f} {name}")
    if not options.dry:
        CONFIDENCE.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        PICTURE.write_text(drawn(bins), encoding="utf-8")


def ask(engine: Engine, questions: list[dict[str, Any]]) -> Asked:
    """Ask questions by themselves; those that are refused before anything is searched are left out."""
    noting = _Noting()
    engine.calibration = noting  # type: ignore[assignment]
    features, answerable, right, reports = [], [], [], []
    for gold in questions:
        noting.features = None
        answer = engine.ask(gold["question"], top=LOOKED_AT)
        if noting.features is None:
            continue
        features.append(noting.features)
        answerable.append(bool(gold["evidence"]))
        right.append(answers(answer, gold, engine))
        reports.append(gold["document"])
    return Asked(np.array(features), np.array(answerable), np.array(right), tuple(reports))


def answers(answer: Answer, gold: dict[str, Any], engine: Engine) -> bool:
    """Tell whether one of the hits holds four fifths of a quotation that answers in full."""
    spans = list(_spans(engine.text(gold["document"]), gold["evidence"]))
    return any(
        min(hit.span.end, end) - max(hit.span.start, start) >= 0.8 * (end - start)
        for hit in answer.hits
        if hit.source == gold["document"]
        for start, end in spans
    )


def _spans(text: str, evidence: list[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    for one in evidence:
        at = text.find(one["quote"]) if one["relevance"] == 2 else -1
        while at >= 0:
            yield at, at + len(one["quote"])
            at = text.find(one["quote"], at + 1)


def fit(asked: Asked) -> tuple[dict[str, Any], list[Bin]]:
    """Fit the weights; return what is written, and how far held-out probabilities can be trusted."""
    names = sorted(set(asked.reports))
    folds = np.array([names.index(report) % FOLDS for report in asked.reports])
    held_out = np.zeros(len(folds))
    for fold in range(FOLDS):
        some = folds != fold
        weights, bias = logistic(asked.features[some], asked.answerable[some])
        held_out[~some] = asked.features[~some] @ weights + bias
    posed = ~asked.answerable
    share = np.where(posed, POSED_SHARE / posed.sum(), (1 - POSED_SHARE) / asked.answerable.sum())
    scale, shift = platt(held_out, asked.right, share)
    p = 1 / (1 + np.exp(-(held_out * scale + shift)))
    threshold = float(np.quantile(p[asked.answerable], 1 - KEPT_SHARE))
    pairs = (p[asked.answerable][:, None] > p[posed][None, :]).mean()
    print(f"reports held out: {asked.answerable.sum()} with an answer, {KEPT_SHARE} kept at {threshold:.3f}")
    print(f"    {posed.sum()} without, refused {(p[posed] < threshold).mean():.3f}, AUROC {pairs:.3f}")
    bins = reliability_bins(p, asked.right, share)
    for one in bins:
        print(f"    said {one.confidence:.2f} was {one.correct:.2f} of {one.questions}")
    weights, bias = logistic(asked.features, asked.answerable)
    named = {name: round(float(w * scale), 5) for name, w in zip(FEATURES, weights, strict=True)}
    return {
        "weights": named,
        "bias": round(float(bias * scale + shift), 5),
        "threshold": round(threshold, 4),
    }, bins


def logistic(features: Floats, is_answerable: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Fit a logistic regression by gradient descent, both sides counting half, weights on their side of 0."""
    middle, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    z = (features - middle) / spread
    seen = [(features[some] != 0).sum(axis=0) for some in (is_answerable, ~is_answerable)]
    rare = {
        name
        for name, often in zip(FEATURES, np.minimum(*seen), strict=True)
        if name.startswith("kind ") and name != "kind fits" and often < SEEN
    }
    low = np.array([0.0 if name in FOR or name in rare else -np.inf for name in FEATURES])
    high = np.array([0.0 if name in AGAINST or name in rare else np.inf for name in FEATURES])
    share = np.where(is_answerable, 0.5 / is_answerable.sum(), 0.5 / (~is_answerable).sum())
    w, b = np.zeros(z.shape[1]), 0.0
    for _ in range(ROUNDS):
        slope = (1 / (1 + np.exp(-(z @ w + b))) - is_answerable) * share
        w = np.clip(w - 0.3 * (z.T @ slope + L2 * w), low, high)
        b -= 0.3 * float(slope.sum())
    w /= spread
    return w, b - float(w @ middle)


def platt(logit: Floats, is_right: NDArray[np.bool_], share: Floats) -> tuple[float, float]:
    """Scale and shift logits to probabilities."""
    scale, shift = 1.0, 0.0
    for _ in range(ROUNDS):
        slope = (1 / (1 + np.exp(-(logit * scale + shift))) - is_right) * share
        scale -= 0.3 * float(slope @ logit)
        shift -= 0.3 * float(slope.sum())
    return scale, shift


def reliability_bins(p: Floats, is_right: NDArray[np.bool_], share: Floats) -> list[Bin]:
    """Put the held-out questions in ten bins by confidence, each question counting its share."""
    bins = []
    for low in np.arange(0.0, 1.0, 0.1):
        some = (p >= low) & (p < low + 0.1)
        if some.any():
            said, was = (float(np.average(v[some], weights=share[some])) for v in (p, is_right))
            bins.append(Bin(low, low + 0.1, int(some.sum()), said, was))
    return bins


def drawn(bins: list[Bin]) -> str:
    """Draw the reliability diagram as a picture of its own, readable on light and dark."""
    picture = reliability("Säkerhet mot andel rätt, frågor om undanhållna rapporter", bins)
    return picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace(
        "<title>", f"<style>{STYLE}</style><title>", 1
    )


if __name__ == "__main__":
    main()
