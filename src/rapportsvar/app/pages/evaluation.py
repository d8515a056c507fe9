"""Utvärdering: the last run, its misses, what changed since the run before, and readers' proposals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import streamlit as st

from rapportsvar.app import kept, shell, signing, texts
from rapportsvar.app.address import EVALUATION, first, link
from rapportsvar.app.evaluation_change import draw_change
from rapportsvar.app.evaluation_figures import draw_all_figures, draw_brief, draw_groups, draw_reliability
from rapportsvar.app.evaluation_misses import MissDrawer
from rapportsvar.app.markup import EMPTY, Html, show, tag
from rapportsvar.app.proposals_view import draw_proposals
from rapportsvar.app.swedish import counted, long_date
from rapportsvar.engine.access import Role
from rapportsvar.engine.asker import sources_sha256
from rapportsvar.engine.engine import Engine
from rapportsvar.errors import SettingsError
from rapportsvar.evaluation.compare import Comparison, compare
from rapportsvar.evaluation.kept import KeptRun, kept_runs
from rapportsvar.evaluation.run import Run, SetRun

COMMAND = "rapportsvar evaluate gold/*.jsonl --index {}"
COMMIT_CHARS = 9
RUNS_LISTED = 20


def draw() -> None:
    """Draw the run that the address names, or the newest."""
    engine = kept.engine()
    if not shell.shows_evaluation(signing.here()):
        signing.here().check(Role.EDITOR)
    folder = Path(engine.settings.evaluation.runs)
    runs = kept_runs(folder)
    show(tag("div", tag("h1", texts.EVALUATION_HEADING), class_="page-head", id="innehall"))
    if not kept.sees_all(engine):  # runs quote reports, and gold questions tell of them
        show(tag("p", texts.EVALUATION_NOT_ALL, class_="note"))
    elif runs:
        _draw_runs(engine, runs)
    else:
        show(_no_run(folder))
    draw_proposals(engine)


def _draw_runs(engine: Engine, runs: Sequence[KeptRun]) -> None:
    values = shell.values()
    place = next((n for n, kept in enumerate(runs) if kept.name == first(values, "korning")), 0)
    try:
        run = _load(runs[place])
    except SettingsError as bad:
        show(tag("p", texts.EVALUATION_UNREADABLE.format(runs[place].path.name), role="alert"))
        show(tag("p", str(bad), class_="note", lang="en"))
        show(_list_of_runs(runs, place))
        return
    one = next((s for s in run.sets if s.name == first(values, "mangd")), run.sets[0] if run.sets else None)
    show(_lead(run, runs[place]))
    show(_other_index(engine, run))
    show(_list_of_runs(runs, place))
    if one:
        show(_list_of_sets(run, one, runs[place]))
        _draw_brief(one)
        _draw_comparison(runs, place, one.name)
        _draw_details(engine, one)


def _draw_brief(one: SetRun) -> None:
    counts = texts.EVALUATION_COUNTS.format(one.answerable, one.unanswerable)
    note = tag("p", counts, class_="note")
    show(_section(texts.EVALUATION_BRIEF, note, draw_brief(one), draw_all_figures(one)))


def _draw_details(engine: Engine, one: SetRun) -> None:
    groups = draw_groups(one)
    if groups:
        show(_section(texts.EVALUATION_BY, tag("p", texts.EVALUATION_FEW, class_="note"), groups))
    show(_section(texts.EVALUATION_RELIABILITY, draw_reliability(one)))
    show(_section(texts.EVALUATION_MISSES, MissDrawer(engine.text).misses(one.rows), name="missar"))


def _draw_comparison(runs: Sequence[KeptRun], place: int, name: str) -> None:
    if place + 1 >= len(runs):
        return
    before = runs[place + 1]
    try:
        comparison = _comparison(str(before.path), str(runs[place].path), before, runs[place])
    except SettingsError:
        show(tag("p", texts.EVALUATION_UNREADABLE.format(before.path.name), class_="note"))
        return
    one = next((s for s in comparison.sets if s.name == name), None)
    since = tag("p", texts.CHANGE_SINCE.format(_when(before.began)), class_="note")
    content = draw_change(one) if one else tag("p", texts.CHANGE_UNPAIRED)
    show(_section(texts.EVALUATION_CHANGE, since, content))


@st.cache_resource(show_spinner=False, max_entries=4)
def _run(path: str) -> Run:
    return Run.load(Path(path))  # a kept run is never changed


@st.cache_resource(show_spinner=False, max_entries=4)
def _comparison(before: str, after: str, _before: KeptRun, _after: KeptRun) -> Comparison:
    return compare(_load(_before), _load(_after))


def _load(kept: KeptRun) -> Run:
    return _run(str(kept.path))


def _lead(run: Run, kept: KeptRun) -> Html:
    questions = sum(len(one.rows) for one in run.sets)
    told = texts.EVALUATION_LEAD.format(
        _when(kept.began), counted(questions, texts.QUESTION_ONE, texts.QUESTION_MANY)
    )
    commit = texts.EVALUATION_COMMIT.format(run.commit[:COMMIT_CHARS]) if run.commit else ""
    made = ", ".join(filter(None, (f"rapportsvar {run.versions.get('rapportsvar', '')}".strip(), commit)))
    return tag("div", tag("p", told, class_="lead"), tag("p", made, class_="note"), class_="run-head")


def _other_index(engine: Engine, run: Run) -> Html:
    """Say so where the reports have changed since the run."""
    index = run.engine.get("index")
    sources = index.get("sources_sha256") if isinstance(index, dict) else None
    same = sources is None or sources == sources_sha256(engine)
    return EMPTY if same else tag("p", texts.EVALUATION_OTHER_INDEX, class_="note")


def _list_of_runs(runs: Sequence[KeptRun], place: int) -> Html:
    if len(runs) < 2:
        return EMPTY
    items = [
        tag(
            "li",
            tag(
                "a",
                _when(kept.began),
                href=link(EVALUATION, {"korning": kept.name if n else None}),
                data_go=True,
                aria_current="true" if n == place else None,
            ),
        )
        for n, kept in enumerate(runs[:RUNS_LISTED])
    ]
    title = texts.EVALUATION_RUNS.format(len(runs))
    return tag("details", tag("summary", title), tag("ul", items), class_="runs", open=place > 0)


def _list_of_sets(run: Run, chosen: SetRun, kept: KeptRun) -> Html:
    if len(run.sets) < 2:
        return EMPTY
    chips = [
        tag(
            "a",
            f"{one.name} ({len(one.rows)})",
            href=link(EVALUATION, {"korning": kept.name, "mangd": one.name}),
            data_go=True,
            class_="chip",
            aria_current="true" if one is chosen else None,
        )
        for one in run.sets
    ]
    name = tag("span", texts.EVALUATION_SETS, class_="label")
    return tag("nav", name, chips, class_="chips sets", aria_label=texts.EVALUATION_SETS)


def _section(title: str, *content: Html, name: str | None = None) -> Html:
    return tag("section", tag("h2", title), content, class_="evaluation-section", id=name)


def _no_run(folder: Path) -> Html:
    return tag(
        "section",
        tag("h2", texts.EVALUATION_NONE),
        tag("p", texts.EVALUATION_NONE_HOW),
        tag("pre", COMMAND.format(kept.index_folder()), tabindex=0),
        tag("p", texts.EVALUATION_NONE_WHERE.format(folder), class_="note"),
        class_="notice",
    )


def _when(began: datetime) -> str:
    here = began.astimezone()
    return f"{long_date(here.date())} kl. {here:%H.%M}"
