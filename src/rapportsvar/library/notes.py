"""Notes on reports, as plain JSON that may be edited by hand; found again by content or by name."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rapportsvar.errors import LibraryDamaged
from rapportsvar.library.place import make_folder, sync


@dataclass(frozen=True, slots=True)
class Note:
    """What is noted of one report.

    Attributes:
        source: Its name when the note was made.
        sha256: Of its bytes then.
        values: What is noted.
        at: When, in ISO form.
    """

    source: str
    sha256: str
    values: Mapping[str, str] = field(default_factory=dict)
    at: str = ""


def note_on(notes: Iterable[Note], source: str, sha256: str) -> Note | None:
    """Return the note that fits a report best.

    The same name and bytes first; then the same bytes, as a file may be moved; then the same name, as a new
    version of a file is usually read as wrongly as the one before.
    """
    fits = [note for note in notes if note.source == source or note.sha256 == sha256]
    return max(fits, key=lambda n: (n.sha256 == sha256, n.source == source), default=None)


def read_notes(path: Path) -> list[Note]:
    """Read a file of notes; none where there is no file.

    Raises:
        LibraryDamaged: It is not what was written.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return [_note(each) for each in content]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as bad:
        raise LibraryDamaged(
            f"Anteckningarna kan inte läsas: {bad}", where=str(path), todo="Rätta filen, eller flytta den."
        ) from bad


def write_notes(path: Path, notes: Iterable[Note]) -> None:
    """Put a file of notes in place, in one step."""
    make_folder(path.parent)
    write_whole(path, json.dumps([asdict(n) for n in notes], ensure_ascii=False, indent=1).encode() + b"\n")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole, or as it was before, whenever the power goes."""
    aside = path.with_name(f"{path.name}.new")
    with aside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)
    sync(path.parent)


def _note(content: Mapping[str, Any]) -> Note:
    values = {str(name): str(value) for name, value in content.get("values", {}).items()}
    return Note(str(content["source"]), str(content["sha256"]), values, str(content.get("at", "")))
