import pytest

from rapportsvar.model import Span
from rapportsvar.retrieval.set_aside import without


def span(question, words):
    return Span(question.index(words), question.index(words) + len(words))


@pytest.mark.parametrize(
    ("question", "words", "left"),
    [
        ("Vad kostade vården i Lindsjö 2022?", "2022", "Vad kostade vården i Lindsjö?"),
        ("Vad kostade vården i Lindsjö under år 2022?", "2022", "Vad kostade vården i Lindsjö?"),
        ("Vad kostade vården i Lindsjö 2022?", "Lindsjö", "Vad kostade vården 2022?"),
        ("Lindsjö?", "Lindsjö", None),
    ],
)
def test_words_are_taken_out_with_their_preposition(question, words, left):
    assert without(question, [span(question, words)]) == left


def test_question_without_such_words_is_left_alone():
    assert without("Vad kostade vården?", []) is None
