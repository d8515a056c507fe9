from dataclasses import replace

import pytest

from rapportsvar.config import settings_from
from rapportsvar.engine.along import along, side_by_side
from rapportsvar.engine.engine import Engine, build
from rapportsvar.engine.widen import Limits
from rapportsvar.model import EntryKind, Filters, QuestionKind

SETTINGS = settings_from({"embedding": {"model": "hash"}, "answering": {"threshold": 0.0}})
REPORT = """# Årsredovisning {year}

{municipality} kommun
Socialnämnden
Datum: {year}-12-31

## Hemtjänst

Kostnaden för hemtjänst ökade eftersom fler personer fick insatser.

### Driftredovisning (tkr)

Verksamhet\tUtfall {year}\tBudget {year}
Hemtjänst\t{value}\t41 000
Summa\t{value}\t41 000
"""
MADE = (("Prövstad", 2021, "40 100"), ("Prövstad", 2022, "42 300"), ("Åkerby", 2022, "31 500"))


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("along")
    for municipality, year, value in MADE:
        text = REPORT.format(year=year, municipality=municipality, value=value)
        (folder / f"{municipality[0]}{year}.md").write_text(text, encoding="utf-8")
    build([folder], folder / "index", SETTINGS)
    opened = Engine.open(folder / "index", SETTINGS)
    yield opened
    opened.close()


@pytest.fixture
def answered(engine):
    return engine.ask("Vad blev utfallet för hemtjänst i Prövstad 2022?")


def test_series_why_and_other_years_go_along_with_a_figure(engine, answered):
    found = along(engine, Limits(engine), answered)
    assert [point.value for point in found.series.points] == [40_100, 42_300]
    assert found.why == "Varför?"
    assert [other.year for other in found.others] == [2021]
    assert "2022" not in found.others[0].question


def test_why_is_not_asked_when_why_was_asked(engine, answered):
    assert along(engine, Limits(engine), replace(answered, kind=QuestionKind.WHY)).why is None


def test_nothing_goes_along_when_there_is_no_answer(engine, answered):
    found = along(engine, Limits(engine), replace(answered, found=False))
    assert (found.series, found.why, found.others) == (None, None, ())


def test_each_municipality_that_is_named_is_held_before_a_second_report_of_one(engine):
    answer = engine.ask("Kostar hemtjänst mer i Prövstad än i Åkerby?")
    held = side_by_side(Limits(engine), answer)
    assert {hit.report.municipality for hit in held[:2]} == {"Prövstad", "Åkerby"}
    assert len({hit.source for hit in held}) == len(held)


def test_of_several_reports_of_one_municipality_the_one_of_the_same_year_is_held_first(engine):
    answer = engine.ask("Kostar hemtjänst mer i Prövstad än i Åkerby?")
    of = {(hit.report.municipality, hit.report.year): hit for hit in answer.hits}
    newest_last = [of["Åkerby", 2022], of["Prövstad", 2021], of["Prövstad", 2022]]
    held = side_by_side(Limits(engine), replace(answer, hits=tuple(newest_last)))
    assert [(hit.report.municipality, hit.report.year) for hit in held] == [
        ("Åkerby", 2022),
        ("Prövstad", 2022),
        ("Prövstad", 2021),
    ]


def test_nothing_is_held_side_by_side_when_nothing_is_compared(engine, answered):
    assert side_by_side(Limits(engine), answered) == ()


@pytest.mark.parametrize(
    ("prefix", "first"), [("hem", "Hemtjänst"), ("", "Hemtjänst"), ("hemtjänsten", "Hemtjänst")]
)
def test_measures_are_offered_by_their_beginning_and_in_other_forms(engine, prefix, first):
    assert engine.measures(prefix)[0].name == first


def test_measure_that_says_nothing_alone_is_not_offered(engine):
    assert "Summa" not in [measure.name for measure in engine.measures()]


@pytest.mark.parametrize(
    ("filters", "figures"),
    [(Filters(municipality="Åkerby"), 2), (Filters(years=(2021,)), 6), (Filters(years=(1999,)), None)],
)
def test_measures_are_those_of_the_filters(engine, filters, figures):
    found = engine.measures("hemtjänst", filters=filters)
    assert (found[0].figures if found else None) == figures


def test_series_of_a_cell_holds_the_cell(engine, answered):
    hit = answered.hits[0]
    series = engine.series_of(hit.source, hit.cells[0].span)
    assert (hit.source, hit.cells[0].span) in [(p.source, p.span) for p in series.points]
    assert engine.series_of(hit.source, hit.span) is None


def test_search_is_limited_to_a_form_and_counts_both(engine):
    result = engine.search("hemtjänst", form=EntryKind.ROW)
    assert {hit.kind for hit in result.hits} == {EntryKind.ROW}
    assert result.facets["form"]["text"] > 0
    assert sum(result.facets["year"].values()) == result.facets["form"]["tabell"]


def test_search_is_limited_to_the_reports_of_a_year(engine):
    result = engine.search("hemtjänst", filters=Filters(years=(2021,)))
    assert {hit.report.year for hit in result.hits} == {2021}
    assert set(result.facets["year"]) == {"2021"}
