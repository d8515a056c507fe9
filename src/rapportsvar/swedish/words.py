"""Words as keys: base forms, parts of compounds, and the terms of a text.

Index and question go through the same ``Analyzer.terms``, so ``placeringskostnader`` and ``kostnader för
placeringar`` meet in the keys ``placering`` and ``kostnad``.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import snowballstemmer

from rapportsvar.swedish.compounds import Splitter
from rapportsvar.swedish.datafiles import data_lines
from rapportsvar.swedish.dictionary import dictionary
from rapportsvar.swedish.tokens import Token, tokens

PART_WEIGHT = 0.4
INNER_PART_WEIGHT = 0.3
_LEAST_STEM_CHARS = 4
_LEAST_HEAD_CHARS = 3
_ENDING = re.compile(r"(?<=\w)[:'’](?:s|n|t|en|et|ens|ets|ns|ar|er|arna|erna|arnas|ernas)$")
_HYPHENS = re.compile(r"[-‑]")
_BLANKS = re.compile(r"\s")
_FOLDS = str.maketrans("åäöéèüáàæø", "aaoeeuaaao")


@dataclass(frozen=True, slots=True)
class Term:
    """A key under which a text is found.

    Attributes:
        key: The base form in lower case; digits for a number.
        weight: 1.0 for a whole word, less for a part of a compound.
        start: Offset of the word that it comes from.
        end: Offset after that word.
        part: True for a part of a compound.
    """

    key: str
    weight: float
    start: int
    end: int
    part: bool = False


class Analyzer:
    """Turns words into keys. Cheap to build; what it has looked up it keeps.

    Args:
        vocabulary: How often each lemma stands in the corpus: more parts for compounds. Index and question
            must be given the same one.
    """

    def __init__(self, vocabulary: Mapping[str, int] | None = None) -> None:
        self.has_vocabulary = bool(vocabulary)
        self._dictionary = dictionary()
        self._splitter = Splitter(self._dictionary, vocabulary or {})
        self._stemmer = snowballstemmer.stemmer("swedish")
        self._stemming = threading.Lock()  # a stemmer keeps the word that it is at in itself
        self._stopwords = stopwords()
        self._lemmas: dict[str, str] = {}
        self._parts: dict[str, tuple[str, ...]] = {}
        self._keys: dict[str, tuple[tuple[str, float], ...]] = {}

    def lemma(self, word: str) -> str:
        """Return the base form of ``word`` in lower case: by the dictionary, its last part, or a stemmer."""
        form = _normal(word)
        found = self._lemmas.get(form)
        if found is None:
            found = self._lemmas[form] = self._find_lemma(form)
        return found

    def knows(self, word: str) -> bool:
        """Tell whether the dictionary has ``word``, inflected or not."""
        return _normal(word) in self._dictionary

    def parts(self, word: str) -> tuple[str, ...]:
        """Return the base forms of the words that ``word`` is made of; empty where it is not a compound."""
        lemma = self.lemma(word)
        found = self._parts.get(lemma)
        if found is None:
            found = self._parts[lemma] = self._find_parts(lemma)
        return found

    def terms(self, text: str, offset: int = 0, *, keep_stopwords: bool = False) -> list[Term]:
        """Return the keys of ``text`` in reading order: each word, then the parts of it.

        Args:
            text: Any text.
            offset: Added to the places.
            keep_stopwords: Keep words such as ``och``, too.
        """
        found: list[Term] = []
        for token in tokens(text, offset):
            if token.is_number:
                key = _BLANKS.sub("", token.lower).replace(",", ".")
                found.append(Term(key, 1.0, token.start, token.end))
            elif token.is_word and (keep_stopwords or token.lower not in self._stopwords):
                found += self._word_terms(token)
        return found

    def keys(self, text: str, *, keep_stopwords: bool = False) -> tuple[str, ...]:
        """Return the keys of the whole words of ``text``, without stop words unless it holds nothing else."""
        words = [token.lower for token in tokens(text) if token.is_word or token.is_number]
        kept = [word for word in words if keep_stopwords or word not in self._stopwords] or words
        return tuple(self.lemma(word) for word in kept)

    def _word_terms(self, token: Token) -> list[Term]:
        keys = self._keys.get(token.lower)
        if keys is None:
            keys = self._keys[token.lower] = self._find_keys(token.lower)
        return [
            Term(key, weight, token.start, token.end, part=place > 0)
            for place, (key, weight) in enumerate(keys)
        ]

    def _find_keys(self, lower: str) -> tuple[tuple[str, float], ...]:
        lemma = self.lemma(lower)
        keys = {lemma: 1.0}
        for part in self.parts(lower):
            keys.setdefault(part, PART_WEIGHT)
            for inner in self.parts(part):
                keys.setdefault(inner, INNER_PART_WEIGHT)
        return tuple(keys.items())

    def _find_lemma(self, form: str) -> str:
        known = self._dictionary.lemma(form)
        if known is not None:
            return known
        if _HYPHENS.search(form):
            head, last = form[: form.rindex("-") + 1] if "-" in form else "", _HYPHENS.split(form)[-1]
            return head + self.lemma(last) if head and last else form
        split = self._splitter.split(form)
        if split:
            return self._by_last_part(form, split[-1])
        ending = self._by_known_ending(form)
        if ending:
            return ending
        if form.endswith("s") and len(form) > _LEAST_STEM_CHARS and form[:-1] in self._dictionary:
            return self.lemma(form[:-1])
        if not form.isalpha() or len(form) <= _LEAST_STEM_CHARS:
            return form
        with self._stemming:
            return str(self._stemmer.stemWord(form))

    def _by_last_part(self, form: str, last: str) -> str:
        """Put the base form ``last`` in the place of the longest ending of ``form`` that has it."""
        for place in range(2, len(form) - 1):
            if self._dictionary.lemma(form[place:]) == last:
                return form[:place] + last
        return form

    def _by_known_ending(self, form: str) -> str:
        """Return ``form`` with its longest known ending in its base form: ``marsprognosen``."""
        known = self._dictionary
        for place in range(_LEAST_HEAD_CHARS, len(form) - _LEAST_STEM_CHARS + 1):
            lemma = known.lemma(form[place:])
            if lemma is None or len(lemma) < _LEAST_STEM_CHARS:
                continue
            if known.is_noun(lemma) or known.is_infinitive(lemma):
                return form[:place] + lemma
        return ""

    def _find_parts(self, lemma: str) -> tuple[str, ...]:
        if _HYPHENS.search(lemma):
            pieces = [piece for piece in _HYPHENS.split(lemma) if len(piece) > 1]
            return tuple(self.lemma(piece) for piece in pieces) if len(pieces) > 1 else ()
        return self._splitter.split(lemma)


def fold(key: str) -> str:
    """Return ``key`` in lower case without marks over its letters: ``varfor`` for ``Varför``."""
    return unicodedata.normalize("NFC", key).lower().translate(_FOLDS)


@cache
def stopwords() -> frozenset[str]:
    """Return the words, in lower case, that carry no meaning for a search."""
    return frozenset(fields[0].lower() for fields in data_lines("stopwords.txt"))


def _normal(word: str) -> str:
    lower = unicodedata.normalize("NFC", word.lower()).replace("\u00ad", "")
    return _ENDING.sub("", lower)
