"""Reports made by varying others: other municipalities, years, figures and words.

The others are the thirty of ``training/reports`` where none are named.

A word is replaced by another of the same length, ending and case, so that sentences, tables and offsets keep
their form while vocabulary, postings and figures differ from report to report. Nothing is copied as it is.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rapportsvar.swedish.datafiles import data_lines

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "training" / "reports"
SHARE = 0.25
"""Of the words of a report, how many are replaced."""
LEAST_CHARS = 5
_WORD = re.compile(r"[^\W\d_]{5,}")
_YEAR = re.compile(r"\b20[012]\d\b")
_NUMBER = re.compile(r"\d+")
_MUNICIPALITY = re.compile(r"\b([A-ZÅÄÖ][a-zåäö]+)s? kommun\b")


@dataclass(frozen=True)
class Words:
    """The words that a word may be replaced by."""

    alike: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Words:
        groups: dict[tuple[int, str, bool], set[str]] = defaultdict(set)
        for text in texts:
            for word in _WORD.findall(text):
                groups[len(word), word[-2:], word[0].isupper()].add(word)
        alike = {key: tuple(sorted(group)) for key, group in groups.items()}
        return cls({word: group for group in alike.values() for word in group})


class Variation:
    """One way to vary: the same word becomes the same other word everywhere in it."""

    def __init__(self, words: Words, number: int, share: float = SHARE) -> None:
        self._random = random.Random(number)
        self.number = number
        names = municipalities()
        self.municipality = names[number % len(names)]
        self.shift = self._random.randrange(-6, 5)
        self.mapping = {
            word: self._random.choice(alike)
            for word, alike in words.alike.items()
            if len(alike) > 1 and self._random.random() < share
        }

    def words(self, text: str) -> str:
        """Replace words only: every offset stays."""
        mapping = self.mapping
        return _WORD.sub(lambda found: mapping.get(found[0], found[0]), text)

    def numbers(self, text: str) -> str:
        """Replace the digits of numbers, years apart: every offset stays."""
        return _NUMBER.sub(lambda found: self._number(found[0]), text)

    def report(self, text: str) -> str:
        """Vary a whole report, its municipality and years too."""
        named = _MUNICIPALITY.search(text)
        if named:
            text = re.sub(rf"\b{named[1].rstrip('s')}", self.municipality, text)
        text = _YEAR.sub(lambda found: str(int(found[0]) + self.shift), text)
        return self.numbers(self.words(text))

    def _number(self, digits: str) -> str:
        if len(digits) == 4 and digits.startswith("20"):
            return digits
        first = self._random.choice("123456789")
        return first + "".join(self._random.choices("0123456789", k=len(digits) - 1))


class Seeds:
    """The reports that others are made of."""

    def __init__(self, paths: Sequence[Path] = ()) -> None:
        self.paths = list(paths) or sorted(SEEDS.glob("t?_*.txt"))

    @cached_property
    def texts(self) -> dict[str, str]:
        return {path.name: path.read_text(encoding="utf-8") for path in self.paths}

    @cached_property
    def words(self) -> Words:
        return Words.of(self.texts.values())

    def varied(self, count: int) -> Iterator[tuple[str, str]]:
        """Yield ``count`` reports with names, each unlike all others."""
        names = list(self.texts)
        variation = None
        for number in range(count):
            turn, place = divmod(number, len(names))
            if variation is None or variation.number != turn:
                variation = Variation(self.words, turn)
            yield f"v{turn:05d}/{names[place]}", variation.report(self.texts[names[place]])

    def write(self, folder: Path, count: int) -> Path:
        for name, text in self.varied(count):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder


def municipalities() -> list[str]:
    return [line[0] for line in data_lines("municipalities.tsv") if line[3] == "kommun"]
