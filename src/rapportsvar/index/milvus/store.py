"""Reports, entries and figures from Milvus, through the same queries as the local store.

Rows come from Milvus when they are first asked for, into an SQLite database in memory with the local store's
own schema: so what is read out of them is read by the same code. It is emptied when it has grown.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rapportsvar.errors import UnknownReport
from rapportsvar.index.entries import Entry
from rapportsvar.index.figures.measures import name_key
from rapportsvar.index.milvus.blobs import gone, names_of, read_blob, read_blobs
from rapportsvar.index.milvus.client import Milvus, among
from rapportsvar.index.milvus.rows import hashed, unpacked
from rapportsvar.index.milvus.schema import ENTRIES, ENTRY_BITS, FIGURES, MOST_FOUND
from rapportsvar.index.milvus.state import State, Words
from rapportsvar.index.store import SCHEMA, AnalysedSentence, Outline, Store, StoredReport
from rapportsvar.index.tables import Tables
from rapportsvar.model import Figure, PlacedWords, ReportInfo, Span

REPORTS_KEPT = 256
ENTRIES_KEPT = 50_000
HASHES_AT_ONCE = 500


class MilvusStore(Store):
    """Reads one generation. May be used from several threads."""

    def __init__(self, milvus: Milvus, state: State, words: Words) -> None:
        self._milvus = milvus
        self._state = state
        self._words = words
        self.path = Path(milvus.where)  # for messages
        self._of = {kept.source: kept.number for kept in state.reports}
        self._lock = threading.RLock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._forget()

    @contextmanager
    def _room(self) -> Iterator[None]:
        """Hold the database for one question of it; emptied first where it has grown."""
        with self._lock:
            if len(self._fetched["report"]) >= REPORTS_KEPT or len(self._entries) >= ENTRIES_KEPT:
                self._forget()
            yield

    def _forget(self) -> None:
        """Empty what was fetched."""
        self._db.close()
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.executescript(SCHEMA)
        self._fetched: dict[str, set[Any]] = {"report": set(), "placed": set(), "figures": set()}
        self._entries: set[int] = set()

    def close(self) -> None:
        """Close the connection."""
        super().close()
        self._milvus.close()

    # what is known without asking

    def sources(self) -> dict[str, str]:
        """Map each indexed source to the hash of its bytes."""
        hashes = self._state.manifest.sources
        return {source: hashes[source] for source in sorted(self._of)}

    def infos(self) -> dict[int, tuple[str, ReportInfo]]:
        """Map report ids to source and metadata."""
        kept = sorted(self._state.reports, key=lambda each: each.source)
        return {each.number: (each.source, each.info) for each in kept}

    def sha256(self, source: str) -> str:
        """Return the hash of the bytes of a report's file."""
        self._number(source)
        return self._state.manifest.sources[source]

    def versions(self) -> list[list[str]]:
        """Return the reports that have versions, family by family, each with its newest first."""
        return self._state.families

    def word_counts(self) -> dict[str, int]:
        """Count every word form of all reports."""
        return self._words.forms

    def entry_counts(self) -> dict[int, tuple[int, int]]:
        """Map report ids to their numbers of passages and rows."""
        return {kept.number: (kept.passages, kept.rows) for kept in self._state.reports}

    # reports

    def report(self, source: str) -> StoredReport:
        """Read one report."""
        with self._room():
            self._need_report(source)
            return super().report(source)

    def text(self, source: str) -> str:
        """Return the text that offsets refer to."""
        with self._room():
            self._need_report(source)
            return super().text(source)

    def tables(self, source: str) -> Tables:
        """Return the tables of a report."""
        with self._room():
            self._need_report(source)
            return super().tables(source)

    def outline(self, source: str) -> Outline:
        """Return what a report is divided into."""
        with self._room():
            self._need_report(source)
            return super().outline(source)

    def placed(self, source: str) -> PlacedWords | None:
        """Return where the words of a report stand; None where its format has no pages."""
        with self._room():
            number = self._need_report(source)
            if number not in self._fetched["placed"]:
                if "placed" in names_of(self._milvus, number):
                    row = unpacked(read_blob(self._milvus, number, "placed").decode("utf-8"))
                    self._insert("placed", [{**row, "report": number}])
                self._fetched["placed"].add(number)
            return super().placed(source)

    def original(self, source: str) -> bytes:
        """Return the bytes of the file that a report with pages was read from.

        Raises:
            UnknownReport: There is no such source, or it has no pages.
        """
        return read_blob(self._milvus, self._number(source), "original")

    # entries

    def expect(self, keys: Iterable[int]) -> None:
        """Fetch entries that will be asked for, at once."""
        with self._room():
            self._need_entries(list(keys))

    def entry(self, key: int) -> tuple[int, Entry]:
        """Return the report's id and the entry."""
        with self._room():
            self._need_entries([key])
            return super().entry(key)

    def entry_sentences(self, key: int, spans: Sequence[Span]) -> tuple[AnalysedSentence, ...]:
        """Return the sentences of an entry, whose spans the entry holds, with their terms and traits."""
        with self._room():
            self._need_entries([key])
            return super().entry_sentences(key, spans)

    def terms_of_entry(
        self, key: int
    ) -> tuple[frozenset[str], tuple[tuple[frozenset[str], tuple[float, ...]], ...]]:
        """Return the terms of an entry's context, and terms and traits of each of its sentences."""
        with self._room():
            self._need_entries([key])
            return super().terms_of_entry(key)

    def passages(self, source: str) -> list[tuple[Entry, tuple[AnalysedSentence, ...]]]:
        """Return the passages of a report in order, each with its sentences (itself, if it has but one)."""
        with self._room():
            number = self._need_report(source)
            kept = next(each for each in self._state.reports if each.number == number)
            first = number << ENTRY_BITS
            self._need_entries(list(range(first, first + kept.passages + kept.rows)))
            return super().passages(source)

    def passages_of(self, keys: Sequence[int]) -> list[tuple[Entry, tuple[AnalysedSentence, ...]]]:
        """Return some passages by the ids of their entries, in order, each with its sentences."""
        with self._room():
            self._need_entries(keys)
            return super().passages_of(keys)

    # figures

    def figures(self, measures: Sequence[str] | None = None) -> Iterator[tuple[int, Figure]]:
        """Yield figures with the id of their report, in reading order: all, or those of some measures."""
        with self._room():
            if measures is None:
                for number in self._of.values():
                    self._need_figures_of(number)
            else:
                for first in range(0, len(measures), HASHES_AT_ONCE):
                    some = [hashed(measure) for measure in measures[first : first + HASHES_AT_ONCE]]
                    self._need_figures(among("measure", some))
            return iter(list(super().figures(measures)))

    def figures_in(self, report: int, span: Span) -> tuple[Figure, ...]:
        """Return the figures of the row, or of the sentences, that begin inside a span of a report."""
        with self._room():
            self._need_figures_of(report)
            return super().figures_in(report, span)

    def figures_named(self, terms: Sequence[str], reports: Sequence[int], most: int) -> tuple[Figure, ...]:
        """Return the first ``most`` figures of some reports whose measure has these terms, in any order."""
        name = name_key(terms)
        with self._room():
            if name and reports:
                self._need_figures(among("name", [hashed(name)]))
            return super().figures_named(terms, reports, most)

    def figures_of(self, report: int) -> Iterator[Figure]:
        """Yield the figures of one report, by its id, in reading order."""
        with self._room():
            self._need_figures_of(report)
            return iter(list(super().figures_of(report)))

    def measures(self) -> dict[str, tuple[str, ...]]:
        """Map every measure that has a figure to its index terms."""
        every = self._measures().values()
        return {measure: tuple(terms.split()) for own in every for measure, (terms, _) in own.items()}

    def measure_counts(self) -> dict[str, dict[int, int]]:
        """Map every measure to the ids of the reports that hold figures of it, with how many."""
        counts: dict[str, dict[int, int]] = {}
        for report, own in self._measures().items():
            for measure, (_, count) in own.items():
                counts.setdefault(measure, {})[report] = count
        return counts

    def _measures(self) -> Mapping[int, Mapping[str, tuple[str, int]]]:
        found = read_blobs(self._milvus, sorted(self._of.values()), "measures", 2)
        return {report: json.loads(content) for report, content in found.items()}

    # fetching

    def _number(self, source: str) -> int:
        if source not in self._of:
            what = "No such report in the index"
            raise UnknownReport(what, where=source, todo="List them with: rapportsvar reports")
        return self._of[source]

    def _need_report(self, source: str) -> int:
        number = self._number(source)
        if number not in self._fetched["report"]:
            row = unpacked(read_blob(self._milvus, number, "report").decode("utf-8"))
            self._insert("reports", [{**row, "id": number}])
            self._fetched["report"].add(number)
        return number

    def _need_entries(self, keys: Sequence[int]) -> None:
        missing = [key for key in dict.fromkeys(map(int, keys)) if key not in self._entries]
        if not missing:
            return
        rows = self._milvus.get(ENTRIES, missing, ("id", "report", "content"))
        if len(rows) != len(missing):
            raise gone("entries", self._milvus.where)
        self._insert(
            "entries",
            [
                {**unpacked(row["content"]), "id": int(row["id"]), "report": int(row["report"])}
                for row in rows
            ],
        )
        self._name_reports({int(row["report"]) for row in rows})
        self._entries.update(missing)

    def _name_reports(self, numbers: Iterable[int]) -> None:
        """Say what reports are called, by which entries are sealed, without fetching all of them."""
        columns = [row[1] for row in self._db.execute("PRAGMA table_info(reports)")]
        empty = dict.fromkeys(columns, "")
        sources = {number: source for source, number in self._of.items()}
        new = [number for number in numbers if number not in self._fetched["report"]]
        self._insert("reports", [{**empty, "id": number, "source": sources[number]} for number in new])

    def _need_figures_of(self, report: int) -> None:
        self._need_figures(f"report == {report}")

    def _need_figures(self, where: str) -> None:
        """Fetch what a filter lets through, by pages."""
        if where in self._fetched["figures"]:
            return
        last = -1
        while True:
            rows = self._milvus.query(
                FIGURES,
                f"{where} and id > {last} and report < {self._state.next_report}",
                ("id", "report", "content"),
            )
            own = set(self._of.values())
            self._insert(
                "figures",
                [
                    {**unpacked(row["content"]), "rowid": int(row["id"]), "report": int(row["report"])}
                    for row in rows
                    if int(row["report"]) in own
                ],
            )
            if len(rows) < MOST_FOUND:
                break
            last = max(int(row["id"]) for row in rows)
        self._fetched["figures"].add(where)

    def _insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            columns = list(rows[0])
            names = ", ".join(f'"{column}"' for column in columns)
            marks = ", ".join("?" * len(columns))
            self._db.executemany(
                f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})",
                [[row[column] for column in columns] for row in rows],
            )
