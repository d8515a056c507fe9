"""Token ids; the library ``tokenizers`` is the oracle in the slow test."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_weights import PIECES, write_tiny_weights

from rapportsvar.index.embedding.tokenizer import Tokenizer
from rapportsvar.index.embedding.weights import Vocabulary, read_weights, wheel_weights

SENTENCES = (Path(__file__).parent / "swedish_sentences.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    path = write_tiny_weights(tmp_path_factory.mktemp("tiny") / "tiny.bin")
    return Tokenizer(read_weights(path).vocabulary)


def _pieces(tokenizer: Tokenizer, text: str, max_tokens: int = 64) -> list[str]:
    return [PIECES[index] for index in tokenizer.ids(text, max_tokens)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("vård är", ["▁vård", "▁är"]),
        ("  vård \t\n är  ", ["▁vård", "▁är"]),
        ("vårda", ["▁vård", "a"]),
        ("va\u030ard", ["▁vård"]),
        ("½", ["▁", "a", "b"]),
        ("日本", ["▁", "<unk>"]),
        ("a日b", ["▁", "a", "<unk>", "b"]),
        ("<s>", ["▁", "<unk>", "s", "<unk>"]),
        ("<mask>", ["▁", "<unk>", "m", "a", "s", "k", "<unk>"]),
        ("a\0b", ["▁", "a", "b"]),
        ("", ["▁"]),
    ],
)
def test_text_becomes_pieces(tiny, text, pieces):
    assert _pieces(tiny, text) == ["<s>", *pieces, "</s>"]


@pytest.mark.parametrize("max_tokens", [2, 3, 4, 5, 6])
def test_ids_are_cut_and_still_end(tiny, max_tokens):
    whole = tiny.ids("vård är skola vård", 64)
    assert tiny.ids("vård är skola vård", max_tokens) == [*whole[: max_tokens - 1], whole[-1]]


def _library(vocabulary: Vocabulary):
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    pairs = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))
    made = Tokenizer(models.Unigram(pairs, unk_id=vocabulary.unknown, byte_fallback=False))
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    made.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), spaces])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    return made


@pytest.mark.slow
def test_ids_are_those_of_the_library():
    vocabulary = read_weights(wheel_weights()).vocabulary
    ours, library = Tokenizer(vocabulary), _library(vocabulary)
    odd = [
        "½ tkr ﬁ ² …",
        "förskola a\u030a o\u0308 É",
        "日本語 текст 😀😀 \U0001f9ff\U0001f9ff",
        "å" * 70,
        "\u00a0x\u00ady",
    ]
    for text in [*SENTENCES, " ".join(SENTENCES), *odd]:
        assert ours.ids(text, 10_000)[1:-1] == library.encode(text).ids, text
