"""What there is under the indexed paths, and what of it must be read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rapportsvar.errors import ReadingError
from rapportsvar.index.manifest import Manifest
from rapportsvar.library.corrections import digest_of
from rapportsvar.reading.archive import archive_of, open_bytes
from rapportsvar.reading.regular import open_regular


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it is now, with what is corrected of it. ``sha256`` is empty where it cannot be read."""

    path: Path
    sha256: str
    size_bytes: int
    corrections: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is and what is to be done.

    Attributes:
        seen: Every file, by name.
        kept: Sources that stay in the store as they are, with the hash of their bytes.
        failed: Sources that could not be read and have not changed since, with the hash of their bytes.
        changed: Names of the files to read.
    """

    seen: Mapping[str, Seen]
    kept: Mapping[str, str]
    failed: Mapping[str, str]
    changed: Sequence[str]


def see(path: Path) -> Seen:
    """Hash a file, or a member of an archive."""
    try:
        if archive_of(path):
            data = open_bytes(path, path.name)
            return Seen(path, hashlib.sha256(data).hexdigest(), len(data))
        with open_regular(path) as stream:
            size = os.fstat(stream.fileno()).st_size
            return Seen(path, hashlib.file_digest(stream, "sha256").hexdigest(), size)
    except (OSError, ReadingError):
        return Seen(path, "", 0)  # the reader says what is wrong


def make_plan(alike: Manifest | None, seen: Mapping[str, Seen]) -> Plan:
    """Tell what must be read.

    Args:
        alike: The index so far, if what it was made with is what would be used now.
        seen: Every file, by name.
    """
    kept = _as_corrected(_same(alike.sources, seen), alike, seen) if alike else {}
    failed = _same(alike.failed, seen) if alike else {}
    return Plan(seen, kept, failed, [name for name in seen if name not in kept and name not in failed])


def is_current(manifest: Manifest, seen: Mapping[str, Seen]) -> bool:
    """Tell whether an index holds the files just as they are."""
    same = {**manifest.sources, **manifest.failed} == {name: each.sha256 for name, each in seen.items()}
    return same and len(_as_corrected(manifest.sources, manifest, seen)) == len(manifest.sources)


def is_name(name: str) -> bool:
    """Tell whether a file's name is text, which on some systems it need not be."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _same(hashes: Mapping[str, str], seen: Mapping[str, Seen]) -> dict[str, str]:
    return {name: digest for name, digest in hashes.items() if name in seen and seen[name].sha256 == digest}


def _as_corrected(hashes: Mapping[str, str], manifest: Manifest, seen: Mapping[str, Seen]) -> dict[str, str]:
    """Leave out what is corrected in another way than when it was indexed."""
    before = manifest.corrected
    return {
        name: digest
        for name, digest in hashes.items()
        if digest_of(seen[name].corrections) == before.get(name, "")
    }
