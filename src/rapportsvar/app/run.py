"""What ``rapportsvar app`` gives to Streamlit, from a checkout and from an installed wheel alike."""

from rapportsvar.app.entry import draw_app

draw_app()
