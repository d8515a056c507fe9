"""An update of an index in a process of its own: ``python -m rapportsvar.engine.aside FOLDER``.

It does not slow down those who ask meanwhile, and what brings it down does not take the application with it.
How far it has come is written to stdout, a line of JSON each. Settings are read as by every command.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from rapportsvar.config import IndexSettings, load_settings
from rapportsvar.engine.engine import build
from rapportsvar.errors import IndexMissing, RapportsvarError
from rapportsvar.index.engines import manifest_of
from rapportsvar.index.manifest import OLDEST

NICE = 5
"""An update gives way to the process that answers questions."""


def main(arguments: Sequence[str]) -> int:
    """Update the index in a folder; return the exit status."""
    try:
        _update(Path(arguments[0]))
    except RapportsvarError as error:
        tell({"error": type(error).__name__, "what": error.what, "where": error.where, "todo": error.todo})
        return 1
    return 0


def tell(content: Mapping[str, Any]) -> None:
    """Write a line of JSON; whoever started this may be gone, and then nobody is told."""
    with suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(content) + "\n")
        sys.stdout.flush()


def indexed_paths(folder: Path, settings: IndexSettings) -> list[Path]:
    """Return the paths that an index was built of; none where there is no index.

    Raises:
        IndexUnusable: The index is damaged, stale or foreign.
    """
    try:
        return [Path(path) for path in manifest_of(folder, settings, oldest=OLDEST).paths]
    except IndexMissing:
        return []


def _update(folder: Path) -> None:
    os.nice(NICE)

    def progress(stage: str, done: int, total: int) -> None:
        tell({"stage": stage, "done": done, "total": total})

    settings = load_settings()
    summary = build(indexed_paths(folder, settings.index), folder, settings, progress=progress)
    tell({"embedded": summary.embedded, "counts": summary.counts, "failures": summary.failures})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
