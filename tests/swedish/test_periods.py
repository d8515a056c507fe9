from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapportsvar.model import Period
from rapportsvar.swedish.periods import find_periods, format_period, months, months_in, shifted, year_period

AUGUST = Period(date(2020, 1, 1), date(2020, 8, 31))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2020", "2020"),
        ("år 2020", "2020"),
        ("helår 2020", "2020"),
        ("augusti 2020", "augusti 2020"),
        ("Aug. 2020", "augusti 2020"),
        ("per den 31 augusti 2020", "januari–augusti 2020"),
        ("till och med augusti 2020", "januari–augusti 2020"),
        ("per mars 2022", "januari–mars 2022"),
        ("jan-aug 2020", "januari–augusti 2020"),
        ("Jan- aug 2020", "januari–augusti 2020"),
        ("januari till augusti 2020", "januari–augusti 2020"),
        ("Utf 2020 Jan-aug", "januari–augusti 2020"),
        ("202001-202008", "januari–augusti 2020"),
        ("202008", "augusti 2020"),
        ("delår 2020", "januari–augusti 2020"),
        ("delår 1 2020", "januari–april 2020"),
        ("tertial 1 2021", "januari–april 2021"),
        ("Tertialrapport 2 2021", "maj–augusti 2021"),
        ("T2 2021", "maj–augusti 2021"),
        ("kvartal 3 2020", "juli–september 2020"),
        ("första kvartalet 2022", "januari–mars 2022"),
        ("Q1 2022", "januari–mars 2022"),
        ("andra halvåret 2021", "juli–december 2021"),
        ("hösten 2019", "juli–december 2019"),
        ("2020-08-31", "31 augusti 2020"),
        ("31/8 2020", "31 augusti 2020"),
        ("Budget per 31/8 2020", "januari–augusti 2020"),
        ("25/8-20", "25 augusti 2020"),
        ("den 12 februari 2020", "12 februari 2020"),
        ("2017-2022", "2017–2022"),
        ("juni 2019–maj 2020", "juni 2019–maj 2020"),
    ],
)
def test_find_periods_reads_a_period_without_help(text, label):
    (found,) = find_periods(text)
    assert (found.label, found.relative) == (label, False)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("förra året", "2019"),
        ("i fjol", "2019"),
        ("i år", "2020"),
        ("nästa år", "2021"),
        ("samma period föregående år", "januari–augusti 2019"),
        ("motsvarande period 2018", "januari–augusti 2018"),
        ("de senaste fem åren", "2016–2020"),
        ("senaste 12 månaderna", "september 2019–augusti 2020"),
        ("augusti", "augusti 2020"),
        ("1/1-31/8", "januari–augusti 2020"),
        ("1/12-31/7", "december 2019–juli 2020"),
        ("Q1", "januari–mars 2020"),
        ("den 1:a februari", "1 februari 2020"),
        ("förra månaden", "juli 2020"),
    ],
)
def test_find_periods_counts_from_the_reference(text, label):
    (found,) = find_periods(text, reference=AUGUST)
    assert (found.label, found.relative) == (label, True)


@pytest.mark.parametrize("text", ["förra året", "augusti", "Q1", "1/1-31/8"])
def test_find_periods_gives_no_period_when_the_year_is_missing(text):
    (found,) = find_periods(text)
    assert found.period is None
    assert found.label == text


@pytest.mark.parametrize(
    "text",
    [
        "AMN-2020-00307",
        "2022VFN75 042",
        "förordningen (2010:1138)",
        "2000 tkr",
        "1 009 tkr",
        "KS/2021:15",
        "18-24 år",
        "2/3 delar",
        "30 februari 2020",
        "Jan Eriksson",
        "",
    ],
)
def test_find_periods_leaves_other_numbers(text):
    assert find_periods(text, reference=AUGUST) == []


@given(st.text(max_size=200))
def test_find_periods_stands_any_text(text):
    for found in find_periods(text, reference=AUGUST):
        assert found.span.of(text)
        assert found.period is None or found.period.first <= found.period.last


@given(st.integers(1950, 2099), st.integers(1, 12), st.integers(1, 12))
def test_format_period_can_be_read_back(year, first, last):
    period = months(year, min(first, last), max(first, last))
    (found,) = find_periods(format_period(period))
    assert found.period == period


def test_shifted_keeps_the_end_of_the_month_when_the_year_leaps():
    assert shifted(months(2020, 1, 2), -1) == months(2019, 1, 2)
    assert shifted(year_period(2020), 3) == year_period(2023)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("Hur gick det i augusti?", {8}),
        ("Jan–aug 2020", {1, 8}),
        ("Utfall Sept. 2021", {9}),
        ("2019-08", {8}),
        ("Delår 201912", {12}),
        ("2019-2020", set()),
        ("20190831", set()),
        ("Decentraliserad marknad", set()),
    ],
)
def test_months_are_read_in_words_and_in_digits(text, months):
    assert months_in(text) == months
