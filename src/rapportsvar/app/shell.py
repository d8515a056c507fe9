"""What all pages share: the frame, updates that go on, and links that are followed without a reload."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from rapportsvar.app import address, kept, library, signing, texts, trouble
from rapportsvar.app.library_view import draw_update as drawn_update
from rapportsvar.app.markup import Html, show, tag
from rapportsvar.app.source_view import PLACE
from rapportsvar.config import load_settings
from rapportsvar.engine.access import LOCAL, ROLE_NAMES, Reader, Role
from rapportsvar.engine.updating import UpdateState
from rapportsvar.errors import (
    IndexMissing,
    IndexOlder,
    IndexUnusable,
    LibraryError,
    NotAllowed,
    RapportsvarError,
)
from rapportsvar.evaluation.feedback import FeedbackStore

logger = logging.getLogger(__name__)
SEND_SECONDS = 0.03
FORGET_SECONDS = 86_400
BEHAVIOUR = "behaviour"
NOT_DONE = "not_done"
SIGN_OUT = "logga-ut"
FOLLOW_SECONDS = 1.5
NAVIGATION = (
    (address.ASK, texts.NAV_ASK),
    (address.SEARCH, texts.NAV_SEARCH),
    (address.COMPARE, texts.NAV_COMPARE),
    (address.REPORTS, texts.NAV_REPORTS),
    (address.EVALUATION, texts.NAV_EVALUATION),
    (address.ABOUT, texts.NAV_ABOUT),
)


def wake() -> None:
    """Start what updates the index; where an earlier process died it goes on."""
    try:
        library.updater(str(kept.index_folder().resolve()))
        _forget_old(str(kept.index_folder().resolve()))
    except (RapportsvarError, OSError):  # the page Rapporter tells; questions are answered all the same
        logger.exception("The library cannot be used")


@st.cache_resource(show_spinner=False, ttl=FORGET_SECONDS)
def _forget_old(_: str) -> int:
    """Erase what readers said so long ago that it is to be kept no longer: at the start, and once a day."""
    settings = load_settings().feedback
    return FeedbackStore(Path(settings.folder)).forget(settings.days)


def is_updating() -> bool:
    """Tell whether the index is being brought up to date."""
    return library.updater(str(kept.index_folder().resolve())).state.is_busy


def draw_update(*, answers_meanwhile: bool = True) -> None:
    """Draw how far an update of the index has come, as long as there is one; then the page anew."""
    if is_updating():
        st.fragment(_follow, run_every=FOLLOW_SECONDS)(answers_meanwhile)
    else:
        show(drawn_update(_told_of(library.updater(str(kept.index_folder().resolve())).state)))
    told = st.session_state.pop(NOT_DONE, "")
    if told:
        show(tag("p", told, class_="told", role="alert"))


def _follow(answers_meanwhile: bool) -> None:
    state = library.updater(str(kept.index_folder().resolve())).state
    if not state.is_busy:
        st.rerun()
    show(drawn_update(_told_of(state), answers_meanwhile=answers_meanwhile))


def _told_of(state: UpdateState) -> UpdateState:
    """Return what the reader may be told of an update: not how many other reports there are, nor which."""
    if signing.here().patterns is None:
        return state
    return replace(state, stage="", done=0, total=0, what="", todo="")


def send_now() -> None:
    """Let what is drawn so far go to the browser before more is drawn: both share one interpreter lock."""
    time.sleep(SEND_SECONDS)


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
        st.session_state.pop(kept.READ_WITH, None)
        return
    if asked.get("act") == SIGN_OUT:
        signing.sign_out()
        return
    try:
        library.act(kept.index_folder().resolve(), asked)
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
        show(trouble.no_index(kept.index_folder()))
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
        show(trouble.bad_index(unusable, kept.index_folder()))
        return
    show(trouble.older_index() if is_updating() else trouble.bad_index(unusable, kept.index_folder()))
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
