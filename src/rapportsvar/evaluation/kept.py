"""Runs kept in a folder, one file each, named by when they began: the newest is told without reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from rapportsvar.evaluation.run import Run

NAME = re.compile(r"(\d{8}T\d{6}Z)-[0-9a-f]{6}\.json")
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run on disk. ``name`` is that of its file without the ending; ``began`` is in UTC."""

    path: Path
    name: str
    began: datetime


def keep(run: Run, folder: Path) -> Path:
    """Write a run into a folder under a name of its own.

    Raises:
        OSError: The folder cannot be written.
    """
    began = datetime.fromisoformat(run.date).astimezone(UTC)
    path = folder / f"{began.strftime(STAMP)}-{uuid4().hex[:6]}.json"
    run.save(path)
    return path


def kept_runs(folder: Path) -> Sequence[KeptRun]:
    """List the runs of a folder, newest first; none where there is no folder. Other files are left alone."""
    found = ((path, NAME.fullmatch(path.name)) for path in folder.glob("*.json"))
    runs = [KeptRun(path, path.stem, _began(match[1])) for path, match in found if match]
    return sorted(runs, key=lambda kept: (kept.began, kept.name), reverse=True)


def _began(stamp: str) -> datetime:
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
