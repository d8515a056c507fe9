"""Phrases that show what a text does: states a cause, asks why, names a date or a person.

The phrases are data (``causes.tsv``, ``kinds_of_question.tsv``); here they are found in text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rapportsvar.swedish.datafiles import data_lines
from rapportsvar.swedish.numbers import MONEY_FACTORS, NumberKind, find_numbers

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
_NO_NAME = re.compile(
    r"^(?:På|I|Under|Av|Hos|Enligt|När|För|Till|Från|Med|Vid|Den|Det|De|Efter|Inom|Genom|Om|Som|Även|Samt|Detta|Denna)\b"
    r"|(?:nämnd|styrelse|förvaltning|kommun|region|bolag|skola|förskola|enhet|avdelning|gata|väg)(?:en|n|et|ens|ns|s)?$"
)
"""What begins or ends as no person's name does: a sentence whose second word is the name of a board."""
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

NAME = re.compile(r"(?<=[a-zåäöé,;:)] )[\"”“'(]?[A-ZÅÄÖ][\w&-]*[a-zåäöé][\w&-]*")
"""A capital in the middle of a text: a proper name, more often than not."""
SPAN_UNITS = frozenset({"dygn", "dagar", "veckor", "månader", "år", "timmar", "minuter"})
SHARE_UNITS = frozenset({"%", "procentenheter"})
ANY_UNIT = 0.5
"""How far a number without unit passes for money, a share or a count."""

WORD = re.compile(r"\w+")
BLANKS = re.compile(r"\s")

TRAITS = (
    "amounts",
    "cause",
    "date",
    "person",
    "role",
    "defines",
    "status",
    "listing",
    "chars",
    "percent",
    "money",
    "share",
    "count",
    "span",
    "name",
)


def names_person(text: str, asked: str = "") -> bool:
    """Tell whether a text names a person that the question does not name itself.

    The first word of a sentence has a capital whatever it is: *Projektet Frisk Start*.
    """
    known = frozenset(WORD.findall(asked.lower()))
    for match in PERSON.finditer(text):
        words = WORD.findall(match.group().lower())
        if not _NO_NAME.search(match.group()) and not known.issuperset(words[match.start() == 0 :]):
            return True
    return False


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


def traits(text: str, units: Sequence[str | None] | None = None) -> tuple[float, ...]:
    """Describe a text by small numbers, one for each name in ``TRAITS``.

    Args:
        text: A sentence, a passage or a row.
        units: Of the numbers in a row, where the table tells them; None reads them from the text.
    """
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
        *_measures(_units_in(text) if units is None else units),
        float(bool(NAME.search(text))),
    )


def _units_in(text: str) -> list[str | None]:
    if not any(letter.isdigit() for letter in text) and len(text) > 400:
        return []
    return [n.unit for n in find_numbers(text) if n.kind is NumberKind.NUMBER]


def _measures(units: Sequence[str | None]) -> tuple[float, float, float, float]:
    """Tell of money, shares, counts and stretches of time; a bare number may be any but the last."""
    money = share = count = span = 0.0
    for unit in units:
        if not unit:
            money, share, count = max(money, ANY_UNIT), max(share, ANY_UNIT), 1.0
        elif unit in MONEY_FACTORS:
            money = 1.0
        elif unit in SHARE_UNITS:
            share = 1.0
        elif unit in SPAN_UNITS:
            span, count = 1.0, max(count, ANY_UNIT)
        else:
            count = 1.0
    return money, share, count, span


def combined_traits(some: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    """Describe a text by the traits of its sentences."""
    columns = dict(zip(TRAITS, zip(*some, strict=True), strict=True))
    doubt = 1.0
    for one in columns["cause"]:
        doubt *= 1 - one
    combined = {name: max(column) for name, column in columns.items()}
    summed = {name: min(1.0, sum(columns[name])) for name in ("amounts", "status", "chars")}
    return tuple({**combined, **summed, "cause": 1 - doubt}.values())
