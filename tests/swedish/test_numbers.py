"""Numbers as Swedish reports write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapportsvar.swedish.numbers import (
    NumberKind,
    find_numbers,
    format_number,
    parse_values,
    to_unit,
)


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("-2 000", (-2000.0,)),
        ("- 680", (-680.0,)),
        ("- 2680", (-2680.0,)),
        ("−19 000", (-19000.0,)),
        ("1 234,5", (1234.5,)),
        ("198001,0", (198001.0,)),
        ("1\u00a0234,5", (1234.5,)),
        ("1\u2009234", (1234.0,)),
        ("1\u202f234", (1234.0,)),
        ("0.82", (0.82,)),
        ("74 485tkr", (74485.0,)),
        ("87 %", (87.0,)),
        ("48%", (48.0,)),
        ("1,7/6,3", (1.7, 6.3)),
        ("77/74", (77.0, 74.0)),
        ("9 149 kr", (9149.0,)),
        ("4,1", (4.1,)),
        ("≥0", (0.0,)),
        ("-0", (0.0,)),
        ("10500", (10500.0,)),
        ("2060", (2060.0,)),
        ("2 068,6 mnkr", (2068.6,)),
        ("26,4 miljoner kronor", (26.4,)),
        ("450000 kr", (450000.0,)),
        ("78 (februari)", (78.0,)),
        ("429 (44 procent män och 56 procent kvinnor)", (429.0,)),
        ("88 % (tillgänglighet) 87 % (bemötande)", (88.0, 87.0)),
        ("4 arbete, 2 studier", (4.0, 2.0)),
        ("Aug: 0,01% Okt: 0,00 %", (0.01, 0.0)),
        ("2020 3,85 (3,75 län)", (3.85,)),
    ],
)
def test_values_of_a_cell_with_numbers(cell, values):
    assert parse_values(cell) == values


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "-",
        "-/-",
        "I.U.",
        "IU",
        "1.U",
        "- ¹⁴",
        "31/8",
        "1/1-31/8",
        "202008",
        "Q1",
        "F-9",
        "KF1",
        "1:a plats i länet",
        "1.1. Delmål planberedskap",
        "Påbörjad 2020",
        "MIX 2 görs inom en månad",
        "Ska minska",
        "SN 2023/0302",
        "KS 2023/302",
        "2023/0302",
    ],
)
def test_no_values_in_a_cell_without_amounts(cell):
    assert parse_values(cell) == ()


@pytest.mark.parametrize(
    ("text", "written", "value", "unit"),
    [
        ("underskott om 2,7 mnkr.", "2,7 mnkr", 2.7, "mnkr"),
        ("Budget på 68 465 tkr har", "68 465 tkr", 68465.0, "tkr"),
        ("knappt 6 mnkr", "6 mnkr", 6.0, "mnkr"),
        ("underskott på minus 0,9 miljoner kronor", "minus 0,9 miljoner kronor", -0.9, "mnkr"),
        ("budgeterat 281,6 miljoner för perioden", "281,6 miljoner", 281.6, "mnkr"),
        ("Mars: - 450000 kr", "- 450000 kr", -450000.0, "kr"),
        ("avvikelse på -13,3 mnkr", "-13,3 mnkr", -13.3, "mnkr"),
        ("ökat med 48% jämfört", "48%", 48.0, "%"),
        ("en arbetslöshet på 6.4 %", "6.4 %", 6.4, "%"),
        ("böter på 10.500 kr", "10.500 kr", 10500.0, "kr"),
        ("steg 0,3 procentenheter", "0,3 procentenheter", 0.3, "procentenheter"),
        ("efter 19 dagar", "19 dagar", 19.0, "dagar"),
        ("5 469 under perioden", "5 469", 5469.0, None),
    ],
)
def test_amounts_in_prose(text, written, value, unit):
    amounts = [number for number in find_numbers(text) if number.kind is NumberKind.NUMBER]
    assert [(number.text, number.value, number.unit) for number in amounts] == [(written, value, unit)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("2017-2022", ["year"]),
        ("31 augusti 2020", ["date", "year"]),
        ("2020-08-31", ["date"]),
        ("den 31/8 2020", ["date", "year"]),
        ("§ 37", ["code"]),
        ("tel 011-20 60 00", ["code"]),
        ("Covid-19", ["code"]),
        ("26-punktsplanen", ["code"]),
        ("AMN-2020-00307", ["code"]),
        ("åk 9", ["code"]),
        ("6:e plats", ["code"]),
        ("2000 kr", ["number"]),
    ],
)
def test_what_is_no_amount_is_told_apart(text, kinds):
    assert [str(number.kind) for number in find_numbers(text)] == kinds


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("fem", 5.0, None),
        ("tjugofem ärenden", 25.0, None),
        ("fem miljoner tillskjutits", 5.0, "mnkr"),
        ("en miljon kronor", 1.0, "mnkr"),
        ("ett femtital", 50.0, None),
        ("tre år", 3.0, "år"),
    ],
)
def test_numbers_in_words_have_their_flag(text, value, unit):
    (number,) = find_numbers(text)
    assert (number.value, number.unit, number.in_words) == (value, unit, True)


def test_an_article_is_no_number():
    assert find_numbers("en plan och ett beslut") == []


@given(st.text(alphabet="0123456789 ,.-/%krtmnåÅ\u00a0\n\t()§:", max_size=80))
def test_spans_are_ordered_and_slice_to_their_words(text):
    last = 0
    for number in find_numbers(text):
        assert text[number.start : number.end] == number.text
        assert last <= number.start < number.end
        last = number.end


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_a_number_is_read_as_it_was_written(whole, decimals):
    value = whole / 10**decimals
    assert parse_values(format_number(value, decimals)) == (value,)
    amounts = [n for n in find_numbers(f"utfallet {format_number(value, decimals)} kr") if n.unit == "kr"]
    assert [amount.value for amount in amounts] == [value]


def test_numbers_are_written_as_swedish_does():
    assert format_number(-1234567.891, 1) == "−1\u00a0234\u00a0567,9"
    assert format_number(-0.001, 1) == "0,0"


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [(1500.0, "tkr", "mnkr", 1.5), (2.0, "mdkr", "tkr", 2e6), (7.0, "%", "%", 7.0), (1.0, "mnkr", "kr", 1e6)],
)
def test_money_is_converted(value, source, target, expected):
    assert to_unit(value, source, target) == expected


def test_unlike_units_are_not_converted():
    with pytest.raises(ValueError, match="cannot be written"):
        to_unit(1.0, "tkr", "%")
