"""How near entries are to a question in meaning: exactly where that is cheap, else of those that may matter.

Up to a size all cosines are worked out. Above it the nearest vectors propose entries, and the cosines of
whatever is proposed, by them or by words, are worked out exactly. What is standardised over all entries is
then standardised over a sample of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from rapportsvar.index.base import places_of_entries
from rapportsvar.index.opened import OpenIndex

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]
Allowed = npt.NDArray[np.bool_]

ALL_OF = 4000
"""So few allowed entries are compared one and all, whatever the size of the index."""
NEAREST = 3000
"""Vectors that propose entries where there are too many to compare all; an entry has two or three."""
SAMPLED_OF_SOME = 1500
"""Entries that stand for the allowed ones where not all are allowed."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and standard deviation over the allowed entries: of their whole vectors, of their best ones."""

    whole: tuple[float, float]
    best: tuple[float, float]


class Cosines(Protocol):
    """Cosines of entries with a question.

    ``whole`` and ``best`` are ``(entries,)``: of each entry's whole vector, and the best of all its vectors.
    What is not known of them is the mean.
    """

    whole: Floats
    best: Floats
    spread: Spread

    def proposed(self, count: int) -> tuple[Places, ...]:
        """Return the ``count`` allowed entries with the best whole vector, and those with the best vector."""
        ...

    def know(self, entries: Places) -> None:
        """Work out the cosines of some entries."""
        ...


def cosines_of(index: OpenIndex, question: Floats, allowed: Allowed) -> Cosines:
    """Compare a question with the allowed entries."""
    if index.vectors.are_few:
        return _Exact(index, index.vectors.cosines(question), allowed)
    return _Nearest(index, question, allowed)


def top_of(scores: Floats, places: Places, count: int) -> Places:
    """Return the places with the ``count`` best scores, where there are so many; ``scores`` are theirs."""
    if len(places) <= count:
        return places
    return places[np.argpartition(-scores, count)[:count]]


def _spread_of(values: Floats) -> tuple[float, float]:
    return (float(values.mean()), float(values.std())) if len(values) else (0.0, 0.0)


class _Exact:
    """All cosines."""

    def __init__(self, index: OpenIndex, cosines: Floats, allowed: Allowed) -> None:
        vectors = index.vectors
        self.whole: Floats = cosines[vectors.first[:-1]]
        self.best: Floats = np.maximum.reduceat(cosines, vectors.first[:-1]) if len(allowed) else self.whole
        self._places = np.flatnonzero(allowed)
        self.spread = Spread(_spread_of(self.whole[self._places]), _spread_of(self.best[self._places]))

    def proposed(self, count: int) -> tuple[Places, ...]:
        """See ``Cosines``."""
        return tuple(top_of(some[self._places], self._places, count) for some in (self.whole, self.best))

    def know(self, entries: Places) -> None:
        """All are known."""


class _Nearest:
    """Cosines of the nearest, and of what else is asked for."""

    def __init__(self, index: OpenIndex, question: Floats, allowed: Allowed) -> None:
        self._vectors = index.vectors
        self._question = question
        places = np.flatnonzero(allowed)
        if len(places) <= ALL_OF:
            self._near = places
            some = self._of(places)
        else:
            among = None if len(places) == len(allowed) else allowed
            nearest, _ = self._vectors.nearest(question, NEAREST, among)
            self._near = np.unique(self._vectors.owners[nearest]).astype(np.int64)
            some = self._of_some(index, places)
        self.spread = Spread(_spread_of(some[0]), _spread_of(some[1]))
        self.whole = np.full(len(allowed), self.spread.whole[0], np.float32)
        self.best = np.full(len(allowed), self.spread.best[0], np.float32)
        self.know(self._near)

    def proposed(self, count: int) -> tuple[Places, ...]:
        """See ``Cosines``."""
        return tuple(top_of(some[self._near], self._near, count) for some in (self.whole, self.best))

    def know(self, entries: Places) -> None:
        """See ``Cosines``."""
        self.whole[entries], self.best[entries] = self._of(entries)

    def _of(self, entries: Places) -> tuple[Floats, Floats]:
        places, starts = places_of_entries(self._vectors, entries)
        return _whole_and_best(self._vectors.of(places), starts, self._question)

    def _of_some(self, index: OpenIndex, allowed: Places) -> tuple[Floats, Floats]:
        """Compare the question with a sample of the allowed entries."""
        if len(allowed) == len(index.entries):
            sample = index.sample
            return _whole_and_best(sample.vectors, sample.starts, self._question)
        return self._of(allowed[np.linspace(0, len(allowed) - 1, SAMPLED_OF_SOME).astype(np.int64)])


def _whole_and_best(vectors: Floats, starts: Places, question: Floats) -> tuple[Floats, Floats]:
    cosines: Any = np.einsum("nd,d->n", vectors, question)
    return cosines[starts], np.maximum.reduceat(cosines, starts) if len(starts) else cosines[starts]
