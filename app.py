"""Rapportsvar on the web: ``streamlit run app.py``; ``RAPPORTSVAR_INDEX`` names the index folder."""

import streamlit as st

from rapportsvar.app.server import MIDDLEWARE, PAGE, ROUTES, lifespan

app = st.App(PAGE, routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan)
