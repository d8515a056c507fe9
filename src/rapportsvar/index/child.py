"""The process that reads files and analyses them, one after the other, for as long as it is given any.

``python -m rapportsvar.index.child MEGABYTES SECONDS`` takes commands on stdin and answers each with a report
or an error (see ``exchange.py``), each with its length before it. Reading and analysing have the same bounds,
each its own time. What a file makes it do (crash, hang, take
all memory) is its own end only, and it reaches no network.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import BinaryIO

from rapportsvar.errors import ReaderFailed, ReadingError, ReportTooLarge
from rapportsvar.index.confine import hold_memory, shut_network
from rapportsvar.index.exchange import (
    LENGTH_BYTES,
    PATIENCE,
    TO_LARGE,
    Command,
    pack_answer,
    pack_fresh,
    unpack_command,
)
from rapportsvar.index.fresh import make_fresh
from rapportsvar.index.masking import without_identity_numbers
from rapportsvar.index.summary import BuildSummary
from rapportsvar.model import Report
from rapportsvar.reading.folder import read_source
from rapportsvar.structure.build import build_report
from rapportsvar.structure.passages import PassageSize
from rapportsvar.swedish.words import Analyzer

GRACE_SECONDS = 30
READY = bytes(LENGTH_BYTES)
"""An answer of no length: the first, before any command, and when a report is read that is analysed next."""


def report_of(
    path: Path,
    name: str,
    size: PassageSize,
    corrections: Mapping[str, str] | None = None,
    *,
    mask: bool = True,
) -> Report:
    """Read a file and find its structure, without the personal identity numbers in it unless told otherwise.

    Raises:
        ReadingError: It cannot be read; whatever the readers raise is one.
    """
    try:
        source = without_identity_numbers(read_source(path, name), mask=mask)
        return build_report(source, size, corrections)
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
        length = int.from_bytes(commands.read(LENGTH_BYTES), "big")
        if not length:
            return
        command = unpack_command(commands.read(length))
        try:
            packed = _packed(command, answers, seconds)
        except ReadingError as unreadable:
            packed = pack_answer(unreadable)
        except MemoryError:
            what = "Filen tar för mycket minne att läsa"
            packed = pack_answer(ReportTooLarge(what, where=command.name, todo=TO_LARGE))
        answers.write(len(packed).to_bytes(LENGTH_BYTES, "big"))
        answers.write(packed)
        answers.flush()


def _packed(command: Command, answers: BinaryIO, seconds: int) -> bytes:
    summary = BuildSummary()
    _end_after(seconds)
    with summary.stage("reading"):
        report = report_of(command.path, command.name, command.size, command.corrections, mask=command.mask)
    if not command.analysed:
        return pack_answer(report)
    answers.write(READY)
    answers.flush()
    _end_after(seconds)
    return pack_fresh(make_fresh(report, command.path, _analyzer(), summary))


@cache
def _analyzer() -> Analyzer:
    return Analyzer()


def main() -> None:
    """Serve on a pipe of our own: nothing that a library prints gets between the answers."""
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        hold_memory(int(sys.argv[1]))
        shut_network()
        answers.write(READY)
        answers.flush()
        serve(sys.stdin.buffer, answers, int(sys.argv[2]))


def _end_after(seconds: int) -> None:
    """Bound the processor's time; 0 takes the bounds away.

    By the clock, who asked keeps the time, but may itself be gone: then nobody else would end us.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.alarm(seconds and PATIENCE * seconds + GRACE_SECONDS)


if __name__ == "__main__":
    main()
