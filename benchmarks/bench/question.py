"""A question by stage, alone and among others at once, against the bare encoder in the same minutes."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np

from bench.five import five_index
from bench.questions import training_questions
from bench.results import ROOT, Part, Plot, percentiles, table
from rapportsvar.engine.engine import Engine

GOLD = ROOT.parent / "shared" / "gold" / "dev.jsonl"
AT_ONCE = (1, 4, 16, 64)
ROUNDS = 3
INSIDE = (
    ("understanding", lambda engine: engine._understanding, "understand"),
    ("embedding", lambda engine: engine.retriever.encoder, "encode_questions"),
    ("candidates and ranking", lambda engine: engine.retriever, "retrieve"),
    ("hits and their marks", lambda engine: engine.hit_maker, "make"),
    ("what completes them", lambda engine: engine._completer, "complete"),
)
WITH_EMBEDDING = "candidates and ranking"


def question(options: Namespace) -> Part:
    engine = Engine.open(five_index(options.reports))
    asked = _questions()
    for each in asked:
        engine.ask(each)
    rows, ratio = _by_stage(engine, asked)
    lines = [
        f"{len(asked)} questions, {ROUNDS} times each, over {len(engine.index.entries)} entries.",
        "",
        *table(("stage", "p50 / p95 / p99, ms", "of the bare embedding's p50"), rows),
        "",
        f"A whole question takes {ratio:.2f} times the time of its embedding alone (medians, in turns).",
        "",
    ]
    crowded, latencies = _at_once(engine, asked)
    lines += table(("at once", "p50 / p95 / p99, ms", "questions a second", "of those alone"), crowded)
    plot = Plot(
        "question",
        "A question among others",
        ("questions at once", AT_ONCE),
        "ms",
        {name: values.tolist() for name, values in zip(("p50", "p95", "p99"), latencies.T, strict=True)},
        log=True,
    )
    return Part("A question", lines, (plot,))


def _questions() -> list[str]:
    if not GOLD.is_file():
        return training_questions(60)
    return [json.loads(line)["question"] for line in GOLD.read_text(encoding="utf-8").splitlines()]


def _by_stage(engine: Engine, asked: list[str]) -> tuple[list[list[object]], float]:
    spent: dict[str, list[float]] = defaultdict(list)
    encode = engine.encoder.encode_questions
    with _timed(engine, spent):
        for _ in range(ROUNDS):
            for each in asked:
                spent["bare embedding"].append(_took(lambda each=each: encode([each])))
                spent["whole"].append(_took(lambda each=each: engine.ask(each)))
    bare = float(np.median(spent["bare embedding"]))
    names = ("bare embedding", *(name for name, _, _ in INSIDE), "whole")
    rows = [[n, percentiles(spent[n]), f"{np.median(spent[n]) / bare:.2f}"] for n in names if spent[n]]
    return rows, float(np.median(spent["whole"])) / bare


@contextmanager
def _timed(engine: Engine, spent: dict[str, list[float]]) -> Iterator[None]:
    """Time the engine's parts; the embedding is taken out of the stage that it is done in."""
    owners = [(owner_of(engine), method, name) for name, owner_of, method in INSIDE]
    classes = [(type(owner), method, getattr(type(owner), method)) for owner, method, _ in owners]
    for owner, method, name in owners:
        _wrap(type(owner), method, name, spent)
    try:
        yield
    finally:
        for kind, method, plain in classes:
            setattr(kind, method, plain)


def _wrap(kind: type[Any], method: str, name: str, spent: dict[str, list[float]]) -> None:
    inner: Callable[..., Any] = getattr(kind, method)

    def timed(*arguments: Any, **named: Any) -> Any:
        embedded = sum(spent["embedding"])
        began = time.perf_counter()
        try:
            return inner(*arguments, **named)
        finally:
            took = 1000 * (time.perf_counter() - began)
            inside = sum(spent["embedding"]) - embedded if name == WITH_EMBEDDING else 0.0
            spent[name].append(took - inside)

    setattr(kind, method, timed)


def _took(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - began)


def _at_once(engine: Engine, asked: list[str]) -> tuple[list[list[object]], np.ndarray]:
    rows, latencies, alone = [], [], 0.0
    for count in AT_ONCE:
        many = (asked * (1 + 256 // len(asked)))[: max(128, 4 * count)]
        with ThreadPoolExecutor(count) as pool:
            began = time.perf_counter()
            times = list(pool.map(lambda each: _took(lambda: engine.ask(each)), many))
            rate = len(many) / (time.perf_counter() - began)
        alone = alone or rate
        latencies.append(np.percentile(times, [50, 95, 99]))
        rows.append([count, percentiles(times), f"{rate:.1f}", f"{rate / alone:.2f}"])
    return rows, np.array(latencies)
