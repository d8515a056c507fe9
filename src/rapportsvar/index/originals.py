"""Copies of the files whose pages can be shown: ``files/<sha256>`` in the index folder.

A copy is named by the hash of its bytes, so it serves every generation that holds the report, and is checked
whenever it is read.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from rapportsvar.errors import IndexDamaged, ReadingError
from rapportsvar.index.manifest import FILES, REBUILD, sync_folder
from rapportsvar.reading.archive import open_bytes
from rapportsvar.reading.base import sha256_of


def keep_original(folder: Path, path: Path, sha256: str) -> bool:
    """Copy a file into the index folder. False: its bytes are no longer those that were read."""
    kept = folder / FILES / sha256
    if kept.exists():
        return True
    try:
        data = open_bytes(path, path.name)
    except (OSError, ReadingError):
        return False
    if sha256_of(data) != sha256:
        return False
    kept.parent.mkdir(exist_ok=True)
    aside = kept.with_suffix(".new")
    with aside.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(kept)
    sync_folder(kept.parent)
    return True


def forget_originals(folder: Path, kept: Collection[str]) -> None:
    """Take away the copies of all files but these, by hash."""
    for path in (folder / FILES).glob("*"):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def damaged_originals(folder: Path) -> Iterator[Path]:
    """Yield the copies whose bytes are no longer those that name them."""
    for path in sorted((folder / FILES).glob("*")):
        with path.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != path.name:
                yield path


def original(folder: Path, sha256: str) -> bytes:
    """Return the bytes of a file that was read.

    Raises:
        IndexDamaged: The copy is gone, or is not what was read.
    """
    path = folder / FILES / sha256
    try:
        data = path.read_bytes()
    except OSError as gone:
        raise IndexDamaged("Kopian av rapportens fil saknas", where=str(path), todo=REBUILD) from gone
    if sha256_of(data) != sha256:
        raise IndexDamaged("Kopian av rapportens fil har ändrats", where=str(path), todo=REBUILD)
    return data
