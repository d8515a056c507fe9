"""The encoder in torch, with low-rank changes beside its matrices (LoRA, Hu et al. 2021), and its training.

Needs the extra ``models``; nothing but ``adapt`` and the training scripts import it. The forward pass is
written out over our own weights, so that no other library's model has to be made of them first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from rapportsvar.index.embedding.tokenizer import Tokenizer
from rapportsvar.index.embedding.weights import Weights

MATRICES = ("q", "k", "v", "ao", "fi", "fo")
"""Of a layer: those that are changed."""
DROPOUT = 0.05

Tensor = Any
"""``torch.Tensor``; torch is no dependency of the type check."""


class LowRankEncoder:
    """A frozen BERT encoder whose topmost layers have trained low-rank changes.

    Args:
        weights: The encoder's, with what they have been changed by so far.
        rank: Of the changes.
        layers: How many layers from the top are changed.
        dice: Draws the first values of the changes.
    """

    def __init__(self, weights: Weights, *, rank: int, layers: int, dice: torch.Generator) -> None:
        sizes = weights.architecture
        self._weights, self._sizes = weights, sizes
        self._tokenizer = Tokenizer(weights.vocabulary)
        self._fixed = {name: _tensor(values) for name, values in _arrays(weights)}
        self._lowest = max(0, sizes.layers - layers)
        self.changes: dict[str, tuple[Tensor, Tensor]] = {}
        for layer in range(self._lowest, sizes.layers):
            for part in MATRICES:
                outputs, inputs = self._fixed[f"l{layer}.{part}.w"].shape
                left = torch.zeros(outputs, rank)
                right = torch.randn(rank, inputs, generator=dice) / math.sqrt(inputs)
                self.changes[f"l{layer}.{part}.w"] = (left.requires_grad_(), right.requires_grad_())

    @property
    def trained(self) -> list[Tensor]:
        """All that is trained."""
        return [part for pair in self.changes.values() for part in pair]

    def embed(self, texts: Sequence[str], tokens_max: int, *, training: bool = True) -> Tensor:
        """Return the mean of the last layer over each text's tokens, ``(texts, hidden)``, of unit length."""
        room = min(tokens_max, self._sizes.max_tokens)
        ids = [self._tokenizer.ids(text, room) for text in texts]
        longest = max(map(len, ids))
        padded = np.full((len(ids), longest), self._weights.vocabulary.pad, np.int64)
        for row, some in zip(padded, ids, strict=True):
            row[: len(some)] = some
        there = torch.arange(longest)[None, :] < torch.tensor([len(some) for some in ids])[:, None]
        hidden = self._embedded(padded)
        with torch.no_grad():
            for layer in range(self._lowest):
                hidden = self._layer(f"l{layer}", hidden, there, training=False)
        for layer in range(self._lowest, self._sizes.layers):
            hidden = self._layer(f"l{layer}", hidden, there, training=training)
        kept = there[:, :, None].to(hidden.dtype)
        return functional.normalize((hidden * kept).sum(1) / kept.sum(1), dim=1)

    def arrays(self) -> dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Return the changes: left ``(outputs, rank)`` and right ``(rank, inputs)`` by matrix."""
        return {
            name: (left.detach().numpy(), right.detach().numpy())
            for name, (left, right) in self.changes.items()
        }

    def _embedded(self, ids: NDArray[np.int64]) -> Tensor:
        words = _tensor(self._weights.words(ids.ravel()).reshape(*ids.shape, -1))
        return self._norm("emb.ln", words + self._fixed["positions"][: ids.shape[1]])

    def _layer(self, name: str, hidden: Tensor, there: Tensor, *, training: bool) -> Tensor:
        texts, length, width = hidden.shape
        heads = (texts, length, self._sizes.heads, width // self._sizes.heads)
        q, k, v = (self._linear(f"{name}.{p}", hidden, training).view(heads).transpose(1, 2) for p in "qkv")
        context = functional.scaled_dot_product_attention(q, k, v, attn_mask=there[:, None, None, :])
        flat = context.transpose(1, 2).reshape(texts, length, width)
        hidden = self._norm(f"{name}.aln", hidden + self._linear(f"{name}.ao", flat, training))
        wide = functional.gelu(self._linear(f"{name}.fi", hidden, training))
        return self._norm(f"{name}.oln", hidden + self._linear(f"{name}.fo", wide, training))

    def _linear(self, name: str, given: Tensor, training: bool) -> Tensor:
        made = functional.linear(given, self._fixed[f"{name}.w"], self._fixed[f"{name}.b"])
        change = self.changes.get(f"{name}.w")
        if change is None:
            return made
        left, right = change
        return made + functional.dropout(given, DROPOUT, training) @ right.T @ left.T

    def _norm(self, name: str, given: Tensor) -> Tensor:
        weight, bias = self._fixed[f"{name}.w"], self._fixed[f"{name}.b"]
        return functional.layer_norm(given, weight.shape, weight, bias, self._sizes.epsilon)


def _arrays(weights: Weights) -> list[tuple[str, NDArray[np.float32]]]:
    hidden = weights.architecture.hidden
    positions = weights.vector("emb.pos").reshape(-1, hidden) + weights.vector("emb.type")[:hidden]
    made = [("positions", positions)]
    made += [(f"emb.ln.{kind}", weights.vector(f"emb.ln.{kind}")) for kind in "wb"]
    for layer in range(weights.architecture.layers):
        for part in MATRICES:
            made.append((f"l{layer}.{part}.w", weights.matrix(f"l{layer}.{part}.w")))
            made.append((f"l{layer}.{part}.b", weights.vector(f"l{layer}.{part}.b")))
        for norm in ("aln", "oln"):
            made += [(f"l{layer}.{norm}.{kind}", weights.vector(f"l{layer}.{norm}.{kind}")) for kind in "wb"]
    return made


def _tensor(values: NDArray[np.float32]) -> Tensor:
    return torch.from_numpy(np.array(values, np.float32))
