"""What a worker does: a report's bytes become a report, read, analysed and embedded.

Nothing here knows of Dask. A file is read and analysed in a process apart as in a build without workers
(``apart.py``): what a file makes its reader do ends that process, not the worker.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from queue import Empty, SimpleQueue

from rapportsvar import __version__
from rapportsvar.errors import RapportsvarError, ReadingError
from rapportsvar.index.analysis import texts_to_embed
from rapportsvar.index.apart import Apart, Asked
from rapportsvar.index.distributed.order import Made, Order, Terms, unlike, unpack_order, unpack_terms
from rapportsvar.index.embedding.base import Encoder
from rapportsvar.index.embedding.load import load_encoder
from rapportsvar.index.fresh import Fresh
from rapportsvar.index.manifest import code_fingerprint
from rapportsvar.index.store import embedding_key, half_precision
from rapportsvar.index.summary import BuildSummary
from rapportsvar.reading.pdf.ocr import can_read_pictures

_one_at_a_time = threading.Lock()
"""Threads of a worker that begin together load one encoder, not one each."""


def make(terms: bytes, delta: bytes, order: bytes, data: bytes) -> Made | RapportsvarError:
    """Make one report. An error of ours is returned: Dask would try a task that raises again elsewhere.

    Args:
        terms: What it is made by; see ``order.py``.
        delta: Low-rank changes of the encoder's weights; empty for none.
        order: Which report.
        data: The bytes of its file.
    """
    try:
        with _one_at_a_time:
            desk = _desk(terms, delta)
        return desk.make(unpack_order(order), data)
    except RapportsvarError as error:
        return error


def here() -> dict[str, object]:
    """Return what must be the same on a worker as in the build."""
    return {
        "version": __version__,
        "fingerprint": code_fingerprint(),
        "pictures": can_read_pictures(),
    }


class Desk:
    """What a worker keeps from one report to the next.

    Args:
        terms: What reports are made by.
        delta: Changes of the encoder's weights.

    Raises:
        WorkersUnlike: The encoder here is another.
        ModelError: The encoder cannot be used.
    """

    def __init__(self, terms: Terms, delta: bytes) -> None:
        self._free: SimpleQueue[Apart] = SimpleQueue()
        self._terms = terms
        self._encoder = _encoder(terms.model, delta)
        if self._encoder.name != terms.encoder:
            raise unlike("språkmodellen", terms.encoder, self._encoder.name)

    def __del__(self) -> None:
        """Only when no thread makes a report by it any more are its readers ended."""
        while True:
            try:
                self._free.get_nowait().__exit__(None, None, None)
            except Empty:
                return

    def make(self, order: Order, data: bytes) -> Made:
        """Read, analyse and embed one report.

        Raises:
            ReadingError: It cannot be read.
            ReaderNotStarted: No process could be started to read it.
        """
        summary = BuildSummary()
        fresh = self._fresh(order, data)
        summary.add(fresh.seconds)
        name = self._encoder.name
        by_key = {embedding_key(name, text): text for text in texts_to_embed(fresh.analysed)}
        missing = {key: text for key, text in by_key.items() if key not in order.known}
        with summary.stage("embedding"):
            vectors = half_precision(self._encoder.encode_passages(list(missing.values())))
        return Made(fresh, tuple(by_key), dict(zip(missing, vectors, strict=True)), summary.seconds)

    def _fresh(self, order: Order, data: bytes) -> Fresh:
        with tempfile.TemporaryDirectory(prefix="rapportsvar-") as aside, self._apart() as apart:
            path = Path(aside) / f"report{order.suffix}"
            path.write_bytes(data)
            (fresh,) = apart.make([Asked(path, order.name, order.corrections, self._terms.mask)])
        if isinstance(fresh, ReadingError):
            raise fresh
        return fresh

    @contextmanager
    def _apart(self) -> Iterator[Apart]:
        """Lend a process that reads to a thread; one is started where none is free."""
        try:
            apart = self._free.get_nowait()
        except Empty:
            apart = Apart(replace(self._terms.reading, processes=1), self._terms.size)
        try:
            yield apart
        finally:
            self._free.put(apart)


@lru_cache(maxsize=2)
def _desk(terms: bytes, delta: bytes) -> Desk:
    return Desk(unpack_terms(terms, here()), delta)


def _encoder(model: str, delta: bytes) -> Encoder:
    """Load an encoder of one thread: a worker has as many tasks as it is given processors."""
    if not delta:
        return load_encoder(model, 1)
    with tempfile.TemporaryDirectory(prefix="rapportsvar-") as aside:
        path = Path(aside) / "encoder.npz"
        path.write_bytes(delta)
        return load_encoder(model, 1, delta=path)
