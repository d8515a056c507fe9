"""Spreadsheets: each sheet a heading, its tables found by the blank rows and columns between them."""
