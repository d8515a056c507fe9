"""From ranked entries to hits: text, highlights, cells.

The same words are shown once, with their other places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from rapportsvar.answering.cells import cell_answer, label_span, narrowed, pick_cells
from rapportsvar.answering.citations import check_hit
from rapportsvar.answering.places import Places
from rapportsvar.answering.sentences import (
    announcing,
    choose_sentences,
    holding_beside,
    weigh_sentences,
    with_items,
)
from rapportsvar.answering.versions import Behind
from rapportsvar.index.entries import Entry
from rapportsvar.index.opened import OpenIndex
from rapportsvar.index.tables import tables_at
from rapportsvar.model import CellAnswer, EntryKind, Highlight, Hit, QuestionKind, ReportInfo, Span, Table
from rapportsvar.retrieval.concepts import Reading, readings
from rapportsvar.retrieval.question import Understood
from rapportsvar.retrieval.report_periods import period_of
from rapportsvar.retrieval.retriever import Ranked
from rapportsvar.swedish.words import Analyzer

SAME = 0.985
"""Cosine from which two entries are taken to say the same, if their words agree too."""
SAME_WORDS = 0.8
ENTRIES_KEPT = 4096
"""Entries kept as they were read from the store: those that answer are found again and again."""


@dataclass(frozen=True, slots=True)
class _Marks:
    highlights: tuple[Span, ...]
    cells: tuple[CellAnswer, ...] = ()
    beside: frozenset[Span] = frozenset()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with its concepts made ready to be looked for, once for all hits."""

    understood: Understood
    looked_for: tuple[Reading, ...]


class HitMaker:
    """Makes hits over one index."""

    def __init__(self, index: OpenIndex, analyzer: Analyzer) -> None:
        self._index = index
        self._analyzer = analyzer
        self._tables = lru_cache(maxsize=64)(index.store.tables)
        self._texts = lru_cache(maxsize=64)(index.store.text)
        self._entry = lru_cache(maxsize=ENTRIES_KEPT)(index.store.entry)
        self._entry_sentences = lru_cache(maxsize=ENTRIES_KEPT)(index.store.entry_sentences)
        self._places = Places(index.store)
        self._behind = Behind(index)

    def make(self, ranked: Ranked, understood: Understood, top: int) -> tuple[Hit, ...]:
        """Make the first ``top`` hits, checked against their sources.

        Raises:
            CitationError: A quote does not stand in its source.
        """
        asked = _Asked(understood, readings(understood.concepts))
        hits: list[Hit] = []
        kept: list[tuple[int, frozenset[str]]] = []
        made: dict[int, int] = {}
        for order, ranked_place in enumerate(ranked.places.tolist()):
            if len(hits) == top:
                break
            older: tuple[tuple[str, Span], ...] = ()
            place = ranked_place
            newer = self._behind.counterpart(place, ranked.places)
            if newer is not None:
                older, place = (self._place(place),), newer
            if place in made:
                at = made[place]
                hits[at] = replace(hits[at], versions=(*hits[at].versions, *older))
                continue
            report, entry = self.entry(place)
            source, info = self._index.reports[report]
            words = frozenset(entry.body.lower().split())
            same = self._same_as(place, words, kept)
            if same is not None:
                both = (*hits[same].elsewhere, (source, entry.span))
                hits[same] = replace(hits[same], elsewhere=both, versions=(*hits[same].versions, *older))
                made[place] = same
                continue
            kept.append((place, words))
            made[place] = len(hits)
            text = self._texts(source)
            marks = self._marks(place, entry, source, text, asked, ranked)
            hit = Hit(
                rank=len(hits) + 1,
                score=round(float(ranked.scores[order]), 4),
                kind=entry.kind,
                source=source,
                report=info,
                section=entry.section,
                span=entry.span,
                text=entry.span.of(text),
                highlights=tuple(Highlight(s, s.of(text), s in marks.beside) for s in marks.highlights),
                cells=marks.cells,
                versions=older,
                version_of=self._behind.newest(place),
            )
            hits.append(self.checked(hit))
        return tuple(hits)

    def _place(self, place: int) -> tuple[str, Span]:
        entry = self._index.entries[place]
        return self._index.reports[int(entry["report"])][0], Span(int(entry["start"]), int(entry["end"]))

    def at(self, source: str, span: Span, understood: Understood, like: Hit) -> Hit | None:
        """Make a hit of the row or the passage that holds a span; None where it is no entry's.

        Args:
            source: A report.
            span: Inside it.
            understood: What is asked.
            like: The hit that it completes, whose score it is given.
        """
        report = self._index.ids_by_source.get(source)
        entries = self._index.entries
        if report is None:
            return None
        own = self._index.places_of(report)
        held = (entries["start"][own] <= span.start) & (entries["end"][own] >= span.end)
        there = np.flatnonzero(held) + own.start
        if not len(there):
            return None
        place = int(there[np.argmin(entries["end"][there] - entries["start"][there])])
        _, entry = self._entry(int(entries["id"][place]))
        text = self._texts(source)
        marks = _Marks(tuple(s for s in entry.sentences if s.contains(span)) or (entry.span,))
        if entry.kind is EntryKind.ROW and entry.table is not None:
            marks = self._row_marks(
                self._tables(source)[entry.table], entry, text, understood, self._index.reports[report][1]
            )
        hit = Hit(
            rank=like.rank + 1,
            score=like.score,
            kind=entry.kind,
            source=source,
            report=self._index.reports[report][1],
            section=entry.section,
            span=entry.span,
            text=entry.span.of(text),
            highlights=tuple(Highlight(mark, mark.of(text)) for mark in marks.highlights),
            cells=marks.cells,
        )
        return self.checked(hit)

    def checked(self, hit: Hit) -> Hit:
        """Return a hit with its boxes, if every quote in it holds.

        Raises:
            CitationError: A quote does not stand in its source.
        """
        return self._places.placed(check_hit(hit, self._texts(hit.source)))

    def text(self, source: str) -> str:
        """Return the text of a source."""
        return self._texts(source)

    def entry(self, place: int) -> tuple[int, Entry]:
        """Return the entry at a place of ``OpenIndex.entries``, and the id of its report."""
        return self._entry(int(self._index.entries["id"][place]))

    def tables(self, source: str) -> Sequence[Table]:
        """Return the tables of a source, which entries of rows name by number."""
        return self._tables(source)

    def tables_at(self, source: str, span: Span) -> Sequence[Table]:
        """Return the tables of a source that hold a span."""
        return tables_at(self._tables(source), span)

    def _same_as(
        self, place: int, words: frozenset[str], kept: Sequence[tuple[int, frozenset[str]]]
    ) -> int | None:
        if not kept:
            return None
        vectors = self._index.vectors
        first = vectors.first
        mine = vectors.of(first[[place]])[0]
        others = vectors.of(first[[k for k, _ in kept]])
        for number in np.flatnonzero(others @ mine >= SAME).tolist():
            theirs = kept[number][1]
            if len(words & theirs) >= SAME_WORDS * max(len(words | theirs), 1):
                return int(number)
        return None

    def _marks(
        self, place: int, entry: Entry, source: str, text: str, asked: _Asked, ranked: Ranked
    ) -> _Marks:
        if entry.kind is EntryKind.ROW and entry.table is not None and entry.row is not None:
            info = self._index.reports[int(self._index.entries["report"][place])][1]
            return self._row_marks(self._tables(source)[entry.table], entry, text, asked.understood, info)
        chosen, beside = self._sentences(place, entry, text, asked, ranked)
        if asked.understood.kind is QuestionKind.WHY:
            chosen += announcing(entry.sentences, text)
        lit = with_items(chosen, entry.sentences, text)
        beside = [span for span in beside if span not in lit]
        return _Marks(tuple(sorted([*lit, *beside])), beside=frozenset(beside))

    def _row_marks(
        self, table: Table, entry: Entry, text: str, understood: Understood, info: ReportInfo
    ) -> _Marks:
        row = table.rows[entry.row or 0]
        picked = pick_cells(table, row, text, understood, self._analyzer, period=period_of(info))
        cells = [narrowed(cell, text, understood, self._analyzer) for cell in picked]
        label = label_span(table, row)
        if not cells:
            return _Marks((label or entry.span,))
        spans = {cell.span for cell in cells} | ({label} if label else set())
        return _Marks(tuple(sorted(spans)), tuple(cell_answer(cell, text) for cell in cells))

    def _sentences(
        self, place: int, entry: Entry, text: str, asked: _Asked, ranked: Ranked
    ) -> tuple[list[Span], list[Span]]:
        """Return the sentences that answer, and those beside them that hold what they lack."""
        if not entry.sentences:
            return [entry.span], []
        vectors = self._index.vectors
        own = np.arange(vectors.first[place] + 1, vectors.first[place + 1], dtype=np.int32)
        cosine_of = {
            (int(start), int(end)): float(cosine)
            for (start, end), cosine in zip(
                vectors.spans[own], vectors.of(own) @ ranked.question, strict=True
            )
        }
        least = min(cosine_of.values(), default=0.0)
        cosines = np.array([cosine_of.get((s.start, s.end), least) for s in entry.sentences], np.float32)
        sentences = self._entry_sentences(int(self._index.entries["id"][place]), entry.sentences)
        weighed = weigh_sentences(sentences, cosines, asked.understood, asked.looked_for, text)
        chosen = choose_sentences(weighed, asked.understood.kind)
        return chosen, holding_beside(weighed, chosen)
