"""Tells whether a question is in Swedish or in English."""

from __future__ import annotations

from functools import cache

from rapportsvar.swedish.datafiles import data_lines
from rapportsvar.swedish.tokens import tokens
from rapportsvar.swedish.words import fold


def language(text: str) -> str:
    """Return ``en`` where English function words outnumber the Swedish ones, else ``sv``.

    Swedish words count without their marks as well (``varfor``); every å, ä and ö counts as a Swedish word.
    """
    words = [token.lower for token in tokens(text)]
    swedish = sum(fold(word) in _function_words("sv") for word in words)
    english = sum(word in _function_words("en") for word in words)
    marks = sum(text.lower().count(letter) for letter in "åäö")
    return "en" if english > swedish + marks else "sv"


@cache
def _function_words(name: str) -> frozenset[str]:
    return frozenset(fold(word) for code, word in data_lines("function_words.tsv") if code == name)
