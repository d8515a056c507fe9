"""Questions to measure with, and an encoder that embeds each only once."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from bench.results import ROOT
from rapportsvar.index.embedding.base import Encoder


def training_questions(count: int) -> list[str]:
    """Return questions about the reports of ``training/reports``, evenly spread."""
    files = [ROOT / "training" / "questions" / f"t{number}.jsonl" for number in (1, 2, 3)]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    every = [json.loads(line)["question"] for line in lines]
    return every[:: len(every) // count][:count]


class Kept:
    """Embeds each question once: what is measured is the rest."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.dimensions = encoder.name, encoder.dimensions
        self.max_tokens = encoder.max_tokens
        self.vectors: dict[str, np.ndarray] = {}
        self.encode_passages = encoder.encode_passages

    def encode_questions(self, texts: Sequence[str]) -> np.ndarray:
        for text in texts:
            if text not in self.vectors:
                self.vectors[text] = self._encoder.encode_questions([text])
        return np.concatenate([self.vectors[text] for text in texts])
