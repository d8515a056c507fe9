"""The encoder in plain numpy float32, as the paper has it: the oracle of the quantised graph."""

from __future__ import annotations

from math import erf

import numpy as np

from rapportsvar.index.embedding.weights import Weights


def encode(weights: Weights, ids: list[int]) -> np.ndarray:
    sizes = weights.architecture
    rows = weights.words(np.array(ids, np.int64))
    positions = weights.vector("emb.pos").reshape(-1, sizes.hidden)[: len(ids)]
    hidden = _norm(weights, "emb.ln", rows + positions + weights.vector("emb.type")[: sizes.hidden])
    for layer in range(sizes.layers):
        name = f"l{layer}"
        queries, keys, values = (_heads(weights, f"{name}.{part}", hidden) for part in "qkv")
        scores = queries @ keys.transpose(0, 2, 1) / np.sqrt(queries.shape[-1])
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        context = (shares @ values).transpose(1, 0, 2).reshape(len(ids), -1)
        hidden = _norm(weights, f"{name}.aln", hidden + _linear(weights, f"{name}.ao", context))
        wide = _linear(weights, f"{name}.fi", hidden)
        wide = wide * 0.5 * (1 + np.vectorize(erf)(wide / np.sqrt(2)))
        hidden = _norm(weights, f"{name}.oln", hidden + _linear(weights, f"{name}.fo", wide))
    mean = hidden.mean(axis=0)
    return mean / np.linalg.norm(mean)


def _heads(weights: Weights, name: str, hidden: np.ndarray) -> np.ndarray:
    return (
        _linear(weights, name, hidden).reshape(len(hidden), weights.architecture.heads, -1).transpose(1, 0, 2)
    )


def _linear(weights: Weights, name: str, given: np.ndarray) -> np.ndarray:
    return given @ weights.matrix(f"{name}.w").T + weights.vector(f"{name}.b")


def _norm(weights: Weights, name: str, given: np.ndarray) -> np.ndarray:
    centred = given - given.mean(axis=-1, keepdims=True)
    scaled = centred / np.sqrt(centred.var(axis=-1, keepdims=True) + weights.architecture.epsilon)
    return scaled * weights.vector(f"{name}.w") + weights.vector(f"{name}.b")
