"""The cluster: a Dask scheduler that runs, or one of our own on this machine. Dask's errors become ours.

Only here is Dask known, and it is loaded when a cluster is asked for: no other command waits for it.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import re
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from typing import Any

from rapportsvar.errors import (
    ExtraMissing,
    RapportsvarError,
    SettingsError,
    WorkersAway,
    WorkersUnlike,
    WorkersUnusable,
)
from rapportsvar.index.distributed.order import TO_BE_ALIKE, Made
from rapportsvar.index.distributed.task import make

LOCAL = "local"
ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9A-Fa-f:.%]+\]|[^\s/:\[\]]+):\d{1,5}")
PACKAGES = ("dask", "distributed", "cryptography")
MOST_PROCESSES = 4
CONNECT_SECONDS = 10
WORKERS_SECONDS = 60
"""For a worker to be there at the start, where others have started it."""
BACK_SECONDS = 300
"""For one to come back when the last has gone: it is started anew, on a machine that may be busy."""
LOOK_SECONDS = 5
"""Between two looks whether scheduler and workers are there still, while a report is waited for."""
LOOK_AGAIN_SECONDS = 0.1
"""Between two looks whether the first worker is there."""
TO_START = "Starta schemaläggare och arbetsprocesser (se docs/drift.md), eller rätta adressen, och kör igen."
TO_GO_ON = "Se efter vad som hänt med dem och kör igen: det som är beräknat tas över."

_NOT_CONNECTED = (OSError, RuntimeError, ValueError, OverflowError)
"""No answer in time is the first, a port past all ports the last."""

Answer = Made | RapportsvarError
Future = Any
"""Dask's."""


class Killed(Exception):
    """Workers died one after the other while they had a task."""


def check_scheduler(scheduler: str) -> None:
    """Look at what can be said of a scheduler before anything is done.

    Raises:
        SettingsError: It is neither ``local`` nor an address.
        ExtraMissing: The extra ``distributed`` is not installed.
    """
    if scheduler != LOCAL and not ADDRESS.fullmatch(scheduler):
        raise SettingsError(
            f"{scheduler} är ingen adress till en schemaläggare",
            where="--scheduler",
            todo=f"Skriv tcp://värd:port eller tls://värd:port, eller {LOCAL}.",
        )
    if any(find_spec(package) is None for package in PACKAGES):
        raise ExtraMissing(
            "Att läsa in på flera processer eller maskiner kräver Dask",
            where="--scheduler",
            todo='Installera tillägget: pip install "rapportsvar[distributed]".',
        )


class Cluster:
    """A cluster while it is open.

    Args:
        scheduler: Its address, or ``local``.
        processes: Of a cluster on this machine; 0 is one a processor, at most four.
        silent_seconds: So long the scheduler may be silent when it is asked how it stands.
    """

    def __init__(self, scheduler: str, processes: int = 0, silent_seconds: float = 30) -> None:
        check_scheduler(scheduler)
        self.scheduler = scheduler
        self._silent_seconds = silent_seconds
        self._processes = processes or min(MOST_PROCESSES, os.cpu_count() or 1)
        self._open = ExitStack()
        self._prefix = f"rapportsvar-{uuid.uuid4().hex}"
        self._count = 0

    def __enter__(self) -> Cluster:
        """Connect.

        Raises:
            WorkersAway: Nobody answers at the address, or no worker is there.
        """
        self._dask = importlib.import_module("distributed")
        with ExitStack() as stack:
            stack.enter_context(_quiet())
            # Files go to workers as they are: Dask would warn of each that is large.
            told: dict[str, Any] = {"distributed.admin.large-graph-warning-threshold": "1GB"}
            if self.scheduler == LOCAL:  # what Dask tells of its tasks by HTTP, to whoever asks
                told |= {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}
            stack.enter_context(importlib.import_module("dask").config.set(told))
            try:
                self._client = self._connected(stack)
            except (*_NOT_CONNECTED, CancelledError) as failed:
                raise self._away(f"svarar inte ({_told(failed)})", TO_START) from failed
            self._wait_for_workers(BACK_SECONDS if self.scheduler == LOCAL else WORKERS_SECONDS)
            self._open = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def submit(self, terms: bytes, delta: bytes, order: bytes, data: bytes) -> Future:
        """Have one report made.

        Raises:
            WorkersAway: The scheduler is gone.
        """
        self._count += 1
        key = f"{self._prefix}-{self._count}"  # of the content alone, Dask would have to hash every file
        with self._mapped():
            return self._client.submit(make, terms, delta, order, data, key=key, pure=False)

    def answer(self, future: Future) -> Answer:
        """Wait for a report, for as long as there is somebody who makes it.

        Raises:
            Killed: Workers died while they had it.
            WorkersAway: The scheduler is gone, or there have been no workers for a time.
            WorkersUnlike: A worker cannot even take the task.
        """
        last_there = time.monotonic()
        while True:
            try:
                with self._mapped():
                    answer: Answer = future.result(timeout=LOOK_SECONDS)
                    return answer
            except WorkersAway as away:
                if future.status == "error":  # the task's own, such as a full disk
                    raise self._failed(away.__cause__ or away) from away
                if not isinstance(away.__cause__, TimeoutError):
                    raise
            if self.threads():
                last_there = time.monotonic()
            elif time.monotonic() - last_there > BACK_SECONDS:
                raise self._away(f"har haft noll arbetsprocesser i {BACK_SECONDS} s", TO_GO_ON)

    def settle(self, future: Future) -> None:
        """Wait until a task has come to an end, whatever that is.

        Raises:
            WorkersAway: See :meth:`answer`.
        """
        try:
            self.answer(future)
        except WorkersAway:
            raise
        except (Killed, WorkersUnusable):
            return  # told when it is this one's turn

    def threads(self) -> int:
        """Tell how many tasks the workers do at a time.

        Raises:
            WorkersAway: The scheduler does not say so.
        """
        with self._mapped():
            ask = self._client.scheduler.ncores
            found: dict[str, int] = self._client.sync(ask, callback_timeout=self._silent_seconds)
        return sum(found.values())

    def _wait_for_workers(self, seconds: float) -> None:
        """Wait for the first worker. Dask's own wait has no end where the scheduler falls silent in it."""
        until = time.monotonic() + seconds
        while not self.threads():
            if time.monotonic() > until:
                raise self._away(f"har noll arbetsprocesser efter {seconds} s", TO_START)
            time.sleep(LOOK_AGAIN_SECONDS)

    def _connected(self, stack: ExitStack) -> Any:  # noqa: ANN401
        if self.scheduler == LOCAL:
            cluster = stack.enter_context(self._started())
            address, security = cluster.scheduler_address, cluster.security
        else:
            address, security = self.scheduler, self._certified()
        client = _bounded(self._dask.Client)(
            address, security=security, timeout=CONNECT_SECONDS, set_as_default=False, name="rapportsvar"
        )
        stack.callback(self._closed, client)
        return client

    def _certified(self) -> Any:  # noqa: ANN401
        """Return the certificates that Dask's own settings name."""
        security = self._dask.Security()
        is_certified = security.get_connection_args("client").get("ssl_context") is not None
        if self.scheduler.startswith("tls:") and not is_certified:
            todo = "Ange dem för klienten i Dasks inställningar; se docs/drift.md."
            raise self._away("kräver certifikat, och inga är angivna", todo)
        return security

    def _started(self) -> Any:  # noqa: ANN401
        """Start a cluster on this machine.

        Whoever reaches its ports may run what he likes as we: certificates that live in memory keep others
        on this machine out. Nothing is spilled to disk, since Dask does that by pickle.
        """
        return self._dask.LocalCluster(
            n_workers=self._processes,
            threads_per_worker=1,
            processes=True,
            memory_limit=0,
            dashboard_address=None,
            security=True,
            silence_logs=logging.CRITICAL,
            scheduler_kwargs={
                "allowed_failures": 1,  # whoever is blamed is tried alone (``deal.py``)
                "dashboard_address": "127.0.0.1:0",  # without it, Dask takes a port that may be another's
            },
        )

    def _closed(self, client: Any) -> None:  # noqa: ANN401
        with suppress(OSError, RuntimeError, CancelledError):
            client.close(timeout=CONNECT_SECONDS)

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        """Turn errors of Dask into ours."""
        try:
            yield
        except self._dask.KilledWorker as killed:
            raise Killed from killed
        except (CancelledError, OSError) as gone:  # a connection that is closed is an OSError
            raise self._away(f"svarar inte längre ({_told(gone)})", TO_GO_ON) from gone
        except ImportError as missing:
            what = f"En arbetsprocess har inte det som bygget har ({_told(missing)})"
            raise WorkersUnlike(what, where=self.scheduler, todo=TO_BE_ALIKE) from missing
        except Exception as failed:
            if self._client.status != "running":
                raise self._away(f"svarar inte längre ({_told(failed)})", TO_GO_ON) from failed
            raise self._failed(failed) from failed

    def _failed(self, failed: BaseException) -> WorkersUnusable:
        what = f"En arbetsprocess kunde inte göra sin uppgift ({_told(failed)})"
        todo = f"Se efter på den maskinen. {TO_BE_ALIKE}"
        return WorkersUnusable(what, where=self.scheduler, todo=todo)

    def _away(self, why: str, todo: str) -> WorkersAway:
        return WorkersAway(f"Schemaläggaren {why}", where=self.scheduler, todo=todo)


def _bounded(client: Any) -> Any:  # noqa: ANN401
    """Return Dask's client with an end to its connecting.

    Its own bound holds until the port is open: for the greeting of one who takes it and is silent, such as a
    scheduler that hangs, it waits for ever (distributed 2026.8).
    """

    async def connected(self: Any, timeout: float | None = None) -> None:  # noqa: ANN401
        await asyncio.wait_for(client._ensure_connected(self, timeout), timeout)

    return type(client.__name__, (client,), {"_ensure_connected": connected})


def _told(error: BaseException) -> str:
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words}"[:300] if words else type(error).__name__


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask from writing what we tell in a line; of each worker that dies it writes a page."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado", "asyncio")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
