"""The vectors, in Milvus: searched there, and fetched by place where a few are compared here."""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np
import numpy.typing as npt

from rapportsvar.index.base import Floats, Integers
from rapportsvar.index.milvus.blobs import gone
from rapportsvar.index.milvus.client import Milvus
from rapportsvar.index.milvus.schema import MOST_FOUND, VECTORS, vector_numbers

EXACT_MAX = 131_072
"""Up to so many vectors the cosines of all are fetched, in at most eight searches."""
KEPT_VECTORS = 20_000


class MilvusVectors:
    """All vectors of a generation.

    Args:
        milvus: The index.
        where: The filter that lets through what the generation holds.
        entries: The numbers of all entries, ascending, ``(n,)``.
        places: Owner, start and end of each vector, ``(v, 3)``.
        dimensions: Of each.
    """

    def __init__(
        self,
        milvus: Milvus,
        *,
        where: str,
        entries: npt.NDArray[np.int64],
        places: npt.NDArray[np.int32],
        dimensions: int,
    ) -> None:
        self._milvus = milvus
        self._where = where
        self.owners: Integers = np.ascontiguousarray(places[:, 0])
        self.spans: Integers = np.ascontiguousarray(places[:, 1:])
        self.first: Integers = np.searchsorted(self.owners, np.arange(len(entries) + 1)).astype(np.int32)
        self.dimensions = dimensions
        self._numbers = vector_numbers(self.owners.astype(np.int64), entries)
        self._kept: OrderedDict[int, Floats] = OrderedDict()
        self._lock = threading.Lock()

    def nearest(
        self, question: Floats, count: int, allowed: npt.NDArray[np.bool_] | None = None
    ) -> tuple[Integers, Floats]:
        """Return places of the nearest vectors and their cosines, best first: at most 16,384.

        Where not all entries are allowed, those of the 16,384 nearest that are.
        """
        if allowed is not None:
            places, near = self.nearest(question, MOST_FOUND)
            kept = allowed[self.owners[places]]
            return places[kept][:count], near[kept][:count]
        if not len(self._numbers):
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        return self._search(question, min(count, len(self._numbers)), self._where)

    @property
    def are_few(self) -> bool:
        """Whether the cosines of all are fetched."""
        return len(self._numbers) <= EXACT_MAX

    def cosines(self, question: Floats) -> Floats:
        """Return the cosines of all vectors, ``(n,)``, in searches of at most 16,384."""
        count = len(self._numbers)
        cosines = np.full(count, np.nan, np.float32)
        for first in range(0, count, MOST_FOUND):
            last = min(first + MOST_FOUND, count) - 1
            inside = f"id >= {self._numbers[first]} and id <= {self._numbers[last]}"
            places, near = self._search(question, last - first + 1, f"{self._where} and {inside}")
            cosines[places] = near
        missed = np.flatnonzero(np.isnan(cosines)).astype(np.int32)  # a search may be approximate
        if len(missed):
            cosines[missed] = self.of(missed) @ question
        return cosines

    def of(self, places: Integers) -> Floats:
        """Return vectors by place, ``(len(places), d)``.

        Raises:
            IndexStale: One is there no more.
        """
        wanted = np.asarray(places).tolist()
        with self._lock:
            known = {place: self._kept[place] for place in wanted if place in self._kept}
        missing = [place for place in dict.fromkeys(wanted) if place not in known]
        if missing:
            known |= self._fetch(missing)
        return np.stack([known[place] for place in wanted]) if wanted else self._nothing()

    def _nothing(self) -> Floats:
        return np.zeros((0, self.dimensions), np.float32)

    def _fetch(self, places: list[int]) -> dict[int, Floats]:
        by_number = dict(zip(self._numbers[places].tolist(), places, strict=True))
        rows = self._milvus.get(VECTORS, list(by_number), ("id", "vector"))
        fetched = {by_number[int(row["id"])]: np.array(row["vector"], np.float32) for row in rows}
        if len(fetched) != len(places):
            raise gone("vectors", self._milvus.where)
        with self._lock:
            self._kept.update(fetched)
            while len(self._kept) > KEPT_VECTORS:
                self._kept.popitem(last=False)
        return fetched

    def _search(self, question: Floats, count: int, where: str) -> tuple[Integers, Floats]:
        (hits,) = self._milvus.search(VECTORS, "vector", [question.tolist()], count=count, where=where)
        numbers = np.array([number for number, _ in hits], np.int64)
        near = np.array([cosine for _, cosine in hits], np.float32)
        return np.searchsorted(self._numbers, numbers).astype(np.int32), near
