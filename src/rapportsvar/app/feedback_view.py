"""Hjälpte det här? A reader's word on an answer; stored only when the button is pressed that says so."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from rapportsvar.app import signing, texts
from rapportsvar.app.address import Conversation
from rapportsvar.app.citation import cited_span, place_line, quote
from rapportsvar.app.markup import label, show, tag
from rapportsvar.config import load_settings
from rapportsvar.engine.engine import Engine
from rapportsvar.errors import FeedbackUnwritable, NotAllowed
from rapportsvar.evaluation.feedback import COMMENT_CHARS_MAX, Feedback, FeedbackStore, PointedPlace
from rapportsvar.model import Answer, EntryKind, Hit, Reason

PLACES_MAX = 9
QUOTE_CHARS = 90
NOT_ASKED = frozenset({Reason.PERSONAL, Reason.EMPTY, Reason.TOO_LONG, Reason.OPINION, Reason.NOT_A_QUESTION})
YES, NO, SENT = "yes", "no", "sent"


@st.fragment
def draw_feedback(engine: Engine, talk: Conversation, answer: Answer) -> None:
    """Ask whether an answer helped; not of questions that should not be kept, such as of a private person."""
    settings = engine.settings.feedback
    if not settings.on or answer.reason in NOT_ASKED:
        return
    if not signing.may_read():  # a fragment is drawn alone: the page around it has not asked
        st.rerun()
        return
    name = _name(talk)
    said = st.session_state.get(name, "")
    with st.container(key="feedback"):
        if said == SENT:
            show(tag("p", texts.FEEDBACK_THANKS, role="status", class_="note"))
        elif said:
            _draw_form(name, Path(settings.folder), talk, answer, helped=said == YES)
        else:
            _draw_choice(name)


def pointed(hit: Hit) -> PointedPlace:
    """Return the place of a hit: a whole row, or what is quoted of a passage."""
    span = hit.span if hit.kind is EntryKind.ROW else cited_span(hit)
    words = hit.text[span.start - hit.span.start : span.end - hit.span.start]
    return PointedPlace(hit.source, span, words, hit.kind, tuple(cell.value for cell in hit.cells))


def _draw_choice(name: str) -> None:
    with st.container(key="feedback_choice", horizontal=True, vertical_alignment="center"):
        show(tag("h2", texts.FEEDBACK_HEADING))
        for said, words in ((YES, texts.FEEDBACK_YES), (NO, texts.FEEDBACK_NO)):
            st.button(words, key=f"feedback_{said}", on_click=_say, args=(name, said))


def _draw_form(name: str, folder: Path, talk: Conversation, answer: Answer, *, helped: bool) -> None:
    places = answer.hits[1 : PLACES_MAX + 1] if answer.found else answer.hits[:PLACES_MAX]
    show(tag("h2", texts.FEEDBACK_GLAD if helped else texts.FEEDBACK_SORRY))
    with st.form(f"form_{name}", border=False):
        if not helped and places:
            _draw_places(name, places)
        st.text_area(texts.FEEDBACK_COMMENT, max_chars=COMMENT_CHARS_MAX, height=80, key=f"comment_{name}")
        show(tag("p", texts.FEEDBACK_STORED, class_="note"))
        with st.container(key="feedback_send", horizontal=True):
            send = partial(_send, name, folder, talk, answer, places, helped)
            st.form_submit_button(texts.FEEDBACK_SEND, on_click=send)
            st.form_submit_button(texts.FEEDBACK_CANCEL, type="tertiary", on_click=_say, args=(name, ""))
    if st.session_state.pop(f"failed_{name}", False):
        show(tag("p", texts.FEEDBACK_FAILED, role="alert", class_="failed"))


def _draw_places(name: str, places: Sequence[Hit]) -> None:
    """Let the reader point out the right place among the others; None stands for none of them."""
    st.radio(
        texts.FEEDBACK_WHICH,
        [None, *range(len(places))],
        format_func=lambda n: texts.FEEDBACK_NONE if n is None else label(_place_words(places[n])),
        key=f"right_{name}",
    )


def _send(
    name: str, folder: Path, talk: Conversation, answer: Answer, places: Sequence[Hit], helped: bool
) -> None:
    state = st.session_state
    right = state.get(f"right_{name}")
    meant = answer.hits[:1] if helped and answer.found else [] if right is None else [places[right]]
    place = pointed(meant[0]) if meant else None
    comment = str(state.get(f"comment_{name}") or "")
    try:
        signing.here()
        FeedbackStore(folder).forget(load_settings().feedback.days)
        FeedbackStore(folder).give(Feedback(talk.question, talk.earlier, answer.kind, helped, place, comment))
    except (FeedbackUnwritable, NotAllowed):
        state[f"failed_{name}"] = True
        return
    state[name] = SENT


def _place_words(hit: Hit) -> str:
    words = quote(hit)
    cut = words if len(words) <= QUOTE_CHARS else words[:QUOTE_CHARS].rpartition(" ")[0] + " …"
    where = ", ".join(part for part in place_line(hit)[:4] if part)
    return f"”{cut}” ({where})"


def _say(name: str, said: str) -> None:
    st.session_state[name] = said


def _name(talk: Conversation) -> str:
    asked = repr((talk.question, talk.earlier, talk.filters, talk.ignored))
    return "feedback_" + hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()[:12]
