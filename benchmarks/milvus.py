"""Holds the Milvus engine against the local one: the same top ten, and how long a question takes.

    rapportsvar index --index FOLDER --to index/milvus.db
    python benchmarks/milvus.py FOLDER index/milvus.db gold/corpus.jsonl gold/demo.jsonl

A question counts as the same when source, start and end of its first ten hits are equal, in order.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from rapportsvar.config import Settings
from rapportsvar.engine.engine import Engine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("uri")
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=10_000, help="questions of each file")
    options = parser.parse_args()
    settings = Settings()
    there = replace(settings, index=replace(settings.index, engine="milvus", uri=options.uri))
    began = time.perf_counter()
    with (
        closing(Engine.open(options.index, settings)) as local,
        closing(Engine.open(options.index, there)) as milvus,
    ):
        print(f"both opened in {time.perf_counter() - began:.2f} s")
        for path in options.questions:
            lines = path.read_text(encoding="utf-8").splitlines()[: options.limit]
            compare(local, milvus, path, [json.loads(line)["question"] for line in lines if line.strip()])


def compare(local: Engine, milvus: Engine, path: Path, questions: list[str]) -> None:
    alike, ordered, seconds = 0, 0, ([], [])
    for question in questions:
        places = []
        for engine, spent in zip((local, milvus), seconds, strict=True):
            began = time.perf_counter()
            answer = engine.ask(question, top=10)
            spent.append(time.perf_counter() - began)
            places.append([(hit.source, hit.span.start, hit.span.end) for hit in answer.hits])
        ordered += places[0] == places[1]
        alike += set(places[0]) == set(places[1])
        if places[0] != places[1]:
            print(f"  differs: {path.name}: {len(set(places[0]) & set(places[1]))} of 10 in common")
    spent = [1000 * statistics.median(each) for each in seconds]
    print(
        f"{path}: {ordered} of {len(questions)} the same top ten in order, {alike} as a set; "
        f"median {spent[0]:.0f} ms local, {spent[1]:.0f} ms Milvus, {spent[1] / spent[0]:.1f} times"
    )


if __name__ == "__main__":
    main()
