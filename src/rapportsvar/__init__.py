"""Answers in Swedish, quoted and proven, from public-sector reports."""

__version__ = "0.1.0"
