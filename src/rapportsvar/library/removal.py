"""Taking uploaded reports out, and bringing them back while there is time."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rapportsvar.errors import NotUploaded
from rapportsvar.library.names import free_name
from rapportsvar.library.notes import write_whole
from rapportsvar.library.place import UPLOADED, Library, make_folder, sync

RECORD = "record.json"


@dataclass(frozen=True, slots=True)
class Removed:
    """A report that was taken out.

    Attributes:
        key: Names it among the removed.
        source: What it was called.
        title: Its title, as far as it was known.
        at: When, in ISO form with time zone.
    """

    key: str
    source: str
    title: str
    at: str

    def until(self, library: Library) -> datetime:
        """When it can no longer be brought back."""
        return datetime.fromisoformat(self.at) + timedelta(days=library.settings.restore_days)


def remove(library: Library, source: str, title: str = "") -> Removed:
    """Take an uploaded report out. It leaves the index with the next build.

    Raises:
        NotUploaded: It was not uploaded, or is there no more.
    """
    with library.changing():
        return put_away(library, source, title)


def put_away(library: Library, source: str, title: str = "") -> Removed:
    """Do :func:`remove` while the library is held."""
    path = library.path_of(source)
    if not path.is_file():
        raise NotUploaded("Rapporten finns inte längre bland de uppladdade", where=source)
    removed = Removed(uuid.uuid4().hex, source, title, datetime.now(UTC).isoformat(timespec="seconds"))
    folder = library.removed / removed.key
    make_folder(folder)
    write_whole(folder / RECORD, json.dumps(asdict(removed), ensure_ascii=False).encode())
    path.replace(
        folder / path.name
    )  # a crash before this leaves a record without a file, which is no removal
    sync(folder)
    sync(library.uploaded)
    return removed


def removals(library: Library) -> list[Removed]:
    """Return what can be brought back, the latest first."""
    found = [record for folder in library.removed.glob("*") if (record := _record(folder))]
    now = datetime.now(UTC)
    return sorted((r for r in found if r.until(library) > now), key=lambda r: (r.at, r.source), reverse=True)


def restore(library: Library, key: str) -> str:
    """Bring a removed report back, under another number where its name is taken. Returns its source.

    Raises:
        NotUploaded: It cannot be brought back any more.
    """
    with library.changing():
        folder = library.removed / key
        record = _record(folder) if key.isalnum() else None
        if record is None:
            raise NotUploaded("Rapporten kan inte längre tas tillbaka", todo="Ladda upp den igen.")
        make_folder(library.uploaded)
        held = folder / library.path_of(record.source).name
        name = free_name(held.name, lambda each: (library.uploaded / each).exists())
        held.replace(library.uploaded / name)
        sync(library.uploaded)
    shutil.rmtree(folder, ignore_errors=True)
    return f"{UPLOADED}/{name}"


def purge(library: Library) -> int:
    """Delete what can no longer be brought back. Returns how many."""
    now, gone = datetime.now(UTC), 0
    with library.changing():
        for folder in list(library.removed.glob("*")):
            record = _record(folder)
            if record is None or record.until(library) <= now:
                shutil.rmtree(folder, ignore_errors=True)
                gone += record is not None
    return gone


def _record(folder: Path) -> Removed | None:
    """Read the record of a removal; None where the file never came or has gone back."""
    try:
        content: Mapping[str, str] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        record = Removed(**content)
        datetime.fromisoformat(record.at)
    except (OSError, ValueError, TypeError):
        return None
    return record if (folder / record.source.rsplit("/", 1)[-1]).is_file() else None
