"""Leaving reports out of answers that may not be deleted, since they stand in folders of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rapportsvar.library.notes import Note, read_notes, write_notes
from rapportsvar.library.place import Library


@dataclass(frozen=True, slots=True)
class Hidden:
    """All reports of a library that are left out of answers."""

    notes: Sequence[Note] = ()

    def hides(self, source: str) -> bool:
        """Tell whether a report is left out, by its name: a copy is another report."""
        return any(note.source == source for note in self.notes)


def read_hidden(library: Library) -> Hidden:
    """Read what is left out.

    Raises:
        LibraryDamaged: Its file is not what was written.
    """
    return Hidden(tuple(read_notes(library.hidden)))


def hide(library: Library, source: str, sha256: str, title: str = "") -> None:
    """Leave a report out from the next build on."""
    with library.changing():
        notes = read_notes(library.hidden)
        if all(note.source != source for note in notes):
            at = datetime.now(UTC).isoformat(timespec="seconds")
            write_notes(library.hidden, [*notes, Note(source, sha256, {"title": title}, at)])


def show_again(library: Library, source: str) -> bool:
    """Take a report in again from the next build on; False where it was not left out."""
    with library.changing():
        notes = read_notes(library.hidden)
        left = [note for note in notes if note.source != source]
        if len(left) < len(notes):
            write_notes(library.hidden, left)
        return len(left) < len(notes)
