"""Word documents: styles and numbering, then the body as a flow of blocks."""
