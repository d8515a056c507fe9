"""A difference between two quoted cells, shown as a sum with its terms: ``1 584 − 1 536 = 48``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from rapportsvar.model import CellAnswer
from rapportsvar.swedish.numbers import format_number, parse_values

_DECIMALS = re.compile(r"\d[.,](\d+)")


@dataclass(frozen=True, slots=True)
class Difference:
    """What two cells differ by.

    Attributes:
        minuend: The cell that is taken from: the later, or the larger, as the caller means it.
        subtrahend: The cell that is taken away.
        value: The one less the other, in ``unit``.
        unit: Of both cells; empty where neither has one.
        text: The sum with its terms, as Swedish writes numbers.
    """

    minuend: CellAnswer
    subtrahend: CellAnswer
    value: float
    unit: str
    text: str


def difference(minuend: CellAnswer, subtrahend: CellAnswer) -> Difference | None:
    """Return what two cells differ by.

    Only cells of one number each and of equal unit have a difference; None for all others, so that nothing
    is worked out from what is not quoted.
    """
    if minuend.unit != subtrahend.unit:
        return None
    terms = [parse_values(cell.value) for cell in (minuend, subtrahend)]
    if any(len(values) != 1 for values in terms):
        return None
    first, second = (Decimal(repr(values[0])) for values in terms)
    decimals = max(_decimals(minuend.value), _decimals(subtrahend.value))
    value = first - second
    taken = _written(second, decimals)
    shown = f"({taken})" if second < 0 else taken
    text = f"{_written(first, decimals)} − {shown} = {_written(value, decimals)}"
    return Difference(minuend, subtrahend, float(value), minuend.unit, text)


def _written(value: Decimal, decimals: int) -> str:
    return format_number(float(value), decimals)


def _decimals(written: str) -> int:
    """Return how many decimals a cell states; a dot before three digits of a cell may part thousands."""
    values = parse_values(written)
    match = _DECIMALS.search(written)
    if match is None or (values[0] == int(values[0]) and match[0][1] == "." and len(match[1]) == 3):
        return 0
    return len(match[1])
