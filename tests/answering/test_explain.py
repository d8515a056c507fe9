"""Which passages explain a row: that name its label, and state a cause."""

import pytest

from rapportsvar.answering.explain import explanations, label_of
from rapportsvar.index.analysis import analyse, index_terms
from rapportsvar.model import EntryKind, Source
from rapportsvar.structure.build import build_report
from rapportsvar.swedish.words import Analyzer

ANALYZER = Analyzer()
TEXT = """\
# Lindsjö kommun
# Årsredovisning 2022, socialnämnden

## Ekonomi

### Driftredovisning, tkr

Verksamhet\tUtfall 2022\tBudget 2022\tAvvikelse
Placeringar barn\t52 330\t43 500\t-8 830
Ekonomiskt bistånd\t26 870\t29 600\t2 730
Missbruksvård\t15 000\t15 400\t400
Summa\t94 200\t88 500\t-5 700

Placeringar av barn drog över budget. Underskottet beror på att fler barn placerades. Lönerna steg.

Missbruksvården höll budget.

### Ekonomiskt bistånd

Överskottet förklaras av att antalet hushåll sjönk.

## Personal

Personalen trivs eftersom schemat är bra.
"""


@pytest.fixture(scope="module")
def report():
    return build_report(Source("a.md", TEXT, ""))


def explained(report, label):
    table = report.tables[0]
    row = next(row for row in table.rows if row.labels and row.labels[-1] == label)
    analysed = analyse(report, ANALYZER)
    passages = [(a.entry, a.sentences or _alone(a)) for a in analysed if a.entry.kind is EntryKind.PASSAGE]
    path = report.sections[table.section].path
    found = explanations(row, path, passages, TEXT, lambda words: index_terms(ANALYZER, words))
    return [" ".join(span.of(TEXT) for span in one.sentences) for one in found]


def _alone(item):
    from rapportsvar.index.store import AnalysedSentence

    return (AnalysedSentence(item.entry.span, item.body_terms, item.traits[1:]),)


def test_the_sentence_that_names_the_label_and_the_one_that_goes_on(report):
    assert explained(report, "Placeringar barn") == [
        "Placeringar av barn drog över budget. Underskottet beror på att fler barn placerades."
    ]


def test_under_a_heading_that_is_the_label_the_label_need_not_be_named(report):
    assert explained(report, "Ekonomiskt bistånd") == ["Överskottet förklaras av att antalet hushåll sjönk."]


def test_no_cause_is_no_explanation(report):
    assert explained(report, "Missbruksvård") == []


def test_a_total_is_explained_by_nothing_that_does_not_name_what_it_sums(report):
    assert explained(report, "Summa") == []


def test_a_total_is_about_its_heading(report):
    total = next(row for row in report.tables[0].rows if row.labels == ("Summa",))
    assert label_of(total, ("Sektor för socialtjänst", "Driftredovisning")) == "Sektor för socialtjänst"
    assert label_of(total, ("Driftredovisning",)) == ""
