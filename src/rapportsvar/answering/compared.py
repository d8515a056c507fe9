"""What a question sets against each other: two years, two kinds of figure, the sexes, two municipalities.

``Hur mycket ökade kostnaden från 2021 till 2022?``, ``skillnaden mellan budget och utfall``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rapportsvar.model import Measured
from rapportsvar.retrieval.measured import MEN, WOMEN
from rapportsvar.retrieval.question import Understood


class Axis(StrEnum):
    """What the two numbers of a difference differ in."""

    YEAR = "year"
    KIND = "kind"
    SEX = "sex"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Compared:
    """What is set against each other.

    Attributes:
        axis: In what they differ.
        years: The earlier and the later; None where the question leaves it to the report.
        kinds: Kinds of figure, in the order in which they are named.
        places: Municipalities, in the order in which they are named.
    """

    axis: Axis
    years: tuple[int | None, int | None] = (None, None)
    kinds: tuple[Measured, ...] = ()
    places: tuple[str, ...] = ()


_DIFFERS = re.compile(
    r"\b(?:skillnad\w*|skilj(?:er|de|a|t)?|skilde|skilt|differens\w*|diffar?|differ\w*)\b", re.IGNORECASE
)
_HOW_MUCH = r"\b(?:hur (?:mycket|många|stor\w*)|how (?:much|many|large|big))\b"
_CHANGED = re.compile(
    rf"{_HOW_MUCH}.*?\b(?:(?:öka|minska|förändra|ändra|försämra|förbättra|stig|sjunk|väx|krymp)(?:r|t|de|ts|des|s|er|it)?|steg|sjönk|växte"
    r"|föll|höjdes|sänktes|höjts|sänkts|(?:gått|gick|går) (?:upp|ner|ned)"
    r"|(?:[^\W\d_]*)(?:ökning|minskning|förändring|höjning|sänkning|försämring|förbättring)(?:en|ar|arna)?"
    r"|increased?|decreased?|r[io]sen?|rose|f[ae]ll(?:en)?|changed?|gr[eo]wn?|worsened|improved)\b",
    re.IGNORECASE | re.DOTALL,
)
_HAS_CHANGED = re.compile(
    r"\b(?:(?:öka|minska|förändra|ändra)(?:t|de|ts|des)|steg|stigit|sjönk|sjunkit|växte|vuxit|föll|krympt|höjdes|sänktes"
    r"|höjts|sänkts|(?:gått|gick) (?:upp|ner|ned)|increased|decreased|rose|risen|fell"
    r"|fallen|changed|grew|grown)\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    rf"{_HOW_MUCH}.*?\b(?:mera?|mindre|flera?|färre|högre|lägre|dyrare|billigare|bättre|sämre|större|längre|kortare"
    r"|more|less|fewer|higher|lower)\b.*\b(?:än|jämfört|mot|than|compared)\b",
    re.IGNORECASE | re.DOTALL,
)
_SINCE = re.compile(
    r"\b(?:än|från|sedan|jämfört med|mot|than|from|since|compared (?:with|to))\s+(?:\w+\s+){0,2}?"
    r"(?:(?P<year>(?:19|20)\d\d)|(?:året (?:innan|före)|föregående år|förra året|i fjol|fjolåret\w*"
    r"|året dessförinnan))\b",
    re.IGNORECASE,
)
_KINDS: Mapping[Measured, re.Pattern[str]] = {
    Measured.BUDGET: re.compile(r"\bbudget\w*", re.IGNORECASE),
    Measured.FORECAST: re.compile(r"\b\w*prognos\w*|\bforecast\w*", re.IGNORECASE),
    Measured.OUTCOME: re.compile(
        r"\butfall\w*|\bbokslut\w*|\bresultatet\b|\bfaktisk\w*|\boutcome\b|\bactual\w*", re.IGNORECASE
    ),
}
_THAN_BUDGET = re.compile(
    r"\b(?:än|mot|jämfört med|from|than|against)\s+(?:\w+\s+)?(?:budget\w*)", re.IGNORECASE
)


TELLS_CHANGE = re.compile(
    r"\b(?:öka|minska|förändra|försämra|förbättra|höj|sänk|stig|stigit|sjunk|växt?)(?:r|t|de|ts|des|s|er|it|te)?\b"
    r"|\b(?:steg|sjönk|föll|ned|upp|fler|färre|mera?|mindre|högre|lägre|dyrare|billigare|bättre|sämre|längre|kortare)\b"
    r"|\b\w*(?:ökning|minskning|förändring|försämring|förbättring|höjning|sänkning|nedgång|uppgång)(?:en|ar|arna)?\b",
    re.IGNORECASE,
)
"""Words of a sentence that says by how much something is another than before."""


def asks_change(question: str) -> bool:
    """Tell whether a question asks by how much something is another than before, or than something else."""
    return bool(_CHANGED.search(question) or _MORE.search(question))


def compared_in(understood: Understood) -> Compared | None:
    """Return what a question asks the difference of; None where it asks for none."""
    asked = understood.searched
    differs = bool(_DIFFERS.search(asked) or _MORE.search(asked))
    changed = bool(_CHANGED.search(asked))
    if not differs and not changed:
        return None
    if differs and WOMEN.search(asked) and MEN.search(asked):
        return Compared(Axis.SEX)
    kinds = _kinds(understood) if differs else ()
    if kinds:
        return Compared(Axis.KIND, kinds=kinds)
    if differs and len(understood.municipalities) == 2:
        return Compared(Axis.PLACE, places=understood.municipalities)
    since = _SINCE.search(asked)
    if len(understood.years) < 2 and not since and not (changed and _HAS_CHANGED.search(asked)):
        return None
    return Compared(Axis.YEAR, years=_years(understood, since))


def _kinds(understood: Understood) -> tuple[Measured, ...]:
    """Return the two kinds that are named; ``än budgeterat`` names one and means the outcome or forecast."""
    asked = understood.searched
    found = {kind: match.start() for kind, pattern in _KINDS.items() if (match := pattern.search(asked))}
    if len(found) == 2:
        return tuple(sorted(found, key=lambda kind: found[kind]))
    if list(found) == [Measured.BUDGET] and _THAN_BUDGET.search(asked):
        other = Measured.FORECAST if Measured.FORECAST in understood.measured else Measured.OUTCOME
        return (other, Measured.BUDGET) if _MORE.search(asked) else (Measured.BUDGET, other)
    return ()


def _years(understood: Understood, since: re.Match[str] | None) -> tuple[int | None, int | None]:
    """Return the earlier and the later year; a single one is the later, unless said to be earlier."""
    named = sorted(understood.years)
    if len(named) > 1:
        return named[0], named[-1]
    if since and since["year"]:
        return int(since["year"]), None
    if named:
        return named[0] - 1, named[0]
    return None, None
