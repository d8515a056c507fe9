"""The script that Streamlit runs, apart from the folder ``pages``, which Streamlit would take for its own."""
