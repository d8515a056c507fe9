"""Dealing out reports: a few ahead of the one that is waited for, in order, and none lost with its worker."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from rapportsvar.errors import ReaderFailed, ReadingError
from rapportsvar.index.distributed.cluster import Answer, Cluster, Future, Killed
from rapportsvar.index.distributed.order import Order, pack_order
from rapportsvar.reading.base import read_bytes

AHEAD = 3
"""Reports for each thread of the workers that are out at a time, at most."""
AHEAD_BYTES = 256_000_000
"""Of all that are out: workers have no folder in common with us, so files go with their tasks."""
SENT_BYTES_MAX = 64_000_000
"""Of one file; a larger one is read at home."""


@dataclass(slots=True)
class _Sent:
    """A report that is out, or what is known of it without a worker."""

    order: Order
    data: bytes = field(default=b"", repr=False)
    future: Future = None
    answer: ReadingError | None = None


class Dealer:
    """Deals out reports to a cluster.

    Args:
        cluster: Open.
        terms: What reports are made by; see ``order.py``.
        delta: Changes of the encoder's weights.
    """

    def __init__(self, cluster: Cluster, terms: bytes, delta: bytes) -> None:
        self._cluster = cluster
        self._terms = terms
        self._delta = delta
        self._out: deque[_Sent] = deque()

    def deal(self, orders: Iterable[tuple[Order, Path]]) -> Generator[Answer | None]:
        """Yield for each order, in order, what came of it; None where its file is too large to be sent.

        Raises:
            WorkersUnusable: The cluster cannot go on.
        """
        for order, path in orders:
            sent = self._look(order, path)
            while self._out and self._is_full(len(sent.data)):
                yield self._next()
            if sent.data:
                sent.future = self._send(sent)
            self._out.append(sent)
        while self._out:
            yield self._next()

    def _look(self, order: Order, path: Path) -> _Sent:
        try:
            data = read_bytes(path, order.name)
        except ReadingError as unreadable:
            return _Sent(order, answer=unreadable)
        return _Sent(order, data) if len(data) <= SENT_BYTES_MAX else _Sent(order)

    def _is_full(self, more_bytes: int) -> bool:
        out_bytes = sum(len(sent.data) for sent in self._out)
        return out_bytes + more_bytes > AHEAD_BYTES or len(self._out) >= AHEAD * max(
            1, self._cluster.threads()
        )

    def _send(self, sent: _Sent) -> Future:
        return self._cluster.submit(self._terms, self._delta, pack_order(sent.order), sent.data)

    def _next(self) -> Answer | None:
        sent = self._out.popleft()
        if sent.future is None:
            return sent.answer
        try:
            return self._cluster.answer(sent.future)
        except Killed:
            return self._alone(sent)

    def _alone(self, sent: _Sent) -> Answer:
        """Make a report once more with nothing beside it.

        Dask blames all that a worker had when it died; which of them did it shows when one dies of it alone.
        """
        for other in self._out:
            if other.future is not None:
                self._cluster.settle(other.future)
        try:
            return self._cluster.answer(self._send(sent))
        except Killed:
            return ReaderFailed(
                "Rapporten avslutade varje arbetsprocess som fick den",
                where=sent.order.name,
                todo="Spara om den, eller spara den i ett annat format.",
            )
