"""A difference between two quoted numbers, shown as a sum: ``12,4 % − 10,2 % = 2,2 procentenheter``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from rapportsvar.answering.compose import UNSAID
from rapportsvar.model import QuotedNumber
from rapportsvar.swedish.numbers import MONEY_FACTORS, format_number

_DECIMALS = re.compile(r"\d[.,](\d+)")
_SHARE = "%"
POINTS = "procentenheter"
"""What shares differ by."""
PERCENT_MAX = 1_000
"""A greater change is no longer told in per cent."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What two numbers differ by.

    Attributes:
        minuend: The number that is taken from.
        subtrahend: The number that is taken away.
        value: The one less the other, in ``unit``.
        unit: Of the value; empty where neither has one.
        text: The sum with its terms, as Swedish writes numbers.
        written: The result alone, as it is written in the sum.
        exact: False where one of them had to be written in the other's unit of money, and was rounded.
    """

    minuend: QuotedNumber
    subtrahend: QuotedNumber
    value: float
    unit: str
    text: str
    written: str
    exact: bool = True


def difference(
    minuend: QuotedNumber,
    subtrahend: QuotedNumber,
    *,
    names: tuple[str, str] = ("", ""),
    percent: bool = False,
) -> Difference | None:
    """Return what two quoted numbers differ by.

    Only numbers of one dimension have a difference: of equal unit, or both money, when the finer is written
    in the unit of the coarser. None for all others, so that nothing is worked out from what is not quoted.

    Args:
        minuend: The number that is taken from.
        subtrahend: The number that is taken away.
        names: What to call them in the sum, in brackets behind each.
        percent: Whether to add by how much of the subtrahend the minuend is greater or less.
    """
    unit = _common_unit(minuend.unit, subtrahend.unit)
    if unit is None:
        return None
    terms = (minuend, subtrahend)
    exact = minuend.unit == subtrahend.unit
    decimals = max(decimals_of(term) for term in terms if term.unit == unit)
    first, second = (_in_unit(Decimal(repr(term.value)), term.unit, unit) for term in terms)
    value = first - second
    if not exact:
        value = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    shown = [decimals if t.unit == unit else _places(n) for t, n in zip(terms, (first, second), strict=True)]
    head = f"{_term(first, shown[0], unit, names[0])} − {_term(second, shown[1], unit, names[1], inner=True)}"
    points = POINTS if unit == _SHARE else unit
    written = _with_unit(_written(value, decimals), points) + (
        _percent(first, second, unit) if percent else ""
    )
    text = f"{head} {'=' if exact else '≈'} {written}"
    return Difference(minuend, subtrahend, float(value), points, text, written, exact)


def decimals_of(quoted: QuotedNumber) -> int:
    """Return how many decimals a quote states; a dot before three digits may part thousands."""
    match = _DECIMALS.search(quoted.text)
    if match is None:
        return 0
    whole = quoted.value == int(quoted.value)
    return 0 if whole and match[0][1] == "." and len(match[1]) == 3 else len(match[1])


def _common_unit(one: str, other: str) -> str | None:
    if one == other:
        return one
    if one in MONEY_FACTORS and other in MONEY_FACTORS:
        return max(one, other, key=lambda unit: MONEY_FACTORS[unit])
    return None


def _in_unit(number: Decimal, unit: str, target: str) -> Decimal:
    if unit == target:
        return number
    return number * Decimal(int(MONEY_FACTORS[unit])) / Decimal(int(MONEY_FACTORS[target]))


def _places(number: Decimal) -> int:
    return max(0, -int(number.normalize().as_tuple().exponent))


def _term(number: Decimal, decimals: int, unit: str, name: str, *, inner: bool = False) -> str:
    written = _written(number, decimals)
    shown = _with_unit(f"({written})" if inner and number < 0 else written, unit)
    return f"{shown} ({name})" if name else shown


def _with_unit(written: str, unit: str) -> str:
    return written if unit in UNSAID else f"{written} {unit}"


def _percent(first: Decimal, second: Decimal, unit: str) -> str:
    """Tell the change in per cent; that of shares, or of what is below nought, would mislead."""
    if unit == _SHARE or first <= 0 or second <= 0 or first == second:
        return ""
    change = (first / second - 1) * 100
    sign = "+" if change > 0 else ""
    return f" ({sign}{_written(change, 1)} %)" if abs(change) <= PERCENT_MAX else ""


def _written(value: Decimal, decimals: int) -> str:
    return format_number(float(value), decimals)
