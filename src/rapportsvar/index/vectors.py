"""The vector index: one or more unit vectors for each entry, in FAISS.

The first vector of an entry is of the whole entry with its context, the others of its sentences. Search is
exact up to ``EXACT_MAX`` vectors, then an inverted file with 8-bit codes (FAISS "IVF,SQ8").
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

EXACT_MAX = 200_000
TRAIN_MAX = 100_000

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]


class VectorIndex:
    """Vectors with their owners.

    Attributes:
        owners: Which entry each vector belongs to, ``(n,) int32``, ascending.
        spans: Where each vector's words stand, ``(n, 2) int32``.
        first: The place of each entry's first vector, ``(entries + 1,) int32``.
    """

    def __init__(self, index: faiss.Index, owners: Integers, spans: Integers, entries: int) -> None:
        self._index = index
        self.owners = owners
        self.spans = spans
        self.first = np.searchsorted(owners, np.arange(entries + 1)).astype(np.int32)
        self._exact: Floats | None = None
        if isinstance(index, faiss.IndexFlat) and index.ntotal:
            self._exact = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(-1, index.d)

    @classmethod
    def load(cls, folder: Path, entries: int) -> VectorIndex:
        """Open the vector index in a folder."""
        index = faiss.read_index(str(folder / "vectors.faiss"))
        places = np.load(folder / "places.npy", allow_pickle=False)
        return cls(index, np.ascontiguousarray(places[:, 0]), np.ascontiguousarray(places[:, 1:]), entries)

    @property
    def dimensions(self) -> int:
        """Numbers in a vector."""
        return int(self._index.d)

    def nearest(self, question: Floats, count: int) -> tuple[Integers, Floats]:
        """Return places of the nearest vectors and their cosines, best first.

        Args:
            question: One unit vector, ``(d,)``.
            count: How many at most.
        """
        count = min(count, self._index.ntotal)
        if count == 0:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        cosines, places = self._index.search(question[None, :], count)
        kept = places[0] >= 0
        return places[0][kept].astype(np.int32), cosines[0][kept]

    def all_or_nearest(self, question: Floats, count: int = 2000) -> tuple[Integers, Floats]:
        """Return places and cosines of all vectors where search is exact, else of the nearest ``count``."""
        if self._exact is not None:
            # Not ``@``: BLAS threads wait for the encoder's, which spin after a question: 5.2 ms for 0.2.
            cosines = np.einsum("nd,d->n", self._exact, question)
            return np.arange(len(self._exact), dtype=np.int32), cosines
        return self.nearest(question, count)

    def of(self, places: Integers) -> Floats:
        """Return vectors by place, ``(len(places), d)``."""
        if self._exact is not None:
            return self._exact[places]
        if not len(places):
            return np.zeros((0, self.dimensions), np.float32)
        return np.stack([self._index.reconstruct(int(p)) for p in places])


def write_vectors(folder: Path, vectors: Floats, places: Integers) -> None:
    """Build and write the vector index.

    Args:
        folder: Where to.
        vectors: Unit vectors, ``(n, d)``.
        places: ``(n, 3)``: owner, start, end of each.

    Raises:
        OSError: The file cannot be written.
    """
    count, dimensions = vectors.shape
    if count <= EXACT_MAX:
        index: Any = faiss.IndexFlatIP(dimensions)
    else:
        lists = int(4 * np.sqrt(count))
        index = faiss.index_factory(dimensions, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        sample = np.random.default_rng(0).choice(count, min(count, TRAIN_MAX), replace=False)
        index.train(vectors[sample])
        index.make_direct_map()
        index.nprobe = max(8, lists // 32)
    index.add(vectors)
    try:
        faiss.write_index(index, str(folder / "vectors.faiss"))
    except RuntimeError as failed:  # faiss has no errors of its own
        full = os.strerror(errno.ENOSPC) in str(failed)
        raise OSError(errno.ENOSPC if full else errno.EIO, str(failed)) from failed
    np.save(folder / "places.npy", places.astype(np.int32), allow_pickle=False)
