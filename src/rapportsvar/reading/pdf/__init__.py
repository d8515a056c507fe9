"""PDF: characters with places become lines, columns, tables, headings and one text in reading order."""
