"""What follows from the store: keyword fields, vectors, and the numbers of each entry, as plain files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from rapportsvar.index.keyword import FIELDS, write_field
from rapportsvar.index.store import Store
from rapportsvar.index.vectors import write_vectors
from rapportsvar.model import EntryKind

ENTRY_TYPE = np.dtype(
    [("id", np.int64), ("report", np.int32), ("start", np.int32), ("end", np.int32), ("is_row", np.bool_)]
)


def derive(store: Store, generation: Path) -> dict[str, int]:
    """Write everything that follows from the store into a generation's folder. Returns counts.

    Raises:
        IndexDamaged: The store lacks a vector.
    """
    entries = _write_entries(store, generation)
    for field in FIELDS:
        write_field(generation / f"keyword-{field}", store.field_terms(field))
    places, vectors = _gather(store, entries["id"])
    write_vectors(generation, vectors, places)
    return {
        "reports": len(store.sources()),
        "passages": int((~entries["is_row"]).sum()),
        "rows": int(entries["is_row"].sum()),
        "vectors": len(vectors),
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


def _gather(
    store: Store, ids: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Return owner, start and end of each vector, ``(n, 3)``, and the vectors at unit length, ``(n, d)``."""
    number = {int(key): place for place, key in enumerate(ids)}
    places: list[tuple[int, int, int]] = []
    halves = bytearray()
    for entry, start, end, vector in store.vectors():
        places.append((number[entry], start, end))
        halves += vector
    if not places:
        return np.zeros((0, 3), np.int32), np.zeros((0, 8), np.float32)
    vectors = np.frombuffer(halves, "<f2").reshape(len(places), -1).astype(np.float32)
    vectors /= np.sqrt(np.einsum("nd,nd->n", vectors, vectors))[:, None].clip(1e-9)
    return np.array(places, np.int32), vectors
