"""What the headers of a column say: years, months, kind of figure, sex; read once for all questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapportsvar.index.entries import plain
from rapportsvar.model import Measured

COLUMN_WORDS: Mapping[Measured, re.Pattern[str]] = {
    Measured.ACCOUNTS: re.compile(r"bokslut|utfall|utf\b|redovisat|resultat", re.IGNORECASE),
    Measured.FORECAST: re.compile(r"prognos|beräkna|förvänta", re.IGNORECASE),
    Measured.BUDGET: re.compile(r"budget|\bbud\b|anslag|ram\b|kommunbidrag", re.IGNORECASE),
    Measured.DEVIATION: re.compile(
        r"avvik|differens|\bdiff\b|resultat|\+/-|över-?/underskott", re.IGNORECASE
    ),
    Measured.TARGET: re.compile(r"mål(?:värde|nivå|tal)?\b|riktvärde", re.IGNORECASE),
    Measured.OUTCOME: re.compile(r"utfall|utf\b|redovisat|ack|bokslut|resultat", re.IGNORECASE),
}
SEX_WORDS = {
    "kvinnor": re.compile(r"\b(?:kvinn\w*|flick\w*|tjej\w*)\b", re.IGNORECASE),
    "män": re.compile(r"\b(?:män|mäns|pojk\w*|kill\w*)\b", re.IGNORECASE),
}
ANY_SEX = re.compile(r"\b(?:kvinn\w*|män|mäns|flick\w*|pojk\w*)\b", re.IGNORECASE)
NATION = re.compile(r"\b(?:riket|rike|länet|län|snitt i landet|sverige|R9)\b", re.IGNORECASE)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
YEAR_OF_MONTH = re.compile(r"(20\d\d)(?:0\d|1[0-2])\b")
BEFORE = re.compile(r"\b(?:före[gn]\w*|tidigare|förra|förr)\b", re.IGNORECASE)
"""A column of the forecast before, or of how far it was off: seldom what is asked for."""
RATIO = re.compile(r"\b(?:per|andel\w*|procent\w*|snitt\w*|medel\w*|genomsnitt\w*)\b|%", re.IGNORECASE)
"""A column that sets its number against another is asked for by such a word."""
MONTH = re.compile(
    r"\b((?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december)"
    r"(?=\b|prognos|bokslut|uppföljning|rapport)|(?:jan|feb|mar|apr|jun|jul|aug|sep|sept|okt|nov|dec)\b)"
)
EACH = re.compile(r"\bper\b", re.IGNORECASE)
"""``Barn per årsarbetare`` is asked for by more than the word ``barn``."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the headers of a column say; read once, however many questions look at the column."""

    text: str
    years: frozenset[int]
    dated: frozenset[int]
    months: frozenset[str]
    measured: frozenset[Measured]
    sexes: frozenset[str]
    any_sex: bool
    nation: bool
    before: bool
    ratio: bool
    each: bool


@lru_cache(maxsize=20_000)
def header_of(path: tuple[str, ...]) -> Header:
    """Read the headers of a column, outermost first."""
    column = plain(" ".join(path))
    return Header(
        text=column,
        years=frozenset(int(year) for year in YEAR.findall(column) + YEAR_OF_MONTH.findall(column)),
        dated=frozenset(int(year) for year in YEAR.findall(" ".join(path))),
        months=frozenset(found[:3] for found in MONTH.findall(column.lower())),
        measured=frozenset(m for m, pattern in COLUMN_WORDS.items() if pattern.search(column)),
        sexes=frozenset(sex for sex, pattern in SEX_WORDS.items() if pattern.search(column)),
        any_sex=ANY_SEX.search(column) is not None,
        nation=NATION.search(column) is not None,
        before=BEFORE.search(column) is not None,
        ratio=RATIO.search(column) is not None,
        each=EACH.search(column) is not None,
    )
