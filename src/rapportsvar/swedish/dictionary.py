"""The dictionary of base forms: simplemma's Swedish forms, corrected where they contradict themselves.

The data come through simplemma's public ``get_dictionary``, as a trie that is made once on a machine and kept
in the user's cache: 5 MB that open in 6 ms, hashed, and answer in 2 µs. Where no cache can be written it is
simplemma's front-coded stream, which opens in 0.5 to 1 s and answers in 9 to 25 µs.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

from marisa_trie import BytesTrie
from simplemma.strategies.dictionaries import StreamDictionaryFactory, TrieDictionaryFactory
from simplemma.strategies.dictionaries.trie_dictionary_factory import TrieWrapDict

from rapportsvar.cache import kept
from rapportsvar.swedish.datafiles import data_lines

_VOWELS = frozenset("aeiouyåäöé")
_LEAST_DEFINITE_CHARS = 6
_CONSONANTS = "bcdfghjklmnpqrstvwxz"
_SYNCOPE = ("ar", "el", "en", "er", "or")


class Dictionary:
    """Base forms of known words; every form of a word meets in one.

    simplemma has ``nämnden`` under ``nämnd``, but ``nämnd`` under the verb ``nämna``. A word that has a
    definite or a neuter form of its own is its own base form; other chains are followed to their end.
    """

    def __init__(self) -> None:
        self._forms: Mapping[str, str] = forms()
        self._corrections = _corrections()
        self._seen: dict[str, str | None] = {}
        self._own: dict[str, bool] = {}
        self._lemmas: dict[str, str | None] = {}

    def __contains__(self, form: str) -> bool:
        """Tell whether ``form`` (in lower case) is known."""
        return form in self._corrections or self._base(form) is not None

    def lemma(self, form: str) -> str | None:
        """Return the base form of ``form`` (in lower case), or None where it is unknown."""
        found = self._lemmas.get(form, "")
        if found == "":
            found = self._lemmas[form] = self._follow(form)
        return found

    def is_noun(self, lemma: str) -> bool:
        """Tell whether ``lemma`` has a definite form, as nouns have."""
        if self._corrections.get(lemma) == lemma:
            return True
        return any(self._base(form) == lemma for form in _definite_forms(lemma))

    def definite(self, lemma: str) -> str | None:
        """Return ``underskottet`` for ``underskott``; of a compound that is not known the end decides."""
        for start in range(max(1, len(lemma) - 3)):
            end = lemma[start:]
            for form in sorted(
                _definite_forms(end), reverse=True
            ):  # "et" before "en": "underskotten" are many
                if self._base(form) == end:
                    return lemma[:start] + form
        return None

    def is_name(self, form: str) -> bool:
        """Tell whether ``form`` is known with a capital only."""
        return self._forms.get(form) is None and form in self

    def is_adjective(self, lemma: str) -> bool:
        """Tell whether ``lemma`` has a neuter form, as adjectives have."""
        return lemma[-1:] in _CONSONANTS and self._base(lemma + "t") == lemma

    def is_infinitive(self, lemma: str) -> bool:
        """Tell whether ``lemma`` has a present tense, as verbs have."""
        return lemma.endswith("a") and lemma in (self._base(lemma + "r"), self._base(lemma[:-1] + "er"))

    def _follow(self, form: str) -> str | None:
        chain = [form]
        while True:
            now = chain[-1]
            for stem in (now, _without_article(now)):
                if stem in self._corrections and (stem == now or self._corrections[stem] == stem):
                    return self._corrections[stem]
            following = self._base(now)
            if following is None:
                return now if len(chain) > 1 else None
            if following == now or self._stands_alone(now, following):
                return now
            if following in chain:
                return min(chain[chain.index(following) :], key=lambda word: (len(word), word))
            chain.append(following)

    def _stands_alone(self, word: str, base: str) -> bool:
        """Tell whether ``word`` is a base form though the dictionary refers it to ``base``."""
        present = word.endswith("r") and base in (word[:-1], word[:-2] + "a", word + "a")
        if present or word.endswith("a"):
            return False
        if word not in self._own:
            self._own[word] = self.is_noun(word) or self.is_adjective(word)
        return self._own[word]

    def _base(self, form: str) -> str | None:
        """Look up ``form`` as it is, then as a name."""
        if form in self._seen:
            return self._seen[form]
        found = None
        if not _VOWELS.isdisjoint(form):
            found = self._forms.get(form) or self._forms.get(form.capitalize())
        base = found.lower() if found and found.replace("-", "").isalpha() else None
        if len(self._seen) < 2_000_000:
            self._seen[form] = base
        return base


def _definite_forms(noun: str) -> list[str]:
    """List the definite forms that ``noun`` may have: ``hemmet``, ``indikatorn``, ``varslet``, ``skolan``."""
    if noun[-1:] not in _CONSONANTS:
        return [noun + "n"] if noun.endswith("a") else [noun + "n", noun + "t"]
    forms = [noun + "en", noun + "et"]
    if noun.endswith("m"):
        forms += [noun + "met", noun + "men"]
    if noun.endswith(_SYNCOPE):
        stem = noun[:-2] + noun[-1]
        forms += [stem + "en", stem + "et", noun + "n"]
    return forms


def _without_article(form: str) -> str:
    """Return ``utfall`` for ``utfallet``, ``utfallets``, ``utfallen`` and ``utfallens``."""
    bare = form.removesuffix("s")
    return bare[:-2] if bare.endswith(("et", "en")) and len(bare) >= _LEAST_DEFINITE_CHARS else form


@cache
def dictionary() -> Dictionary:
    """Return the one dictionary of this process."""
    return Dictionary()


def forms() -> Mapping[str, str]:
    """Return simplemma's forms, each with its base form."""
    name = f"forms-sv-simplemma-{version('simplemma')}-marisa-{version('marisa-trie')}"
    try:
        return TrieWrapDict(BytesTrie().frombytes(kept(name, _trie)))
    except OSError:
        return StreamDictionaryFactory().get_dictionary("sv")


def _trie() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        TrieDictionaryFactory(disk_cache_dir=folder).get_dictionary("sv")
        (made,) = Path(folder).iterdir()
        return made.read_bytes()


def _corrections() -> dict[str, str]:
    return {form: lemma for form, lemma in data_lines("lemmas.tsv")}
