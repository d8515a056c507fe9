"""Rapporter: what is indexed, and one report as it is read."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

import streamlit as st

from rapportsvar.app import shell, texts
from rapportsvar.app.address import REPORTS, first, link, read_place
from rapportsvar.app.citation import place_name
from rapportsvar.app.markup import EMPTY, Html, show, tag, together
from rapportsvar.app.source_view import Lit, draw_blocks, draw_contents, find_in, marks_at
from rapportsvar.app.swedish import capital, counted, long_date_of
from rapportsvar.engine.engine import Engine
from rapportsvar.engine.reading_view import ReadingView, reading_view
from rapportsvar.errors import UnknownReport
from rapportsvar.index.store import StoredReport
from rapportsvar.model import ReportInfo, Span

FIND = "find"
LISTED = ("board", "kind", "period", "date", "reference")
READ = ("municipality", "board", "kind", "period", "date", "reference")


def draw() -> None:
    """Draw the list, or the report that the address names."""
    engine = shell.engine()
    source = first(shell.values(), "rapport")
    if not source:
        show(_list(engine))
        return
    try:
        view = reading_view(engine, source)
    except UnknownReport:
        show(
            tag(
                "div",
                _crumb(),
                tag("p", texts.UNKNOWN_REPORT, role="alert"),
                class_="page-head",
                id="innehall",
            )
        )
        return
    _draw_report(view)


# one report


def _draw_report(view: ReadingView) -> None:
    values = shell.values()
    place = read_place(values)
    words = first(values, "ord")
    found = find_in(view.report.text, words)
    show(_reading_head(view.report))
    with st.container(key="reading"):
        contents, text = st.columns([2, 5])
        with contents:
            st.session_state[FIND] = words
            st.text_input(texts.FIND, key=FIND, on_change=_find, placeholder=texts.FIND)
            show(_found(words, found))
            show(draw_contents(view))
        with text:
            marks = marks_at(view.report.text, place.span) if place else ()
            show(draw_blocks(view, view.blocks, Lit(place.span if place else None, marks, found)))


def _find() -> None:
    """Put the words that are looked for in the address."""
    values = {**shell.values(), "ord": [str(st.session_state.get(FIND) or "").strip()]}
    for key in ("fran", "till"):
        values.pop(key, None)
    shell.go(link(REPORTS, values))


def _found(words: str, found: tuple[Span, ...]) -> Html:
    if not words:
        return EMPTY
    if not found:
        return tag("p", texts.FIND_NONE, class_="note", role="status")
    count = counted(len(found), texts.MATCH_ONE, texts.MATCH_MANY)
    steps = [
        tag("button", name, type="button", class_="action", data_step=step)
        for step, name in (("-1", texts.PREVIOUS), ("1", texts.NEXT))
    ]
    return tag("p", tag("span", count, role="status"), steps, class_="tool-line")


def _reading_head(report: StoredReport) -> Html:
    return tag(
        "div",
        _crumb(),
        tag("h1", report.info.title or capital(report.info.kind) or texts.UNNAMED),
        _facts(report.info, READ),
        tag("p", report.source, class_="note"),
        class_="page-head reading-head wide",
        id="innehall",
    )


def _crumb() -> Html:
    return tag("p", tag("a", texts.ALL_REPORTS, href=link(REPORTS), data_go=True), class_="crumb")


# the list


def _list(engine: Engine) -> Html:
    reports = sorted(engine.reports(), key=lambda r: (r.info.municipality, -(r.info.year or 0), r.source))
    counts = engine.index.store.entry_counts()
    lead = texts.REPORTS_LEAD.format(counted(len(reports), texts.REPORT_ONE, texts.REPORT_MANY))
    unsure = any(r.info.uncertain for r in reports)
    return together(
        tag(
            "div",
            tag("h1", texts.REPORTS_HEADING),
            tag("p", lead, class_="lead"),
            tag("p", texts.UNCERTAIN_NOTE, class_="note") if unsure else None,
            class_="page-head",
            id="innehall",
        ),
        _failures(engine.index.manifest.failures),
        [
            tag(
                "section",
                tag("h2", place_name(name) or texts.UNKNOWN_MUNICIPALITY),
                [_card(report, *counts.get(report.id, (0, 0))) for report in group],
                class_="report-group",
            )
            for name, group in groupby(reports, key=lambda r: r.info.municipality)
        ],
    )


def _card(report: StoredReport, passages: int, rows: int) -> Html:
    uncovered = len(report.outline.uncovered)
    counts = texts.CONTENT_COUNTS.format(
        counted(passages, texts.PASSAGE_ONE, texts.PASSAGE_MANY), counted(rows, texts.ROW_ONE, texts.ROW_MANY)
    )
    coverage = (
        texts.UNCOVERED.format(counted(uncovered, texts.STRETCH_ONE, texts.STRETCH_MANY))
        if uncovered
        else texts.UNCOVERED_NONE
    )
    name = report.info.title or capital(report.info.kind) or texts.UNNAMED
    return tag(
        "article",
        tag("h3", tag("a", name, href=link(REPORTS, {"rapport": report.source}), data_go=True)),
        _facts(report.info, LISTED),
        tag("p", f"{counts}. {coverage} ", tag("span", report.source, class_="file"), class_="note"),
        _warnings(report.warnings),
        class_="report-card",
    )


def _facts(info: ReportInfo, names: tuple[str, ...]) -> Html:
    return tag("dl", [_fact(info, name) for name in names if getattr(info, name)], class_="facts")


def _fact(info: ReportInfo, name: str) -> Html:
    value = str(getattr(info, name))
    shown = {"date": long_date_of(value), "board": capital(value), "municipality": place_name(value)}.get(
        name, value
    )
    unsure = tag("span", texts.UNCERTAIN, class_="unsure-tag") if name in info.uncertain else None
    return tag("div", tag("dt", texts.FACTS[name]), tag("dd", capital(shown), unsure))


def _warnings(warnings: tuple[str, ...]) -> Html:
    if not warnings:
        return EMPTY
    return tag(
        "div", tag("p", texts.WARNINGS), tag("ul", [tag("li", w) for w in warnings]), class_="warnings"
    )


def _failures(failures: Mapping[str, str]) -> Html:
    if not failures:
        return EMPTY
    items = [tag("li", f"{source}: {why}") for source, why in failures.items()]
    return tag("section", tag("h2", texts.FAILED), tag("ul", items), class_="warnings")
