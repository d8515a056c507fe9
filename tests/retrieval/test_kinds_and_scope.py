"""Which kind of question it is, and what is not answered at all."""

import pytest

from rapportsvar.model import QuestionKind, Reason
from rapportsvar.retrieval.kinds import kind_of, kinds_of
from rapportsvar.retrieval.scope import refusal


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Varför ökade kostnaden för placeringar?", QuestionKind.WHY),
        ("Vad beror underskottet på?", QuestionKind.WHY),
        ("Hur mycket kostade skolskjutsen?", QuestionKind.HOW_MUCH),
        ("Hur många barn går i förskolan?", QuestionKind.HOW_MUCH),
        ("Vem är ordförande i nämnden?", QuestionKind.WHO),
        ("När öppnar den nya skolan?", QuestionKind.WHEN),
        ("Vilka åtgärder har nämnden beslutat om?", QuestionKind.WHICH),
        ("sjukfrånvaro 2022", QuestionKind.OTHER),
        ("projektledare nya badhuset", QuestionKind.WHO),
        ("Åsbro: när öppnar badhuset?", QuestionKind.WHEN),
    ],
)
def test_kinds(question, kind):
    assert kind_of(question) is kind


def test_weights_are_between_0_and_1_heaviest_first():
    weights = list(kinds_of("Varför och hur mycket ökade kostnaden?").values())
    assert weights == sorted(weights, reverse=True)
    assert all(0 < weight <= 1 for weight in weights)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("", Reason.EMPTY),
        (" \n\t\u200b", Reason.EMPTY),
        ("a" * 601, Reason.TOO_LONG),
        ("1234 ?!", Reason.NOT_A_QUESTION),
        ("<script>alert(1)</script>;{}", Reason.NOT_A_QUESTION),
        ("Vad står det om 19850101-1234?", Reason.PERSONAL),
        ("Varför ökade kostnaden för placeringar?", None),
        ("sjukfrånvaro 2022", None),
        ("Hur många timmar (per vecka) <= 40?", None),
    ],
)
def test_refusals(question, reason):
    assert refusal(question, chars_max=600) is reason
