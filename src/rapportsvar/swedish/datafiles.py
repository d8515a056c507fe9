"""The data files of this floor: tab-separated lines, comments after ``#``, packaged with the code."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


def data_lines(name: str) -> Iterator[tuple[str, ...]]:
    """Yield the fields of every line of a packaged data file, without comments and blank lines."""
    content = (files("rapportsvar.swedish") / "data" / name).read_text(encoding="utf-8")
    for line in content.splitlines():
        if line.strip() and not line.startswith("#"):
            yield tuple(field.strip() for field in line.split("\t"))
