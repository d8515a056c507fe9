"""Indexing by stage, at several times the five reports, and the encoder against the bare ONNX Runtime.

What is not the embedding is measured with an encoder that takes no time: the embedding of ten times the five
reports takes an hour on a busy machine, and grows with their number by construction. The embedding is
measured on the texts of the five reports, in turns with the bare runtime on the same tokens.

Reports are read and analysed in processes apart while the build writes, so one such process keeps more than
one core busy: what two gain on two cores is told against one on two cores, and against one on one core.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.five import five_index, varied
from bench.results import Part, Plot, apart, peak_mb, table
from rapportsvar.config import ReadingSettings, Settings
from rapportsvar.engine.engine import build
from rapportsvar.index.embedding.engine import PASSAGE_PREFIX, E5Encoder
from rapportsvar.index.embedding.load import SHIPPED, load_encoder
from rapportsvar.index.manifest import read_manifest
from rapportsvar.index.store import Store

STAGES = ("reading", "structure", "words", "figures", "writing")
TEXTS = 128
ROUNDS = 5
WAYS = ((1, 1), (1, 2), (2, 2))
"""Processes that read and analyse, and cores for all of the build."""


class Instant:
    """An encoder that takes next to no time: each text's vector is drawn by its hash."""

    name, dimensions, max_tokens = "instant", 384, 512
    _pool = np.random.default_rng(0).standard_normal((4096, 384)).astype(np.float32)
    _pool /= np.linalg.norm(_pool, axis=1, keepdims=True)

    def encode_passages(self, texts: Sequence[str], *, progress: object = None) -> np.ndarray:
        return self._pool[[hash(text) % 4096 for text in texts]]

    def encode_questions(self, texts: Sequence[str]) -> np.ndarray:
        return self.encode_passages(texts)


def indexing(options: Namespace) -> Part:
    told = []
    for times in options.times:
        for processes, cores in WAYS:
            told.append(apart("bench.indexing", options.reports, times, processes, cores))
            print(told[-1], file=sys.stderr, flush=True)
    rows = [_row(each) for each in told]
    head = (
        *("times the five", "processes that read and analyse / cores", "entries", "characters"),
        *(
            *STAGES,
            "all, s",
            "processor time, s",
            "cores kept busy",
            "passages / 1,000 characters a second",
            "peak memory, MB",
        ),
    )
    alone, one, two = ([each for each in told if (each["processes"], each["cores"]) == way] for way in WAYS)
    lines = [
        "Without the embedding (an encoder that takes no time), seconds by stage; reading, structure, words "
        "and figures are summed over the processes, and writing goes on meanwhile. Processor time is that of "
        "the build / of its processes. Memory is the most that the build held, and the most that one of the "
        "processes held, times their number.",
        "",
        *table(head, rows),
        "",
        *(
            f"{a['times']} times: two processes on two cores are {a['all'] / c['all']:.2f} times as fast as "
            f"one on one core, {b['all'] / c['all']:.2f} times as fast as one on two (target 1.7); they keep "
            f"{_busy(c) / _busy(a):.2f} times as many cores busy as one on one."
            for a, b, c in zip(alone, one, two, strict=True)
        ),
        *(
            f"Memory at {b['times']} times is {b['peak'] / a['peak']:.2f} times that at {a['times']} times "
            "(target 1.2 from 10 to 100)."
            for a, b in itertools.pairwise(one)
        ),
        "",
        *_encoder(options.reports),
    ]
    plot = Plot(
        "indexing",
        "Indexing without the embedding",
        ("times the five reports", [each["times"] for each in one]),
        "s",
        {stage: [each["seconds"].get(stage, 0.0) for each in one] for stage in STAGES},
    )
    return Part("Indexing", lines, (plot,) if len(one) > 1 else ())


def _row(told: dict[str, Any]) -> list[object]:
    spent = [f"{told['seconds'].get(stage, 0.0):.2f}" for stage in STAGES]
    rates = f"{told['entries'] / told['all']:.0f} / {told['chars'] / told['all'] / 1000:.0f}"
    all_, cpu = f"{told['all']:.2f}", f"{told['own_cpu']:.1f} / {told['cpu']:.1f}"
    peak = f"{told['peak']:.0f}"
    ways = f"{told['processes']} / {told['cores']}"
    busy = f"{_busy(told):.2f}"
    return [told["times"], ways, told["entries"], told["chars"], *spent, all_, cpu, busy, rates, peak]


def _busy(told: dict[str, Any]) -> float:
    """Tell how many cores a build kept busy: unlike its seconds, the same on a faster and a slower minute."""
    return float((told["own_cpu"] + told["cpu"]) / told["all"])


def _built(folder: Path, times: int, processes: int, cores: int) -> dict[str, Any]:
    """Build an index of that many times the five reports, on so many cores."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    settings = replace(Settings(), reading=ReadingSettings(processes=processes))
    with tempfile.TemporaryDirectory() as there:
        reports = varied(folder, times, Path(there) / "reports")
        chars = sum(len(path.read_text(encoding="utf-8")) for path in reports.rglob("*.txt"))
        began, before = time.perf_counter(), os.times()
        summary = build([reports], Path(there) / "index", settings, encoder=Instant())
        all_, after = time.perf_counter() - began, os.times()
    own, cpu = (sum(after[k : k + 2]) - sum(before[k : k + 2]) for k in (0, 2))
    entries = summary.counts["passages"] + summary.counts["rows"]
    peak = peak_mb() + processes * peak_mb(of_children=True)
    return {"times": times, "processes": processes, "cores": cores, "entries": entries, "chars": chars,
            "all": all_, "own_cpu": own, "cpu": cpu, "seconds": summary.seconds, "peak": peak}  # fmt: skip


def _encoder(folder: Path) -> list[str]:
    """Compare the encoder with the bare runtime on the same tokens, in turns."""
    encoder = load_encoder(SHIPPED)
    assert isinstance(encoder, E5Encoder)
    texts = _texts(folder)
    ids = [encoder._ids(PASSAGE_PREFIX + text) for text in texts]
    rows = [encoder._weights.words(some)[None] for some in ids]
    order = sorted(range(len(rows)), key=lambda place: -rows[place].shape[1])
    session = encoder._for_passages

    def bare() -> None:
        with ThreadPoolExecutor(encoder._threads) as pool:
            list(pool.map(lambda place: session.run(None, {"rows": rows[place]}), order))

    wall, cpu = [], []
    ours: list[float] = []
    for _ in range(ROUNDS):
        theirs, mine = _both(bare), _both(lambda: encoder.encode_passages(texts))
        wall.append(theirs[0] / mine[0])
        cpu.append(theirs[1] / mine[1])
        ours.append(len(texts) / mine[0])
    tokens = sum(map(len, ids))
    return [
        f"Embedding: {statistics.median(ours):.1f} texts a second ({len(texts)} texts of the five reports, "
        f"{tokens} tokens), {statistics.median(wall):.2f} of the bare ONNX Runtime on the same tokens "
        f"({statistics.median(cpu):.2f} by processor time; medians of {ROUNDS} in turns; target 0.85)."
    ]


def _both(run: Any) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - wall, time.process_time() - cpu


def _texts(folder: Path) -> list[str]:
    index = five_index(folder)
    store = Store(index / read_manifest(index).generation / "store.sqlite")
    bodies = [f"{entry.context} › {entry.body}" for source in store.sources()
              for entry, _ in store.passages(source)]  # fmt: skip
    store.close()
    return bodies[:: max(1, len(bodies) // TEXTS)][:TEXTS]


if __name__ == "__main__":
    where, *numbers = sys.argv[1:]
    print(json.dumps(_built(Path(where), *map(int, numbers))))
