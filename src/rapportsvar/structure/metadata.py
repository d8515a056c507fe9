"""What a report says of itself: whose it is, of what kind, about which period.

The opening is asked first, then the file's name, then the whole text by counting; each fact tells which
rule found it, and a rule that guesses says so.
"""

from __future__ import annotations

import re
from functools import cache

from rapportsvar.model import Fact, Metadata, Source, Span
from rapportsvar.structure.about import find_kind, find_period, find_year, kind_of
from rapportsvar.structure.headings import Heading, Style
from rapportsvar.structure.lines import plain
from rapportsvar.structure.looks import is_date
from rapportsvar.structure.opening import (
    REFERENCE,
    Asked,
    Said,
    day_in,
    labelled,
    property_title,
    read_opening,
)
from rapportsvar.structure.parts import Head
from rapportsvar.structure.sheet import Sheet
from rapportsvar.structure.whose import find_board, find_municipality
from rapportsvar.swedish.names import Gazetteer

_NUMBERED = re.compile(
    r"\b(?:dnr|diarienr|diarienummer|ärendenr|ärendenummer)\b\.?\s*:?\s*(?=\S)", re.IGNORECASE
)
# Lines below a title that are written like it: "Antagen av kommunstyrelsen 2024-02-06", "Dnr SN 2021/0147".
_BELOW_TITLE = re.compile(
    r"(?:dnr|diarienr|diarienummer|ärendenr|ärendenummer|(?:antagen|beslutad|fastställd|godkänd|upprättad|reviderad)"
    r"\b.*\d)\b",
    re.IGNORECASE,
)
_WITH_NUMBER = re.compile(
    r"\b(?:dnr|diarienr|diarienummer|ärendenr|ärendenummer)\b\.?\s*:?\s*"
    r"(?:[A-ZÅÄÖ]{2,6}\s)?(?=\S*\d)[^\s,;()]+(?:\s\d{1,3}(?![\d.]))?",
    re.IGNORECASE,
)
_ADOPTED = re.compile(
    r"(?:antagen|antaget|beslutad|fastställd|fastställt|godkänd|behandlad|upprättad)\s+(?:av|i|den)\b",
    re.IGNORECASE,
)
_DATE_LABEL = re.compile(r"datum\b|beslutsdatum", re.IGNORECASE)
_REFERENCE_LABEL = re.compile(r"diarie(?:nummer|nr)|dnr|ärende(?:nummer|nr)|beteckning", re.IGNORECASE)
_FILE_WORDS = re.compile(r"[_/\\.+-]+")
# "Delår 2020" may end in June or in August: the text tells.
_BARE_PART = re.compile(r"delår\w*(?: år)? \d{4}", re.IGNORECASE)
_YEARLY = ("year", "several years")
_UNTIL = {"eight months": 8, "half": 6}
_OPENING_LINES = 40
_WHOSE = re.compile(
    r"(?:[\w-]+ ){1,3}(?:kommun|stad)|region [\w-]+(?: [\w-]+)?"
    r"|(?:[\w-]+,? ){0,4}[\w-]*(?:nämnden|styrelsen)",
    re.IGNORECASE,
)
"""Words that say only whose a report is."""


def read_metadata(source: Source, sheet: Sheet, heads: list[Head], headings: list[Heading]) -> Metadata:
    """Read the metadata of a report."""
    title = _title(source, sheet, heads, headings)
    said = Said(title.value, title.span) if title.span else None
    words = _FILE_WORDS.sub(" ", source.name.rsplit(".", 1)[0])
    asked = Asked(
        source, sheet, said, tuple(read_opening(sheet, heads)), words, _gazetteer(), property_title(source)
    )
    kind = find_kind(asked)
    period, meant = find_period(asked, kind)
    day = _date(asked)
    return Metadata(
        title=title,
        municipality=find_municipality(asked),
        board=find_board(asked),
        kind=kind,
        period=period,
        year=find_year(asked, meant, period, day),
        date=day,
        reference=_reference(asked),
    )


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer()


def _title(source: Source, sheet: Sheet, heads: list[Head], headings: list[Heading]) -> Fact:
    """Return the first that says more than whose the report is, unlike ``Åsbro kommun``, or else that."""
    found = _titles(source, sheet, heads, headings)
    telling = (t for t in found[:-1] if kind_of(t.value) or not _WHOSE.fullmatch(t.value))
    return next(telling, found[0])


def _titles(source: Source, sheet: Sheet, heads: list[Head], headings: list[Heading]) -> list[Fact]:
    """Return what may be the title, the likeliest first; the name of the file at last."""
    found = []
    lines = list(heads[0].title)
    while len(lines) > 1 and _BELOW_TITLE.match(plain(sheet.lines[lines[-1]].text)):
        lines.pop()
    if lines:
        words = " ".join(plain(sheet.lines[index].text) for index in lines)
        span = Span(sheet.lines[lines[0]].span.start, sheet.lines[lines[-1]].span.end)
        found.append(Fact(_without_reference(words), True, "title line", span))
    opening = [heading for heading in headings if heading.first < _OPENING_LINES]
    for heading in [*headings[:1], *(h for h in opening[1:] if kind_of(h.title))]:
        certain = heading.style is Style.MARKDOWN and heading.hint == 1
        if certain or heading in opening:
            found.append(Fact(heading.title, certain, "first heading", heading.span))
    own = property_title(source)
    if own:
        found.append(Fact(own, False, "property title"))
    name = source.name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return [*found, Fact(name, False, "file name")]


def _without_reference(title: str) -> str:
    """Take a reference number with its label from a title: ``Årsredovisning 2022 Dnr SN 2023/0021-3``."""
    kept = re.sub(r"\(\s*\)", " ", _WITH_NUMBER.sub(" ", title))
    return " ".join(kept.split()).strip(" ,;:–-") or title


def _date(asked: Asked) -> Fact | None:
    value = labelled(asked, _DATE_LABEL)
    day = day_in(value.text) if value else None
    if value and day:
        return Fact(day, True, "label", value.span)
    for said in asked.opening:
        day = day_in(said.text) if is_date(said.text) else None
        if day:
            return Fact(day, True, "date line", said.span)
    for said in asked.opening:
        day = None if said.span == (asked.title.span if asked.title else None) else day_in(said.text)
        if day:
            return Fact(day, _ADOPTED.match(said.text) is not None, "opening", said.span)
    return None


def _reference(asked: Asked) -> Fact | None:
    value = labelled(asked, _REFERENCE_LABEL)
    if value and re.search(r"\d", value.text) and len(value.text) <= 40:
        return Fact(value.text, True, "label", value.span)
    for said in asked.opening:
        marked = _NUMBERED.search(said.text)
        found = REFERENCE.search(said.text, marked.end() if marked else 0)
        if found and not day_in(found.group()):
            return Fact(found.group(), bool(marked), "opening", said.span)
    return None
