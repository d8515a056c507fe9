"""The store: text, structure, entries, figures and vectors of all reports, in one SQLite file.

The store is the truth. Keyword and vector indexes are derived from it. A store that is part of a finished
index is never written again: builders work on a copy (see ``build.py``), readers open it as immutable.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from rapportsvar.errors import IndexDamaged, IndexStale, UnknownReport
from rapportsvar.index.codec import from_plain, to_plain
from rapportsvar.index.entries import Entry
from rapportsvar.index.figures.measures import name_key
from rapportsvar.index.masking import unmasked
from rapportsvar.index.placed import pack, unpack
from rapportsvar.index.seals import SEAL_BYTES, check_seal, damaged, seal
from rapportsvar.index.tables import Tables, written
from rapportsvar.index.versions import OPENING_CHARS, Hashes, Known, families
from rapportsvar.model import (
    EntryKind,
    Figure,
    Furniture,
    Masked,
    Metadata,
    Page,
    Part,
    PlacedWords,
    ReportInfo,
    Section,
    Span,
    Table,
)

T = TypeVar("T")
SCHEMA_VERSION = 7
KEY_BYTES = 16
"""Of the key of an embedding."""
SEALED = ("sha256", "text", "info", "facts", "outline", "tables", "warnings")
"""Columns of a report, in the order of their seals; see ``seals.py``."""

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE reports (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, text TEXT NOT NULL,
    info TEXT NOT NULL, facts TEXT NOT NULL, outline TEXT NOT NULL, tables TEXT NOT NULL,
    warnings TEXT NOT NULL, words TEXT NOT NULL, seals BLOB NOT NULL);
CREATE TABLE placed (
    report INTEGER PRIMARY KEY REFERENCES reports(id), words BLOB NOT NULL, seal BLOB NOT NULL);
CREATE TABLE shingles (
    report INTEGER PRIMARY KEY REFERENCES reports(id), hashes BLOB NOT NULL, sampled INTEGER NOT NULL);
CREATE TABLE entries (
    id INTEGER PRIMARY KEY, report INTEGER NOT NULL REFERENCES reports(id), kind TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, content TEXT NOT NULL,
    body_terms TEXT NOT NULL, context_terms TEXT NOT NULL, label_terms TEXT NOT NULL, traits TEXT NOT NULL,
    sentences TEXT NOT NULL, seal BLOB NOT NULL);
CREATE INDEX entries_report ON entries(report);
CREATE TABLE entry_vectors (
    entry INTEGER NOT NULL REFERENCES entries(id), position INTEGER NOT NULL, key BLOB NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, PRIMARY KEY (entry, position)) WITHOUT ROWID;
CREATE TABLE embeddings (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE figures (
    report INTEGER NOT NULL REFERENCES reports(id), measure TEXT NOT NULL, terms TEXT NOT NULL,
    content TEXT NOT NULL, name TEXT NOT NULL, row_start INTEGER NOT NULL, seal BLOB NOT NULL);
CREATE INDEX figures_place ON figures(report, row_start);
CREATE INDEX figures_measure ON figures(measure, terms);
CREATE INDEX figures_name ON figures(name, report);
"""

LAYERED = {
    "reports": "id",
    "placed": "report",
    "shingles": "report",
    "entries": "report",
    "figures": "report",
}
"""What readers see of older layers: tables, with the column that names a report."""


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as the store holds it."""

    id: int
    source: str
    sha256: str
    text: str
    info: ReportInfo
    metadata: Metadata
    outline: Outline
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a report is divided into, apart from its entries and tables."""

    pages: tuple[Page, ...]
    parts: tuple[Part, ...]
    sections: tuple[Section, ...]
    furniture: tuple[Furniture, ...]
    uncovered: tuple[Span, ...]
    masked: tuple[Masked, ...] = ()


@dataclass(frozen=True, slots=True)
class AnalysedSentence:
    """A sentence of a passage with its index terms and traits: a question need not analyse it."""

    span: Span
    terms: tuple[str, ...]
    traits: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Analysed:
    """An entry with everything that the indexes are derived from.

    Attributes:
        entry: The entry itself.
        body_terms: Index terms of its body, in order.
        context_terms: Index terms of its context.
        label_terms: Index terms of a row's labels and headers.
        traits: Small numbers that ranking uses, such as how many amounts it holds.
        sentences: Of a passage of several sentences, each by itself.
        vector_texts: What is embedded for it; the first is the whole entry, the others are its sentences.
        vector_spans: Where each of them stands.
    """

    entry: Entry
    body_terms: tuple[str, ...]
    context_terms: tuple[str, ...]
    label_terms: tuple[str, ...]
    traits: tuple[float, ...]
    sentences: tuple[AnalysedSentence, ...]
    vector_texts: tuple[str, ...]
    vector_spans: tuple[Span, ...]


def embedding_key(model: str, text: str) -> bytes:
    """Name a text's embedding: the same text under the same model has one vector, wherever it stands."""
    return hashlib.blake2b(
        f"{model}\0{text}".encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES
    ).digest()


class Store:
    """Reads and writes one SQLite file. A reader may be used from several threads.

    Args:
        path: The file.
        write: Open it for writing.
        create: Make it.
        below: Files of older layers: a reader sees all as one; a writer numbers its reports and entries after
            theirs.
        taken_out: Ids of reports that a reader does not see.
    """

    def __init__(
        self,
        path: Path,
        *,
        write: bool = False,
        create: bool = False,
        below: Sequence[Path] = (),
        taken_out: Collection[int] = (),
    ) -> None:
        self.path = path
        self._writes = write
        self._lock = threading.RLock()
        self._after = _last_ids(below) if write else (0, 0)
        if create:
            with closing(sqlite3.connect(path)) as fresh, fresh:
                fresh.executescript(SCHEMA)
                fresh.execute("INSERT INTO meta VALUES ('schema', ?)", (str(SCHEMA_VERSION),))
        if write:
            self._db = sqlite3.connect(path)
            # A store that is written is part of no index yet: what a crash leaves of it is thrown away, and
            # the builder syncs it to disk when it is done.
            self._db.execute("PRAGMA journal_mode = MEMORY")
            self._db.execute("PRAGMA synchronous = OFF")
        else:
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._refuse_other_schemas()
            if below or taken_out:
                self._look_through(below, taken_out)

    def _look_through(self, below: Sequence[Path], taken_out: Collection[int]) -> None:
        """Put views over the tables of all layers in place of the youngest layer's own."""
        self._db.execute("CREATE TEMP TABLE taken_out (id INTEGER PRIMARY KEY)")
        self._db.executemany("INSERT INTO taken_out VALUES (?)", ((key,) for key in taken_out))
        names = [f"older{number}" for number in range(len(below))]
        for name, path in zip(names, below, strict=True):
            self._db.execute(f"ATTACH ? AS {name}", (f"{path.resolve().as_uri()}?mode=ro&immutable=1",))
        for table, key in LAYERED.items():
            columns = "rowid AS rowid, *" if table == "figures" else "*"
            left = f"WHERE {key} NOT IN (SELECT id FROM temp.taken_out)"
            of_each = [f"SELECT {columns} FROM {name}.{table} {left}" for name in (*names, "main")]
            self._db.execute(f"CREATE TEMP VIEW {table} AS {' UNION ALL '.join(of_each)}")

    def _refuse_other_schemas(self) -> None:
        try:
            version = self._one("SELECT value FROM meta WHERE key = 'schema'")[0]
        except BaseException:
            self._db.close()
            raise
        if version != str(SCHEMA_VERSION):
            self._db.close()
            raise IndexStale(
                f"The store has schema {version}, this version knows {SCHEMA_VERSION}",
                where=str(self.path),
                todo="Build it again with: rapportsvar index",
            )

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _all(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock, self._reading():
            return self._db.execute(query, values).fetchall()

    def _one(self, query: str, values: Sequence[object] = ()) -> Any:  # noqa: ANN401
        with self._lock, self._reading():
            return self._db.execute(query, values).fetchone()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Name the file where SQLite cannot make sense of it; a file that is written has its own rules."""
        try:
            yield
        except sqlite3.Error as bad:
            if self._writes:
                raise
            raise damaged(self.path) from bad

    def _of_report(self, source: str, *columns: str) -> tuple[Any, ...]:
        """Read some sealed columns of one report.

        Raises:
            UnknownReport: There is no such source.
            IndexDamaged: One of them is not what was written.
        """
        row = self._one(f"SELECT {', '.join(columns)}, seals FROM reports WHERE source = ?", (source,))
        if row is None:
            raise _unknown(source)
        *values, seals = row
        for column, value in zip(columns, values, strict=True):
            check_seal(_seal_of(seals, column), self.path, source, column, value)
        return tuple(values)

    def _sealed_entry(self, row: tuple[Any, ...] | None) -> tuple[Any, ...]:
        """Check a row that begins with an entry's content, its seal and its source. Returns the rest."""
        if row is None:
            raise damaged(self.path)  # the id came from a file beside this one
        content, kept, source, *rest = row
        check_seal(kept, self.path, source, content)
        return content, *rest

    def _figures(self, query: str, values: Sequence[object]) -> list[Any]:
        """Read rows that end with a figure's content and its seal; each comes without the seal."""
        rows = self._all(query, values)
        for *_, content, kept in rows:
            check_seal(kept, self.path, content)
        return [row[:-1] for row in rows]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Group writes: all of them, or none."""
        with self._db:
            yield

    # reports

    def sources(self) -> dict[str, str]:
        """Map each indexed source to the hash of its bytes."""
        return dict(self._all("SELECT source, sha256 FROM reports ORDER BY source"))

    def report(self, source: str) -> StoredReport:
        """Read one report.

        Raises:
            UnknownReport: There is no such source.
        """
        columns = ("sha256", "text", "info", "facts", "outline", "warnings")
        found = self._of_report(source, *columns)
        (key,) = self._one("SELECT id FROM reports WHERE source = ?", (source,))
        return _stored((key, source, *found))

    def reports(self) -> Iterator[StoredReport]:
        """Yield all reports by source."""
        for source in self.sources():
            yield self.report(source)

    def infos(self) -> dict[int, tuple[str, ReportInfo]]:
        """Map report ids to source and metadata."""
        rows = self._all("SELECT id, source, info, seals FROM reports ORDER BY source")
        for _, source, info, seals in rows:
            check_seal(_seal_of(seals, "info"), self.path, source, "info", info)
        return {key: (source, from_plain(ReportInfo, json.loads(info))) for key, source, info, _ in rows}

    def text(self, source: str) -> str:
        """Return the text that offsets refer to."""
        return str(self._of_report(source, "text")[0])

    def text_of_file(self, source: str) -> str:
        """Return the text as it stood in the file: of the same length, without marks in place of numbers."""
        return unmasked(self.text(source), self.outline(source).masked)

    def tables(self, source: str) -> Tables:
        """Return the tables of a report.

        Raises:
            UnknownReport: There is no such source.
        """
        return Tables(self._of_report(source, "tables")[0])

    def sha256(self, source: str) -> str:
        """Return the hash of the bytes of a report's file."""
        return str(self._of_report(source, "sha256")[0])

    def outline(self, source: str) -> Outline:
        """Return what a report is divided into."""
        return from_plain(Outline, json.loads(self._of_report(source, "outline")[0]))

    def placed(self, source: str) -> PlacedWords | None:
        """Return where the words of a report stand; None where its format has no pages.

        Raises:
            UnknownReport: There is no such source.
            IndexDamaged: They are not what was written.
        """
        found = self._one("SELECT id FROM reports WHERE source = ?", (source,))
        if found is None:
            raise _unknown(source)
        row = self._one("SELECT words, seal FROM placed WHERE report = ?", found)
        if row is None:
            return None
        packed, kept = row
        check_seal(kept, self.path, source, packed)
        return unpack(packed)

    def add_placed(self, report: int, words: PlacedWords) -> None:
        """Write where the words of a report stand."""
        packed = pack(words)
        kept = seal(self._source_of(report), packed)
        self._db.execute("INSERT INTO placed VALUES (?, ?, ?)", (report, packed, kept))

    def _source_of(self, report: int) -> str:
        return str(self._one("SELECT source FROM reports WHERE id = ?", (report,))[0])

    def word_counts(self) -> dict[str, int]:
        """Count every word form of all reports."""
        return _summed(self._all("SELECT words FROM reports"))

    def word_counts_of(self, reports: Collection[int]) -> dict[str, int]:
        """Count the word forms of some reports, by their ids."""
        rows: list[Any] = []
        for some in parts(sorted(reports)):
            rows += self._all(f"SELECT words FROM reports WHERE id IN ({','.join('?' * len(some))})", some)
        return _summed(rows)

    def add_report(self, stored: StoredReport, tables: Sequence[Table], words: dict[str, int]) -> int:
        """Write a report, in place of an earlier one of the same source. Returns its id."""
        self.remove(stored.source)
        info, facts, outline, warnings = (
            json.dumps(to_plain(v), ensure_ascii=False, separators=(",", ":"))
            for v in (stored.info, stored.metadata, stored.outline, stored.warnings)
        )
        values = (stored.sha256, stored.text, info, facts, outline, written(tables), warnings)
        seals = b"".join(seal(stored.source, *pair) for pair in zip(SEALED, values, strict=True))
        cursor = self._db.execute(
            f"INSERT INTO reports (id, source, {', '.join(SEALED)}, words, seals)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._next_id("reports", self._after[0]),
                stored.source,
                *values,
                json.dumps(words, ensure_ascii=False),
                seals,
            ),
        )
        return int(cursor.lastrowid or 0)

    def _next_id(self, table: str, after: int) -> int:
        return max(int(self._one(f"SELECT COALESCE(MAX(id), 0) FROM {table}")[0]), after) + 1

    def remove(self, source: str) -> None:
        """Take a report out with all that belongs to it. Its embeddings stay, to be used again."""
        row = self._one("SELECT id FROM reports WHERE source = ?", (source,))
        if row is not None:
            self._remove(row)

    def ids(self) -> dict[str, int]:
        """Map sources to the ids of their reports."""
        return dict(self._all("SELECT source, id FROM reports"))

    def take_out(self, reports: Iterable[int]) -> None:
        """Take reports out, by their ids, with their embeddings. For the builder."""
        with self.transaction():
            for key in reports:
                self._remove((key,))
            self.drop_unused_embeddings()

    def absorb(self, path: Path, taken_out: Collection[int]) -> None:
        """Take in all reports of another layer's store but some. For the builder."""
        self._db.execute("ATTACH ? AS other", (str(path),))
        self._db.execute("CREATE TEMP TABLE left_out (id INTEGER PRIMARY KEY)")
        with self.transaction():
            self._db.executemany("INSERT INTO left_out VALUES (?)", ((key,) for key in taken_out))
            for table, key in LAYERED.items():
                self._db.execute(
                    f"INSERT INTO main.{table} SELECT * FROM other.{table}"
                    f" WHERE {key} NOT IN (SELECT id FROM temp.left_out) ORDER BY rowid"
                )
            self._db.execute(
                "INSERT INTO main.entry_vectors SELECT * FROM other.entry_vectors"
                " WHERE entry IN (SELECT id FROM main.entries)"
            )
            self._db.execute("INSERT OR IGNORE INTO main.embeddings SELECT * FROM other.embeddings")
            self.drop_unused_embeddings()
        self._db.execute("DROP TABLE temp.left_out")
        self._db.execute("DETACH other")

    def _remove(self, row: tuple[int]) -> None:
        self._db.execute(
            "DELETE FROM entry_vectors WHERE entry IN (SELECT id FROM entries WHERE report = ?)", row
        )
        for table in ("entries", "figures", "placed", "shingles"):
            self._db.execute(f"DELETE FROM {table} WHERE report = ?", row)
        self._db.execute("DELETE FROM reports WHERE id = ?", row)

    def keep_only(self, sources: Collection[str]) -> None:
        """Take out all reports but these, and every trace of them: the file is written anew."""
        with self.transaction():
            for source in self.sources():
                if source not in sources:
                    self.remove(source)
            self.drop_unused_embeddings()
            self.find_versions()
        self._db.execute("VACUUM")

    # versions

    def add_shingles(self, report: int, hashes: npt.NDArray[np.uint64], *, sampled: bool) -> None:
        """Write the shingles of a report, by which its versions are known."""
        self._db.execute(
            "INSERT INTO shingles VALUES (?, ?, ?)", (report, hashes.astype("<u8").tobytes(), int(sampled))
        )

    def find_versions(self) -> None:
        """Look for versions among all reports, and write what was found."""
        self.write_versions(families(list(self.known().values())))

    def known(self, reports: Iterable[int] | None = None) -> dict[int, Known]:
        """Return what versions are known by, of some reports or of all, by id, in the order of sources."""
        query = (
            "SELECT r.id, r.source, r.info, substr(r.text, 1, ?), s.hashes, s.sampled FROM reports r"
            " JOIN shingles s ON s.report = r.id"
        )
        rows: list[Any] = []
        for some in [None] if reports is None else parts(sorted(reports)):
            where = "" if some is None else f" WHERE r.id IN ({','.join('?' * len(some))})"
            rows += self._db.execute(query + where, (OPENING_CHARS, *(some or ())))
        return {
            key: Known(
                source, from_plain(ReportInfo, json.loads(info)), text, np.frombuffer(data, "<u8"), some == 1
            )
            for key, source, info, text, data, some in sorted(rows, key=lambda row: row[1])
        }

    def shingles(self) -> Iterator[tuple[int, Hashes]]:
        """Yield the shingles of all reports, by id. For the builder."""
        for report, data in self._db.execute("SELECT report, hashes FROM shingles ORDER BY report"):
            yield report, np.frombuffer(data, "<u8")

    def write_versions(self, found_families: Sequence[Sequence[str]]) -> None:
        """Write which reports are versions of one, family by family, each with its newest first."""
        found = json.dumps(found_families, ensure_ascii=False)
        sealed = json.dumps([found, seal(found).hex()])
        self._db.execute("INSERT OR REPLACE INTO meta VALUES ('versions', ?)", (sealed,))

    def versions(self) -> list[list[str]]:
        """Return the reports that have versions, family by family, each with its newest first."""
        row = self._one("SELECT value FROM meta WHERE key = 'versions'")
        if row is None:
            return []
        try:
            found, kept = json.loads(row[0])
            check_seal(bytes.fromhex(kept), self.path, found)
        except (ValueError, TypeError) as bad:
            raise damaged(self.path) from bad
        families_: list[list[str]] = json.loads(found)
        return families_

    # entries

    def add_entries(self, report: int, analysed: Iterable[Analysed], model: str) -> None:
        """Write the entries of a report with their terms, traits and the keys of their embeddings."""
        source = self._source_of(report)
        for key, item in enumerate(analysed, start=self._next_id("entries", self._after[1])):
            entry = item.entry
            content = json.dumps(to_plain(entry), ensure_ascii=False, separators=(",", ":"))
            self._db.execute(
                'INSERT INTO entries (id, report, kind, start, "end", content, body_terms, context_terms,'
                " label_terms, traits, sentences, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    key,
                    report,
                    entry.kind.value,
                    entry.span.start,
                    entry.span.end,
                    content,
                    " ".join(item.body_terms),
                    " ".join(item.context_terms),
                    " ".join(item.label_terms),
                    json.dumps(item.traits),
                    json.dumps([(" ".join(s.terms), s.traits) for s in item.sentences], ensure_ascii=False),
                    seal(source, content),
                ),
            )
            self._db.executemany(
                "INSERT INTO entry_vectors VALUES (?, ?, ?, ?, ?)",
                [
                    (key, position, embedding_key(model, text), span.start, span.end)
                    for position, (text, span) in enumerate(
                        zip(item.vector_texts, item.vector_spans, strict=True)
                    )
                ],
            )

    def entry(self, key: int) -> tuple[int, Entry]:
        """Return the report's id and the entry."""
        content, report = self._sealed_entry(
            self._one(f"{_ENTRIES}, report FROM entries WHERE id = ?", (key,))
        )
        return int(report), from_plain(Entry, json.loads(content))

    def passages(self, source: str) -> list[tuple[Entry, tuple[AnalysedSentence, ...]]]:
        """Return the passages of a report in order, each with its sentences (itself, if it has but one)."""
        rows = self._all(
            f"{_PASSAGES} kind = ? AND report = (SELECT id FROM reports WHERE source = ?) ORDER BY id",
            (EntryKind.PASSAGE.value, source),
        )
        return [_passage(self._sealed_entry(row)) for row in rows]

    def passages_of(self, keys: Sequence[int]) -> list[tuple[Entry, tuple[AnalysedSentence, ...]]]:
        """Return some passages by the ids of their entries, in order, each with its sentences."""
        found = []
        for some in parts(keys):
            marks = ",".join("?" * len(some))
            found += self._all(f"{_PASSAGES} id IN ({marks}) ORDER BY id", some)
        return [_passage(self._sealed_entry(row)) for row in found]

    def entry_sentences(self, key: int, spans: Sequence[Span]) -> tuple[AnalysedSentence, ...]:
        """Return the sentences of an entry, whose spans the entry holds, with their terms and traits."""
        (content,) = self._one("SELECT sentences FROM entries WHERE id = ?", (key,))
        return tuple(
            AnalysedSentence(span, tuple(terms.split()), tuple(traits))
            for span, (terms, traits) in zip(spans, json.loads(content), strict=True)
        )

    def terms_of_entry(
        self, key: int
    ) -> tuple[frozenset[str], tuple[tuple[frozenset[str], tuple[float, ...]], ...]]:
        """Return the terms of an entry's context, and terms and traits of each of its sentences.

        An entry that is not divided into sentences is one sentence.
        """
        row = self._one(
            "SELECT context_terms, body_terms, label_terms, sentences, traits FROM entries WHERE id = ?",
            (key,),
        )
        context, body, label, sentences, traits = row
        inside = json.loads(sentences) or [(f"{body} {label}", json.loads(traits)[1:])]
        return frozenset(context.split()), tuple((frozenset(t.split()), tuple(shown)) for t, shown in inside)

    def entry_rows(self) -> Iterator[tuple[int, int, str, int, int, str]]:
        """Yield ``(id, report, kind, start, end, traits)`` of all entries by id. For the builder."""
        return self._db.execute('SELECT id, report, kind, start, "end", traits FROM entries ORDER BY id')

    def field_terms(self, field: str) -> Iterator[str]:
        """Yield the terms of one field of all entries by id. For the builder."""
        column = {"body": "body_terms", "context": "context_terms", "label": "label_terms"}[field]
        rows = self._db.execute(f"SELECT {column} FROM entries ORDER BY id")
        return (terms for (terms,) in rows)

    def entry_counts(self) -> dict[int, tuple[int, int]]:
        """Map report ids to their numbers of passages and rows."""
        rows = self._all(
            "SELECT report, sum(kind = ?), sum(kind = ?) FROM entries GROUP BY report",
            (EntryKind.PASSAGE.value, EntryKind.ROW.value),
        )
        return {report: (passages, rows_) for report, passages, rows_ in rows}

    # vectors

    def known_embeddings(self, keys: Sequence[bytes]) -> set[bytes]:
        """Tell which of the keys have a vector."""
        return {key for part in parts(keys) for (key,) in self._all(_among("key", part), part)}

    def add_embeddings(self, vectors: Mapping[bytes, bytes]) -> None:
        """Write vectors by key, each as :func:`half_precision` gives it."""
        self._db.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?)", vectors.items())

    def vectors(self) -> Iterator[tuple[int, int, int, bytes]]:
        """Yield ``(entry, start, end, vector as float16 bytes)`` for all vectors, by entry and position.

        Raises:
            IndexDamaged: A vector is missing.
        """
        rows = self._db.execute(
            'SELECT v.entry, v.start, v."end", e.vector FROM entry_vectors v'
            " LEFT JOIN embeddings e ON e.key = v.key ORDER BY v.entry, v.position"
        )
        for entry, start, end, vector in rows:
            if vector is None:
                raise IndexDamaged("A vector is missing", where=str(self.path), todo="Build the index again.")
            yield entry, start, end, vector

    def drop_unused_embeddings(self) -> None:
        """Forget vectors that no entry uses."""
        self._db.execute("DELETE FROM embeddings WHERE key NOT IN (SELECT key FROM entry_vectors)")

    def compact(self) -> None:
        """Give back the room of what was taken out, once it is a quarter of the file."""
        (free,), (pages,) = self._one("PRAGMA freelist_count"), self._one("PRAGMA page_count")
        if free * 4 > pages:
            self._db.execute("VACUUM")

    # figures

    def add_figures(
        self, report: int, figures: Iterable[Figure], terms: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Write the figures of a report; ``terms`` maps each measure to its index terms."""
        known = terms or {}
        self._db.executemany(
            "INSERT INTO figures VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    report,
                    f.measure,
                    " ".join(known.get(f.measure, ())),
                    content,
                    name_key(known.get(f.measure, ())),
                    f.row.start,
                    seal(content),
                )
                for f in figures
                for content in (json.dumps(to_plain(f), ensure_ascii=False),)
            ],
        )

    def figures(self, measures: Sequence[str] | None = None) -> Iterator[tuple[int, Figure]]:
        """Yield figures with the id of their report, in reading order: all, or those of some measures."""
        rows: list[Any] = []
        if measures is None:
            rows = self._figures("SELECT report, rowid, content, seal FROM figures", ())
        for first in range(0, len(measures or ()), 500):
            some = (measures or ())[first : first + 500]
            marks = ",".join("?" * len(some))
            query = f"SELECT report, rowid, content, seal FROM figures WHERE measure IN ({marks})"
            rows += self._figures(query, some)
        for report, _, content in sorted(rows):
            yield report, from_plain(Figure, json.loads(content))

    def figures_in(self, report: int, span: Span) -> tuple[Figure, ...]:
        """Return the figures of the row, or of the sentences, that begin inside a span of a report."""
        rows = self._figures(
            "SELECT content, seal FROM figures WHERE report = ? AND row_start >= ? AND row_start < ?"
            " ORDER BY rowid",
            (report, span.start, span.end),
        )
        return tuple(from_plain(Figure, json.loads(content)) for (content,) in rows)

    def figures_named(self, terms: Sequence[str], reports: Sequence[int], most: int) -> tuple[Figure, ...]:
        """Return the first ``most`` figures of some reports whose measure has these terms, in any order.

        A compound and its parts written apart are one name (:func:`name_key`).
        """
        name = name_key(terms)
        if not name:
            return ()
        marks = ",".join("?" * len(reports))
        rows = self._figures(
            f"SELECT content, seal FROM figures WHERE name = ? AND report IN ({marks})"
            " ORDER BY rowid LIMIT ?",
            (name, *reports, most),
        )
        return tuple(from_plain(Figure, json.loads(content)) for (content,) in rows)

    def measures(self) -> dict[str, tuple[str, ...]]:
        """Map every measure that has a figure to its index terms."""
        rows = self._all("SELECT DISTINCT measure, terms FROM figures")
        return {measure: tuple(terms.split()) for measure, terms in rows}

    def measure_counts(self) -> dict[str, dict[int, int]]:
        """Map every measure to the ids of the reports that hold figures of it, with how many."""
        counts: dict[str, dict[int, int]] = {}
        for measure, report, count in self._all(
            "SELECT measure, report, COUNT(*) FROM figures GROUP BY measure, report"
        ):
            counts.setdefault(measure, {})[report] = count
        return counts

    def figures_of(self, report: int) -> Iterator[Figure]:
        """Yield the figures of one report, by its id, in reading order."""
        query = "SELECT content, seal FROM figures WHERE report = ? ORDER BY rowid"
        for (content,) in self._figures(query, (report,)):
            yield from_plain(Figure, json.loads(content))


def half_precision(vectors: npt.NDArray[np.float32]) -> list[bytes]:
    """Return each row of ``(n, d)`` as the bytes of float16 numbers, as the store keeps vectors."""
    return [half.tobytes() for half in vectors.astype("<f2")]


def parts(keys: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """Cut keys into what one statement of SQLite takes."""
    for first in range(0, len(keys), size):
        yield keys[first : first + size]


def _summed(rows: Iterable[tuple[str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for (words,) in rows:
        for word, count in json.loads(words).items():
            counts[word] = counts.get(word, 0) + count
    return counts


def _last_ids(below: Sequence[Path]) -> tuple[int, int]:
    """Return the highest ids of reports and of entries in some files."""
    reports = entries = 0
    for path in below:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            (own_reports,) = db.execute("SELECT COALESCE(MAX(id), 0) FROM reports").fetchone()
            (own_entries,) = db.execute("SELECT COALESCE(MAX(id), 0) FROM entries").fetchone()
        reports, entries = max(reports, own_reports), max(entries, own_entries)
    return reports, entries


_ENTRIES = "SELECT content, seal, (SELECT source FROM reports r WHERE r.id = entries.report)"
_PASSAGES = f"{_ENTRIES}, body_terms, traits, sentences FROM entries WHERE"


def _seal_of(seals: object, column: str) -> bytes:
    first = SEALED.index(column) * SEAL_BYTES
    return seals[first : first + SEAL_BYTES] if isinstance(seals, bytes) else b""


def _passage(row: tuple[Any, ...]) -> tuple[Entry, tuple[AnalysedSentence, ...]]:
    content, body, traits, sentences = row
    entry = from_plain(Entry, json.loads(content))
    inner = json.loads(sentences) or [(body, json.loads(traits)[1:])]
    spans = entry.sentences or (entry.span,)
    made = (
        AnalysedSentence(span, tuple(terms.split()), tuple(numbers))
        for span, (terms, numbers) in zip(spans, inner, strict=True)
    )
    return entry, tuple(made)


def _among(columns: str, keys: Sequence[bytes]) -> str:
    return f"SELECT {columns} FROM embeddings WHERE key IN ({','.join('?' * len(keys))})"


def _unknown(source: str) -> UnknownReport:
    what = "No such report in the index"
    return UnknownReport(what, where=source, todo="List them with: rapportsvar reports")


def _stored(row: tuple[int, str, str, str, str, str, str, str]) -> StoredReport:
    key, source, sha256, text, info, facts, outline, warnings = row
    return StoredReport(
        id=key,
        source=source,
        sha256=sha256,
        text=text,
        info=from_plain(ReportInfo, json.loads(info)),
        metadata=from_plain(Metadata, json.loads(facts)),
        outline=from_plain(Outline, json.loads(outline)),
        warnings=tuple(json.loads(warnings)),
    )
