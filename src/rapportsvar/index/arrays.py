"""Arrays of an index, mapped from disk."""

from __future__ import annotations

import mmap
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
import numpy.typing as npt


def mapped(path: Path) -> npt.NDArray[Any]:
    """Map an array from disk, to be read only.

    Raises:
        OSError: It is not there, or cannot be read.
        ValueError: The file is no array. Its head is written as Python, and numpy parses it: a bit that
            changed there may end in an error of the parser, which is none of these.
    """
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (SyntaxError, TokenError) as bad:
        raise ValueError(f"{path.name} is no array: {bad}") from bad


def let_go(array: npt.NDArray[Any]) -> None:
    """Give back the memory that a mapped array took when it was read; it can be read again.

    What is mapped is given back where memory is short, but until then it counts as held.
    """
    held: object = array
    while isinstance(held, np.ndarray):
        held = held.base
    if isinstance(held, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        held.madvise(mmap.MADV_DONTNEED)
