"""What the first issue promises, on the five real reports, which stand beside the checkout and not in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rapportsvar.engine.asker import EngineAsker
from rapportsvar.engine.engine import Engine, build
from rapportsvar.evaluation.gold import read_gold
from rapportsvar.evaluation.run import evaluate

SHARED = Path(__file__).parents[3] / "shared"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SHARED.is_dir(), reason=f"the real reports are not there: {SHARED}"),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("real-index")
    summary = build([SHARED / "corpus"], folder)
    assert not summary.failures
    opened = Engine.open(folder)
    yield opened
    opened.close()


def test_why_placements_cost_more_lights_two_reasons_among_the_first_three(engine):
    asked = "varför ökade kostnaden för placeringar?"
    gold = next(
        question
        for line in (SHARED / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
        if (question := json.loads(line))["question"] == asked
    )
    text = engine.text(gold["document"])
    reasons = [e["quote"] for e in gold["evidence"] if e["relevance"] == 2]
    places = [(text.index(quote), text.index(quote) + len(quote)) for quote in reasons]
    lit = set()
    for hit in engine.ask(asked).hits[:3]:
        for number, (start, end) in enumerate(places):
            marked = any(mark.span.start < end and start < mark.span.end for mark in hit.highlights)
            if hit.source == gold["document"] and marked:
                lit.add(number)
    assert len(lit) >= 2


def test_real_questions_reach_the_floors_of_the_first_issue(engine):
    asker = EngineAsker(engine)
    run = evaluate(asker, [read_gold(SHARED / "gold" / "dev.jsonl", asker)], resamples=10)
    figures = {name: estimate.value for name, estimate in run.sets[0].overall.items()}
    assert figures["hit@1"] >= 0.50
    assert figures["hit@3"] >= 0.70
    assert figures["hit@10"] >= 0.85
    assert figures["quotes exact"] == 1.0
