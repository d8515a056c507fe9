"""Phrases that show what a text does: states a cause, asks why, names a date or a person.

The phrases are data (``causes.tsv``, ``kinds_of_question.tsv``); here they are found in text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rapportsvar.swedish.datafiles import data_lines

DATE = re.compile(
    r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}(?::[ae]|:e)?\s+(?:januari|februari|mars|april|maj|juni|juli|augusti|september"
    r"|oktober|november|december)|(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november"
    r"|december)\s+(?:månad\s+)?\d{4}|\d{1,2}/\d{1,2}(?:[ -]\d{2,4})?|(?:under\s+)?(?:våren|hösten|sommaren"
    r"|vintern|årsskiftet|halvårsskiftet)(?:\s+\d{4})?|kvartal\s+\d|[QT][1-4]\s+\d{4})\b",
    re.IGNORECASE,
)
AMOUNT = re.compile(
    r"(?<![\w-])[-−–≥≤]?\s?\d+(?:[ \u00a0]\d{3})*(?:[.,]\d+)?"
    r"(?:\s?(?:%|procent|kr|tkr|mnkr|mkr|kronor|miljoner|st)\b)?"
)
YEAR = re.compile(r"(?<![\d,.])(?:19|20)\d{2}(?:\s?[-–]\s?(?:20)?\d{2})?(?![\d,]| \d{3})")
PERSON = re.compile(
    r"\b[A-ZÅÄÖ][a-zåäöé]+(?:-[A-ZÅÄÖ][a-zåäöé]+)?\s+(?:[A-ZÅÄÖ][:.]?\w*\s+)?[A-ZÅÄÖ][a-zåäöé]{2,}(?:-[A-ZÅÄÖ][a-zåäöé]+)?\b"
)
ROLE = re.compile(
    r"\b\w*(?:direktör|chef|ordförande|handläggare|samordnare|rektor|sekreterare|strateg|ansvarig|ledare|konsult"
    r"|politiker|förvaltning|nämnd|styrelse|enhet|avdelning)(?:en|n|na|arna|erna|er|ar)?\b",
    re.IGNORECASE,
)
DEFINES = re.compile(
    r"\b(?:innebär|avser|avses|definieras|syftar till|syftet (?:är|med)|är ett? |består av|omfattar|betyder"
    r"|står för|går ut på|med .{3,40} (?:menas|avses)|handlar om)\b",
    re.IGNORECASE,
)
STATUS = re.compile(
    r"\b(?:påbörja\w*|pågå\w*|klar\w*|färdig\w*|försena\w*|avsluta\w*|avstanna\w*|planera\w*|genomför\w*|uppnå\w*"
    r"|uppfyll\w*|väntar|stoppa\w*|fortlöper|fortgår|fortskrider|enligt plan|införts?|inletts?"
    r"|skjut\w* (?:upp|fram)|ej påbörjad|avviker)\b",
    re.IGNORECASE,
)
LISTING = re.compile(
    r"(?:^|\n)\s*[-•–*]\s|(?:[^,.;]{3,40},\s){2}|\bbland annat\b|\bbl\.? ?a\b|\bföljande\b", re.IGNORECASE
)

WORD = re.compile(r"\w+")
BLANKS = re.compile(r"\s")

TRAITS = ("amounts", "cause", "date", "person", "role", "defines", "status", "listing", "chars", "percent")


@dataclass(frozen=True, slots=True)
class Cause:
    """A phrase that states a cause, as found in a text."""

    start: int
    end: int
    weight: float
    cause_follows: bool


@cache
def _causes() -> dict[str, list[tuple[str, float, bool]]]:
    """Phrases by their first word, the longest first."""
    known: dict[str, list[tuple[str, float, bool]]] = {}
    for phrase, weight, direction, *_ in data_lines("causes.tsv"):
        first = WORD.match(phrase.lower())
        if first:
            follows = direction == "cause_follows"
            known.setdefault(first.group(), []).append((phrase.lower(), float(weight), follows))
    for listed in known.values():
        listed.sort(key=lambda entry: -len(entry[0]))
    return known


def find_causes(text: str) -> list[Cause]:
    """Find phrases that state a cause, in order; where several begin at one word, the longest."""
    known = _causes()
    lower = BLANKS.sub(_as_long, text.lower())
    if len(lower) != len(text):  # a letter whose lower case is longer: offsets would not hold
        lower = text
    found: list[Cause] = []
    end = 0
    for match in WORD.finditer(lower):
        if match.start() < end:
            continue
        for phrase, weight, follows in known.get(match.group(), ()):
            last = match.start() + len(phrase)
            if lower.startswith(phrase, match.start()) and not lower[last : last + 1].isalnum():
                found.append(Cause(match.start(), last, weight, follows))
                end = last
                break
    return found


def _as_long(match: re.Match[str]) -> str:
    return " " * len(match.group())


def cause_strength(text: str) -> float:
    """Tell how surely a text states a cause, 0 to 1."""
    doubt = 1.0
    for cause in find_causes(text):
        doubt *= 1 - 0.8 * cause.weight
    return 1 - doubt


def traits(text: str) -> tuple[float, ...]:
    """Describe a text by small numbers, one for each name in ``TRAITS``."""
    amounts = len(AMOUNT.findall(DATE.sub(" ", YEAR.sub(" ", text))))
    return (
        min(amounts, 8) / 8,
        cause_strength(text),
        float(bool(DATE.search(text))),
        float(bool(PERSON.search(text))),
        float(bool(ROLE.search(text))),
        float(bool(DEFINES.search(text))),
        min(len(STATUS.findall(text)), 3) / 3,
        float(bool(LISTING.search(text))),
        min(len(text), 1500) / 1500,
        float("%" in text or "procent" in text),
    )


def combined_traits(some: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    """Describe a text by the traits of its sentences."""
    columns = list(zip(*some, strict=True))
    amounts, cause, date, person, role, defines, status, listing, chars, percent = columns
    doubt = 1.0
    for one in cause:
        doubt *= 1 - one
    return (
        min(1.0, sum(amounts)),
        1 - doubt,
        max(date),
        max(person),
        max(role),
        max(defines),
        min(1.0, sum(status)),
        max(listing),
        min(1.0, sum(chars)),
        max(percent),
    )
