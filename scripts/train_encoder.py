"""Adapt the encoder to the genre: low-rank changes (LoRA, Hu et al. 2021), trained on questions and entries.

The embedding table stays as it is; each matrix of the encoder gets a change of rank ``--rank``. The loss is
InfoNCE (van den Oord et al. 2018) over the batch and one hard negative each, at E5's temperature. Needs the
``models`` extra. ::

    python scripts/make_hf_folder.py /tmp/e5
    python scripts/train_encoder.py /tmp/e5 /tmp/pairs.jsonl --out /tmp/delta.npz
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import AutoTokenizer, BertModel, PreTrainedTokenizerBase

MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}


class LowRank(nn.Module):
    """A linear layer with a trained low-rank change beside it."""

    def __init__(self, inner: nn.Linear, rank: int, dropout: float) -> None:
        super().__init__()
        self.inner = inner
        self.right = nn.Parameter(torch.randn(rank, inner.in_features) / math.sqrt(inner.in_features))
        self.left = nn.Parameter(torch.zeros(inner.out_features, rank))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Add the change to what the layer gives."""
        return self.inner(x) + (self.dropout(x) @ self.right.T) @ self.left.T


def main() -> None:
    """Train and write an npz of ``<matrix>.left`` and ``<matrix>.right``."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path)
    parser.add_argument("pairs", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--layers", type=int, default=12, help="how many layers from the top are changed")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--temperature", type=float, default=0.02)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--hold-out-half", type=int, choices=(0, 1), help="leave this half of the reports out"
    )
    options = parser.parse_args()
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    pairs = [
        pair
        for path in options.pairs
        for line in path.read_text(encoding="utf-8").splitlines()
        if half_of((pair := json.loads(line))["report"]) != options.hold_out_half
    ]
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = BertModel.from_pretrained(options.model, add_pooling_layer=False)
    changed = inject(model, options.rank, options.layers)
    trained = [p for layer in changed.values() for p in (layer.left, layer.right)]
    steps = options.epochs * (len(pairs) // options.batch)
    optimizer = torch.optim.AdamW(trained, lr=options.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (0.1 * steps)) * max(0.02, 1 - step / steps)
    )
    model.train()
    step, began = 0, time.time()
    for epoch in range(options.epochs):
        for batch in batches(pairs, options.batch):
            loss = loss_of(model, tokenizer, batch, options)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if step % 5 == 0:
                print(f"{step}/{steps} loss {loss.item():.3f} {time.time() - began:.0f} s", flush=True)
        write(changed, options.out.with_suffix(f".{epoch + 1}.npz"))
    write(changed, options.out)


def half_of(report: str) -> int:
    """Tell which half a report belongs to, as ``train_ranking.py`` does."""
    return int(hashlib.sha256(report.encode()).hexdigest(), 16) % 2


def inject(model: BertModel, rank: int, layers: int) -> dict[str, LowRank]:
    """Freeze the model and put a low-rank change beside every matrix of its topmost layers."""
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    changed = {}
    lowest = len(model.encoder.layer) - layers
    for number, layer in enumerate(model.encoder.layer):
        if number < lowest:
            continue
        for short, path in MATRICES.items():
            parent = layer.get_submodule(path.rsplit(".", 1)[0])
            name = path.rsplit(".", 1)[1]
            made = LowRank(getattr(parent, name), rank, 0.05)
            setattr(parent, name, made)
            changed[f"l{number}.{short}.w"] = made
    return changed


def batches(pairs: list[dict[str, Any]], size: int) -> list[list[dict[str, Any]]]:
    """Shuffle, and keep pairs that share a positive apart."""
    order = random.sample(pairs, len(pairs))
    return [order[at : at + size] for at in range(0, len(order) - size + 1, size)]


def loss_of(
    model: BertModel,
    tokenizer: PreTrainedTokenizerBase,
    batch: list[dict[str, Any]],
    options: argparse.Namespace,
) -> torch.Tensor:
    """InfoNCE from question to entry, over all entries of the batch that do not answer the question too."""
    positives, negatives = [], []
    for pair in batch:
        sentence = pair["sentences"] and random.random() < 0.3
        positives.append(random.choice(pair["sentences"] if sentence else pair["positives"]))
        if pair["negatives"]:
            negatives.append(random.choice(pair["negatives"]))
    questions = embed(model, tokenizer, [f"query: {p['question']}" for p in batch], 48)
    entries = embed(model, tokenizer, [f"passage: {t}" for t in positives + negatives], options.tokens)
    scores = questions @ entries.T / options.temperature
    own = [set(p["positives"]) | set(p["sentences"]) for p in batch]
    for row, answers in enumerate(own):
        for column, text in enumerate(positives + negatives):
            if column != row and text in answers:
                scores[row, column] = -1e4
    return nn.functional.cross_entropy(scores, torch.arange(len(batch)))


def embed(
    model: BertModel, tokenizer: PreTrainedTokenizerBase, texts: list[str], tokens: int
) -> torch.Tensor:
    """Mean of the last layer over the tokens, of unit length."""
    made = tokenizer(texts, padding=True, truncation=True, max_length=tokens, return_tensors="pt")
    made.pop("token_type_ids", None)
    last = model(**made).last_hidden_state
    mask = made["attention_mask"].unsqueeze(-1)
    return nn.functional.normalize((last * mask).sum(1) / mask.sum(1), dim=1)


def write(changed: dict[str, LowRank], path: Path) -> None:
    """Write the changes as half-precision arrays."""
    arrays = {}
    for name, layer in changed.items():
        arrays[f"{name}.left"] = layer.left.detach().numpy().astype(np.float16)
        arrays[f"{name}.right"] = layer.right.detach().numpy().astype(np.float16)
    np.savez(path, **arrays)


if __name__ == "__main__":
    main()
