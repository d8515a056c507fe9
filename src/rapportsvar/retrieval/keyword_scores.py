"""How well entries hold the words of a question: all entries in sum, and by concept where one is found.

In a large index this is half of a question's time: of a word as frequent as *kostnad* hundreds of thousands
of entries have a score. So what is wanted of a few entries only, or of the best, is not worked out for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rapportsvar.index.keyword import FIELDS
from rapportsvar.index.opened import OpenIndex
from rapportsvar.retrieval.concepts import Concept, Scored, concept_scores
from rapportsvar.retrieval.cosines import top_of

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]
Allowed = npt.NDArray[np.bool_]

IN_CONTEXT = np.float32(0.6)
"""What a concept counts that stands in headings and captions only."""

FILLED_UP_TO = 50_000
"""In an index of so many entries, those without any of the words fill up what too few hold: they may still
stand beside one that answers."""

MANY_AMONG = 4
"""From so great a part of all entries on, going over all of them costs less than picking these."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where one concept is found, by field."""

    body: Scored
    context: Scored
    labels: Scored

    def inside(self, places: Places) -> Floats:
        """Return its scores in some entries themselves, without headings and captions."""
        return np.maximum(self.body.at(places), self.labels.at(places))

    def at(self, places: Places) -> Floats:
        """Return its scores in some entries or their context."""
        return np.maximum(self.inside(places), self.context.at(places))

    def best(self, allowed: Allowed | None) -> float:
        """Return the highest of these scores among the allowed entries, among all where that is None."""
        return max(scored.best(allowed) for scored in (self.body, self.context, self.labels))


class KeywordScores:
    """Keyword scores of one question.

    Args:
        index: The index.
        concepts: Of the question.
        allowed: The entries that may answer; None for all.

    Attributes:
        weights: Of each concept, ``(concepts,)``.
        concepts: Where each is found.
        fields: By field, the sum over concepts, ``(entries,)``.
        total: The sum over concepts of the best field of each, ``(entries,)``.
        ideal: The best score of each concept, weighed, ``(concepts,)``.
    """

    def __init__(self, index: OpenIndex, concepts: Sequence[Concept], allowed: Allowed | None) -> None:
        count = len(index.entries)
        self.allowed = allowed
        self.weights = np.array([c.weight for c in concepts], np.float32)
        self.fields = {name: np.zeros(count, np.float32) for name in FIELDS}
        self.total = np.zeros(count, np.float32)
        self.concepts: list[Found] = []
        scratch = np.zeros(count, np.float32)
        for concept, weight in zip(concepts, self.weights, strict=True):
            scored = {name: concept_scores(concept, index.keyword[name], count) for name in FIELDS}
            for name, some in scored.items():
                self.fields[name][some.places] += some.scores * weight
            found = Found(scored["body"], scored["context"], scored["label"])
            self.concepts.append(found)
            self._add(found, weight, scratch)
        self.ideal = np.array([found.best(None) for found in self.concepts], np.float32) * self.weights

    def _add(self, found: Found, weight: np.float32, scratch: Floats) -> None:
        """Add what one concept counts to the sum of each entry; ``scratch`` is zeros before and after."""
        pieces = [
            (found.labels.places, found.labels.scores),
            (found.body.places, found.body.scores),
            (found.context.places, IN_CONTEXT * found.context.scores),
        ]
        for places, scores in pieces:
            scratch[places] = np.maximum(scratch[places], scores)
        if sum(len(places) for places, _ in pieces) * MANY_AMONG > len(scratch):
            scratch *= weight
            self.total += scratch
            scratch.fill(0.0)
            return
        for places, _ in pieces:  # what stands in two of them is nought the second time
            self.total[places] += scratch[places] * weight
            scratch[places] = 0.0

    def by_concept(self, places: Places) -> tuple[Floats, Floats]:
        """Return each concept's scores in some entries, without and with their context.

        Both ``(concepts, len(places))``.
        """
        if not self.concepts:
            return np.zeros((0, len(places)), np.float32), np.zeros((0, len(places)), np.float32)
        inside = np.stack([found.inside(places) for found in self.concepts])
        context = np.stack([found.context.at(places) for found in self.concepts])
        return inside, np.maximum(inside, context)

    def proposed(self, count: int) -> tuple[Places, ...]:
        """Return the ``count`` allowed entries that have the best sum, and those with the best labels."""
        return tuple(self._top(scores, count) for scores in (self.total, self.fields["label"]))

    def _top(self, scores: Floats, count: int) -> Places:
        found = np.flatnonzero(scores if self.allowed is None else (scores > 0) & self.allowed)
        if len(found) < count and len(scores) <= FILLED_UP_TO:
            kept = scores if self.allowed is None else np.where(self.allowed, scores, -np.inf)
            filled = np.argpartition(-kept, min(count, len(kept) - 1))[:count]
            return filled[np.isfinite(kept[filled])]
        return top_of(scores[found], found, count)

    def best_of(self, scores: Floats) -> float:
        """Return the highest of all entries' scores among the allowed ones."""
        return float(scores.max(initial=0.0, where=True if self.allowed is None else self.allowed))

    @cached_property
    def best_total(self) -> float:
        """The highest sum among the allowed entries."""
        return self.best_of(self.total)

    @cached_property
    def mean_total(self) -> float:
        """The mean sum of the allowed entries."""
        some = self.total if self.allowed is None else self.total[self.allowed]
        return float(some.mean()) if len(some) else 0.0
