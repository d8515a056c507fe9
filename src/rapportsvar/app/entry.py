"""The application from its top: the pages, the frame, and the page that the address names."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rapportsvar.app import address, shell, signing, texts
from rapportsvar.app.pages import about, ask, compare, evaluation, reports, search, sign_in
from rapportsvar.engine.access import Role


def draw_app() -> None:
    """Draw the page that the address names, within the frame of all pages."""
    st.set_page_config(page_title=texts.PRODUCT, layout="wide", initial_sidebar_state="collapsed")
    pages = {
        address.ASK: st.Page(ask.draw, title=texts.NAV_ASK, default=True),
        address.SEARCH: st.Page(search.draw, title=texts.NAV_SEARCH, url_path=address.SEARCH),
        address.COMPARE: st.Page(compare.draw, title=texts.NAV_COMPARE, url_path=address.COMPARE),
        address.REPORTS: st.Page(reports.draw, title=texts.NAV_REPORTS, url_path=address.REPORTS),
        address.EVALUATION: st.Page(evaluation.draw, title=texts.NAV_EVALUATION, url_path=address.EVALUATION),
        address.ABOUT: st.Page(about.draw, title=texts.NAV_ABOUT, url_path=address.ABOUT),
    }
    page = st.navigation(list(pages.values()), position="hidden")
    shell.draw_style()
    shell.guarded(partial(_draw_page, page))


def _draw_page(page: StreamlitPage) -> None:
    """Draw a page for whoever may read; ask others to sign in."""
    reader = signing.reader()
    allowed = reader is not None and reader.role >= Role.READER
    if allowed:
        shell.wake()
    shell.draw_frame(page.url_path, reader if allowed else None)
    shell.behave(page.url_path)
    if reader is not None and allowed:
        sign_in.look_again(reader)
        shell.guarded(page.run)
    else:
        sign_in.draw(reader)
