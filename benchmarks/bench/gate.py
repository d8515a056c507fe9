"""Ratios that must not fall: ``make ratios``, a part of ``make test``; under a minute.

Every ratio is of processor time against something of others that runs in turns with it, so that a slow or a
busy machine changes both. Each is the median of ``ROUNDS``, and may lie by ``MARGIN`` below what was pinned
(``--pin`` writes ``benchmarks/floors.json`` anew; nothing else does).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.indexing import Instant
from bench.questions import Kept
from bench.results import ROOT, circumstances
from bench.words import top_ten
from rapportsvar.config import EmbeddingSettings, ReadingSettings, Settings
from rapportsvar.engine.engine import Engine, build
from rapportsvar.index.embedding.engine import PASSAGE_PREFIX

FLOORS = ROOT / "benchmarks" / "floors.json"
CORPUS = ROOT / "corpus"
GOLD = ROOT / "gold" / "corpus.jsonl"
MARGIN = 0.5
"""Share by which a ratio may lie below its floor: what another processor may change, see RESULTS.md."""
ROUNDS = 5
QUESTIONS = 24
TEXTS = 16
SETTINGS = replace(Settings(), embedding=EmbeddingSettings(threads=1), reading=ReadingSettings(processes=1))
"""One thread: those of the runtime that wait for work do so by spinning, which is processor time."""

Run = Callable[[], object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path, help="of the demonstration corpus")
    parser.add_argument("--pin", action="store_true", help="write the floors anew")
    options = parser.parse_args()
    ratios = measure(options.index)
    if options.pin:
        content = {"circumstances": circumstances(), "ratios": {k: round(v, 3) for k, v in ratios.items()}}
        FLOORS.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    pinned = json.loads(FLOORS.read_text(encoding="utf-8"))["ratios"]
    fallen = [name for name, least in pinned.items() if ratios[name] < (1 - MARGIN) * least]
    for name, value in ratios.items():
        mark = "FALLEN" if name in fallen else "ok"
        print(f"{mark:7} {value:8.2f}  pinned {pinned[name]:8.2f}, less {MARGIN:.0%} at most  {name}")
    if fallen:
        sys.exit(f"{len(fallen)} of {len(ratios)} ratios have fallen: a change costs time, or pin anew.")


def measure(folder: Path) -> dict[str, float]:
    """Return all ratios; higher is better."""
    engine = Engine.open(folder, SETTINGS)
    try:
        return {**_of_a_question(engine), **_of_words(engine), **_of_texts(engine)}
    finally:
        engine.close()


def _of_a_question(engine: Engine) -> dict[str, float]:
    lines = GOLD.read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines]
    asked = asked[:: max(1, len(asked) // QUESTIONS)][:QUESTIONS]
    encoder = engine.encoder
    engine.retriever.encoder = Kept(encoder)
    for question in asked:
        engine.ask(question)

    def rest() -> None:
        for question in asked:
            engine.ask(question)

    return {"embedding of questions / rest of them": _ratio(lambda: encoder.encode_questions(asked), rest)}


def _of_words(engine: Engine) -> dict[str, float]:
    from rank_bm25 import BM25Okapi

    index, analyzer = engine.index, engine.analyzer
    bodies = [index.store.entry(int(key))[1].body for key in index.entries["id"]]
    theirs = BM25Okapi([body.lower().split() for body in bodies])
    asked = [body.split(". ")[0] for body in bodies[:: max(1, len(bodies) // QUESTIONS)]]
    keys = [[term.key for term in analyzer.terms(question)] for question in asked]
    field, count = index.keyword["body"], len(index.entries)

    def plain() -> None:
        for question in asked:
            np.argsort(-theirs.get_scores(question.lower().split()))[:10]

    def ours() -> None:
        for _ in range(10):
            for terms in keys:
                top_ten(field, terms, count)

    return {"rank-bm25 / keywords, questions in turns": 10 * _ratio(plain, ours)}


def _of_texts(engine: Engine) -> dict[str, float]:
    encoder = engine.encoder
    index = engine.index
    places = range(0, len(index.entries), max(1, len(index.entries) // TEXTS))
    texts = [index.store.entry(int(index.entries["id"][place]))[1].body for place in places]
    rows = [encoder._weights.words(encoder._ids(PASSAGE_PREFIX + text))[None] for text in texts]
    session = encoder._for_passages

    def bare() -> None:
        for row in rows:
            session.run(None, {"rows": row})

    def indexed() -> None:
        with tempfile.TemporaryDirectory() as there:
            build([CORPUS / "lindsjo"], Path(there), SETTINGS, encoder=Instant())

    return {
        "bare runtime / encoder, texts": _ratio(bare, lambda: encoder.encode_passages(texts)),
        f"bare runtime, {len(texts)} texts / indexing of reports without embedding": _ratio(bare, indexed),
    }


def _ratio(theirs: Run, ours: Run) -> float:
    """Return the median of theirs by ours."""
    theirs()
    ours()
    return statistics.median(_took(theirs) / _took(ours) for _ in range(ROUNDS))


def _took(run: Run) -> float:
    """Return processor time, that of processes that were started and have ended included."""
    began = _spent()
    run()
    return _spent() - began


def _spent() -> float:
    children = os.times()
    return time.process_time() + children.children_user + children.children_system


if __name__ == "__main__":
    main()
