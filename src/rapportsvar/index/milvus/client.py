"""The connection to Milvus: calls that end within a bound, and errors of ours in place of its own."""

from __future__ import annotations

import importlib
import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rapportsvar.config import IndexSettings
from rapportsvar.errors import ExtraMissing, IndexAway, IndexBusy, IndexUnusable
from rapportsvar.index.milvus.schema import (
    COLLECTIONS,
    ENTRIES,
    HEADS,
    MOST_FOUND,
    UNUSED,
    VECTORS,
    Row,
    Sparse,
    make_schema,
)

TOKEN = "RAPPORTSVAR_MILVUS_TOKEN"
ROWS_AT_ONCE = 500
CHARS_AT_ONCE = 8_000_000
"""A message to Milvus may hold 64 MB; a row of ours at most 64 kB of text."""

PAUSE_SECONDS = 0.25
PAUSE_SECONDS_MAX = 4.0
KEEPALIVE_MS = 330_000
"""pymilvus asks every ten seconds whether the server is there. That of Milvus Lite lets nobody ask more often
than every five minutes: it breaks the connection off, in the middle of a long call."""
NOT_CONNECTED = 2
"""Milvus' own number for a connection that cannot be made."""

Found = list[list[tuple[int, float]]]


class Milvus:
    """One index's collections in one database. Safe to share between threads.

    Args:
        settings: Where it is, and how long a call may be tried.

    Raises:
        ExtraMissing: The extra ``milvus`` is not installed.
        IndexAway: The database does not answer.
        IndexBusy: The file of Milvus Lite is held by another process.
    """

    def __init__(self, settings: IndexSettings) -> None:
        self.settings = settings
        self._api = _library(settings)
        self._grpc = importlib.import_module("grpc")  # pymilvus stands on it
        self._seconds = float(settings.seconds_max)
        self._is_loaded = False
        with self._mapped(), _quiet():
            self._client = self._connected(time.monotonic() + self._seconds)

    def _connected(self, until: float) -> Any:  # noqa: ANN401
        """Connect; pymilvus tries calls again, but a first connection that is refused only once."""
        pause = PAUSE_SECONDS
        while True:
            try:
                return self._api.MilvusClient(
                    uri=self.settings.uri,
                    token=os.environ.get(TOKEN, ""),
                    timeout=self._seconds,
                    grpc_options={"grpc.keepalive_time_ms": KEEPALIVE_MS},
                )
            except self._api.MilvusException as refused:
                if not self._is_away(refused) or time.monotonic() + pause > until:
                    raise
            time.sleep(pause)
            pause = min(2 * pause, PAUSE_SECONDS_MAX)

    @property
    def where(self) -> str:
        """The address, for messages."""
        return f"{self.settings.uri}, {self.settings.collections}"

    def close(self) -> None:
        """Close the connection."""
        with suppress(self._api.MilvusException):
            self._client.close()

    def is_there(self) -> bool:
        """Tell whether the index has been made; where it has, it is made ready to be asked."""
        with self._mapped():
            there = bool(self._client.has_collection(self._name(HEADS), timeout=self._seconds))
            if there and not self._is_loaded:
                for name in COLLECTIONS:
                    self._client.load_collection(self._name(name), timeout=self._seconds)
                self._is_loaded = True
            return there

    def make(self, dimensions: int) -> None:
        """Make the collections that are not there yet; ``heads`` last, by which the index is known."""
        with self._mapped():
            for name in reversed(COLLECTIONS):
                if not self._client.has_collection(self._name(name), timeout=self._seconds):
                    schema, indexes = make_schema(self._api, name, dimensions)
                    self._client.create_collection(
                        self._name(name),
                        schema=schema,
                        consistency_level="Strong",  # who opens a generation must find all rows of it
                        timeout=self._seconds,
                    )
                    # Waiting for an index asks for a timestamp, which Milvus Lite does not know of.
                    self._client.create_index(self._name(name), indexes, timeout=self._seconds, sync=False)
                    self._client.load_collection(self._name(name), timeout=self._seconds)

    def dimensions(self) -> int:
        """Return the number of dimensions that the collection of vectors was made for."""
        with self._mapped():
            told = self._client.describe_collection(self._name(VECTORS), timeout=self._seconds)
        return int(next(f["params"]["dim"] for f in told["fields"] if f["name"] == "vector"))

    def drop(self) -> None:
        """Take all collections away."""
        with self._mapped():
            for name in COLLECTIONS:
                self._client.drop_collection(self._name(name), timeout=self._seconds)

    def insert(self, name: str, rows: Sequence[Row]) -> None:
        """Write rows."""
        for some in _batches(rows):
            if name not in (ENTRIES, VECTORS):
                some = [{**row, "unused": UNUSED} for row in some]
            with self._mapped():
                self._client.insert(self._name(name), some, timeout=self._seconds)

    def put(self, name: str, row: Row) -> None:
        """Write a row of heads in place of the one with its id, if there is one."""
        with self._mapped():
            self._client.upsert(self._name(name), [{**row, "unused": UNUSED}], timeout=self._seconds)

    def flush(self) -> None:
        """Have what is searched put to disk and indexed; all else is found as well without."""
        with self._mapped():
            for name in (ENTRIES, VECTORS):
                self._client.flush(self._name(name), timeout=max(self._seconds, 600.0))

    def query(self, name: str, where: str, fields: Sequence[str]) -> list[Row]:
        """Return at most ``MOST_FOUND`` rows that a filter lets through."""
        with self._mapped():
            return list(
                self._client.query(
                    self._name(name),
                    filter=where,
                    output_fields=list(fields),
                    limit=MOST_FOUND,
                    timeout=self._seconds,
                )
            )

    def count(self, name: str, where: str) -> int:
        """Count the rows that a filter lets through."""
        with self._mapped():
            (told,) = self._client.query(
                self._name(name), filter=where, output_fields=["count(*)"], timeout=self._seconds
            )
        return int(told["count(*)"])

    def get(self, name: str, numbers: Sequence[int], fields: Sequence[str]) -> list[Row]:
        """Return rows by number, in any order; those that are not there are left out."""
        rows: list[Row] = []
        for first in range(0, len(numbers), ROWS_AT_ONCE):
            with self._mapped():
                rows += self._client.get(
                    self._name(name),
                    ids=list(numbers[first : first + ROWS_AT_ONCE]),
                    output_fields=list(fields),
                    timeout=self._seconds,
                )
        return rows

    def search(
        self,
        name: str,
        field: str,
        vectors: Sequence[Sparse] | Sequence[Sequence[float]],
        *,
        count: int,
        where: str = "",
    ) -> Found:
        """Return number and inner product of the nearest rows to each vector, best first."""
        with self._mapped():
            found = self._client.search(
                self._name(name),
                data=list(vectors),
                anns_field=field,
                filter=where,
                limit=min(count, MOST_FOUND),
                output_fields=["id"],
                search_params={"metric_type": "IP"},
                timeout=self._seconds,
            )
        return [[(int(hit["id"]), float(hit["distance"])) for hit in hits] for hits in found]

    def delete(self, name: str, where: str) -> None:
        """Take out the rows that a filter lets through."""
        with self._mapped():
            self._client.delete(self._name(name), filter=where, timeout=self._seconds)

    def _name(self, name: str) -> str:
        return f"{self.settings.collections}_{name}"

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        """Turn errors of pymilvus, which has tried again for as long as it may, into ours."""
        try:
            yield
        except (self._api.MilvusException, self._grpc.RpcError) as failed:
            raise self._error(failed) from failed

    def _is_away(self, failed: Exception) -> bool:
        """Tell whether it is the connection that failed; else Milvus answered, with an error."""
        code = getattr(failed, "code", None)
        return (
            isinstance(failed, self._grpc.RpcError)
            or code == NOT_CONNECTED
            or isinstance(code, self._grpc.StatusCode)
        )

    def _error(self, failed: Exception) -> IndexUnusable | IndexBusy:
        why = " ".join(str(getattr(failed, "message", "") or failed).split())[:300]
        if isinstance(failed, self._api.exceptions.ConnectionConfigException) and is_lite(self.settings.uri):
            return IndexBusy(
                "The Milvus Lite file cannot be opened: one process at a time may hold it",
                where=self.where,
                todo="End the other process, or serve the file: milvus-lite server.",
            )
        if not self._is_away(failed):
            return IndexAway(f"Milvus refuses: {why}", where=self.where, todo="See the log of Milvus.")
        return IndexAway(
            f"Milvus does not answer within {self._seconds:g} s: {why}",
            where=self.where,
            todo="Start it, or correct uri under [index] in the settings.",
        )


def is_lite(uri: str) -> bool:
    """Tell whether an address is a file of Milvus Lite."""
    return uri.endswith(".db") and "://" not in uri


def among(field: str, values: Sequence[int] | Sequence[str]) -> str:
    """Return the filter that a field is one of some whole numbers, or of some hashes."""
    shown = ", ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in values)
    return f"{field} in [{shown}]"


def _batches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Cut rows into what one message holds."""
    some: list[Row] = []
    chars = 0
    for row in rows:
        own = _chars(row)
        if some and (len(some) == ROWS_AT_ONCE or chars + own > CHARS_AT_ONCE):
            yield some
            some, chars = [], 0
        some.append(row)
        chars += own
    if some:
        yield some


def _chars(row: Mapping[str, Any]) -> int:
    return sum(len(value) for value in row.values() if isinstance(value, str))


def _library(settings: IndexSettings) -> Any:  # noqa: ANN401
    try:
        if is_lite(settings.uri):
            importlib.import_module("milvus_lite")
            Path(settings.uri).resolve().parent.mkdir(parents=True, exist_ok=True)
        return importlib.import_module("pymilvus")
    except ImportError as missing:
        raise ExtraMissing(
            "The engine milvus needs pymilvus and milvus-lite",
            where="index.engine",
            todo='Install them: pip install "rapportsvar[milvus]".',
        ) from missing


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pymilvus and Milvus Lite from writing a traceback for what we tell in a line."""
    loggers = [logging.getLogger(name) for name in ("pymilvus", "milvus_lite")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
