"""The file of low-rank changes: an npz of ``<matrix>.left`` and ``<matrix>.right`` in half precision.

The changes of an index lie in its generation as ``encoder.npz``, so that the manifest holds their hash like
that of every other file, and one generation never mixes with the encoder of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rapportsvar.errors import IndexDamaged
from rapportsvar.index.embedding.weights import LowRank
from rapportsvar.index.manifest import DELTA, Manifest, sha256_of

TO_REMOVE = "Build it again with: rapportsvar index --no-adapt, or --adapt"


def write_delta(path: Path, changes: Mapping[str, LowRank]) -> None:
    """Write changes as half-precision arrays."""
    arrays: dict[str, NDArray[np.float16]] = {}
    for name, change in sorted(changes.items()):
        arrays[f"{name}.left"] = change.left.astype(np.float16)
        arrays[f"{name}.right"] = change.right.astype(np.float16)
    with path.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)


def joined(before: Mapping[str, LowRank], after: Mapping[str, LowRank]) -> dict[str, LowRank]:
    """Return changes that do what two do one after the other: their sum, as one of higher rank."""
    made = {**before, **after}
    for name in before.keys() & after.keys():
        made[name] = LowRank(
            np.concatenate([before[name].left, after[name].left], axis=1),
            np.concatenate([before[name].right, after[name].right], axis=0),
        )
    return made


def delta_of(folder: Path, manifest: Manifest, model: str) -> Path | None:
    """Return the changes that an index brings for the model that the settings name; None where it has none.

    Raises:
        IndexDamaged: They are not what was written.
    """
    described = manifest.files.get(DELTA)
    if described is None or manifest.settings.get("embedding", {}).get("model") != model:
        return None
    path = folder / manifest.generation / DELTA
    try:
        sound = sha256_of(path) == described[1]
    except OSError:
        sound = False
    if not sound:
        what = "The encoder's changes in the index are not what was written"
        raise IndexDamaged(what, where=str(path), todo=TO_REMOVE)
    return path
