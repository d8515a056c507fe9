"""By how much the largest inputs of the encoder's matrices are divided before they are quantised.

Of the inputs of a matrix most are small, and the same few are large for every text. ``data/smoothing.npz``
holds the powers of two for the shipped weights, which ``scripts/smooth_encoder.py`` took from runs in float32
over the reports in ``training``.
"""

from __future__ import annotations

import zipfile
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rapportsvar.errors import ModelDamaged

SHIPPED = Path(str(files("rapportsvar.index.embedding") / "data" / "smoothing.npz"))

_STRENGTH = 0.8
_ORDINARY = 0.5
"""Of the median: what is below it is left as it is."""


def powers_of(largest: NDArray[np.float32]) -> NDArray[np.int8]:
    """From the largest value of each input, ``(inputs,)``, to the powers of two, none below zero."""
    above = np.maximum(largest / max(_ORDINARY * float(np.median(largest)), 1e-12), 1.0)
    powers: NDArray[np.int8] = np.rint(_STRENGTH * np.log2(above)).astype(np.int8)
    return powers


def read_smoothing(path: Path = SHIPPED) -> dict[str, NDArray[np.int8]]:
    """The powers of two by the name of their matrices.

    Raises:
        ModelDamaged: The file cannot be read.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            return {name: np.asarray(file[name], np.int8) for name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ModelDamaged(f"The smoothing cannot be read: {error}", where=str(path)) from error
