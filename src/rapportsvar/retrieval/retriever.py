"""The way from an understood question to ranked entries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rapportsvar.config import RetrievalSettings
from rapportsvar.index.embedding.base import Encoder
from rapportsvar.index.opened import OpenIndex
from rapportsvar.retrieval.causes_after import with_causes
from rapportsvar.retrieval.mastheads import heads_last
from rapportsvar.retrieval.question import Understood
from rapportsvar.retrieval.ranking import Ranker, shipped_ranker
from rapportsvar.retrieval.signals import gather
from rapportsvar.retrieval.spread import compared, deal

Floats = npt.NDArray[np.float32]
READ_FIRST = 24
"""How many of the first entries are read to make hits and tell how sure they are."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Entries in ranked order.

    Attributes:
        places: Places in ``OpenIndex.entries``, best first.
        scores: Of each.
        signals: Of each, ``(c, len(SIGNALS))``.
        cosines: Best cosine of each with the question.
        coverage: Share of the question's concepts that each speaks of.
        question: The question's vector.
    """

    places: npt.NDArray[np.int64]
    scores: Floats
    signals: Floats
    cosines: Floats
    coverage: Floats
    question: Floats


class Retriever:
    """Ranks the entries of one index for questions."""

    def __init__(
        self, index: OpenIndex, encoder: Encoder, settings: RetrievalSettings, ranker: Ranker | None = None
    ) -> None:
        self.index = index
        self.encoder = encoder
        self.settings = settings
        self.ranker = ranker or shipped_ranker()

    def retrieve(self, understood: Understood) -> Ranked:
        """Rank entries for a question, best first."""
        question = self.encoder.encode_questions([understood.embedded or understood.searched])[0]
        found = gather(self.index, understood, question, self.settings.candidates)
        scores = self.ranker.score(found.signals)
        order = np.argsort(-scores, kind="stable").astype(np.int64)
        order = with_causes(order, found.places, self.index, understood)
        self.index.expect_entries(found.places[order[:READ_FIRST]])
        first = heads_last(order[:READ_FIRST], found.places, self.index, understood)
        order = np.concatenate((first, order[READ_FIRST:]))
        groups = compared(understood, self.index.infos)
        if groups:
            owners = self.index.entries["report"][found.places[order]].tolist()
            order = deal(order, [groups.get(owner) for owner in owners])
        self.index.expect_entries(found.places[order[:READ_FIRST]])
        return Ranked(
            places=found.places[order],
            scores=scores[order],
            signals=found.signals[order],
            cosines=found.cosines[order],
            coverage=found.coverage[order],
            question=question,
        )
