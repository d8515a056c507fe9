"""Jämför: one measure over years, municipalities and boards, as charts, tables and files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from rapportsvar.answering.comparison import Chart, Comparison
from rapportsvar.app import kept, media, shell, texts
from rapportsvar.app.chart_scale import chart_title, common_name
from rapportsvar.app.chart_svg import comparison_svg
from rapportsvar.app.chart_view import draw_chart
from rapportsvar.app.compare_view import (
    Compared,
    cell_link,
    draw_choices,
    draw_figures,
    draw_measure,
    draw_others,
    draw_sources,
    sources_of,
)
from rapportsvar.app.export_series import series_csv, series_workbook
from rapportsvar.app.markup import Html, label, show, tag
from rapportsvar.engine.engine import Engine

FIELD = "measure"
OFFERED_MAX = 3000
"""Measures that the field offers; the browser holds them all while the reader types."""
COMMON_MAX = 18
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw() -> None:
    """Draw the comparison that the address names."""
    engine = kept.engine()
    compared = Compared.read(shell.values())
    lead = tag("p", texts.COMPARE_LEAD, class_="lead") if not compared.measure else None
    show(tag("div", tag("h1", texts.COMPARE_HEADING), lead, class_="page-head broad", id="innehall"))
    offered = [measure.name for measure in kept.measures(engine)[:OFFERED_MAX]]
    _field(compared, offered)
    if not compared.measure:
        show(draw_others(compared, offered[:COMMON_MAX], texts.MEASURES_COMMON, shown_max=COMMON_MAX))
        return
    with kept.in_turn():
        comparison = engine.compare(compared.measure, compared.wanted)
    if not comparison.measure:
        show(tag("p", texts.MEASURE_NONE.format(compared.measure), role="status", class_="nothing"))
        _draw_near(engine, compared, offered)
        return
    _draw_comparison(compared, comparison)


def _field(compared: Compared, offered: Sequence[str]) -> None:
    """Draw the field: measures are offered as they are typed, others may be typed too."""
    options = list(dict.fromkeys((*([compared.measure] if compared.measure else []), *offered)))
    st.session_state[FIELD] = compared.measure or None
    st.selectbox(
        texts.MEASURE,
        options,
        key=FIELD,
        on_change=_chosen,
        placeholder=texts.MEASURE_PLACEHOLDER,
        accept_new_options=True,
    )


def _chosen() -> None:
    """Put the measure in the address; the page is drawn from there."""
    shell.go(Compared.read(shell.values()).of(str(st.session_state.get(FIELD) or "").strip()).link())


def _draw_near(engine: Engine, compared: Compared, offered: Sequence[str]) -> None:
    """Draw measures that begin alike; where there are none, those with most figures."""
    words = compared.measure.split()
    near = [m.name for word in words for m in engine.measures(word[: max(3, len(word) - 2)])]
    if near:
        show(draw_others(compared, list(dict.fromkeys(near)), texts.MEASURES_OTHER))
    else:
        show(draw_others(compared, offered[:COMMON_MAX], texts.MEASURES_COMMON, shown_max=COMMON_MAX))


def _draw_comparison(compared: Compared, comparison: Comparison) -> None:
    show(draw_measure(compared, comparison))
    show(draw_choices(compared, comparison))
    if not comparison.charts:
        show(tag("p", texts.COMPARE_NOTHING, role="status", class_="nothing"))
        return
    sources = sources_of(comparison)
    numbers = {source: n for n, source in enumerate(sources, 1)}
    drawn = [chart for chart in comparison.charts if chart.is_drawn]
    alone = [chart for chart in comparison.charts if not chart.is_drawn]
    for n, chart in enumerate(drawn):
        show(_chart(comparison, chart, numbers, f"uppgifter-{n}"))
    if alone:
        figures = [_chart(comparison, chart, numbers, f"enstaka-{n}") for n, chart in enumerate(alone)]
        show(tag("div", figures, class_="alone"))
    _draw_downloads(comparison)
    show(draw_sources(sources))
    show(draw_others(compared, comparison.others, texts.MEASURES_OTHER))


def _chart(comparison: Comparison, chart: Chart, numbers: dict[str, int], name: str) -> Html:
    title, whose = chart_title(chart), common_name(chart)
    return tag(
        "section",
        tag("h3", title),
        tag("p", whose, class_="note") if whose else None,
        draw_chart(chart, cell_link, described_by=name) if chart.is_drawn else None,
        draw_figures(chart, numbers, name, f"{comparison.measure}. {title}"),
        class_="compared",
    )


def _draw_downloads(comparison: Comparison) -> None:
    today = date.today()
    with st.container(
        key="downloads", horizontal=True, horizontal_alignment="left", vertical_alignment="center"
    ):
        show(tag("p", texts.COMPARE_DOWNLOAD, class_="label"))
        if any(chart.is_drawn for chart in comparison.charts):
            _download(texts.COMPARE_PICTURE, comparison_svg(comparison, today), "svg", "image/svg+xml", today)
        _download(texts.COMPARE_EXCEL, series_workbook(comparison, today), "xlsx", EXCEL, today)
        _download(texts.COMPARE_CSV, series_csv(comparison), "csv", "text/csv", today)


def _download(name: str, data: bytes, ending: str, mime: str, today: date) -> None:
    file_name = texts.COMPARE_FILE.format(today.isoformat(), ending)
    st.download_button(
        label(name),
        data=media.downloaded(data, mime, file_name),
        file_name=file_name,
        mime=mime,
        on_click="ignore",
        key=f"download-{ending}",
    )
