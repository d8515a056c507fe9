import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapportsvar.errors import UnknownName
from rapportsvar.model import Filters, ReportInfo
from rapportsvar.retrieval.chosen import chosen, known_name

NAMES = ["Lindsjö", "Hofors", "Åsbro", "Örtomta", "Region Dalarna"]


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("lindsjö", "Lindsjö"),
        ("LINDSJÖ KOMMUN", "Lindsjö"),
        ("Lindsjös kommun", "Lindsjö"),
        ("lindsjos", "Lindsjö"),
        ("Hofors kommun", "Hofors"),
        ("hofor", "Hofors"),
        ("Örtomta stads kommun", "Örtomta"),
        ("örtomta  stad", "Örtomta"),
        ("region dalarna", "Region Dalarna"),
        ("Lindsj", None),
        ("", None),
    ],
)
def test_known_name_of_what_an_asker_writes(wanted, meant):
    assert known_name(wanted, NAMES) == meant


def test_known_name_prefers_the_letters_that_are_written():
    assert known_name("åsbro", ["Asbro", "Åsbro"]) == "Åsbro"
    assert known_name("asbro", ["Asbro", "Åsbro"]) == "Asbro"


@given(st.sampled_from(NAMES), st.sampled_from(["", "s kommun", " kommun", " stad"]), st.booleans())
def test_known_name_knows_every_name_however_it_is_written(name, tail, upper):
    written = name + tail
    assert known_name(written.upper() if upper else written, NAMES) == name


INFOS = [
    ReportInfo(
        title="", municipality="Lindsjö", board="socialnämnden", kind="delårsrapport", period="", date="",
        reference="", year=2021, uncertain=(),
    )
]  # fmt: skip


def test_chosen_writes_filters_as_the_index_does():
    filters = Filters("lindsjö kommun", "Socialnämndens", (2021,), "Delårsrapport")
    expected = Filters("Lindsjö", "socialnämnden", (2021,), "delårsrapport")
    assert chosen(filters, INFOS, strict=True) == expected


def test_chosen_lists_what_there_is_when_a_name_is_unknown():
    with pytest.raises(UnknownName, match="Det finns: Lindsjö"):
        chosen(Filters("Ekåsen"), INFOS, strict=True)
    assert chosen(Filters("Ekåsen"), INFOS, strict=False) == Filters("Ekåsen")
