"""The process that reads files one after the other, for as long as it is given any.

``python -m rapportsvar.index.child MEGABYTES SECONDS`` takes pickled ``(path, name, size, corrections)`` on
stdin and answers each with a pickled report or error. What a file makes it do (crash, hang, take all memory)
is its own end only.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from rapportsvar.errors import ReaderFailed, ReadingError, ReportTooLarge
from rapportsvar.model import Report
from rapportsvar.reading.folder import read_source
from rapportsvar.structure.build import build_report
from rapportsvar.structure.passages import PassageSize

MEGABYTE = 1_000_000
GRACE_SECONDS = 30
READY = bytes(8)
"""An answer of no length: the first, before any command."""
TO_LARGE = "Dela filen, eller höj reading.megabytes_max i inställningarna."


def report_of(
    path: Path, name: str, size: PassageSize, corrections: Mapping[str, str] | None = None
) -> Report:
    """Read a file and find its structure.

    Raises:
        ReadingError: It cannot be read; whatever the readers raise is one.
    """
    try:
        return build_report(read_source(path, name), size, corrections)
    except ReadingError:
        raise
    except (MemoryError, RecursionError) as large:
        raise ReportTooLarge("Filen tar för mycket minne att läsa", where=name, todo=TO_LARGE) from large
    except Exception as broken:
        what = f"Läsaren klarade inte filen: {type(broken).__name__}: {str(broken)[:200]}"
        raise ReaderFailed(
            what, where=name, todo="Spara om den, eller spara den i ett annat format."
        ) from broken


def serve(commands: BinaryIO, answers: BinaryIO, seconds: int) -> None:
    """Answer commands until there are no more."""
    while True:
        _end_after(0)
        try:
            path, name, size, corrections = pickle.load(commands)
        except EOFError:
            return
        _end_after(seconds + GRACE_SECONDS)
        answer: Report | ReadingError
        try:
            answer = report_of(path, name, size, corrections)
        except ReadingError as unreadable:
            answer = unreadable
        try:
            packed = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
        except MemoryError:
            too_large = ReportTooLarge("Filen tar för mycket minne att läsa", where=name, todo=TO_LARGE)
            packed = pickle.dumps(too_large)
        answers.write(len(packed).to_bytes(8, "big"))
        answers.write(packed)
        answers.flush()


def main() -> None:
    """Serve on a pipe of our own: nothing that a library prints gets between the answers."""
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        _hold_memory(int(sys.argv[1]))
        answers.write(READY)
        answers.flush()
        serve(sys.stdin.buffer, answers, int(sys.argv[2]))


def _end_after(seconds: int) -> None:
    """Who asked keeps the time, but may itself be gone: then nobody else would end us."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _hold_memory(megabytes: int) -> None:
    try:
        import resource  # not on Windows, where only time is held
    except ImportError:
        return
    limit = megabytes * MEGABYTE
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
