"""From the setting ``embedding.model`` to an encoder."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from rapportsvar.index.embedding.base import Encoder, HashEncoder, Talk
from rapportsvar.index.embedding.engine import E5Encoder
from rapportsvar.index.embedding.prepared import prepare
from rapportsvar.index.embedding.sentence_transformers_door import SentenceTransformersEncoder
from rapportsvar.index.embedding.weights import wheel_weights

SHIPPED = "e5-small"
PLAIN = "e5-small-plain"
GENRE = Path(str(files("rapportsvar.index.embedding") / "data" / "genre.npz"))
HASH = "hash"


def load_encoder(
    name_or_path: str = SHIPPED,
    threads: int | None = None,
    *,
    delta: Path | None = None,
    progress: Talk | None = None,
) -> Encoder:
    """The encoder of this name.

    Args:
        name_or_path: "e5-small" is the one that comes with the installation, adapted to the genre;
            "e5-small-plain" the same before it was adapted; "hash" the twin for tests;
            anything else is a name or folder that sentence-transformers knows.
        threads: Passages encoded at once; None or 0 takes all processors.
        delta: Low-rank changes of the shipped weights.
        progress: Is told when a model has to be prepared, which happens once.

    Raises:
        ModelDamaged: The weights or the prepared model are not what they should be.
        ModelUnwritable: The prepared model cannot be written.
        ExtraMissing: The model needs sentence-transformers, which is not installed.
    """
    if name_or_path == HASH:
        return HashEncoder()
    if name_or_path in (SHIPPED, PLAIN):
        change = delta or (GENRE if name_or_path == SHIPPED else None)
        return E5Encoder(prepare(wheel_weights(), change, progress=progress), threads)
    return SentenceTransformersEncoder(name_or_path, threads)
