"""What an answer must hold, and which concept is asked about."""

import pytest

from rapportsvar.retrieval.concepts import Concept, Wording
from rapportsvar.retrieval.wanted import Wanted, focus_of, wanted_of


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Hur mycket kostade tillbyggnaden?", {Wanted.MONEY}),
        ("Hur många kronor lades på lekplatser?", {Wanted.MONEY}),
        ("Hur stor andel av kostnaden täcks av avgifter?", {Wanted.SHARE}),
        ("Hur många tjänster är vakanta?", {Wanted.COUNT}),
        ("Hur många veckor väntar man?", {Wanted.SPAN}),
        ("Hur snabbt kommer ambulansen?", {Wanted.SPAN}),
        ("Vilket företag kör sopbilarna?", {Wanted.NAME}),
        ("Vad heter enhetschefen?", {Wanted.NAME}),
        ("Vilka två idrottsföreningar fick bidrag?", {Wanted.NAME}),
        ("Vilken kommunal mottagning stängdes?", {Wanted.NAME}),
        ("Vilken färg har målet?", set()),
        ("Hur många skattemiljoner gick till bron?", {Wanted.MONEY}),
        ("Vilka åtgärder har vidtagits?", set()),
        ("Hur gick det för biblioteken?", set()),
    ],
)
def test_what_an_answer_must_hold(question, wanted):
    assert set(wanted_of(question)) == wanted


def concept(word, weight=1.0):
    return Concept(0, 1, (Wording((word,), 1.0),), weight)


def test_the_focus_is_the_first_concept_that_is_no_name_and_no_measure():
    assert focus_of([concept("lund", 0.1), concept("antal"), concept("lärare"), concept("skola")]) == 2


def test_there_is_no_focus_among_names_and_measures():
    assert focus_of([concept("lund", 0.1), concept("antal")]) is None
    assert focus_of([Concept(0, 1, ())]) is None
