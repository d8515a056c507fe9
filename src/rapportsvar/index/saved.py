"""Vectors that outlive a build that is cut off, and those of the index before: nothing is embedded twice.

The builder commits each batch of vectors to a file beside the generations. A build that ends as it should
takes the file away; one that was killed leaves it for the next.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from rapportsvar.index.store import KEY_BYTES, parts

_SCHEMA = """
CREATE TABLE IF NOT EXISTS embeddings (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reports (sha256 TEXT PRIMARY KEY, keys BLOB NOT NULL) WITHOUT ROWID;
"""


class SavedEmbeddings:
    """Vectors by key in an SQLite file of their own.

    Args:
        path: The file; made where it is missing, made anew where it is damaged.
        older: The stores of an index or of its layers that are not copied; their vectors are used as well.
        size_bytes: Of one vector; others are not used.
    """

    def __init__(self, path: Path, *, older: Sequence[Path], size_bytes: int) -> None:
        self._size_bytes = size_bytes
        self._db = _open(path)
        self._older = [open_older(each) for each in older]

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the vectors that are there, by key."""
        found: dict[bytes, bytes] = {}
        for source in (*self._older, self._db):
            for part in parts(keys):
                found.update(_select(source, part))
        return {key: vector for key, vector in found.items() if len(vector) == self._size_bytes}

    def add(self, vectors: Mapping[bytes, bytes], *, of: str = "", keys: Sequence[bytes] = ()) -> None:
        """Write vectors; when this returns, they outlive the process.

        Args:
            vectors: By key.
            of: The hash of the report whose texts they are of, where a worker has made all of it.
            keys: Of all its texts.
        """
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?)", vectors.items())
            if of:
                self._db.execute("INSERT OR REPLACE INTO reports VALUES (?, ?)", (of, b"".join(keys)))

    def keys_of(self, sha256: str) -> set[bytes]:
        """Return the keys that a report was written with."""
        row = self._db.execute("SELECT keys FROM reports WHERE sha256 = ?", (sha256,)).fetchone()
        joined = row[0] if row else b""
        return {joined[at : at + KEY_BYTES] for at in range(0, len(joined), KEY_BYTES)}

    def close(self) -> None:
        """Close the file, and keep it."""
        self._db.close()
        for each in self._older:
            each.close()


def forget(path: Path) -> None:
    """Take the file away: all that it holds is in the index now."""
    for each in (path, path.with_name(f"{path.name}-journal")):
        with suppress(OSError):
            each.unlink()


def _select(source: sqlite3.Connection, keys: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    marks = ",".join("?" * len(keys))
    return source.execute(f"SELECT key, vector FROM embeddings WHERE key IN ({marks})", keys).fetchall()


def _open(path: Path) -> sqlite3.Connection:
    try:
        return _open_sound(path)
    except sqlite3.DatabaseError as bad:
        if isinstance(bad, sqlite3.OperationalError):
            raise  # a full disk, a folder that may not be written: not the file's fault
        forget(path)
        return _open_sound(path)


def _open_sound(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    try:
        connection.executescript(_SCHEMA)
        if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("damaged")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def open_older(path: Path) -> sqlite3.Connection:
    """Open a store that nobody writes any more."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
