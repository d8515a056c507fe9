"""Whether what is lit holds what the question wants: money, a share, a date, a person, a name, a cause.

A passage may speak of everything that is asked about and still not answer: *Ny näringslivschef är på plats*
does not say what the manager is called. So the lit words themselves are looked at, not the passage's topic.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rapportsvar.answering.cells import SEX_WORDS
from rapportsvar.model import Hit, QuestionKind
from rapportsvar.retrieval.question import Understood
from rapportsvar.retrieval.wanted import Wanted
from rapportsvar.swedish.cues import (
    ANY_UNIT,
    DATE,
    NAME,
    PERSON,
    ROLE,
    SHARE_UNITS,
    SPAN_UNITS,
    YEAR,
    cause_strength,
)
from rapportsvar.swedish.numbers import MONEY_FACTORS, NumberKind, find_numbers

LACKS: tuple[str, ...] = (
    "money",
    "share",
    "count",
    "span",
    "name",
    "amount",
    "person",
    "date",
    "cause",
    "year",
    "sex",
    "named",
)
"""What may be wanted and lacking."""

WORD = re.compile(r"\w+")
CAPITAL = re.compile(r"(?<=[a-zåäöé0-9,] )[A-ZÅÄÖ][\w-]{2,}")
MANY_YEARS = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def lacking(
    hits: Sequence[Hit], understood: Understood, spoken: frozenset[str] = frozenset()
) -> tuple[float, ...]:
    """Tell what is wanted and not held by any of the hits, one for each name in ``LACKS``, 0 to 1.

    Args:
        hits: The first ones, with what is lit in them.
        understood: What is asked.
        spoken: Index terms of the entries with their context: headings, captions, headers of all columns.
    """
    asked = {word.lower() for word in WORD.findall(understood.searched)}
    wants = _wants(understood)
    if not any(wants.values()):
        return (0.0,) * len(LACKS)
    held = [_held(hit, understood, asked) for hit in hits]
    years = [str(year) in spoken for year in understood.years]
    for one in held:
        one["year"] = max(one["year"], sum(years) / max(1, len(years)))
    return tuple(
        wants[name] * (1.0 - max((one[name] for one in held), default=0.0)) if wants[name] else 0.0
        for name in LACKS
    )


def _wants(understood: Understood) -> dict[str, float]:
    kinds = understood.kinds
    wants: dict[str, float] = dict.fromkeys(LACKS, 0.0)
    wants.update({what.value: weight for what, weight in understood.wanted.items()})
    wants["amount"] = kinds.get(QuestionKind.HOW_MUCH, 0.0) * (understood.kind is QuestionKind.HOW_MUCH)
    wants["person"] = kinds.get(QuestionKind.WHO, 0.0)
    wants["date"] = kinds.get(QuestionKind.WHEN, 0.0)
    wants["cause"] = kinds.get(QuestionKind.WHY, 0.0)
    wants["year"] = float(bool(understood.years))
    wants["sex"] = float(bool(understood.sex))
    wants["named"] = float(bool(_names_asked(understood)))
    return wants


def _names_asked(understood: Understood) -> frozenset[str]:
    """Proper names in the question beside those that chose the reports."""
    places = {
        part for name in (*understood.municipalities, *understood.boards) for part in name.lower().split()
    }
    return frozenset(
        name.lower()
        for name in CAPITAL.findall(understood.searched)
        if not any(name.lower().startswith(place[:-1]) for place in places)
    )


def _held(hit: Hit, understood: Understood, asked: set[str]) -> dict[str, float]:
    lit = " ".join(highlight.text for highlight in hit.highlights)
    held: dict[str, float] = _measures(hit, lit)
    where = " ".join((*hit.section, hit.text, *(f"{cell.row} {cell.column}" for cell in hit.cells)))
    fresh = [name for name in NAME.findall(lit) if name.strip("\"”“'(").lower() not in asked]
    held["name"] = float(bool(fresh) or _is_name(hit, asked))
    held["person"] = max(
        float(bool(PERSON.search(lit))), 0.7 * float(bool(ROLE.search(lit))), 0.5 * held["name"]
    )
    held["date"] = max(float(bool(DATE.search(lit))), 0.7 * float(bool(YEAR.search(lit))))
    held["cause"] = cause_strength(lit)
    years = {int(found) for found in MANY_YEARS.findall(where)} | {hit.report.year or 0}
    held["year"] = len(years.intersection(understood.years)) / max(1, len(understood.years))
    held["sex"] = float(bool(understood.sex and SEX_WORDS[understood.sex].search(where)))
    names = _names_asked(understood)
    lower = where.lower()
    held["named"] = sum(name in lower or name.rstrip("s") in lower for name in names) / max(1, len(names))
    return held


def _is_name(hit: Hit, asked: set[str]) -> bool:
    """A cell of capitals: ``Karin Ek``."""
    return any(
        cell.value[:1].isupper() and not asked.issuperset(word.lower() for word in WORD.findall(cell.value))
        for cell in hit.cells
        if not any(letter.isdigit() for letter in cell.value)
    )


def _measures(hit: Hit, lit: str) -> dict[str, float]:
    units: list[str | None]
    if hit.cells:
        units = [cell.unit for cell in hit.cells if any(letter.isdigit() for letter in cell.value)]
    else:
        units = [n.unit for n in find_numbers(lit) if n.kind is NumberKind.NUMBER]
    held: dict[str, float] = dict.fromkeys((*(what.value for what in Wanted), "amount"), 0.0)
    for unit in units:
        for name, worth in _worth(unit).items():
            held[name] = max(held[name], worth)
    return held


def _worth(unit: str | None) -> Mapping[str, float]:
    if not unit:
        return {"money": ANY_UNIT, "share": ANY_UNIT, "count": 1.0, "amount": 1.0}
    if unit in MONEY_FACTORS:
        return {"money": 1.0, "amount": 1.0}
    if unit in SHARE_UNITS:
        return {"share": 1.0, "amount": 1.0}
    if unit in SPAN_UNITS:
        return {"span": 1.0, "count": ANY_UNIT, "amount": 1.0}
    return {"count": 1.0, "amount": 1.0}
