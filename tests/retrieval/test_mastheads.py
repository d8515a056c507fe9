"""What a report's head says is near to every question that names the report, and answers few of them."""

import pytest
from small_reports import build_small

from rapportsvar.config import settings_from
from rapportsvar.engine.engine import Engine
from rapportsvar.index.entries import Entry
from rapportsvar.model import EntryKind, Span
from rapportsvar.retrieval.mastheads import is_head

REPORT = """# Delårsrapport per den 31 augusti 2023

Tjärnby kommun

Datum: 2023-09-18

Handläggare: Vera Almstedt, controller

Till: tekniska nämnden, sammanträde den 4 oktober 2023

## Ekonomi

Vattenläckor på fyra gator gav högre kostnader för entreprenörer.
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("heads")
    (folder / "reports").mkdir()
    (folder / "reports" / "r.md").write_text(REPORT, "utf-8")
    build_small(folder / "reports", folder / "index")
    engine = Engine.open(folder / "index", settings_from({"embedding": {"model": "hash"}}))
    yield engine
    engine.close()


@pytest.mark.parametrize(
    "question",
    [
        "Hur går det för tekniska nämnden i Tjärnby kommun den 31 augusti 2023?",
        "tekniska nämnden Tjärnby kommun oktober 2023",
    ],
)
def test_a_head_stands_back_behind_what_the_report_tells(engine, question):
    assert engine.ask(question).hits[0].text.startswith("Vattenläckor")


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("Vem är handläggare för delårsrapporten i Tjärnby?", "Handläggare"),
        ("handläggare delårsrapport Tjärnby", "Handläggare"),
        ("Vilket datum har Tjärnbys delårsrapport?", "Datum"),
    ],
)
def test_a_head_answers_who_asks_for_what_it_gives(engine, question, line):
    assert engine.ask(question).hits[0].text.startswith(line)


def passage(body, section=("Delårsrapport",), kind=EntryKind.PASSAGE):
    return Entry(
        kind=kind, span=Span(0, len(body)), section=section, context="", body=body, labels="", sentences=()
    )


@pytest.mark.parametrize(
    ("entry", "head"),
    [
        (passage("Tjärnby kommun Tekniska nämnden Dnr TN 2023/0114"), True),
        (passage("Beslutad av nämnden 2023-09-28 § 71"), True),
        (passage("Budgeten är 114,2 mnkr och prognosen för året är 116,9 mnkr."), False),
        (passage("Tjärnby kommun", section=("Ekonomi", "Resultat")), False),
        (passage("Tjärnby kommun", kind=EntryKind.ROW), False),
        (passage("Förvaltningen " * 40), False),
    ],
)
def test_what_a_head_is(entry, head):
    assert is_head(entry) == head
