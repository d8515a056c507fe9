"""Reports in a zip: each member is a report named ``archive.zip/inner/path``.

Such a name is also how a member's place on disk is written, though no file system knows it: what opens a
path (:func:`open_bytes`) looks for an archive above it. Nothing is ever unpacked to disk.
"""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from unicodedata import normalize

from rapportsvar.errors import NotText, ReadingError, ReportTooLarge
from rapportsvar.reading.regular import FILE_BYTES_MAX, open_regular

SUFFIX = ".zip"
MEMBERS_MAX = 2_000
MEMBER_BYTES_MAX = 400_000_000
ARCHIVE_BYTES_MAX = 2_000_000_000
RATIO_MAX = 300
RATIO_FROM_BYTES = 10_000_000
DIRECTORY_BYTES_MAX = 2_000_000
"""Of the list of members, which is read whole before anything can be counted."""

_END = struct.Struct("<4s4H2LH")
_END_MARK, _END64_MARK = b"PK\x05\x06", b"PK\x06\x07"
_COMMENT_BYTES_MAX = 65_535
_UTF8_NAME = 0x800
_LOCKED = 0x1
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_TODO = "Packa upp den och lägg rapporterna i mappen."


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an archive.

    Attributes:
        name: Its path inside, with ``/``, without parts that lead out.
        refused: Why it is not read, in Swedish; empty where it is.
    """

    name: str
    refused: str = ""


@dataclass(frozen=True, slots=True)
class _Opened:
    zip: zipfile.ZipFile
    infos: dict[str, zipfile.ZipInfo]


def members(archive: Path, name: str) -> list[Member]:
    """List the files in an archive.

    Raises:
        NotText: It is no zip, or damaged.
        ReportTooLarge: It holds, or says that it holds, more than the bounds.
    """
    opened = _open(archive, name)
    return [Member(inner, _refusal(inner, info)) for inner, info in opened.infos.items()]


def open_bytes(path: Path, name: str) -> bytes:
    """Return the bytes of a file, or of a member of an archive.

    Raises:
        FileNotFoundError: There is no such file or member.
        OSError: It may not be read, or is no regular file.
        ReadingError: It is too large, or the archive cannot be read.
    """
    archive = archive_of(path)
    if archive is None:
        return _whole(path, name)
    opened = _open(archive, name)
    inner = path.relative_to(archive).as_posix()
    info = opened.infos.get(inner)
    if info is None:
        raise FileNotFoundError(str(path))
    try:
        return opened.zip.read(info)  # never more than the archive says: its bounds were looked at
    except _UNREADABLE as bad:
        raise NotText("Filen i zip-arkivet är skadad eller låst", where=name, todo=_TODO) from bad


def _whole(path: Path, name: str) -> bytes:
    with open_regular(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > FILE_BYTES_MAX:
            what = f"Filen är på {size // 1_000_000} MB (högst {FILE_BYTES_MAX // 1_000_000})"
            raise ReportTooLarge(what, where=name, todo="Dela den i flera filer.")
        return stream.read(FILE_BYTES_MAX)


def archive_of(path: Path) -> Path | None:
    """Return the archive that a path leads into, or None where it is a file of its own."""
    if not any(part.lower().endswith(SUFFIX) for part in path.parts[:-1]):
        return None
    return next((up for up in reversed(path.parents) if up.suffix.lower() == SUFFIX and up.is_file()), None)


def refuse_archive(path: Path, name: str) -> None:
    """Say why an archive cannot be opened.

    Raises:
        ReadingError: Always.
    """
    members(path, name)
    raise NotText("Zip-arkivet innehåller inga rapporter", where=name, todo=_TODO)


def _open(archive: Path, name: str) -> _Opened:
    stat = archive.stat()
    try:
        return _open_as_it_is(archive, stat.st_mtime_ns, stat.st_size)
    except ReadingError as refused:
        raise type(refused)(refused.what, where=name, todo=refused.todo) from refused


@lru_cache(maxsize=1)
def _open_as_it_is(archive: Path, modified_ns: int, size: int) -> _Opened:
    """One archive stays open: its members are asked for one after the other."""
    _check_end(archive, size)
    try:
        opened = zipfile.ZipFile(archive)
    except (*_UNREADABLE, OSError) as bad:
        raise NotText("Filen är skadad eller ingen zip", todo=_TODO) from bad
    files = [info for info in opened.infolist() if not info.is_dir()]
    why = _too_large(files)
    if why:
        opened.close()
        raise ReportTooLarge(f"Zip-arkivet packas upp till för mycket: {why}", todo=_TODO)
    return _Opened(opened, dict(_named(files)))


def _check_end(archive: Path, size: int) -> None:
    """Look at the end of the file before the list of members, which may be made to fill the memory."""
    with archive.open("rb") as stream:
        stream.seek(max(0, size - _COMMENT_BYTES_MAX - _END.size))
        tail = stream.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise NotText("Filen är skadad eller ingen zip", todo=_TODO)
    *_, count, directory_bytes, _, _ = _END.unpack_from(tail, at)
    if _END64_MARK in tail[max(0, at - 20) : at]:
        raise ReportTooLarge("Zip-arkivet är av en sort för mycket stora arkiv", todo=_TODO)
    if count > MEMBERS_MAX or directory_bytes > DIRECTORY_BYTES_MAX:
        raise ReportTooLarge(f"Zip-arkivet har {count} filer (högst {MEMBERS_MAX})", todo=_TODO)


def _too_large(files: list[zipfile.ZipInfo]) -> str:
    if len(files) > MEMBERS_MAX:
        return f"{len(files)} filer (högst {MEMBERS_MAX})"
    if sum(info.file_size for info in files) > ARCHIVE_BYTES_MAX:
        return f"mer än {ARCHIVE_BYTES_MAX // 1_000_000} MB"
    for info in files:
        if info.file_size > RATIO_FROM_BYTES and info.file_size > RATIO_MAX * max(info.compress_size, 1):
            return f"en fil är packad mer än {RATIO_MAX} gånger"
    return ""


def _named(files: list[zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Yield members by name; of two with one name the later, as an unpacked folder would hold."""
    for info in files:
        parts = [
            part
            for part in PurePosixPath(_name(info).replace("\\", "/")).parts
            if part not in {"/", "..", "."}
        ]
        if parts and parts[0] != "__MACOSX":
            yield "/".join(parts), info


def _name(info: zipfile.ZipInfo) -> str:
    """Names without the mark for UTF-8 are of code page 437, or are UTF-8 all the same, as from a Mac."""
    if info.flag_bits & _UTF8_NAME:
        return normalize("NFC", info.filename)
    try:
        return normalize("NFC", info.filename.encode("cp437").decode("utf-8"))
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def _refusal(inner: str, info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _LOCKED:
        return "låst med lösenord i zip-arkivet"
    if inner.lower().endswith(SUFFIX):
        return "zip-arkiv i ett zip-arkiv: packa upp det"
    if info.file_size > MEMBER_BYTES_MAX:
        return f"större än {MEMBER_BYTES_MAX // 1_000_000} MB"
    return ""
