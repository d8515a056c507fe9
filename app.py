"""Rapportsvar on the web: ``streamlit run app.py``; ``RAPPORTSVAR_INDEX`` names the index folder."""

from rapportsvar.app.entry import draw_app

draw_app()
