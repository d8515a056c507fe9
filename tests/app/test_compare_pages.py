"""The comparison page, what goes along with an answer, and hits by year, as they are drawn."""

import pytest
from page_tools import drawn, page

from rapportsvar.app import texts

PLACES = "Är kostnaden för hemtjänst högre i Prövstad än i Åkerby?"


def test_measures_are_offered_when_none_is_chosen(series_served):
    shown = page("compare")
    assert texts.MEASURES_COMMON in drawn(shown)
    assert "Hemtjänst" in shown.selectbox[0].options


def test_chart_table_and_sources_are_drawn_when_a_measure_is_chosen(series_served):
    shown = drawn(page("compare", matt="hemtjänst"))
    assert 'class="chart"' in shown
    assert "<table" in shown
    assert "Även kallad ”Hemtjänster”" in shown
    assert texts.SOURCES in shown
    assert "Prövstad, utfall" in shown


def test_measure_that_is_typed_is_put_in_the_address(series_served):
    shown = page("compare", matt="hemtjänst", kommun="Åkerby", slag="budget")
    shown.selectbox[0].set_value("=1+1 lås").run()
    assert shown.query_params["matt"] in ("=1+1 lås", ["=1+1 lås"])
    assert "slag" not in shown.query_params


def test_only_what_is_chosen_is_drawn(series_served):
    shown = drawn(page("compare", matt="hemtjänst", kommun="Åkerby", slag="utfall", ar="2024"))
    assert "33\u00a0000" not in shown
    assert "33,0<sup>" in shown
    assert "31,5" not in shown
    assert "Prövstad kommun, Socialnämnden" not in shown


def test_page_says_so_when_the_limits_leave_nothing(series_served):
    assert texts.COMPARE_NOTHING in drawn(page("compare", matt="hemtjänst", ar="1999"))


def test_page_says_so_when_no_measure_is_like_it(series_served):
    shown = drawn(page("compare", matt="rymdfart"))
    assert texts.MEASURE_NONE.format("rymdfart") in shown
    assert texts.MEASURES_COMMON in shown


@pytest.mark.parametrize(
    "asked", ["<img src=x onerror=alert(1)>", "window.stolen = 1", '"><script>x</script>']
)
def test_hostile_measure_is_never_markup(series_served, asked):
    test = page("compare", matt=asked, kommun="<b>x</b>", namnd="<i>", ar="<s>", slag="<u>")
    shown = drawn(test)
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<b>x" not in shown
    assert 'href="javascript' not in shown
    assert not test.markdown


def test_page_says_how_an_index_is_built_when_there_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv("RAPPORTSVAR_INDEX", str(tmp_path / "none"))
    assert texts.NO_INDEX in drawn(page("compare"))


def test_figure_is_drawn_over_time_with_a_way_to_compare(series_served):
    shown = drawn(page("ask", q="Vad kostade hemtjänst i Prövstad 2022, utfall?"))
    assert texts.OVER_TIME in shown
    assert 'class="graph small"' in shown
    assert "jamfor?matt=Hemtj%C3%A4nst" in shown
    assert "here" in shown


def test_nothing_is_drawn_over_time_when_there_is_one_period(served):
    assert texts.OVER_TIME not in drawn(page("ask", q="Hur stor var budgeten för placeringar 2022?"))


def test_places_stand_side_by_side_when_two_municipalities_are_compared(series_served):
    shown = drawn(page("ask", q=PLACES))
    assert 'class="side-by-side"' in shown
    heads = [part.split("</h3>")[0] for part in shown.split('class="held"')[1:]]
    assert any("Prövstad kommun" in head for head in heads[:2])
    assert any("Åkerby kommun" in head for head in heads[:2])


def test_hits_by_year_limit_the_search(series_served):
    shown = drawn(page("search", ord="hemtjänst"))
    assert texts.HITS_BY_YEAR in shown
    assert 'class="bar none"' in shown
    limited = drawn(page("search", ord="hemtjänst", ar="2022"))
    assert texts.YEAR_ALL in limited
    assert "Årsredovisning 2024" not in limited


@pytest.mark.parametrize(("order", "first"), [("nyast", "2024"), ("aldst", "2021")])
def test_hits_stand_under_their_years_when_sorted_by_year(series_served, order, first):
    shown = drawn(page("search", ord="hemtjänst", ordning=order))
    years = [part.split("<")[0] for part in shown.split('<h3 class="year">')[1:]]
    assert years[0] == first
    assert years == sorted(years, reverse=order == "nyast")


def test_cell_is_lit_when_the_address_points_at_it(series_served):
    text = (series_served.parent / "reports" / "a22.md").read_text(encoding="utf-8")
    start = text.index("42 300")
    shown = drawn(page("reports", rapport="a22.md", fran=str(start), till=str(start + 6)))
    assert '<td class="num lit">' in shown
    assert shown.count('class="num lit"') == 1
