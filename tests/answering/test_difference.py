"""A difference is a sum with quoted terms, or nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapportsvar.answering.difference import difference
from rapportsvar.model import CellAnswer, Span


def cell(value, unit="antal"):
    return CellAnswer("Antal vårddygn", "2022", value, unit, Span(0, len(value)))


@pytest.mark.parametrize(
    ("first", "second", "unit", "value", "text"),
    [
        ("1 584", "1 536", "antal", 48.0, "1 584 − 1 536 = 48"),
        ("8,4", "9,3", "%", -0.9, "8,4 − 9,3 = −0,9"),
        ("-2 680", "-680", "tkr", -2000.0, "−2 680 − (−680) = −2 000"),
        ("1 212 kr", "1 761 kr", "kr", -549.0, "1 212 − 1 761 = −549"),
        ("10500", "5550", "", 4950.0, "10 500 − 5 550 = 4 950"),
        ("121,4", "121", "mnkr", 0.4, "121,4 − 121,0 = 0,4"),
        ("17 180¹", "17 030", "", 150.0, "17 180 − 17 030 = 150"),
    ],
)
def test_a_sum_with_its_terms(first, second, unit, value, text):
    made = difference(cell(first, unit), cell(second, unit))
    assert (made.value, made.text.replace("\u00a0", " "), made.unit) == (value, text, unit)
    assert (made.minuend.value, made.subtrahend.value) == (first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (cell("4", "tkr"), cell("4", "mnkr")),
        (cell("1,7/6,3"), cell("2,1")),
        (cell("pågår"), cell("2")),
        (cell("-"), cell("2")),
    ],
)
def test_nothing_is_worked_out_from_unlike_units_or_from_what_is_no_number(first, second):
    assert difference(first, second) is None


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9), st.integers(0, 2))
def test_the_sum_is_right_as_it_is_written(first, second, decimals):
    written = [f"{Decimal(n).scaleb(-decimals):f}".replace(".", ",") for n in (first, second)]
    made = difference(cell(written[0]), cell(written[1]))
    assert made.value == float(Decimal(first - second).scaleb(-decimals))
