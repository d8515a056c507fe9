"""Which texts of a report have a vector already: of its earlier version, or of a build that was cut off."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from rapportsvar.index.saved import SavedEmbeddings, open_older


class Known:
    """Keys of texts with a vector, by report: a worker is told those of its report, not millions.

    Args:
        stores: Of the index that is brought up to date, if there is one; each a layer.
        saved: Of a build that was cut off.
    """

    def __init__(self, stores: Sequence[Path], saved: SavedEmbeddings) -> None:
        self._saved = saved
        self._open = ExitStack()
        self._stores = [self._open.enter_context(closing(open_older(path))) for path in stores]
        self._reports = [_reports(store) for store in self._stores]

    def __enter__(self) -> Known:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def of(self, name: str, sha256: str) -> frozenset[bytes]:
        """Return the keys of the report of this name, and of one with these bytes under another name."""
        keys = self._saved.keys_of(sha256)
        for store, reports in zip(self._stores, self._reports, strict=True):
            for report in {reports.get(name), reports.get(sha256)} - {None}:
                keys |= {key for (key,) in store.execute(_KEYS, (report,))}
        return frozenset(keys)


_KEYS = """SELECT DISTINCT v.key FROM entries e JOIN entry_vectors v ON v.entry = e.id WHERE e.report = ?"""


def _reports(store: sqlite3.Connection) -> dict[str, int]:
    """Map names and hashes of a store's reports to their ids."""
    rows = store.execute("SELECT id, source, sha256 FROM reports").fetchall()
    return {name: id_ for id_, source, sha256 in rows for name in (source, sha256)}
