"""Looking at a file before it is taken in: whether it can be read, and what was found in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from rapportsvar.config import Settings
from rapportsvar.errors import ReadingError
from rapportsvar.index.apart import Apart, Asked
from rapportsvar.index.entries import report_info
from rapportsvar.model import ReportInfo
from rapportsvar.structure.passages import PassageSize


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in a file.

    Attributes:
        pages: How many; 0 where the format has none.
        sections: Headings.
        tables: Tables.
        passages: Pieces of prose.
        warnings: Of the reader, in Swedish.
        info: Metadata.
        why: Why it could not be read, in Swedish; empty where it could.
        todo: What to do then.
    """

    pages: int = 0
    sections: int = 0
    tables: int = 0
    passages: int = 0
    warnings: tuple[str, ...] = ()
    info: ReportInfo = field(default_factory=ReportInfo)
    why: str = ""
    todo: str = ""


def look_at(path: Path, name: str, settings: Settings) -> Look:
    """Read a file as a build would, within the same bounds.

    Args:
        path: The file.
        name: What it is called in messages.
        settings: The bounds.
    """
    mask = settings.privacy.mask_identity_numbers
    with Apart(replace(settings.reading, processes=1), PassageSize()) as apart:
        read = next(apart.read([Asked(path, name, mask=mask)]))
    if isinstance(read, ReadingError):
        return Look(why=read.what, todo=read.todo)
    return Look(
        pages=len(read.source.pages),
        sections=sum(1 for section in read.sections if section.heading),
        tables=len(read.tables),
        passages=len(read.passages),
        warnings=tuple(dict.fromkeys((*read.source.warnings, *read.warnings))),
        info=report_info(read),
    )
