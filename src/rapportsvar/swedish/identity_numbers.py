"""Personal identity numbers in a text: personnummer and samordningsnummer, known by date and checksum.

Skatteverket, SKV 704 and SKV 707: ``ååmmdd-nnnc`` or ``ååååmmddnnnc``, the last figure by the Luhn formula
over the nine before it; ``+`` in place of ``-`` for who is a hundred years; 60 is added to the day of a
samordningsnummer. An organisationsnummer has at least 20 where the month stands, and is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from rapportsvar.model import Span

MASK = "█"
"""In place of each figure: no letter, so that no word is made of it."""

_NUMBER = re.compile(
    r"(?<![\w/-])(?<!\d[.,:])(?P<century>1[89]|20)?(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)"
    r"(?P<between>[-+\u2010\u2011\u2012\u2013\u2212]?)(?P<last>\d{4})(?![\w]|[.,:]\d|[-/]\d)"
)
_AMOUNT = re.compile(
    r"\s?(?:kr\b|kronor|tkr|mnkr|mkr|miljo|miljard|procent|%|st\b|kvm|m2|meter|timmar)", re.IGNORECASE
)
_TELEPHONE = re.compile(
    r"(?:tel|telefon\w*|tfn|mobil\w*|sms|fax|växel\w*)\.?\s*(?:nr|nummer)?\.?:?\s*$", re.IGNORECASE
)
_BEFORE_CHARS = 20
_FIGURE = re.compile(r"\d")


def identity_numbers(text: str) -> Iterator[Span]:
    """Yield where personal identity numbers stand, in order.

    Ten figures in a row that an amount's unit follows, or a word for telephone precedes, are none.
    """
    for found in _NUMBER.finditer(text):
        if _is_right(found) and not (_is_bare(found) and _is_something_else(text, found)):
            yield Span(*found.span())


def masked(text: str, spans: Iterator[Span] | list[Span] | tuple[Span, ...]) -> str:
    """Return a text of the same length, with a mark in place of each figure inside some spans."""
    pieces, position = [], 0
    for span in spans:
        pieces += [text[position : span.start], _FIGURE.sub(MASK, text[span.start : span.end])]
        position = span.end
    return "".join([*pieces, text[position:]])


def _is_bare(found: re.Match[str]) -> bool:
    return not found["between"] and not found["century"]


def _is_something_else(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - _BEFORE_CHARS) : found.start()]
    return bool(_AMOUNT.match(text, found.end()) or _TELEPHONE.search(before))


def _is_right(found: re.Match[str]) -> bool:
    if found["century"] and found["between"] == "+":
        return False
    figures = found["year"] + found["month"] + found["day"] + found["last"]
    centuries = (found["century"],) if found["century"] else ("20", "19", "18")
    return _is_checked(figures) and any(_is_date(century, found) for century in centuries)


def _is_date(century: str, found: re.Match[str]) -> bool:
    day = int(found["day"])
    try:
        date(int(century + found["year"]), int(found["month"]), day - 60 if day > 60 else day)
    except ValueError:
        return False
    return True


def _is_checked(figures: str) -> bool:
    """The Luhn formula: every other figure doubled, from the first; the sum of all figures is even tens."""
    doubled = (int(figure) * (2 - place % 2) for place, figure in enumerate(figures))
    return sum(sum(divmod(number, 10)) for number in doubled) % 10 == 0
