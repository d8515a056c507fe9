"""Write the shipped weights as a Hugging Face folder that sentence-transformers loads without the network.

Needs the extra ``models``; used by the test of that door, and to train adapted weights::

    python scripts/make_hf_folder.py /tmp/e5-small
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from rapportsvar.index.embedding.weights import (
    WEIGHTS_SHA256,
    Architecture,
    Vocabulary,
    Weights,
    check_sha256,
    read_weights,
    wheel_weights,
)

LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
NORMS = ("aln", "oln")
SPECIAL = {
    "bos_token": "<s>",
    "eos_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "cls_token": "<s>",
    "sep_token": "</s>",
    "mask_token": "<mask>",
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the shipped weights as a Hugging Face folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--delta", type=Path, help="npz of low-rank changes to add")
    arguments = parser.parse_args()
    path = wheel_weights()
    check_sha256(path, WEIGHTS_SHA256)
    weights = read_weights(path)
    write_folder(arguments.folder, weights.adapted(arguments.delta) if arguments.delta else weights)
    print(arguments.folder)


def write_folder(folder: Path, weights: Weights) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors(weights), folder / "model.safetensors", metadata={"format": "pt"})
    write_json(folder / "config.json", bert_config(weights.architecture, weights.vocabulary))
    tokenizer(weights.vocabulary).save(str(folder / "tokenizer.json"))
    limit = weights.architecture.max_tokens
    described = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": limit, **SPECIAL}
    write_json(folder / "tokenizer_config.json", described)
    write_json(folder / "special_tokens_map.json", SPECIAL)
    write_sentence_transformers(folder, weights.architecture)


def tensors(weights: Weights) -> dict[str, NDArray[np.float32]]:
    """Names as in ``BertModel``."""
    sizes = weights.architecture
    made = {
        "embeddings.word_embeddings.weight": weights.matrix("emb.word"),
        "embeddings.position_embeddings.weight": weights.vector("emb.pos").reshape(-1, sizes.hidden),
        "embeddings.token_type_embeddings.weight": weights.vector("emb.type").reshape(-1, sizes.hidden),
        "embeddings.LayerNorm.weight": weights.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.vector("emb.ln.b"),
        # Not part of a sentence encoder, but BertModel asks for it.
        "pooler.dense.weight": np.zeros((sizes.hidden, sizes.hidden), np.float32),
        "pooler.dense.bias": np.zeros(sizes.hidden, np.float32),
    }
    for layer in range(sizes.layers):
        for ours, theirs in LAYER_NAMES.items():
            name = f"encoder.layer.{layer}.{theirs}"
            read = weights.vector if ours in NORMS else weights.matrix
            made[f"{name}.weight"] = read(f"l{layer}.{ours}.w")
            made[f"{name}.bias"] = weights.vector(f"l{layer}.{ours}.b")
    return {name: np.array(values, np.float32, order="C") for name, values in made.items()}


def bert_config(sizes: Architecture, vocabulary: Vocabulary) -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": sizes.hidden,
        "intermediate_size": sizes.feed_forward,
        "layer_norm_eps": sizes.epsilon,
        "max_position_embeddings": sizes.max_tokens,
        "num_attention_heads": sizes.heads,
        "num_hidden_layers": sizes.layers,
        "pad_token_id": vocabulary.pad,
        "position_embedding_type": "absolute",
        "type_vocab_size": 2,
        "vocab_size": sizes.vocabulary,
        "dtype": "float32",
    }


def tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """Nmt and NFKC give what the file's own table gives, for all but two characters, and compose as well."""
    pairs = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))
    made = Tokenizer(models.Unigram(pairs, unk_id=vocabulary.unknown, byte_fallback=False))
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    made.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Strip(left=True, right=True), spaces]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", vocabulary.start), ("</s>", vocabulary.end)],
    )
    made.add_special_tokens([AddedToken(piece, special=True) for piece in dict.fromkeys(SPECIAL.values())])
    return made


def write_sentence_transformers(folder: Path, sizes: Architecture) -> None:
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    write_json(folder / "modules.json", modules)
    limit = {"max_seq_length": sizes.max_tokens, "do_lower_case": False}
    write_json(folder / "sentence_bert_config.json", limit)
    pooling = {"word_embedding_dimension": sizes.hidden, "pooling_mode_mean_tokens": True}
    (folder / "1_Pooling").mkdir(exist_ok=True)
    write_json(folder / "1_Pooling" / "config.json", pooling)
    (folder / "2_Normalize").mkdir(exist_ok=True)


def write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
