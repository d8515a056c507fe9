"""An index opened for questions: immutable, consistent, shared by threads."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rapportsvar.errors import IndexDamaged, IndexStale, IndexUnusable
from rapportsvar.index.arrays import mapped
from rapportsvar.index.base import Keywords, Vectors, places_of_entries
from rapportsvar.index.derive import WORDS
from rapportsvar.index.keyword import FIELDS, KeywordField
from rapportsvar.index.layers import Layer, layers_of
from rapportsvar.index.manifest import REBUILD, Manifest, check_files, damages, read_manifest, unreadable
from rapportsvar.index.numbering import Numbering
from rapportsvar.index.originals import original
from rapportsvar.index.owners import newest_reports, owner_of
from rapportsvar.index.store import Store
from rapportsvar.index.vectors import VectorIndex, VectorLayer
from rapportsvar.model import ReportInfo

CHECKED_AT_OPEN_BYTES = 64_000_000
"""Up to this size all contents are compared with their hashes when an index is opened; above it the sizes
are, and ``rapportsvar doctor`` compares the contents."""

OPEN_TRIES = 25
"""Each follows a newer generation that came while this one was being opened: five were too few for twenty
readers on a machine that was busy, while one report after the other came."""

_ONE_AT_A_TIME = threading.Lock()
"""numpy reads the head of an array with ``ast``, which in Python 3.11 fails now and then where several
threads are in it at once ("AST constructor recursion depth mismatch")."""

_UNREADABLE = (
    SystemError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
    EOFError,
    sqlite3.Error,
)
"""What numpy, faiss, json and sqlite raise on a file that is not what it should be."""


SAMPLE = 4000
"""Entries whose vectors are kept in memory to stand for all: mean and deviation come within 2 % of them."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Some entries, evenly spread, with all their vectors.

    Attributes:
        entries: Their places, ``(s,)``.
        vectors: ``(v, d)``.
        starts: Where each entry's vectors begin, ``(s,)``; the first is of the whole entry.
    """

    entries: npt.NDArray[np.int64]
    vectors: npt.NDArray[np.float32]
    starts: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Parts:
    """What an engine opens of an index; see the attributes of :class:`OpenIndex`."""

    store: Store
    keyword: Mapping[str, Keywords]
    vectors: Vectors
    entries: npt.NDArray[np.void]
    traits: npt.NDArray[np.float32]
    reports: dict[int, tuple[str, ReportInfo]]
    word_counts: Callable[[], dict[str, int]]


_KEPT_FROM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EACCES, errno.EPERM, errno.EIO})


class OpenIndex:
    """One generation of an index, whichever engine keeps it.

    Attributes:
        folder: The index folder.
        manifest: Its manifest.
        store: The reports and entries.
        keyword: One field of BM25 postings by name.
        vectors: The vectors.
        entries: ``(n,)`` structured: id, report, start, end, is_row.
        traits: ``(n, t) float32``; column 0 tells rows, the others are named by ``swedish.cues.TRAITS``.
        reports: Source and metadata by report id.
    """

    def __init__(self, folder: Path, manifest: Manifest, parts: Parts) -> None:
        self.folder = folder
        self.manifest = manifest
        self.keyword = parts.keyword
        self.vectors = parts.vectors
        self.entries = parts.entries
        self.traits = parts.traits
        self.store = parts.store
        self.reports = parts.reports
        self._word_counts = parts.word_counts

    @classmethod
    def local(cls, folder: Path, manifest: Manifest) -> OpenIndex:
        """Open a generation's files."""
        return cls(folder, manifest, _local_parts(layers_of(folder, manifest)))

    @cached_property
    def report_starts(self) -> npt.NDArray[np.int64]:
        """The place of the first entry of each report that has entries, ascending."""
        reports = np.ascontiguousarray(self.entries["report"])
        return np.flatnonzero(np.diff(reports, prepend=reports[:1] - 1))

    @cached_property
    def report_ids(self) -> npt.NDArray[np.int32]:
        """The id of each of these reports."""
        return np.ascontiguousarray(self.entries["report"][self.report_starts])

    @cached_property
    def report_numbers(self) -> npt.NDArray[np.int32]:
        """Which of these reports each entry is of, ``(n,)``."""
        begins = np.zeros(len(self.entries), np.int32)
        begins[self.report_starts] = 1
        return np.cumsum(begins, dtype=np.int32) - np.int32(1)

    @cached_property
    def infos(self) -> dict[int, ReportInfo]:
        """Metadata by report id."""
        return {key: info for key, (_, info) in self.reports.items()}

    @cached_property
    def ids_by_source(self) -> dict[str, int]:
        """Report ids by source."""
        return {source: key for key, (source, _) in self.reports.items()}

    @cached_property
    def report_years(self) -> npt.NDArray[np.int32]:
        """The year of each of these reports, 0 where it is not known."""
        years = [self.infos[key].year or 0 for key in self.report_ids.tolist()]
        return np.array(years, np.int32)

    @cached_property
    def report_is_newest(self) -> npt.NDArray[np.bool_]:
        """Which of these reports are of the newest of their owner's years."""
        newest = newest_reports(self.infos.values())
        infos = (self.infos[key] for key in self.report_ids.tolist())
        return np.array([info.year == newest.get(owner_of(info)) for info in infos], np.bool_)

    def places_of(self, report: int) -> slice:
        """Return the places of a report's entries, which stand side by side."""
        number = np.flatnonzero(self.report_ids == report)
        if not len(number):
            return slice(0, 0)
        ends = [*self.report_starts[number[0] + 1 : number[0] + 2].tolist(), len(self.entries)]
        return slice(int(self.report_starts[number[0]]), ends[0])

    @cached_property
    def sample(self) -> Sample:
        """Entries that stand for all where something is told of all."""
        count = len(self.entries)
        entries = np.unique(np.linspace(0, count - 1, min(count, SAMPLE)).astype(np.int64))
        places, starts = places_of_entries(self.vectors, entries)
        return Sample(entries, self.vectors.of(places), starts)

    @cached_property
    def versions(self) -> list[list[str]]:
        """The reports that have versions, family by family, each with its newest first."""
        return self.store.versions()

    @cached_property
    def word_counts(self) -> dict[str, int]:
        """How often each word form stands in the reports."""
        return self._word_counts()

    def expect_terms(self, terms: Iterable[str]) -> None:
        """Be told which terms will be looked up, so that an engine far away fetches them at once."""

    def expect_entries(self, places: npt.NDArray[np.int64]) -> None:
        """Be told which entries will be read, so that an engine far away fetches them at once."""

    def original(self, source: str) -> bytes:
        """Return the bytes of the file that a report with pages was read from.

        Raises:
            UnknownReport: There is no such source.
            IndexDamaged: The copy is gone, or is not what was read.
        """
        return original(self.folder, self.store.sha256(source))

    def close(self) -> None:
        """Close the store."""
        self.store.close()


def _local_parts(layers: Sequence[Layer]) -> Parts:
    entries = [mapped(layer.folder / "entries.npy") for layer in layers]
    numberings: list[Numbering] = []
    for layer, own in zip(layers, entries, strict=True):
        live = (
            ~np.isin(own["report"], list(layer.taken_out)) if layer.taken_out else np.ones(len(own), np.bool_)
        )
        numberings.append(Numbering.of(live, sum(each.count for each in numberings)))
    traits = [mapped(layer.folder / "traits.npy") for layer in layers]
    both = list(zip(layers, numberings, strict=True))
    keyword = {name: KeywordField.load(name, [(each.folder / f"keyword-{name}", n) for each, n in both])
               for name in FIELDS}  # fmt: skip
    vectors = VectorIndex([(VectorLayer.load(each.folder), n) for each, n in both])
    taken_out = set().union(*(layer.taken_out for layer in layers))
    *older, young = layers
    store = Store(young.store, below=[layer.store for layer in older], taken_out=taken_out)
    try:
        whole_entries, whole_traits = _joined(entries, numberings), _joined(traits, numberings)
        words = _words(layers)  # now: the next build may sweep this generation while its reader goes on
        return Parts(store, keyword, vectors, whole_entries, whole_traits, store.infos(), lambda: words)
    except BaseException:
        store.close()
        raise


def _joined(arrays: Sequence[npt.NDArray[Any]], numberings: Sequence[Numbering]) -> npt.NDArray[Any]:
    """Put the rows of several layers one after another; that of one layer stays mapped."""
    kept = [numbering.kept(own) for own, numbering in zip(arrays, numberings, strict=True)]
    kept = [own for own in kept if len(own)] or kept[:1]
    return kept[0] if len(kept) == 1 else np.concatenate(kept)


def _words(layers: Sequence[Layer]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for layer in layers:
        own: dict[str, int] = json.loads((layer.folder / WORDS).read_text(encoding="utf-8"))
        with closing(Store(layer.store)) as store:
            gone = store.word_counts_of(layer.taken_out)
        for word, count in own.items():
            counts[word] = counts.get(word, 0) + count - gone.get(word, 0)
    return {word: count for word, count in counts.items() if count}


def open_index(folder: Path, *, model: str | None = None) -> OpenIndex:
    """Open the index in a folder.

    Args:
        folder: The index folder.
        model: The encoder that questions will be embedded with.

    Raises:
        IndexMissing: There is none.
        IndexForeign: The folder holds something else.
        IndexStale: It was made with another encoder, or in another format.
        IndexDamaged: A file is not what was written.
    """
    for _ in range(OPEN_TRIES - 1):
        manifest = read_manifest(folder)
        try:
            return _open(folder, manifest, model)
        except IndexUnusable as unusable:
            # A builder may have put a newer generation in place and swept this one away meanwhile.
            again = isinstance(unusable.__cause__, SystemError)  # a builder in another thread was in ``ast``
            if not again and read_manifest(folder).generation == manifest.generation:
                raise
    return _open(folder, read_manifest(folder), model)


def _open(folder: Path, manifest: Manifest, model: str | None) -> OpenIndex:
    if model is not None and manifest.model != model:
        raise IndexStale(
            f"The index was made with the model {manifest.model}, the settings name {model}",
            where=str(folder),
            todo=REBUILD,
        )
    check_files(folder, manifest, contents=manifest.size_bytes <= CHECKED_AT_OPEN_BYTES)
    try:
        with _ONE_AT_A_TIME:
            return OpenIndex.local(folder, manifest)
    except (*_UNREADABLE, MemoryError) as bad:
        raise _why(bad, folder, manifest) from bad


def _why(bad: Exception, folder: Path, manifest: Manifest) -> IndexUnusable:
    """Tell damage, by file, from rights, memory and open files, which are none."""
    generation = folder / manifest.generation
    if isinstance(bad, OSError) and bad.errno in _KEPT_FROM:
        return unreadable(bad, generation)
    for damage in damages(folder, manifest, contents=True):
        return damage  # also where an array said that it was larger than all memory
    if isinstance(bad, MemoryError):
        return unreadable(OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)), generation)
    return IndexDamaged(f"The index cannot be opened: {bad}", where=str(generation), todo=REBUILD)
