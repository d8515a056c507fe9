"""Making a backup.

A backup asks nobody to wait but those who change the library, and that for the time it takes to copy it. A
generation is never changed, and the build after the next one takes it away: a backup that loses one begins
again with the newer.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from rapportsvar import __version__
from rapportsvar.engine.backup.places import (
    CONTENTS,
    FEEDBACK,
    FORMAT,
    INDEX,
    LIBRARY,
    RUNS,
    BackupSummary,
    Places,
)
from rapportsvar.errors import BackupRefused, IndexMissing, IndexUnusable
from rapportsvar.index.manifest import FILES, MANIFEST, OLDEST, check_files, read_manifest
from rapportsvar.index.opened import OPEN_TRIES
from rapportsvar.library.place import sync

LOCK = "lock"
SQLITE = ".sqlite"
_PASSING = re.compile(r"\.sqlite-(journal|wal|shm)$|\.new$|\.part$")


def back_up(target: Path, places: Places) -> BackupSummary:
    """Write a backup.

    Raises:
        BackupRefused: The file is there already, or cannot be written.
        IndexUnusable: There is an index, and it is not sound: a backup of it would be none.
    """
    if target.exists():
        raise BackupRefused("Filen finns redan", where=str(target), todo="Ange ett annat namn.")
    part = target.with_name(f"{target.name}.part")
    try:
        for _ in range(OPEN_TRIES - 1):
            before = _manifest(places.index)
            try:
                return _write(target, part, places)
            except (IndexUnusable, FileNotFoundError):
                if _manifest(places.index) == before:  # no builder has put another in place meanwhile
                    raise
        return _write(target, part, places)
    except OSError as failed:
        what = f"Säkerhetskopian kan inte skrivas: {failed.strerror or failed}"
        raise BackupRefused(what, where=str(target), todo="Gör plats, eller ange en annan mapp.") from failed
    finally:
        part.unlink(missing_ok=True)


def _manifest(index: Path) -> bytes:
    """Return the manifest as it is written; empty where there is no index."""
    try:
        read_manifest(index, oldest=OLDEST)
        return (index / MANIFEST).read_bytes()
    except IndexMissing:
        return b""


def _write(target: Path, part: Path, places: Places) -> BackupSummary:
    target.parent.mkdir(parents=True, exist_ok=True)
    summary = BackupSummary(datetime.now(UTC).isoformat(timespec="seconds"), __version__)
    with part.open("wb") as stream:
        os.fchmod(stream.fileno(), 0o600)  # it holds what readers said
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
            _add_all(archive, summary, places)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(target)
    sync(target.parent)
    return summary


def _add_all(archive: tarfile.TarFile, summary: BackupSummary, places: Places) -> None:
    _add_index(archive, summary, places.index)
    library = places.library
    if library.is_dir():
        with _held(library):
            for path, name in _below(library):
                _add(archive, summary, path, f"{LIBRARY}/{name}")
    for kind, folder in ((FEEDBACK, places.feedback), (RUNS, places.runs)):
        for path, name in _below(folder):
            _add(archive, summary, path, f"{kind}/{name}")
    for name, file in places.files().items():
        if file and file.is_file():
            _add(archive, summary, file, name)
    head = {"format": FORMAT, "created": summary.created, "version": summary.version}
    content = {**head, "generation": summary.generation, "files": summary.files}
    data = json.dumps(content, ensure_ascii=False, indent=1).encode()
    archive.addfile(_member(CONTENTS, len(data)), io.BytesIO(data))


@contextmanager
def _held(library: Path) -> Iterator[None]:
    """Hold the library as those do who change it."""
    notes = library / ".notes"
    notes.mkdir(exist_ok=True)
    with FileLock(notes / LOCK):
        yield


def _add_index(archive: tarfile.TarFile, summary: BackupSummary, folder: Path) -> None:
    """Add the generation that is served, checked while it is read, and the manifest that names it."""
    written = _manifest(folder)
    if not written:
        return
    manifest = read_manifest(folder, oldest=OLDEST)
    check_files(folder, manifest, contents=True)
    for name in manifest.files:
        where = f"{INDEX}/{manifest.generation}/{name}"
        _add(archive, summary, folder / manifest.generation / name, where)
        if summary.files[where] != manifest.files[name]:
            check_files(folder, manifest, contents=True)  # says which file, or that it is gone
    for sha256 in sorted({sha for sha in manifest.sources.values() if sha}):
        if (folder / FILES / sha256).is_file():
            _add(archive, summary, folder / FILES / sha256, f"{INDEX}/{FILES}/{sha256}")
    if (folder / MANIFEST).read_bytes() != written:
        raise FileNotFoundError(f"{folder / manifest.generation} is served no more")  # begin again
    _add_bytes(archive, summary, written, f"{INDEX}/{MANIFEST}")
    summary.generation = manifest.generation


def _below(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files below a folder with their names.

    Links are left out, for they may lead out of it; so are locks, and what SQLite keeps for a transaction.
    """
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.name != LOCK and not _PASSING.search(path.name):
            yield path, path.relative_to(folder).as_posix()


def _add(archive: tarfile.TarFile, summary: BackupSummary, path: Path, name: str) -> None:
    if path.suffix == SQLITE and not name.startswith(f"{INDEX}/"):
        _add_bytes(archive, summary, _sqlite_copy(path), name)
        return
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        archive.addfile(_member(name, size), _Hashing(stream, digest))  # type: ignore[arg-type]
    summary.files[name] = (size, digest.hexdigest())


def _add_bytes(archive: tarfile.TarFile, summary: BackupSummary, data: bytes, name: str) -> None:
    archive.addfile(_member(name, len(data)), io.BytesIO(data))
    summary.files[name] = (len(data), hashlib.sha256(data).hexdigest())


@dataclass(slots=True)
class _Hashing:
    """A stream that is hashed as it is read: what was written is what was hashed."""

    stream: io.BufferedReader
    digest: Any

    def read(self, size: int) -> bytes:
        data = self.stream.read(size)
        self.digest.update(data)
        return data


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _sqlite_copy(path: Path) -> bytes:
    """Copy a database as it is between two transactions, however many write to it."""
    with tempfile.TemporaryDirectory(prefix="rapportsvar-") as aside:
        copy = Path(aside) / "copy.sqlite"
        address = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as there, closing(sqlite3.connect(copy)) as made:
            there.backup(made)
        return copy.read_bytes()
