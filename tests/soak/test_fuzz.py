"""Mutated files break no reader, and nothing that a build does to what was read; odd questions break nothing.

The soak reads 100,000 mutated files, each in a process apart, as a build does: what kills it is a fault, too.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scene import Scene
from test_damage import SETTINGS

from rapportsvar.engine.contract import answer_json, search_json
from rapportsvar.engine.engine import Engine
from rapportsvar.index.embedding.base import HashEncoder
from rapportsvar.index.opened import open_index
from rapportsvar.model import Filters

FUZZING = Path(__file__).parent / "fuzzing.py"
QUICK, SOAK, AT_ONCE = 150, 100_000, 5_000
QUESTIONS_QUICK, QUESTIONS_SOAK = 60, 5_000
SAID = """varför ökade kostnaden för placeringar budget 2022 Lindsjö Åsbro kommun sjukfrånvaron hur mycket
när vem skillnaden mellan och jämfört med förra året socialnämnden HVB procent tkr ? , . – %"""
WORDS = st.sampled_from(SAID.split())
ODD = st.sampled_from(
    [
        *("\u202e", "\u200b", "\x00", "\ud800", "\ufeff", "' OR 1=1 --", "$(reboot)"),
        *("<script>alert(1)", "javascript:alert(1)"),
        *(
            "kostnad" * 30,
            "å" * 200,
            "2022 2021 " * 20,
            "%s%n",
            "\\",
            '"',
            "((((",
            "*",
            "NEAR(",
            "1e309",
            "﷽",
        ),
    ]
)
ANY = st.text(st.characters(categories=None), max_size=12)
QUESTIONS = st.lists(st.one_of(WORDS, ODD, ANY), max_size=14).map(" ".join)


def test_mutated_files_break_nothing(tmp_path, soaking, tell):
    total, ended = SOAK if soaking else QUICK, Counter[str]()
    kept = Path(os.environ.get("RAPPORTSVAR_SOAK", tmp_path)) / "fuzz"
    for seed in range(-(-total // AT_ONCE)):
        count = min(AT_ONCE, total)
        command = [sys.executable, str(FUZZING), str(count), str(seed), str(kept / str(seed))]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-800:]
        told = json.loads(done.stdout)
        assert told["broken"] == {}, kept
        for how, number in told["ended"].items():
            ended[how.split()[1]] += number
        total -= count
    outcomes = ", ".join(f"{name} {number}" for name, number in ended.most_common())
    tell("mutated files", f"{sum(ended.values())}: {outcomes}; none broke anything")


@pytest.fixture(scope="module")
def engine(tmp_path_factory, runs):
    made = Scene(tmp_path_factory.mktemp("questions"), runs)
    assert made.run()["status"] == 0
    with closing(Engine(open_index(made.index), HashEncoder(), SETTINGS)) as opened:
        yield opened


def test_a_question_of_any_kind_gets_an_answer_that_can_be_written(engine, soaking, tell):
    asked = [0]

    @settings(
        max_examples=QUESTIONS_SOAK if soaking else QUESTIONS_QUICK,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(QUESTIONS, st.lists(QUESTIONS, max_size=2), st.booleans())
    def ask(question, history, by_year):
        asked[0] += 1
        filters = Filters(years=(2022,)) if by_year else None
        answer = engine.ask(question, history, filters=filters)
        line = json.dumps(answer_json(answer), ensure_ascii=True)
        for hit in answer.hits:
            assert hit.span.of(engine.text(hit.source)) == hit.text
        json.dumps(search_json(engine.search(question, top=5)))
        engine.series(question, top=2)
        assert "\n" not in line

    ask()
    tell("questions of any kind", f"{asked[0]}, also as search and series: none broke anything")
