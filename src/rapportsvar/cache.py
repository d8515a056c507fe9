"""What is made once on a machine and kept in the user's cache: it can always be made again.

A file of ``kept`` is the sha256 of what follows, 32 bytes, and then that: one file, put in place by one
rename, so that whoever reads sees all of it or none, and a changed bit is noticed.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import platformdirs
from filelock import FileLock

CACHE_VARIABLE = "RAPPORTSVAR_CACHE"
_DIGEST_BYTES = hashlib.sha256().digest_size


def cache_folder() -> Path:
    """Where it is kept: RAPPORTSVAR_CACHE, or else the user's cache."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_cache_dir("rapportsvar"))


def kept(name: str, make: Callable[[], bytes]) -> bytes:
    """Return what was made under a name, made now where there is none or it has changed.

    Two processes may do it at once: one makes it, the other waits and reads it.

    Args:
        name: Of the file. Whatever decides the content must be in it: versions, a hash of what it is made of.
        make: Makes the content.

    Raises:
        OSError: There is none, and none can be written.
    """
    path = cache_folder() / name
    content = _sound(path)
    if content is not None:
        return content
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f"{name}.lock")):
        content = _sound(path)
        if content is None:
            for left in path.parent.glob(f"{name}.new-*"):  # a process was killed while it wrote
                left.unlink(missing_ok=True)
            content = make()
            _put(path, content)
    return content


def _sound(path: Path) -> bytes | None:
    try:
        whole = path.read_bytes()
    except OSError:
        return None
    content = whole[_DIGEST_BYTES:]
    return content if hashlib.sha256(content).digest() == whole[:_DIGEST_BYTES] else None


def _put(path: Path, content: bytes) -> None:
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(content).digest())
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(aside).unlink()
        raise
