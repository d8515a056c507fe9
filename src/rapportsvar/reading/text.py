"""Plain text and Markdown: the decoded file, unchanged, is what offsets refer to.

A byte order mark stays in the text as its first character and counts as blank; CRLF stays CRLF. So whoever
decodes the file by himself counts the same offsets.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from rapportsvar.errors import EmptyReport, NotText
from rapportsvar.model import Source
from rapportsvar.reading.base import read_bytes, sha256_of

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLANKS = " \t\r\n\x0b\x0c\xa0\ufeff\u200b"
# Control characters that do occur in text: the blanks, and what old editors end a file with.
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})
_MOST_CONTROLS = 0.001


def read_text(path: Path, name: str) -> Source:
    """Read a text file.

    Raises:
        EmptyReport: There is nothing but blanks in it.
        NotText: The bytes are no text.
        VanishedReport: It cannot be read.
    """
    data = read_bytes(path, name)
    text, warnings = _decode(data, name)
    if not text.strip(_BLANKS):
        raise EmptyReport("Filen innehåller ingen text", where=name, todo="Byt ut eller ta bort den.")
    return Source(name, text, sha256_of(data), warnings=warnings)


def _decode(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    if data.startswith(_UTF16):
        return _decode_utf16(data, name)
    if _is_binary(data):
        raise NotText("Filen är inte text", where=name, todo="Spara den som .txt (UTF-8) eller .md.")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        text = _decode_cp1252(data)
        return text, ("Filen är inte UTF-8; den lästes som Windows-1252. Kontrollera å, ä och ö.",)


def _decode_utf16(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Decode with the mark kept, as for UTF-8."""
    coding = "utf-16-le" if data.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    try:
        return data.decode(coding), ("Filen är UTF-16; spara den hellre som UTF-8.",)
    except UnicodeDecodeError as error:
        raise NotText(
            "Filen är inte text", where=name, todo="Spara den som .txt (UTF-8) eller .md."
        ) from error


def _decode_cp1252(data: bytes) -> str:
    """Windows-1252; its five unused bytes become the characters of Latin-1."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _is_binary(data: bytes) -> bool:
    """NUL anywhere, or more control characters than an export leaves behind."""
    if b"\x00" in data:
        return True
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return controls > max(2, len(data) * _MOST_CONTROLS)
