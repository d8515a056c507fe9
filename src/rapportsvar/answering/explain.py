"""Why a row is as it is: passages that name the row's label and state a cause.

Where to look, nearest first: the section whose heading is the label, the row's own section, the sections
beside it in the same programme area, and the rest of the report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rapportsvar.answering.citations import check_hit
from rapportsvar.answering.places import Places
from rapportsvar.index.analysis import index_terms
from rapportsvar.index.entries import Entry
from rapportsvar.index.figures.measures import clean_label, is_generic, names_only_kind
from rapportsvar.index.keyword import PART_MARK
from rapportsvar.index.opened import OpenIndex
from rapportsvar.index.store import AnalysedSentence
from rapportsvar.index.tables import tables_at
from rapportsvar.model import Highlight, Hit, Row, RowKind, Span, Table
from rapportsvar.swedish.cues import TRAITS
from rapportsvar.swedish.words import Analyzer

CAUSE = TRAITS.index("cause")
IS_ROW, CAUSE_COLUMN = 0, 1 + CAUSE
"""Columns of an index's traits."""
READ_MAX = 24
"""Passages, the nearest to the row, that are read to tell whether one of them explains it."""
CAUSE_MIN = 0.45
"""How surely a sentence must state a cause (``swedish.cues.cause_strength``)."""
NAMED_SHARE = 0.6
"""Share of a label's words that a sentence must name; all of them where they are two or fewer."""

HEADING_IS_LABEL, SAME_SECTION, SAME_AREA, ELSEWHERE = 1.0, 0.9, 0.7, 0.5

_TOTAL = re.compile(
    r"(?:summa|totalt?|netto(?:kostnad(?:er)?|utgift(?:er)?)?|(?:årets |periodens )?resultat"
    r"|verksamhetens netto\w*)\b",
    re.IGNORECASE,
)
"""A row that sums the table is about what the heading names."""
_GOES_ON = re.compile(
    r"(?:det|detta|den|dessa|de|orsak|anledning|skäl|förklaring|överskott|underskott|avvikelse|budgetavvikelse|ökning"
    r"|minskning|kostnadsökning|merkostnad|skillnad|försämring|förbättring)(?:en|et|n|erna|arna)?(?:\s+främst\w*)?\b",
    re.IGNORECASE,
)
"""How a sentence begins that goes on about what the one before it names."""
_INVESTMENT = re.compile("investering", re.IGNORECASE)

Terms = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A passage that explains a row: its entry, the sentences that do, and how surely, from 0 to 1."""

    entry: Entry
    sentences: tuple[Span, ...]
    score: float


class Explainer:
    """Finds what explains a row, in one index.

    Only the passages of the row's report that state a cause and speak of its label are read; the keyword
    index tells which they are.
    """

    def __init__(self, index: OpenIndex, analyzer: Analyzer) -> None:
        self._index = index
        self._terms: Terms = lru_cache(maxsize=4_000)(lambda words: index_terms(analyzer, words))
        self._ids = index.ids_by_source
        self._places = Places(index.store)

    def hits(self, source: str, span: Span, top: int = 3) -> tuple[Hit, ...]:
        """Return the passages that explain the row at ``span``, as hits whose highlights are the sentences.

        Raises:
            UnknownReport: There is no such source.
            CitationError: A quote does not stand in its source.
        """
        stored = self._index.store.report(source)
        row, table = row_at(tables_at(self._index.store.tables(source), span), span)
        if row is None or table is None:
            return ()
        found = self._explanations(source, row, stored.outline.sections[table.section].path, top)
        hits = (
            Hit(
                rank=rank,
                score=one.score,
                kind=one.entry.kind,
                source=source,
                report=stored.info,
                section=one.entry.section,
                span=one.entry.span,
                text=one.entry.span.of(stored.text),
                highlights=tuple(Highlight(mark, mark.of(stored.text)) for mark in one.sentences),
            )
            for rank, one in enumerate(found, 1)
        )
        return tuple(self._places.placed(check_hit(hit, stored.text)) for hit in hits)

    def place(self, source: str, row: Row, section: tuple[str, ...]) -> Span | None:
        """Return where the sentences stand that explain a row best; None where there are none.

        A row that is named by its heading alone, such as a sum, is offered none: a sentence that states a
        cause under that heading may be about any row of the table.

        Args:
            source: The report.
            row: A row of it.
            section: Heading path of its table.
        """
        own = next((clean_label(label) for label in reversed(row.labels) if label), "")
        if label_of(row, section) != own:
            return None
        found = self._explanations(source, row, section, 1, most=READ_MAX)
        if not found:
            return None
        sentences = found[0].sentences
        return Span(sentences[0].start, max(sentence.end for sentence in sentences))

    def _explanations(
        self, source: str, row: Row, section: tuple[str, ...], top: int, most: int | None = None
    ) -> list[Explanation]:
        keys = _keys(self._terms(label_of(row, section)))
        places = self._speaking_of(keys, self._ids[source])
        if not len(places):
            return []
        nearest = np.argsort(np.abs(self._index.entries["start"][places] - row.span.start), kind="stable")
        ids = self._index.entries["id"][places[nearest[:most]]]
        passages = self._index.store.passages_of(sorted(ids.tolist()))
        text = self._index.store.text(source)
        return explanations(row, section, passages, text, self._terms, top=top)

    def _speaking_of(self, keys: frozenset[str], report: int) -> npt.NDArray[np.int64]:
        """Return the places of the report's passages that state a cause and name enough of the keys."""
        least = _least_named(len(keys))
        counts = Counter[int]()
        whole = self._index.places_of(report)
        for key in keys:
            there: set[int] = set()
            for field, term in (("body", key), ("body", f"{PART_MARK}{key}"), ("context", key)):
                places, _ = self._index.keyword[field].postings(term)
                first, last = np.searchsorted(places, (whole.start, whole.stop)).tolist()
                own = places[first:last]
                there.update(own[self._index.traits[own, CAUSE_COLUMN] >= CAUSE_MIN].tolist())
            counts.update(there)
        found = np.array([place for place, n in counts.items() if n >= least], np.int64)
        return found[self._index.traits[found, IS_ROW] == 0] if len(found) else found


def row_at(tables: Sequence[Table], span: Span) -> tuple[Row | None, Table | None]:
    """Return the row of data that holds a span, and its table."""
    rows = (
        (row, table)
        for table in tables
        if table.span.contains(span)
        for row in table.rows
        if row.kind in (RowKind.DATA, RowKind.TOTAL) and row.span.contains(span)
    )
    return next(rows, (None, None))


def explanations(
    row: Row,
    section: tuple[str, ...],
    passages: Sequence[tuple[Entry, Sequence[AnalysedSentence]]],
    text: str,
    terms: Terms,
    *,
    top: int = 3,
) -> list[Explanation]:
    """Return the passages of the row's report that explain it, the surest first.

    Args:
        row: The row.
        section: Heading path of its table.
        passages: Of the report, with their sentences.
        text: The report's text.
        terms: Makes the index terms of a text.
        top: How many at most.
    """
    label = label_of(row, section)
    keys = _keys(terms(label))
    if not keys:
        return []
    least = SAME_AREA if is_generic(label) else ELSEWHERE
    found = []
    for entry, sentences in passages:
        heading = entry.section[-1] if entry.section else ""
        is_heading = bool(heading) and _keys(terms(clean_label(heading))) == keys
        near = HEADING_IS_LABEL if is_heading else _nearness(entry.section, section)
        if near < least or _of_investments(entry.section) != _of_investments(section):
            continue
        explaining, cause = _explaining(sentences, text, keys, named_above=is_heading)
        if explaining:
            found.append(Explanation(entry, explaining, round(near * cause, 4)))
    found.sort(key=lambda one: (-one.score, one.entry.span.start))
    return found[:top]


def label_of(row: Row, section: tuple[str, ...]) -> str:
    """Return what a row is about: its innermost label; of a total the heading that says what of."""
    named = [label for label in map(clean_label, row.labels) if any(char.isalpha() for char in label)]
    if named and not _TOTAL.match(named[-1]):
        return named[-1]
    headings = (clean_label(heading) for heading in reversed(section))
    return next((heading for heading in headings if not names_only_kind(heading)), "")


def _of_investments(section: tuple[str, ...]) -> bool:
    return any(_INVESTMENT.search(heading) for heading in section)


def _explaining(
    sentences: Sequence[AnalysedSentence], text: str, keys: frozenset[str], *, named_above: bool
) -> tuple[tuple[Span, ...], float]:
    """Return the sentences that name the label and state a cause, with the surest cause.

    A cause in the sentence after the one that names the label counts as well, if it goes on about it: ``Det
    beror på``.
    """
    chosen: list[Span] = []
    best = 0.0
    named_before = False
    for place, sentence in enumerate(sentences):
        named = _names(sentence, keys)
        cause = sentence.traits[CAUSE]
        goes_on = named_before and bool(_GOES_ON.match(sentence.span.of(text)))
        if cause >= CAUSE_MIN and (named or goes_on or named_above):
            if goes_on and not named and sentences[place - 1].span not in chosen:
                chosen.append(sentences[place - 1].span)
            chosen.append(sentence.span)
            best = max(best, cause)
        named_before = named
    return tuple(chosen), best


def _names(sentence: AnalysedSentence, keys: frozenset[str]) -> bool:
    there = {term.removeprefix(PART_MARK) for term in sentence.terms}
    return len(keys & there) >= _least_named(len(keys))


def _least_named(keys: int) -> float:
    """Return how many of a label's words must be named."""
    return keys if keys <= 2 else NAMED_SHARE * keys


def _keys(terms: Sequence[str]) -> frozenset[str]:
    return frozenset(term for term in terms if not term.startswith(PART_MARK) and not term.isdecimal())


def _nearness(here: tuple[str, ...], there: tuple[str, ...]) -> float:
    """Tell how near two heading paths are; a report's title over everything is no programme area."""
    if here[: len(there)] == there:
        return SAME_SECTION
    if len(there) > 1 and len(here) > 1 and here[: len(there) - 1] == there[:-1] and len(there) > 2:
        return SAME_AREA
    return SAME_AREA if len(there) == 2 and here[:1] == there[:1] else ELSEWHERE
