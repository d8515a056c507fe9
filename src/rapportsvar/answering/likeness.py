"""How alike two names of a measure are: the same words, the same words in other forms, or synonyms.

The scale is stated with every series: 1.0 for equal base forms; 0.95 where only words such as ``antal`` and
``totalt`` differ; 0.9 where a compound is written apart (``placeringskostnader``, ``kostnader för
placeringar``); the lexicon's weight times 0.9 for a word in place of another. Anything else stays below
``JOINED_FROM``, so that two measures are never made one because they share many words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapportsvar.index.figures.measures import NEUTRAL
from rapportsvar.index.keyword import PART_MARK
from rapportsvar.swedish.lexicon import Lexicon
from rapportsvar.swedish.words import Term

JOINED_FROM = 0.8
"""Least likeness at which the figures of two names are put in one series."""

NEUTRAL_SHARE = 0.95
COMPOUND_SHARE = 0.9
LEXICON_SHARE = 0.9
PARTIAL_SHARE = 0.75
_TWO_WAYS = ("synonym", "abbreviation")


@dataclass(frozen=True, slots=True)
class Name:
    """A measure's name as keys.

    Attributes:
        words: Base forms of its words.
        parts: For each of them that is a compound, the base forms of its parts.
    """

    words: tuple[str, ...]
    parts: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def keys(self) -> frozenset[str]:
        """The whole words."""
        return frozenset(self.words)

    @property
    def written_apart(self) -> frozenset[str]:
        """The words with every compound in place of which its parts stand."""
        compounds = dict(self.parts)
        return frozenset(key for word in self.words for key in compounds.get(word, (word,)))

    @property
    def all_keys(self) -> frozenset[str]:
        """Words and parts of words."""
        return self.keys | self.written_apart


def name_of(terms: Sequence[str]) -> Name:
    """Make a name from index terms, in which the parts of a compound follow it with a mark before them."""
    words: list[str] = []
    parts: dict[str, tuple[str, ...]] = {}
    for term in terms:
        if not term.startswith(PART_MARK):
            words.append(term)
        elif words:
            parts[words[-1]] = (*parts.get(words[-1], ()), term.removeprefix(PART_MARK))
    return Name(tuple(words), tuple(parts.items()))


class Likeness:
    """Compares names, with a lexicon for what is said in other words."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._others: dict[Name, tuple[tuple[frozenset[str], float], ...]] = {}

    def __call__(self, one: Name, other: Name) -> float:
        """Return how alike two names are, from 0 to 1; the lexicon puts other words for those of ``one``."""
        if one.keys == other.keys:
            return 1.0 if one.keys else 0.0
        if _numbers(one) != _numbers(other):
            return 0.0
        if one.keys - NEUTRAL == other.keys - NEUTRAL and one.keys - NEUTRAL:
            return NEUTRAL_SHARE
        if _apart(one) & _apart(other):
            return COMPOUND_SHARE
        return round(max(self._by_lexicon(one, other), _partial(one, other)), 3)

    def _by_lexicon(self, one: Name, other: Name) -> float:
        if abs(len(one.words) - len(other.words)) > 3:
            return 0.0
        there = [weight for keys, weight in self._said_otherwise(one) if keys == other.keys - NEUTRAL]
        return LEXICON_SHARE * max(there, default=0.0)

    def _said_otherwise(self, name: Name) -> tuple[tuple[frozenset[str], float], ...]:
        found = self._others.get(name)
        if found is None:
            found = self._others[name] = tuple(self._find_others(name))
        return found

    def _find_others(self, name: Name) -> Iterator[tuple[frozenset[str], float]]:
        terms = [Term(word, 1.0, place, place + 1) for place, word in enumerate(name.words)]
        for expansion in self._lexicon.expand(terms):
            if expansion.kind in _TWO_WAYS:
                kept = [*name.words[: expansion.start], *expansion.term, *name.words[expansion.end :]]
                yield frozenset(kept) - NEUTRAL, expansion.weight


def covers(asked: Name, measure: Name) -> bool:
    """Tell whether a measure's name holds every word that is asked for, as a word or a part of one."""
    wanted = asked.keys - NEUTRAL or asked.keys
    apart = dict(asked.parts)
    there = measure.all_keys
    return bool(wanted) and all(
        word in there or (word in apart and set(apart[word]) <= there) for word in wanted
    )


def _apart(name: Name) -> set[frozenset[str]]:
    """A compound may be taken apart wholly or not at all; each way is a set of keys."""
    return {keys - NEUTRAL for keys in (name.keys, name.written_apart, name.all_keys) if keys - NEUTRAL}


def _numbers(name: Name) -> frozenset[str]:
    return frozenset(word for word in name.words if any(char.isdigit() for char in word))


def _partial(one: Name, other: Name) -> float:
    """Return the share of words in common (Dice's coefficient), held below what joins."""
    shared = len(one.keys & other.keys)
    return PARTIAL_SHARE * 2 * shared / max(1, len(one.keys) + len(other.keys))
