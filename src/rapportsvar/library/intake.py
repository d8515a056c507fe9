"""Taking reports in: received whole, looked at, then put among the reports. Nothing is lost in between.

A file stands in ``.incoming`` from the moment all its bytes are on disk until it is among the reports or was
refused. What a process that died leaves there is taken in at the next start.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from rapportsvar.errors import NameTaken, UploadRefused
from rapportsvar.library.names import free_name, safe_name
from rapportsvar.library.place import MEGABYTE, UPLOADED, Library, make_folder, sync
from rapportsvar.library.removal import put_away
from rapportsvar.reading.folder import READERS

_AT_ONCE_BYTES = 1 << 20
_PART = ".part"


class IfTaken(StrEnum):
    """What to do where another report has the name already."""

    ASK = "ask"
    NUMBER = "number"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that was received whole.

    Attributes:
        path: Where it waits.
        name: Its safe name.
        sha256: Of its bytes.
    """

    path: Path
    name: str
    sha256: str


def receive(library: Library, given: str, stream: BinaryIO) -> Arrived:
    """Write a file to the library's folder for what comes in.

    Raises:
        UploadRefused: It is of no kind that can be read, empty, or too large.
    """
    name = safe_name(given)
    if Path(name).suffix.lower() not in READERS:
        known = ", ".join(sorted(READERS))
        raise UploadRefused(
            "Filtypen kan inte läsas", where=name, todo=f"Spara om filen som något av: {known}."
        )
    folder = library.incoming / uuid.uuid4().hex
    make_folder(folder)
    try:
        digest = _write(folder / f"{name}{_PART}", stream, name, library.settings.file_mb_max)
        (folder / f"{name}{_PART}").replace(folder / name)
        sync(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Arrived(folder / name, name, digest)


def waiting(library: Library) -> Iterator[Arrived]:
    """Yield what was received and never put in place; sweep away what was not even received whole."""
    for folder in sorted(library.incoming.glob("*")):
        whole = [path for path in folder.glob("*") if path.is_file() and path.suffix != _PART]
        if whole:
            yield Arrived(whole[0], whole[0].name, _digest(whole[0]))
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _seen_by_all(_: str) -> bool:
    return True


def twin_of(library: Library, arrived: Arrived, sees: Callable[[str], bool] = _seen_by_all) -> str | None:
    """Return the uploaded report that has the very same bytes, among those that are to be seen."""
    size = arrived.path.stat().st_size
    for path in sorted(library.uploaded.glob("*")):
        source = f"{UPLOADED}/{path.name}"
        alike = path.is_file() and path.stat().st_size == size and sees(source)
        if alike and _digest(path) == arrived.sha256:
            return source
    return None


def put_in_place(
    library: Library,
    arrived: Arrived,
    if_taken: IfTaken = IfTaken.ASK,
    sees: Callable[[str], bool] = _seen_by_all,
) -> str:
    """Put a received file among the reports. Returns its source.

    Args:
        library: Where to.
        arrived: The file.
        if_taken: What to do where another report has its name.
        sees: Which reports may be told of, by source.

    Raises:
        NameTaken: Another report has the name, and it was to be asked.
        UploadRefused: The very same bytes are there already.
    """
    with library.changing():
        twin = twin_of(library, arrived, sees)
        if twin:
            raise UploadRefused("Samma fil finns redan", where=twin, todo="Du behöver inte göra något.")
        make_folder(library.uploaded)
        taken = (library.uploaded / arrived.name).exists()
        if taken and if_taken is IfTaken.ASK:
            raise NameTaken("En annan rapport har samma filnamn", where=arrived.name, todo="Ersätt den?")
        name = arrived.name
        if taken and if_taken is IfTaken.REPLACE:
            put_away(library, f"{UPLOADED}/{name}")
        else:
            name = free_name(name, lambda each: (library.uploaded / each).exists())
        arrived.path.replace(library.uploaded / name)
        sync(library.uploaded)
    forgo(arrived)
    return f"{UPLOADED}/{name}"


def forgo(arrived: Arrived) -> None:
    """Take a received file away for good."""
    shutil.rmtree(arrived.path.parent, ignore_errors=True)


def go_on(library: Library) -> list[str]:
    """Put in place what an earlier process left; returns the sources. For the start of a process."""
    placed = []
    for arrived in waiting(library):
        try:
            placed.append(put_in_place(library, arrived, IfTaken.NUMBER))
        except UploadRefused:  # its twin is there
            forgo(arrived)
    return placed


def _write(path: Path, stream: BinaryIO, name: str, mb_max: int) -> str:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as written:
        while piece := stream.read(_AT_ONCE_BYTES):
            size += len(piece)
            if size > mb_max * MEGABYTE:
                raise UploadRefused(
                    f"Filen är större än {mb_max} MB",
                    where=name,
                    todo="Dela den, eller be om en högre gräns.",
                )
            digest.update(piece)
            written.write(piece)
        if not size:
            raise UploadRefused("Filen är tom", where=name, todo="Välj en annan fil.")
        written.flush()
        os.fsync(written.fileno())
    return digest.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
