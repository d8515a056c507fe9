"""The row that says just what is asked, among rows that say more."""

import pytest

from rapportsvar.answering.plain_label import plain_first
from rapportsvar.model import CellAnswer, EntryKind, Hit, QuestionKind, ReportInfo, Span
from rapportsvar.retrieval.question import Understood
from rapportsvar.swedish.words import Analyzer

ANALYZER = Analyzer()


def row(label, unit="%", kind=EntryKind.ROW, source="a.txt"):
    cells = (CellAnswer(label, "2022", "7,4", unit, Span(0, 3)),)
    return Hit(1, 1.0, kind, source, ReportInfo(), ("Personal",), Span(0, 3), "7,4", (), cells)


def asked(question):
    terms = tuple(ANALYZER.terms(question))
    kinds = {QuestionKind.HOW_MUCH: 1.0}
    return Understood(question, question, question, "sv", kinds, terms, (), frozenset())


@pytest.mark.parametrize(
    ("question", "labels", "first"),
    [
        ("Hur hög är sjukfrånvaron?", ["Sjukfrånvaro dag 1–14", "Total sjukfrånvaro"], 1),
        ("Hur hög är sjukfrånvaron dag 1–14?", ["Sjukfrånvaro dag 1–14", "Total sjukfrånvaro"], 0),
        ("Hur många tomma platser?", ["Tomma platser, snitt", "Platser"], 0),
        ("Hur hög är sjukfrånvaron?", ["Total sjukfrånvaro", "Sjukfrånvaro dag 1–14"], 0),
        ("Hur många invånare?", ["Invånare 31 december › varav barn", "Invånare 31 december"], 1),
        (
            "Hur många barn av alla invånare?",
            ["Invånare 31 december › varav barn", "Invånare 31 december"],
            0,
        ),
        ("Hur hög är sjukfrånvaron?", ["Norr › Sjukfrånvaro dag 1–14", "Syd › Total sjukfrånvaro"], 0),
    ],
)
def test_which_row_is_first(question, labels, first):
    hits = tuple(row(label) for label in labels)
    put = plain_first(hits, asked(question), ANALYZER)
    assert put[0].cells == hits[first].cells
    assert sorted(hit.cells[0].row for hit in put) == sorted(labels)


@pytest.mark.parametrize(
    "other",
    [
        row("Elever", unit="kr"),
        row("Elever", source="b.txt"),
        row("Elever", kind=EntryKind.PASSAGE),
    ],
)
def test_another_unit_report_or_form_is_another_matter(other):
    hits = (row("Betyg per elever"), other)
    assert plain_first(hits, asked("Elever?"), ANALYZER) == hits


def test_without_hits_there_is_nothing_to_put():
    assert plain_first((), asked("Elever?"), ANALYZER) == ()
