"""Corrects the spelling of a question by the words of the corpus, the lexicon and the dictionary.

Near words are looked for among those that share their first three or last four letters (without marks) and
are at most two letters longer or shorter; so 200,000 words cost half a millisecond for each unknown word.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rapportsvar.swedish.language import language
from rapportsvar.swedish.tokens import Token, tokens
from rapportsvar.swedish.words import Analyzer, fold, stopwords

_LEAST_CHARS = 4
_SHORT_CHARS = 5
_HEAD_CHARS, _TAIL_CHARS = 3, 4
_STOPWORD_COUNT = 1_000
_MARKS = "åäö"
_UNMARKED = {"a": "åä", "o": "ö"}
_UNMARKED_MAX = 4
"""In words with more of these letters, all the ways to mark them are too many to try."""
_MARKED = {"a": "åä", "o": "ö", "e": "ä", "å": "ä", "ä": "å"}


@dataclass(frozen=True, slots=True)
class Correction:
    """A corrected text.

    Attributes:
        text: The question as it is understood.
        changes: What was written and what it was taken for, in reading order.
    """

    text: str
    changes: tuple[tuple[str, str], ...] = ()


class Speller:
    """Corrects questions.

    Args:
        frequencies: How often each word form (lower case) stands in the corpus.
        words: More words that are right: of the lexicon, names of municipalities and boards.
        bigrams: Pairs of word forms that stand side by side in the corpus; they are never written together.
        analyzer: Knows the dictionary.
    """

    def __init__(
        self,
        frequencies: Mapping[str, int],
        words: Iterable[str] = (),
        *,
        bigrams: Collection[tuple[str, str]] = (),
        analyzer: Analyzer | None = None,
    ) -> None:
        self._corpus = frequencies
        self._words = frozenset(word.lower() for word in words)
        self._bigrams = bigrams
        self._analyzer = analyzer or Analyzer()

    def correct(self, text: str) -> Correction:
        """Correct ``text``; an English question is left as it is."""
        if language(text) == "en":
            return Correction(text)
        unmarked = not any(letter in text.lower() for letter in _MARKS)
        found = tokens(text)
        changes: list[tuple[Token, str]] = []
        before = ""
        for token in found:
            word = self._correct_word(token, before, unmarked=unmarked)
            before = word or token.lower
            if word is not None:
                changes.append((token, word))
        spelled = _applied(text, changes)
        joined = self._joined(spelled.text)
        return Correction(joined.text, spelled.changes + joined.changes)

    def _correct_word(self, token: Token, before: str, *, unmarked: bool) -> str | None:
        """Return the right spelling of ``token``, or None where it is right or nothing is near.

        ``before`` is the word before, corrected; ``unmarked`` tells that the whole question has no å, ä or ö.
        """
        word = token.lower
        if not token.is_word or not word.isalpha() or _is_abbreviation(token.text) or self._in_corpus(word):
            return None
        same = [form for form in self._folded.get(fold(word), ()) if not _drops_marks(word, form)]
        folded = self._best(same, before)
        if folded and folded != word and (unmarked or not self._analyzer.knows(word)):
            return _cased(folded, token.text)
        if len(word) < _LEAST_CHARS or self._analyzer.knows(word):
            return None
        near = self._nearest(word, name=token.text[0].isupper() and before != "")
        return _cased(near, token.text) if near else None

    def _nearest(self, word: str, *, name: bool) -> str | None:
        """Return what an unknown word was meant to be: one slip, then two words joined, then two slips."""
        one = self._near(word, 1)
        if one and self._analyzer.lemma(one) == self._analyzer.lemma(word):
            return None
        parts = self._analyzer.parts(word)
        if parts:
            return one if one and self._analyzer.parts(one) == parts else None
        if one or name:
            return one
        other = self._in_dictionary(word) or self._parted(word)
        return other or (self._near(word, 2) if len(word) > _SHORT_CHARS else None)

    def _in_corpus(self, word: str) -> bool:
        return word in self._corpus or word in self._words or word in stopwords()

    def _frequency(self, word: str) -> int:
        return max(self._corpus.get(word, 0), _STOPWORD_COUNT if word in stopwords() else 0)

    def _best(self, words: Iterable[str], before: str) -> str | None:
        """Return the word that the corpus has after ``before``, or else most often."""
        return max(
            words,
            key=lambda word: ((before, word) in self._bigrams, self._frequency(word), word),
            default=None,
        )

    def _near(self, word: str, limit: int) -> str | None:
        """Return the known word within ``limit`` edits that is nearest, weighted by its frequency."""
        form = fold(word)
        costs = []
        for near, distance in self._near_forms(form, limit).items():
            for candidate in self._folded[near]:
                if _drops_marks(word, candidate) or not _begins_alike(form, near):
                    continue
                marks = 0.1 * OSA.distance(word, candidate)
                bonus = 0.15 * math.log10(self._frequency(candidate) + 1)
                costs.append((distance + marks - bonus, candidate))
        return min(costs)[1] if costs else None

    def _near_forms(self, form: str, limit: int) -> dict[str, int]:
        """Return the known folded forms within ``limit`` edits of ``form``, with their distances."""
        found: dict[str, int] = {}
        for length in range(len(form) - limit, len(form) + limit + 1):
            for bucket in ((length, "", form[:_HEAD_CHARS]), (length, form[-_TAIL_CHARS:], "")):
                choices = self._buckets.get(bucket, [])
                near = process.extract(form, choices, scorer=OSA.distance, score_cutoff=limit, limit=None)
                found.update((choice, int(distance)) for choice, distance, _ in near)
        return found

    def _in_dictionary(self, word: str) -> str | None:
        """Try the commonest slips against the dictionary: swapped, doubled and single letters, marks."""
        return next((form for form in _slips(word) if self._analyzer.knows(form)), None)

    def _parted(self, word: str) -> str | None:
        """Return ``word`` as two words of the corpus: ``kostnadenför``."""
        cuts = ((word[:place], word[place:]) for place in range(2, len(word) - 1))
        known = [cut for cut in cuts if all(self._in_corpus(part) for part in cut)]
        best = max(known, key=lambda cut: min(self._frequency(part) for part in cut), default=None)
        return " ".join(best) if best and any(part in stopwords() for part in best) else None

    def _joined(self, text: str) -> Correction:
        """Write together what the corpus writes as one word: ``sjuk frånvaro``."""
        found = tokens(text)
        changes: list[tuple[Token, str]] = []
        place = 0
        while place < len(found) - 1:
            left, right = found[place], found[place + 1]
            word = self._compound(left, right) if text[left.end : right.start] == " " else None
            if word is not None:
                pair = Token(left.start, right.end, text[left.start : right.end], "")
                changes.append((pair, _cased(word, left.text)))
                place += 1
            place += 1
        return _applied(text, changes)

    def _compound(self, left: Token, right: Token) -> str | None:
        pair = (left.lower, right.lower)
        if not (left.is_word and right.is_word) or right.text[0].isupper() or pair in self._bigrams:
            return None
        if any(part in stopwords() or len(part) < _HEAD_CHARS for part in pair) or _is_abbreviation(
            left.text
        ):
            return None
        return next((word for word in ("".join(pair), "s".join(pair)) if word in self._corpus), None)

    @cached_property
    def _folded(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for word in {*self._corpus, *self._words, *stopwords()}:
            found[fold(word)].append(word)
        return dict(found)

    @cached_property
    def _buckets(self) -> dict[tuple[int, str, str], list[str]]:
        """Known folded words by (length, last letters, "") and by (length, "", first letters)."""
        found: dict[tuple[int, str, str], list[str]] = defaultdict(list)
        for form in self._folded:
            if len(form) >= _HEAD_CHARS and form.isalpha():
                found[len(form), "", form[:_HEAD_CHARS]].append(form)
                found[len(form), form[-_TAIL_CHARS:], ""].append(form)
        return dict(found)


def _applied(text: str, changes: list[tuple[Token, str]]) -> Correction:
    """Write ``changes``, in reading order, into ``text``."""
    pieces, place = [], 0
    for token, word in changes:
        pieces += [text[place : token.start], word]
        place = token.end
    done = tuple((token.text, word) for token, word in changes)
    return Correction("".join([*pieces, text[place:]]), done)


def _is_abbreviation(written: str) -> bool:
    return len(written) > 1 and sum(letter.isupper() for letter in written) > 1


def _drops_marks(word: str, candidate: str) -> bool:
    """Tell whether ``candidate`` is ``word`` with fewer marks: ``delår``, ``delar``."""
    if fold(word) != fold(candidate):
        return False
    return any(old in _MARKS and new not in _MARKS for old, new in zip(word, candidate, strict=False))


def _begins_alike(form: str, near: str) -> bool:
    """Tell whether the first letters agree, or are swapped, or one is missing or too many."""
    return form[0] == near[0] or form[:2] == near[1::-1] or form[0] == near[1:2] or form[1:2] == near[0]


def _cased(word: str, written: str) -> str:
    return word[0].upper() + word[1:] if written[0].isupper() else word


def _slips(word: str) -> Iterator[str]:
    """Yield ``word`` without one common slip: letters swapped, doubled, single, without marks."""
    for place, letter in enumerate(word):
        yield word[:place] + word[place + 1 :]
        if place + 1 < len(word):
            yield word[:place] + word[place + 1] + letter + word[place + 2 :]
        yield word[:place] + letter + word[place:]
        for marked in _MARKED.get(letter, ""):
            yield word[:place] + marked + word[place + 1 :]


def with_marks(word: str, analyzer: Analyzer) -> list[str]:
    """Return the dictionary's words that ``word`` may be with its marks left off: ``laste`` for ``läste``.

    Args:
        word: In small letters, without å, ä and ö.
        analyzer: Knows the dictionary.
    """
    if sum(letter in _UNMARKED for letter in word) > _UNMARKED_MAX:
        return []
    forms = [""]
    for letter in word:
        forms = [form + other for form in forms for other in letter + _UNMARKED.get(letter, "")]
    return [form for form in forms if form != word and analyzer.knows(form)]
