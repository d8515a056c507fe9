"""Cuts compounds into the words they are made of.

The last part must be a known noun, every earlier one a noun, an adjective or a stem with a linking sound:
``placering-s-kostnad``, ``skol(a)-skjuts``, ``familj-e-hem``. Few and long parts are best. Short parts, which
fit everywhere (``kon-takt``, ``bud-get``), are allowed from a list only.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from rapportsvar.swedish.datafiles import data_lines
from rapportsvar.swedish.dictionary import Dictionary

_LEAST_CHARS = 4
_MOST_PARTS = 4
_MOST_CHARS = 60
_CORPUS_COUNT = 3
_TAKES_S = ("ning", "ing", "nad", "het", "tion", "sion", "skap", "dom", "tet", "an")
_SHORTNESS = {2: 0.6, 3: 0.4, 4: 0.15, 5: 0.05}

_Split = tuple[float, tuple[str, ...]]


class Splitter:
    """Splits compounds.

    Args:
        dictionary: The known words.
        vocabulary: How often each lemma stands in the corpus; those seen thrice may be parts as well.
    """

    def __init__(self, dictionary: Dictionary, vocabulary: Mapping[str, int]) -> None:
        self._dictionary = dictionary
        self._vocabulary = vocabulary
        self._short = _kind("short")
        self._links = _kind("link")
        self._never_first = frozenset(_kind("never_first"))
        self._never_last = frozenset(_kind("never_last"))
        self._firsts: dict[str, _Split | None] = {}
        self._lasts: dict[str, _Split | None] = {}

    def split(self, word: str) -> tuple[str, ...]:
        """Return the base forms of the parts of ``word`` (lower case), left to right; () if it has none."""
        if not 2 * _LEAST_CHARS - 2 <= len(word) <= _MOST_CHARS or not word.isalpha():
            return ()
        if self._dictionary.is_name(word) or self._dictionary.is_infinitive(word):
            return ()
        best: _Split | None = None
        for place in range(2, len(word) - 2):
            last = self._last(word[place:])
            if last is None:
                continue
            head = self._head(word[:place], _MOST_PARTS - 1)
            if head is not None:
                split = (head[0] + last[0], head[1] + last[1])
                best = split if best is None or split[0] < best[0] else best
        return best[1] if best else ()

    def _head(self, text: str, most: int) -> _Split | None:
        """Return the cheapest way to read all of ``text`` as one or more first parts."""
        best = self._first(text)
        if most > 1 and (best is None or best[0] > 1.3):
            for place in range(2, len(text) - 2):
                first = self._first(text[:place])
                if first is None:
                    continue
                rest = self._head(text[place:], most - 1)
                if rest is not None:
                    split = (first[0] + rest[0], first[1] + rest[1])
                    best = split if best is None or split[0] < best[0] else best
        return best

    def _first(self, text: str) -> _Split | None:
        if text not in self._firsts:
            self._firsts[text] = self._read_first(text)
        return self._firsts[text]

    def _read_first(self, text: str) -> _Split | None:
        listed = self._links.get(text) or self._short.get(text) or self._short.get(text.removesuffix("s"))
        if listed:
            return 1.05 + _SHORTNESS.get(len(text), 0.0), (listed,)
        if text in self._never_first or len(text) < _LEAST_CHARS:
            return None
        for penalty, lemma in _stems(text):
            if len(lemma) >= _LEAST_CHARS and self._is_part(lemma) and lemma not in self._never_first:
                return 1.0 + penalty + _SHORTNESS.get(len(lemma), 0.0), (lemma,)
        if self._dictionary.lemma(text) == text and self._dictionary.is_adjective(text):
            return 1.2 + _SHORTNESS.get(len(text), 0.0), (text,)
        return None

    def _last(self, text: str) -> _Split | None:
        if text not in self._lasts:
            self._lasts[text] = self._read_last(text)
        return self._lasts[text]

    def _read_last(self, text: str) -> _Split | None:
        lemma = self._dictionary.lemma(text) or (
            text if self._vocabulary.get(text, 0) >= _CORPUS_COUNT else None
        )
        if lemma is None or lemma in self._never_last or text in self._never_last:
            return None
        if lemma in self._short:
            return 1.0 + _SHORTNESS[len(lemma)], (lemma,)
        if len(lemma) < _LEAST_CHARS or len(text) < _LEAST_CHARS:
            return None
        if self._dictionary.is_infinitive(lemma) and not text.startswith(lemma[:-1]):
            return None
        if self._is_part(lemma):
            return 1.0 + _SHORTNESS.get(len(lemma), 0.0), (lemma,)
        if self._dictionary.is_adjective(lemma):
            return 1.4 + _SHORTNESS.get(len(lemma), 0.0), (lemma,)
        return None

    def _is_part(self, lemma: str) -> bool:
        if self._vocabulary.get(lemma, 0) >= _CORPUS_COUNT:
            return True
        return self._dictionary.lemma(lemma) == lemma and self._dictionary.is_noun(lemma)


def _stems(text: str) -> list[tuple[float, str]]:
    """List what word the first part ``text`` may come from, each with its penalty."""
    stems = [(0.3 if text.endswith(_TAKES_S) else 0.0, text)]
    if text.endswith("s"):
        stem = text[:-1]
        stems += [(0.05 if stem[-1] not in "aio" else 0.3, stem), (0.1, stem + "e")]
    if text.endswith("ar"):
        stems.append((0.1, text + "e"))
    if text.endswith("e"):
        stems += [(0.3, text[:-1]), (0.3, text[:-1] + "a")]
    stems.append((0.2, text + "a"))
    return sorted(stems)


@cache
def _kind(kind: str) -> dict[str, str]:
    rows = (fields for fields in data_lines("compounds.tsv") if fields[0] == kind)
    return {fields[1]: fields[-1] for fields in rows}
