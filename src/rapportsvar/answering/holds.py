"""Whether what is lit holds what the question wants: money, a share, a date, a person, a name, a cause.

A passage may speak of everything that is asked about and still not answer: *Ny näringslivschef är på plats*
does not say what the manager is called. So the lit words themselves are looked at, not the passage's topic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rapportsvar.answering.column_headers import SEX_WORDS
from rapportsvar.model import Hit, QuestionKind
from rapportsvar.retrieval.question import Understood
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
from rapportsvar.swedish.periods import months_in

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
    "month",
)
"""What may be wanted and lacking."""

MINUS = "-\u2212\u2013"
WORD = re.compile(r"\w+")
CAPITAL = re.compile(r"(?<=[a-zåäöé0-9,] )[A-ZÅÄÖ][\w-]{2,}")
ABBREVIATION = re.compile(r"[A-ZÅÄÖ]{2,5}")
"""Of the field, such as LSS: no proper name, and often written out."""
NO_NAMES = re.compile(
    r"january|february|march|april|may|june|july|august|september|october|november|december", re.IGNORECASE
)
"""English writes them with a capital."""
ROLE_ENDING = re.compile(r"(?<=[a-zåäö]{4})(?:en|n|na|arna|erna|er|ar)$")
ANOTHER_ROLE = 0.5
FRACTION = re.compile(
    r"\b(?:hälften|(?:en|två|tre) (?:tredjedel|fjärdedel|femtedel|tiondel)(?:ar|s|en)?"
    r"|\d+ av (?:de |totalt |sammanlagt )?\d+)\b",
    re.IGNORECASE,
)
"""A share in words, or of how many."""
MANY_YEARS = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:0[1-9]|1[0-2])?(?!\d)")
"""A year, also as a table writes a month of it: ``201908``."""


def lacking(
    hits: Sequence[Hit], understood: Understood, spoken: Sequence[frozenset[str]] = ()
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Tell what is wanted and not held, by the first hit and by any of them.

    Args:
        hits: The first ones, with what is lit in them.
        understood: What is asked.
        spoken: Index terms of the entries with their context: headings, captions, headers of all columns.

    Returns:
        For the first hit, and for all: one number for each name in ``LACKS``, 0 to 1.
    """
    names = _names_asked(understood)
    wants = _wants(understood, names)
    asked = frozenset(word.lower() for word in WORD.findall(understood.searched))
    lit = [
        _Lit(hit, understood, asked, names, _years_in(hit, terms, understood.years))
        for hit, terms in zip(hits, [*spoken, *[frozenset[str]()] * len(hits)], strict=False)
    ]
    held = {name: [_HELD[name](one) for one in lit] for name, weight in wants.items() if weight}
    if len(understood.years) > 1 and lit:  # a development may stand in several reports, one year in each
        held["year"] = [len(frozenset[int]().union(*(one.years for one in lit))) / len(understood.years)]
    return tuple(
        tuple(
            wants[name] * (1.0 - max(held[name][:count], default=0.0)) if name in held else 0.0
            for name in LACKS
        )
        for count in (1, len(lit))
    )  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class _Lit:
    """A hit as what is lit in it is judged: the question's own words and names set apart."""

    hit: Hit
    understood: Understood
    asked: frozenset[str]
    names: frozenset[str]
    years: frozenset[int]

    @property
    def text(self) -> str:
        """What is lit by itself."""
        return " ".join(highlight.text for highlight in self.hit.highlights if not highlight.beside)

    @property
    def where(self) -> str:
        """All of the hit, with its headings and the headers of its cells."""
        cells = (f"{cell.row} {cell.column}" for cell in self.hit.cells)
        return " ".join((*self.hit.section, self.hit.text, *cells))


def _years_in(hit: Hit, terms: frozenset[str], wanted: Sequence[int]) -> frozenset[int]:
    """Return those of the years asked for that a hit, its report or its context speaks of."""
    if not wanted:
        return frozenset()
    cells = (f"{cell.row} {cell.column}" for cell in hit.cells)
    told = {int(found) for found in MANY_YEARS.findall(" ".join((*hit.section, hit.text, *cells)))}
    told |= {hit.report.year or 0, *(year for year in wanted if str(year) in terms)}
    return frozenset(told.intersection(wanted))


def _wants(understood: Understood, names: frozenset[str]) -> dict[str, float]:
    kinds = understood.kinds
    return {
        **dict.fromkeys(LACKS, 0.0),
        **{what.value: weight for what, weight in understood.wanted.items()},
        "amount": kinds.get(QuestionKind.HOW_MUCH, 0.0) * (understood.kind is QuestionKind.HOW_MUCH),
        "person": kinds.get(QuestionKind.WHO, 0.0),
        "date": kinds.get(QuestionKind.WHEN, 0.0),
        "cause": kinds.get(QuestionKind.WHY, 0.0),
        "year": float(bool(understood.years)),
        "sex": float(bool(understood.sex)),
        "named": float(bool(names)),
        "month": float(bool(months_in(understood.searched))),
    }


def _names_asked(understood: Understood) -> frozenset[str]:
    """Proper names in the question beside those that chose the reports."""
    chosen = (*understood.municipalities, *understood.boards)
    places = {part for name in chosen for part in name.lower().split()}
    named = (name.partition("-")[0] for name in CAPITAL.findall(understood.searched))
    return frozenset(
        name.lower()
        for name in named
        if not ABBREVIATION.fullmatch(name)
        and not NO_NAMES.fullmatch(name)
        and not any(name.lower().startswith(place[:-1]) for place in places)
    )


def _holds_name(lit: _Lit) -> float:
    fresh = any(name.strip("\"”“'(").lower() not in lit.asked for name in NAME.findall(lit.text))
    return float(fresh or _is_name(lit))


def _is_name(lit: _Lit) -> bool:
    """A cell of capitals: ``Karin Ek``."""
    return any(
        cell.value[:1].isupper()
        and not lit.asked.issuperset(word.lower() for word in WORD.findall(cell.value))
        for cell in lit.hit.cells
        if not any(letter.isdigit() for letter in cell.value)
    )


def _holds_person(lit: _Lit) -> float:
    text = lit.text
    named = max(float(bool(PERSON.search(text))), 0.7 * bool(ROLE.search(text)), 0.5 * _holds_name(lit))
    return named * _of_role(_roles(lit.understood.searched), _roles(text))


def _roles(text: str) -> frozenset[str]:
    return frozenset(ROLE_ENDING.sub("", match.group().lower()) for match in ROLE.finditer(text))


def _of_role(asked: frozenset[str], told: frozenset[str]) -> float:
    """Tell whether what is told is of the role that is asked for: a head of schools is a head, of no unit."""
    if not asked or not told or any(one.endswith(role) for role in asked for one in told):
        return 1.0
    return ANOTHER_ROLE


def _holds_date(lit: _Lit) -> float:
    return max(float(bool(DATE.search(lit.text))), 0.7 * bool(YEAR.search(lit.text)))


def _holds_year(lit: _Lit) -> float:
    return len(lit.years) / max(1, len(lit.understood.years))


def _holds_named(lit: _Lit) -> float:
    lower = lit.where.lower()
    return sum(name in lower or name.rstrip("s") in lower for name in lit.names) / max(1, len(lit.names))


def _holds_month(lit: _Lit) -> float:
    wanted = months_in(lit.understood.searched)
    told = months_in(" ".join((lit.where, lit.hit.report.period, lit.hit.report.title)))
    return len(wanted & told) / max(1, len(wanted))


def _holds_measure(name: str) -> Callable[[_Lit], float]:
    return lambda lit: max((_worth(unit).get(name, 0.0) for unit in _units(lit)), default=0.0)


def _holds_share(lit: _Lit) -> float:
    return max(_holds_measure("share")(lit), float(bool(FRACTION.search(lit.text))))


def _holds_count(lit: _Lit) -> float:
    cells = [cell for cell in lit.hit.cells if any(letter.isdigit() for letter in cell.value)]
    if cells and all(cell.value.strip()[0] in MINUS for cell in cells):
        return 0.0  # fewer than none there are of nothing
    return _holds_measure("count")(lit)


_HELD: Mapping[str, Callable[[_Lit], float]] = {
    **{name: _holds_measure(name) for name in ("money", "span", "amount")},
    "share": _holds_share,
    "count": _holds_count,
    "name": _holds_name,
    "person": _holds_person,
    "date": _holds_date,
    "cause": lambda lit: cause_strength(lit.text),
    "year": _holds_year,
    "sex": lambda lit: float(bool(SEX_WORDS[lit.understood.sex].search(lit.where))),
    "named": _holds_named,
    "month": _holds_month,
}
"""How far what is lit holds each of ``LACKS``."""


def _units(lit: _Lit) -> list[str | None]:
    """Return the unit of each number that is lit; one that a how many holds itself is no answer to it."""
    if lit.hit.cells:
        return [cell.unit for cell in lit.hit.cells if any(letter.isdigit() for letter in cell.value)]
    how_many = lit.understood.kind is QuestionKind.HOW_MUCH
    asked = {number.value for number in find_numbers(lit.understood.searched)} if how_many else set()
    told = (n for n in find_numbers(lit.text) if n.kind is NumberKind.NUMBER)
    return [n.unit for n in told if n.value not in asked]


def _worth(unit: str | None) -> Mapping[str, float]:
    if not unit:
        return {"money": ANY_UNIT, "share": ANY_UNIT, "count": 1.0, "amount": 1.0}
    if unit in MONEY_FACTORS:
        return {"money": 1.0, "amount": 1.0}
    if unit in SHARE_UNITS:
        return {"share": 1.0, "count": ANY_UNIT, "amount": 1.0}
    if unit in SPAN_UNITS:
        return {"span": 1.0, "count": ANY_UNIT, "amount": 1.0}
    return {"count": 1.0, "amount": 1.0}
