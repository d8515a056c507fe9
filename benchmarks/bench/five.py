"""The five reports that indexing and asking are measured on, and reports made by varying them."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.results import CACHE
from bench.varied import SEEDS, Seeds
from rapportsvar.engine.engine import build


def five_reports(folder: Path) -> list[Path]:
    """Return the reports of a folder; where there are none, five of ``training/reports``."""
    found = sorted(folder.glob("*.txt"))[:5] if folder.is_dir() else []
    if not found:
        found = sorted(SEEDS.glob("t1_*.txt"))[:5]
        print(f"{folder} is not there: five reports of training/reports in their place", file=sys.stderr)
    return found


def five_index(folder: Path) -> Path:
    """Return the folder of an index of the five reports, brought up to date."""
    index = CACHE / "five"
    build(five_reports(folder), index)
    return index


def varied(folder: Path, times: int, to: Path) -> Path:
    """Write ``times`` as many reports, each varied; the five themselves where that is once."""
    paths = five_reports(folder)
    to.mkdir(parents=True, exist_ok=True)
    if times == 1:
        for path in paths:
            (to / path.name).write_bytes(path.read_bytes())
        return to
    return Seeds(paths).write(to, times * len(paths))
