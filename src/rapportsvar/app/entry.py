"""The application from its top: the pages, the frame, and the page that the address names."""

from __future__ import annotations

import streamlit as st

from rapportsvar.app import address, shell, texts
from rapportsvar.app.pages import about, ask, compare, evaluation, reports, search


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
    shell.wake()
    shell.draw_frame(page.url_path)
    shell.behave(page.url_path)
    shell.guarded(page.run)
