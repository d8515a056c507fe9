"""The contract of an encoder, and the tiny deterministic twin that tests use in its place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""(n, dimensions) float32, each row of unit length, in the order of the texts."""

CountProgress = Callable[[int, int], None]
"""Is told how many texts are done, and of how many."""

Talk = Callable[[str], None]
"""Is told, in Swedish, what is being done; the command line prints it to stderr."""


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A stretch of a text that gets a vector of its own: the whole of it, a sentence, the label of a row.

    Attributes:
        text: The whole text.
        start: Where the part begins in it, in characters.
        end: Where it ends.
    """

    text: str
    start: int
    end: int

    @classmethod
    def whole(cls, text: str) -> TextSpan:
        """A text as a part of its own."""
        return cls(text, 0, len(text))

    @property
    def is_whole(self) -> bool:
        """Whether it is all of its text."""
        return self.start == 0 and self.end == len(self.text)

    @property
    def words(self) -> str:
        """The part by itself."""
        return self.text[self.start : self.end]


class Encoder(Protocol):
    """Turns texts into vectors whose dot product tells how near their meanings are.

    A part's vector depends on its text alone, not on the texts beside it, so that an index that is updated
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

    def encode_spans(self, spans: Sequence[TextSpan], *, progress: CountProgress | None = None) -> Vectors:
        """(n, dimensions) float32 of parts of texts that are to be found; parts of one text stand together.

        A part that is the whole text gets the vector of ``encode_passages``.
        """
        ...

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """(n, dimensions) float32 of texts that search."""
        ...


class SpansByThemselves:
    """For encoders that cannot tell a part of a text from the whole: each part is a text of its own."""

    def encode_spans(
        self: Encoder, spans: Sequence[TextSpan], *, progress: CountProgress | None = None
    ) -> Vectors:
        """See ``Encoder``."""
        return self.encode_passages([span.words for span in spans], progress=progress)


class HashEncoder(SpansByThemselves):
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
