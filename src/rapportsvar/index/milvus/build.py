"""Building an index in Milvus: read and embedded as for a local index, uploaded, put in place by one row.

What changed is written to a store of its own in the index folder, with nothing of what stays, and from
there to Milvus; the folder is taken away at the end. So a build needs room for what is new, not for the
index.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from rapportsvar import __version__
from rapportsvar.config import IndexSettings
from rapportsvar.index.build import Builder
from rapportsvar.index.manifest import (
    FORMAT,
    OLDEST,
    SAVED_EMBEDDINGS,
    Manifest,
    code_fingerprint,
    generation_name,
)
from rapportsvar.index.milvus.blobs import read_blobs
from rapportsvar.index.milvus.client import Milvus, among
from rapportsvar.index.milvus.reports import counts_of, families_of, vectors_of
from rapportsvar.index.milvus.rows import Upload, mean_lengths, reading, upload
from rapportsvar.index.milvus.schema import VECTORS
from rapportsvar.index.milvus.state import (
    State,
    Words,
    alone_with,
    newest,
    read_state,
    read_words,
    sweep,
    write_state,
)
from rapportsvar.index.originals import original
from rapportsvar.index.plan import Plan, is_current
from rapportsvar.index.saved import SavedEmbeddings, forget
from rapportsvar.index.store import Store
from rapportsvar.index.summary import BuildSummary
from rapportsvar.library.corrections import digest_of

KEYS_AT_ONCE = 200


def build_in_milvus(
    builder: Builder, found: Sequence[tuple[str, Path]], paths: tuple[str, ...], settings: IndexSettings
) -> BuildSummary:
    """Build an index in Milvus, or bring one up to date.

    Args:
        builder: Reads, analyses and embeds.
        found: Names and paths of the reports.
        paths: What was asked to be indexed, absolute.
        settings: Where Milvus is.

    Raises:
        IndexAway: Milvus does not answer.
        IndexBusy: Another process is building.
    """
    milvus = Milvus(settings)
    try:
        milvus.make(builder.encoder.dimensions)
        with alone_with(milvus):
            return _Update(builder, milvus).run(found, paths)
    finally:
        milvus.close()


class _Update:
    """One build. Its parts are in the order in which they run."""

    def __init__(self, builder: Builder, milvus: Milvus) -> None:
        self._builder = builder
        self._milvus = milvus
        self._summary = builder.summary

    def run(self, found: Sequence[tuple[str, Path]], paths: tuple[str, ...]) -> BuildSummary:
        served = read_state(self._milvus, oldest=OLDEST) if newest(self._milvus) else None
        served = self._of_these_dimensions(served)
        with self._summary.stage("reading"):
            seen = self._builder.look(found)
        if served and self._builder.is_made_alike(served.manifest) and self._is_as(served.manifest, seen):
            self._leave(served, paths)
            return self._summary
        sweep(self._milvus, served)
        todo = self._builder.plan(served.manifest if served else None, seen)
        home = self._builder.folder
        with tempfile.TemporaryDirectory(prefix=".milvus-", dir=home) as aside:
            self._builder.folder = Path(aside)
            saved = _Saved(
                self._milvus, home / SAVED_EMBEDDINGS, 2 * self._builder.encoder.dimensions, served
            )
            try:
                self._make(Path(aside) / "store.sqlite", saved, todo, served, paths)
            finally:
                saved.close()
                self._builder.folder = home
        forget(home / SAVED_EMBEDDINGS)
        return self._summary

    def _of_these_dimensions(self, served: State | None) -> State | None:
        """Begin anew where the collections were made for an encoder of other dimensions."""
        if self._milvus.dimensions() == self._builder.encoder.dimensions:
            return served
        self._milvus.drop()
        self._milvus.make(self._builder.encoder.dimensions)
        return None

    def _is_as(self, manifest: Manifest, seen: Mapping[str, object]) -> bool:
        alike = not manifest.failed or self._builder.is_read_alike(manifest)
        return alike and is_current(manifest, seen)  # type: ignore[arg-type]

    def _leave(self, served: State, paths: tuple[str, ...]) -> None:
        manifest = served.manifest
        self._summary.unchanged = len(manifest.sources)
        self._summary.counts = dict(manifest.counts)
        self._summary.failures.update(manifest.failures)
        if manifest.paths != paths or manifest.hidden != self._builder.left_out:
            sweep(self._milvus, served)
            told = replace(
                manifest, root=paths[0] if paths else "", paths=paths, hidden=self._builder.left_out
            )
            write_state(
                self._milvus, replace(served, generation=served.generation + 1, manifest=told, leaving=())
            )

    def _make(
        self, path: Path, saved: SavedEmbeddings, todo: Plan, served: State | None, paths: tuple[str, ...]
    ) -> None:
        store = Store(path, write=True, create=True)
        try:
            before = set(served.manifest.sources) if served else set()
            sources, failed = self._builder.update(store, saved, todo, before)
        finally:
            store.close()
        with self._summary.stage("writing"):
            state, words = self._uploaded(path, served, sources)
            self._summary.counts = counts_of(state.reports, vectors_of(self._milvus, state.reports))
            manifest = self._manifest(sources, failed, todo, paths)
            write_state(self._milvus, replace(state, manifest=manifest), words)

    def _uploaded(self, path: Path, served: State | None, sources: Mapping[str, str]) -> tuple[State, Words]:
        """Write what the store holds; the manifest of the state is still that of before, or none."""
        words = read_words(self._milvus, served) if served else Words()
        files = self._builder.folder
        number = served.next_report if served else 1
        with reading(path) as db:
            fresh = db.execute("SELECT id, source FROM reports ORDER BY id").fetchall()
            means = served.means if served and served.reports else mean_lengths(db)
            to = Upload(self._milvus, words, means, lambda sha256: original(files, sha256))
            added = [upload(db, row["id"], number + at, to) for at, row in enumerate(fresh)]
        new = {kept.source for kept in added}
        old = served.reports if served else ()
        stays = [kept for kept in old if kept.source in sources and kept.source not in new]
        leaves = [kept.number for kept in old if kept.source not in sources or kept.source in new]
        for lexis in read_blobs(self._milvus, leaves, "lexis", 4).values():
            words.add(json.loads(lexis), -1)
        reports = (*stays, *added)
        return (
            State(
                generation=served.generation + 1 if served else 1,
                manifest=served.manifest if served else _NOTHING,
                reports=reports,
                leaving=tuple(leaves),
                families=families_of(self._milvus, reports),
                next_report=number + len(added),
                means=means,
            ),
            words,
        )

    def _manifest(
        self,
        sources: Mapping[str, str],
        failed: Mapping[str, str],
        todo: Plan,
        paths: tuple[str, ...],
    ) -> Manifest:
        builder = self._builder
        return Manifest(
            format=FORMAT,
            generation="",
            version=__version__,
            fingerprint=code_fingerprint(),
            model=builder.encoder.name,
            dimensions=builder.encoder.dimensions,
            settings=asdict(builder.settings),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            root=paths[0] if paths else "",
            paths=paths,
            sources=sources,
            failures=self._summary.failures,
            failed=failed,
            counts=self._summary.counts,
            files={},
            corrected={
                name: digest for name in sources if (digest := digest_of(todo.seen[name].corrections))
            },
            hidden=builder.left_out,
        )


_NOTHING = Manifest(FORMAT, generation_name(0), "", "", "", 0, {}, "", "", (), {}, {}, {}, {}, {})


class _Saved(SavedEmbeddings):
    """Vectors that need not be computed: those of a build that was cut off, and those in Milvus."""

    def __init__(self, milvus: Milvus, path: Path, size_bytes: int, served: State | None) -> None:
        super().__init__(path, older=(), size_bytes=size_bytes)
        self._milvus = milvus
        self._served = served

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        found = super().get(keys)
        missing = [key for key in keys if key not in found] if self._served else []
        for first in range(0, len(missing), KEYS_AT_ONCE):
            some = [key.hex() for key in missing[first : first + KEYS_AT_ONCE]]
            for row in self._milvus.query(VECTORS, among("key", some), ("key", "vector")):
                half = np.array(row["vector"], np.float32).astype("<f2")
                found[bytes.fromhex(row["key"])] = half.tobytes()
        return found
