import random
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapportsvar.swedish.datafiles import data_lines
from rapportsvar.swedish.words import Analyzer, fold, stopwords


@pytest.fixture(scope="module")
def analyzer():
    return Analyzer()


@pytest.mark.parametrize(
    "forms",
    [
        "kostnad kostnader kostnaden kostnadernas",
        "placering placeringar placeringarna Placeringarnas",
        "barn barnen barnens",
        "öka ökar ökade ökat",
        "bero beror berodde",
        "få får fick",
        "nämnd nämnden nämndens nämnderna",
        "äldre äldres",
        "beslut beslutet besluten",
        "utfall utfallet utfallets",
        "orsak orsaken orsakerna",
        "påverka påverkat påverkats påverkades",
        "Katrineholm Katrineholms katrineholm",
        "sfi SFI SFI:s",
        "HVB-hem HVB-hemmet hvb-hemmen",
        "arbetsmarknadsnämnd arbetsmarknadsnämnden Arbetsmarknadsnämndens",
        "vårddygnskostnad vårddygnskostnaderna",
        "lindsjö Lindsjös",
    ],
)
def test_lemma_is_one_for_all_forms(analyzer, forms):
    assert len({analyzer.lemma(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "word",
    ["marsprognosen", "mätindikatorer", "syntes", "skulle", "Lindsjös", "it", "tkr", "slutet", "anställda"],
)
def test_lemma_of_lemma_is_itself(analyzer, word):
    assert analyzer.lemma(analyzer.lemma(word)) == analyzer.lemma(word)


def test_lemmas_of_the_correction_list_are_final(analyzer):
    for form, lemma in data_lines("lemmas.tsv"):
        assert (analyzer.lemma(form), analyzer.lemma(lemma)) == (lemma, lemma)


@pytest.mark.parametrize(("left", "right"), [("kostnad", "kosta"), ("nämnd", "nämna"), ("orsak", "ork")])
def test_lemma_differs_for_different_words(analyzer, left, right):
    assert analyzer.lemma(left) != analyzer.lemma(right)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("placeringskostnader", "placering kostnad"),
        ("försörjningsstödet", "försörjning stöd"),
        ("arbetsmarknadsnämnden", "arbetsmarknad nämnd"),
        ("familjehemsplaceringar", "familjehem placering"),
        ("familjehem", "familj hem"),
        ("personalkostnader", "personal kostnad"),
        ("kostnadsökningen", "kostnad ökning"),
        ("sommarjobb", "sommar jobb"),
        ("hemtjänst", "hem tjänst"),
        ("socialtjänsten", "social tjänst"),
        ("skolskjuts", "skola skjuts"),
        ("skatteintäkter", "skatt intäkt"),
        ("äldreomsorgen", "äldre omsorg"),
        ("delårsrapport", "delår rapport"),
        ("HVB-placering", "hvb placering"),
    ],
)
def test_parts_of_compounds(analyzer, word, expected):
    assert analyzer.parts(word) == tuple(expected.split())


@pytest.mark.parametrize(
    "word",
    [
        "beslut",
        "bistånd",
        "resultat",
        "period",
        "barnen",
        "kontakt",
        "kontroll",
        "rapport",
        "program",
        "Stockholm",
    ],
)
def test_parts_of_simple_words_and_names_are_none(analyzer, word):
    assert analyzer.parts(word) == ()


def test_parts_take_words_of_the_corpus():
    assert Analyzer({"sofilur": 5}).parts("sofilurkostnad") == ("sofilur", "kostnad")


def test_terms_of_compound_and_of_phrase_meet(analyzer):
    compound = {term.key for term in analyzer.terms("placeringskostnader") if term.part}
    phrase = {term.key for term in analyzer.terms("Kostnader för placeringarna")}
    assert compound == phrase == {"placering", "kostnad"}


def test_terms_weigh_parts_less(analyzer):
    first, *others = analyzer.terms("placeringskostnader")
    assert (first.weight, first.part) == (1.0, False)
    assert all(term.weight < 1 and term.part for term in others)


def test_terms_join_the_digits_of_a_number(analyzer):
    assert [term.key for term in analyzer.terms("1 234 barn, 3,5 år 2020")][:2] == ["1234", "barn"]


def test_terms_leave_out_stop_words_unless_kept(analyzer):
    assert [term.key for term in analyzer.terms("och kommunen")] == ["kommun"]
    assert len(analyzer.terms("och kommunen", keep_stopwords=True)) == 2
    assert "och" in stopwords()


@given(text=st.text(max_size=60), offset=st.integers(0, 100))
def test_terms_stand_inside_the_text(text, offset):
    for term in Analyzer().terms(text, offset, keep_stopwords=True):
        assert offset <= term.start < term.end <= offset + len(text)
        assert term.key
        assert 0 < term.weight <= 1


@pytest.mark.parametrize(("written", "expected"), [("Varför", "varfor"), ("A\u030ar", "ar"), ("idé", "ide")])
def test_fold_takes_the_marks_away(written, expected):
    assert fold(written) == expected


def test_one_analyzer_serves_many_threads_alike():
    """A stemmer keeps the word that it is at in itself: shared by threads, it mixed their words or broke."""
    rng = random.Random(8)
    words = ["".join(rng.choices("bdfgklmnprstvåäöaeiou", k=rng.randint(6, 14))) for _ in range(1_000)]
    alone = [*map(Analyzer().lemma, words)]
    shared, interval = Analyzer(), sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            together = list(threads.map(shared.lemma, words))
    finally:
        sys.setswitchinterval(interval)
    assert together == alone
