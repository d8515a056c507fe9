"""Looking at a file before it is taken in: whether it can be read, and what was found in it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rapportsvar.model import ReportInfo

ASIDE = (sys.executable, "-m", "rapportsvar.engine.aside")
_CONVERT = "Pröva att öppna filen och spara den på nytt, eller spara den som text (.txt)."


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in a file.

    Attributes:
        pages: How many; 0 where the format has none.
        sections: Headings.
        tables: Tables.
        passages: Pieces of prose.
        warnings: Of the reader, in Swedish.
        info: Metadata.
        why: Why it could not be read, in Swedish; empty where it could.
        todo: What to do then.
    """

    pages: int = 0
    sections: int = 0
    tables: int = 0
    passages: int = 0
    warnings: tuple[str, ...] = ()
    info: ReportInfo = field(default_factory=ReportInfo)
    why: str = ""
    todo: str = ""


def look_at(path: Path, name: str, *, seconds_max: float) -> Look:
    """Read a file in a process of its own.

    Args:
        path: The file.
        name: What it is called in messages.
        seconds_max: After this it is given up.
    """
    try:
        run = subprocess.run(
            [*ASIDE, "look", str(path), name], capture_output=True, timeout=seconds_max, check=False
        )
    except subprocess.TimeoutExpired:
        why = f"Filen kunde inte läsas på {seconds_max:g} sekunder"
        return Look(why=why, todo="Dela den i mindre filer.")
    try:
        found: Mapping[str, Any] = json.loads(run.stdout.splitlines()[-1])
    except (ValueError, IndexError):  # it died before it could say anything
        return Look(why="Filen kunde inte läsas: läsningen avbröts", todo=_CONVERT)
    if "error" in found:
        return Look(why=found["what"], todo=found["todo"])
    info = {**found["info"], "uncertain": tuple(found["info"]["uncertain"])}
    return Look(**{**found, "warnings": tuple(found["warnings"]), "info": ReportInfo(**info)})
