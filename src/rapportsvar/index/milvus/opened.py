"""An index in Milvus, opened for questions: the catalogue in memory, all else fetched as it is asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rapportsvar.config import IndexSettings
from rapportsvar.errors import IndexStale
from rapportsvar.index.keyword import FIELDS, PART_MARK
from rapportsvar.index.manifest import FORMAT, REBUILD, Manifest
from rapportsvar.index.milvus.blobs import read_blobs
from rapportsvar.index.milvus.catalogue import Joined, from_bytes, joined
from rapportsvar.index.milvus.client import Milvus, among
from rapportsvar.index.milvus.keyword import MilvusKeywords, rarity_of
from rapportsvar.index.milvus.reports import counts_of, families_of, vectors_of
from rapportsvar.index.milvus.rows import MASSES
from rapportsvar.index.milvus.state import Kept, State, Words, read_state, read_words
from rapportsvar.index.milvus.store import MilvusStore
from rapportsvar.index.milvus.vectors import MilvusVectors
from rapportsvar.index.opened import OpenIndex, Parts
from rapportsvar.index.view import Sees, limited

OPEN_TRIES = 3


class MilvusIndex(OpenIndex):
    """One generation of an index in Milvus."""

    def __init__(
        self, folder: Path, manifest: Manifest, parts: Parts, fields: Mapping[str, MilvusKeywords]
    ) -> None:
        super().__init__(folder, manifest, parts)
        self._fields = fields

    def expect_terms(self, terms: Iterable[str]) -> None:
        """Fetch the postings of terms that will be looked up, in a few searches."""
        wanted = list(terms)
        for field in self._fields.values():
            field.expect(wanted)

    def expect_entries(self, places: npt.NDArray[np.int64]) -> None:
        """Fetch entries and vectors that will be read, in two queries."""
        if isinstance(self.store, MilvusStore):
            self.store.expect(self.entries["id"][places].tolist())
        first = self.vectors.first
        own = [np.arange(first[place], first[place + 1], dtype=np.int32) for place in places.tolist()]
        self.vectors.of(np.concatenate(own) if own else np.zeros(0, np.int32))

    def original(self, source: str) -> bytes:
        """Return the bytes of the file that a report with pages was read from."""
        if isinstance(self.store, MilvusStore):
            return self.store.original(source)
        return super().original(source)


def milvus_manifest(settings: IndexSettings, *, oldest: int = FORMAT) -> Manifest:
    """Read the manifest of the generation that is served.

    Args:
        settings: Where Milvus is.
        oldest: An older format that will do.

    Raises:
        IndexMissing: There is none.
        IndexStale: It was written in another format.
        IndexAway: Milvus does not answer.
    """
    milvus = Milvus(settings)
    try:
        return read_state(milvus, oldest=oldest).manifest
    finally:
        milvus.close()


def open_milvus(folder: Path, settings: IndexSettings, *, model: str | None = None) -> OpenIndex:
    """Open the index in Milvus.

    Args:
        folder: The index folder; holds the library, nothing of the index.
        settings: Where Milvus is.
        model: The encoder that questions will be embedded with.

    Raises:
        IndexMissing: There is none.
        IndexStale: It was made with another encoder, or in another layout.
        IndexAway: Milvus does not answer.
        ExtraMissing: The extra ``milvus`` is not installed.
    """
    milvus = Milvus(settings)
    try:
        for _ in range(OPEN_TRIES - 1):
            state = read_state(milvus)
            try:
                return _open(folder, milvus, state, model)
            except IndexStale:
                if read_state(milvus).generation == state.generation:
                    raise
        return _open(folder, milvus, read_state(milvus), model)
    except BaseException:
        milvus.close()
        raise


def milvus_view(
    index: OpenIndex, settings: IndexSettings, sees: Sees, *, model: str | None = None
) -> OpenIndex:
    """Open an index of those reports only that someone may see; ``index`` itself, where that is all.

    What the others hold is taken out of all that is counted over reports: the rarity of words, mean lengths,
    spelling, versions of one report.
    """
    milvus = Milvus(settings)
    try:
        state = read_state(milvus)
        manifest = limited(state.manifest, sees)
        if manifest == state.manifest:
            milvus.close()
            return index
        words = read_words(milvus, state)
        seen = tuple(kept for kept in state.reports if sees(kept.source))
        unseen = [kept.number for kept in state.reports if not sees(kept.source)]
        for lexis in read_blobs(milvus, unseen, "lexis", 4).values():
            words.add(json.loads(lexis), -1)
        counts = counts_of(seen, vectors_of(milvus, seen))
        part = replace(
            state,
            manifest=replace(manifest, counts=counts, generation=f"{manifest.generation}-{_digest(seen)}"),
            reports=seen,
            leaving=(*state.leaving, *unseen),
            families=families_of(milvus, seen),
        )
        return _open(index.folder, milvus, part, model, words)
    except BaseException:
        milvus.close()
        raise


def _digest(seen: Sequence[Kept]) -> str:
    return hashlib.sha256(repr([kept.number for kept in seen]).encode("ascii")).hexdigest()[:24]


def _open(
    folder: Path, milvus: Milvus, state: State, model: str | None, words: Words | None = None
) -> OpenIndex:
    manifest = state.manifest
    if model is not None and manifest.model != model:
        raise IndexStale(
            f"The index was made with the model {manifest.model}, the settings name {model}",
            where=milvus.where,
            todo=REBUILD,
        )
    words = words or read_words(milvus, state)
    catalogue = _catalogue(milvus, state, words)
    where = held_by(state)
    fields = {
        name: MilvusKeywords(
            milvus,
            name,
            where=where,
            numbers=catalogue.entries["id"],
            lengths=catalogue.lengths[:, at],
            mean=state.means[name],
            terms=words.numbers,
            found=words.found[name],
            mass=catalogue.mass.get(name, np.zeros(0, np.float32)),
        )
        for at, name in enumerate(FIELDS)
    }
    vectors = MilvusVectors(
        milvus,
        where=where,
        entries=catalogue.entries["id"],
        places=catalogue.places,
        dimensions=manifest.dimensions,
    )
    store = MilvusStore(milvus, state, words)
    parts = Parts(
        store, fields, vectors, catalogue.entries, catalogue.traits, store.infos(), store.word_counts
    )
    return MilvusIndex(folder, manifest, parts, fields)


def held_by(state: State) -> str:
    """Return the filter that lets through what a generation holds, and nothing of others."""
    where = f"report < {state.next_report}"
    return f"{where} and not ({among('report', state.leaving)})" if state.leaving else where


def _catalogue(milvus: Milvus, state: State, words: Words) -> Joined:
    count = sum(kept.passages + kept.rows for kept in state.reports)
    rarities = {}
    for field in MASSES:
        rarity = np.zeros(len(words.numbers) + 1, np.float32)
        whole = [(words.numbers[t], n) for t, n in words.found[field].items() if not t.startswith(PART_MARK)]
        if whole:
            numbers, found = np.array(whole, np.int64).T
            rarity[numbers] = rarity_of(found, count)
        rarities[field] = rarity
    numbers_ = [kept.number for kept in state.reports]
    parts = max((kept.parts for kept in state.reports), default=1)
    blobs = read_blobs(milvus, numbers_, "catalogue", parts)
    return joined([from_bytes(blobs[number]) for number in numbers_], rarities)
