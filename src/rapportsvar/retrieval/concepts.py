"""What a question is about, as concepts: each a word or phrase with all the ways a report may say it.

A concept scores an entry by its best way of being said there, so that a word and its synonyms never count
twice. The whole word weighs more than the parts of a compound, the asker's own word more than the lexicon's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from rapportsvar.index.base import Keywords
from rapportsvar.index.keyword import PART_MARK
from rapportsvar.model import Span
from rapportsvar.swedish.lexicon import Expansion
from rapportsvar.swedish.words import Term

WHOLE_IN_COMPOUND = 0.6
"""Asked for kostnad, found placeringskostnad."""
IN_PARTS = 0.6
"""A wording of several words, of which some stand as parts of compounds."""
PARTS_OF_ASKED = 0.7
"""Asked for placeringskostnad, found kostnad and placering."""
PHRASE_WORD = 0.35
"""A word that belongs to an everyday phrase says little by itself: back in gick back."""
LEXICON = 0.85
FEW_AMONG = 10
"""Of so many entries one or less: then putting pieces in order costs less than going over all entries."""

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]
Allowed = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say a concept: all of ``keys``, at a weight."""

    keys: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Concept:
    """A word or phrase of the question.

    Attributes:
        start: Where it begins in the question.
        end: Where it ends.
        wordings: All ways to say it, the asker's own first.
        weight: How much it counts among the question's concepts.
    """

    start: int
    end: int
    wordings: tuple[Wording, ...]
    weight: float = 1.0


def concepts_of(terms: Sequence[Term], expansions: Sequence[Expansion]) -> tuple[Concept, ...]:
    """Group a question's terms and the lexicon's expansions of them into concepts."""
    words: dict[tuple[int, int], list[Term]] = {}
    for term in terms:
        words.setdefault((term.start, term.end), []).append(term)
    own: dict[tuple[int, int], list[Wording]] = {
        place: _own_wordings(group) for place, group in words.items()
    }
    phrases: dict[tuple[int, int], list[Wording]] = {}
    for expansion in (e for e in expansions if e.term):
        place = (expansion.start, expansion.end)
        target = own if place in own else phrases
        target.setdefault(place, []).append(Wording(tuple(expansion.term), LEXICON * expansion.weight))
    concepts = [Concept(s, e, tuple(wordings)) for (s, e), wordings in phrases.items()]
    for (start, end), wordings in own.items():
        inside = any(c.start <= start and end <= c.end for c in concepts[: len(phrases)])
        concepts.append(Concept(start, end, tuple(wordings), PHRASE_WORD if inside else 1.0))
    return tuple(sorted(concepts, key=lambda c: (c.start, c.end)))


def terms_of(concepts: Sequence[Concept]) -> set[str]:
    """Return every index term that concepts are looked for by."""
    keys = {key for concept in concepts for wording in concept.wordings for key in wording.keys}
    return keys | {PART_MARK + key for key in keys}


def weighed_down(concepts: Sequence[Concept], weights: Mapping[Span, float]) -> tuple[Concept, ...]:
    """Lower the weight of concepts inside some stretches of the question: names that filter already."""
    lowered = []
    for concept in concepts:
        inside = [w for span, w in weights.items() if span.start <= concept.start and concept.end <= span.end]
        lowered.append(replace(concept, weight=concept.weight * min(inside)) if inside else concept)
    return tuple(lowered)


def _own_wordings(group: Sequence[Term]) -> list[Wording]:
    whole = [t for t in group if not t.part]
    parts = tuple(t.key for t in group if t.part)
    wordings = [Wording((t.key,), 1.0) for t in whole]
    if len(parts) > 1:
        wordings.append(Wording(parts, PARTS_OF_ASKED))
    return wordings


@dataclass(frozen=True, slots=True)
class Scored:
    """The entries that a concept is found in, and how well: of all others nothing is kept.

    Attributes:
        places: Ascending, ``(m,)``.
        scores: Above 0, ``(m,) float32``.
    """

    places: Places
    scores: Floats

    def at(self, places: Places) -> Floats:
        """Return the scores of some entries, 0 where the concept is not found."""
        found = np.zeros(len(places), np.float32)
        if len(self.places):
            at = np.minimum(np.searchsorted(self.places, places), len(self.places) - 1)
            there = self.places[at] == places
            found[there] = self.scores[at[there]]
        return found

    def best(self, allowed: Allowed | None) -> float:
        """Return the highest score among the allowed entries, among all where that is None."""
        scores = self.scores if allowed is None else self.scores[allowed[self.places]]
        return float(scores.max(initial=0.0))


NOTHING = Scored(np.zeros(0, np.int64), np.zeros(0, np.float32))


Piece = tuple[npt.NDArray[np.int_ | np.int32], Floats]
"""Places, ascending and each named once, and the score of each."""


def together(pieces: Sequence[Piece], entries: int, put: np.ufunc) -> Scored:
    """Put scores of entries together that come in pieces.

    Args:
        pieces: The pieces; what is returned may share the arrays of one that stands alone.
        entries: How many there are in the index.
        put: What becomes of two scores of one entry: ``np.maximum`` or ``np.add``.
    """
    pieces = [piece for piece in pieces if len(piece[0])]
    if not pieces:
        return NOTHING
    if len(pieces) == 1:
        return Scored(pieces[0][0].astype(np.int64, copy=False), pieces[0][1])
    if sum(len(places) for places, _ in pieces) * FEW_AMONG < entries:
        places, scores, first = _in_order(pieces)
        return Scored(places[first].astype(np.int64, copy=False), put.reduceat(scores, first))
    found = _of_many(pieces, entries, put)
    met = np.flatnonzero(found != 0)
    return Scored(met, found[met])


def summed(pieces: Sequence[Piece], entries: int) -> tuple[Scored, Floats]:
    """Add scores of entries that come in pieces; tell as well in how many pieces each entry is, ``(m,)``."""
    pieces = [piece for piece in pieces if len(piece[0])]
    if len(pieces) < 2:
        found = together(pieces, entries, np.add)
        return found, np.ones(len(found.places), np.float32)
    if sum(len(places) for places, _ in pieces) * FEW_AMONG < entries:
        places, scores, first = _in_order(pieces)
        times = np.diff(first, append=len(places)).astype(np.float32)
        return Scored(places[first].astype(np.int64, copy=False), np.add.reduceat(scores, first)), times
    sums = _of_many(pieces, entries, np.add)
    often = np.zeros(entries, np.uint8)
    for places, _ in pieces:
        often[places] += 1
    met = np.flatnonzero(sums != 0)
    return Scored(met, sums[met]), often[met].astype(np.float32)


def _in_order(pieces: Sequence[Piece]) -> tuple[npt.NDArray[Any], Floats, Places]:
    """Put pieces in one row by place; tell where each place begins in it."""
    joined = np.concatenate([places for places, _ in pieces])
    order = np.argsort(joined, kind="stable")  # of what is ascending in pieces: fast
    joined = joined[order]
    first = np.flatnonzero(np.concatenate(([True], joined[1:] != joined[:-1])))
    return joined, np.concatenate([some for _, some in pieces])[order], first


def _of_many(pieces: Sequence[Piece], entries: int, put: np.ufunc) -> Floats:
    """Work among all entries; what is in no piece is 0, and all that is in one is above."""
    found = np.zeros(entries, np.float32)
    found[pieces[0][0]] = pieces[0][1]
    for places, scores in pieces[1:]:
        found[places] = put(found[places], scores)
    return found


def concept_scores(concept: Concept, field: Keywords, entries: int) -> Scored:
    """Score the entries where a concept stands in one field.

    Args:
        concept: The concept.
        field: The field.
        entries: How many there are.
    """
    pieces: list[Piece] = []
    for wording in concept.wordings:
        if len(wording.keys) == 1:
            pieces += _of_key(field, wording.keys[0], wording.weight)
        else:
            found = _of_all_keys(wording, field, entries)
            pieces.append((found.places, found.scores))
    return together(pieces, entries, np.maximum)


def _of_key(field: Keywords, key: str, weight: float) -> list[Piece]:
    """Return where a word stands whole, and where it is part of a compound."""
    pieces: list[Piece] = []
    for name, share in ((key, 1.0), (PART_MARK + key, WHOLE_IN_COMPOUND)):
        places, weights = field.postings(name)
        if len(places):
            pieces.append((places, weights * np.float32(weight * share)))
    return pieces


def _of_all_keys(wording: Wording, field: Keywords, entries: int) -> Scored:
    each = [together(_of_key(field, key, 1.0), entries, np.maximum) for key in wording.keys]
    total, times = summed([(found.places, found.scores) for found in each], entries)
    share = times / np.float32(len(wording.keys))
    return Scored(total.places, np.float32(wording.weight) * total.scores * share * share)


def matched_share(concepts: Sequence[Concept], field: Keywords, places: npt.NDArray[np.int64]) -> Floats:
    """Tell which share of what stands in a field the question speaks of, weighed by rarity.

    A heading or a row label that the question names whole is a better sign than one of which it names a word.

    Args:
        concepts: Of the question.
        field: Such as ``label``.
        places: The entries to look at, ascending, ``(c,)``.

    Returns:
        ``(c,) float32``, 0 to 1; 0 where the field is empty.
    """
    total = np.zeros(len(places), np.float32)
    for concept in concepts:
        best = np.zeros(len(places), np.float32)
        for wording in concept.wordings:
            some = np.zeros(len(places), np.float32)
            for key in wording.keys:
                some += _rarity_at(field, key, places)
            np.maximum(best, np.float32(min(1.0, wording.weight)) * some, out=best)
        total += best
    mass = field.mass[places]
    return (np.minimum(total, mass) / np.maximum(mass, 1e-6)).astype(np.float32)


def _rarity_at(field: Keywords, key: str, places: npt.NDArray[np.int64]) -> Floats:
    found = np.zeros(len(places), np.float32)
    for name, share in ((PART_MARK + key, WHOLE_IN_COMPOUND), (key, 1.0)):
        held, _ = field.postings(name)
        if len(held):
            found[among(places, held)] = share * field.rarity(name)
    return found


def among(places: npt.NDArray[np.int64], held: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Tell which places are among some that are ascending."""
    if not len(held):
        return np.zeros(len(places), np.bool_)
    at = np.minimum(np.searchsorted(held, places), len(held) - 1)
    there: npt.NDArray[np.bool_] = held[at] == places
    return there


@dataclass(frozen=True, slots=True)
class Reading:
    """A concept made ready to be looked for in many short texts.

    Attributes:
        weight: How much it counts among the question's concepts.
        single: Wordings of one key: their weight by index term, parts of compounds included.
        phrases: Wordings of several keys: their weight, and of each key the term and the part of a compound.
    """

    weight: float
    single: dict[str, float]
    phrases: tuple[tuple[float, tuple[tuple[str, str], ...]], ...]

    def met_by(self, terms: frozenset[str]) -> float:
        """Tell how well index terms say the concept: the weight of the best wording they hold, 0 to 1."""
        best = 0.0
        if not terms.isdisjoint(self.single):  # mostly they are, and nothing is built to tell it
            best = max(weight for term, weight in self.single.items() if term in terms)
        for weight, keys in self.phrases:
            if weight <= best:
                continue
            in_parts = False
            for key, part in keys:
                if key not in terms:
                    if part not in terms:
                        break
                    in_parts = True
            else:
                best = IN_PARTS * weight if in_parts else weight
        return min(best, 1.0)


def readings(concepts: Sequence[Concept]) -> tuple[Reading, ...]:
    """Make concepts ready to be looked for."""
    made = []
    for concept in concepts:
        single: dict[str, float] = {}
        for wording in concept.wordings:
            if len(wording.keys) == 1:
                key = wording.keys[0]
                single[key] = max(single.get(key, 0.0), wording.weight)
                part = PART_MARK + key
                single[part] = max(single.get(part, 0.0), WHOLE_IN_COMPOUND * wording.weight)
        phrases = tuple(
            (wording.weight, tuple((key, PART_MARK + key) for key in wording.keys))
            for wording in concept.wordings
            if len(wording.keys) > 1
        )
        made.append(Reading(concept.weight, single, phrases))
    return tuple(made)
