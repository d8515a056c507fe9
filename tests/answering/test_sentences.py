from __future__ import annotations

import numpy as np
import pytest

from rapportsvar.answering.sentences import (
    Weighed,
    announcing,
    choose_sentences,
    holding_beside,
    weigh_sentences,
    with_items,
)
from rapportsvar.index.store import AnalysedSentence
from rapportsvar.model import QuestionKind, Span
from rapportsvar.retrieval.kinds import kinds_of
from rapportsvar.retrieval.question import Understood
from rapportsvar.retrieval.wanted import wanted_of
from rapportsvar.swedish.cues import traits
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
    ("holds", "beside"),
    [
        ((0, 0, 1, 0), [2]),
        ((0, 0, 0, 1), [3]),
        ((1, 1, 1, 1), []),
        ((0, 0, 0, 0), []),
        ((0, 1, 1, 0), [2]),
        ((0, 1, 0.5, 0), [1]),
        ((0.5, 0.5, 0.5, 0), []),
        ((0.5, 1, 0, 0), [1]),
        ((0, 0.25, 0, 0), []),
    ],
)
def test_the_sentence_beside_that_holds_what_is_wanted_is_found(holds, beside):
    scores = (3.0, 1.0, 1.2, 0.9)
    weighed = [Weighed(*each) for each in zip(SENTENCES, scores, holds, strict=True)]
    assert holding_beside(weighed, [SENTENCES[0]]) == [SENTENCES[place] for place in beside]


LINES = (
    ("Hur länge väntar man på samtal?", "Enheten har hållit 38 samtal. Kön är sju veckor.", "Kön är"),
    ("Vad kostade drönaren?", "En drönare används vid 22 kontroller. Inköpet gick på 95 tkr.", "Inköpet"),
    (
        "När invigs lekplatsen?",
        "Lekplatsen rustas för 1 300 tkr. Invigningen är den 31 augusti.",
        "Invigningen",
    ),
    ("Hur mycket försämrades prognosen?", "Prognosen är 60 mnkr. Det är 5 mnkr sämre än i mars.", "Det är"),
    ("Vem leder Frisk Start?", "Projektet Frisk Start är nytt. Ansvarig är Helena Krantz.", "Ansvarig"),
    ("Vem utreder frågan?", "Under Valborg togs frågan upp. Direktören utreder den.", "Direktören"),
    ("Vem är chef för Åsbro Bostäder?", "Åsbro Bostäder har 900 hem. Rikard Wallmark blev chef.", "Rikard"),
)


@pytest.mark.parametrize(("question", "text", "begins"), LINES)
def test_an_amount_of_another_sort_or_a_name_that_is_asked_with_is_no_answer(question, text, begins):
    asked = understood(question)
    spans = sentences(text)
    analysed = [AnalysedSentence(span, (), traits(span.of(text))) for span in spans]
    weighed = weigh_sentences(analysed, np.array([0.9, 0.1], np.float32), asked, (), text)
    chosen = choose_sentences(weighed, asked.kind)
    assert chosen == [spans[0]]
    assert [span.of(text).startswith(begins) for span in holding_beside(weighed, chosen)] == [True]


def test_an_amount_of_another_sort_is_not_lit_beside():
    text = "Mottagningen har flyttat. Besöken har minskat med 15 procent."
    asked, spans = understood("Hur länge stannar mottagningen?"), sentences(text)
    analysed = [AnalysedSentence(span, (), traits(span.of(text))) for span in spans]
    weighed = weigh_sentences(analysed, np.array([0.9, 0.1], np.float32), asked, (), text)
    assert holding_beside(weighed, [spans[0]]) == []


def understood(question):
    return Understood(
        question,
        question,
        question,
        "sv",
        kinds_of(question),
        (),
        (),
        frozenset(),
        wanted=wanted_of(question),
    )


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
        ("Det finns flera anledningar.", 3),
        ("Fyra omständigheter nämns.", 4),
        ("Tre faktorer nämns.", 3),
        ("Summan består av tre poster.", 3),
        ("Det beror på två saker.", 2),
        ("Det beror på två ting.", 2),
        ("The two main causes are known.", 2),
        ("Several explanations are given.", 3),
        ("Three factors stand out.", 3),
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
