"""The encoder that the settings name, at once or when it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from weakref import WeakValueDictionary

from rapportsvar.config import Settings
from rapportsvar.index.embedding.base import CountProgress, Encoder, Vectors
from rapportsvar.index.embedding.engine import E5Encoder
from rapportsvar.index.embedding.load import GENRE, PLAIN, SHIPPED, load_encoder
from rapportsvar.index.embedding.prepared import Prepared, prepare
from rapportsvar.index.embedding.weights import wheel_weights

Talk = Callable[[str], None]
DELTAS: Mapping[str, Path | None] = {SHIPPED: GENRE, PLAIN: None}
"""What ``load_encoder`` changes in the weights, by name."""
_shared: WeakValueDictionary[tuple[str, int | None], Encoder] = WeakValueDictionary()
"""By the name of what was prepared, which has the hashes of weights and changes in it, and threads."""
_loading = Lock()


def encoder_of(settings: Settings, talk: Talk | None, delta: Path | None = None) -> Encoder:
    """Load the encoder that the settings name, with the changes ``delta`` in place of its own.

    Whatever is open in a process shares one encoder of a model that comes with the installation: a hundred
    megabytes, and most of the time that opening a new generation of an index takes.
    """
    name, threads = settings.embedding.model, settings.embedding.threads or None
    prepared = prepared_model(name, talk, delta)
    if prepared is None:
        return load_encoder(name, threads)
    with _loading:
        shared = _shared.get((prepared.name, threads))
        if shared is None:
            shared = _shared[prepared.name, threads] = E5Encoder(prepared, threads)
        return shared


def prepared_model(name: str, talk: Talk | None = None, delta: Path | None = None) -> Prepared | None:
    """Prepare a model whose weights come with the installation, without loading it; None for others.

    ``delta``: changes in place of its own.

    Raises:
        ModelError: The weights are damaged, or the prepared model cannot be written.
    """
    if name not in DELTAS:
        return None
    return prepare(wheel_weights(), delta or DELTAS[name], progress=talk)


class LateEncoder:
    """The encoder of the settings, loaded when it is used: a build that changes nothing asks its name."""

    def __init__(self, settings: Settings, talk: Talk | None, delta: Path | None = None) -> None:
        self._settings = settings
        self._talk = talk
        self._delta = delta

    @cached_property
    def _encoder(self) -> Encoder:
        return encoder_of(self._settings, self._talk, self._delta)

    @cached_property
    def name(self) -> str:
        """See ``Encoder``."""
        prepared = prepared_model(self._settings.embedding.model, self._talk, self._delta)
        return prepared.name if prepared else self._encoder.name

    @property
    def dimensions(self) -> int:
        """See ``Encoder``."""
        return self._encoder.dimensions

    @property
    def max_tokens(self) -> int:
        """See ``Encoder``."""
        return self._encoder.max_tokens

    def encode_passages(self, texts: Sequence[str], *, progress: CountProgress | None = None) -> Vectors:
        """See ``Encoder``."""
        return self._encoder.encode_passages(texts, progress=progress)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder``."""
        return self._encoder.encode_questions(texts)
