"""Runs one peer in its own environment: ``python asking.py PEER TEXTS QUESTIONS MODEL CHARS OUT``.

A peer is a module beside this one with ``build(texts, model, chars)``, which returns a function from a
question to ``[(source, start, end), ...]``, best first, and how many pieces were indexed. ``chars``
bounds a piece, 0: as the project's documentation has it. Imports nothing of rapportsvar: the environment
has only what the peer needs.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from pathlib import Path

TOP = 10


def main() -> None:
    peer, texts_path, questions_path, model, chars, out = sys.argv[1:]
    os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}
    sys.path.insert(0, str(Path(__file__).parent))
    texts = json.loads(Path(texts_path).read_text("utf-8"))
    questions = json.loads(Path(questions_path).read_text("utf-8"))
    began = time.perf_counter()
    module = importlib.import_module(f"peer_{peer}")
    imported = time.perf_counter()
    ask, pieces = module.build(texts, model, int(chars))
    built = time.perf_counter()
    ask(questions[0]["question"])  # what is loaded at the first question is no question's time
    answers = []
    for question in questions:
        start = time.perf_counter()
        found = ask(question["question"])[:TOP]
        spent = 1000 * (time.perf_counter() - start)
        hits = [{"source": s, "start": a, "end": b, "highlights": [], "cells": []} for s, a, b in found]
        answers.append({"id": question["id"], "found": True, "elapsed_ms": spent, "hits": hits})
    told = {
        "pieces": pieces,
        "import_seconds": imported - began,
        "index_seconds": built - imported,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "answers": answers,
    }
    Path(out).write_text(json.dumps(told), "utf-8")


if __name__ == "__main__":
    main()
