"""The catalogue: the numbers of a report's entries, which every reader has in memory.

About 100 bytes an entry: which it is, where it stands, its traits, where its vectors' words stand, how many
terms it has. Kept as one blob a report, so that a generation is made of those of its reports, in their
order.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rapportsvar.index.derive import ENTRY_TYPE

Wide = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Numbers of entries, of one report or of many.

    Attributes:
        entries: ``(n,)`` structured, as in :class:`~rapportsvar.index.opened.OpenIndex`.
        traits: ``(n, t) float32``.
        places: Owner, start and end of each vector, ``(v, 3) int32``.
        lengths: How many terms each entry has in each field, at least 1, ``(n, fields) int32``.
        whole: For a field the numbers of the terms of all entries that are no parts, and where those of each
            entry begin: ``(m,) uint32`` and ``(n + 1,) int64``.
    """

    entries: npt.NDArray[np.void]
    traits: npt.NDArray[np.float32]
    places: npt.NDArray[np.int32]
    lengths: npt.NDArray[np.int32]
    whole: Mapping[str, tuple[npt.NDArray[np.uint32], Wide]]


def to_bytes(catalogue: Catalogue) -> bytes:
    """Return a catalogue as an archive of arrays."""
    stream = io.BytesIO()
    arrays = {name: getattr(catalogue, name) for name in ("entries", "traits", "places", "lengths")}
    for name, (terms, starts) in catalogue.whole.items():
        arrays |= {f"{name}_terms": terms, f"{name}_starts": starts}
    np.savez(stream, **arrays)
    return stream.getvalue()


def from_bytes(content: bytes) -> Catalogue:
    """Return what :func:`to_bytes` was given."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        fields = [name.removesuffix("_terms") for name in arrays.files if name.endswith("_terms")]
        whole = {name: (arrays[f"{name}_terms"], arrays[f"{name}_starts"]) for name in fields}
        return Catalogue(arrays["entries"], arrays["traits"], arrays["places"], arrays["lengths"], whole)


def joined(several: Sequence[Catalogue], rarities: Mapping[str, npt.NDArray[np.float32]]) -> Joined:
    """Put catalogues behind each other.

    Args:
        several: In order.
        rarities: For a field the rarity of each term by its number, 0 for parts.
    """
    if not several:
        nothing = np.zeros(0, ENTRY_TYPE)
        empty = {name: np.zeros(0, np.float32) for name in rarities}
        return Joined(
            nothing,
            np.zeros((0, 1), np.float32),
            np.zeros((0, 3), np.int32),
            np.zeros((0, 3), np.int32),
            empty,
        )
    places, first = [], 0
    for each in several:
        places.append(each.places + np.array([first, 0, 0], np.int32))
        first += len(each.entries)
    return Joined(
        np.concatenate([each.entries for each in several]),
        np.concatenate([each.traits for each in several]),
        np.concatenate(places),
        np.concatenate([each.lengths for each in several]),
        {
            name: np.concatenate([_mass(c, name, rarity) for c in several])
            for name, rarity in rarities.items()
        },
    )


@dataclass(frozen=True, slots=True)
class Joined:
    """Several catalogues in one. ``mass``: summed rarity of each entry's whole words, for a field."""

    entries: npt.NDArray[np.void]
    traits: npt.NDArray[np.float32]
    places: npt.NDArray[np.int32]
    lengths: npt.NDArray[np.int32]
    mass: Mapping[str, npt.NDArray[np.float32]]


def _mass(each: Catalogue, field: str, rarity: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    terms, starts = each.whole[field]
    owners = np.repeat(np.arange(len(each.entries)), np.diff(starts))
    return np.bincount(owners, rarity[terms], len(each.entries)).astype(np.float32)
