import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from importlib.resources import files
from itertools import pairwise

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapportsvar.answering.comparison import Wanted
from rapportsvar.app import address
from rapportsvar.app.chart_scale import scale_of, spread, value_of
from rapportsvar.app.chart_svg import comparison_svg
from rapportsvar.app.chart_view import draw_chart
from rapportsvar.app.compare_view import Compared, cell_link, draw_figures, sources_of
from rapportsvar.app.export_series import series_csv, series_workbook
from rapportsvar.config import settings_from
from rapportsvar.engine.engine import Engine

TODAY = date(2026, 11, 22)
STYLE = (files("rapportsvar.app") / "style.css").read_text(encoding="utf-8")
PAPERS = (("#fdfcfa", "#ffffff"), ("#14181a", "#1a1f22"))


@pytest.fixture(scope="module")
def engine(series_index):
    opened = Engine.open(series_index / "index", settings_from({"embedding": {"model": "hash"}}))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def compared(engine):
    return engine.compare("hemtjänst", Wanted(kinds=("utfall", "budget")))


def test_every_point_leads_to_its_cell(engine, compared):
    (chart,) = compared.charts
    shown = draw_chart(chart, cell_link, described_by="uppgifter-0")
    points = [point for line in chart.lines for point in (*line.points, *line.beside)]
    assert shown.count("<a ") == len(points) == 10
    for point in points:
        place = address.parse(cell_link(point))[1]
        assert (
            engine.text(place["rapport"][0])[int(place["fran"][0]) : int(place["till"][0])] == point.written
        )
        assert f'href="{cell_link(point)}"'.replace("&", "&amp;") in shown


def test_table_says_the_same_as_the_chart_with_gaps_and_conversions(compared):
    (chart,) = compared.charts
    numbers = {source: n for n, source in enumerate(sources_of(compared), 1)}
    shown = draw_figures(chart, numbers, "uppgifter-0", "Hemtjänst")
    assert shown.count("<a ") == 10
    assert "40\u00a0100<sup>" in shown
    assert "31\u00a0500<sup>" in shown
    assert "i rapporten 31,5 mnkr" in shown
    assert shown.count(">saknas<") == 4
    assert 'id="uppgifter-0"' in shown


def test_lines_differ_in_more_than_colour(compared):
    (chart,) = compared.charts
    shown = draw_chart(chart, cell_link, described_by="x")
    assert "stroke-dasharray" in shown.replace("%20", " ")
    assert 'class="point s1 mk-dot"' in shown
    assert 'class="point s1 mk-square"' in shown
    assert 'class="point s2 mk-square"' in shown


def test_line_does_not_cross_a_gap(compared):
    (chart,) = compared.charts
    shown = draw_chart(chart, cell_link, described_by="x")
    assert shown.count('class="stroke ') == 2
    assert "Bruten linje" in shown


def test_picture_is_well_formed_and_says_where_its_figures_stand(compared):
    picture = ET.fromstring(comparison_svg(compared, TODAY))
    words = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Hemtjänst", "Prövstad, utfall", "2021", "40\u00a0000"} <= set(words)
    assert words[-1].endswith("Hämtad 22 november 2026.")
    assert any("Prövstad kommun, Socialnämnden" in (word or "") for word in words)
    assert not list(picture.iter("{http://www.w3.org/2000/svg}script"))


def test_hostile_measure_is_text_in_the_picture(engine):
    hostile = engine.compare("window.stolen = 1 [klicka här](javascript:window.stolen=1)")
    assert hostile.measure
    assert b"<script" not in comparison_svg(hostile, TODAY)


def test_workbook_has_numbers_and_no_formulas(engine):
    book = openpyxl.load_workbook(io.BytesIO(series_workbook(engine.compare("=1+1 lås"), TODAY)))
    rows = list(book.active.iter_rows(min_row=2))
    assert {cell.data_type for row in rows for cell in row} <= {"s", "inlineStr", "n"}
    assert {row[0].value for row in rows} == {"=1+1 lås"}
    assert {row[9].value for row in rows} == {7, 9, 8, 1, -1}


def test_csv_has_figures_with_decimal_commas_and_no_formulas(engine, compared):
    lines = series_csv(compared).decode("utf-8-sig").splitlines()
    assert len(lines) == 11
    assert any(";31500;tkr;31,5;mnkr;" in line for line in lines)
    assert not any(
        line.startswith("=")
        for line in series_csv(engine.compare("=1+1 lås")).decode("utf-8-sig").splitlines()
    )


@given(
    st.lists(st.text(min_size=1).map(str.strip).filter(bool), max_size=3, unique=True),
    st.lists(st.integers(1900, 2100), max_size=3, unique=True),
    st.sets(st.sampled_from(["utfall", "", "budget", "avvikelse, prognos"])),
)
def test_comparison_survives_its_address(municipalities, years, kinds):
    ordered = tuple(k for k in ("utfall", "", "budget", "avvikelse, prognos") if k in kinds)
    wanted = Wanted(tuple(municipalities), ("nämnden",), tuple(years), ordered)
    parsed = address.parse(Compared("Hemtjänst & bränsle", wanted).link())
    assert parsed is not None
    assert parsed[0] == address.COMPARE
    assert Compared.read(parsed[1]) == Compared("Hemtjänst & bränsle", wanted)


@given(st.lists(st.floats(0, 300), min_size=1, max_size=10))
def test_names_beside_a_chart_keep_apart_and_in_order(wanted):
    placed = spread(wanted, 24, 300)
    in_order = [placed[n] for n in sorted(range(len(wanted)), key=lambda n: wanted[n])]
    assert all(b - a >= 24 - 1e-6 for a, b in pairwise(in_order))
    assert max(placed) <= 300 + 1e-6


@pytest.mark.parametrize(
    ("values", "low", "is_cut"),
    [((87_950, 98_450), 85_000, True), ((10, 98), 0, False), ((-5, 3), -6, False)],
)
def test_scale_begins_at_zero_unless_all_values_are_far_from_it(engine, values, low, is_cut):
    (chart, *_) = engine.compare("hemtjänst", Wanted(("Prövstad",), kinds=("utfall",))).charts
    line = chart.lines[0]
    points = tuple(replace(p, value=v) for p, v in zip(line.points, values, strict=False))
    scale = scale_of(replace(chart, lines=(replace(line, points=points, beside=()),)))
    assert (scale.low, scale.is_cut) == (low, is_cut)
    assert scale.high >= max(values)


def test_value_is_written_as_precisely_as_the_report_does(compared):
    points = {p.written: p for line in compared.charts[0].lines for p in line.points}
    assert value_of(points["31,5"], "tkr") == "31\u00a0500"
    assert value_of(points["40 100"], "tkr") == "40\u00a0100"


@pytest.mark.parametrize("number", range(1, 9))
def test_colours_of_lines_have_contrast_in_both_themes(number):
    match = re.search(rf"--s{number}: light-dark\((#\w+), (#\w+)\)", STYLE)
    for colour, papers in zip(match.groups(), PAPERS, strict=True):
        assert all(_contrast(colour, paper) >= 4.5 for paper in papers)


def _contrast(one, other):
    a, b = sorted((_light(one), _light(other)), reverse=True)
    return (a + 0.05) / (b + 0.05)


def _light(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
