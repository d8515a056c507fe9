"""The right to write an index folder: one process at a time, and errors that say why not."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from rapportsvar.errors import (
    IndexBusy,
    IndexForeign,
    IndexNewer,
    IndexUnreadable,
    IndexUnusable,
    IndexUnwritable,
)
from rapportsvar.index.manifest import LOCK, read_manifest


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold an index folder for writing.

    Raises:
        IndexBusy: Another process holds it.
        IndexForeign: It holds something that is not an index.
        IndexNewer: Its index is of a newer version.
        IndexUnreadable: What it holds cannot be told.
        IndexUnwritable: The disk is full, or the folder cannot be written.
    """
    lock = FileLock(folder / LOCK)
    try:
        _claim(folder)
        lock.acquire(timeout=0)
        yield
    except Timeout as held:
        raise IndexBusy(
            "Another process is building this index", where=str(folder), todo="Wait for it, or stop it."
        ) from held
    except (OSError, sqlite3.OperationalError) as failed:
        raise _unwritable(failed, folder) from failed
    finally:
        lock.release()


def _claim(folder: Path) -> None:
    """Make the folder; refuse one that holds something else."""
    try:
        read_manifest(folder)
    except (IndexForeign, IndexNewer, IndexUnreadable):
        raise
    except IndexUnusable:
        pass  # missing, older or damaged: it is built anew
    folder.mkdir(parents=True, exist_ok=True)


def _unwritable(failed: OSError | sqlite3.OperationalError, folder: Path) -> IndexUnwritable:
    if isinstance(failed, sqlite3.OperationalError):
        full = failed.sqlite_errorcode == sqlite3.SQLITE_FULL
        why = "the disk is full" if full else str(failed)
    else:
        why = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up"}.get(
            failed.errno or 0, failed.strerror or str(failed)
        )
    return IndexUnwritable(
        f"The index cannot be written: {why}",
        where=str(folder),
        todo="The earlier index, if there is one, is as it was. Mend it and run again.",
    )
