from dataclasses import replace
from datetime import date

import pytest

from rapportsvar.answering.comparison import LINES_MAX, Wanted, chart_of, compare
from rapportsvar.answering.series import Point, Series
from rapportsvar.model import Period, ReportInfo, Span

PLACE, HOME = ("Lindsjö", "socialnämnden"), "Hemtjänst"


def year(number):
    return Period(date(number, 1, 1), date(number, 12, 31))


def month(number, of):
    return Period(date(number, of, 1), date(number, of, 28))


def point(period, value, *, unit="tkr", written=None, as_of=None, source="a.md", told=2024):
    return Point(
        period=period, label=str(period.year), value=value, written=written or str(value), unit=unit,
        measured="utfall", measure="Hemtjänst", likeness=1.0, source=source, span=Span(1, 2),
        row_span=Span(0, 9), row="Hemtjänst", column="Utfall", section=(), report=ReportInfo(year=told),
        as_of=as_of,
    )  # fmt: skip


def series(points, *, kind="utfall", stretch="år", unit="tkr", whose=PLACE, aspect="", group=HOME):
    return Series(
        measure=group, kind=kind, stretch=stretch, unit=unit, municipality=whose[0], board=whose[1], sex="",
        aspect=aspect, points=tuple(points), gaps=(), likeness=1.0, names=((group, 1.0),), group=group,
    )  # fmt: skip


def years(*pairs, **others):
    return series([point(year(number), value) for number, value in pairs], **others)


def test_line_is_broken_where_a_year_has_no_figure():
    (line,) = chart_of(years((2020, 1.0), (2021, 2.0), (2023, 3.0))).lines
    assert [[p.value for p in run] for run in line.runs] == [[1.0, 2.0], [3.0]]
    assert line.gaps == (2,)


def test_years_without_figures_have_their_place_on_the_axis():
    chart = chart_of(years((2020, 1.0), (2023, 3.0)))
    assert [day.year for day in chart.periods] == [2020, 2021, 2022, 2023]
    assert chart.position(year(2023)) == 1.0
    assert 0.3 < chart.position(year(2021)) < 0.36


def test_months_are_joined_only_when_they_follow_each_other():
    (line,) = chart_of(series([point(month(2023, m), 1.0) for m in (1, 2, 8)], stretch="månad")).lines
    assert [len(run) for run in line.runs] == [2, 1]


def test_the_last_forecast_of_a_year_is_on_the_line_and_the_others_beside():
    made = [point(year(2023), v, as_of=month(2023, m)) for v, m in ((5.0, 8), (4.0, 4), (6.0, 10))]
    (line,) = chart_of(series(made, kind="prognos")).lines
    assert [p.value for p in line.points] == [6.0]
    assert [p.value for p in line.beside] == [4.0, 5.0]


def test_of_values_that_disagree_the_later_report_is_on_the_line():
    told = [point(year(2022), 5.0, told=2023, source="b.md"), point(year(2022), 4.0, told=2022)]
    (line,) = chart_of(series(told)).lines
    assert [p.value for p in line.points] == [5.0]


def test_money_of_unlike_units_shares_a_chart_in_one_unit():
    found = [
        years((2021, 900.0), (2022, 1000.0)),
        series([point(year(2022), 1.2, unit="mnkr")], unit="mnkr", whose=("Åsbro", "b")),
    ]
    (chart,) = compare("hemtjänst", found, Wanted()).charts
    assert chart.unit == "tkr"
    assert [p.value for line in chart.lines for p in line.points] == [900.0, 1000.0, 1200.0]


@pytest.mark.parametrize(
    "other",
    [
        years((2021, 3.0), unit="%"),
        series([point(year(2021), 3.0)], stretch="januari–augusti"),
        years((2021, -3.0), kind="avvikelse, utfall"),
        years((2021, 3.0), aspect="investering"),
    ],
)
def test_what_cannot_be_held_against_each_other_does_not_share_a_chart(other):
    charts = compare("hemtjänst", [years((2021, 1.0), (2022, 2.0)), other], Wanted()).charts
    assert [len(chart.lines) for chart in charts] == [1, 1]


def test_lines_are_told_apart_by_as_little_as_is_needed():
    found = [
        years((2021, 1.0), (2022, 1.0), whose=w, kind=k)
        for w in (PLACE, ("Åsbro", "b"))
        for k in ("utfall", "budget")
    ]
    (chart,) = compare("hemtjänst", found, Wanted()).charts
    assert chart.apart == ("municipality", "kind")
    assert compare("hemtjänst", found[:2], Wanted()).charts[0].apart == ("kind",)


def test_one_kind_is_shown_when_many_are_compared_until_kinds_are_chosen():
    places = [(f"K{n}", "b") for n in range(4)]
    found = [years((2021, 1.0), (2022, 1.0), whose=w, kind=k) for w in places for k in ("utfall", "budget")]
    assert compare("hemtjänst", found, Wanted()).shown_kinds == ("utfall",)
    assert compare("hemtjänst", found, Wanted(kinds=("budget",))).shown_kinds == ("budget",)


def test_lines_that_are_too_many_are_counted():
    found = [years((2021, 1.0), (2022, 1.0), whose=(f"K{n}", "b")) for n in range(LINES_MAX + 3)]
    (chart,) = compare("hemtjänst", found, Wanted()).charts
    assert (len(chart.lines), chart.left_out) == (LINES_MAX, 3)


def test_limits_hold_and_choices_are_counted_without_them():
    found = [years((2021, 1.0), (2022, 2.0)), years((2022, 3.0), whose=("Åsbro", "b"))]
    shown = compare("hemtjänst", found, Wanted(municipalities=("Lindsjö",), years=(2022,)))
    assert [p.value for chart in shown.charts for line in chart.lines for p in line.points] == [2.0]
    assert shown.choices["municipality"] == {"Lindsjö": 2, "Åsbro": 1}
    assert shown.choices["year"] == {"2021": 1, "2022": 2}
    assert "board" not in shown.choices


def test_measure_that_is_asked_for_by_its_name_is_shown_though_another_is_longer():
    found = [years((2021, 1.0), (2022, 1.0), group="Hemtjänst i egen regi"), years((2021, 1.0))]
    shown = compare("hemtjänst", found, Wanted())
    assert (shown.measure, shown.others) == ("Hemtjänst", ("Hemtjänst i egen regi",))


def test_nothing_is_shown_when_nothing_is_found():
    assert compare("x", [], Wanted()).charts == ()


def without_unit(value, row, **others):
    pairs = [replace(point(year(n), v, unit=""), row_span=row) for n, v in value]
    return series(pairs, unit="", **others)


def test_lines_without_a_unit_share_a_chart_only_where_they_share_a_row():
    first, second = Span(0, 9), Span(90, 99)
    outcome = without_unit([(2021, 231.0), (2022, 229.0)], first)
    target = without_unit([(2021, 230.0), (2022, 230.0)], first, kind="målvärde")
    days_of_sick_leave = without_unit([(2021, 10.3), (2022, 10.5)], second)
    made = compare(HOME, [outcome, target, days_of_sick_leave], Wanted()).charts
    kinds = [[line.series.kind for line in chart.lines] for chart in made]
    assert sorted(kinds) == [["utfall"], ["utfall", "målvärde"]]


def test_lines_without_a_unit_meet_by_way_of_a_third():
    rows = [Span(n, n + 9) for n in (0, 10)]
    one, other = (without_unit([(2021, 1.0), (2022, 2.0)], row) for row in rows)
    both = series([*one.points, *other.points], unit="", kind="målvärde")
    (chart,) = compare(HOME, [one, other, both], Wanted()).charts
    assert len(chart.lines) == 3


def test_chart_without_a_unit_names_the_heading_of_its_latest_figure():
    points = [
        replace(point(year(n), 1.0, unit=""), section=("Rapport", head))
        for n, head in ((2021, "Index"), (2022, "Nöjdhet"))
    ]
    (chart,) = compare(HOME, [series(points, unit="")], Wanted()).charts
    assert chart.under == "Nöjdhet"
    assert chart_of(years((2021, 1.0), (2022, 2.0))).under == ""
