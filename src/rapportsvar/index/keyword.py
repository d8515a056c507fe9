"""The keyword index: BM25 weights of terms in one field of all entries, built and kept by bm25s.

Weights are computed when the index is built (Lucene's variant; Kamphuis et al. 2020, "Which BM25 do you
mean?"), so a question only adds up postings. There are three fields: body, context (report and headings) and
labels (of rows).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

FIELDS = ("body", "context", "label")
K1 = 1.2
B = {"body": 0.6, "context": 0.4, "label": 0.4}

Postings = tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]

EMPTY: Postings = (np.zeros(0, np.int32), np.zeros(0, np.float32))
PART_MARK = "~"
"""Before a term that is only a part of a compound: ``~kostnad`` for placeringskostnader."""
FILLER = "\x00"
"""bm25s wants at least one term; no Swedish word is this."""


class KeywordField:
    """One field's postings."""

    def __init__(self, bm25: bm25s.BM25) -> None:
        self._vocabulary: dict[str, int] = bm25.vocab_dict
        self._starts: npt.NDArray[np.int64] = np.asarray(bm25.scores["indptr"])
        self._entries: npt.NDArray[np.int32] = np.asarray(bm25.scores["indices"])
        self._weights: npt.NDArray[np.float32] = np.asarray(bm25.scores["data"])
        self.entries = int(bm25.scores["num_docs"])

    @classmethod
    def load(cls, folder: Path) -> KeywordField:
        """Map a field from disk."""
        return cls(bm25s.BM25.load(folder, mmap=True))

    def __contains__(self, term: str) -> bool:
        return term in self._vocabulary

    def postings(self, term: str) -> Postings:
        """Return the entries that hold the term, ascending, and the term's BM25 weight in each."""
        number = self._vocabulary.get(term)
        if number is None:
            return EMPTY
        first, last = int(self._starts[number]), int(self._starts[number + 1])
        return self._entries[first:last], self._weights[first:last]

    def rarity(self, term: str) -> float:
        """Return the term's inverse document frequency (Lucene's), 0 where it is unknown."""
        number = self._vocabulary.get(term)
        return 0.0 if number is None else float(self._rarities[number])

    @cached_property
    def _rarities(self) -> npt.NDArray[np.float32]:
        found = np.diff(self._starts)
        rarities: npt.NDArray[np.float32] = np.log1p((self.entries - found + 0.5) / (found + 0.5)).astype(
            np.float32
        )
        return rarities

    @cached_property
    def mass(self) -> npt.NDArray[np.float32]:
        """Summed rarity of each entry's whole words in this field, ``(entries,)``: what can be matched."""
        rarities = self._rarities.copy()
        parts = [number for term, number in self._vocabulary.items() if term.startswith((PART_MARK, FILLER))]
        rarities[parts] = 0.0
        weights = np.repeat(rarities, np.diff(self._starts))
        mass: npt.NDArray[np.float32] = np.bincount(self._entries, weights, self.entries).astype(np.float32)
        return mass

    def vocabulary(self) -> Sequence[str]:
        """All terms."""
        return [term for term in self._vocabulary if term not in (FILLER, "")]


def write_field(folder: Path, field: str, documents: Sequence[Sequence[str]]) -> None:
    """Build one field over the terms of all entries, in order, and write it to a folder of plain files."""
    bm25 = bm25s.BM25(k1=K1, b=B[field], method="lucene")
    bm25.index([list(d) or [FILLER] for d in documents] or [[FILLER]], show_progress=False)
    bm25.save(folder)
