"""What ``rapportsvar app`` gives to Streamlit, from a checkout and from an installed wheel alike."""

import streamlit as st

from rapportsvar.app.server import MIDDLEWARE, PAGE, ROUTES, lifespan

app = st.App(PAGE, routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan)
