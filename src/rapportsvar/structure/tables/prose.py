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
    if len(rows) == 1 and widest == 2 and is_page_foot(rows[0]):
        return True
    if widest == 2 and len(rows) in (2, 3) and _is_signature(rows):
        return True
    if len(rows) == 1 and widest == 2 and _TITLE.match(rows[0].pieces[rows[0].filled[0]].text):
        return True
    return len(rows) <= 2 and all(_is_broken_sentence(line) for line in rows)


_TITLE = re.compile(r"(?:tabell|diagram|figur|bilaga|avsnitt|kapitel)\s*\d{0,3}[.:]?$", re.IGNORECASE)


_FOOT = re.compile(
    r".{0,60}(?:rapport|redovisning|berättelse|bokslut|uppföljning)(?:\s[^\n]{0,60})?|.{0,40}\b(?:kommun|nämnden)|sida",
    re.IGNORECASE,
)
_FOOT_NUMBER = re.compile(r"\d{1,3}\s*(?:\(\d{1,3}\)|/\s?\d{1,3})?")
_OFFICE = re.compile(
    r"(?:vice |[12]:e vice |tf\.? |tillförordnad )?"
    r"\w*(?:ordförande|chef|direktör|ekonom|sekreterare|controller|strateg|ledare)\b.{0,40}",
    re.IGNORECASE,
)


def is_page_foot(line: Line) -> bool:
    """Tell whether a lone line is the foot of a page: ``Årsredovisning 2022 ⇥ 9``."""
    texts = [line.pieces[column].text for column in line.filled]
    return any(
        _FOOT_NUMBER.fullmatch(number) and _FOOT.fullmatch(name) for name, number in (texts, texts[::-1])
    )


def _is_signature(rows: Sequence[Line]) -> bool:
    """Tell whether names stand over offices, as where a report is signed."""
    if any(row.filled != rows[0].filled for row in rows):
        return False
    cells = [[row.pieces[column] for column in row.filled] for row in rows]
    if any(piece.kind is not Kind.TEXT or piece.text.endswith(":") for row in cells for piece in row):
        return False
    first = all(_NAME.fullmatch(piece.text) for piece in cells[0])
    return first and all(_OFFICE.fullmatch(piece.text) for piece in cells[1])


_NAME = re.compile(r"[A-ZÅÄÖÉ][\w'’-]+(?:\s(?:[A-ZÅÄÖÉ][\w.'’-]*|av|af|de|von))+(?:\s\([A-Za-zÅÄÖ]{1,3}\))?")


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
