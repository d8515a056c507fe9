"""Placed words as bytes: what the store keeps of where each word stands.

Arrays are kept as differences from word to word, which compress well; boxes in twentieths of a point.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from rapportsvar.model import PlacedWords

_STEP = 20.0
_COLUMNS = 7


def pack(words: PlacedWords) -> bytes:
    """Return placed words as compressed bytes; boxes lose less than a fortieth of a point."""
    table = np.empty((_COLUMNS, len(words.starts)), np.int32)
    table[0] = words.starts
    table[1] = words.ends - words.starts
    table[2] = words.pages
    table[3:] = np.rint(words.boxes.T * _STEP)
    table[5] -= table[3]
    table[6] -= table[4]
    differences = np.diff(table, axis=1, prepend=np.int32(0)).astype("<i4")
    # Bytes of like weight side by side: most high bytes are 0.
    planes = differences.reshape(-1, 1).view(np.uint8).T.tobytes()
    return zlib.compress(planes, 6)


def unpack(content: bytes) -> PlacedWords:
    """Return what :func:`pack` was given.

    Raises:
        ValueError: The bytes are not what it gave.
    """
    try:
        planes = np.frombuffer(zlib.decompress(content), np.uint8)
    except zlib.error as bad:
        raise ValueError(f"placed words cannot be unpacked: {bad}") from bad
    differences = np.ascontiguousarray(planes.reshape(4, -1).T).view("<i4").reshape(_COLUMNS, -1)
    table: NDArray[np.int32] = np.cumsum(differences, axis=1, dtype=np.int32)
    table[5] += table[3]
    table[6] += table[4]
    boxes = np.ascontiguousarray((table[3:] / np.float32(_STEP)).T.astype(np.float32))
    return PlacedWords(table[0], table[0] + table[1], table[2], boxes)
