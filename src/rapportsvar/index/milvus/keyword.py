"""One field's postings, from Milvus: a search for a term alone gives the entries that hold it.

What is kept of a term in an entry is ``count / (count + norm)`` (BM25's share of the count), with the norm
of the mean length when the index was first made: so the strongest come first where a term stands in more
entries than a search may return. The count is worked out of it again, and weighed with the numbers of
today: the weights are those of one index over all entries, whatever came and went.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from rapportsvar.index.base import Floats, Integers
from rapportsvar.index.keyword import EMPTY, K1, B
from rapportsvar.index.milvus.client import Milvus
from rapportsvar.index.milvus.schema import ENTRIES, MOST_FOUND

KEPT_POSTINGS = 4_000_000
"""Postings that are kept for the next question, of all terms of a field: 32 MB."""
POSTINGS_AT_ONCE = 100_000
TERMS_AT_ONCE = 64
SHARE_MAX = 1.0 - 1e-6

Wide = npt.NDArray[np.int64]


def norms(field: str, lengths: npt.NDArray[np.int32], mean: float) -> Floats:
    """Return what a count is weighed against in entries of some lengths, ``(n,)``."""
    return (K1 * (1 - B[field] + B[field] * lengths / max(mean, 1e-9))).astype(np.float32)


def rarity_of(found: npt.NDArray[np.int64], entries: int) -> Floats:
    """Return the inverse document frequency (Lucene's) of terms by how many entries hold them."""
    rarity: Floats = np.log1p((entries - found + 0.5) / (found + 0.5)).astype(np.float32)
    return rarity


class MilvusKeywords:
    """One field.

    Args:
        milvus: The index.
        field: Its name, and that of its sparse vector.
        where: The filter that lets through what the generation holds.
        numbers: Of all entries, ascending, ``(n,)``.
        lengths: Of all entries, ``(n,)``.
        mean: Length that the sparse vectors are scaled by.
        terms: The number of each term.
        found: How many entries hold each term.
        mass: See :class:`~rapportsvar.index.base.Keywords`.
    """

    def __init__(
        self,
        milvus: Milvus,
        field: str,
        *,
        where: str,
        numbers: Wide,
        lengths: npt.NDArray[np.int32],
        mean: float,
        terms: Mapping[str, int],
        found: Mapping[str, int],
        mass: Floats,
    ) -> None:
        self._milvus = milvus
        self._field = field
        self._where = where
        self._numbers = numbers
        self._terms = terms
        self._found = found
        self._scale = norms(field, lengths, mean)
        self._norms = norms(field, lengths, float(lengths.mean()) if len(lengths) else 1.0)
        self.entries = len(numbers)
        self.mass = mass
        self._kept: OrderedDict[str, tuple[Integers, Floats]] = OrderedDict()
        self._kept_postings = 0
        self._lock = threading.Lock()

    def __contains__(self, term: str) -> bool:
        return term in self._found

    def rarity(self, term: str) -> float:
        """Return the term's inverse document frequency, 0 where it is unknown."""
        found = self._found.get(term, 0)
        return float(rarity_of(np.array(found), self.entries)) if found else 0.0

    def vocabulary(self) -> Sequence[str]:
        """All terms."""
        return list(self._found)

    def postings(self, term: str) -> tuple[Integers, Floats]:
        """Return the places of the entries that hold the term, ascending, and its BM25 weight in each.

        Of a term in more than 16,384 entries, those where it weighs most.
        """
        if term not in self._found:
            return EMPTY
        if (kept := self._known(term)) is not None:
            return kept
        return self._fetch([term])[term]

    def expect(self, terms: Iterable[str]) -> None:
        """Fetch what will be asked for, many terms at once."""
        missing = sorted(
            {term for term in terms if term in self._found and self._known(term) is None},
            key=lambda term: self._found[term],
        )
        for some in _portions(missing, self._found):
            self._fetch(some)

    def _known(self, term: str) -> tuple[Integers, Floats] | None:
        with self._lock:
            kept = self._kept.get(term)
            if kept is not None:
                self._kept.move_to_end(term)
            return kept

    def _fetch(self, terms: Sequence[str]) -> dict[str, tuple[Integers, Floats]]:
        wanted = [{self._terms[term]: 1.0} for term in terms]
        most = max(self._found[term] for term in terms)
        hits = self._milvus.search(ENTRIES, self._field, wanted, count=most, where=self._where)
        fetched = {term: self._weighed(own, term) for term, own in zip(terms, hits, strict=True)}
        with self._lock:
            for term, postings in fetched.items():
                if term not in self._kept:
                    self._kept[term] = postings
                    self._kept_postings += len(postings[0])
            while self._kept_postings > KEPT_POSTINGS and len(self._kept) > 1:
                self._kept_postings -= len(self._kept.popitem(last=False)[1][0])
        return fetched

    def _weighed(self, hits: Sequence[tuple[int, float]], term: str) -> tuple[Integers, Floats]:
        if not hits:
            return EMPTY
        numbers = np.array([number for number, _ in hits], np.int64)
        shares = np.array([share for _, share in hits], np.float64)
        order = np.argsort(numbers)
        places = np.searchsorted(self._numbers, numbers[order]).astype(np.int32)
        shares = np.minimum(shares[order], SHARE_MAX)
        counts = np.rint(shares * self._scale[places] / (1.0 - shares)).astype(np.float32)
        weights = counts / (counts + self._norms[places]) * np.float32(self.rarity(term))
        return places, weights.astype(np.float32)


def _portions(terms: Sequence[str], found: Mapping[str, int]) -> Iterator[list[str]]:
    """Cut terms, the rarest first, into what one search returns."""
    some: list[str] = []
    for term in terms:
        most = min(found[term], MOST_FOUND)
        if some and (len(some) == TERMS_AT_ONCE or (len(some) + 1) * most > POSTINGS_AT_ONCE):
            yield some
            some = []
        some.append(term)
    if some:
        yield some
