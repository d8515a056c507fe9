"""What a question leaves out is not looked for, and what is named after it stands back."""

import pytest
from small_reports import build_small

from rapportsvar.config import settings_from
from rapportsvar.engine.engine import Engine

REPORT = """# Årsredovisning 2022

Utbildningsnämnden, Tjärnby kommun

## Resultat, tkr

Verksamhet\tBudget\tUtfall
Förskola\t12 400\t12 900
Förskola med lokaler\t15 100\t15 800
Personal exklusive vikarier\t8 100\t8 300
Personal och vikarier\t9 100\t9 400
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("excluded")
    (folder / "reports").mkdir()
    (folder / "reports" / "r.md").write_text(REPORT, "utf-8")
    build_small(folder / "reports", folder / "index")
    engine = Engine.open(folder / "index", settings_from({"embedding": {"model": "hash"}}))
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("question", "excluded"),
    [
        ("Vad kostade förskolan om man räknar bort lokalerna?", {"lokal"}),
        ("Hur stort var utfallet för personal, vikarierna borträknade?", {"vikarie"}),
        ("Vad kostade förskolan exkl. lokaler?", {"lokal"}),
        ("Hur många vikarier finns utom i förskolan?", {"förskola"}),
        ("Vad kostade förskolan?", set()),
    ],
)
def test_what_is_left_out_is_understood(engine, question, excluded):
    assert excluded <= set(engine.understand(question).excluded)
    assert bool(engine.understand(question).excluded) == bool(excluded)


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("Vad kostade förskolan om man räknar bort lokaler?", "Förskola\t"),
        ("Vad kostade förskola med lokaler?", "Förskola med lokaler"),
        ("Vad kostade personal, vikarier borträknade?", "Personal exklusive vikarier"),
    ],
)
def test_the_row_without_what_is_left_out_comes_first(engine, question, row):
    assert engine.ask(question).hits[0].text.startswith(row)
