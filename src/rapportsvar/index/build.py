"""Building an index: read what changed, embed what is new, derive the indexes, put all in place in one step."""

from __future__ import annotations

import errno
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from rapportsvar import __version__
from rapportsvar.config import Settings
from rapportsvar.errors import IndexBusy, IndexForeign, IndexUnusable, RapportsvarError, ReadingError
from rapportsvar.index.analysis import analyse, texts_to_embed, word_counts
from rapportsvar.index.embedding.base import Encoder
from rapportsvar.index.entries import report_info
from rapportsvar.index.keyword import FIELDS, write_field
from rapportsvar.index.manifest import (
    FORMAT,
    GENERATION_PREFIX,
    Manifest,
    check_files,
    code_fingerprint,
    describe_files,
    read_manifest,
    write_manifest,
)
from rapportsvar.index.store import Analysed, Outline, Store, StoredReport, embedding_key
from rapportsvar.index.vectors import write_vectors
from rapportsvar.reading.folder import read_source, walk
from rapportsvar.structure.build import build_report, uncovered
from rapportsvar.structure.passages import PassageSize
from rapportsvar.swedish.words import Analyzer

ENTRY_TYPE = np.dtype(
    [("id", np.int64), ("report", np.int32), ("start", np.int32), ("end", np.int32), ("is_row", np.bool_)]
)
EMBED_AT_ONCE = 1024

Progress = Callable[[str, int, int], None]
"""Called with the stage's name, how much is done, and how much there is."""


@dataclass(slots=True)
class BuildSummary:
    """What a build did.

    ``seconds`` maps stages (``reading``, ``structure``, ``words``, ``embedding``, ``writing``) to time spent.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    skipped: tuple[tuple[str, str], ...] = ()
    embedded: int = 0
    reused: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block to a stage."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


def build_index(
    paths: Sequence[Path],
    folder: Path,
    *,
    encoder: Encoder,
    analyzer: Analyzer,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> BuildSummary:
    """Build an index of the reports under ``paths``, or bring one up to date.

    Only reports that are new or changed are read, and only texts without a vector are embedded. Reports that are no
    longer under the paths are taken out. Readers of the index see the old one until the new one is complete.

    Raises:
        NoReports: A path holds no reports.
        IndexBusy: Another process is building.
        IndexForeign: ``folder`` holds something that is not an index.
        RapportsvarError: The disk is full or the folder cannot be written.
    """
    settings = settings or Settings()
    found = walk(paths)
    _claim(folder)
    lock = FileLock(folder / "build.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as held:
        raise IndexBusy("Another process is building this index", where=str(folder), todo="Wait for it.") from held
    try:
        builder = _Builder(found.reports, paths, folder, encoder, analyzer, settings, progress or (lambda *_: None))
        builder.summary.skipped = found.skipped
        return builder.run()
    except OSError as failed:
        raise _disk_error(failed, folder) from failed
    finally:
        lock.release()


class _Builder:
    def __init__(
        self,
        found: Sequence[tuple[str, Path]],
        paths: Sequence[Path],
        folder: Path,
        encoder: Encoder,
        analyzer: Analyzer,
        settings: Settings,
        progress: Progress,
    ) -> None:
        self.found = found
        self.root = str(paths[0].resolve())
        self.folder = folder
        self.encoder = encoder
        self.analyzer = analyzer
        self.settings = settings
        self.progress = progress
        self.size = PassageSize(settings.structure.passage_chars_max, settings.structure.passage_chars_aim)
        self.summary = BuildSummary()

    def run(self) -> BuildSummary:
        old = _usable(self.folder, self.encoder)
        known = dict(old.sources) if old and _same_making(old, self.settings) else {}
        with self.summary.stage("reading"):
            contents = self._hashes()
        if old and known == contents and dict(old.failures) == self.summary.failures:
            self.summary.unchanged = len(known)
            self.summary.counts = dict(old.counts)
            return self.summary
        _sweep(self.folder, keep=old.generation if old else None)
        number = 1 + (int(old.generation.removeprefix(GENERATION_PREFIX)) if old else 0)
        generation = self.folder / f"{GENERATION_PREFIX}{number:06d}"
        try:
            self._make(generation, old, known, contents)
        except BaseException:
            shutil.rmtree(generation, ignore_errors=True)
            raise
        _sweep(self.folder, keep=generation.name, also=old.generation if old else None)
        return self.summary

    def _hashes(self) -> dict[str, str]:
        contents = {}
        for number, (name, path) in enumerate(self.found):
            self.progress("reading", number, len(self.found))
            try:
                with path.open("rb") as stream:
                    contents[name] = hashlib.file_digest(stream, "sha256").hexdigest()
            except OSError:
                contents[name] = ""  # the reader says what is wrong
        return contents

    def _make(
        self, generation: Path, old: Manifest | None, known: Mapping[str, str], contents: Mapping[str, str]
    ) -> None:
        generation.mkdir()
        store_path = generation / "store.sqlite"
        if old:
            shutil.copyfile(self.folder / old.generation / "store.sqlite", store_path)
        store = Store(store_path, write=True, create=old is None)
        try:
            with store.transaction():
                indexed = self._update(store, known, contents)
            with self.summary.stage("writing"):
                counts = derive(store, generation)
        finally:
            store.close()
        with self.summary.stage("writing"):
            self.summary.counts = counts
            manifest = Manifest(
                format=FORMAT,
                generation=generation.name,
                version=__version__,
                fingerprint=code_fingerprint(),
                model=self.encoder.name,
                dimensions=self.encoder.dimensions,
                settings=asdict(self.settings),
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                root=self.root,
                sources=indexed,
                failures=self.summary.failures,
                counts=counts,
                files=describe_files(generation),
            )
            write_manifest(self.folder, manifest)

    def _update(self, store: Store, known: Mapping[str, str], contents: Mapping[str, str]) -> dict[str, str]:
        before = store.sources()
        paths = dict(self.found)
        indexed: dict[str, str] = {}
        fresh: list[tuple[StoredReport, list[Analysed], Any, dict[str, int]]] = []
        changed = [name for name in contents if not (name in known and known[name] == contents[name])]
        for number, name in enumerate(changed):
            self.progress("structure", number, len(changed))
            try:
                fresh.append(self._read(paths[name], name))
            except ReadingError as failed:
                self.summary.failures[name] = str(failed)
        self.progress("structure", len(changed), len(changed))
        self._embed(store, [item for _, analysed, _, _ in fresh for item in analysed])
        with self.summary.stage("writing"):
            for stored, analysed, tables, words in fresh:
                (self.summary.changed if stored.source in before else self.summary.new).append(stored.source)
                key = store.add_report(stored, tables, words)
                store.add_entries(key, analysed, self.encoder.name)
                indexed[stored.source] = stored.sha256
                if stored.warnings:
                    self.summary.warnings[stored.source] = stored.warnings
            for name in before:
                if name not in contents or name in self.summary.failures:
                    store.remove(name)
                    self.summary.removed.append(name)
            store.drop_unused_embeddings()
        unchanged = {n: h for n, h in contents.items() if n in known and n not in changed}
        self.summary.unchanged = len(unchanged)
        return dict(sorted({**unchanged, **indexed}.items()))

    def _read(self, path: Path, name: str) -> tuple[StoredReport, list[Analysed], Any, dict[str, int]]:
        with self.summary.stage("reading"):
            source = read_source(path, name)
        with self.summary.stage("structure"):
            report = build_report(source, self.size)
            outline = Outline(
                source.pages, report.parts, report.sections, report.furniture, tuple(uncovered(report))
            )
        with self.summary.stage("words"):
            analysed = analyse(report, self.analyzer)
            words = word_counts(source.text)
        stored = StoredReport(
            id=0,
            source=name,
            sha256=source.sha256,
            text=source.text,
            info=report_info(report),
            metadata=report.metadata,
            outline=outline,
            warnings=(*source.warnings, *report.warnings),
        )
        return stored, analysed, report.tables, words

    def _embed(self, store: Store, analysed: Sequence[Analysed]) -> None:
        texts = texts_to_embed(analysed)
        keys = [embedding_key(self.encoder.name, text) for text in texts]
        there = store.known_embeddings(keys)
        missing = [(k, t) for k, t in zip(keys, texts, strict=True) if k not in there]
        self.summary.embedded, self.summary.reused = len(missing), len(texts) - len(missing)
        missing.sort(key=lambda pair: len(pair[1]))
        self.progress("embedding", 0, len(missing))
        for first in range(0, len(missing), EMBED_AT_ONCE):
            part = missing[first : first + EMBED_AT_ONCE]
            with self.summary.stage("embedding"):
                vectors = self.encoder.encode_passages([text for _, text in part])
            with self.summary.stage("writing"):
                store.add_embeddings([key for key, _ in part], vectors)
            self.progress("embedding", first + len(part), len(missing))


def derive(store: Store, generation: Path) -> dict[str, int]:
    """Write everything that follows from the store: keyword fields, vectors, traits, entries' places. Returns counts."""
    documents: dict[str, list[list[str]]] = {name: [] for name in FIELDS}
    rows, traits = [], []
    for key, report, kind, start, end, body, context, label, numbers in store.entry_rows():
        rows.append((key, report, start, end, kind == "row"))
        traits.append(np.fromstring(numbers.strip("[]"), sep=",", dtype=np.float32))
        for name, terms in zip(FIELDS, (body, context, label), strict=True):
            documents[name].append(terms.split())
    entries = np.array(rows, dtype=ENTRY_TYPE)
    np.save(generation / "entries.npy", entries, allow_pickle=False)
    table = np.stack(traits) if traits else np.zeros((0, 1), np.float32)
    np.save(generation / "traits.npy", table, allow_pickle=False)
    for name in FIELDS:
        write_field(generation / f"keyword-{name}", name, documents[name])
    places, vectors = _gather(store, entries["id"])
    write_vectors(generation, vectors, places)
    counts = {"reports": len(store.sources()), "passages": int((~entries["is_row"]).sum())}
    return counts | {"rows": int(entries["is_row"].sum()), "vectors": len(vectors)}


def _gather(store: Store, ids: Any) -> tuple[Any, Any]:  # noqa: ANN401
    number = {int(key): place for place, key in enumerate(ids)}
    places: list[tuple[int, int, int]] = []
    halves: list[bytes] = []
    for entry, start, end, vector in store.vectors():
        places.append((number[entry], start, end))
        halves.append(vector)
    if not halves:
        return np.zeros((0, 3), np.int32), np.zeros((0, 8), np.float32)
    vectors = np.frombuffer(b"".join(halves), np.float16).reshape(len(halves), -1).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-9)
    return np.array(places, np.int32), vectors


def _claim(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        read_manifest(folder)
    except IndexForeign:
        raise
    except IndexUnusable:
        pass
    except OSError as failed:
        raise _disk_error(failed, folder) from failed


def _usable(folder: Path, encoder: Encoder) -> Manifest | None:
    try:
        manifest = read_manifest(folder)
        check_files(folder, manifest, contents=True)
    except IndexUnusable:
        return None
    return manifest if manifest.model == encoder.name else None


def _same_making(old: Manifest, settings: Settings) -> bool:
    """Tell whether what was read before would be read alike now."""
    return old.fingerprint == code_fingerprint() and old.settings["structure"] == asdict(settings.structure)


def _sweep(folder: Path, *, keep: str | None, also: str | None = None) -> None:
    for path in folder.glob(f"{GENERATION_PREFIX}*"):
        if path.name not in (keep, also):
            shutil.rmtree(path, ignore_errors=True)


def _disk_error(failed: OSError, folder: Path) -> RapportsvarError:
    what = {
        errno.ENOSPC: "The disk is full",
        errno.EACCES: "The index folder may not be written",
        errno.EROFS: "The index folder may not be written",
        errno.EPERM: "The index folder may not be written",
        errno.ENOTDIR: "The index folder is not a folder",
        errno.EEXIST: "The index folder is not a folder",
    }.get(failed.errno or 0, f"The index could not be written: {failed.strerror or failed}")
    return RapportsvarError(what, where=str(folder), todo="The earlier index is untouched. Correct it and run again.")
