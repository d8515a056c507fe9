"""Signing in, for whoever has not; and what is told to those who have no role."""

from __future__ import annotations

import streamlit as st

from rapportsvar.app import signing, texts
from rapportsvar.app.markup import label, show, tag
from rapportsvar.engine.access import LOCAL, Reader


def draw(reader: Reader | None) -> None:
    """Draw the way in, or what is wrong with it.

    Args:
        reader: Who has signed in, without a role; None where nobody has.
    """
    lead = texts.SIGN_IN_LEAD if reader is None else texts.SIGN_IN_NO_ROLE.format(reader.name)
    show(tag("section", tag("h1", texts.SIGN_IN_HEADING), tag("p", lead), class_="notice", id="innehall"))
    if reader is None:
        st.button(label(texts.SIGN_IN), on_click=signing.sign_in, type="primary")
    else:
        st.button(label(texts.SIGN_OUT), on_click=signing.sign_out)


def look_again(reader: Reader) -> None:
    """Draw the page anew once its reader may see or do something else, without waiting for a click."""
    if reader is not LOCAL:
        st.fragment(_look, run_every=signing.LOOK_AGAIN_SECONDS)(reader)


def _look(reader: Reader) -> None:
    if signing.reader() != reader:
        st.rerun()
