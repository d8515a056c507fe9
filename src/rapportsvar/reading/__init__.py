"""Bytes to text with pages: one file a format, one contract."""
