"""Moving a local index to Milvus: everything is taken as it is, and nothing is read or embedded again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rapportsvar.config import IndexSettings
from rapportsvar.errors import SettingsError
from rapportsvar.index.layers import STORE, gather_store, layers_of
from rapportsvar.index.manifest import DELTA, OLDEST, Manifest, check_files, read_manifest
from rapportsvar.index.milvus.client import Milvus
from rapportsvar.index.milvus.reports import counts_of, families_of, vectors_of
from rapportsvar.index.milvus.rows import Upload, mean_lengths, reading, upload
from rapportsvar.index.milvus.state import State, Words, alone_with, newest, read_state, sweep, write_state
from rapportsvar.index.originals import original
from rapportsvar.index.summary import Progress


def move_to_milvus(folder: Path, settings: IndexSettings, progress: Progress) -> dict[str, int]:
    """Copy the index in a folder to Milvus, in place of what is there. The folder stays as it is.

    Args:
        folder: The index folder.
        settings: Where Milvus is.
        progress: Is told how many reports are written.

    Returns:
        What the index counts: reports, passages, rows, vectors.

    Raises:
        IndexUnusable: The index in the folder cannot be served, or Milvus does not answer.
        IndexBusy: Another process is building the index in Milvus.
        SettingsError: The encoder of the index was adapted to its reports.
    """
    manifest = read_manifest(folder)
    if DELTA in manifest.files:
        raise SettingsError(
            "An index whose encoder was adapted to its reports stays local",
            where=str(folder),
            todo="Build it without first: rapportsvar index --no-adapt",
        )
    check_files(folder, manifest, contents=True)
    milvus = Milvus(settings)
    try:
        milvus.make(manifest.dimensions)
        if milvus.dimensions() != manifest.dimensions:
            milvus.drop()
            milvus.make(manifest.dimensions)
        with alone_with(milvus):
            served = read_state(milvus, oldest=OLDEST) if newest(milvus) else None
            sweep(milvus, served)
            state, words = _uploaded(folder, milvus, served, progress)
            counts = counts_of(state.reports, vectors_of(milvus, state.reports))
            told = replace(state.manifest, counts=counts)
            write_state(milvus, replace(state, manifest=told), words)
            return counts
    finally:
        milvus.close()


def _uploaded(folder: Path, milvus: Milvus, served: State | None, progress: Progress) -> tuple[State, Words]:
    manifest = read_manifest(folder)
    words, first = Words(), served.next_report if served else 1
    kept = []
    with TemporaryDirectory(prefix="rapportsvar-") as aside, reading(_store(folder, manifest, aside)) as db:
        means = mean_lengths(db)
        to = Upload(milvus, words, means, lambda sha256: original(folder, sha256))
        keys = [row["id"] for row in db.execute("SELECT id FROM reports ORDER BY id")]
        for at, key in enumerate(keys):
            progress("writing", at, len(keys))
            kept.append(upload(db, key, first + at, to))
        progress("writing", len(keys), len(keys))
    state = State(
        generation=served.generation + 1 if served else 1,
        manifest=replace(manifest, files={}, older={}),
        reports=tuple(kept),
        leaving=tuple(each.number for each in served.reports) if served else (),
        families=families_of(milvus, kept),
        next_report=first + len(kept),
        means=means,
    )
    return state, words


def _store(folder: Path, manifest: Manifest, aside: str) -> Path:
    """Return the store of an index; where it has several layers, one that holds them all, made aside."""
    layers = layers_of(folder, manifest)
    if len(layers) == 1:
        return layers[0].store
    gather_store(layers, Path(aside) / STORE)
    return Path(aside) / STORE
