"""Names of a measure, and how alike they are said to be."""

import pytest

from rapportsvar.answering.likeness import JOINED_FROM, Likeness, covers, name_of
from rapportsvar.index.analysis import index_terms
from rapportsvar.swedish.lexicon import Entry, Lexicon
from rapportsvar.swedish.words import Analyzer

ANALYZER = Analyzer()
LEXICON = Lexicon([Entry("skola", "grundsärskola", "synonym", "anpassad grundskola", 1.0)], analyzer=ANALYZER)
LIKENESS = Likeness(LEXICON)


def name(words):
    return name_of(index_terms(ANALYZER, words))


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Placeringar barn och unga", "Placering av barn och unga", 1.0),
        ("Antal årsarbetare", "Årsarbetare", 0.95),
        ("Placeringskostnader", "Kostnader för placeringar", 0.9),
        ("Grundsärskola", "Anpassad grundskola", 0.9),
        ("Anpassad grundskola", "Grundsärskola", 0.9),
    ],
)
def test_the_same_in_other_words(one, other, likeness):
    assert LIKENESS(name(one), name(other)) == likeness


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Elever i årskurs 5 som känner sig trygga", "Elever i årskurs 8 som känner sig trygga"),
        ("Nettokostnad", "Bruttokostnad"),
        ("Sjukfrånvaro i nämnden", "Sjukfrånvaro"),
        ("Antal utnyttjade vårddygn på institution, barn", "Antal utnyttjade vårddygn på institution, vuxna"),
    ],
)
def test_two_measures_are_never_one_by_shared_words(one, other):
    assert LIKENESS(name(one), name(other)) < JOINED_FROM


def test_what_is_asked_for_is_covered_by_words_and_parts_of_words():
    assert covers(name("vårddygn"), name("Antal vårddygn, månadssnitt"))
    assert covers(name("frånvaro"), name("Sjukfrånvaro totalt"))
    assert not covers(name("vårddygn barn"), name("Vårddygn vuxna"))
