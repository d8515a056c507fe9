"""multilingual-e5-small on onnxruntime: one text a run, as many runs side by side as there are threads."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import groupby
from operator import attrgetter

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from rapportsvar.errors import ModelDamaged
from rapportsvar.index.embedding.base import CountProgress, TextSpan, Vectors
from rapportsvar.index.embedding.prepared import Prepared
from rapportsvar.index.embedding.tokenizer import Tokenizer

PASSAGE_PREFIX = "passage: "
QUESTION_PREFIX = "query: "

ort.disable_telemetry_events()  # on Windows; elsewhere see ``rapportsvar/__init__.py``
_TEXTS_AT_ONCE = 1024
"""Texts tokenised and handed to the threads together; bounds memory and paces the progress."""
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
        return self.encode_spans([TextSpan.whole(text) for text in texts], progress=progress)

    def encode_spans(self, spans: Sequence[TextSpan], *, progress: CountProgress | None = None) -> Vectors:
        """See ``Encoder``; memory beyond the result is that of 1,024 texts.

        A text is read once. The vector of a part is the mean of the states of its own tokens, which have read
        the whole ("late chunking", Günther et al. 2024). What does not fit among ``max_tokens`` of its
        text is read by itself.
        """
        vectors = np.empty((len(spans), self.dimensions), np.float32)
        texts = [list(some) for _, some in groupby(spans, attrgetter("text"))]
        done = 0
        with ThreadPoolExecutor(self._threads) as pool:
            for start in range(0, len(texts), _TEXTS_AT_ONCE):
                for found in self._side_by_side(pool, texts[start : start + _TEXTS_AT_ONCE]):
                    vectors[done : done + len(found)] = found
                    done += len(found)
                if progress is not None:
                    progress(done, len(spans))
        return vectors

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder``; one after the other, each as fast as it goes."""
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            row[:] = self._vector(self._for_a_question, self._ids(QUESTION_PREFIX + text))
        return vectors

    def _side_by_side(
        self, pool: ThreadPoolExecutor, texts: Sequence[Sequence[TextSpan]]
    ) -> Iterable[NDArray[np.float32]]:
        """Return the vectors of the parts of each text, ``(parts, d)``, in the order of the texts."""
        session = self._for_passages
        ids = [self._ids(PASSAGE_PREFIX + spans[0].text) for spans in texts]
        # The longest first, so that no thread is left with a long text when the others are done.
        order = sorted(range(len(ids)), key=lambda place: -len(ids[place]))
        done = dict(
            zip(order, pool.map(lambda at: self._of_spans(session, ids[at], texts[at]), order), strict=True)
        )
        return (done[place] for place in range(len(texts)))

    def _of_spans(
        self, session: ort.InferenceSession, ids: NDArray[np.int64], spans: Sequence[TextSpan]
    ) -> NDArray[np.float32]:
        """Read a text once; return the vector of each of its parts."""
        if all(span.is_whole for span in spans):
            return np.repeat(self._vector(session, ids)[None], len(spans), axis=0)
        vector, states = session.run(["vector", "last_hidden_state"], self._given(ids))
        before = len(PASSAGE_PREFIX)
        tokens = self._tokenizer.tokens_of(
            PASSAGE_PREFIX + spans[0].text, [(before + span.start, before + span.end) for span in spans]
        )
        last = len(ids) - 1  # the mark of the end
        vectors = np.empty((len(spans), self.dimensions), np.float32)
        for row, span, (first, end) in zip(vectors, spans, tokens, strict=True):
            if span.is_whole:
                row[:] = vector[0]
            elif first < end <= last:
                mean = states[0, first:end].mean(axis=0)
                row[:] = mean / max(float(np.linalg.norm(mean)), 1e-12)
            else:
                row[:] = self._vector(session, self._ids(PASSAGE_PREFIX + span.words))
        return vectors

    def _ids(self, text: str) -> NDArray[np.int64]:
        return np.array(self._tokenizer.ids(text, self.max_tokens), np.int64)

    def _vector(self, session: ort.InferenceSession, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = session.run(["vector"], self._given(ids))[0][0]
        return vector

    def _given(self, ids: NDArray[np.int64]) -> dict[str, NDArray[np.float32]]:
        return {"rows": self._weights.words(ids)[None]}

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
