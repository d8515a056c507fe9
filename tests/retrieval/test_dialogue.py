import json
from pathlib import Path

import pytest

from rapportsvar.model import ReportInfo
from rapportsvar.retrieval.conversation.dialogue import follow_up, standalone_question
from rapportsvar.retrieval.conversation.openings import Opening, opening_of, without_reaction
from rapportsvar.retrieval.conversation.pronouns import pronoun_in
from rapportsvar.retrieval.conversation.slots import read_slots, substituted
from rapportsvar.retrieval.conversation.topics import topic_of
from rapportsvar.retrieval.conversation.turns import turn_of
from rapportsvar.retrieval.indexed import Indexed
from rapportsvar.retrieval.question import Understanding
from rapportsvar.swedish.lexicon import Lexicon
from rapportsvar.swedish.names import Gazetteer
from rapportsvar.swedish.spelling import Speller
from rapportsvar.swedish.words import Analyzer

CONVERSATIONS = [
    json.loads(line) for line in Path(__file__).with_name("dialogues.jsonl").read_text("utf-8").splitlines()
]
STANDALONES = [
    json.loads(line) for line in Path(__file__).with_name("standalones.jsonl").read_text("utf-8").splitlines()
]
"""Read by eye: each is a sentence that says what is meant."""
HOSTILE = [
    "",
    " ",
    "?",
    "???",
    "och",
    "det",
    "i",
    "\x00\x00",
    "{np}",
    "{0} %s \\1",
    "<script>alert(1)</script>",
    "Varför " * 200,
    "2019" * 50,
    "å" * 5000,
    "i i i i",
    "för",
    "Hur många",
    "de de de",
    "\u202e\u200b",
    "(((",
    "Lindsjö",
    "året innan",
]


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    analyzer = Analyzer()
    lexicon = Lexicon.load(analyzer=analyzer)
    report = ReportInfo(title="Årsredovisning", municipality="Lindsjö", year=2022)
    return Understanding(
        analyzer=analyzer,
        lexicon=lexicon,
        speller=Speller({}, lexicon.words, analyzer=analyzer),
        gazetteer=Gazetteer(extra_municipalities=["Lindsjö", "Åsbro", "Norrvika"]),
        indexed=Indexed({1: report}, lambda _: frozenset({1})),
    )


@pytest.mark.parametrize(
    "turn", CONVERSATIONS, ids=lambda turn: f"{turn['history'][-1]} | {turn['question']}"
)
def test_standalone_keeps_the_subject_when_a_question_follows_up(turn, understanding):
    standalone = standalone_question(turn["question"], turn["history"], understanding)
    words = standalone.lower()
    assert [word for word in turn["has"] if word.lower() not in words] == [], standalone
    assert [word for word in turn["lacks"] if word.lower() in words] == [], standalone


@pytest.mark.parametrize("turn", STANDALONES, ids=lambda turn: f"{turn['history'][-1]} | {turn['question']}")
def test_standalone_reads_well_when_a_question_follows_up(turn, understanding):
    written = standalone_question(turn["question"], turn["history"], understanding)
    assert written == turn["standalone"]


@pytest.mark.parametrize("turn", CONVERSATIONS + STANDALONES, ids=lambda turn: turn["question"])
def test_standalone_is_one_question_when_a_question_follows_up(turn, understanding):
    standalone = standalone_question(turn["question"], turn["history"], understanding)
    assert standalone.endswith("?")
    assert standalone[0].isupper()
    assert "  " not in standalone
    assert "{" not in standalone


def test_question_stays_when_there_is_no_history(understanding):
    assert standalone_question("Varför då?", [], understanding) == "Varför då?"


@pytest.mark.parametrize("history", [["", " "], ["hej"], ["Tack så mycket!"], ["asdf" * 2000]])
def test_question_stays_when_history_says_nothing(history, understanding):
    assert standalone_question("Och i Uppsala då?", history, understanding) == "Och i Uppsala då?"


def test_new_topic_stays_when_it_names_its_own_municipality(understanding):
    asked = "Vad kostade skolmaten i Linköping?"
    written = follow_up(asked, ["Hur många anställda har kommunen i Uppsala 2022?"], understanding)
    assert (written.standalone, written.carried) == (asked, ())


def test_carried_names_subject_place_and_year(understanding):
    written = follow_up("Varför?", ["Hur hög var sjukfrånvaron i hemtjänsten i Åsbro 2022?"], understanding)
    assert written.carried == ("Åsbro", "2022", "sjukfrånvaron i hemtjänsten")


def test_year_is_counted_from_the_newest_report_when_none_is_named(understanding):
    written = standalone_question("Och året innan?", ["Hur hög är sjukfrånvaron i Lindsjö?"], understanding)
    assert "2021" in written


@pytest.mark.parametrize("question", HOSTILE)
def test_nothing_breaks_when_the_words_are_hostile(question, understanding):
    for history in (HOSTILE, [question], [question, "Varför?"], ["Hur stor är kön i Åsbro 2022?", question]):
        assert isinstance(standalone_question(question, history, understanding), str)
        assert isinstance(standalone_question("Varför?", history, understanding), str)


@pytest.mark.parametrize(
    ("question", "np", "clause"),
    [
        ("Hur hög var sjukfrånvaron i Åsbro?", "sjukfrånvaron i Åsbro", "sjukfrånvaron i Åsbro var så hög"),
        ("Hur gick det för skolan 2022?", "skolan 2022", "det gick så för skolan 2022"),
        ("Ökade kostnaden för placeringar?", "kostnaden för placeringar", "kostnaden för placeringar ökade"),
        (
            "Hur många barn placerades 2021?",
            "antalet barn som placerades 2021",
            "så många barn placerades 2021",
        ),
        ("sjukfrånvaro Åsbro", "sjukfrånvaro Åsbro", ""),
        (
            "Hur stort underskott hade skolan i Åsbro 2022?",
            "underskottet för skolan i Åsbro 2022",
            "skolan i Åsbro hade så stort underskott 2022",
        ),
        (
            "Hur mycket lägre har kostnaden varit 2022 än 2021?",
            "kostnaden 2022",
            "kostnaden har varit så mycket lägre 2022 än 2021",
        ),
        ("Hur många är arbetslösa i Åsbro?", "antalet arbetslösa i Åsbro", "så många är arbetslösa i Åsbro"),
        (
            "Hur mycket sjukfrånvaro var det bland lärarna?",
            "sjukfrånvaron bland lärarna",
            "det var så mycket sjukfrånvaro bland lärarna",
        ),
        ("Gick simhallen back 2022?", "underskottet för simhallen 2022", "simhallen gick back 2022"),
    ],
)
def test_topic_is_what_a_question_is_about(question, np, clause):
    assert (topic_of(question).np, topic_of(question).clause) == (np, clause)


def test_genitive_is_kept_when_the_municipality_changes(understanding):
    (slot,) = read_slots("Och i Uppsala?", understanding)
    assert substituted("Vad är Lindsjös skuld?", slot, understanding) == "Vad är Uppsalas skuld?"


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("Oj, så mycket. Varför?", "Varför?"),
        ("Okej, men hur är det med personalen?", "hur är det med personalen?"),
        ("Bara hälften?! Vad beror det på?", "Vad beror det på?"),
        ("Skolskjutsen blev dyrare. Varför?", "Skolskjutsen blev dyrare. Varför?"),
        ("Varför?", "Varför?"),
        ("Oj.", "Oj."),
    ],
)
def test_a_reaction_is_left_out_and_a_premise_stays(said, question):
    assert without_reaction(said) == question


@pytest.mark.parametrize(
    ("said", "opening"),
    [
        (
            "Tillbaka till gymnasiet, hur stort var underskottet?",
            Opening("gymnasiet", "hur stort var underskottet?", is_aside=False),
        ),
        ("Åsbro då, hur gick det där?", Opening("Åsbro", "hur gick det där?", is_aside=False)),
        ("Jag byter ämne: vad kostar maten?", Opening("Jag byter ämne", "vad kostar maten?", is_aside=True)),
        ("Hur gick det för skolan, vården och omsorgen?", None),
        ("Och i Åsbro?", None),
    ],
)
def test_what_a_question_is_about_may_be_told_first(said, opening):
    assert opening_of(said) == opening


@pytest.mark.parametrize(
    ("question", "points"),
    [
        ("Vad gör man åt det?", True),
        ("Är det fler än i fjol?", True),
        ("När ska den vara klar?", True),
        ("Hur många psykologer fattas det?", False),
        ("Är det många som söker?", False),
        ("Varför drar det ut på tiden?", False),
        ("Har det hjälpt?", False),
        ("Vad kostar den nya skolan?", False),
        ("Hur blir det med Solhaga, ska det finnas kvar?", False),
    ],
)
def test_a_pronoun_points_or_stands_for_nothing(question, points, understanding):
    turn = turn_of(question, "Hur stort är underskottet i Åsbro 2022?", understanding)
    assert (pronoun_in(turn, question) is not None) == points
