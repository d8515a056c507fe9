"""Text to report: metadata, headings, passages, tables."""
