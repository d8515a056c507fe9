"""One run of the program: options, settings, one command, its exit status."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from rapportsvar.cli.parser import make_parser
from rapportsvar.cli.talk import talk
from rapportsvar.config import load_settings
from rapportsvar.engine.journal import one_line
from rapportsvar.errors import RapportsvarError

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status: 0, 1 for an error of ours, 2 for wrong usage."""
    _write_utf8()
    options = make_parser().parse_args(arguments)
    try:
        status: int = options.run(options, load_settings(options.settings))
        sys.stdout.flush()
    except RapportsvarError as error:
        talk(one_line(f"rapportsvar: {error}"))
        return 1
    except BrokenPipeError:
        _forget_stdout()
        return 0
    except KeyboardInterrupt:
        talk("rapportsvar: avbrutet")
        return INTERRUPTED
    return status


def _write_utf8() -> None:
    """What is written to a file or a pipe is UTF-8, whatever the terminal's language is."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")


def _forget_stdout() -> None:
    """Nobody reads what is left: keep the interpreter from trying again when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
