"""Where a library is and what it holds.

::

    <library>/
        uppladdat/rapport.pdf        what is indexed, as the source ``uppladdat/rapport.pdf``
        .incoming/<key>/rapport.pdf  received whole, not yet read; goes on at the next start
        .removed/<key>/rapport.pdf   taken out, can be brought back; ``record.json`` beside it tells more
        .notes/corrections.json      metadata corrected by hand
        .notes/hidden.json           reports that are left out of answers
        .notes/lock                  held for the moment of a change
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from rapportsvar.config import LibrarySettings
from rapportsvar.errors import NotUploaded

DEFAULT_FOLDER = "library"
UPLOADED = "uppladdat"
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Library:
    """The folder of a library, with its bounds. Folders in it are made when they are needed."""

    root: Path
    settings: LibrarySettings

    @property
    def uploaded(self) -> Path:
        """Reports that are indexed."""
        return self.root / UPLOADED

    @property
    def incoming(self) -> Path:
        """Files that were received and are not yet among the reports."""
        return self.root / ".incoming"

    @property
    def removed(self) -> Path:
        """Reports that were taken out."""
        return self.root / ".removed"

    @property
    def corrections(self) -> Path:
        """Metadata corrected by hand."""
        return self.root / ".notes" / "corrections.json"

    @property
    def hidden(self) -> Path:
        """Reports left out of answers."""
        return self.root / ".notes" / "hidden.json"

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the library for a change: one process and thread at a time, for a moment each."""
        notes = self.root / ".notes"
        make_folder(notes)
        with FileLock(notes / "lock"):
            yield

    def holds(self, source: str) -> bool:
        """Tell whether a source is an uploaded report, by its name."""
        return source.startswith(f"{UPLOADED}/")

    def path_of(self, source: str) -> Path:
        """Return the file of an uploaded report.

        Raises:
            NotUploaded: The source is no uploaded report.
        """
        name = source.removeprefix(f"{UPLOADED}/")
        if not self.holds(source) or not name or "/" in name or name in (".", "..") or "\0" in name:
            raise NotUploaded("Rapporten är inte uppladdad", where=source, todo="Dölj den i svar i stället.")
        return self.uploaded / name


def library_of(index_folder: Path, settings: LibrarySettings) -> Library:
    """Return the library of an index."""
    return Library(index_folder / (settings.folder or DEFAULT_FOLDER), settings)


def make_folder(path: Path) -> None:
    """Make a folder with those above it, so that their names outlive a loss of power."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Make a file or the names in a folder durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
