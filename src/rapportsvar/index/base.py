"""What an index offers to those who ask, whichever engine keeps it: the contract of all engines.

Entries have places, from 0 on, in the order of their reports and inside a report in the order of its passages
and then its rows: what stands beside an entry is one place away, in both engines. The numbers of each entry
(report, span, traits) are in memory in both; texts, structure, postings, vectors and figures are where the
engine keeps them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]


class Keywords(Protocol):
    """One field of BM25 postings."""

    @property
    def entries(self) -> int:
        """How many entries there are."""

    @property
    def mass(self) -> Floats:
        """Summed rarity of each entry's whole words in this field, ``(entries,)``."""

    def __contains__(self, term: str) -> bool:
        """Tell whether any entry holds the term."""

    def postings(self, term: str) -> tuple[Integers, Floats]:
        """Return the places of the entries that hold the term, ascending, and its BM25 weight in each."""

    def rarity(self, term: str) -> float:
        """Return the term's inverse document frequency, 0 where it is unknown."""

    def vocabulary(self) -> Sequence[str]:
        """All terms."""


class Vectors(Protocol):
    """One or more unit vectors for each entry, the first of the whole entry."""

    @property
    def owners(self) -> Integers:
        """Which entry each vector belongs to, ``(n,)``, ascending."""

    @property
    def spans(self) -> Integers:
        """Where each vector's words stand, ``(n, 2)``."""

    @property
    def first(self) -> Integers:
        """The place of each entry's first vector, ``(entries + 1,)``."""

    @property
    def dimensions(self) -> int:
        """Numbers in a vector."""

    def nearest(
        self, question: Floats, count: int, allowed: npt.NDArray[np.bool_] | None = None
    ) -> tuple[Integers, Floats]:
        """Return places of the nearest vectors and their cosines, best first.

        ``allowed`` tells which entries are looked among, ``(entries,)``; all without it.
        """

    @property
    def are_few(self) -> bool:
        """Whether a question can be compared with all of them."""

    def cosines(self, question: Floats) -> Floats:
        """Return the cosines of all vectors, ``(n,)``; only where they are few."""

    def of(self, places: Integers) -> Floats:
        """Return vectors by place, ``(len(places), d)``."""


def places_of_entries(
    vectors: Vectors, entries: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Return the places of all vectors of some entries, and where each entry's begin among them.

    Args:
        vectors: The vectors.
        entries: Places of entries, each with at least one vector.
    """
    first = vectors.first[entries].astype(np.int64)
    counts = vectors.first[entries + 1] - first
    starts = np.cumsum(counts) - counts
    places = np.repeat(first - starts, counts) + np.arange(int(counts.sum()))
    return places.astype(np.int32), starts
