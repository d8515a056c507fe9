"""Keywords: questions a second by our fields against rank-bm25 over whitespace tokens."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from bench.questions import training_questions
from bench.results import CACHE, Part, apart, table

SIZE = 100_000
QUESTIONS = 60
TARGET = 50


def words(options: Namespace) -> Part:
    folder = CACHE / f"many-{SIZE}"
    apart("bench.scale", "make", folder, SIZE)
    told = apart("bench.words", folder)
    first, again = told["theirs"] / told["first"], told["theirs"] / told["again"]
    rows = [
        ["rank-bm25, whitespace tokens", f"{told['theirs']:.2f}", "1"],
        ["rapportsvar, body, each question the first time", f"{told['first']:.2f}", f"{first:.0f}"],
        ["rapportsvar, body, again (weights of terms kept)", f"{told['again']:.2f}", f"{again:.0f}"],
    ]
    head = ("top ten of a question", "CPU ms, mean", "times as many questions a second")
    lines = [
        f"{told['entries']} entries, {QUESTIONS} questions; theirs and ours in turns, question by question. "
        f"Target: {TARGET} times.",
        "",
        *table(head, rows),
    ]
    return Part("Keywords", lines)


def compare(folder: Path) -> dict[str, Any]:
    from rank_bm25 import BM25Okapi

    from rapportsvar.index.manifest import read_manifest
    from rapportsvar.index.opened import open_index
    from rapportsvar.swedish.words import Analyzer

    index = open_index(folder)
    store = folder / read_manifest(folder).generation / "store.sqlite"
    with closing(sqlite3.connect(store)) as db:
        bodies = [json.loads(content)[4].lower().split() for (content,) in
                  db.execute("SELECT content FROM entries ORDER BY id")]  # fmt: skip
    theirs_index = BM25Okapi(bodies)
    del bodies
    analyzer, field = Analyzer(), index.keyword["body"]
    asked = training_questions(QUESTIONS)
    keys = [[term.key for term in analyzer.terms(question)] for question in asked]
    field.postings("kostnad")  # lengths of entries are read once
    theirs: list[float] = []
    first: list[float] = []
    again: list[float] = []
    for question, terms in zip(asked, keys, strict=True):
        theirs.append(_took(lambda q=question: np.argsort(-theirs_index.get_scores(q.lower().split()))[:10]))
        first.append(_took(lambda t=terms: top_ten(field, t, len(index.entries))))
        again.append(_took(lambda t=terms: top_ten(field, t, len(index.entries))))
    mean = {"theirs": theirs, "first": first, "again": again}
    return {"entries": len(index.entries), **{name: float(np.mean(some)) for name, some in mean.items()}}


def top_ten(field: Any, terms: list[str], count: int) -> np.ndarray:
    scores = np.zeros(count, np.float32)
    for term in terms:
        places, weights = field.postings(term)
        scores[places] += weights
    best = np.argpartition(-scores, 10)[:10]
    return best[np.argsort(-scores[best])]


def _took(run: Any) -> float:
    began = time.process_time()
    run()
    return 1000 * (time.process_time() - began)


if __name__ == "__main__":
    print(json.dumps(compare(Path(sys.argv[1]))))
