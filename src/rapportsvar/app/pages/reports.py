"""Rapporter: what is indexed, and what can be done about it. One report is drawn by ``report.py``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from rapportsvar.app import kept, library, shell, signing, texts, trouble
from rapportsvar.app.address import first
from rapportsvar.app.facts import title_of
from rapportsvar.app.library_view import (
    draw_failures,
    draw_just_removed,
    draw_left_out,
    draw_outcomes,
    draw_reading_progress,
)
from rapportsvar.app.markup import Html, label, show, tag
from rapportsvar.app.pages import report
from rapportsvar.app.shelf_view import Shelf, draw_count, draw_facets, draw_reports
from rapportsvar.app.swedish import counted
from rapportsvar.engine.engine import Engine
from rapportsvar.engine.shelf import Shelved
from rapportsvar.errors import IndexMissing
from rapportsvar.library.hiding import read_hidden
from rapportsvar.library.removal import removals
from rapportsvar.reading.folder import READERS

FILTER = "shelf_words"
FILES = "files"
TAKEN = "files_taken"


def draw() -> None:
    """Draw the list, or the report that the address names."""
    if first(shell.values(), "rapport"):
        report.draw()
        return
    try:
        engine = kept.engine()
    except IndexMissing:
        _draw_empty()
        return
    _draw_list(engine, Shelf.read(shell.values()))


def _draw_empty() -> None:
    """There is no index yet: files that are added make one."""
    show(trouble.no_index(kept.index_folder()))
    if library.may_change():
        shell.draw_update()
        _draw_adding({})


def _draw_list(engine: Engine, shelf: Shelf) -> None:
    reports = kept.shelf(engine)
    may_change = library.may_change()
    st.session_state[library.TITLES] = {each.source: title_of(each.info) for each in reports}
    show(_head(reports, shelf, may_change=may_change))
    with st.container():  # each has a place of its own, so that what comes and goes moves nothing below it
        _draw_told()
    with st.container():
        shell.draw_update()
    with st.container():
        if may_change and shelf.adding:
            _draw_adding({each.source: each.sha256 for each in reports})
    with st.container(key="shelf_body"):
        facets, found = st.columns([1, 3])
        with facets:
            show(draw_facets(shelf, reports))
        with found:
            _draw_found(engine, shelf, reports, may_change=may_change)


def _draw_found(engine: Engine, shelf: Shelf, reports: Sequence[Shelved], *, may_change: bool) -> None:
    here = library.library(kept.index_folder())
    st.session_state[FILTER] = shelf.words
    st.text_input(
        texts.REPORTS_FILTER, key=FILTER, on_change=_filter, placeholder=texts.REPORTS_FILTER_PLACEHOLDER
    )
    chosen = shelf.chosen(reports)
    show(draw_count(shelf, len(chosen), len(reports)))
    may_remove, sees = library.may_remove(), signing.here().sees
    show(draw_failures(engine.index.manifest.failures, here, may_change=may_remove))
    show(draw_reports(shelf, chosen, may_change=may_change, may_remove=may_remove))
    if may_remove:
        removed = [each for each in removals(here) if sees(each.source)]
        show(draw_left_out(here, removed, [note for note in read_hidden(here).notes if sees(note.source)]))


def _filter() -> None:
    """Put the words that the list is limited to in the address."""
    shelf = Shelf.read(shell.values())
    shell.go(replace(shelf, words=str(st.session_state.get(FILTER) or "").strip()).link())


def _head(reports: Sequence[Shelved], shelf: Shelf, *, may_change: bool) -> Html:
    lead = texts.REPORTS_LEAD.format(counted(len(reports), texts.REPORT_ONE, texts.REPORT_MANY))
    total = texts.REPORTS_TOTAL.format(
        counted(sum(each.passages for each in reports), texts.PASSAGE_ONE, texts.PASSAGE_MANY),
        counted(sum(each.rows for each in reports), texts.ROW_ONE, texts.ROW_MANY),
    )
    unsure = any(each.info.uncertain for each in reports)
    add = tag(
        "a",
        texts.CLOSE if shelf.adding else texts.ADD,
        href=replace(shelf, adding=not shelf.adding).link(),
        data_go=True,
        class_="button",
        id="lagg-till",
        aria_expanded="true" if shelf.adding else "false",
    )
    return tag(
        "div",
        tag("div", tag("h1", texts.REPORTS_HEADING), add if may_change else None, class_="head-line"),
        tag("p", lead, " ", total, class_="lead"),
        tag("p", texts.UNCERTAIN_NOTE, class_="note") if unsure else None,
        class_="page-head wide",
        id="innehall",
    )


def _draw_told() -> None:
    """Say what was just done, while it can be undone."""
    removed = st.session_state.get(library.UNDONE)
    if removed:
        here = library.library(kept.index_folder())
        if any(each.key == removed.key for each in removals(here)):
            show(draw_just_removed(removed))


# adding files


def _draw_adding(indexed: Mapping[str, str]) -> None:
    limit = library.library(kept.index_folder()).settings.file_mb_max
    kinds = ", ".join(sorted(suffix.removeprefix(".") for suffix in READERS))
    with st.container(key="adding"):
        show(
            tag(
                "div",
                tag("h2", texts.ADD_HEADING),
                tag("p", texts.ADD_LEAD),
                tag("p", texts.ADD_KINDS.format(kinds, limit), " ", texts.ADD_PRIVATE, class_="note"),
                class_="adding-head",
            )
        )
        round_ = st.session_state.setdefault(FILES, 0)
        files = st.file_uploader(
            label(texts.ADD_LABEL),
            accept_multiple_files=True,
            key=f"{FILES}-{round_}",
            label_visibility="collapsed",
        )
        progress = st.empty()
        if files:
            _take_in(files, progress)
            st.session_state[FILES] = round_ + 1  # an empty field for the next files
            st.rerun()
        show(draw_outcomes(st.session_state.get(library.OUTCOMES, []), indexed))


def _take_in(files: Sequence[UploadedFile], progress: DeltaGenerator) -> None:
    """Take the files in, one after the other; a run that is cut off goes on with those that are left."""
    taken: set[str] = st.session_state.setdefault(TAKEN, set())
    outcomes: list[library.Outcome] = st.session_state.setdefault(library.OUTCOMES, [])
    for number, file in enumerate(files):
        if file.file_id in taken:
            continue
        with progress:
            show(draw_reading_progress(number, len(files), file.name))
        outcomes.append(library.take_in(kept.index_folder().resolve(), file.name, file))
        taken.add(file.file_id)
    progress.empty()
