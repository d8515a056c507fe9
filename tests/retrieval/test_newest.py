"""Where no year is asked for, the newest report of an owner goes before its older ones."""

import pytest
from small_reports import build_small

from rapportsvar.config import settings_from
from rapportsvar.engine.engine import Engine
from rapportsvar.index.owners import newest_reports
from rapportsvar.model import ReportInfo

REPORT = """# Verksamhetsberättelse {year}

Fritidsnämnden, Mossvik kommun

## Badhuset

Badhuset hade {visits} besökare under året.
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("newest")
    (folder / "reports").mkdir()
    for year, visits in ((2019, 4100), (2022, 4400), (2020, 4200), (2021, 4300)):
        text = REPORT.format(year=year, visits=visits)
        (folder / "reports" / f"{year}.md").write_text(text, "utf-8")
    build_small(folder / "reports", folder / "index")
    engine = Engine.open(folder / "index", settings_from({"embedding": {"model": "hash"}}))
    yield engine
    engine.close()


def first_of(engine, question):
    return engine.ask(question).hits[0].source


@pytest.mark.parametrize("question", ["Hur många besökare hade badhuset?", "besökare badhuset"])
def test_a_question_without_a_year_is_answered_by_the_newest_report(engine, question):
    assert first_of(engine, question) == "2022.md"


def test_a_question_with_a_year_is_answered_by_the_report_of_that_year(engine):
    assert first_of(engine, "Hur många besökare hade badhuset 2020?") == "2020.md"


def test_an_owner_of_one_year_has_no_newest_report():
    infos = [
        ReportInfo(municipality="A", board="x", year=2020),
        ReportInfo(municipality="A", board="x", year=2022),
        ReportInfo(municipality="B", board="x", year=2021),
        ReportInfo(municipality="C", board="x"),
    ]
    assert newest_reports(infos) == {("A", "x"): 2022}
