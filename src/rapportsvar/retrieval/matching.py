"""All entries that hold the words of a search: how many there are, however few of them are shown.

Ranking looks at some hundred candidates. A number that somebody takes from the page into a letter must not
depend on how many those are, so it is counted over the whole index.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rapportsvar.index.keyword import FIELDS, PART_MARK
from rapportsvar.index.opened import OpenIndex
from rapportsvar.retrieval.concepts import Concept, Wording, terms_of

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Matching:
    """The entries that hold words.

    Attributes:
        any_word: Those that hold any of them: places in ``OpenIndex.entries``, ascending.
        all_words: Those of ``any_word`` that hold them all.
        words: How many words that is.
    """

    any_word: Places
    all_words: Places
    words: int


def matching(index: OpenIndex, concepts: Sequence[Concept], reports: Collection[int]) -> Matching:
    """Find the entries of some reports that hold any and all of the words.

    A word is held in any form and wording that a search looks for, in an entry's own text or in its headings.
    Names and years that limit the reports already are not words to hold, unless nothing else is.
    """
    index.expect_terms(terms_of(concepts))
    heaviest = max((concept.weight for concept in concepts), default=0.0)
    masks = [_holds(index, concept) for concept in concepts if concept.weight == heaviest]
    if not masks:
        return Matching(np.zeros(0, np.int64), np.zeros(0, np.int64), 0)
    allowed = np.isin(index.entries["report"], list(reports))
    held = (np.logical_or.reduce(masks), np.logical_and.reduce(masks))
    any_word, all_words = (np.flatnonzero(mask & allowed) for mask in held)
    return Matching(any_word, all_words, len(masks))


def _holds(index: OpenIndex, concept: Concept) -> Mask:
    held = np.zeros(len(index.entries), np.bool_)
    for name in FIELDS:
        for wording in concept.wordings:
            held |= _has(index, name, wording)
    return held


def _has(index: OpenIndex, field: str, wording: Wording) -> Mask:
    has = np.ones(len(index.entries), np.bool_)
    for key in wording.keys:
        one = np.zeros(len(has), np.bool_)
        for term in (key, PART_MARK + key):
            one[index.keyword[field].postings(term)[0]] = True
        has &= one
    return has
