import pytest

from rapportsvar.swedish.report_kinds import report_kinds, report_kinds_in


@pytest.mark.parametrize(
    ("question", "words", "name"),
    [
        ("Vad kostade skolskjutsen enligt årsredovisningen?", "årsredovisningen", "årsredovisning"),
        ("Vad står i Tjärnbys delårsrapport om lokaler?", "delårsrapport", "delårsrapport"),
        ("Vad står i nämndens senaste månadsuppföljning?", "månadsuppföljning", "månadsuppföljning"),
        ("Hur många platser planeras, utifrån internbudgeten?", "internbudgeten", "internbudget"),
        (
            "Vilken prognos gavs i verksamhetsberättelsen 2022?",
            "verksamhetsberättelsen",
            "verksamhetsberättelse",
        ),
    ],
)
def test_a_kind_of_report_that_the_answer_is_to_be_from(question, words, name):
    (mention,) = report_kinds_in(question)
    assert mention.span.of(question) == words
    assert name in mention.names


@pytest.mark.parametrize(
    "question",
    [
        "Varför blev delårsrapporten försenad?",
        "Hur mycket av budgeten är förbrukad?",
        "När lämnas årsredovisningen till revisorerna?",
        "Hur stort blev underskottet?",
    ],
)
def test_a_report_that_is_itself_asked_about_is_none(question):
    assert report_kinds_in(question) == []


def test_names_that_are_used_for_each_other_go_together():
    (mention,) = report_kinds_in("Vad sägs i årsrapporten?")
    assert {"årsrapport", "verksamhetsberättelse"} <= mention.names


def test_own_names_come_first_and_the_longest_first():
    exact = [kind.exact for kind in report_kinds()]
    assert exact == sorted(exact, reverse=True)
    names = [kind.name for kind in report_kinds() if kind.exact]
    assert [len(name) for name in names] == sorted((len(name) for name in names), reverse=True)


def test_bare_keywords_name_it_without_a_preposition():
    assert not report_kinds_in("sjukfrånvaro årsredovisning 2019")
    (mention,) = report_kinds_in("sjukfrånvaro årsredovisning 2019", keywords=True)
    assert "årsredovisning" in mention.names
