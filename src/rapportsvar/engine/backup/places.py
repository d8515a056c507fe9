"""What is in a backup, and where it stands on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rapportsvar.config import FILE_NAME, Settings
from rapportsvar.library.place import library_of

FORMAT = 2
"""Since 2 a backup holds the file of access; one of 1 is put back as well."""
OLDEST_FORMAT = 1
CONTENTS = "contents.json"
INDEX, LIBRARY, FEEDBACK, RUNS = "index", "library", "feedback", "runs"
ACCESS = "access.toml"
FILES_ALONE = (FILE_NAME, ACCESS)
"""What stands in no folder."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where what is saved stands, and where it is put back.

    Attributes:
        index: The index folder.
        library: Uploads and notes.
        feedback: What readers said.
        runs: Runs of the evaluation.
        settings: The settings file; None where the defaults hold.
        access: The file of access; None where there is to be none.
    """

    index: Path
    library: Path
    feedback: Path
    runs: Path
    settings: Path | None = None
    access: Path | None = None

    @classmethod
    def of(cls, index: Path, settings: Settings, file: Path | None) -> Places:
        """Find them by the settings; relative folders are below the working folder."""
        library = library_of(index, settings.library).root
        feedback, runs = Path(settings.feedback.folder), Path(settings.evaluation.runs)
        return cls(index, library, feedback, runs, file, Path(settings.access.file))

    def folders(self) -> Mapping[str, Path]:
        """Return each folder by its name in a backup."""
        return {INDEX: self.index, LIBRARY: self.library, FEEDBACK: self.feedback, RUNS: self.runs}

    def files(self) -> Mapping[str, Path | None]:
        """Return each file that stands in no folder, by its name in a backup."""
        return {ACCESS: self.access, FILE_NAME: self.settings}


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
