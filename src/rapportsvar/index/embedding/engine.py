"""multilingual-e5-small on onnxruntime: one text a run, as many runs side by side as there are threads."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from rapportsvar.errors import ModelDamaged
from rapportsvar.index.embedding.base import CountProgress, Vectors
from rapportsvar.index.embedding.prepared import Prepared
from rapportsvar.index.embedding.tokenizer import Tokenizer

PASSAGE_PREFIX = "passage: "
QUESTION_PREFIX = "query: "

ort.disable_telemetry_events()  # on Windows; elsewhere see ``rapportsvar/__init__.py``
_TEXTS_AT_ONCE = 1024
"""Texts handed to the threads together; paces the progress."""
_QUESTION_THREADS = 4
"""A question has a dozen tokens: more threads than this wait for each other."""


class E5Encoder:
    """The shipped encoder.

    Args:
        prepared: The model, prepared.
        threads: Passages encoded at once; None takes one for each processor that this process may use.
    """

    def __init__(self, prepared: Prepared, threads: int | None = None) -> None:
        weights = prepared.read_weights()
        self.name = prepared.name
        self.dimensions = weights.architecture.hidden
        self.max_tokens = weights.architecture.max_tokens
        self._prepared = prepared
        self._weights = weights
        self._tokenizer = Tokenizer(weights.vocabulary)
        self._threads = threads or _processors()

    def encode_passages(self, texts: Sequence[str], *, progress: CountProgress | None = None) -> Vectors:
        """See ``Encoder``; memory beyond the result is that of 1,024 texts."""
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        with ThreadPoolExecutor(self._threads) as pool:
            for start in range(0, len(texts), _TEXTS_AT_ONCE):
                some = texts[start : start + _TEXTS_AT_ONCE]
                vectors[start : start + len(some)] = self._side_by_side(pool, some)
                if progress is not None:
                    progress(start + len(some), len(texts))
        return vectors

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder``; one after the other, each as fast as it goes."""
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            row[:] = self._run(self._for_a_question, self._ids(QUESTION_PREFIX + text))
        return vectors

    def _side_by_side(self, pool: ThreadPoolExecutor, texts: Sequence[str]) -> NDArray[np.float32]:
        session = self._for_passages
        vectors = np.empty((len(texts), self.dimensions), np.float32)

        def encode(place: int) -> None:
            vectors[place] = self._run(session, self._ids(PASSAGE_PREFIX + texts[place]))

        # The longest first, so that no thread is left with a long text when the others are done.
        for _ in pool.map(encode, sorted(range(len(texts)), key=lambda place: -len(texts[place]))):
            pass  # an error of a thread is raised here
        return vectors

    def _ids(self, text: str) -> NDArray[np.int64]:
        return np.array(self._tokenizer.ids(text, self.max_tokens), np.int64)

    def _run(self, session: ort.InferenceSession, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = session.run(None, {"rows": self._weights.words(ids)[None]})[0][0]
        return vector

    @cached_property
    def _for_passages(self) -> ort.InferenceSession:
        return self._session(threads=1)

    @cached_property
    def _for_a_question(self) -> ort.InferenceSession:
        return self._session(threads=min(self._threads, _QUESTION_THREADS))

    def _session(self, threads: int) -> ort.InferenceSession:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # made for one length; every text has another
        options.log_severity_level = 3
        try:
            return ort.InferenceSession(
                str(self._prepared.model), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's errors have no common class of their own
            todo = f"Remove {self._prepared.folder}; it is made again at the next start."
            raise ModelDamaged(
                f"The prepared model cannot be loaded: {error}", where=str(self._prepared.model), todo=todo
            ) from error


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1
