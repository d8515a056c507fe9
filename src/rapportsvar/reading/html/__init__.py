"""Web pages: their main text as a flow of blocks."""
