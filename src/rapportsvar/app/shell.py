"""What all pages share: the open engine, the frame, and links that are followed without a reload."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from rapportsvar.answering.find_series import ALL, Measure
from rapportsvar.app import address, library, signing, texts, trouble
from rapportsvar.app.address import Conversation
from rapportsvar.app.library_view import draw_update as drawn_update
from rapportsvar.app.markup import Html, show, tag
from rapportsvar.app.source_view import PLACE
from rapportsvar.config import load_settings
from rapportsvar.engine.access import LOCAL, ROLE_NAMES, Reader, Role
from rapportsvar.engine.along import Along
from rapportsvar.engine.along import along as find_along
from rapportsvar.engine.engine import Engine
from rapportsvar.engine.examples import example_questions
from rapportsvar.engine.journal import note
from rapportsvar.engine.reading_view import Tables
from rapportsvar.engine.shelf import Shelved
from rapportsvar.engine.shelf import shelf as shelf_of
from rapportsvar.engine.turns import Turns
from rapportsvar.engine.updating import UpdateState
from rapportsvar.engine.widen import Limits
from rapportsvar.errors import (
    IndexMissing,
    IndexOlder,
    IndexUnusable,
    LibraryError,
    NotAllowed,
    RapportsvarError,
)
from rapportsvar.evaluation.feedback import FeedbackStore
from rapportsvar.index.engines import manifest_of
from rapportsvar.model import Answer

logger = logging.getLogger(__name__)
ANSWER_KEPT_SECONDS = 600
SEND_SECONDS = 0.03
FORGET_SECONDS = 86_400
VIEWS_OPEN = 24
"""Sets of reports that are held open for readers who may not see all."""
INDEX_VARIABLE = "RAPPORTSVAR_INDEX"
BEHAVIOUR = "behaviour"
READ_WITH = "read_with"
NOT_DONE = "not_done"
SIGN_OUT = "logga-ut"
FOLLOW_SECONDS = 1.5
Patterns = tuple[str, ...] | None
NAVIGATION = (
    (address.ASK, texts.NAV_ASK),
    (address.SEARCH, texts.NAV_SEARCH),
    (address.COMPARE, texts.NAV_COMPARE),
    (address.REPORTS, texts.NAV_REPORTS),
    (address.EVALUATION, texts.NAV_EVALUATION),
    (address.ABOUT, texts.NAV_ABOUT),
)


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


def shelf(served: Engine) -> tuple[Shelved, ...]:
    """Return what is known of all reports."""
    return _shelf(served, served.index.manifest.generation + str(served.index.folder.resolve()))


def wake() -> None:
    """Start what updates the index; where an earlier process died it goes on."""
    try:
        library.updater(str(index_folder().resolve()))
        _forget_old(str(index_folder().resolve()))
    except (RapportsvarError, OSError):  # the page Rapporter tells; questions are answered all the same
        logger.exception("The library cannot be used")


@st.cache_resource(show_spinner=False, ttl=FORGET_SECONDS)
def _forget_old(_: str) -> int:
    """Erase what readers said so long ago that it is to be kept no longer: at the start, and once a day."""
    settings = load_settings().feedback
    return FeedbackStore(Path(settings.folder)).forget(settings.days)


def sees_all(served: Engine) -> bool:
    """Tell whether an engine is over all reports, and not only those that its reader may see."""
    manifest = manifest_of(index_folder(), load_settings().index)
    there = served.index.folder.resolve() == index_folder().resolve()
    return there and served.index.manifest.generation == manifest.generation


def is_updating() -> bool:
    """Tell whether the index is being brought up to date."""
    return library.updater(str(index_folder().resolve())).state.is_busy


def draw_update(*, answers_meanwhile: bool = True) -> None:
    """Draw how far an update of the index has come, as long as there is one; then the page anew."""
    if is_updating():
        st.fragment(_follow, run_every=FOLLOW_SECONDS)(answers_meanwhile)
    else:
        show(drawn_update(_told_of(library.updater(str(index_folder().resolve())).state)))
    told = st.session_state.pop(NOT_DONE, "")
    if told:
        show(tag("p", told, class_="told", role="alert"))


def _follow(answers_meanwhile: bool) -> None:
    state = library.updater(str(index_folder().resolve())).state
    if not state.is_busy:
        st.rerun()
    show(drawn_update(_told_of(state), answers_meanwhile=answers_meanwhile))


def _told_of(state: UpdateState) -> UpdateState:
    """Return what the reader may be told of an update: not how many other reports there are, nor which."""
    if signing.here().patterns is None:
        return state
    return replace(state, stage="", done=0, total=0, what="", todo="")


def examples(served: Engine) -> tuple[str, ...]:
    """Return the example questions of an index."""
    return _examples(served, served.index.manifest.generation + str(served.index.folder.resolve()))


def limits(served: Engine) -> Limits:
    """Return what finds the limits of a question."""
    return _limits(served, served.index.manifest.generation + str(served.index.folder.resolve()))


def tables(served: Engine) -> Tables:
    """Return what finds the table around a row."""
    return _tables(served, served.index.manifest.generation + str(served.index.folder.resolve()))


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


@st.cache_resource(show_spinner=False)
def _turns() -> Turns:
    return Turns(load_settings().serving)


def send_now() -> None:
    """Let what is drawn so far go to the browser before more is drawn: both share one interpreter lock."""
    time.sleep(SEND_SECONDS)


def _question_key(served: Engine, talk: Conversation) -> str:
    """All that an answer depends on. A place that is opened and hits that are chosen do not change it."""
    index = served.index
    asked = (talk.question, talk.earlier, talk.filters, talk.ignored)
    return repr((index.manifest.generation, str(index.folder.resolve()), asked))


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


def measures(served: Engine) -> list[Measure]:
    """Return the measures that the reports hold, those with most figures first."""
    return _measures(served, served.index.manifest.generation + str(served.index.folder.resolve()))


@st.cache_resource(show_spinner=texts.PREPARING, max_entries=VIEWS_OPEN)
def _seen(_whole: Engine, _reader: Reader, folder: str, generation: str, patterns: Patterns) -> Engine:
    return _whole.for_reader(_reader)


@st.cache_resource(show_spinner=False, max_entries=2)
def _engine(folder: str, generation: str) -> Engine:
    return Engine.open(Path(folder), load_settings())


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


def base_address() -> str:
    """Return the address of the application in the browser, with ``/`` at its end; empty if unknown."""
    here = urlsplit(str(st.context.url or ""))
    if here.scheme not in ("http", "https"):
        return ""
    path = here.path.removesuffix("/")
    folder, _, page = path.rpartition("/")
    folder = folder if page in address.PAGES else path
    return urlunsplit((here.scheme, here.netloc, f"{folder}/", "", ""))


def values() -> dict[str, list[str]]:
    """Return the values of the address."""
    return {key: st.query_params.get_all(key) for key in st.query_params}


def go(target: str) -> None:
    """Put another address of the same page in place."""
    parsed = address.parse(target)
    if parsed:
        st.query_params.from_dict(parsed[1])


def draw_style() -> None:
    """Draw the style of every page."""
    st.html(f"<style>{_resource('style.css')}</style>")


def draw_frame(current: str, reader: Reader | None) -> None:
    """Draw the head of every page; without links where nobody may read."""
    show(_head(current, reader))


def behave(current: str) -> None:
    """Follow the link that was clicked, and scroll to what the address points at when it is drawn.

    Links to other pages are followed in the browser, so that each is one step of its history.
    """
    component = st.components.v2.component("rapportsvar_behaviour", js=_resource("behaviour.js"))
    now = values()
    component(
        data={
            "scroll": PLACE if "rapport" in now else "",
            "token": address.link(current, now),
            "uploader": texts.UPLOADER,
        },
        key=BEHAVIOUR,
        on_go_change=partial(_stay, current),
        on_act_change=_act,
    )


def _stay(current: str) -> None:
    """Follow a link to another address of the same page, before the page is drawn."""
    target = str(st.session_state[BEHAVIOUR].get("go") or "!")
    parsed = address.parse(target)
    if parsed and parsed[0] == current:
        st.query_params.from_dict(parsed[1])


def _act() -> None:
    """Do what a button asks for, before the page is drawn."""
    asked = st.session_state[BEHAVIOUR].get("act")
    if not isinstance(asked, Mapping):
        return
    if asked.get("act") == "las-ny":
        st.session_state.pop(READ_WITH, None)
        return
    if asked.get("act") == SIGN_OUT:
        signing.sign_out()
        return
    try:
        library.act(index_folder().resolve(), asked)
    except (LibraryError, NotAllowed) as refused:
        st.session_state[NOT_DONE] = str(refused)
        return
    if asked.get("act") in library.LEAVING and "rapport" in st.query_params:
        st.query_params.clear()  # what was read is taken out: the list says so


def guarded(draw: Callable[[], None]) -> None:
    """Draw a page; say what is wrong where it cannot be drawn."""
    try:
        draw()
    except IndexMissing:
        show(trouble.no_index(index_folder()))
    except IndexUnusable as unusable:
        _draw_unusable(unusable)
    except RapportsvarError as error:
        logger.warning("A page could not be drawn", exc_info=True)
        show(trouble.of_ours(error))
    except Exception as error:  # the border of the page: the reader is told, the log has the rest
        logger.exception("A page could not be drawn")
        show(trouble.went_wrong(error))


def _draw_unusable(unusable: IndexUnusable) -> None:
    """An index of an older version is updated by the application itself; any other has to be built again."""
    if not isinstance(unusable, IndexOlder) or not library.may_change():
        show(trouble.bad_index(unusable, index_folder()))
        return
    show(trouble.older_index() if is_updating() else trouble.bad_index(unusable, index_folder()))
    draw_update(answers_meanwhile=False)


def shows_evaluation(reader: Reader | None) -> bool:
    """Tell whether a reader is shown the page of the evaluation, which quotes reports and questions."""
    return reader is not None and reader.role >= (Role.READER if reader is LOCAL else Role.EDITOR)


def _signed_in(reader: Reader) -> Html:
    out = tag("button", texts.SIGN_OUT, type="button", class_="action", data_act=SIGN_OUT, data_what="")
    role = ROLE_NAMES.get(reader.role)
    return tag("p", reader.name, f" ({role}) " if role else " ", out, class_="note signed-in")


def _head(current: str, reader: Reader | None) -> Html:
    links = [
        tag(
            "a", name, href=address.link(page), data_go=True, aria_current="page" if page == current else None
        )
        for page, name in NAVIGATION
        if page != address.EVALUATION or shows_evaluation(reader)
    ]
    return tag(
        "header",
        tag("a", texts.SKIP, href="#innehall", class_="skip"),
        tag("a", texts.PRODUCT, href=address.link(address.ASK), data_go=True, class_="wordmark"),
        tag("nav", links, aria_label=texts.NAV_LABEL) if reader else None,
        _signed_in(reader) if reader and reader is not LOCAL else None,
        class_="site-head",
    )


@cache
def _resource(name: str) -> str:
    return (files("rapportsvar.app") / name).read_text(encoding="utf-8")
