"""Seals: a short hash kept beside what is shown of a report, and compared whenever it is read.

All files of a large index cannot be hashed while somebody waits for it to open. What is shown is checked
where it is read instead, against a seal that also covers whose it is: a bit that has changed since, in the
words, in a label or in a number that leads to them, ends in an error that names the file, not in a citation.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from rapportsvar.errors import IndexDamaged

SEAL_BYTES = 8
TODO = "Build it again with: rapportsvar index"


def seal(*parts: str | bytes) -> bytes:
    """Return the seal of some parts, ``SEAL_BYTES`` long; where one ends and the next begins counts, too."""
    digest = hashlib.blake2b(digest_size=SEAL_BYTES)
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.digest()


def check_seal(kept: object, path: Path, *parts: object) -> None:
    """Compare what was read from a file with its seal.

    Raises:
        IndexDamaged: It is not what was written.
    """
    if not all(isinstance(part, str | bytes) for part in parts) or kept != seal(*parts):  # type: ignore[arg-type]
        raise damaged(path)


def damaged(path: Path) -> IndexDamaged:
    """Return the error for a file that is not what was written."""
    return IndexDamaged("A file of the index has changed since it was written", where=str(path), todo=TODO)
