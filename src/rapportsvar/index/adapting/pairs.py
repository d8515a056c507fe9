"""Pseudo-questions made of the indexed reports alone, each with the entry that answers it.

What a report says is taken apart into something that asks and something that answers: a sentence and the
passage without it, a heading and what stands under it, a row's labels and the row, the effect that a cause is
stated for, the measure of an amount, official words put into everyday ones. Hard negatives are the entries of
the same report that are nearest in meaning.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rapportsvar.index.analysis import EMBEDDED_CHARS_MAX, SENTENCE_CHARS_MIN
from rapportsvar.index.entries import JOIN, Entry, plain
from rapportsvar.index.opened import OpenIndex
from rapportsvar.model import EntryKind
from rapportsvar.swedish.cues import AMOUNT, DATE, YEAR, find_causes
from rapportsvar.swedish.lexicon import Entry as Line
from rapportsvar.swedish.tokens import tokens
from rapportsvar.swedish.words import Analyzer

ENTRIES_MAX = 12_000
"""Entries that are looked at, drawn from all; a bounded time sees no more."""
NEGATIVES = 4
NEAREST = 12
_TOO_NEAR = 0.985
"""A nearer entry of the same report says the same, and would be no fair negative."""
_QUESTION_CHARS = (12, 220)
_TARGET_CHARS_MIN = 40
_WINDOW_WORDS = 6
_CAUSE_WEIGHT = 0.6
_EVERYDAY_SHARE = 0.5
"""Of the entries with an official word: else these questions would be as many as all others."""
_BLANKS = re.compile(r"\s+")
_COLUMN = re.compile(r"[^\d]+?(?=\s[-−–+]?\d|$)")


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with texts that answer it and texts of the same report that do not; all as embedded."""

    question: str
    positives: tuple[str, ...]
    negatives: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry and the words of its sentences."""

    entry: Entry
    sentences: tuple[str, ...]

    def whole(self, body: str | None = None, *, without: str = "") -> str:
        """Return what is embedded of the entry, its body or context changed."""
        path = [part for part in self.entry.context.split(JOIN) if part != without]
        return JOIN.join([*path, body or self.entry.body])[:EMBEDDED_CHARS_MAX]


def pseudo_pairs(index: OpenIndex, lines: Sequence[Line], analyzer: Analyzer, seed: int) -> list[Pair]:
    """Make pseudo-questions of an index; the same index and seed give the same.

    Args:
        index: Of the reports.
        lines: Of the lexicon: everyday words for official ones.
        analyzer: Makes the base forms.
        seed: Of all that is drawn.
    """
    dice = random.Random(seed)
    everyday = Everyday(lines, analyzer)
    makers: tuple[Maker, ...] = (*MAKERS, everyday.questions)
    count = len(index.entries)
    places = sorted(dice.sample(range(count), min(count, ENTRIES_MAX)))
    texts = {source: index.store.text(source) for source, _ in index.reports.values()}
    pairs = []
    for place in places:
        seen = _seen(index, place, texts)
        negatives: tuple[str, ...] | None = None
        for make in makers:
            for question, target in make(seen, dice):
                if _QUESTION_CHARS[0] <= len(question) and len(target) >= _TARGET_CHARS_MIN:
                    negatives = _near(index, place) if negatives is None else negatives
                    kind = getattr(make, "__name__", "").lstrip("_")
                    pairs.append(Pair(question[: _QUESTION_CHARS[1]], (target,), negatives, kind))
    return pairs


Made = Iterator[tuple[str, str]]
"""Questions, each with the text that answers it."""
Maker = Callable[[Seen, random.Random], Made]


def _of_a_sentence(seen: Seen, dice: random.Random) -> Made:
    """A sentence against its passage without it."""
    long = [words for words in seen.sentences if len(words) >= SENTENCE_CHARS_MIN]
    if long:
        words = dice.choice(long)
        yield words, seen.whole(" ".join(s for s in seen.sentences if s != words))


def _of_a_heading(seen: Seen, dice: random.Random) -> Made:
    """A heading against what stands under it, told without the heading."""
    heading = seen.entry.section[-1] if seen.entry.section else ""
    if seen.entry.kind is EntryKind.PASSAGE and heading:
        yield re.sub(r"^[\d.\s]+", "", heading), seen.whole(without=heading)


def _of_a_row(seen: Seen, dice: random.Random) -> Made:
    """A row's labels and one column's header against the row: as keywords, or how much it is."""
    if seen.entry.kind is not EntryKind.ROW:
        return
    label, colon, cells = seen.entry.body.partition(": ")
    columns = [found[0].strip() for cell in cells.split("; ") if (found := _COLUMN.match(cell))]
    column = dice.choice(columns) if columns else ""
    own = " ".join(label.replace(JOIN, " ").split())
    if colon and re.search(r"[^\W\d]{3}", own):
        asked = f"{own} {column}".strip()
        wordings = (asked, f"hur mycket {asked.lower()}?", f"hur stort var {asked.lower()}?")
        yield dice.choice(wordings), seen.whole()


def _of_a_cause(seen: Seen, dice: random.Random) -> Made:
    """What a cause is stated for, asked by why."""
    for words in seen.sentences or (seen.entry.body,):
        cause = next((c for c in find_causes(words) if c.weight >= _CAUSE_WEIGHT), None)
        if cause is None or len(words) > 2 * _QUESTION_CHARS[1]:
            continue
        effect = words[: cause.start] if cause.cause_follows else words[cause.end :]
        effect = _BLANKS.sub(" ", effect).strip(" ,.;:–-")
        if len(effect) >= SENTENCE_CHARS_MIN:
            yield f"varför {effect[0].lower()}{effect[1:]}?", seen.whole()


def _of_an_amount(seen: Seen, dice: random.Random) -> Made:
    """A sentence that tells an amount, asked for without it."""
    undated = [YEAR.sub(" ", DATE.sub(" ", words)) for words in seen.sentences]
    telling = [words for words in undated if AMOUNT.search(words)]
    if telling:
        asked = _BLANKS.sub(" ", AMOUNT.sub(" ", dice.choice(telling))).strip(" ,.;:–-")
        if asked:
            yield f"hur mycket: {asked[0].lower()}{asked[1:]}?", seen.whole()


MAKERS: tuple[Maker, ...] = (_of_a_sentence, _of_a_heading, _of_a_row, _of_a_cause, _of_an_amount)


class Everyday:
    """Puts official words into everyday ones, by the lexicon."""

    def __init__(self, lines: Sequence[Line], analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._said: Mapping[str, list[str]] = self._by_official(lines)

    def questions(self, seen: Seen, dice: random.Random) -> Made:
        """Some words around an official one, which an everyday one replaces, against the entry."""
        words = [token for token in tokens(seen.entry.body) if token.is_word]
        there = [n for n, token in enumerate(words) if self._analyzer.lemma(token.lower) in self._said]
        if not there or dice.random() > _EVERYDAY_SHARE:
            return
        number = dice.choice(there)
        said = dice.choice(self._said[self._analyzer.lemma(words[number].lower)])
        first = max(0, number - dice.randint(1, _WINDOW_WORDS))
        before = [token.text for token in words[first:number]]
        after = [token.text for token in words[number + 1 : number + 1 + dice.randint(1, _WINDOW_WORDS)]]
        yield " ".join([*before, said, *after]), seen.whole()

    def _by_official(self, lines: Sequence[Line]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for line in lines:
            if line.kind in ("everyday", "synonym") and line.weight >= 0.8 and " " not in line.related:
                found[self._analyzer.lemma(line.related.lower())].append(line.term)
        return dict(found)


def _seen(index: OpenIndex, place: int, texts: Mapping[str, str]) -> Seen:
    report, entry = index.store.entry(int(index.entries["id"][place]))
    text = texts[index.reports[report][0]]
    return Seen(entry, tuple(plain(span.of(text)) for span in entry.sentences))


def _near(index: OpenIndex, place: int) -> tuple[str, ...]:
    """Return the nearest entries of the same report that do not say the same."""
    here = np.flatnonzero(index.entries["report"] == index.entries["report"][place]).astype(np.int32)
    firsts = index.vectors.of(index.vectors.first[here])
    cosines: npt.NDArray[np.float32] = firsts @ index.vectors.of(index.vectors.first[[place]])[0]
    order = np.argsort(-cosines, kind="stable")[: NEAREST + 1]
    near = [int(here[n]) for n in order if here[n] != place and cosines[n] < _TOO_NEAR]
    return tuple(_whole(index, other) for other in near[:NEGATIVES])


def _whole(index: OpenIndex, place: int) -> str:
    _, entry = index.store.entry(int(index.entries["id"][place]))
    return Seen(entry, ()).whole()
