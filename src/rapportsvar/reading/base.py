"""The contract of reading: a file's bytes become a :class:`~rapportsvar.model.Source`.

A reader is a function ``(path, name) -> Source``. It raises a :class:`~rapportsvar.errors.ReadingError` whose
message names the file and what to do; one report's failure never stops the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from rapportsvar.errors import EmptyReport, VanishedReport
from rapportsvar.model import Source
from rapportsvar.reading.archive import open_bytes

Reader = Callable[[Path, str], Source]


def read_bytes(path: Path, name: str) -> bytes:
    """Read a whole file, or a member of an archive.

    Raises:
        VanishedReport: It is gone, or may not be read.
        EmptyReport: It has no bytes.
        ReadingError: The archive that it is a member of cannot be read.
    """
    try:
        data = open_bytes(path, name)
    except FileNotFoundError as error:
        raise VanishedReport(
            "Filen finns inte längre", where=name, todo="Lägg tillbaka den eller bygg om."
        ) from error
    except OSError as error:
        reason = error.strerror or "okänt fel"
        raise VanishedReport(
            f"Filen kan inte läsas: {reason}", where=name, todo="Kontrollera rättigheterna."
        ) from error
    if not data:
        raise EmptyReport("Filen är tom", where=name, todo="Byt ut eller ta bort den.")
    return data


def sha256_of(data: bytes) -> str:
    """Return the hash that tells whether a file has changed."""
    return hashlib.sha256(data).hexdigest()
