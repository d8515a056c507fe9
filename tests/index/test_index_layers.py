"""Keywords and vectors in layers, some entries taken out: as in one index over the rest."""

import itertools
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rapportsvar.index.vectors as vectors_module
from rapportsvar.index.base import places_of_entries
from rapportsvar.index.keyword import KeywordField, write_field
from rapportsvar.index.numbering import Numbering
from rapportsvar.index.vectors import VectorIndex, VectorLayer, write_vectors

WORDS = ["kostnad", "~kostnad", "placering", "öka", "barn", "2023"]
DOCUMENT = st.lists(st.sampled_from(WORDS), max_size=8)
LAYER = st.lists(st.tuples(DOCUMENT, st.booleans()), max_size=6)


def numbered(layers):
    """Return the numbering of each layer of ``(document, is live)``."""
    found, first = [], 0
    for layer in layers:
        found.append(Numbering.of(np.array([live for _, live in layer], np.bool_), first))
        first += found[-1].count
    return found


def field_of(folder, layers):
    parts = []
    for number, (layer, numbering) in enumerate(zip(layers, numbered(layers), strict=True)):
        write_field(folder / str(number), [" ".join(terms) for terms, _ in layer])
        parts.append((folder / str(number), numbering))
    return KeywordField.load("body", parts)


@settings(max_examples=60, deadline=None)
@given(st.lists(LAYER, min_size=1, max_size=4))
def test_keywords_in_layers_are_those_of_one_index(layers):
    left = [(terms, True) for layer in layers for terms, live in layer if live]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as many:
        once, layered = field_of(Path(one), [left]), field_of(Path(many), layers)
    assert layered.entries == once.entries == len(left)
    assert layered.vocabulary() == once.vocabulary()
    np.testing.assert_array_equal(layered.mass, once.mass)
    for term in [*WORDS, "finns-inte"]:
        for ours, theirs in zip(layered.postings(term), once.postings(term), strict=True):
            np.testing.assert_array_equal(ours, theirs)
        assert layered.rarity(term) == once.rarity(term)
        assert (term in layered) == (term in once)


def test_two_terms_of_one_hash_are_kept_apart(tmp_path, monkeypatch):
    monkeypatch.setattr("rapportsvar.index.keyword.hash_of", lambda word: np.uint64(7))
    field = field_of(tmp_path, [[(["barn"], True), (["kostnad", "barn"], True)]])
    assert field.postings("barn")[0].tolist() == [0, 1]
    assert field.postings("kostnad")[0].tolist() == [1]
    assert "öka" not in field


def unit(count, seed=0, dimensions=16):
    vectors = np.random.default_rng(seed).standard_normal((count, dimensions)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def layered(folder, vectors, live, cuts=(0, 40, 90, 120)):
    """Put an entry of two vectors after another into layers."""
    layers, first = [], 0
    for number, (begin, end) in enumerate(itertools.pairwise(cuts)):
        own = np.arange(end - begin, dtype=np.int32)
        places = np.stack([np.repeat(own, 2), np.tile([0, 5], len(own)), np.tile([9, 7], len(own))], axis=1)
        (folder / str(number)).mkdir()
        write_vectors(folder / str(number), vectors[2 * begin : 2 * end], places)
        numbering = Numbering.of(live[begin:end], first)
        first += numbering.count
        layers.append((VectorLayer.load(folder / str(number)), numbering))
    return VectorIndex(layers)


@pytest.mark.parametrize("exact_max", [1000, 70, 0], ids=["exact", "mixed", "codes"])
def test_vectors_in_layers_are_those_that_are_left(tmp_path, monkeypatch, exact_max):
    monkeypatch.setattr(vectors_module, "EXACT_MAX", exact_max)
    vectors, live = unit(240), np.random.default_rng(1).random(120) < 0.7
    index = layered(tmp_path, vectors, live)
    left = vectors.reshape(120, 2, -1)[live].reshape(-1, vectors.shape[1])
    assert index.dimensions == 16
    assert index.owners.tolist() == np.repeat(np.arange(live.sum()), 2).tolist()
    assert index.first.tolist() == list(range(0, len(left) + 1, 2))
    assert index.spans[:2].tolist() == [[0, 9], [5, 7]]
    np.testing.assert_allclose(index.of(np.arange(len(left))), left, atol=1e-3)
    places, starts = places_of_entries(index, np.array([3, 0, 9]))
    assert (places.tolist(), starts.tolist()) == ([6, 7, 0, 1, 18, 19], [0, 2, 4])
    question = unit(1, seed=5)[0]
    cosines = left @ question
    found, near = index.nearest(question, 10)
    assert found.tolist() == np.argsort(-cosines)[:10].tolist()
    np.testing.assert_allclose(near, np.sort(cosines)[::-1][:10], atol=1e-3)
    allowed = np.arange(int(live.sum())) % 5 == 0
    found, _ = index.nearest(question, 5, allowed)
    assert allowed[index.owners[found]].all()
    assert found.tolist() == [p for p in np.argsort(-cosines).tolist() if allowed[p // 2]][:5]
    assert index.are_few == (exact_max == 1000)
    if index.are_few:
        np.testing.assert_allclose(index.cosines(question), cosines, atol=1e-3)


def test_without_layers_there_is_nothing(tmp_path):
    index = VectorIndex([])
    assert len(index.nearest(unit(1)[0], 3)[0]) == 0
    assert len(index.cosines(unit(1)[0])) == 0
    assert KeywordField("body", []).postings("barn")[0].tolist() == []


def test_codes_propose_what_an_exact_search_finds(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors_module, "EXACT_MAX", 0)
    monkeypatch.setattr(vectors_module, "BESIDES", 200)
    middle = unit(20, seed=2, dimensions=32)
    vectors = np.repeat(middle, 200, axis=0) + 0.6 * unit(4000, seed=3, dimensions=32)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    write_vectors(tmp_path, vectors, np.zeros((4000, 3), np.int32) + np.arange(4000)[:, None])
    layer = VectorLayer.load(tmp_path)
    index = VectorIndex([(layer, Numbering.of(np.ones(4000, np.bool_), 0))])
    assert not layer.exact
    shared = 0
    for question in vectors[::97] + 0.05:
        exact = np.argsort(-(vectors @ question))[:100]
        shared += len(np.intersect1d(exact, index.nearest(question, 100)[0]))
    assert shared >= 0.98 * 100 * len(vectors[::97])


def test_codes_are_the_same_from_disk_and_by_any_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors_module, "EXACT_MAX", 0)
    vectors = unit(3000, seed=4, dimensions=32).astype("<f2")
    vectors.tofile(tmp_path / "halves")
    places = np.zeros((3000, 3), np.int32)
    kept = []
    mapped = np.memmap(tmp_path / "halves", "<f2", "r").reshape(3000, 32)
    for number, (some, block) in enumerate([(vectors, 3000), (mapped, 700)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        monkeypatch.setattr(vectors_module, "BLOCK", block)
        write_vectors(folder, some, places)
        kept.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert kept[0] == kept[1]


@pytest.mark.parametrize("live", [[1, 1, 1], [0, 0, 1], [1, 0, 0], [0, 1, 0, 0, 1, 1, 0], [1, 0, 1, 0]])
def test_places_inside_a_layer_are_those_that_are_left(live):
    is_live = np.array(live, np.bool_)
    numbering = Numbering.of(is_live, 40)
    places = np.arange(40, 40 + numbering.count)
    assert numbering.inside(places).tolist() == np.flatnonzero(is_live).tolist()
    assert numbering.places(numbering.inside(places)).tolist() == places.tolist()
