"""A difference is a sum with quoted terms, or nothing."""

from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from rapportsvar.answering.difference import difference
from rapportsvar.model import QuotedNumber, Span
from rapportsvar.swedish.numbers import parse_values


def quoted(text, unit="antal", value=None):
    number = parse_values(text)[0] if value is None else value
    return QuotedNumber("a.txt", Span(0, len(text)), text, number, unit, "Vårddygn, 2022")


def written(made):
    return made.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("first", "second", "unit", "value", "text"),
    [
        ("1 584", "1 536", "antal", 48.0, "1 584 − 1 536 = 48"),
        ("-2 680", "-680", "tkr", -2000.0, "−2 680 tkr − (−680) tkr = −2 000 tkr"),
        ("1 212 kr", "1 761 kr", "kr", -549.0, "1 212 kr − 1 761 kr = −549 kr"),
        ("10500", "5550", "", 4950.0, "10 500 − 5 550 = 4 950"),
        ("121,4", "121", "mnkr", 0.4, "121,4 mnkr − 121,0 mnkr = 0,4 mnkr"),
        ("17 180¹", "17 030", "", 150.0, "17 180 − 17 030 = 150"),
        ("12", "9", "dagar", 3.0, "12 dagar − 9 dagar = 3 dagar"),
    ],
)
def test_a_sum_with_its_terms(first, second, unit, value, text):
    made = difference(quoted(first, unit), quoted(second, unit))
    assert (made.value, written(made), made.unit, made.exact) == (value, text, unit, True)
    assert (made.minuend.text, made.subtrahend.text) == (first, second)


def test_shares_differ_by_points():
    made = difference(quoted("12,4", "%"), quoted("10,2", "%"), names=("kvinnor", "män"), percent=True)
    assert written(made) == "12,4 % (kvinnor) − 10,2 % (män) = 2,2 procentenheter"
    assert (made.value, made.unit) == (2.2, "procentenheter")


@pytest.mark.parametrize(
    ("first", "second", "end"),
    [
        ("52 330", "47 620", " = 4 710 tkr (+9,9 %)"),
        ("47 620", "52 330", " = −4 710 tkr (−9,0 %)"),
        ("500", "-100", " = 600 tkr"),
        ("-500", "100", " = −600 tkr"),
        ("100", "100", " = 0 tkr"),
        ("90 000", "10", " = 89 990 tkr"),
    ],
)
def test_the_change_in_per_cent_where_it_says_something(first, second, end):
    assert written(difference(quoted(first, "tkr"), quoted(second, "tkr"), percent=True)).endswith(end)


@pytest.mark.parametrize(
    ("first", "second", "text", "value"),
    [
        (("4,1", "mnkr"), ("3 950", "tkr"), "4,1 mnkr − 3,95 mnkr ≈ 0,2 mnkr", 0.2),
        (("3 950", "tkr"), ("4,1", "mnkr"), "3,95 mnkr − 4,1 mnkr ≈ −0,2 mnkr", -0.2),
        (("5", "mnkr"), ("2 000", "tkr"), "5 mnkr − 2 mnkr ≈ 3 mnkr", 3.0),
    ],
)
def test_money_is_written_in_the_coarser_unit(first, second, text, value):
    made = difference(quoted(*first), quoted(*second))
    assert (written(made), made.value, made.unit, made.exact) == (text, value, "mnkr", False)


@pytest.mark.parametrize(("first", "second"), [("tkr", "%"), ("antal", "tkr"), ("%", ""), ("dagar", "år")])
def test_unlike_units_have_no_difference(first, second):
    assert difference(quoted("4", first), quoted("2", second)) is None


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9), st.integers(0, 2))
@example(100, 48, 0)
def test_the_sum_is_right_as_it_is_written(first, second, decimals):
    texts = [f"{Decimal(n).scaleb(-decimals):f}".replace(".", ",") for n in (first, second)]
    assume(all(map(parse_values, texts)))  # 195901 is a month
    made = difference(quoted(texts[0]), quoted(texts[1]))
    assert made.value == float(Decimal(first - second).scaleb(-decimals))
