"""A backup: one file with the index, the library, what readers said, the runs and the settings.

::

    tar
        index/...          manifest.json, the generation that it names, and the files whose pages can be shown
        library/...        uploads, removed reports, notes
        feedback/...       what readers said; SQLite is copied by SQLite itself
        runs/...           runs of the evaluation
        rapportsvar.toml   the settings
        contents.json      size and SHA-256 of each of these; last, so that a backup that was cut off is known

A backup asks nobody to wait but those who change the library, and that for the time it takes to copy it. A
generation is never changed, and the build after the next one takes it away: a backup that loses one begins
again with the newer. Restoring looks at every hash before it puts anything in place, and replaces nothing.
Not in it: the reports outside the library, the prepared model and secrets.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from filelock import FileLock

from rapportsvar import __version__
from rapportsvar.config import FILE_NAME, Settings
from rapportsvar.errors import BackupDamaged, BackupRefused, IndexMissing, IndexUnusable
from rapportsvar.index.manifest import (
    FILES,
    GENERATION_PREFIX,
    MANIFEST,
    check_files,
    read_manifest,
    sha256_of,
)
from rapportsvar.index.opened import OPEN_TRIES
from rapportsvar.library.place import library_of, sync

FORMAT = 1
CONTENTS = "contents.json"
INDEX, LIBRARY, FEEDBACK, RUNS = "index", "library", "feedback", "runs"
LOCK = "lock"
SQLITE = ".sqlite"
CONTENTS_BYTES_MAX = 200_000_000
_PASSING = re.compile(r"\.sqlite-(journal|wal|shm)$|\.new$|\.part$")


@dataclass(frozen=True, slots=True)
class Places:
    """Where what is saved stands, and where it is put back.

    Attributes:
        index: The index folder.
        library: Uploads and notes.
        feedback: What readers said.
        runs: Runs of the evaluation.
        settings: The settings file; None where the defaults hold.
    """

    index: Path
    library: Path
    feedback: Path
    runs: Path
    settings: Path | None = None

    @classmethod
    def of(cls, index: Path, settings: Settings, file: Path | None) -> Places:
        """Find them by the settings; relative folders are below the working folder."""
        library = library_of(index, settings.library).root
        return cls(index, library, Path(settings.feedback.folder), Path(settings.evaluation.runs), file)

    def folders(self) -> Mapping[str, Path]:
        """Return each folder by its name in a backup."""
        return {INDEX: self.index, LIBRARY: self.library, FEEDBACK: self.feedback, RUNS: self.runs}


@dataclass(slots=True)
class BackupSummary:
    """What a backup holds.

    Attributes:
        created: When it was made, in ISO form.
        version: Of the program that made it.
        generation: Of the index in it; empty where there was none.
        files: Size in bytes and SHA-256 of each file, by its path.
    """

    created: str
    version: str
    generation: str = ""
    files: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def size_bytes(self) -> int:
        """Of all files."""
        return sum(size for size, _ in self.files.values())


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


def restore(source: Path, places: Places) -> BackupSummary:
    """Put back what a backup holds, where nothing of it is yet.

    All is unpacked beside its place and compared with its hash first. Then each folder is put in place in
    one step, the index last, so that what was cut off is no index.

    Raises:
        BackupDamaged: The file is no backup, is not whole, or a file in it is not what was saved.
        BackupRefused: Something is in the way, or the places cannot be written.
    """
    with _opened(source) as archive:
        summary = _contents(archive, source)
        _refuse_what_is_there(places, summary)
        try:
            places.index.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".restoring-", dir=places.index) as aside:
                _unpack(archive, source, summary, Path(aside))
                _check_index(Path(aside) / INDEX, summary)
                _put_in_place(Path(aside), places, summary)
        except OSError as failed:
            what = f"Säkerhetskopian kan inte läggas tillbaka: {failed.strerror or failed}"
            todo = "Gör plats, eller ange en annan mapp."
            raise BackupRefused(what, where=str(failed.filename or places.index), todo=todo) from failed
    return summary


def saved_settings(source: Path) -> bytes | None:
    """Return the settings file in a backup; None where the defaults held.

    Raises:
        BackupDamaged: The file is no backup, or is not whole.
    """
    with _opened(source) as archive:
        summary = _contents(archive, source)
        return _checked(archive, source, FILE_NAME, summary) if FILE_NAME in summary.files else None


def _manifest(index: Path) -> bytes:
    """Return the manifest as it is written; empty where there is no index."""
    try:
        read_manifest(index)
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
    if places.settings:
        _add(archive, summary, places.settings, FILE_NAME)
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
    manifest = read_manifest(folder)
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


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, mode="r:") as archive:
            yield archive
    except FileNotFoundError as missing:
        if missing.filename != str(source):
            raise
        raise BackupDamaged("Filen finns inte", where=str(source), todo="Ange en annan fil.") from missing
    except (tarfile.TarError, EOFError) as bad:
        raise _damaged(source, f"Filen är ingen hel säkerhetskopia: {bad}") from bad


def _contents(archive: tarfile.TarFile, source: Path) -> BackupSummary:
    try:
        member = archive.getmember(CONTENTS)
        stream = archive.extractfile(member)
        if stream is None or member.size > CONTENTS_BYTES_MAX:
            raise ValueError(CONTENTS)
        content = json.loads(stream.read())
        if content["format"] != FORMAT:
            what = f"Säkerhetskopian har format {content['format']}, denna version känner {FORMAT}"
            raise BackupDamaged(what, where=str(source), todo="Uppgradera rapportsvar.")
        files = {str(name): (int(size), str(digest)) for name, (size, digest) in content["files"].items()}
        summary = BackupSummary(content["created"], content["version"], content["generation"], files)
    except (KeyError, ValueError, TypeError, AttributeError) as bad:
        raise _damaged(source, "Filen är ingen hel säkerhetskopia") from bad
    for name in summary.files:
        parts = PurePosixPath(name).parts
        if not _is_ours(parts) or name != "/".join(parts):
            raise _damaged(source, f"Säkerhetskopian har en fil på fel plats, {name!r}")
    return summary


def _is_ours(parts: tuple[str, ...]) -> bool:
    if ".." in parts or any("\0" in part or "\\" in part for part in parts):
        return False
    return parts == (FILE_NAME,) or (len(parts) > 1 and parts[0] in (INDEX, LIBRARY, FEEDBACK, RUNS))


def _checked(archive: tarfile.TarFile, source: Path, name: str, summary: BackupSummary) -> bytes:
    target = io.BytesIO()
    _copy(archive, source, name, summary, target)
    return target.getvalue()


def _copy(
    archive: tarfile.TarFile, source: Path, name: str, summary: BackupSummary, target: io.BufferedIOBase
) -> None:
    size, wanted = summary.files[name]
    try:
        member = archive.getmember(name)
        stream = archive.extractfile(member) if member.isreg() else None
    except KeyError:
        stream = None
    if stream is None or member.size != size:
        raise _damaged(source, f"{name} saknas i säkerhetskopian, eller är inte hel")
    digest = hashlib.sha256()
    while data := stream.read(1 << 20):
        digest.update(data)
        target.write(data)
    if digest.hexdigest() != wanted:
        raise _damaged(source, f"{name} i säkerhetskopian är inte det som sparades")


def _unpack(archive: tarfile.TarFile, source: Path, summary: BackupSummary, aside: Path) -> None:
    """Unpack the files that the list of contents names, and no others."""
    for name in summary.files:
        path = aside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            _copy(archive, source, name, summary, stream)
            stream.flush()
            os.fsync(stream.fileno())


def _check_index(index: Path, summary: BackupSummary) -> None:
    if summary.generation:
        check_files(index, read_manifest(index), contents=True)


def _refuse_what_is_there(places: Places, summary: BackupSummary) -> None:
    for kind, folder in places.folders().items():
        saved = {name.split("/")[1] for name in summary.files if name.startswith(f"{kind}/")}
        found = {path.name for path in folder.iterdir()} if saved and folder.is_dir() else set()
        older = {name for name in found if kind == INDEX and name.startswith(GENERATION_PREFIX)}
        for name in sorted((found & saved) | older):
            todo = "Ingenting är ändrat. Flytta undan det som finns, eller ange en annan mapp."
            raise BackupRefused(f"Det finns redan {name}", where=str(folder), todo=todo)
    settings, there = summary.files.get(FILE_NAME), places.settings
    if settings and there and there.exists() and sha256_of(there) != settings[1]:
        todo = "Ingenting är ändrat. Flytta undan filen; kopians inställningar läggs då tillbaka."
        what = "Det finns redan andra inställningar än säkerhetskopians"
        raise BackupRefused(what, where=str(there), todo=todo)


def _put_in_place(aside: Path, places: Places, summary: BackupSummary) -> None:
    if FILE_NAME in summary.files and places.settings and not places.settings.exists():
        _move(aside / FILE_NAME, places.settings)
    for kind in (RUNS, FEEDBACK, LIBRARY, INDEX):
        folder, unpacked = places.folders()[kind], aside / kind
        if unpacked.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(unpacked.iterdir(), key=lambda p: (p.name == MANIFEST, p.name)):
                _move(path, folder / path.name)
            sync(folder)


def _move(path: Path, target: Path) -> None:
    """Move within a disk by a rename, over to another by a copy that is renamed when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.rename(target)
    except OSError:
        whole = target.with_name(f".{target.name}.new")
        (shutil.copytree if path.is_dir() else shutil.copyfile)(path, whole)
        whole.rename(target)


def _damaged(source: Path, what: str) -> BackupDamaged:
    return BackupDamaged(what, where=str(source), todo="Ingenting är ändrat. Ta en annan säkerhetskopia.")
