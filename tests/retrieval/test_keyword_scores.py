"""Keyword scores of all entries, against the same worked out one entry at a time."""

from types import SimpleNamespace

import numpy as np
import pytest

from rapportsvar.index.keyword import FIELDS, KeywordField, write_field
from rapportsvar.index.numbering import Numbering
from rapportsvar.retrieval import concepts as concepts_module
from rapportsvar.retrieval.concepts import Concept, Wording, concept_scores
from rapportsvar.retrieval.keyword_scores import IN_CONTEXT, MANY_AMONG, KeywordScores

ENTRIES = 400
WORDS = ["kostnad", "placering", "skola", "hemtjänst", "budget", "~kostnad", "~skola"]
SHARES = [0.7, 0.3, 0.05, 0.01, 0.5, 0.2, 0.1]
CONCEPTS = (
    Concept(0, 1, (Wording(("kostnad",), 1.0), Wording(("budget",), 0.6)), 1.0),
    Concept(2, 3, (Wording(("placering", "kostnad"), 0.8), Wording(("hemtjänst", "okänd"), 0.5)), 0.35),
    Concept(4, 5, (Wording(("skola",), 1.0),), 1.0),
    Concept(6, 7, (Wording(("finns", "inte"), 1.0),), 1.0),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    chance = np.random.default_rng(7)
    folder = tmp_path_factory.mktemp("fields")
    whole = Numbering.of(np.ones(ENTRIES, np.bool_), 0)
    fields = {}
    for name in FIELDS:
        held = chance.random((ENTRIES, len(WORDS))) < np.array(SHARES)
        write_field(
            folder / name,
            [" ".join(w for w, is_held in zip(WORDS, row, strict=True) if is_held) for row in held],
        )
        fields[name] = KeywordField.load(name, [(folder / name, whole)])
    return SimpleNamespace(entries=range(ENTRIES), keyword=fields)


def one_by_one(index):
    """Return by concept and field the score of each entry, ``(concepts, fields, entries)``."""
    every = np.arange(ENTRIES)
    return np.stack(
        [
            np.stack([concept_scores(c, index.keyword[name], ENTRIES).at(every) for name in FIELDS])
            for c in CONCEPTS
        ]
    )


@pytest.mark.parametrize("few_among", [0, 10, 10_000], ids=["as if few", "as they are", "as if many"])
@pytest.mark.parametrize("is_allowed", [None, np.arange(ENTRIES) % 3 == 0], ids=["all", "a third"])
def test_sums_are_those_of_each_entry(index, monkeypatch, few_among, is_allowed):
    monkeypatch.setattr(concepts_module, "FEW_AMONG", few_among)
    found = KeywordScores(index, CONCEPTS, is_allowed)
    body, context, labels = one_by_one(index).transpose(1, 0, 2)
    inside = np.maximum(body, labels)
    weights = np.array([c.weight for c in CONCEPTS], np.float32)[:, None]
    np.testing.assert_allclose(
        found.total, (np.maximum(inside, IN_CONTEXT * context) * weights).sum(axis=0), rtol=1e-6
    )
    for name, scores in zip(FIELDS, (body, context, labels), strict=True):
        np.testing.assert_allclose(found.fields[name], (scores * weights).sum(axis=0), rtol=1e-6)
    some = np.array([0, 3, 4, 200, ENTRIES - 1])
    by_inside, by_anywhere = found.by_concept(some)
    np.testing.assert_array_equal(by_inside, inside[:, some])
    np.testing.assert_array_equal(by_anywhere, np.maximum(inside, context)[:, some])
    np.testing.assert_allclose(
        found.ideal, np.maximum(inside, context).max(axis=1) * weights[:, 0], rtol=1e-6
    )
    among = np.ones(ENTRIES, np.bool_) if is_allowed is None else is_allowed
    assert found.best_total == found.total[among].max()
    assert found.concepts[0].best(is_allowed) == np.maximum(inside, context)[0, among].max()
    best, best_labels = found.proposed(20)
    assert set(best) == set(np.argsort(-np.where(among, found.total, -1), kind="stable")[:20])
    assert among[best_labels].all()


def test_both_ways_to_add_are_met(index):
    found = KeywordScores(index, CONCEPTS, None)
    sizes = [len(c.body.places) + len(c.context.places) + len(c.labels.places) for c in found.concepts]
    assert max(sizes) * MANY_AMONG > ENTRIES > MANY_AMONG * min(sizes)


def test_words_of_which_none_stands_anywhere(index):
    found = KeywordScores(index, CONCEPTS[3:], None)
    assert not found.total.any()
    assert found.ideal.tolist() == [0.0]


def test_no_words(index):
    found = KeywordScores(index, (), None)
    assert [some.shape for some in found.by_concept(np.arange(3))] == [(0, 3), (0, 3)]
