"""Learn the weights of the ranking from our own questions over our own reports.

Each question that has an answer is asked among its own report and a few others, as if those were all that is
indexed. The ranking is fitted by listwise softmax (Cao et al. 2007, ListNet with the answering entries as
target). How sure an answer is, is learnt afterwards, by ``train_confidence.py``. ::

    python scripts/train_ranking.py training/reports training/questions/*.jsonl \\
        --index .cache/training-index --deltas fold0.npz fold1.npz

The encoder that ships has seen these questions. So each half of the reports is asked with an encoder that was
adapted without that half (``train_encoder.py --hold-out-half``); its vectors are as good as on a report never
seen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapportsvar.engine.engine import Engine, build
from rapportsvar.index.embedding.load import PLAIN, load_encoder
from rapportsvar.index.opened import open_index
from rapportsvar.retrieval.question import Understood
from rapportsvar.retrieval.ranking import shipped_ranker
from rapportsvar.retrieval.signals import SIGNALS, gather

RANKING = Path("src/rapportsvar/retrieval/data/ranking.json")
LENGTH = SIGNALS.index("length")
"""Length may only speak against an entry: of two places that answer alike, the shorter is the sooner read."""
OTHERS = 4


@dataclass(frozen=True)
class Asked:
    """One question with its candidates."""

    report: str
    kind: str
    understood: Understood
    signals: NDArray[np.float32]
    answers: NDArray[np.bool_]


def main() -> None:
    """Fit and write the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reports", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument(
        "--deltas", type=Path, nargs=2, required=True, help="encoders adapted without each half"
    )
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--l2", type=float, default=0.003)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    parser.add_argument(
        "--ablate", action="store_true", help="fit without each family of signals; write nothing"
    )
    options = parser.parse_args()
    engines = [
        open_with(options.reports, options.index, number, delta)
        for number, delta in enumerate(options.deltas)
    ]
    every = [a for half, engine in enumerate(engines) for a in collect(engine, options.questions, half)]
    asked = [a for a in every if a.understood.reason is None]
    print(f"{len(every) - len(asked)} questions are refused by their wording or by what they name")
    some = [a for a in asked if a.answers.any()]
    reached = len(some) / max(1, len(asked))
    print(f"{len(asked)} questions, {reached:.3f} have an answer among the candidates")
    show("shipped", [(a, shipped_ranker().weights) for a in some], asked)
    folds = {a.report: int(hashlib.sha256(a.report.encode()).hexdigest(), 16) % options.folds for a in asked}
    fitted = [fit([a for a in some if folds[a.report] != f], options.l2) for f in range(options.folds)]
    show("held out", [(a, fitted[folds[a.report]]) for a in some], asked)
    if options.ablate:
        ablate(some, asked, folds, options)
        return
    weights = fit(some, options.l2)
    show("all in", [(a, weights) for a in some], asked)
    if options.dry:
        return
    named = {n: round(float(w), 4) for n, w in zip(SIGNALS, weights, strict=True)}
    write(RANKING, {"weights": named, "questions": len(some), "reports": len(folds)})
    for name, weight in sorted(named.items(), key=lambda item: -abs(item[1])):
        print(f"{weight:8.3f}  {name}")


def open_with(reports: Path, index: Path, number: int, delta: Path) -> Engine:
    """Open an index of the training reports, made with an encoder adapted without one half of them."""
    encoder = load_encoder(PLAIN, delta=delta)
    folder = index.with_name(f"{index.name}-{number}")
    build([reports], folder, encoder=encoder)
    return Engine(open_index(folder), encoder)


def half_of(report: str) -> int:
    """Tell which half a report belongs to."""
    return int(hashlib.sha256(report.encode()).hexdigest(), 16) % 2


def collect(engine: Engine, files: list[Path], half: int) -> list[Asked]:
    """Ask every question of one half that has an answer, among its own report and some others."""
    dice = random.Random(1)
    ids = {source: key for key, (source, _) in engine.index.reports.items()}
    asked = []
    for line in (line for file in files for line in file.read_text(encoding="utf-8").splitlines()):
        gold = json.loads(line)
        own = ids.get(gold.get("document"))
        if own is None or half_of(gold["document"]) != half:
            continue
        others = dice.sample([k for k in ids.values() if k != own], OTHERS)
        if gold["evidence"]:
            asked.append(ask(engine, gold, frozenset([own, *others])))
    return asked


def ask(engine: Engine, gold: dict[str, Any], reports: frozenset[int]) -> Asked:
    """Gather the candidates of one question and mark those that answer."""
    understood = engine.understand(gold["question"])
    named = understood.reports & reports
    understood = replace(understood, reports=named or reports)
    vector = engine.encoder.encode_questions([understood.searched])[0]
    found = gather(engine.index, understood, vector, engine.settings.retrieval.candidates)
    spans = []
    text = engine.text(gold["document"])
    for evidence in gold["evidence"]:
        at = text.find(evidence["quote"])
        while at >= 0 and evidence["relevance"] == 2:
            spans.append((at, at + len(evidence["quote"])))
            at = text.find(evidence["quote"], at + 1)
    entries = engine.index.entries[found.places]
    own = next(k for k, (s, _) in engine.index.reports.items() if s == gold["document"])
    answers = np.zeros(len(entries), bool)
    for start, end in spans:
        overlap = np.minimum(entries["end"], end) - np.maximum(entries["start"], start)
        answers |= (entries["report"] == own) & (overlap >= 0.8 * (end - start))
    return Asked(gold["document"], gold["type"], understood, found.signals, answers)


def fit(asked: list[Asked], l2: float, rounds: int = 400) -> NDArray[np.float32]:
    """Minimise the listwise loss by Adam; signals are scaled by their spread, so that the penalty is fair."""
    spread = np.concatenate([a.signals for a in asked]).std(axis=0) + 1e-6
    lists = [(a.signals / spread, a.answers) for a in asked]
    weights = np.zeros(len(SIGNALS))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, rounds + 1):
        gradient = l2 * weights * len(lists)
        for signals, answers in lists:
            scores = signals @ weights
            chance = np.exp(scores - scores.max())
            target = chance * answers
            gradient += signals.T @ (chance / chance.sum() - target / target.sum())
        gradient /= len(lists)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        weights -= 0.03 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        weights[LENGTH] = min(weights[LENGTH], 0.0)
    return (weights / spread).astype(np.float32)


def show(
    title: str,
    ranked: list[tuple[Asked, NDArray[np.float32]]],
    asked: list[Asked],
    *,
    by_kind: bool = True,
) -> None:
    """Print hit@1, 3 and 10, in all and by kind; a question whose answer is no candidate counts as missed."""
    best: dict[str, list[int]] = {}
    for a, weights in ranked:
        order = np.argsort(-(a.signals @ weights))
        best.setdefault(a.kind, []).append(int(np.flatnonzero(a.answers[order])[0]))
    total = len(asked)
    flat = np.array([b for some in best.values() for b in some])
    print(f"{title:10} " + " ".join(f"hit@{k} {(flat < k).sum() / total:.3f}" for k in (1, 3, 10)))
    if by_kind and title != "all in":
        for kind, some in sorted(best.items()):
            print(
                f"    {kind:13} {len(some):4} "
                + " ".join(f"{np.mean(np.array(some) < k):.2f}" for k in (1, 3, 10))
            )


FAMILIES: tuple[tuple[str, str], ...] = (
    ("all vectors", r"vector|report vector"),
    ("vectors of sentences and row labels", r"vector best|vector rank"),
    ("all keywords", r"keywords|coverage|share|focus|report keywords"),
    ("keywords of context: headings, captions", r"keywords context|context share|coverage all"),
    ("keywords of labels", r"keywords labels|label share"),
    ("coverage of the question's concepts", r"coverage"),
    ("neighbours", r"neighbours|nearby"),
    ("year, sex, budget or outcome", r"year|sex|measured"),
    ("what the kind of question wants", r": (?!row|cause nearby)|wants"),
    ("row or passage", r"row$"),
    ("length", r"length"),
    ("best of the report, board", r"report|board"),
)
"""Families of signals, each as a regular expression over ``SIGNALS``."""


def ablate(some: list[Asked], asked: list[Asked], folds: dict[str, int], options: argparse.Namespace) -> None:
    """Print hit@1, 3 and 10 with reports held out, fitted without each family of signals in turn."""
    for name, pattern in (("none", r"(?!)"), *FAMILIES):
        kept = np.array([re.search(pattern, signal) is None for signal in SIGNALS])
        shown = [replace(a, signals=a.signals * kept) for a in some]
        fitted = [fit([a for a in shown if folds[a.report] != f], options.l2) for f in range(options.folds)]
        print(f"without {name} ({len(SIGNALS) - kept.sum()} signals)")
        show("", [(a, fitted[folds[a.report]]) for a in shown], asked, by_kind=False)


def write(path: Path, content: dict[str, Any]) -> None:
    """Write a file of weights."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
