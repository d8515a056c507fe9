from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from rapportsvar.swedish.tokens import sentences, tokens

TEXTS = st.text(
    st.sampled_from('abÅäö.!?…,:;-–•1 2\n\t()"<p>/br å\u0308\u00ad\u00a0'), max_size=80
) | st.text(max_size=60)


def words(text):
    return [token.text for token in tokens(text)]


def cut(text):
    return [span.of(text) for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kostnaden ökade.", ["Kostnaden", "ökade", "."]),
        ("<b>Inledning</b>\t4", ["<b>", "Inledning", "</b>", "4"]),
        ("1 234,5 tkr", ["1 234,5", "tkr"]),
        ("budget 2020 234 tkr", ["budget", "2020", "234", "tkr"]),
        ("1,7/6,3", ["1,7", "/", "6,3"]),
        ("2020–2022", ["2020", "–", "2022"]),
        ("HVB-hem, SoL:s", ["HVB-hem", ",", "SoL:s"]),
        ("bl.a. och/eller 50%", ["bl.a.", "och", "/", "eller", "50", "%"]),
        ("se www.k.se/a?b=1.", ["se", "www.k.se/a?b=1", "."]),
        ("flyktingar³", ["flyktingar", "³"]),
        ("kultur- och fritid", ["kultur", "-", "och", "fritid"]),
    ],
)
def test_tokens_of_reports(text, expected):
    assert words(text) == expected


def test_token_lower_is_composed_and_without_soft_hyphens():
    (token,) = tokens("O\u0308k\u00adning")
    assert (token.lower, token.is_word, token.is_number) == ("ökning", True, False)


def test_token_of_digits_is_number():
    assert [token.is_number for token in tokens("1 234 tkr")] == [True, False]


@given(TEXTS, st.integers(0, 1000))
def test_tokens_slice_to_what_they_say(text, offset):
    found = tokens(text, offset)
    assert all(text[token.start - offset : token.end - offset] == token.text for token in found)
    assert all(left.end <= right.start for left, right in pairwise(found))


@pytest.mark.parametrize(
    "text",
    [
        "Nämnden redovisar ett underskott, bl.a. beroende på ökade kostnader för placeringar.",
        "Antalet elever minskade under hösten, och lokalerna står tomma (se bilaga).",
    ],
)
def test_tokens_agree_with_spacy_on_words(text):
    theirs = {token.text for token in spacy.blank("sv").tokenizer(text) if token.text.isalpha()}
    assert theirs <= set(words(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Det ökade. Sedan sjönk det!", ["Det ökade.", "Sedan sjönk det!"]),
        ("Vad hände? Inget… Jo.", ["Vad hände?", "Inget…", "Jo."]),
        ("Den 3. mars kom 3.5 mnkr. Sedan", ["Den 3. mars kom 3.5 mnkr.", "Sedan"]),
        ("Under 2020. Året", ["Under 2020.", "Året"]),
        ("Bl.a. Katrineholm, t.ex. Vingåker. Nu", ["Bl.a. Katrineholm, t.ex. Vingåker.", "Nu"]),
        ("Kl. 10 ca. 5 nr. 4. Nu", ["Kl. 10 ca. 5 nr. 4.", "Nu"]),
        ("Buss, tåg m.m. Nästa", ["Buss, tåg m.m.", "Nästa"]),
        ("Det är bl a. Kommunen", ["Det är bl a. Kommunen"]),
        ("Buss m m. Nästa", ["Buss m m.", "Nästa"]),
        ("S. Berg kom. Han gick.", ["S. Berg kom.", "Han gick."]),
        ("Se www.k.se. Då", ["Se www.k.se.", "Då"]),
        ('Hon sa "Ja." Sedan nej.', ['Hon sa "Ja."', "Sedan nej."]),
        ("Jobb 2020 (Obs! Ej klart). Nu", ["Jobb 2020 (Obs! Ej klart).", "Nu"]),
        ("Fler barn.Det kostar.", ["Fler barn.", "Det kostar."]),
        ("- ett\n- två\n  och mer\n1. Tre. Då", ["- ett", "- två\n  och mer", "1. Tre.", "Då"]),
        ("raden är bruten\nmitt i. Så", ["raden är bruten\nmitt i.", "Så"]),
        ("# Rubrik\nText som står\n\nNästa", ["# Rubrik", "Text som står", "Nästa"]),
        ("Namn\tAntal\nBarn\t3", ["Namn\tAntal", "Barn\t3"]),
        ("<p>Ett. Två</p><ul><li>tre</li></ul>", ["<p>Ett.", "Två</p>", "<ul><li>tre</li>", "</ul>"]),
        ("Inledning ..... 4", ["Inledning ..... 4"]),
        ("Mål är: • ett • två", ["Mål är:", "• ett", "• två"]),
        (" \n ", []),
    ],
)
def test_sentences_of_reports(text, expected):
    assert cut(text) == expected


@given(TEXTS, st.integers(0, 1000))
def test_sentences_cover_all_that_is_not_blank(text, offset):
    found = sentences(text, offset)
    pieces = [text[span.start - offset : span.end - offset] for span in found]
    assert all(piece and piece == piece.strip() for piece in pieces)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert "".join("".join(pieces).split()) == "".join(text.split())
