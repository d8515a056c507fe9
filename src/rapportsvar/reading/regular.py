"""Opening files that others put there: a pipe or a device never makes whoever opens it wait."""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

FILE_BYTES_MAX = 400_000_000
"""Of one file that is read whole."""


def open_regular(path: Path) -> BufferedReader:
    """Open a file for reading, if it is one.

    Raises:
        OSError: It is gone, may not be read, or is a pipe, a device or a folder.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "ingen vanlig fil", str(path))
    return os.fdopen(handle, "rb")
