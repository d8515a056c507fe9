"""Following folders: an index is brought up to date when files come, change, move or go.

Files are looked at over and over by name, time, size and number. Notices of the system would be quicker, but
do not come from network drives, which is where reports lie.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from rapportsvar.errors import IndexBusy

POLL_SECONDS = 2.0
QUIET_SECONDS = 1.0
"""Nothing may have changed for so long before an update: a file that is being copied changes all the time."""

Look = frozenset[tuple[str, int, int, int]]
Wait = Callable[[float], bool]
"""Waits some seconds; True where it is to end."""


def look(paths: Iterable[Path]) -> Look:
    """Return name, time of change, size and number of every file at or below the paths."""
    return frozenset(seen for path in paths for seen in _files(Path(path)))


def watch(
    paths: Iterable[Path],
    update: Callable[[], None],
    wait: Wait,
    *,
    poll_seconds: float = POLL_SECONDS,
    quiet_seconds: float = QUIET_SECONDS,
) -> None:
    """Update now, and then whenever files have changed and come to rest, until ``wait`` says to end.

    Args:
        paths: Folders and files.
        update: Brings the index up to date. Where another process holds it, it is tried again.
        wait: Waits between two looks.
        poll_seconds: Between two looks.
        quiet_seconds: How long nothing must have changed.
    """
    given = list(paths)
    done: Look | None = None
    while True:
        now = look(given)
        if now != done:
            if done is not None and wait(quiet_seconds):
                return
            if done is None or look(given) == now:
                done = now if _updated(update) else done
        if wait(poll_seconds):
            return


def _updated(update: Callable[[], None]) -> bool:
    try:
        update()
    except IndexBusy:
        return False
    return True


def _files(path: Path) -> Iterator[tuple[str, int, int, int]]:
    if path.is_file():
        yield from _file(str(path))
        return
    for where, folders, files in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith("."):
                yield from _file(os.path.join(where, name))  # noqa: PTH118 - a Path for each of many files is slow


def _file(name: str) -> Iterator[tuple[str, int, int, int]]:
    try:
        found = os.stat(name)  # noqa: PTH116
    except OSError:
        return  # it went away meanwhile
    if stat.S_ISREG(found.st_mode):
        yield name, found.st_mtime_ns, found.st_size, found.st_ino
