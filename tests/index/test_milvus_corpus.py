"""Over the demonstration corpus the Milvus engine gives the local engine's first ten, in 99 of 100."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from small_reports import CountingEncoder, build_small

from rapportsvar.config import IndexSettings, Settings
from rapportsvar.engine.engine import Engine
from rapportsvar.index.engines import open_index

pytest.importorskip("pymilvus", reason="the extra milvus is not installed")
pytest.importorskip("milvus_lite", reason="the extra milvus is not installed")

ROOT = Path(__file__).parents[2]
OF_EACH = 25


def questions():
    """The first gold questions over the corpus, and training questions, which ask of other reports."""
    for path in (ROOT / "gold" / "corpus.jsonl", ROOT / "training" / "questions" / "t1.jsonl"):
        for line in path.read_text("utf-8").splitlines()[:OF_EACH]:
            yield json.loads(line)["question"]


def places(engine, question):
    return [(hit.source, hit.span, hit.kind) for hit in engine.ask(question, top=10).hits]


@pytest.mark.slow
def test_the_first_ten_over_the_corpus_are_those_of_the_local_engine(tmp_path):
    from rapportsvar.index.milvus.moving import move_to_milvus

    kept = IndexSettings(engine="milvus", uri=str(tmp_path / "milvus.db"), seconds_max=120)
    build_small(ROOT / "corpus" / "lindsjo", tmp_path / "local")
    move_to_milvus(tmp_path / "local", kept, lambda stage, done, total: None)
    with (
        closing(Engine(open_index(tmp_path / "local", IndexSettings()), CountingEncoder())) as local,
        closing(
            Engine(open_index(tmp_path, kept), CountingEncoder(), replace(Settings(), index=kept))
        ) as there,
    ):
        asked = list(questions())
        alike = sum(places(local, question) == places(there, question) for question in asked)
        assert len(asked) == 2 * OF_EACH
        assert alike >= 0.99 * len(asked)
        pages = [source for source in local.sources() if local.pages(source)]
        assert pages
        for source in pages[:2]:
            assert there.pages(source) == local.pages(source)
            assert there.index.original(source) == local.index.original(source)
