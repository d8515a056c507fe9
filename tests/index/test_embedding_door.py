"""The door to sentence-transformers, with the shipped weights as a Hugging Face folder."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rapportsvar.errors import ModelDamaged
from rapportsvar.index.embedding.load import load_encoder
from rapportsvar.index.embedding.sentence_transformers_door import Prefixes, SentenceTransformersEncoder

SENTENCES = (Path(__file__).parent / "swedish_sentences.txt").read_text(encoding="utf-8").splitlines()
SCRIPT = Path(__file__).parents[2] / "scripts" / "make_hf_folder.py"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("sentence_transformers") is None,
        reason="the extra is absent: pip install rapportsvar[models]",
    ),
    # torch and transformers warn of their own affairs
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("models") / "e5-small"
    subprocess.run([sys.executable, str(SCRIPT), str(made)], check=True, capture_output=True)
    return made


@pytest.fixture(scope="module")
def encoder(folder):
    return load_encoder(str(folder), threads=2)


def test_the_same_weights_give_the_same_vectors(encoder):
    shipped = load_encoder("e5-small-plain")
    for name in ("encode_passages", "encode_questions"):
        cosines = (getattr(encoder, name)(SENTENCES) * getattr(shipped, name)(SENTENCES)).sum(axis=1)
        assert cosines.min() > 0.995
        assert cosines.mean() > 0.998


def test_its_contract_holds(encoder):
    texts = ["", "\ud800 \0", "ord " * 5000, SENTENCES[0]]
    vectors = encoder.encode_passages(texts)
    assert (encoder.dimensions, encoder.max_tokens) == (384, 512)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors[3], encoder.encode_passages([SENTENCES[0]])[0], atol=1e-4)
    assert encoder.encode_passages([]).shape == encoder.encode_questions([]).shape == (0, 384)


def test_prefixes_can_be_chosen_and_are_part_of_the_name(folder, encoder):
    bare = SentenceTransformersEncoder(str(folder), prefixes=Prefixes())
    assert bare.name != encoder.name
    assert bare.encode_passages(SENTENCES[:1])[0] @ encoder.encode_passages(SENTENCES[:1])[0] < 0.9999
    np.testing.assert_allclose(
        bare.encode_passages(["query: vad"]), encoder.encode_questions(["vad"]), atol=1e-5
    )


def test_a_folder_that_holds_no_model_is_refused(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelDamaged, match="sentence-transformers cannot load"):
        load_encoder(str(tmp_path))
