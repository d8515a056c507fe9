"""What is kept between pages and sessions: the open engine, what is known over it, and answers.

All of it is over one generation of the index; where a new one stands, the next page is drawn with that.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from rapportsvar.answering.find_series import ALL, Measure
from rapportsvar.app import library, signing, texts
from rapportsvar.app.address import Conversation
from rapportsvar.app.markup import show, tag
from rapportsvar.config import load_settings
from rapportsvar.engine.access import Reader
from rapportsvar.engine.along import Along
from rapportsvar.engine.along import along as find_along
from rapportsvar.engine.engine import Engine
from rapportsvar.engine.examples import example_questions
from rapportsvar.engine.journal import note
from rapportsvar.engine.reading_view import Tables
from rapportsvar.engine.shelf import Shelved
from rapportsvar.engine.shelf import shelf as shelf_of
from rapportsvar.engine.turns import Turns
from rapportsvar.engine.widen import Limits
from rapportsvar.index.engines import manifest_of
from rapportsvar.model import Answer

ANSWER_KEPT_SECONDS = 600
VIEWS_OPEN = 24
"""Sets of reports that are held open for readers who may not see all."""
INDEX_VARIABLE = "RAPPORTSVAR_INDEX"
READ_WITH = "read_with"
Patterns = tuple[str, ...] | None


def index_folder() -> Path:
    """Return the folder of the index: ``RAPPORTSVAR_INDEX``, otherwise ``index``."""
    return Path(os.environ.get(INDEX_VARIABLE) or "index")


def engine() -> Engine:
    """Return the engine over what the reader may see of the newest generation; a new one is opened by itself.

    Raises:
        NotAllowed: Nobody who may read has signed in.
        RapportsvarError: The index cannot be served.
    """
    reader, folder = signing.here(), index_folder()
    name, generation = str(folder.resolve()), manifest_of(folder, load_settings().index).generation
    whole = _engine(name, generation)
    return whole if reader.patterns is None else _seen(whole, reader, name, generation, reader.patterns)


def engine_for_reading(source: str) -> tuple[Engine, bool]:
    """Return the engine to read a report with, and whether it is the newest.

    Who is reading a report goes on with the one that the session opened it with, even if the report has
    changed or gone meanwhile: places and pages stay where they were.
    """
    newest, patterns = engine(), signing.here().patterns
    held: tuple[str, Engine, Patterns] | None = st.session_state.get(READ_WITH)
    asked_for_newest = st.session_state.get(library.SAVED) == source
    if held and held[2] != patterns:  # the reader may see other reports than before
        held = None
    if held and held[0] == source and not asked_for_newest and not _reads_alike(held[1], newest, source):
        return held[1], False
    st.session_state[READ_WITH] = (source, newest, patterns)
    return newest, True


def _reads_alike(held: Engine, newest: Engine, source: str) -> bool:
    before, now = held.index.manifest, newest.index.manifest
    return all(
        getattr(before, name).get(source) == getattr(now, name).get(source)
        for name in ("sources", "corrected")
    )


def sees_all(served: Engine) -> bool:
    """Tell whether an engine is over all reports, and not only those that its reader may see."""
    manifest = manifest_of(index_folder(), load_settings().index)
    there = served.index.folder.resolve() == index_folder().resolve()
    return there and served.index.manifest.generation == manifest.generation


def shelf(served: Engine) -> tuple[Shelved, ...]:
    """Return what is known of all reports."""
    return _shelf(served, _over(served))


def examples(served: Engine) -> tuple[str, ...]:
    """Return the example questions of an index."""
    return _examples(served, _over(served))


def limits(served: Engine) -> Limits:
    """Return what finds the limits of a question."""
    return _limits(served, _over(served))


def tables(served: Engine) -> Tables:
    """Return what finds the table around a row."""
    return _tables(served, _over(served))


def measures(served: Engine) -> list[Measure]:
    """Return the measures that the reports hold, those with most figures first."""
    return _measures(served, _over(served))


def answer(served: Engine, talk: Conversation) -> Answer:
    """Answer the question of a conversation: once, however often its page is drawn."""
    with in_turn():
        return _answer(served, talk, _question_key(served, talk))


def along(served: Engine, talk: Conversation, given: Answer) -> Along:
    """Return what goes along with an answer."""
    return _along(served, talk, given, _question_key(served, talk))


@contextmanager
def in_turn() -> Iterator[None]:
    """Do what computes in its turn; where others come first, the page says so.

    Raises:
        TooManyAtOnce: The line is full, or did not move.
    """
    told = []

    def tell() -> None:
        told.append(st.empty())
        with told[0]:
            show(tag("p", texts.QUEUED, class_="told", role="status"))

    with _turns().taken(tell):
        for place in told:
            place.empty()
        yield


def _over(served: Engine) -> str:
    """The generation and the folder that an engine is over: what is known of them stays true."""
    return served.index.manifest.generation + str(served.index.folder.resolve())


@st.cache_resource(show_spinner=False)
def _turns() -> Turns:
    return Turns(load_settings().serving)


def _question_key(served: Engine, talk: Conversation) -> str:
    """All that an answer depends on. A place that is opened and hits that are chosen do not change it."""
    return repr((_over(served), talk.question, talk.earlier, talk.filters, talk.ignored))


@st.cache_resource(show_spinner=False, max_entries=64, ttl=ANSWER_KEPT_SECONDS)
def _answer(_served: Engine, _talk: Conversation, key: str) -> Answer:
    given = _served.ask(_talk.question, _talk.earlier, filters=_talk.filters, ignore=_talk.ignored)
    note(
        "answered",
        kind=given.kind.value,
        found=given.found,
        reason=given.reason.value if given.reason else None,
        hits=len(given.hits),
        ms=round(given.elapsed_ms, 1),
        generation=_served.index.manifest.generation,
    )
    return given


@st.cache_resource(show_spinner=False, max_entries=64, ttl=ANSWER_KEPT_SECONDS)
def _along(_served: Engine, _talk: Conversation, _given: Answer, key: str) -> Along:
    return find_along(_served, limits(_served), _given, _talk.earlier)


@st.cache_resource(show_spinner=texts.PREPARING, max_entries=VIEWS_OPEN)
def _seen(_whole: Engine, _reader: Reader, folder: str, generation: str, patterns: Patterns) -> Engine:
    return _whole.for_reader(_reader)


@st.cache_resource(show_spinner=False, max_entries=2)
def _engine(folder: str, generation: str) -> Engine:
    opened = Engine.open(Path(folder), load_settings())
    for known in (_seen, _shelf, _examples, _limits, _tables, _measures):
        known.clear()  # what is known of earlier generations would keep them open
    return opened


@st.cache_resource(show_spinner=False, max_entries=VIEWS_OPEN)
def _shelf(_served: Engine, generation: str) -> tuple[Shelved, ...]:
    return shelf_of(_served)


@st.cache_resource(show_spinner=False, max_entries=VIEWS_OPEN)
def _examples(_served: Engine, generation: str) -> tuple[str, ...]:
    return example_questions(_served)


@st.cache_resource(show_spinner=False, max_entries=VIEWS_OPEN)
def _limits(_served: Engine, generation: str) -> Limits:
    return Limits(_served)


@st.cache_resource(show_spinner=False, max_entries=VIEWS_OPEN)
def _tables(_served: Engine, generation: str) -> Tables:
    return Tables(_served)


@st.cache_resource(show_spinner=False, max_entries=VIEWS_OPEN)
def _measures(_served: Engine, generation: str) -> list[Measure]:
    return _served.measures(top=ALL)
