"""Whether what is lit holds what the question wants."""

from dataclasses import replace

import pytest

from rapportsvar.answering.holds import LACKS, lacking
from rapportsvar.model import CellAnswer, EntryKind, Highlight, Hit, QuestionKind, ReportInfo, Span
from rapportsvar.retrieval.question import Understood
from rapportsvar.retrieval.wanted import wanted_of


def asked(question, kind=QuestionKind.OTHER, **more):
    return Understood(
        question,
        question,
        question,
        "sv",
        {kind: 1.0},
        (),
        (),
        frozenset(),
        wanted=wanted_of(question),
        **more,
    )


def hit(lit, *cells):
    made = tuple(CellAnswer("rad", "kolumn", value, unit, Span(0, 1)) for value, unit in cells)
    info = ReportInfo(year=2021)
    return Hit(
        1, 1.0, EntryKind.PASSAGE, "a.txt", info, (), Span(0, 9), lit, (Highlight(Span(0, 1), lit),), made
    )


def lack(name, question, *hits, kind=QuestionKind.OTHER, **more):
    return lacking(hits, asked(question, kind, **more))[1][LACKS.index(name)]


@pytest.mark.parametrize(
    ("name", "question", "lit", "bare"),
    [
        ("money", "Vad kostade bron?", "Bron gick på 4,2 mnkr.", "Bron är 40 år gammal."),
        (
            "share",
            "Hur stor andel klarade målet?",
            "Målet nåddes av 84 procent.",
            "Målet nåddes av 12 personer.",
        ),
        ("count", "Hur många sökte?", "Det kom 31 ansökningar.", "Det kom flera ansökningar."),
        ("span", "Hur länge får man vänta?", "Väntan är 6 veckor.", "Väntan är lång."),
        ("name", "Vad heter chefen?", "Ny chef är Karin Ek.", "En ny chef är på plats."),
    ],
)
def test_what_is_wanted_is_found_in_what_is_lit(name, question, lit, bare):
    assert lack(name, question, hit(lit)) == 0
    assert lack(name, question, hit(bare)) > 0.5


def test_what_is_lit_beside_is_not_judged():
    shown = hit("Bron är gammal.")
    beside = Highlight(Span(2, 3), "Den gick på 4,2 mnkr.", beside=True)
    assert lack("money", "Vad kostade bron?", replace(shown, highlights=(*shown.highlights, beside))) > 0.5


def test_the_best_of_several_hits_counts():
    assert lack("money", "Vad kostade bron?", hit("Bron är lång."), hit("Den gick på 3 mnkr.")) == 0


def test_a_cell_is_judged_by_its_unit():
    assert lack("money", "Vad kostade bron?", hit("Bron", ("40", "personer"))) > 0.5
    assert lack("money", "Vad kostade bron?", hit("Bron", ("40", "tkr"))) == 0


def test_a_name_that_the_question_holds_itself_is_no_answer():
    assert (
        lack("name", "Vad heter chefen på Ekbacken?", hit("På Ekbacken är en chef på plats i Ekbacken."))
        > 0.5
    )


def test_a_year_is_held_by_the_row_the_text_or_the_report():
    question = "Hur många sökte 2019?"
    assert lack("year", question, hit("Det kom 31 ansökningar."), years=(2019,)) == 1
    assert lack("year", question, hit("2019 kom 31 ansökningar."), years=(2019,)) == 0
    assert lack("year", question, hit("Delår 201908: 31 ansökningar."), years=(2019,)) == 0
    assert lack("year", question, hit("Det kom 31 ansökningar."), years=(2021,)) == 0


def test_years_of_a_development_may_stand_in_several_hits():
    question = "Hur har antalet utvecklats från 2019 till 2021?"
    several = (hit("2019 kom 31 ansökningar."), hit("Det kom 40."))  # of a report of 2021
    assert lack("year", question, *several, years=(2019, 2021)) == 0
    assert lack("year", question, several[1], years=(2019, 2021)) == 0.5


def test_nothing_is_counted_below_none():
    question = "Hur många anställda har bolaget?"
    assert lack("count", question, hit("Anställda", ("-1,3", None))) == 1
    assert lack("count", question, hit("Anställda", ("-1,3", None), ("12", None))) == 0


def test_a_share_may_be_told_in_words_and_answer_how_many():
    assert lack("share", "Hur stor andel klarade målet?", hit("Två tredjedelar klarade målet.")) == 0
    assert lack("share", "Hur stor andel klarade målet?", hit("7 av 12 klarade målet.")) == 0
    assert 0 < lack("count", "Hur många trivs?", hit("Trivs", ("83", "%"))) < 1


@pytest.mark.parametrize("name", ["LSS-boenden", "HVB", "SFI"])
def test_abbreviations_of_the_field_are_no_names(name):
    assert lack("named", f"Vad kostade vikarier för {name} i maj?", hit("Vikarier kostade 3 mnkr.")) == 0


def test_a_name_in_front_of_a_hyphen_is_looked_for():
    question = "Vad kostade de bortglömda Gammelbo-fakturorna?"
    assert lack("named", question, hit("Fakturor från Gammelbo kostade 3 mnkr.")) == 0
    assert lack("named", question, hit("Fakturor kostade 3 mnkr.")) == 1


def test_a_number_that_the_question_holds_itself_is_no_answer():
    question, how_many = "Hur många av de 52 sökande fick plats?", QuestionKind.HOW_MUCH
    assert lack("count", question, hit("Det kom 52 sökande."), kind=how_many) == 1
    assert lack("count", question, hit("Av 52 sökande fick 12 plats."), kind=how_many) == 0
    assert lack("count", "Kom det 52 sökande?", hit("Det kom 52 sökande."), kind=QuestionKind.YES_NO) == 0


def test_a_month_is_held_by_what_is_lit_or_by_the_period_of_the_report():
    question = "Hur många badade i februari?"
    assert lack("month", question, hit("Det kom 310 besökare.")) == 1
    for told in ("I februari kom 310 besökare.", "Feb 2021: 310", "2021-02: 310", "202102: 310"):
        assert lack("month", question, hit(told)) == 0
    of_february = replace(hit("Det kom 310."), report=ReportInfo(period="januari–februari 2021"))
    assert lack("month", question, of_february) == 0


def test_another_role_is_half_an_answer():
    who = {"kind": QuestionKind.WHO}
    asked_for = "Vem är enhetschef för skolbiblioteken?"
    assert lack("person", asked_for, hit("Enhetschefen heter Karin Ekman."), **who) == 0
    assert lack("person", asked_for, hit("Förvaltningschef är Karin Ekman."), **who) == 0.5
    assert lack("person", "Vem är chef?", hit("Förvaltningschef är Karin Ekman."), **who) == 0


def test_a_cause_is_wanted_of_a_why():
    why = QuestionKind.WHY
    assert lack("cause", "Varför?", hit("Ökningen beror på fler barn."), kind=why) < 0.5
    assert lack("cause", "Varför?", hit("Ökningen var stor."), kind=why) > 0.5


def test_nothing_lacks_where_nothing_is_wanted():
    assert lacking([hit("Ord.")], replace(asked("biblioteken"), kinds={})) == ((0.0,) * len(LACKS),) * 2
