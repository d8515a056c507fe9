"""Fråga: a question, its answer, and the conversation that it stands in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from rapportsvar.app import kept, shell, texts
from rapportsvar.app.address import Conversation
from rapportsvar.app.answer_view import Drawer, understood
from rapportsvar.app.choice import Choice
from rapportsvar.app.export_bar import draw_export
from rapportsvar.app.feedback_view import draw_feedback
from rapportsvar.app.markup import EMPTY, Html, show, tag
from rapportsvar.app.panel import draw_panel
from rapportsvar.engine.along import side_by_side
from rapportsvar.engine.engine import Engine
from rapportsvar.model import Answer, Hit

FIELD = "question"


def draw() -> None:
    """Draw the page that the address names."""
    engine = kept.engine()
    talk = Conversation.read(shell.values())
    if talk.question:
        _draw_conversation(engine, talk)
    else:
        _draw_first(engine, talk)


def _draw_first(engine: Engine, talk: Conversation) -> None:
    show(tag("section", tag("h1", texts.ASK_HEADING), tag("p", texts.TAGLINE), class_="hero", id="innehall"))
    with st.container(key="hero_field"):
        _field(texts.ASK_PLACEHOLDER)
    show(_examples(kept.examples(engine), talk))
    show(_narrow(engine, talk))


def _draw_conversation(engine: Engine, talk: Conversation) -> None:
    answer = kept.answer(engine, talk)
    choice = Choice(talk.chosen, answer.hits, talk.choosing) if answer.found else None
    drawer = Drawer(talk, date.today(), engine.text, kept.tables(engine).excerpt, choice, _explaining(engine))
    with st.container(key="split"):
        left, right = st.columns([10, 9]) if talk.place else (st.container(), st.container())
        with left:
            _draw_answer(engine, talk, answer, drawer)
        with right:
            show(draw_panel(engine, talk, answer))
    with st.container(
        key="more_field"
    ):  # not pinned by Streamlit: its pinned field scrolls the page to the end
        _field(texts.ASK_MORE_PLACEHOLDER)


def _draw_answer(engine: Engine, talk: Conversation, answer: Answer, drawer: Drawer) -> None:
    show(_earlier(talk))
    show(_question(talk))
    limits = kept.limits(engine)
    show(understood(answer, limits.of(answer), talk))
    if answer.found:
        held = side_by_side(limits, answer)
        show(drawer.answer(answer, held))
        shell.send_now()
        after = st.empty()  # filled last: what follows is asked, too
        draw_feedback(engine, talk, answer)
        show(drawer.more([hit for hit in answer.hits[1:] if hit not in held]))
        if drawer.choice:
            draw_export(engine, talk.question, drawer.choice)
        with after:
            show(drawer.after(answer, kept.along(engine, talk, answer)))
    else:
        show(drawer.no_answer(answer))
        draw_feedback(engine, talk, answer)


def _explaining(engine: Engine) -> Callable[[Hit], Hit | None]:
    """Return what gives the passage that explains a row; it is read only for a hit that offers one."""

    def find(hit: Hit) -> Hit | None:
        return next(iter(engine.explain(hit.source, hit.span, top=1)), None) if hit.explanation else None

    return find


def _field(placeholder: str) -> None:
    st.chat_input(placeholder, key=FIELD, on_submit=_asked)


def _asked() -> None:
    """Put the new question in the address; the page is drawn from there."""
    talk = Conversation.read(shell.values())
    asked = str(st.session_state.get(FIELD) or "").strip()
    if asked:
        earlier = (*talk.earlier, talk.question) if talk.question else talk.earlier
        shell.go(talk.asking(asked, earlier).link())


def _question(talk: Conversation) -> Html:
    return tag(
        "div",
        tag(
            "h1",
            talk.question,
            class_="question",
            id="innehall",
            aria_label=f"{texts.YOUR_QUESTION}: {talk.question}",
        ),
        tag("a", texts.NEW_QUESTION, href=talk.asking("").link(), data_go=True),
        class_="question-head",
    )


def _earlier(talk: Conversation) -> Html:
    if not talk.earlier:
        return EMPTY
    items = [
        tag(
            "li",
            tag("a", question, href=talk.asking(question, talk.earlier[:n]).link(), data_go=True),
        )
        for n, question in enumerate(talk.earlier)
    ]
    return tag(
        "nav",
        tag("p", texts.EARLIER, class_="label"),
        tag("ol", items),
        class_="earlier",
        aria_label=texts.EARLIER,
    )


def _examples(questions: Sequence[str], talk: Conversation) -> Html:
    if not questions:
        return EMPTY
    items = [tag("li", tag("a", q, href=talk.asking(q).link(), data_go=True)) for q in questions]
    return tag("section", tag("h2", texts.EXAMPLES), tag("ul", items), class_="examples")


def _narrow(engine: Engine, talk: Conversation) -> Html:
    names = sorted({info.municipality for _, info in engine.index.reports.values() if info.municipality})
    if len(names) < 2:
        return EMPTY
    chosen = talk.filters.municipality
    chips = [
        tag(
            "a",
            name or texts.ALL_MUNICIPALITIES,
            href=talk.limited(replace(talk.filters, municipality=name or None)).link(),
            data_go=True,
            class_="chip",
            aria_current="true" if (name or None) == chosen else None,
        )
        for name in ("", *names)
    ]
    return tag("section", tag("h2", texts.NARROW), tag("div", chips, class_="chips"), class_="narrow")
