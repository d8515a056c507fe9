"""Training low-rank changes: InfoNCE (van den Oord et al. 2018) from question to entry, at E5's temperature.

A question's own entry is to be nearer than every other entry of the batch and than the hard negatives. Needs
the extra ``models``.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import nn

from rapportsvar.index.adapting.low_rank import LowRankEncoder, Tensor
from rapportsvar.index.adapting.pairs import Pair
from rapportsvar.index.embedding.base import CountProgress
from rapportsvar.index.embedding.engine import PASSAGE_PREFIX, QUESTION_PREFIX
from rapportsvar.index.embedding.weights import Weights

QUESTION_TOKENS = 48
_WARMING_UP = 0.1
_LEAST_RATE = 0.02
_SAME = -1e4


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the changes are trained.

    Attributes:
        rank: Of the changes.
        layers: How many layers from the top are changed.
        epochs: How often each pair is seen, if time allows.
        batch: Pairs in a step; each brings one hard negative besides.
        rate: Learning rate at its highest.
        temperature: Of the cosines.
        tokens: Of an entry that are read.
        seed: Of all that is drawn. The same pairs, seed and number of steps give the same changes.
        seconds: After these no further step is begun; None sets no bound.
        threads: Of torch; 0 lets it choose.
    """

    rank: int = 8
    layers: int = 6
    epochs: int = 2
    batch: int = 16
    rate: float = 2e-4
    temperature: float = 0.02
    tokens: int = 96
    seed: int = 0
    seconds: float | None = None
    threads: int = 0


def train(
    weights: Weights, pairs: Sequence[Pair], recipe: Recipe, progress: CountProgress | None = None
) -> LowRankEncoder:
    """Train low-rank changes of an encoder on pairs.

    The learning rate falls with what has been used of the steps or of the time, whichever is more, so that a
    training which time cuts short ends as one that was planned so.
    """
    if recipe.threads:
        torch.set_num_threads(recipe.threads)
    dice = random.Random(recipe.seed)
    torch.manual_seed(recipe.seed)
    generator = torch.Generator().manual_seed(recipe.seed)
    encoder = LowRankEncoder(weights, rank=recipe.rank, layers=recipe.layers, dice=generator)
    optimizer = torch.optim.AdamW(encoder.trained, lr=recipe.rate, weight_decay=0.01)
    planned = recipe.epochs * max(1, len(pairs) // recipe.batch)
    began = time.monotonic()
    for step, batch in enumerate(_batches(pairs, recipe, dice)):
        spent = (time.monotonic() - began) / recipe.seconds if recipe.seconds else 0.0
        if spent >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate * _share(step / planned, spent)
        loss = _loss(encoder, batch, recipe, dice)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(encoder.trained, 1.0)
        optimizer.step()
        if progress is not None:
            progress(step + 1, planned)
    return encoder


def _share(steps: float, spent: float) -> float:
    """Return the share of the learning rate after these shares of the steps and of the time."""
    done = max(steps, spent)
    return max(_LEAST_RATE, min(1.0, (done + 0.01) / _WARMING_UP) * (1 - done))


def _batches(pairs: Sequence[Pair], recipe: Recipe, dice: random.Random) -> Iterator[list[Pair]]:
    size = min(recipe.batch, len(pairs))
    for _ in range(recipe.epochs if size else 0):
        order = dice.sample(list(pairs), len(pairs))
        for at in range(0, len(order) - size + 1, size):
            yield order[at : at + size]


def _loss(encoder: LowRankEncoder, batch: Sequence[Pair], recipe: Recipe, dice: random.Random) -> Tensor:
    """Cross-entropy over the entries of the batch, but for others that answer the question too."""
    entries = [dice.choice(pair.positives) for pair in batch]
    entries += [dice.choice(pair.negatives) for pair in batch if pair.negatives]
    asked = encoder.embed([QUESTION_PREFIX + pair.question for pair in batch], QUESTION_TOKENS)
    found = encoder.embed([PASSAGE_PREFIX + text for text in entries], recipe.tokens)
    scores = asked @ found.T / recipe.temperature
    masked = torch.tensor(
        [
            [column != row and text in pair.positives for column, text in enumerate(entries)]
            for row, pair in enumerate(batch)
        ]
    )
    return nn.functional.cross_entropy(scores.masked_fill(masked, _SAME), torch.arange(len(batch)))
