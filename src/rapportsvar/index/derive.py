"""What follows from the store: keyword fields, vectors, and the numbers of each entry, as plain files."""

from __future__ import annotations

import json
from array import array
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rapportsvar.index.keyword import FIELDS, write_field
from rapportsvar.index.store import Store
from rapportsvar.index.vectors import write_vectors
from rapportsvar.index.versions import owners_of
from rapportsvar.model import EntryKind

ENTRY_TYPE = np.dtype(
    [("id", np.int64), ("report", np.int32), ("start", np.int32), ("end", np.int32), ("is_row", np.bool_)]
)
SHINGLES = ("shingles.npy", "shingle-reports.npy")
"""Of which versions of a report are known: the sampled ones of all reports, ascending, and whose each is."""
WORDS = "words.json"
"""How often each word form stands in the reports: what spelling goes by."""


def derive(store: Store, generation: Path) -> dict[str, int]:
    """Write everything that follows from the store into a generation's folder. Returns counts.

    Raises:
        IndexDamaged: The store lacks a vector.
    """
    entries = _write_entries(store, generation)
    for field in FIELDS:
        write_field(generation / f"keyword-{field}", store.field_terms(field))
    (generation / WORDS).write_text(json.dumps(store.word_counts()), encoding="utf-8")
    hashes, whose = owners_of(store.shingles())
    np.save(generation / SHINGLES[0], hashes, allow_pickle=False)
    np.save(generation / SHINGLES[1], whose, allow_pickle=False)
    halves = generation / "vectors.f2"
    try:
        places = _gather(store, entries["id"], halves)
        write_vectors(generation, _mapped(halves, len(places)), places)
    finally:
        halves.unlink(missing_ok=True)
    return {
        "reports": len(store.sources()),
        "passages": int((~entries["is_row"]).sum()),
        "rows": int(entries["is_row"].sum()),
        "vectors": len(places),
    }


def _write_entries(store: Store, generation: Path) -> npt.NDArray[np.void]:
    rows, traits = [], []
    for key, report, kind, start, end, numbers in store.entry_rows():
        rows.append((key, report, start, end, kind == EntryKind.ROW))
        traits.append(np.fromstring(numbers.strip("[]"), sep=",", dtype=np.float32))
    entries = np.array(rows, dtype=ENTRY_TYPE)
    table = np.stack(traits) if traits else np.zeros((0, 1), np.float32)
    np.save(generation / "entries.npy", entries, allow_pickle=False)
    np.save(generation / "traits.npy", table, allow_pickle=False)
    return entries


def _gather(store: Store, ids: npt.NDArray[np.int64], halves: Path) -> npt.NDArray[np.int32]:
    """Write all vectors as the store keeps them, one after another; they may be more than memory holds.

    Returns:
        Owner, start and end of each, ``(n, 3)``.
    """
    places = array("q")
    with halves.open("wb") as stream:
        for entry, start, end, vector in store.vectors():
            places.extend((entry, start, end))
            stream.write(vector)
    table = np.frombuffer(places, np.int64).reshape(-1, 3) if places else np.zeros((0, 3), np.int64)
    owners = np.searchsorted(ids, table[:, 0])
    return np.column_stack([owners, table[:, 1:]]).astype(np.int32)


def _mapped(halves: Path, count: int) -> npt.NDArray[np.float16]:
    if not count:
        return np.zeros((0, 8), np.float16)
    return np.memmap(halves, "<f2", "r").reshape(count, -1)
