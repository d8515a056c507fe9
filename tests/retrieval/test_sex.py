"""The sex that a question asks for."""

import pytest

from rapportsvar.retrieval.measured import sex_of


@pytest.mark.parametrize(
    ("question", "sex"),
    [
        ("Hur många kvinnor är sjukskrivna?", "kvinnor"),
        ("Hur många män är sjukskrivna?", "män"),
        ("Hur mycket tar papporna ut?", "män"),
        ("Hur många mammor är föräldralediga?", "kvinnor"),
        ("How many men are on sick leave?", "män"),
        ("What about men?", "män"),
        ("Är kvinnor sjukare än män?", ""),
        ("Are women ill more often than men?", ""),
        ("Kostnaden ökade, men varför?", ""),
        ("Jaha, men hur gick det för skolbussen?", ""),
        ("Var lämnas papper och glas?", ""),
        ("Hur lång är kön till mammografi?", ""),
    ],
)
def test_a_sex_is_told_from_words_that_are_like_it(question, sex):
    assert sex_of(question) == sex
