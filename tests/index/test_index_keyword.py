"""BM25: the numbers by hand from the formula, the weights against bm25s, the order against rank-bm25."""

import math

import bm25s
import numpy as np
import pytest
from rank_bm25 import BM25Okapi, BM25Plus

from rapportsvar.index.keyword import K1, B, KeywordField, write_field
from rapportsvar.index.numbering import Numbering

DOCUMENTS = [
    ["kostnad", "placering", "öka", "kostnad", "barn"],
    ["sjukfrånvaro", "öka", "personal"],
    ["kostnad", "skolskjuts", "avtal"],
    ["placering", "familjehem", "barn", "barn", "dyr", "dygn"],
    ["hemtjänst", "timme", "äldre", "öka", "mycket"],
]
QUESTIONS = [["kostnad", "placering"], ["barn"], ["öka", "kostnad", "skolskjuts"], ["timme", "barn", "dyr"]]


@pytest.fixture(params=["body", "label"])
def field(request, tmp_path):
    return request.param, field_of(tmp_path / "field", request.param, DOCUMENTS)


def field_of(folder, name, documents):
    write_field(folder, [" ".join(terms) for terms in documents])
    return KeywordField.load(name, [(folder, Numbering.of(np.ones(len(documents), np.bool_), 0))])


def lucene(term, document, b):
    """Kamphuis et al. 2020, table 1: Lucene (accurate), without the factor k1 + 1."""
    found = sum(term in d for d in DOCUMENTS)
    idf = math.log(1 + (len(DOCUMENTS) - found + 0.5) / (found + 0.5))
    length = len(document) / (sum(map(len, DOCUMENTS)) / len(DOCUMENTS))
    count = document.count(term)
    return idf * count / (count + K1 * (1 - b + b * length))


def scores(field, question):
    total = np.zeros(len(DOCUMENTS))
    for term in question:
        places, weights = field.postings(term)
        total[places] += weights
    return total


def test_weights_are_those_of_the_formula(field):
    name, keyword = field
    for term in {t for d in DOCUMENTS for t in d}:
        expected = [lucene(term, document, B[name]) for document in DOCUMENTS]
        np.testing.assert_allclose(scores(keyword, [term]), expected, rtol=1e-5, atol=1e-7)


def test_weights_are_those_of_bm25s(field):
    name, keyword = field
    theirs = bm25s.BM25(k1=K1, b=B[name], method="lucene")
    theirs.index(DOCUMENTS, show_progress=False)
    for term in {t for d in DOCUMENTS for t in d}:
        np.testing.assert_allclose(scores(keyword, [term]), theirs.get_scores([term]), rtol=1e-5, atol=1e-7)


def test_places_are_ascending_and_unknown_terms_have_none(field):
    _, keyword = field
    places, weights = keyword.postings("barn")
    assert places.tolist() == [0, 3]
    assert (weights > 0).all()
    assert len(keyword.postings("finns-inte")[0]) == 0
    assert "barn" in keyword
    assert "finns-inte" not in keyword
    assert set(keyword.vocabulary()) == {t for d in DOCUMENTS for t in d}


# BM25Okapi puts a floor under the idf of a term that stands in more than half of the documents: "öka" does.
ASKED = [(BM25Plus, q) for q in QUESTIONS] + [(BM25Okapi, q) for q in QUESTIONS if "öka" not in q]


@pytest.mark.parametrize(("oracle", "question"), ASKED)
def test_the_order_of_hits_is_that_of_rank_bm25(field, oracle, question):
    name, keyword = field
    extra = {"delta": 0} if oracle is BM25Plus else {}
    theirs = oracle(DOCUMENTS, k1=K1, b=B[name], **extra).get_scores(question)
    ours = scores(keyword, question)
    hits = np.flatnonzero(ours)
    assert set(hits.tolist()) == set(np.flatnonzero(theirs > 1e-9).tolist())
    assert hits[np.argsort(-ours[hits], kind="stable")].tolist() == (
        hits[np.argsort(-theirs[hits], kind="stable")].tolist()
    )


def test_a_field_without_words_can_be_written(tmp_path):
    keyword = field_of(tmp_path / "field", "label", [[], []])
    assert len(keyword.postings("barn")[0]) == 0
    assert keyword.vocabulary() == []
