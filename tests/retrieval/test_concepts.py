"""Concepts: a word and all the ways to say it, scored by the best."""

import numpy as np
import pytest

from rapportsvar.index.keyword import KeywordField, write_field
from rapportsvar.index.numbering import Numbering
from rapportsvar.retrieval.concepts import Concept, Wording, concept_scores, concepts_of
from rapportsvar.swedish.lexicon import Expansion
from rapportsvar.swedish.words import Term

DOCUMENTS = [
    ["placeringskostnad", "~placering", "~kostnad"],
    ["kostnad", "placering"],
    ["kostnad"],
    ["utgift"],
    ["annat", "helt"],
]


@pytest.fixture
def field(tmp_path):
    write_field(tmp_path / "body", [" ".join(terms) for terms in DOCUMENTS])
    whole = Numbering.of(np.ones(len(DOCUMENTS), np.bool_), 0)
    return KeywordField.load("body", [(tmp_path / "body", whole)])


def term(key, start=0, end=7, part=False):
    return Term(key, 0.4 if part else 1.0, start, end, part)


def scores(field, *wordings):
    found = concept_scores(Concept(0, 1, wordings), field, len(DOCUMENTS))
    return found.at(np.arange(len(DOCUMENTS)))


def test_the_whole_word_counts_more_than_a_part_of_a_compound(field):
    found = scores(field, Wording(("kostnad",), 1.0))
    assert found[2] > found[0] > 0
    assert found[3] == found[4] == 0


def test_synonyms_do_not_add_up(field):
    alone = scores(field, Wording(("kostnad",), 1.0))
    both = scores(field, Wording(("kostnad",), 1.0), Wording(("utgift",), 0.5))
    assert both[2] == alone[2]
    assert both[3] == pytest.approx(0.5 * scores(field, Wording(("utgift",), 1.0))[3])


def test_all_words_of_a_phrase_count_more_than_one_of_them(field):
    found = scores(field, Wording(("placering", "kostnad"), 1.0))
    assert found[1] > found[2] > 0
    assert (found >= 0).all()
    assert found.dtype == np.float32


def test_parts_of_a_compound_become_a_wording_of_its_word():
    parts = [term("placering", part=True), term("kostnad", part=True)]
    (concept,) = concepts_of([term("placeringskostnad"), *parts], [])
    assert [wording.keys for wording in concept.wordings] == [
        ("placeringskostnad",),
        ("placering", "kostnad"),
    ]
    assert concept.wordings[0].weight > concept.wordings[1].weight


def test_the_lexicon_adds_wordings_to_a_word_and_phrases_of_its_own():
    terms = [term("gå", 0, 4), term("back", 5, 9)]
    fields = {"start": 0, "end": 9}
    phrase = _expansion(("underskott",), **fields)
    synonym = _expansion(("minus",), start=5, end=9)
    concepts = concepts_of(terms, [phrase, synonym])
    assert [(c.start, c.end) for c in concepts] == [(0, 4), (0, 9), (5, 9)]
    whole = concepts[1]
    assert [wording.keys for wording in whole.wordings] == [("underskott",)]
    assert concepts[2].weight < whole.weight
    assert ("minus",) in [wording.keys for wording in concepts[2].wordings]


def _expansion(key, **place):
    known = {"term": key, "weight": 1.0, **place}
    names = Expansion.__dataclass_fields__
    return Expansion(**{name: known.get(name, "") for name in names})
