"""rapportsvar itself, in the environment that it is installed in; its texts come from files of their own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from rapportsvar.engine.engine import Engine
from rapportsvar.engine.engine import build as build_index


def build(texts, model, chars):
    folder, index = Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp())
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode("utf-8"))
    os.environ.pop("RAPPORTSVAR_SETTINGS", None)
    summary = build_index([folder], index)
    engine = Engine.open(index)

    def ask(question):
        return [(hit.source, hit.span.start, hit.span.end) for hit in engine.ask(question, top=10).hits]

    return ask, summary.counts["passages"] + summary.counts["rows"]
