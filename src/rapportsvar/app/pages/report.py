"""One report as it is read: its contents, its text or its pages, words found in it, and corrections."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from rapportsvar.app import kept, library, shell, texts
from rapportsvar.app.address import REPORTS, link
from rapportsvar.app.correction_form import draw_form
from rapportsvar.app.facts import READ, draw_facts, title_of
from rapportsvar.app.markup import EMPTY, Html, show, tag
from rapportsvar.app.page_view import PageView, draw_open_file, draw_views, lit_at, page_at, shown_pages
from rapportsvar.app.reading import Reading
from rapportsvar.app.shelf_view import draw_removal
from rapportsvar.app.source_view import Lit, draw_blocks, draw_contents, find_in
from rapportsvar.app.swedish import counted
from rapportsvar.engine.engine import Engine
from rapportsvar.engine.reading_view import ReadingView, reading_view
from rapportsvar.engine.shelf import corrected_facts
from rapportsvar.errors import UnknownReport
from rapportsvar.model import Span

FIND = "find"


def draw() -> None:
    """Draw the report that the address names."""
    reading = Reading.read(shell.values())
    engine, is_newest = kept.engine_for_reading(reading.source)
    try:
        view = reading_view(engine, reading.source)
    except UnknownReport:
        show(_unknown())
        shell.draw_update()
        return
    _draw_report(engine, view, reading, is_newest=is_newest)


def _draw_report(engine: Engine, view: ReadingView, reading: Reading, *, is_newest: bool) -> None:
    found = find_in(view.report.text, reading.words)
    pages = PageView(engine, view, reading, found) if shown_pages(view) else None
    show(_head(engine, view, reading, pages))
    with st.container():
        _draw_told(reading, is_newest=is_newest)
    with st.container():
        shell.draw_update()
    if reading.correcting and library.may_change():
        with st.container(key="correcting"):
            corrected = corrected_facts(view.report.metadata)
            target = draw_form(kept.index_folder().resolve(), view.report, reading, corrected)
        if target:
            shell.go(target)
            st.rerun()
    if pages and not reading.as_text:
        _draw_pages(view, reading, found, pages)
    else:
        _draw_text(view, reading, found)


def _draw_text(view: ReadingView, reading: Reading, found: tuple[Span, ...]) -> None:
    with st.container(key="reading"):
        contents, text = st.columns([2, 5])
        with contents:
            _draw_find(reading)
            show(_found(reading.words, found))
            show(draw_contents(view))
        with text:
            show(draw_blocks(view, view.blocks, Lit(reading.place, lit_at(view, reading), found)))


def _draw_pages(view: ReadingView, reading: Reading, found: tuple[Span, ...], pages: PageView) -> None:
    def page_link(at: int) -> str:
        return reading.at_page(page_at(pages.pages, at).number).link()

    with st.container(key="paging"):
        contents, picture, text = st.columns([4, 9, 7])
        with contents:
            _draw_find(reading)
            show(_found_by_page(reading, found))
            show(draw_contents(view, page_link))
        with picture:
            show(pages.draw_tools())
            show(pages.draw_picture())
        with text:
            show(pages.draw_text())


def _draw_find(reading: Reading) -> None:
    st.session_state[FIND] = reading.words
    st.text_input(texts.FIND, key=FIND, on_change=_find, args=(reading,), placeholder=texts.FIND_PLACEHOLDER)


def _find(reading: Reading) -> None:
    """Put the words that are looked for in the address of the report that the field was drawn for.

    The address at hand may still be that of the page before, for who types before a report is all drawn.
    """
    shell.go(reading.looking_for(str(st.session_state.get(FIND) or "").strip()).link())


def _found(words: str, found: tuple[Span, ...]) -> Html:
    """Draw how often the words stand in the text, and the way from one to the next."""
    if not words:
        return EMPTY
    if not found:
        return tag("p", texts.FIND_NONE, class_="note", role="status")
    count = counted(len(found), texts.MATCH_ONE, texts.MATCH_MANY)
    steps = [
        tag("button", name, type="button", class_="action", data_step=step)
        for step, name in (("-1", texts.PREVIOUS), ("1", texts.NEXT))
    ]
    of = texts.FIND_COUNT.format("{}", len(found))
    return tag("p", tag("span", count, role="status", data_count=of), steps, class_="tool-line")


def _found_by_page(reading: Reading, found: tuple[Span, ...]) -> Html:
    """Draw the same where the next place may stand on another page."""
    if not reading.words:
        return EMPTY
    if not found:
        return tag("p", texts.FIND_NONE, class_="note", role="status")
    count, here = len(found), reading.match
    before, after = (here - 2) % count + 1 if here else count, here % count + 1
    steps = [
        tag("a", name, href=reading.at_match(to).link(), data_go=True, class_="action", id=f"traff-{key}")
        for name, to, key in ((texts.PREVIOUS, before, "forra"), (texts.NEXT, after, "nasta"))
    ]
    said = texts.FIND_COUNT.format(here, count) if here else counted(count, texts.MATCH_ONE, texts.MATCH_MANY)
    return tag("p", tag("span", said, role="status"), steps, class_="tool-line")


def _head(engine: Engine, view: ReadingView, reading: Reading, pages: PageView | None) -> Html:
    stored = view.report
    name = title_of(stored.info)
    changes = (
        tag(
            "a",
            texts.CORRECT,
            href=replace(reading, correcting=True).link(),
            data_go=True,
            class_="action",
            id="ratta",
        ),
        draw_removal(stored.source, name) if library.may_remove() else None,
    )
    views = (
        draw_views(reading, as_text=replace(reading, as_text=True), as_pages=replace(reading, as_text=False))
        if pages
        else None
    )
    return tag(
        "div",
        tag("p", tag("a", texts.ALL_REPORTS, href=link(REPORTS), data_go=True), class_="crumb"),
        tag("h1", name),
        draw_facts(stored.info, READ, corrected_facts(stored.metadata)),
        tag("p", stored.source, class_="note"),
        tag(
            "div",
            views,
            draw_open_file(engine, view, pages.page.number) if pages else None,
            changes if library.may_change() else None,
            class_="actions",
        ),
        class_="page-head reading-head wide",
        id="innehall",
    )


def _draw_told(reading: Reading, *, is_newest: bool) -> None:
    """Say what was saved and is not in the index yet, or that the index has a newer one."""
    if not is_newest:
        newer = tag(
            "button", texts.READ_NEWER_GO, type="button", class_="action", data_act="las-ny", data_what=""
        )
        show(tag("p", texts.READ_NEWER, " ", newer, class_="told", role="status"))
    elif st.session_state.get(library.SAVED) == reading.source:
        if shell.is_updating():
            show(tag("p", texts.CORRECT_SAVED, class_="told", role="status"))
        else:
            st.session_state.pop(library.SAVED)


def _unknown() -> Html:
    return tag(
        "div",
        tag("p", tag("a", texts.ALL_REPORTS, href=link(REPORTS), data_go=True), class_="crumb"),
        tag("p", texts.UNKNOWN_REPORT, role="alert"),
        class_="page-head",
        id="innehall",
    )
