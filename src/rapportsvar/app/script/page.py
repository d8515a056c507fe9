"""What Streamlit runs for every page that is drawn."""

from rapportsvar.app.entry import draw_app

draw_app()
