import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapportsvar.swedish.identity_numbers import MASK, identity_numbers, masked

# Numbers that Skatteverket gives out for tests, and what is made of them.
RIGHT = (
    *("811218-9876", "8112189876", "198112189876", "19811218-9876", "811218+9876", "811218\u20139876"),
    *("701063-2391", "197010632391", "20000229-2381", "000229-2381", "18900118-9811"),
)


def found(text):
    return [text[span.start : span.end] for span in identity_numbers(text)]


@pytest.mark.parametrize("number", RIGHT)
@pytest.mark.parametrize(
    "around", ["{}", "Hon ({}) bor kvar.", "pnr {}, och", "a\t{}\tb", "nr:{}.", "Anna,{},Ek", "”{}”;"]
)
def test_numbers_that_are_right_are_found(number, around):
    assert found(around.format(number)) == [number]


@pytest.mark.parametrize(
    "text",
    [
        "811218-9875",  # the checksum
        "811318-9876",  # no month 13
        "810230-9874",  # no day 30 in February
        "19000229-0005",  # 1900 was no leap year
        "17811218-9876",
        "556036-0793",  # an organisationsnummer
        "212000-0142",
        "81121898761",
        "1811218-9876",
        "8112189876 kr",
        "8112189876 tkr",
        "8112189876,50",
        "3.8112189876",
        "Telefon: 8112189876",
        "mobil 8112189876",
        "dnr 811218-98765",
        "SN811218-9876",
        "811218 9876",  # two figures of a table
        "811 218 9876",
        "19811218+9876",
        "bankgiro 5050-1055",
    ],
)
def test_what_is_no_number_is_left(text):
    assert found(text) == []


def test_a_number_is_masked_at_the_same_length():
    text = "Barnet (811218-9876) och 701063-2391 placerades 2022."
    hidden = masked(text, list(identity_numbers(text)))
    assert hidden == f"Barnet ({MASK * 6}-{MASK * 4}) och {MASK * 6}-{MASK * 4} placerades 2022."
    assert len(hidden) == len(text)
    assert found(hidden) == []


def luhn(nine):
    total = sum(sum(divmod(int(c) * (2 - n % 2), 10)) for n, c in enumerate(nine))
    return nine + str(-total % 10)


@given(st.dates(), st.integers(0, 999), st.sampled_from(["-", ""]), st.booleans(), st.text(max_size=30))
def test_all_dates_with_a_checksum_are_found_and_other_checksums_are_not(day, number, between, whole, around):
    if not 1850 <= day.year <= 2099:
        return
    ten = luhn(f"{day:%y%m%d}{number:03d}")
    century = f"{day.year // 100}" if whole else ""
    written = f"{century}{ten[:6]}{between}{ten[6:]}"
    assert written in found(f"x {written} y")
    wrong = written[:-1] + str((int(written[-1]) + 1) % 10)
    assert found(f"x {wrong} y") == []
    text = f"{around} {written} {around}"
    spans = list(identity_numbers(text))
    hidden = masked(text, spans)
    assert len(hidden) == len(text)
    assert not list(identity_numbers(hidden))
