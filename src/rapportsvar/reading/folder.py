"""Which files are reports, and which reader reads each."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePath, PurePosixPath

from rapportsvar.errors import NoReports, ReadingError, UnknownFormat
from rapportsvar.model import Source
from rapportsvar.reading import archive
from rapportsvar.reading.base import Reader

READERS: dict[str, str] = {
    ".txt": "rapportsvar.reading.text:read_text",
    ".md": "rapportsvar.reading.text:read_text",
    ".docx": "rapportsvar.reading.docx.reader:read_docx",
    ".docm": "rapportsvar.reading.docx.reader:read_docx",
    ".odt": "rapportsvar.reading.opendocument.text:read_odt",
    ".html": "rapportsvar.reading.html.reader:read_html",
    ".htm": "rapportsvar.reading.html.reader:read_html",
    ".xlsx": "rapportsvar.reading.sheets.xlsx:read_xlsx",
    ".xlsm": "rapportsvar.reading.sheets.xlsx:read_xlsx",
    ".ods": "rapportsvar.reading.opendocument.sheet:read_ods",
    ".pdf": "rapportsvar.reading.pdf.source:read_pdf",
}
"""By suffix the reader, a ``Reader``, as ``module:function``. Each is loaded when a file first needs it: a
question needs none, and a text no library of PDF."""

_TO_WORD = "äldre eller annat format: spara om som .docx"
_TO_EXCEL = "äldre eller annat format: spara om som .xlsx"
_TO_PDF = "presentation: spara om som .pdf"
_TO_UNPACK = "arkiv: packa upp det, eller packa om som .zip"
_ADVICE = {
    ".doc": _TO_WORD, ".dot": _TO_WORD, ".rtf": _TO_WORD, ".pages": _TO_WORD, ".sxw": _TO_WORD,
    ".xls": _TO_EXCEL, ".xlsb": _TO_EXCEL, ".xlt": _TO_EXCEL, ".numbers": _TO_EXCEL, ".csv": _TO_EXCEL,
    ".tsv": _TO_EXCEL, ".ppt": _TO_PDF, ".pptx": _TO_PDF, ".pptm": _TO_PDF, ".odp": _TO_PDF, ".key": _TO_PDF,
    ".mht": "webbarkiv: spara om som .html", ".mhtml": "webbarkiv: spara om som .html",
    ".msg": "e-post: spara bilagan för sig", ".eml": "e-post: spara bilagan för sig",
    ".7z": _TO_UNPACK, ".rar": _TO_UNPACK, ".tar": _TO_UNPACK, ".gz": _TO_UNPACK, ".tgz": _TO_UNPACK,
}  # fmt: skip
"""What to do with files of formats that there is no reader for."""
LINK_TO_FOLDER = "länk till en mapp: den följs inte"
NOT_REPORTS = frozenset({"readme", "license", "changelog"})


@dataclass(frozen=True, slots=True)
class Found:
    """What a walk through folders gave.

    Attributes:
        reports: Name and path of each report, sorted by name.
        skipped: Names of files that were left out, each with the reason, in Swedish.
    """

    reports: tuple[tuple[str, Path], ...]
    skipped: tuple[tuple[str, str], ...]


def reader_of(suffix: str) -> Reader | None:
    """Return the reader of a suffix; None where there is none."""
    named = READERS.get(suffix.lower())
    if named is None:
        return None
    module, function = named.split(":")
    reader: Reader = getattr(import_module(module), function)
    return reader


def read_source(path: Path, name: str) -> Source:
    """Read one report with the reader of its suffix.

    Raises:
        UnknownFormat: There is no reader for the suffix.
        ReadingError: The reader could not read it.
    """
    if path.suffix.lower() == archive.SUFFIX:
        archive.refuse_archive(path, name)
    reader = reader_of(path.suffix)
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise UnknownFormat(
            f"Filtypen {path.suffix or 'utan ändelse'} kan inte läsas",
            where=name,
            todo=f"Kan läsas: {known}.",
        )
    return reader(path, name)


def find_reports(paths: Iterable[Path]) -> list[tuple[str, Path]]:
    """Return name and path of every report at or below the paths; see :func:`walk` for what is left out.

    Raises:
        NoReports: A path does not exist, or none of them holds a report.
    """
    return list(walk(paths).reports)


def walk(paths: Iterable[Path], *, allow_none: bool = False) -> Found:
    """Look through files and folders for reports.

    Names are paths below the given folder, with ``/``; a file given by itself is named by its file name.
    Hidden files, README files, what is no regular file, and links that lead out of the folder are left out.
    A zip stands for the reports in it, named ``archive.zip/inner/path``; one that cannot be opened stands for
    itself, so that whoever reads it is told why.

    Args:
        paths: Folders and files.
        allow_none: That there is no report at all is no error.

    Raises:
        NoReports: A path does not exist, or none of them holds a report.
    """
    given = [Path(path) for path in paths]
    reports: dict[str, Path] = {}
    skipped: list[tuple[str, str]] = []
    for path in given:
        if not path.exists():
            raise NoReports(f"{path} finns inte", todo="Ange en mapp eller fil med rapporter.")
        names = list(_inside(path.name, path, skipped) if path.is_file() else _below(path, skipped))
        for name, found in names:
            reports[_free_name(name, found, path, reports)] = found
    if not reports and not allow_none:
        listed = ", ".join(str(path) for path in given) or "ingenting"
        known = ", ".join(sorted((*READERS, archive.SUFFIX)))
        raise NoReports(f"Inga rapporter i {listed}", todo=f"Filer som kan läsas: {known}.")
    return Found(tuple(sorted(reports.items())), tuple(sorted(skipped)))


def _free_name(name: str, found: Path, given: Path, reports: Mapping[str, Path]) -> str:
    """Two given folders may hold files of one name: the second is told apart by its folder's name."""
    if name not in reports or reports[name].resolve() == found.resolve():
        return name
    apart = f"{(given if given.is_dir() else given.parent).resolve().name}/{name}"
    number = 2
    while apart in reports:
        apart = f"{number}/{name}"
        number += 1
    return apart


def _below(folder: Path, skipped: list[tuple[str, str]]) -> Iterable[tuple[str, Path]]:
    root = folder.resolve()
    for where, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [Path(where) / name for name in folders if (Path(where) / name).is_symlink()]
        skipped += [
            (path.relative_to(folder).as_posix(), "länk till en mapp: den följs inte") for path in links
        ]
        for file in sorted(files):
            path = Path(where) / file
            name = path.relative_to(folder).as_posix()
            reason = _why_not(path, root)
            if reason is None:
                yield from _inside(name, path, skipped)
            elif not file.startswith("."):
                skipped.append((name, reason))


def _inside(name: str, path: Path, skipped: list[tuple[str, str]]) -> Iterable[tuple[str, Path]]:
    """Yield a file, or the reports in an archive."""
    if path.suffix.lower() != archive.SUFFIX:
        yield name, path
        return
    try:
        members = archive.members(path, name)
    except (ReadingError, OSError):
        yield name, path
        return
    for member in members:
        inner = PurePosixPath(member.name)
        reason = member.refused or _named_no_report(inner)
        if reason is None:
            yield f"{name}/{member.name}", path / member.name
        elif not any(part.startswith(".") for part in inner.parts):
            skipped.append((f"{name}/{member.name}", reason))


def _named_no_report(path: PurePath) -> str | None:
    """Return why a file is no report by its name, or None."""
    if path.name.startswith("."):
        return "dold fil"
    if path.name.startswith("~$"):
        return "låsfil: dokumentet är öppet i ett program"
    if path.stem.lower() in NOT_REPORTS:
        return "ingen rapport"
    suffix = path.suffix.lower()
    return None if suffix in READERS else _ADVICE.get(suffix, "okänd filtyp")


def _why_not(path: Path, root: Path) -> str | None:
    """Return why a file is left out, or None."""
    reason = _named_no_report(path)
    if reason and path.suffix.lower() != archive.SUFFIX:
        return reason
    try:
        target = path.resolve(strict=True)
        mode = target.stat().st_mode
    except (OSError, RuntimeError):
        return None if not path.is_symlink() else "bruten länk"
    if path.is_symlink() and not target.is_relative_to(root):
        return "länk ut ur mappen"
    return None if stat.S_ISREG(mode) else "ingen vanlig fil"
