"""What readers said of answers, as proposals for gold questions that an editor accepts or drops."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from rapportsvar.app import signing, texts
from rapportsvar.app.address import REPORTS, Conversation, Place, link, place_values
from rapportsvar.app.markup import Html, show, tag
from rapportsvar.app.swedish import counted, long_date
from rapportsvar.app.trouble import told
from rapportsvar.engine.access import LOCAL, Reader, Role
from rapportsvar.engine.engine import Engine
from rapportsvar.errors import FeedbackUnwritable, GoldError, NotAllowed
from rapportsvar.evaluation.feedback import ACCEPTED, DROPPED, FeedbackStore, PointedPlace, Proposal
from rapportsvar.evaluation.proposals import KINDS, STYLES, Draft, accept, draft_of
from rapportsvar.evaluation.words import word

SHOWN_MAX = 10
MESSAGE = "proposal_message"


def draw_proposals(engine: Engine) -> None:
    """Draw what nobody has decided on; where editing is off, only how much that is."""
    settings = engine.settings.feedback
    if not settings.on:
        return
    store, reader = FeedbackStore(Path(settings.folder)), signing.here()
    seen = [proposal for proposal in store.proposals() if _is_seen(proposal, reader)]
    waiting = len(seen)
    message = st.session_state.pop(MESSAGE, "")
    if reader is LOCAL and not settings.editing:
        if waiting:
            show(_head(texts.PROPOSALS, tag("p", _hidden(waiting), class_="note")))
        return
    note = texts.PROPOSALS_LEAD.format(store.count(ACCEPTED), store.count(DROPPED))
    told = tag("p", note, class_="note") if reader.patterns is None else None
    show(_head(f"{texts.PROPOSALS} ({waiting})", told, _message(message)))
    for proposal in seen[:SHOWN_MAX]:
        _draw_proposal(engine, store, proposal)


def _is_seen(proposal: Proposal, reader: Reader) -> bool:
    """A question that points at no report may be about any: it is shown to who sees all."""
    place = proposal.feedback.place
    return reader.patterns is None if place is None else reader.sees(place.source)


def _check(proposal: Proposal) -> None:
    reader = signing.here()
    reader.check(Role.EDITOR)
    if not _is_seen(proposal, reader):
        raise NotAllowed("Förslaget gäller en rapport som du inte får läsa")


def _draw_proposal(engine: Engine, store: FeedbackStore, proposal: Proposal) -> None:
    draft, key = draft_of(proposal.feedback), proposal.key[:12]
    with st.container(key=f"proposal_{key}"):
        show(_proposal(proposal))
        with st.form(f"decide_{key}", border=False):
            kind, style = st.columns(2)
            kind.selectbox(
                texts.PROPOSAL_KIND, KINDS, KINDS.index(draft.kind), format_func=word, key=f"kind_{key}"
            )
            style.selectbox(texts.PROPOSAL_STYLE, STYLES, format_func=word, key=f"style_{key}")
            if proposal.feedback.place:
                st.text_input(texts.PROPOSAL_VALUES, "; ".join(draft.values), key=f"values_{key}")
            with st.container(key=f"decision_{key}", horizontal=True):
                st.form_submit_button(
                    texts.PROPOSAL_ACCEPT, on_click=partial(_accept, engine, store, proposal, key)
                )
                st.form_submit_button(
                    texts.PROPOSAL_DROP, type="tertiary", on_click=partial(_drop, store, proposal)
                )


def _accept(engine: Engine, store: FeedbackStore, proposal: Proposal, key: str) -> None:
    state = st.session_state
    values = tuple(filter(None, (v.strip() for v in str(state.get(f"values_{key}", "")).split(";"))))
    draft = Draft(str(state[f"kind_{key}"]), str(state[f"style_{key}"]), values)
    try:
        _check(proposal)
        path = accept(store, proposal, draft, engine)
    except (GoldError, FeedbackUnwritable, NotAllowed) as bad:
        state[MESSAGE] = f"{texts.PROPOSAL_REFUSED} {told(bad)} ({bad})"
        return
    state[MESSAGE] = texts.PROPOSAL_ACCEPTED.format(path) if path else texts.PROPOSAL_GONE


def _drop(store: FeedbackStore, proposal: Proposal) -> None:
    try:
        _check(proposal)
        open_still = store.drop(proposal)
    except (FeedbackUnwritable, NotAllowed) as bad:
        st.session_state[MESSAGE] = f"{texts.PROPOSAL_REFUSED} {told(bad)} ({bad})"
        return
    st.session_state[MESSAGE] = texts.PROPOSAL_DROPPED if open_still else texts.PROPOSAL_GONE


def _hidden(waiting: int) -> str:
    return texts.PROPOSALS_HIDDEN.format(counted(waiting, texts.PROPOSAL_ONE, texts.PROPOSAL_MANY))


def _head(title: str, *content: Html | None) -> Html:
    return tag("section", tag("h2", title), content, class_="evaluation-section", id="forslag")


def _message(words: str) -> Html | None:
    return tag("p", words, role="status", class_="done") if words else None


def _proposal(proposal: Proposal) -> Html:
    feedback = proposal.feedback
    said = texts.PROPOSAL_HELPED if feedback.helped else texts.PROPOSAL_NOT_HELPED
    given = long_date(proposal.given.astimezone().date())
    talk = Conversation(feedback.question, feedback.earlier)
    return tag(
        "article",
        [tag("p", earlier, class_="note") for earlier in feedback.earlier],
        tag("h3", tag("a", feedback.question, href=talk.link(), data_go=True)),
        tag("p", f"{given} · {said}", class_="note"),
        tag("p", tag("q", feedback.comment), class_="comment") if feedback.comment else None,
        _place(feedback.place) if feedback.place else tag("p", texts.PROPOSAL_NO_PLACE),
        class_="miss",
    )


def _place(place: PointedPlace) -> Html:
    href = link(REPORTS, place_values(Place(place.source, place.span)))
    return tag(
        "div",
        tag("blockquote", place.quote.replace("\t", " | "), class_="quote"),
        tag("p", tag("a", place.source, href=href, data_go=True), class_="source-line"),
    )
