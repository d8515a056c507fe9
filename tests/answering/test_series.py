"""Lines of figures: never mixed, converted where they can be, flagged where they disagree."""

import pytest

from rapportsvar.answering.series import Quoted, make_series, stretch_of
from rapportsvar.model import Figure, Measured, ReportInfo, Span
from rapportsvar.swedish.periods import months, year_period

INFO = ReportInfo(municipality="Lindsjö", board="socialnämnden", year=2022)


def quoted(
    text, value, unit, period, measured=Measured.OUTCOME, *, source="a.txt", info=INFO, likeness=1.0, **more
):
    span = Span(more.pop("at", 0), 5)
    measure = more.pop("measure", "Placeringar")
    figure = Figure(source, span, Span(0, 9), measure, value, unit, period, "", measured, **more)
    return Quoted(figure, text, info, likeness)


def lines(*some):
    return make_series(some, "Placeringar")


def values(series):
    return [(point.label, point.value) for point in series.points]


def test_outcome_budget_forecast_and_deviation_are_lines_of_their_own():
    year = year_period(2022)
    made = lines(
        quoted("10", 10.0, "tkr", year),
        quoted("11", 11.0, "tkr", year_period(2021), Measured.ACCOUNTS),
        quoted("12", 12.0, "tkr", year, Measured.BUDGET),
        quoted("13", 13.0, "tkr", year, Measured.FORECAST, as_of=months(2022, 8, 8)),
        quoted("-2", -2.0, "tkr", year, Measured.DEVIATION, against=Measured.OUTCOME),
        quoted("-1", -1.0, "tkr", year, Measured.DEVIATION, against=Measured.FORECAST),
        quoted("9", 9.0, "tkr", year, Measured.TARGET),
        quoted("8", 8.0, "tkr", year, Measured.OTHER),
    )
    assert {s.kind: len(s.points) for s in made} == {
        "utfall": 2,
        "budget": 1,
        "prognos": 1,
        "avvikelse, utfall": 1,
        "avvikelse, prognos": 1,
        "målvärde": 1,
        "": 1,
    }
    for series in made:
        kinds = {point.measured for point in series.points}
        assert len(kinds) == 1 or kinds == {"utfall", "bokslut"}


@pytest.mark.parametrize(
    "other",
    [
        quoted("5", 5.0, "tkr", months(2022, 1, 8)),
        quoted("5", 5.0, "%", year_period(2022)),
        quoted("5", 5.0, "", year_period(2022)),
        quoted("5", 5.0, "tkr", year_period(2022), sex="män"),
        quoted("5", 5.0, "tkr", year_period(2022), aspect="riket"),
        quoted("5", 5.0, "tkr", year_period(2022), part=1),
        quoted("5", 5.0, "tkr", year_period(2022), investment=True),
        quoted(
            "5", 5.0, "tkr", year_period(2022), info=ReportInfo(municipality="Åsbro", board="socialnämnden")
        ),
        quoted("5", 5.0, "tkr", year_period(2022), info=ReportInfo(municipality="Lindsjö", board="bun")),
    ],
)
def test_what_cannot_be_compared_is_kept_apart(other):
    assert len(lines(quoted("10", 10.0, "tkr", year_period(2022)), other)) == 2


def test_units_of_money_are_converted_and_the_figure_keeps_its_own_words():
    (series,) = lines(
        quoted("121 370", 121370.0, "tkr", year_period(2021)),
        quoted("122,5", 122.5, "mnkr", year_period(2022), source="b.txt"),
        quoted("119 640", 119640.0, "tkr", year_period(2023), source="c.txt"),
    )
    assert series.unit == "tkr"
    assert values(series) == [("2021", 121370.0), ("2022", 122500.0), ("2023", 119640.0)]
    assert (series.points[1].written, series.points[1].unit) == ("122,5", "mnkr")


def test_the_same_within_rounding_is_one_point_that_shows_the_precise_figure():
    (series,) = lines(
        quoted("121,4", 121.4, "mnkr", year_period(2021)),
        quoted("121 370", 121370.0, "tkr", year_period(2021), source="b.txt"),
    )
    (point,) = series.points
    assert (point.written, point.source, point.disagrees) == ("121 370", "b.txt", False)
    assert point.elsewhere == (("a.txt", Span(0, 5)),)


def test_two_reports_that_disagree_are_both_kept_and_flagged():
    (series,) = lines(
        quoted("1 094", 1094.0, "antal", year_period(2021)),
        quoted("1 089*", 1089.0, "antal", year_period(2021), source="b.txt"),
        quoted("1 046", 1046.0, "antal", year_period(2022), source="b.txt"),
    )
    assert [(p.value, p.disagrees) for p in series.points] == [
        (1094.0, True),
        (1089.0, True),
        (1046.0, False),
    ]


def test_forecasts_made_at_two_times_are_versions_and_do_not_disagree():
    (series,) = lines(
        quoted("10", 10.0, "tkr", year_period(2022), Measured.FORECAST, as_of=months(2022, 8, 8)),
        quoted("9", 9.0, "tkr", year_period(2022), Measured.FORECAST, as_of=months(2022, 3, 3)),
    )
    assert [(p.value, p.as_of.last.month, p.disagrees) for p in series.points] == [
        (9.0, 3, False),
        (10.0, 8, False),
    ]


def test_gaps_are_named():
    (series,) = lines(*(quoted("1", 1.0, "tkr", year_period(y)) for y in (2018, 2019, 2022)))
    assert series.gaps == ("2020", "2021")
    (parts,) = lines(*(quoted("1", 1.0, "tkr", months(y, 1, 8)) for y in (2020, 2022)))
    assert parts.gaps == ("januari–augusti 2021",)


def test_joined_names_are_stated_with_their_likeness():
    (series,) = lines(
        quoted("1", 1.0, "tkr", year_period(2021)),
        quoted("2", 2.0, "tkr", year_period(2022), measure="Kostnader för placeringar", likeness=0.9),
    )
    assert series.names == (("Placeringar", 1.0), ("Kostnader för placeringar", 0.9))
    assert series.likeness == 0.9
    assert [point.likeness for point in series.points] == [1.0, 0.9]


def test_a_figure_without_a_period_is_in_no_series():
    assert lines(quoted("1", 1.0, "tkr", None)) == []


@pytest.mark.parametrize(
    ("period", "stretch"),
    [
        (year_period(2021), "år"),
        (months(2021, 8, 8), "månad"),
        (months(2021, 1, 8), "januari–augusti"),
        (months(2020, 7, 6, 2021), "juli–juni"),
        (months(2020, 1, 12, 2021), "2 år"),
    ],
)
def test_the_stretch_of_a_period(period, stretch):
    assert stretch_of(period) == stretch
