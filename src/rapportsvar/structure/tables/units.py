"""The unit of a cell, with where it was read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapportsvar.model import Unit
from rapportsvar.swedish.numbers import MONEY_FACTORS, NumberKind, find_numbers

_MONEY = (
    (r"mdkr|miljard(?:er)?\s*(?:kronor|kr)", "mdkr"),
    (r"mnkr|mkr|mnk|msek|milj\.?\s*(?:kronor|kr)|miljon(?:er|tals?)?\s*(?:kronor|kr)", "mnkr"),
    (r"tkr|kkr|ksek|(?:tusen(?:tals?)?|1[ \u00a0]?000-tals?)\s*(?:kronor|kr)", "tkr"),
    (r"(?:kronor|kr)\s*(?:/|per)\s*inv(?:ånare)?", "kr/invånare"),
    (r"kr|kronor|sek", "kr"),
)
_OTHER = (
    (r"%-enheter|procentenheter", "procentenheter"),
    (r"%|procent", "%"),
    (r"kwh\s*/\s*m\s*(?:²|2)?", "kWh/m²"),
    (r"kwh", "kWh"),
    (r"mwh", "MWh"),
    (r"gwh", "GWh"),
    (r"kvm|m²|m2", "m²"),
    (r"antal|st", "antal"),
    (r"dagar", "dagar"),
    (r"dygn", "dygn"),
    (r"veckor", "veckor"),
    (r"månader", "månader"),
    (r"timmar|tim", "timmar"),
    (r"minuter", "minuter"),
    (r"år", "år"),
    (r"personer", "personer"),
    (r"årsarbetare", "årsarbetare"),
    (r"öre\s*(?:/|per)\s*kwh", "öre/kWh"),
    (r"ton", "ton"),
    (r"kg|kilo(?:gram)?", "kg"),
    (r"(?:tusen|1[ \u00a0]?000)\s*(?:m³|m3|kubikmeter)", "tusen m³"),
    (r"m³|m3|kubikmeter", "m³"),
    (r"liter", "liter"),
    (r"kilometer|km", "km"),
    (r"hektar|ha", "hektar"),
)
_EDGE = r"(?![\wåäö])"


def _compiled(forms: Sequence[tuple[str, str]], before: str, after: str) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(before + f"(?:{form})" + after, re.IGNORECASE), name) for form, name in forms]


_BRACKETED = _compiled(
    (*_MONEY, *_OTHER), r"\(\s*(?:i\s+|belopp(?: i)?\s+|andel\s+)?", r"\s*(?:\)|/|per\b|,)"
)
_PER = r"(?:\s*(?:per|/)\s*[^\W\d]+(?:\s(?:och\s)?[^\W\d]+)?)?"
"""``kr per år``, ``kg/invånare``, ``kr per elev och år``: the amount is in what stands before."""
_AFTER_COMMA = _compiled((*_MONEY, *_OTHER), r",\s*", _PER + r"\s*[.):]*$")
_AT_END = [
    *_AFTER_COMMA,
    *_compiled((*_MONEY, *_OTHER[:2]), r"(?<=[\wåäö.)])\s+", r"\s*[.):]*$"),
]
_MONEY_WORD = _compiled(_MONEY[:4], r"(?<![\w/])", _EDGE)
_SOLE = _compiled(
    (*_MONEY, *_OTHER), r"^\W*(?:(?:alla\s+)?belopp(?:en)?\s*(?:anges\s+|redovisas\s+)?(?:i\s+)?)?", r"\W*$"
)
_STATED = _compiled(
    (*_MONEY, (r"procent|%", "%")),
    r"(?:^|\b)(?:belopp(?:en)?|siffror(?:na)?|redovisas|anges|uttryckt)\s+(?:\w+\s+)?(?:i\s+)?",
    _EDGE,
)
_COUNT = re.compile(
    r"(?:^|[\s,(])(?:total\w*\s+)?antal(?:et)?\b(?!\s+(?:procent|%))(\s+dagar)?", re.IGNORECASE
)
_SHARE = re.compile(
    r"(?:^|[\s,(])andel(?:en)?\b|^procent\b|(?<![\d\s])\s+i\s+(?:procent|%)|,\s*(?:procent|%)\s+[^\W\d]",
    re.IGNORECASE,
)
_AT_END_OF_TITLE = _compiled((*_MONEY, *_OTHER[1:2]), r"(?:,|(?<![\d\s]))\s+", r"\s*[.):]*$")
_SHARE_OF = re.compile(r"(?<!\d)\s+i\s+(?:procent|%)(?!\w)|,\s*(?:procent|%)(?=\s+[^\W\d]|$)", re.IGNORECASE)
_COUNTS = re.compile(
    r"(?:(?:tabell|bilaga)\s*\w{0,4}\s*[.:–-]\s*)?antal\b(?!.*(?:kostnad|andel|kronor|\bkr\b))", re.IGNORECASE
)
"""A title that says its table counts: ``Antal ärenden per enhet``."""

_COUNTED = re.compile(r",\s*antal\s+[^\W\d]+$", re.IGNORECASE)
"""``Problematisk frånvaro, antal elever``."""

_THINGS = (
    "elever|brukare|patienter|klienter|besökare|deltagare|invånare|sökande|anställda|medarbetare"
    "|lärare|chefer|tjänster|heltidstjänster|årsarbetare|lägenheter|platser|vårdplatser"
    "|avdelningar|klasser|hushåll|ärenden|beslut|ansökningar|vårddygn"
)
"""What reports count. What money is given to, too (``Placeringar``, ``Boende``, ``Barn``), is not here."""
_COUNTED_THINGS = re.compile(
    rf"(?:{_THINGS})(?:[\s,]+(?:\d|per|i|den|jan|feb|mars|apr|maj|jun|jul|aug|sep|okt|nov|dec).*)?",
    re.IGNORECASE,
)
_COUNTED_CELL = re.compile(
    rf"\W*\d[\d \u00a0]*\s(?:{_THINGS}|barn|boende|placeringar|bostäder|familjer|familjehem|insatser)\W*",
    re.IGNORECASE,
)
"""In a cell the word stands with its number."""

_ANY = re.compile(
    r"%|kr|sek|antal|andel|procent|dag|dygn|veck|mån|tim|minut|år|person|wh|m²|m2|kvm|st\b|mnk|milj|tusen"
    r"|ton|kg|kilo|m³|m3|kubik|liter|km|hektar|ha\b",
    re.IGNORECASE,
)
"""What every unit has some of: most labels are told to have none by one look."""
_PER_MONEY = re.compile(r"\bper\s+(?:miljon(?:er)?|tusen)\s+kronor", re.IGNORECASE)
_NUMERAL = (
    r"(?:(?<![\w–-])(?!(?:19|20)\d\d\b)\d[\d.,\u00a0 ]*"
    r"|\b(?:en|ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio|tolv|halv)\b)"
)
_ORDINAL = "".join(
    f"(?<!{word} )"
    for word in ["åk", "dag", "årskurs", "kurs", "nivå", "delår", "tertial", "kvartal", "etapp", "steg"]
)
"""``Behöriga elever åk 9 %``: the number belongs to the word before it."""
_MENTION = re.compile(
    rf"{_ORDINAL}{_NUMERAL}\s*(?:procent(?:enhet(?:er)?)?|%(?:-enhet(?:er)?)?|tkr|kkr|mnkr|mkr|kronor|kr"
    rf"|miljoner kronor|dagar|dygn|veckor|månader|timmar|år|personer)(?![\wåäö])",
    re.IGNORECASE,
)
"""An amount in a row's label: what it is about, not what its cells are in. ``Löner ändras 1 procent``."""


def unit_of_label(label: str) -> str | None:
    """Return the unit that a row label or column header names: ``, andel (%)``, ``Antal ...``, ``(mnkr)``."""
    text = label[-300:]
    if _ANY.search(text) is None:
        return None
    text = _PER_MONEY.sub("", text)
    for patterns in (_BRACKETED, _AT_END, _SOLE):
        for pattern, name in patterns:
            if pattern.search(text):
                return name
    if _SHARE.search(text):
        return "%"
    count = _COUNT.search(text)
    if count:
        return "dagar" if count[1] else "antal"
    return _first(_MONEY_WORD, text)


def unit_of_column(path: Sequence[str], table: Unit | None) -> str | None:
    """Return the unit that a column's header names.

    In a table of money a column of things that are counted, ``Elever``, is no money; in one of shares the
    same word, beside ``Lärare``, may say who was asked.
    """
    named = unit_of_label(" ".join(path))
    if named is None and path and table and table.name in MONEY_FACTORS:
        return "antal" if _COUNTED_THINGS.fullmatch(path[-1]) else None
    return named


def unit_of_row(label: str) -> str | None:
    """Return the unit that a row label names; one that it only mentions, with a number, is none."""
    return unit_of_label(_MENTION.sub(" ", label[-300:]))


def unit_of_name(title: str) -> str | None:
    """Return the unit that a table's own title or caption states, of any kind: ``(kg per invånare)``."""
    own = _MENTION.sub(" ", title[-300:])
    found = unit_of_title(title) or _first(_BRACKETED, own) or _first(_AFTER_COMMA, own)
    return found or ("antal" if _COUNTED.search(own) else None)


def unit_of_title(title: str) -> str | None:
    """Return the unit of money, or per cent, that a table's title, caption or heading states."""
    text = title[-300:]
    for patterns in (_SOLE, _STATED, _MONEY_WORD):
        found = _first(patterns, text)
        if found in MONEY_FACTORS or (found == "%" and patterns is not _MONEY_WORD):
            return found
    found = _first(_BRACKETED, text) or _first(_AT_END_OF_TITLE, text)
    if found in MONEY_FACTORS or found == "%":
        return found
    if _SHARE_OF.search(text):
        return "%"
    return "antal" if _COUNTS.match(text) else None


def stated_unit(line: str) -> str | None:
    """Return the unit of a line that says what amounts are in: ``Belopp i tkr``, ``(tkr)``."""
    if len(line) > 80:
        return None
    return _first(_STATED, line) or _first([pair for pair in _SOLE if pair[1] in MONEY_FACTORS], line)


def _first(patterns: Sequence[tuple[re.Pattern[str], str]], text: str) -> str | None:
    return next((name for pattern, name in patterns if pattern.search(text)), None)


_BRACKETS = re.compile(r"\([^()]{0,200}\)")


def unit_of_cell(text: str) -> str | None:
    """Return the unit that stands after the first amount in the cell; ``104 barn`` counts."""
    outside = _BRACKETS.sub(" ", text)
    if len(outside) > 80:
        return None
    units = [
        number.unit
        for number in find_numbers(outside)
        if number.kind is NumberKind.NUMBER and not number.in_words
    ]
    return next((unit for unit in units if unit), "antal" if _COUNTED_CELL.fullmatch(outside) else None)


def choose_unit(cell: str | None, column: str | None, row: str | None, table: Unit | None) -> Unit | None:
    """Return the unit of an amount: of its cell, column, row or table, in that order.

    Money in the header does not hold for a row that says ``(%)`` or ``antal``.
    """
    if cell:
        return Unit(cell, "cell")
    if column and not (row and column in MONEY_FACTORS and row not in MONEY_FACTORS):
        return Unit(column, "column")
    if row:
        return Unit(row, "row")
    return table
