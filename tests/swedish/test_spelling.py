import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapportsvar.swedish.language import language
from rapportsvar.swedish.spelling import Speller, with_marks
from rapportsvar.swedish.words import Analyzer

CORPUS = {
    "ökade": 40,
    "kostnaden": 30,
    "kostnad": 20,
    "placeringar": 20,
    "sjukfrånvaro": 9,
    "sjukfrånvaron": 5,
    "försörjningsstöd": 8,
    "förskolan": 8,
    "ekonomiskt": 7,
    "bistånd": 7,
    "hemtjänsten": 4,
    "år": 50,
    "delar": 9,
}


@pytest.fixture(scope="module")
def speller():
    return Speller(CORPUS, ["Katrineholm"], bigrams={("i", "år")})


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("varfor okade kostnaden", "varför ökade kostnaden"),
        ("Varför ökade kosnaden för placeringr?", "Varför ökade kostnaden för placeringar?"),
        ("vad är ekonomsikt bistånd", "vad är ekonomiskt bistånd"),
        ("hur stor var sjuk frånvaron", "hur stor var sjukfrånvaron"),
        ("hur mycket försörjningstöd", "hur mycket försörjningsstöd"),
        ("kostnadenför placeringar", "kostnaden för placeringar"),
        ("Hemtjensten i Katrinholm", "Hemtjänsten i Katrineholm"),
        ("hur manga i ar", "hur många i år"),
    ],
)
def test_correct_when_misspelt(speller, written, expected):
    assert speller.correct(written).text == expected


@pytest.mark.parametrize(
    "written",
    [
        "vad kostade det för skolan",
        "hur många delår",
        "Vad är SFI och LVU 2020?",
        "hur går det i Haninge",
        "why did the cost increase",
        "vad kostar en cykelbana",
        "hur stora blev skolkostnaderna",
    ],
)
def test_correct_leaves_what_is_right(speller, written):
    assert speller.correct(written).text == written


def test_correct_tells_what_it_changed(speller):
    assert speller.correct("Kosnaden för sjuk frånvaro").changes == (
        ("Kosnaden", "Kostnaden"),
        ("sjuk frånvaro", "sjukfrånvaro"),
    )


def test_correct_never_joins_what_the_corpus_writes_apart():
    apart = Speller(CORPUS, bigrams={("sjuk", "frånvaro")})
    assert apart.correct("sjuk frånvaro").changes == ()


@given(st.text(max_size=60))
def test_correct_stands_any_text(text):
    correction = Speller({}).correct(text)
    assert correction.changes or correction.text == text


@pytest.mark.slow
def test_correct_is_fast_with_many_words():
    chance = random.Random(1)
    made = {
        "".join(chance.choices("abdefgiklmnoprstuvåäö", k=chance.randint(4, 16))): 3 for _ in range(200_000)
    }
    many = Speller({**made, **CORPUS})
    many.correct("kosnaden")
    started = time.perf_counter()
    for _ in range(20):
        many.correct("Varför ökade kosnaden för placeringr?")
    assert (time.perf_counter() - started) / 20 < 0.02


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Varför ökade kostnaden?", "sv"),
        ("varfor okade kostnaden for placeringar", "sv"),
        ("why did the cost of placements increase", "en"),
        ("What is försörjningsstöd for the people in town and how much is it?", "en"),
        ("sfi 2020", "sv"),
        ("", "sv"),
    ],
)
def test_language_of_questions(text, expected):
    assert language(text) == expected


@pytest.mark.parametrize(
    ("word", "among"), [("laste", "läste"), ("okade", "ökade"), ("formaga", "förmåga"), ("aldre", "äldre")]
)
def test_marks_left_off_are_put_back_in_words_of_the_dictionary(word, among):
    assert among in with_marks(word, Analyzer())


@pytest.mark.parametrize("word", ["zzab", "bolagsstammoprotokollen", ""])
def test_no_word_comes_of_what_the_dictionary_has_not(word):
    assert with_marks(word, Analyzer()) == []
