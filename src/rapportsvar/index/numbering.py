"""From places in one layer of an index to places in the whole: what is taken out of a layer has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

N = TypeVar("N", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Numbering:
    """The entries (or vectors) of one layer among all.

    Attributes:
        first: The place of its first in the whole.
        count: How many of it are left.
        is_live: Which are left, ``(n,) bool``.
        shifted: The place of each in the whole, ``(n,) int32``; None where all are left.
    """

    first: int
    count: int
    is_live: npt.NDArray[np.bool_]
    shifted: npt.NDArray[np.int32] | None

    @classmethod
    def of(cls, is_live: npt.NDArray[np.bool_], first: int) -> Numbering:
        """Number those that are left, from ``first`` on."""
        count = int(is_live.sum())
        shifted = None if count == len(is_live) else (np.cumsum(is_live) - 1 + first).astype(np.int32)
        return cls(first, count, is_live, shifted)

    @property
    def is_whole(self) -> bool:
        """Nothing is taken out."""
        return self.shifted is None

    def kept(self, values: npt.NDArray[N]) -> npt.NDArray[N]:
        """Return those of ``(n, ...)`` values that are left."""
        return values if self.shifted is None else values[self.is_live]

    def live(
        self, entries: npt.NDArray[np.int32], beside: npt.NDArray[N]
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[N]]:
        """Leave out what is taken out, from places in the layer and from what stands beside them."""
        if self.shifted is None:
            return entries, beside
        left = self.is_live[entries]
        return entries[left], beside[left]

    def places(self, entries: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
        """Turn places in the layer, of what is left, into places in the whole."""
        if self.shifted is None:
            return np.asarray(entries + np.int32(self.first), np.int32)
        places: npt.NDArray[np.int32] = self.shifted[entries]
        return places

    def inside(self, places: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        """Turn places in the whole, all in this layer, into places in the layer."""
        if self.shifted is None:
            return np.asarray(places, np.int64) - self.first
        # What is taken out has the number of the one before it, so that the leftmost of a number is the one.
        return np.searchsorted(self.shifted, np.asarray(places, np.int32), side="left")
