"""The vector index: one or more unit vectors for each entry, in FAISS, layer by layer.

The first vector of an entry is of the whole entry with its context, the others of its sentences. A layer of
up to ``EXACT_MAX`` vectors is searched exactly; a larger one is an inverted file of 16-bit numbers (FAISS
"IVF,SQfp16", the precision that the store keeps) mapped from disk, of which only the lists nearest the
question are read.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from rapportsvar.index.numbering import Numbering

EXACT_MAX = 100_000
"""Vectors of a layer that is searched exactly: 12 ms, about what the inverted file takes beyond it."""
NEAREST = 3000
"""Vectors that propose entries where not all are compared; an entry has two or three."""
TRAINED_OF_LIST = 40
"""Vectors that each list's centre is learnt from."""
TRIED = 100
"""Vectors that the number of lists to read is measured with."""
RECALL_MIN = 0.99
SURER = 2
"""Questions lie further from the vectors than these do from each other: so many times the lists are read."""

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class VectorLayer:
    """The vectors of one layer of an index.

    Attributes:
        index: FAISS's.
        owners: Which entry of the layer each vector belongs to, ``(n,) int32``, ascending.
        spans: Where each vector's words stand, ``(n, 2) int32``.
        exact: All vectors, ``(n, d)``, where the layer is searched exactly.
    """

    index: Any
    owners: Integers
    spans: Integers
    exact: Floats | None

    @classmethod
    def load(cls, folder: Path) -> VectorLayer:
        """Map the vectors of a layer from disk."""
        index = faiss.read_index(str(folder / "vectors.faiss"), faiss.IO_FLAG_MMAP)
        exact = None
        if isinstance(index, faiss.IndexFlat):
            exact = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(-1, index.d)
            exact = exact if index.ntotal else np.zeros((0, index.d), np.float32)
        places = np.load(folder / "places.npy", allow_pickle=False)
        return cls(index, np.ascontiguousarray(places[:, 0]), np.ascontiguousarray(places[:, 1:]), exact)

    def of(self, places: npt.NDArray[np.int64]) -> Floats:
        """Return vectors by their places in the layer."""
        if self.exact is not None:
            return self.exact[places]
        if not len(places):
            return np.zeros((0, self.index.d), np.float32)
        found: Floats = self.index.reconstruct_batch(places)
        return found


class VectorIndex:
    """Vectors with their owners.

    Args:
        layers: Each layer's vectors, with the numbering of its entries.

    Attributes:
        owners: Which entry each vector belongs to, ``(n,) int32``, ascending.
        spans: Where each vector's words stand, ``(n, 2) int32``.
        first: The place of each entry's first vector, ``(entries + 1,) int32``.
    """

    def __init__(self, layers: Sequence[tuple[VectorLayer, Numbering]]) -> None:
        self._layers: list[tuple[VectorLayer, Numbering]] = []
        owners, spans, count = [np.zeros(0, np.int32)], [np.zeros((0, 2), np.int32)], 0
        for layer, entries in layers:
            numbering = Numbering.of(entries.is_live[layer.owners], count)
            self._layers.append((layer, numbering))
            owners.append(entries.places(numbering.kept(layer.owners)))
            spans.append(numbering.kept(layer.spans))
            count += numbering.count
        self.owners = owners[1] if len(owners) == 2 else np.concatenate(owners)
        self.spans = spans[1] if len(spans) == 2 else np.concatenate(spans)
        entries_in_all = sum(entries.count for _, entries in layers)
        self.first = np.searchsorted(self.owners, np.arange(entries_in_all + 1)).astype(np.int32)
        self._starts = np.array([numbering.first for _, numbering in self._layers], np.int64)

    @property
    def dimensions(self) -> int:
        """Numbers in a vector."""
        return int(self._layers[0][0].index.d) if self._layers else 0

    def nearest(
        self, question: Floats, count: int, allowed: npt.NDArray[np.bool_] | None = None
    ) -> tuple[Integers, Floats]:
        """Return places of the nearest vectors and their cosines, best first.

        Args:
            question: One unit vector, ``(d,)``.
            count: How many at most.
            allowed: Entries that are looked among, ``(entries,)``; all without.
        """
        found = [_nearest(layer, numbering, question, count, self._looked_among(numbering, allowed))
                 for layer, numbering in self._layers]  # fmt: skip
        if not found:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        places = np.concatenate([some for some, _ in found])
        cosines = np.concatenate([near for _, near in found])
        order = np.argsort(-cosines, kind="stable")[:count]
        return places[order], cosines[order]

    def _looked_among(
        self, numbering: Numbering, allowed: npt.NDArray[np.bool_] | None
    ) -> npt.NDArray[np.bool_] | None:
        """Tell which vectors of a layer are looked among; None for all."""
        if allowed is None:
            return None if numbering.is_whole else numbering.is_live
        own = self.owners[numbering.first : numbering.first + numbering.count]
        among = np.zeros(len(numbering.is_live), np.bool_)
        among[numbering.is_live] = allowed[own]
        return among

    def all_or_nearest(self, question: Floats) -> tuple[Integers, Floats]:
        """Return places and cosines of all vectors where search is exact, else of the ``NEAREST``."""
        if any(layer.exact is None for layer, _ in self._layers):
            return self.nearest(question, NEAREST)
        # Not ``@``: BLAS threads wait for the encoder's, which spin after a question: 5.2 ms for 0.2.
        found = [
            numbering.kept(np.einsum("nd,d->n", layer.exact, question))  # type: ignore[arg-type]
            for layer, numbering in self._layers
        ]
        cosines = np.concatenate([np.zeros(0, np.float32), *found])
        return np.arange(len(cosines), dtype=np.int32), cosines

    def of(self, places: npt.NDArray[Any]) -> Floats:
        """Return vectors by place, ``(len(places), d)``."""
        if len(self._layers) == 1:
            layer, numbering = self._layers[0]
            return layer.of(numbering.inside(places))
        vectors = np.zeros((len(places), self.dimensions), np.float32)
        owner = np.searchsorted(self._starts, places, side="right") - 1
        for number in np.unique(owner).tolist():
            layer, numbering = self._layers[number]
            own = owner == number
            vectors[own] = layer.of(numbering.inside(np.asarray(places)[own]))
        return vectors


def _nearest(
    layer: VectorLayer,
    numbering: Numbering,
    question: Floats,
    count: int,
    among: npt.NDArray[np.bool_] | None,
) -> tuple[Integers, Floats]:
    """Return places in the whole of a layer's nearest vectors, and their cosines."""
    count = min(count, layer.index.ntotal)
    if not count or (among is not None and not among.any()):
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    bits = None if among is None else np.packbits(among, bitorder="little")
    how: Any = {} if bits is None else {"sel": faiss.IDSelectorBitmap(bits)}  # type: ignore[call-arg, arg-type]
    if layer.exact is None:
        how["nprobe"] = layer.index.nprobe
    parameters: Any = faiss.SearchParameters if layer.exact is not None else faiss.SearchParametersIVF
    cosines, found = layer.index.search(question[None, :], count, params=parameters(**how))
    kept = found[0] >= 0
    return numbering.places(found[0][kept]), cosines[0][kept]


def write_vectors(folder: Path, vectors: Floats, places: Integers) -> None:
    """Build and write the vectors of a layer.

    Args:
        folder: Where to.
        vectors: Unit vectors, ``(n, d)``.
        places: ``(n, 3)``: owner, start, end of each.

    Raises:
        OSError: The file cannot be written.
    """
    index: Any = faiss.IndexFlatIP(vectors.shape[1]) if len(vectors) <= EXACT_MAX else _inverted(vectors)
    index.add(vectors)
    if len(vectors) > EXACT_MAX:
        index.nprobe = _lists_to_read(index, vectors)
    try:
        faiss.write_index(index, str(folder / "vectors.faiss"))
    except RuntimeError as failed:  # faiss has no errors of its own
        full = os.strerror(errno.ENOSPC) in str(failed)
        raise OSError(errno.ENOSPC if full else errno.EIO, str(failed)) from failed
    np.save(folder / "places.npy", places.astype(np.int32), allow_pickle=False)


def _inverted(vectors: Floats) -> Any:  # noqa: ANN401
    """Make an inverted file, trained, empty."""
    lists = int(2 * np.sqrt(len(vectors)))
    index: Any = faiss.index_factory(vectors.shape[1], f"IVF{lists},SQfp16", faiss.METRIC_INNER_PRODUCT)
    count = min(len(vectors), TRAINED_OF_LIST * lists)
    index.train(vectors[np.sort(np.random.default_rng(0).choice(len(vectors), count, replace=False))])
    index.make_direct_map()
    return index


def _lists_to_read(index: Any, vectors: Floats) -> int:  # noqa: ANN401
    """Measure how many lists must be read to find what an exact search finds."""
    tried = vectors[:: max(1, len(vectors) // TRIED)][:TRIED]
    count = min(100, len(vectors))
    near = tried @ vectors.T
    exact = np.argpartition(-near, count - 1, axis=1)[:, :count]
    lists = 4
    while lists < index.nlist:
        index.nprobe = lists
        _, found = index.search(tried, count)
        shared = [len(np.intersect1d(a, b)) for a, b in zip(exact, found, strict=True)]
        if sum(shared) >= RECALL_MIN * count * len(tried):
            break
        lists *= 2
    return min(int(index.nlist), SURER * lists)
