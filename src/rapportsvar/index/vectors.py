"""The vector index: one or more unit vectors for each entry, in FAISS, layer by layer.

The first vector of an entry is of the whole entry with its context, the others of its sentences. A layer of
up to ``EXACT_MAX`` vectors is searched exactly. Of a larger one, codes of two bits a number (FAISS "PQ x4fs",
fast scan) are in memory and propose vectors; these are compared by their own 16-bit numbers, the precision
that the store keeps, mapped from disk.
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

from rapportsvar.index.arrays import let_go, mapped
from rapportsvar.index.numbering import Numbering

EXACT_MAX = 100_000
"""Vectors of a layer that is searched exactly, in about 12 ms."""
BESIDES = 1_500
"""Vectors that codes propose beyond those asked for: two bits a number put some out of order."""
PROPOSED_MAX = 200_000
"""Where few entries are looked among, more is proposed, up to this."""
TRAINED = 50_000
"""Vectors that codes are learnt from."""
BLOCK = 10_000
"""Vectors that are in memory at once while they are written, 15 MB."""
HALVES = "vectors.npy"

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class VectorLayer:
    """The vectors of one layer of an index.

    Attributes:
        index: FAISS's.
        owners: Which entry of the layer each vector belongs to, ``(n,) int32``, ascending.
        spans: Where each vector's words stand, ``(n, 2) int32``.
        exact: The index is exact.
        vectors: ``(n, d)``, in 16 bits where the index is not exact.
    """

    index: Any
    owners: Integers
    spans: Integers
    exact: bool
    vectors: npt.NDArray[Any]

    @classmethod
    def load(cls, folder: Path) -> VectorLayer:
        """Map the vectors of a layer from disk."""
        index: Any = faiss.read_index(str(folder / "vectors.faiss"), faiss.IO_FLAG_MMAP)
        exact = isinstance(index, faiss.IndexFlat)
        if not exact:
            vectors = mapped(folder / HALVES)
        elif index.ntotal:
            vectors = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(-1, index.d)
        else:
            vectors = np.zeros((0, index.d), np.float32)
        places = mapped(folder / "places.npy")
        owners, spans = np.ascontiguousarray(places[:, 0]), np.ascontiguousarray(places[:, 1:])
        return cls(index, owners, spans, exact, vectors)

    def of(self, places: npt.NDArray[np.int64]) -> Floats:
        """Return vectors by their places in the layer."""
        found: Floats = self.vectors[places].astype(np.float32, copy=False)
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

    @property
    def are_few(self) -> bool:
        """Whether a question can be compared with all of them."""
        return all(layer.exact for layer, _ in self._layers)

    def cosines(self, question: Floats) -> Floats:
        """Return the cosines of all vectors, ``(n,)``; only where they are few."""
        # Not ``@``: BLAS threads wait for the encoder's, which spin after a question: 5.2 ms for 0.2.
        found = [
            numbering.kept(np.einsum("nd,d->n", layer.vectors, question)) for layer, numbering in self._layers
        ]
        return np.concatenate([np.zeros(0, np.float32), *found])

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
    if not layer.exact:
        return _nearest_by_codes(layer, numbering, question, count, among)
    how: Any = {}
    if among is not None:
        how["sel"] = faiss.IDSelectorBitmap(np.packbits(among, bitorder="little"))  # type: ignore[call-arg, arg-type]
    cosines, found = layer.index.search(question[None, :], count, params=faiss.SearchParameters(**how))
    kept = found[0] >= 0
    return numbering.places(found[0][kept]), cosines[0][kept]


def _nearest_by_codes(
    layer: VectorLayer,
    numbering: Numbering,
    question: Floats,
    count: int,
    among: npt.NDArray[np.bool_] | None,
) -> tuple[Integers, Floats]:
    """Let codes propose more than is asked for, and compare these exactly."""
    all_ = layer.index.ntotal
    share = 1.0 if among is None else float(among.mean())
    wanted = min(all_, PROPOSED_MAX, int((count + BESIDES) / share))
    _, proposed = layer.index.search(question[None, :], wanted)
    found = np.sort(proposed[0][proposed[0] >= 0])
    if among is not None:
        found = found[among[found]]
    cosines: Floats = np.einsum("nd,d->n", layer.of(found), question)
    best = np.argsort(-cosines, kind="stable")[:count]
    return numbering.places(found[best]), cosines[best]


def write_vectors(folder: Path, vectors: npt.NDArray[Any], places: Integers) -> None:
    """Build and write the vectors of a layer.

    Args:
        folder: Where to.
        vectors: ``(n, d)``, of any precision; they may be mapped from disk, and are read by blocks.
        places: ``(n, 3)``: owner, start, end of each.

    Raises:
        OSError: The file cannot be written.
    """
    if len(vectors) > EXACT_MAX:
        index = _codes(folder / HALVES, vectors)
    else:
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(unit(vectors))
    try:
        faiss.write_index(index, str(folder / "vectors.faiss"))
    except RuntimeError as failed:  # faiss has no errors of its own
        full = os.strerror(errno.ENOSPC) in str(failed)
        raise OSError(errno.ENOSPC if full else errno.EIO, str(failed)) from failed
    np.save(folder / "places.npy", places.astype(np.int32), allow_pickle=False)


def _codes(halves: Path, vectors: npt.NDArray[Any]) -> Any:  # noqa: ANN401
    """Write vectors in 16 bits; return the index of their codes.

    Coded is what tells a vector from the mean: all lie in a narrow cone, and the mean changes no order.
    """
    count, dimensions = vectors.shape
    taken = np.arange(0, count, max(1, count // TRAINED))
    some = np.empty((len(taken), dimensions), np.float32)
    for first in range(0, len(taken), BLOCK):
        some[first : first + BLOCK] = unit(vectors[taken[first : first + BLOCK]])
        let_go(vectors)
    mean = some.mean(axis=0)
    some -= mean
    parts = dimensions // 2 if dimensions % 2 == 0 else dimensions
    index: Any = faiss.IndexPQFastScan(dimensions, parts, 4, faiss.METRIC_INNER_PRODUCT)
    index.train(some)
    del some
    head = {"descr": "<f2", "fortran_order": False, "shape": (count, dimensions)}
    with halves.open("wb") as stream:
        np.lib.format.write_array_header_1_0(stream, head)
        for first in range(0, count, BLOCK):
            block = unit(vectors[first : first + BLOCK])
            let_go(vectors)
            stream.write(block.astype("<f2").tobytes())
            block -= mean
            index.add(block)
    return index


def unit(vectors: npt.NDArray[Any]) -> Floats:
    """Return vectors at unit length."""
    whole: Floats = vectors.astype(np.float32)
    whole /= np.sqrt(np.einsum("nd,nd->n", whole, whole))[:, None].clip(1e-9)
    return whole
