from __future__ import annotations

import pytest

from rapportsvar.answering.sentences import Weighed, announcing, choose_sentences, with_items
from rapportsvar.model import QuestionKind, Span
from rapportsvar.swedish.tokens import sentences

TEXT = "Nämnden beslutade:\n- att spara\n- att anställa\nBeslutet togs i maj."
SENTENCES = [Span(0, 18), Span(19, 30), Span(31, 45), Span(46, 66)]


def test_with_items_lights_the_list_when_its_lead_in_is_chosen():
    lit = [span.of(TEXT) for span in with_items([SENTENCES[0]], SENTENCES[:3], TEXT)]
    assert lit == ["Nämnden beslutade:", "- att spara", "- att anställa"]


def test_with_items_leaves_an_item_alone_when_it_answers_itself():
    assert with_items([SENTENCES[1]], SENTENCES, TEXT) == [SENTENCES[1]]


def test_choose_sentences_takes_the_best_and_those_nearly_as_good():
    weighed = [Weighed(SENTENCES[0], 1.0), Weighed(SENTENCES[1], 3.0), Weighed(SENTENCES[3], 2.9)]
    assert choose_sentences(weighed, QuestionKind.HOW_MUCH) == [SENTENCES[1], SENTENCES[3]]


def test_choose_sentences_is_empty_without_sentences():
    assert choose_sentences([], QuestionKind.WHY) == []


@pytest.mark.parametrize(
    ("holds", "lit"),
    [
        ((0, 0, 2, 0), [0, 2]),
        ((0, 0, 0, 2), [0]),
        ((2, 2, 2, 2), [0]),
        ((0, 0, 0, 0), [0]),
        ((0, 2, 2, 0), [0, 2]),
        ((0, 2, 1, 0), [0, 1]),
        ((0, 1, 0, 0), [0, 1]),
        ((1, 1, 1, 0), [0]),
        ((1, 2, 0, 0), [0, 1]),
    ],
)
def test_choose_sentences_adds_the_one_beside_that_holds_what_is_wanted(holds, lit):
    scores = (3.0, 1.0, 1.2, 0.9)
    weighed = [Weighed(*each) for each in zip(SENTENCES, scores, holds, strict=True)]
    assert choose_sentences(weighed, QuestionKind.HOW_MUCH) == [SENTENCES[place] for place in lit]


def test_short_lines_that_belong_together_are_lit_together():
    text = "Lena Ek\nDirektör"
    lines = [Span(0, 7), Span(8, 16)]
    assert with_items([lines[1]], lines, text) == lines


def test_causes_are_lit_with_the_sentence_that_announces_them():
    text = "Underskottet har två orsaker. Timmarna är fler. Dessutom är lönerna högre. Beslut tas i maj."
    spans = [Span(0, 29), Span(30, 47), Span(48, 74), Span(75, 92)]
    assert with_items([spans[0]], spans, text) == spans[:3]
    assert with_items([spans[1]], spans, text) == [spans[1]]


@pytest.mark.parametrize(
    ("said", "steps"),
    [
        ("Underskottet kan delas i tre delar.", 3),
        ("Orsaken till de höga kostnaderna är flera.", 3),
        ("Två orsaker dominerar.", 2),
        ("Förklaringarna är två.", 2),
        ("There are four reasons for the deficit.", 4),
        ("Bygget har av olika skäl dragit ut på tiden.", 0),
        ("En förklaring är att två tjänster var vakanta.", 0),
        ("Kommunen har tre delar.", 0),
    ],
)
def test_as_many_causes_are_lit_as_are_announced(said, steps):
    text = " ".join(
        [said, *(f"Det {word} skälet är ett." for word in ("ena", "andra", "tredje", "fjärde", "femte"))]
    )
    spans = sentences(text)
    assert with_items([spans[0]], spans, text) == spans[: steps + 1]
    assert announcing(spans, text) == (spans[:1] if steps else [])
