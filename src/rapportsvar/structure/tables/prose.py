"""Tabbed lines that are running text: lists, indents, sentences with a tab in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapportsvar.structure.tables.pieces import Kind, Line

_LIST_MARK = re.compile(
    r"(?:[-–—•▪◦·*o]|\(?\d{1,3}[.)]|\(?[a-zA-ZåäöÅÄÖ][.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?|§\s?\d+)"
)


def is_prose(lines: Sequence[Line]) -> bool:
    """Tell whether a run of tabbed lines is text and not a table."""
    rows = [line for line in lines if not line.rule]
    if not rows:
        return True
    widest = max(len(line.filled) for line in rows)
    if widest <= 1:
        return len(rows) == 1 or any(_reads_on(line.pieces[line.filled[0]].text) for line in rows)
    if widest == 2 and all(_is_list_line(line) for line in rows):
        return True
    if len(rows) == 1 and widest == 2 and _TITLE.match(rows[0].pieces[rows[0].filled[0]].text):
        return True
    return len(rows) <= 2 and all(_is_broken_sentence(line) for line in rows)


_TITLE = re.compile(r"(?:tabell|diagram|figur|bilaga|avsnitt|kapitel)\s*\d{0,3}[.:]?$", re.IGNORECASE)


def _reads_on(text: str) -> bool:
    return len(text) > 120 or (len(text) > 40 and text.endswith((".", ",")))


def _is_list_line(line: Line) -> bool:
    """Tell whether a list mark and an indented text stand on it."""
    filled = [line.pieces[column] for column in line.filled]
    if len(filled) == 1:
        return filled[0].kind is Kind.TEXT
    return (
        bool(_LIST_MARK.fullmatch(filled[0].text))
        and filled[1].kind is Kind.TEXT
        and len(filled[1].text) > 12
    )


def _is_broken_sentence(line: Line) -> bool:
    """Tell whether the cells read as one sentence: ``... ökade med ⇥ fem procent jämfört med ...``."""
    filled = [line.pieces[column] for column in line.filled]
    if any(piece.kind is not Kind.TEXT for piece in filled) or sum(len(piece.text) for piece in filled) < 60:
        return False
    later = [piece.text for piece in filled[1:]]
    return (
        filled[0].text[:1].isupper()
        and all(text[:1].islower() for text in later)
        and filled[-1].text.endswith(".")
    )
