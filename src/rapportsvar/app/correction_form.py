"""The form in which metadata of a report is corrected by hand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import streamlit as st

from rapportsvar.app import library, texts
from rapportsvar.app.markup import EMPTY, Html, label, show, tag
from rapportsvar.app.reading import Reading
from rapportsvar.engine.access import Role
from rapportsvar.errors import CorrectionRefused
from rapportsvar.index.store import StoredReport
from rapportsvar.library.corrections import CHECKS, checked_value, correct
from rapportsvar.model import ReportInfo


def draw_form(folder: Path, report: StoredReport, reading: Reading, corrected: Collection[str]) -> str:
    """Draw the form. Returns the address to go to once something was saved; empty before.

    Args:
        folder: The index folder.
        report: What is corrected.
        reading: Where the reader is.
        corrected: Names of the facts that are corrected already.
    """
    show(
        tag(
            "div",
            tag("h2", texts.CORRECT_HEADING),
            tag("p", texts.CORRECT_LEAD, class_="note"),
            class_="form-head",
        )
    )
    with st.form("correction", border=False):
        for place, name in enumerate(CHECKS):
            if place % 2 == 0:
                columns = st.columns(2)  # a row at a time: the order holds on a phone
            with columns[place % 2]:
                st.text_input(
                    label(texts.FACTS[name]),
                    value=value_of(report.info, name),
                    key=_key(report, name),
                    placeholder=texts.CORRECT_HELP.get(name),
                )
        is_saved = st.form_submit_button(texts.CORRECT_SAVE, type="primary")
    problems = _save(folder, report) if is_saved else None
    if problems == []:
        return replace(reading, correcting=False).link()
    show(
        tag(
            "div",
            [tag("p", problem, class_="problem", role="alert") for problem in problems or ()],
            tag("a", texts.CORRECT_CANCEL, href=replace(reading, correcting=False).link(), data_go=True),
            _taken_back(report, corrected),
            class_="form-foot",
        )
    )
    return ""


def value_of(info: ReportInfo, name: str) -> str:
    """Return a fact as it stands in the form."""
    return str(getattr(info, name) or "")


def _save(folder: Path, report: StoredReport) -> list[str]:
    """Save what was changed; return what is wrong with it, and then nothing is saved."""
    changes: dict[str, str | None] = {}
    problems = []
    for name in CHECKS:
        written = str(st.session_state.get(_key(report, name)) or "")
        if written.strip() != value_of(report.info, name).strip():
            try:
                changes[name] = checked_value(name, written)
            except CorrectionRefused as refused:
                problems.append(f"{texts.FACTS[name]}: {refused.what}. {refused.todo}")
    if not problems and not changes:
        return [texts.CORRECT_NOTHING]
    if not problems:
        library.check(Role.EDITOR, report.source)
        correct(library.library(folder), report.source, report.sha256, changes)
        st.session_state[library.SAVED] = report.source
        library.updater(str(folder)).request()
    return problems


def _taken_back(report: StoredReport, corrected: Collection[str]) -> Html:
    if not corrected:
        return EMPTY
    items = [
        tag(
            "li",
            tag("span", f"{texts.FACTS[name]}: {value_of(report.info, name)}"),
            tag(
                "button",
                texts.CORRECT_UNDO,
                type="button",
                class_="action",
                data_act="ater",
                data_what=f"{name}:{report.source}",
                aria_label=f"{texts.CORRECT_UNDO}: {texts.FACTS[name]}",
            ),
        )
        for name in corrected
    ]
    return tag("section", tag("h3", texts.CORRECT_UNDO_HEADING), tag("ul", items), class_="plain-list")


def _key(report: StoredReport, name: str) -> str:
    """A report that has changed has fields of its own: what was typed before is not of it."""
    return f"correct-{name}-{report.sha256[:8]}-{report.source}"
