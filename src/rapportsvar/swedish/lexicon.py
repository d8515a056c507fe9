"""Everyday words against official ones: what else a report may call what the asker asks for.

A line of ``data/lexicon.tsv``, or of a user's own file of the same form, holds five columns between tabs::

    subject    term        kind        related       weight
    ekonomi    gå back     everyday    underskott    0.9

It reads "``term`` is, by ``kind``, a word for ``related``". Phrases meet by their base forms, with at most
two other words between: ``gick nämnden back``.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from rapportsvar.cache import kept
from rapportsvar.errors import SettingsError
from rapportsvar.swedish.words import Analyzer, Term, stopwords

_FLOOR = Path(__file__).parent
_PACKAGED = _FLOOR / "data" / "lexicon.tsv"
_BETWEEN_WORDS = 2
_COLUMNS = 5
_LOOSE_SHARE = 0.5
_KINDS = {
    "synonym": (1.0, 1.0),
    "abbreviation": (1.0, 1.0),
    "everyday": (1.0, 0.5),
    "broader": (1.0, 0.5),
    "narrower": (1.0, 0.5),
    "related": (1.0, 1.0),
    "english": (1.0, 0.0),
}
"""For each kind the share of a line's weight from ``term`` to ``related``, and back."""
_Keys = tuple[tuple[str, ...], tuple[str, ...]]
"""Of a phrase without its stop words, and of all of it where but one would be left."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a lexicon."""

    subject: str
    term: str
    kind: str
    related: str
    weight: float


@dataclass(frozen=True, slots=True)
class Expansion:
    """Another way to say something in a question.

    Attributes:
        term: Base forms that say it; several for a phrase.
        weight: How surely it says the same, between 0 and 1.
        kind: The kind of the lexicon's line.
        source_term: What the lexicon found in the question, as the lexicon writes it.
        start: Where the words found begin in the question.
        end: Where they end.
    """

    term: tuple[str, ...]
    weight: float
    kind: str
    source_term: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Rule:
    """Says ``target`` for ``keys``; ``full`` keeps the stop words where ``keys`` alone says too little."""

    keys: tuple[str, ...]
    full: tuple[str, ...]
    target: tuple[str, ...]
    weight: float
    kind: str
    source_term: str


class Lexicon:
    """Finds other words for the terms of a question.

    Args:
        entries: Lines of a lexicon.
        analyzer: Makes the base forms; the same that makes those of questions.
    """

    def __init__(self, entries: Iterable[Entry] = (), *, analyzer: Analyzer | None = None) -> None:
        self._analyzer = analyzer or Analyzer()
        self._known = {} if self._analyzer.has_vocabulary else packaged_keys()
        self._rules: dict[str, list[_Rule]] = defaultdict(list)
        self._words: set[str] = set()
        for entry in entries:
            self.add(entry)

    @classmethod
    def load(cls, *own: Path, analyzer: Analyzer | None = None) -> Lexicon:
        """Read the packaged lexicon and the user's ``own`` files.

        Raises:
            SettingsError: A file cannot be read or a line is malformed; the message names both.
        """
        entries = (entry for path in (_PACKAGED, *own) for entry in read_entries(path))
        return cls(entries, analyzer=analyzer)

    @property
    def words(self) -> frozenset[str]:
        """The Swedish words that stand in the lexicon, in lower case, as written."""
        return frozenset(self._words)

    def add(self, entry: Entry) -> None:
        """Take up one more line, in the directions that its kind has."""
        forth, back = _KINDS[entry.kind]
        term, related = self._keys(entry.term), self._keys(entry.related)
        self._add_rule(entry, entry.term, term, related, entry.weight * forth)
        self._add_rule(entry, entry.related, related, term, entry.weight * back)
        written = entry.related if entry.kind == "english" else f"{entry.term} {entry.related}"
        self._words.update(written.lower().split())

    def expand(self, terms: Sequence[Term], *, language: str = "sv") -> list[Expansion]:
        """Return other ways to say what ``terms`` say, the surest first.

        Args:
            terms: Of a question, in reading order, as ``Analyzer.terms`` returns them. With stop words kept,
                ``utan jobb`` is told from ``på jobbet``; without any, such phrases count half.
            language: ``en`` adds the lexicon's English words.
        """
        whole = [term for term in terms if not term.part]
        strict = any(term.key in stopwords() for term in whole)
        found: dict[tuple[tuple[str, ...], int, int], Expansion] = {}
        for expansion in (*self._phrases(whole, strict=strict), *self._of_parts(terms)):
            if expansion.kind == "english" and language != "en":
                continue
            place = (expansion.term, expansion.start, expansion.end)
            if place not in found or found[place].weight < expansion.weight:
                found[place] = expansion
        return sorted(found.values(), key=lambda one: (-one.weight, one.start, one.term))

    def _add_rule(self, entry: Entry, written: str, said: _Keys, meant: _Keys, weight: float) -> None:
        (keys, full), (target, full_target) = said, meant
        if keys and target == full_target and keys != target and weight > 0:
            rule = _Rule(keys, full, target, weight, entry.kind, written)
            for first in {keys[0], full[0]}:
                self._rules[first].append(rule)

    def _keys(self, phrase: str) -> _Keys:
        return self._known.get(phrase) or keys_of(phrase, self._analyzer)

    def _phrases(self, whole: Sequence[Term], *, strict: bool) -> Iterator[Expansion]:
        for place, term in enumerate(whole):
            for rule in self._rules.get(term.key, ()):
                keys = rule.full if strict else rule.keys
                last = _last_place(keys, whole, place) if keys[0] == term.key else None
                if last is not None:
                    share = 1.0 if keys == rule.full else _LOOSE_SHARE
                    yield _expansion(rule, share, term.start, whole[last].end)

    def _of_parts(self, terms: Sequence[Term]) -> Iterator[Expansion]:
        """Expand the parts of compounds: ``socialbidrag`` in ``socialbidragskostnader``."""
        for term in terms:
            if term.part:
                for rule in self._rules.get(term.key, ()):
                    if len(rule.full) == 1:
                        yield _expansion(rule, term.weight, term.start, term.end)


def keys_of(phrase: str, analyzer: Analyzer) -> _Keys:
    """Return the keys of ``phrase``, and those with its stop words where but one key is left without."""
    keys = analyzer.keys(phrase)
    one_of_several = len(keys) == 1 and not phrase.isalpha()
    return keys, analyzer.keys(phrase, keep_stopwords=True) if one_of_several else keys


@cache
def packaged_keys() -> Mapping[str, _Keys]:
    """Return the keys of the packaged lexicon's phrases, made once on a machine: they take a second.

    Empty where no cache can be written; a lexicon then makes them itself.
    """
    digest = hashlib.sha256(f"{version('simplemma')} {version('snowballstemmer')}".encode())
    for path in sorted(_FLOOR.rglob("*")):  # what keys are made by, and of
        if path.suffix in {".py", ".tsv", ".txt"}:
            digest.update(path.read_bytes())
    try:
        content = json.loads(kept(f"lexicon-{digest.hexdigest()[:16]}.json", _made_keys))
    except OSError:
        return {}
    return {phrase: (tuple(keys), tuple(full)) for phrase, keys, full in content}


def _made_keys() -> bytes:
    analyzer = Analyzer()
    phrases = {phrase for entry in packaged_lines() for phrase in (entry.term, entry.related)}
    content = [(phrase, *keys_of(phrase, analyzer)) for phrase in sorted(phrases)]
    return json.dumps(content, ensure_ascii=False).encode()


def packaged_lines() -> Iterator[Entry]:
    """Yield the lines of the packaged lexicon."""
    return read_entries(_PACKAGED)


def read_entries(path: Path) -> Iterator[Entry]:
    """Read a lexicon file.

    Raises:
        SettingsError: The file cannot be read or a line is malformed.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        what = f"The lexicon cannot be read: {error}"
        raise SettingsError(what, where=str(path), todo="Name a text file in UTF-8.") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield _entry([cell.strip() for cell in line.split("\t")], f"{path}, line {number}")


def _entry(cells: list[str], where: str) -> Entry:
    if len(cells) != _COLUMNS or not all(cells[1:]):
        todo = "Write subject, term, kind, related and weight, with one tab between."
        raise SettingsError(f"The line has not five columns: {cells}", where=where, todo=todo)
    subject, term, kind, related, weight = cells
    if kind not in _KINDS:
        raise SettingsError(f"Unknown kind {kind!r}", where=where, todo=f"Use one of {', '.join(_KINDS)}.")
    try:
        number = float(weight.replace(",", "."))
    except ValueError:
        number = 0.0
    if not 0 < number <= 1:
        todo = "Write a number above 0 and up to 1."
        raise SettingsError(f"The weight {weight!r} is out of bounds", where=where, todo=todo)
    return Entry(subject, term, kind, related, number)


def _last_place(keys: tuple[str, ...], whole: Sequence[Term], place: int) -> int | None:
    """Return where the last of ``keys`` stands, the first being at ``place``; None where one is missing."""
    for key in keys[1:]:
        near = range(place + 1, min(place + 2 + _BETWEEN_WORDS, len(whole)))
        following = next((index for index in near if whole[index].key == key), None)
        if following is None:
            return None
        place = following
    return place


def _expansion(rule: _Rule, share: float, start: int, end: int) -> Expansion:
    return Expansion(rule.target, round(rule.weight * share, 3), rule.kind, rule.source_term, start, end)
