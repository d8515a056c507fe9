"""File names of uploads: shown to everyone and written to disk, so nothing in them may lead or mislead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from rapportsvar.reading.folder import NOT_REPORTS

NAME_BYTES_MAX = 180
UNNAMED = "rapport"
_SEPARATORS = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')  # what Windows refuses: a library can be moved there
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, bidirectional and zero-width characters: ``rapport\\u202efdp.exe`` looks like another file."""


def safe_name(given: str) -> str:
    """Return a name that stays in its folder, is no hidden file and shows what it is.

    The suffix is kept. A name that would be taken for no report (``README.md``) gets a word more.
    """
    last = _SEPARATORS.split(unicodedata.normalize("NFC", given))[-1]
    seen = "".join(" " if c in "\t\r\n" else c for c in last if c in "\t\r\n" or _is_seen(c))
    clean = " ".join(_FORBIDDEN.sub("-", seen).split()).lstrip(".~$ ").rstrip(". ")
    stem, dot, suffix = clean.rpartition(".")
    if not dot or not suffix.isalnum() or len(suffix) > 10:
        stem, suffix = clean, ""
    stem = stem.lstrip(".~$ ").rstrip(". ") or UNNAMED
    if stem.lower() in NOT_REPORTS:
        stem = f"{stem} {UNNAMED}"
    ending = f".{suffix}" if suffix else ""
    return _cut(stem, NAME_BYTES_MAX - len(ending.encode())) + ending


def free_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return the name, or the first of ``name (2)``, ``name (3)`` that is free."""
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        stem, suffix = name, ""
    number, free = 2, name
    while is_taken(free):
        free = f"{stem} ({number}){dot}{suffix}"
        number += 1
    return free


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN


def _cut(stem: str, bytes_max: int) -> str:
    return stem.encode()[:bytes_max].decode(errors="ignore").rstrip(". ") or UNNAMED
