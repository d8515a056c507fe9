"""What runs in a process of its own.

::

    python -m rapportsvar.engine.aside look PATH NAME
    python -m rapportsvar.engine.aside update FOLDER

A file from outside that makes a reader crash or hang takes this process with it, not the application; and an
update of the index does not slow down those who ask. What is found is written to stdout, a line of JSON each.
Settings are read as by every command.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rapportsvar.config import load_settings
from rapportsvar.engine.engine import build
from rapportsvar.errors import IndexMissing, RapportsvarError
from rapportsvar.index.entries import report_info
from rapportsvar.index.manifest import read_manifest
from rapportsvar.reading.folder import read_source
from rapportsvar.structure.build import build_report

NICE = 5
"""An update gives way to the process that answers questions."""


def main(arguments: Sequence[str]) -> int:
    """Run one job; return its exit status."""
    job, *rest = arguments
    try:
        _look(Path(rest[0]), rest[1]) if job == "look" else _update(Path(rest[0]))
    except RapportsvarError as error:
        tell({"error": type(error).__name__, "what": error.what, "where": error.where, "todo": error.todo})
        return 1
    return 0


def tell(content: Mapping[str, Any]) -> None:
    """Write a line of JSON; whoever started this may be gone, and then nobody is told."""
    with suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(content) + "\n")
        sys.stdout.flush()


def indexed_paths(folder: Path) -> list[Path]:
    """Return the paths that an index was built of; none where there is no index.

    Raises:
        IndexUnusable: The index is damaged, stale or foreign.
    """
    try:
        return [Path(path) for path in read_manifest(folder).paths]
    except IndexMissing:
        return []


def _look(path: Path, name: str) -> None:
    report = build_report(read_source(path, name))
    tell(
        {
            "pages": len(report.source.pages),
            "sections": sum(1 for section in report.sections if section.heading),
            "tables": len(report.tables),
            "passages": len(report.passages),
            "warnings": list(dict.fromkeys((*report.source.warnings, *report.warnings))),
            "info": asdict(report_info(report)),
        }
    )


def _update(folder: Path) -> None:
    os.nice(NICE)

    def progress(stage: str, done: int, total: int) -> None:
        tell({"stage": stage, "done": done, "total": total})

    summary = build(indexed_paths(folder), folder, load_settings(), progress=progress)
    tell({"embedded": summary.embedded, "counts": summary.counts, "failures": summary.failures})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
