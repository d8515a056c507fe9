"""An index of very many passages: what it takes on disk, in memory, to open, to ask, and what it finds."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.many import Base, put
from bench.varied import ROOT, Seeds
from rapportsvar.engine.engine import Engine, build
from rapportsvar.index.derive import derive
from rapportsvar.index.manifest import describe_files, read_manifest, write_manifest
from rapportsvar.index.opened import OpenIndex
from rapportsvar.index.store import Store

CACHE = ROOT / ".cache" / "bench"
QUESTIONS = 60
NEAREST = 100


def scale(sizes: Sequence[int]) -> list[str]:
    """Measure indexes of so many entries. Returns lines of a table in Markdown."""
    lines = [
        "| entries | vectors | written, CPU s | on disk, MB | opened, CPU s | memory of its own, MB "
        "| a question p50 / p95, CPU ms | recall@100 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for size in sizes:
        folder = CACHE / f"many-{size}"
        counts, written = make(folder, size)
        lines.append(_line(folder, counts, written))
        print(lines[-1], flush=True)
        shutil.rmtree(folder)
    return lines


def make(folder: Path, size: int) -> tuple[dict[str, int], float]:
    """Make an index of so many entries; return its counts and what deriving and hashing took, CPU seconds."""
    seeds_index = CACHE / "seeds"
    build(Seeds().paths, seeds_index)
    manifest = read_manifest(seeds_index)
    base = Base(seeds_index / manifest.generation / "store.sqlite")
    generation = folder / "generation-000001"
    shutil.rmtree(folder, ignore_errors=True)
    generation.mkdir(parents=True)
    store = Store(generation / "store.sqlite", write=True, create=True)
    sources, after = {}, 0
    with store.transaction():
        for rows in base.varied(Seeds(), size):
            after = put(store._db, rows, after)
            sources[rows.source] = rows.report[1]
    began = time.process_time()
    with store.transaction():
        store.find_versions()
    counts = derive(store, generation)
    store.close()
    files = describe_files(generation)
    written = time.process_time() - began
    made = replace(manifest, generation=generation.name, sources=sources, counts=counts, files=files)
    write_manifest(folder, made)
    return counts, written


def _line(folder: Path, counts: dict[str, int], written: float) -> str:
    before, began = _own_memory(), time.process_time()
    engine = Engine.open(folder)
    engine.retriever.encoder = kept = _Kept(engine)
    opened = time.process_time() - began
    asked = _questions()
    for question in asked:
        engine.ask(question)
    times = []
    for question in asked:
        began = time.process_time()
        engine.ask(question)
        times.append(1000 * (time.process_time() - began))
    p50, p95 = np.percentile(times, [50, 95])
    memory = _own_memory() - before
    recall = recall_of(engine.index, np.stack([vectors[0] for vectors in kept.vectors.values()]))
    on_disk = read_manifest(folder).size_bytes / 1e6
    engine.close()
    entries = counts["passages"] + counts["rows"]
    return (
        f"| {entries} | {counts['vectors']} | {written:.1f} | {on_disk:.0f} | {opened:.1f} | {memory:.0f} "
        f"| {p50:.1f} / {p95:.1f} | {recall:.3f} |"
    )


class _Kept:
    """Embeds each question once: what is measured is the rest."""

    def __init__(self, engine: Engine) -> None:
        self._encoder = engine.encoder
        self.name, self.dimensions = engine.encoder.name, engine.encoder.dimensions
        self.max_tokens = engine.encoder.max_tokens
        self.vectors: dict[str, np.ndarray] = {}
        self.encode_passages = engine.encoder.encode_passages

    def encode_questions(self, texts: Sequence[str]) -> np.ndarray:
        for text in texts:
            if text not in self.vectors:
                self.vectors[text] = self._encoder.encode_questions([text])
        return np.concatenate([self.vectors[text] for text in texts])


def recall_of(index: OpenIndex, questions: np.ndarray) -> float:
    """Tell which share of the nearest vectors is found, by comparing with all of them, 20,000 at a time."""
    count = len(index.vectors.owners)
    cosines = np.concatenate(
        [
            index.vectors.of(np.arange(first, min(first + 20_000, count))) @ questions.T
            for first in range(0, count, 20_000)
        ]
    )
    shares = []
    for number, question in enumerate(questions):
        least = np.partition(cosines[:, number], -NEAREST)[-NEAREST]
        found, _ = index.vectors.nearest(question, NEAREST)
        shares.append(float((cosines[found, number] >= least - 1e-6).mean()))
    return float(np.mean(shares))


def _questions() -> list[str]:
    files = [ROOT / "training" / "questions" / f"t{number}.jsonl" for number in (1, 2, 3)]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    every = [json.loads(line)["question"] for line in lines]
    return every[:: len(every) // QUESTIONS][:QUESTIONS]


def _own_memory() -> float:
    """Return the memory of this process that no file backs, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))
