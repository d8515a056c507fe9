"""Putting a backup back: every hash is looked at before anything is put in place, and nothing is replaced."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from rapportsvar.config import FILE_NAME
from rapportsvar.engine.backup.places import (
    ACCESS,
    CONTENTS,
    FEEDBACK,
    FILES_ALONE,
    FORMAT,
    INDEX,
    LIBRARY,
    OLDEST_FORMAT,
    RUNS,
    BackupSummary,
    Places,
)
from rapportsvar.errors import BackupDamaged, BackupRefused
from rapportsvar.index.manifest import (
    GENERATION_PREFIX,
    MANIFEST,
    OLDEST,
    check_files,
    read_manifest,
    sha256_of,
)
from rapportsvar.library.place import sync

CONTENTS_BYTES_MAX = 200_000_000
OTHERS = {
    FILE_NAME: "Det finns redan andra inställningar än säkerhetskopians",
    ACCESS: "Det finns redan andra behörigheter än säkerhetskopians",
}


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
        if not OLDEST_FORMAT <= int(content["format"]) <= FORMAT:
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
    return parts in [(name,) for name in FILES_ALONE] or (
        len(parts) > 1 and parts[0] in (INDEX, LIBRARY, FEEDBACK, RUNS)
    )


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
        check_files(index, read_manifest(index, oldest=OLDEST), contents=True)


def _refuse_what_is_there(places: Places, summary: BackupSummary) -> None:
    for kind, folder in places.folders().items():
        saved = {name.split("/")[1] for name in summary.files if name.startswith(f"{kind}/")}
        found = {path.name for path in folder.iterdir()} if saved and folder.is_dir() else set()
        older = {name for name in found if kind == INDEX and name.startswith(GENERATION_PREFIX)}
        for name in sorted((found & saved) | older):
            todo = "Ingenting är ändrat. Flytta undan det som finns, eller ange en annan mapp."
            raise BackupRefused(f"Det finns redan {name}", where=str(folder), todo=todo)
    for name, there in places.files().items():
        saved_file = summary.files.get(name)
        if saved_file and there and there.exists() and sha256_of(there) != saved_file[1]:
            todo = "Ingenting är ändrat. Flytta undan filen; kopians fil läggs då tillbaka."
            raise BackupRefused(OTHERS[name], where=str(there), todo=todo)


def _put_in_place(aside: Path, places: Places, summary: BackupSummary) -> None:
    for name, file in places.files().items():  # who may read is settled before there is anything to read
        if name in summary.files and file and not file.exists():
            _move(aside / name, file)
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
