"""The contract of an encoder, and the tiny deterministic twin that tests use in its place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""(n, dimensions) float32, each row of unit length, in the order of the texts."""

CountProgress = Callable[[int, int], None]
"""Is told how many texts are done, and of how many."""

Talk = Callable[[str], None]
"""Is told, in Swedish, what is being done; the command line prints it to stderr."""


class Encoder(Protocol):
    """Turns texts into vectors whose dot product tells how near their meanings are.

    A text's vector depends on the text alone, not on the texts beside it, so that an index that is updated
    holds the same vectors as one that is built anew (to the bit for the shipped encoder, to rounding for
    others). An empty sequence gives (0, dimensions).
    """

    @property
    def name(self) -> str:
        """Which model, in which precision; vectors of encoders with different names must never meet."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """Tokens read of a text; what comes after them is left out without an error."""
        ...

    def encode_passages(self, texts: Sequence[str], *, progress: CountProgress | None = None) -> Vectors:
        """(n, dimensions) float32 of texts that are to be found."""
        ...

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """(n, dimensions) float32 of texts that search."""
        ...


class HashEncoder:
    """Hashes of character trigrams counted in 64 dimensions: no model, yet like texts get like vectors."""

    name = "hash-trigrams-64"
    dimensions = 64
    max_tokens = 1_000_000

    def encode_passages(self, texts: Sequence[str], *, progress: CountProgress | None = None) -> Vectors:
        """See ``Encoder``."""
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            row += self._counts(text)
        if progress is not None:
            progress(len(texts), len(texts))
        return unit_length(vectors)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder``."""
        return self.encode_passages(texts)

    def _counts(self, text: str) -> NDArray[np.float32]:
        padded = f"  {text.lower()} "
        counts = np.zeros(self.dimensions, np.float32)
        for start in range(len(padded) - 2):
            trigram = padded[start : start + 3].encode("utf-8", "surrogatepass")
            counts[hashlib.blake2b(trigram, digest_size=1).digest()[0] % self.dimensions] += 1
        return counts


def unit_length(vectors: NDArray[np.float32]) -> Vectors:
    """The rows scaled to length 1; a row of zeros stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled
