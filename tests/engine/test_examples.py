import pytest

from rapportsvar.config import settings_from
from rapportsvar.engine.engine import Engine, build
from rapportsvar.engine.examples import example_questions

SETTINGS = settings_from({"embedding": {"model": "hash"}, "answering": {"threshold": 0.0}})
PROSE = "Nämnden följer upp hemtjänst varje månad och rapporterar avvikelser till kommunstyrelsen. " * 4
REPORT = f"""# Årsredovisning 2022

{{}} kommun
Socialnämnden
Datum: 2023-02-14

## Sannolikhet

Hög.

## Risker

{PROSE}

## Sannolikhet, effekt

{PROSE}

### Driftredovisning (tkr)

Verksamhet\tUtfall 2022\tBudget 2022\tAvvikelse
Kvarnen\t40 100\t41 000\t-900
Hemtjänst\t30 100\t31 000\t-800
"""


@pytest.fixture(scope="module")
def questions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples")
    for name in ("Åkerby", "Prövstad", "Lindsjö"):
        (folder / f"{name}.md").write_text(REPORT.format(name), encoding="utf-8")
    build([folder], folder / "index", SETTINGS)
    engine = Engine.open(folder / "index", SETTINGS)
    yield example_questions(engine, count=8)
    engine.close()


def test_name_keeps_its_capital_where_a_common_word_loses_it(questions):
    assert any("för Kvarnen i" in question for question in questions)
    assert any("för hemtjänst i" in question for question in questions)


def test_only_headings_with_prose_under_them_are_asked_about(questions):
    about = [question for question in questions if question.startswith("Vad sägs om")]
    assert [question.split(" i ")[0] for question in about] == ["Vad sägs om risker"]
