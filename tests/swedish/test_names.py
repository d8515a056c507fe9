import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapportsvar.swedish.names import Gazetteer, basic_form


@pytest.fixture(scope="module")
def names():
    return Gazetteer(extra_municipalities=["Björkvik"], extra_boards=["framtidsnämnden"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Uppsalas invånare", [("Uppsalas", "Uppsala", True)]),
        ("Katrineholms kommun är medlem", [("Katrineholms kommun", "Katrineholm", True)]),
        ("KATRINEHOLMS KOMMUN", [("KATRINEHOLMS KOMMUN", "Katrineholm", True)]),
        ("Falu kommun", [("Falu kommun", "Falun", True)]),
        ("Göteborgs Stad", [("Göteborgs Stad", "Göteborg", True)]),
        ("arbetet i Mark pågår", [("Mark", "Mark", False)]),
        ("Marks kommun", [("Marks kommun", "Mark", True)]),
        ("Mark har köpts in", []),
        ("det ska vara klart", []),
        ("Region Östergötlands regi", [("Region Östergötlands", "Region Östergötland", True)]),
        ("Ekbackens kommun", [("Ekbackens kommun", "Ekbacken", True)]),
        ("Björkviks skolor", [("Björkviks", "Björkvik", True)]),
        ("Vår kommun växer", []),
        ("kommunen", []),
    ],
)
def test_municipalities_in_text(names, text, found):
    assert [(m.span.of(text), m.name, m.certain) for m in names.municipalities(text)] == found


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("vad kostar placeringar i harryda?", "Härryda"),
        ("hur gick det i upplands vasby", "Upplands Väsby"),
        ("OREBRO skolor", "Örebro"),
        ("uppsalas budget", "Uppsala"),
    ],
)
def test_municipalities_loose_in_questions(names, question, name):
    assert [m.name for m in names.municipalities(question, loose=True)] == [name]


def test_municipalities_loose_leaves_ordinary_words(names):
    question = "vad ska vara klart i mark och när blev det en lund"
    assert names.municipalities(question, loose=True) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Socialnämndens utfall", [("Socialnämndens", "socialnämnden")]),
        ("en arbetsmarknadsnämnd", [("arbetsmarknadsnämnd", "arbetsmarknadsnämnden")]),
        ("Barn- och utbildningsnämnden", [("Barn- och utbildningsnämnden", "barn- och utbildningsnämnden")]),
        ("vård- och lärandenämndens mål", [("vård- och lärandenämndens", "vård- och lärandenämnden")]),
        ("framtidsnämnden", [("framtidsnämnden", "framtidsnämnden")]),
        ("VON och KS", [("VON", "vård- och omsorgsnämnden"), ("KS", "kommunstyrelsen")]),
        ("von och ks", []),
        ("nämnden beslutar", []),
    ],
)
def test_boards_in_text(names, text, found):
    assert [(m.span.of(text), m.name) for m in names.boards(text)] == found


def test_boards_loose_in_questions(names):
    assert [m.name for m in names.boards("vad gjorde socialnamnden", loose=True)] == ["socialnämnden"]


@pytest.mark.parametrize(
    ("word", "basic"), [("Björkviks", "Björkvik"), ("Hofors", "Hofors"), ("Borås", "Borås")]
)
def test_basic_form(word, basic):
    assert basic_form(word) == basic


@given(st.text(max_size=200))
def test_names_stand_any_text(text):
    names = _SHARED
    for mention in [
        *names.municipalities(text),
        *names.boards(text),
        *names.municipalities(text, loose=True),
    ]:
        assert 0 <= mention.span.start < mention.span.end <= len(text)


_SHARED = Gazetteer()


@pytest.mark.slow
def test_a_question_takes_less_than_a_third_of_a_millisecond(names):
    question = "vad var orsaken till att kostnaden för placeringar ökade i Katrineholms kommun under 2020?"
    best = min(_time(names, question) for _ in range(20))
    assert best < 0.0003


def _time(names, question):
    start = time.perf_counter()
    names.municipalities(question, loose=True)
    names.boards(question, loose=True)
    return time.perf_counter() - start


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Örtomta stads kommun", ["Örtomta"]),
        ("i Hammarlövs stad", ["Hammarlöv"]),
        ("Ulvsunda Norra kommun", ["Ulvsunda Norra"]),
        ("Norra Ulvsunda kommun", ["Norra Ulvsunda"]),
        ("Årets stad blev Hjo", ["Hjo"]),
        ("en växande stad", []),
        ("Vår stad", []),
        ("Sveriges kommuner", []),
    ],
)
def test_names_that_no_list_holds(text, names):
    assert [mention.name for mention in Gazetteer().municipalities(text)] == names


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Hur långa är köerna i Skåne?", ["Region Skåne"]),
        ("hur långa är köerna i skåne", ["Region Skåne"]),
        ("Skånes sjukhus", ["Region Skåne"]),
        ("Region Skånes ekonomi", ["Region Skåne"]),
        ("Hur gick det i Uppsala?", ["Uppsala"]),
        ("Hur gick det i Halland?", []),
        ("Hur gick det i syd?", []),
    ],
)
def test_a_region_that_is_indexed_is_known_by_its_short_name(question, found):
    regions = Gazetteer(
        extra_municipalities=["Region Skåne", "Region Uppsala", "Region Syd", "Region ???????"]
    )
    assert [mention.name for mention in regions.municipalities(question, loose=True)] == found
