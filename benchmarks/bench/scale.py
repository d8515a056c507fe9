"""Indexes of very many passages: what they take on disk, in memory, to open, to ask and to update.

Each step runs in a process of its own, so that memory is told apart: ``python -m bench.scale make FOLDER N``.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.many import Base, grow, put
from bench.questions import Kept, training_questions
from bench.results import CACHE, Part, Plot, apart, memory_mb, peak_mb, percentiles, table
from bench.varied import Seeds
from rapportsvar.config import Settings
from rapportsvar.engine.engine import Engine, build
from rapportsvar.index.derive import derive
from rapportsvar.index.manifest import (
    code_fingerprint,
    describe_files,
    generations,
    read_manifest,
    write_manifest,
)
from rapportsvar.index.opened import OpenIndex
from rapportsvar.index.store import Store

NEAREST = 100
QUESTIONS = 60
ROUNDS = 2
GROWN_FROM = 200_000
"""A larger store is one of a tenth of its size, and nine times what stands there, varied in a cheaper way."""
HEAD = (
    "entries",
    "reports / vectors",
    "derived and hashed, s (passages/s)",
    "peak memory of that, MB",
    "on disk, MB (store / words / vectors)",
    "opened, s (CPU s)",
    "memory of its own / resident just opened / resident after the questions, MB",
    "question without embedding, ms, p50 / p95 / p99",
    "its CPU ms, p50 / p95",
    "nothing new, s",
    "one report changed, s",
    "recall@100",
)


def scale(options: Namespace) -> Part:
    """Measure indexes of several sizes."""
    rows, told = [], []
    for size in options.sizes:
        folder = CACHE / f"many-{size}"
        made = apart("bench.scale", "make", folder, size)
        asked = apart("bench.scale", "ask", folder)
        updated = apart("bench.scale", "update", folder)
        told.append({**made, **asked, **updated})
        rows.append(_row(told[-1]))
        print(rows[-1], file=sys.stderr, flush=True)
        if not options.keep:
            shutil.rmtree(folder)
    lines = table(HEAD, rows)
    if len(told) > 1:
        first = told[0]
        lines += ["", *(_against(first, each) for each in told[1:])]
    entries = [each["entries"] for each in told]
    plot = Plot(
        "scale",
        "A question without its embedding, by size of the index",
        ("entries", entries),
        "ms",
        {name: [each[name] for each in told] for name in ("p50", "p95")},
        log=True,
    )
    return Part("By size of the index", lines, (plot,))


def _row(told: Mapping[str, Any]) -> list[object]:
    return [
        told["entries"],
        f"{told['reports']} / {told['vectors']}",
        f"{told['derived']:.1f} ({told['entries'] / told['derived']:.0f})",
        f"{told['peak']:.0f}",
        f"{told['disk']:.0f} ({told['store']:.0f} / {told['words']:.0f} / {told['vectors_mb']:.0f})",
        f"{told['opened']:.2f} ({told['opened_cpu']:.2f})",
        f"{told['own']:.0f} / {told['resident_opened']:.0f} / {told['resident']:.0f}",
        told["times"],
        told["cpu"],
        f"{told['nothing']:.1f}",
        f"{told['one']:.1f}",
        f"{told['recall']:.3f}",
    ]


def _against(first: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    p50, p95 = other["p50"] / first["p50"], other["p95"] / first["p95"]
    return (
        f"{other['entries']} entries against {first['entries']}, "
        f"{other['entries'] / first['entries']:.1f} times as many: "
        f"p50 {p50:.1f} times, p95 {p95:.1f} times as long; of CPU time "
        f"{other['cpu_p50'] / first['cpu_p50']:.1f} and {other['cpu_p95'] / first['cpu_p95']:.1f} times."
    )


def make(folder: Path, size: int) -> dict[str, Any]:
    """Make an index of so many entries, if it is not there; tell what deriving and hashing took."""
    generation = folder / "generation-000001"
    if not (folder / "made.json").is_file():
        put_store(folder, size)
    for _, older in [*generations(folder)]:
        shutil.rmtree(older)
    generation.mkdir()
    shutil.copyfile(folder / "store.sqlite", generation / "store.sqlite")
    store = Store(generation / "store.sqlite", write=True)
    began = time.perf_counter()
    with store.transaction():
        store.find_versions()
    versions = time.perf_counter() - began
    counts = derive(store, generation)
    store.close()
    files = describe_files(generation)
    derived = time.perf_counter() - began
    seeds = read_manifest(CACHE / "seeds")
    sources = json.loads((folder / "made.json").read_text(encoding="utf-8"))
    reports = str((folder / "reports").resolve())
    made = replace(
        seeds, generation=generation.name, sources=sources, counts=counts, files=files, root=reports,
        paths=(reports,), fingerprint=code_fingerprint(), settings=asdict(Settings()),
    )  # fmt: skip
    write_manifest(folder, made)
    entries = counts["passages"] + counts["rows"]
    sizes = {name: bytes_ / 1e6 for name, (bytes_, _) in files.items()}
    return {
        "entries": entries,
        "reports": counts["reports"],
        "vectors": counts["vectors"],
        "versions": versions,
        "derived": derived,
        "peak": peak_mb(),
        "disk": sum(sizes.values()),
        "store": sizes["store.sqlite"],
        "words": sum(mb for name, mb in sizes.items() if name.startswith("keyword-")),
        "vectors_mb": sizes["vectors.faiss"],
    }


def put_store(folder: Path, size: int) -> None:
    """Write a store of so many entries, and its reports as files; a very large one is grown from a tenth."""
    if size > GROWN_FROM:
        grown(folder, size)
        return
    index = CACHE / "seeds"
    build(Seeds().paths, index)
    base = Base(index / read_manifest(index).generation / "store.sqlite")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    store = Store(folder / "store.sqlite", write=True, create=True)
    sources, after = {}, 0
    with store.transaction():
        for rows in base.varied(Seeds(), size):
            after = put(store._db, rows, after)
            sources[rows.source] = rows.report[1]
            path = folder / "reports" / rows.source
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(rows.text.encode())
    store.close()
    (folder / "made.json").write_text(json.dumps(sources), encoding="utf-8")


def grown(folder: Path, size: int) -> None:
    tenth = CACHE / f"many-{size // 10}"
    if not (tenth / "made.json").is_file():
        put_store(tenth, size // 10)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(tenth / "store.sqlite", folder / "store.sqlite")
    store = Store(folder / "store.sqlite", write=True)
    with store.transaction():
        sources = {**json.loads((tenth / "made.json").read_text(encoding="utf-8")), **grow(store._db, 9)}
    for source in sources:
        (text,) = store._db.execute("SELECT text FROM reports WHERE source = ?", (source,)).fetchone()
        path = folder / "reports" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    store.close()
    (folder / "made.json").write_text(json.dumps(sources), encoding="utf-8")


def ask(folder: Path) -> dict[str, Any]:
    """Open an index and ask."""
    Engine.open(CACHE / "seeds").close()  # what is loaded once a process, the encoder among it
    before, began, cpu_began = memory_mb(), time.perf_counter(), time.process_time()
    engine = Engine.open(folder)
    opened, opened_cpu = time.perf_counter() - began, time.process_time() - cpu_began
    resident_opened = memory_mb("VmRSS")
    engine.retriever.encoder = kept = Kept(engine.encoder)
    asked = training_questions(QUESTIONS)
    for question in asked:
        engine.ask(question)
    times, cpu = [], []
    for _ in range(ROUNDS):
        for question in asked:
            began, cpu_began = time.perf_counter(), time.process_time()
            engine.ask(question)
            times.append(1000 * (time.perf_counter() - began))
            cpu.append(1000 * (time.process_time() - cpu_began))
    own, resident = memory_mb() - before, memory_mb("VmRSS")
    recall = recall_of(engine.index, np.stack([vectors[0] for vectors in kept.vectors.values()]))
    engine.close()
    told = {"opened": opened, "opened_cpu": opened_cpu, "own": own, "recall": recall}
    told |= {"resident_opened": resident_opened, "resident": resident}
    shown = {"times": percentiles(times), "cpu": percentiles(cpu, 50, 95)}
    p50, p95 = np.percentile(times, [50, 95])
    cpu_p50, cpu_p95 = np.percentile(cpu, [50, 95])
    return {**told, **shown, "p50": p50, "p95": p95, "cpu_p50": cpu_p50, "cpu_p95": cpu_p95}


def update(folder: Path) -> dict[str, Any]:
    """Bring an index up to date: once with nothing new, once with a report that has changed.

    Vectors of these indexes are mixed: all texts of a report would be embedded at its first change. So it
    is changed once before, as a report of a real index has vectors of its own; that is told as ``first``.
    """
    reports = folder / "reports"
    began = time.perf_counter()
    same = build([reports], folder)
    nothing = time.perf_counter() - began
    changed = sorted(reports.rglob("*.txt"))[3]
    text = changed.read_text(encoding="utf-8")
    told = []
    for number in (17, 18):
        changed.write_text(
            f"{text.rstrip()}\n\nNämnden beslutade om {number} nya platser.\n", encoding="utf-8"
        )
        began = time.perf_counter()
        told.append((build([reports], folder), time.perf_counter() - began))
    changed.write_text(text, encoding="utf-8")
    (before, first), (summary, one) = told
    if (same.new, same.changed, len(before.changed), len(summary.changed)) != ([], [], 1, 1):
        raise SystemExit(f"not one report was changed: {same.changed[:3]} {summary.changed[:3]}")
    return {"nothing": nothing, "first": first, "one": one, "embedded": summary.embedded,
            "embedded_first": before.embedded, "one_by_stage": summary.seconds}  # fmt: skip


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


STEPS: dict[str, Callable[..., Any]] = {"make": make, "ask": ask, "update": update}

if __name__ == "__main__":
    step, where, *rest = sys.argv[1:]
    print(json.dumps(STEPS[step](Path(where), *map(int, rest))))
