"""The invented facts of one municipality: figures that tables are filled in from, so that reports agree.

A facts file is tab-separated, in blocks. ``[drift]`` opens a block; the next line names its columns
(``2020.budget``, ``2020-08.prognos``); then a row a line, its label first. ``#`` opens a comment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

_TERM = re.compile(r"\s+([-+])\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """One block: ``rows[label][column]`` is the figure as it was written, with a decimal comma."""

    rows: Mapping[str, Mapping[str, str]]

    def value(self, label: str, expression: str) -> str:
        """Return a figure of a row: a column's, or the sum or difference of columns (``a - b``)."""
        terms = _TERM.split(expression.strip())
        if len(terms) == 1:
            return self._of(label, terms[0])
        total = decimal_of(self._of(label, terms[0]))
        for sign, term in zip(terms[1::2], terms[2::2], strict=True):
            amount = decimal_of(self._of(label, term))
            total = total + amount if sign == "+" else total - amount
        return _written(total)

    def _of(self, label: str, column: str) -> str:
        row = self.rows.get(label)
        if row is None or column not in row:
            raise ValueError(f"The facts hold no {column!r} of {label!r}")
        return row[column]


def read_facts(path: Path) -> dict[str, Block]:
    """Read a facts file; see the module."""
    blocks: dict[str, dict[str, dict[str, str]]] = {}
    rows: dict[str, dict[str, str]] = {}
    columns: list[str] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            rows, columns = blocks.setdefault(line.strip("[]"), {}), None
            continue
        cells = line.split("\t")
        if columns is None:
            columns = cells[1:]
            continue
        if len(cells) != len(columns) + 1:
            raise ValueError(f"{path}: {cells[0]!r} has {len(cells) - 1} figures for {len(columns)} columns")
        rows.setdefault(cells[0], {}).update(zip(columns, cells[1:], strict=True))
    return {name: Block(block) for name, block in blocks.items()}


def decimal_of(figure: str) -> Decimal:
    """Return the number that a figure such as ``-1 234,5`` stands for; an empty one is 0."""
    return Decimal(figure.replace(" ", "").replace(",", ".").rstrip("¹²³*") or "0")


def shown(figure: str, per: int = 1) -> str:
    """Write a figure as the reports do: ``41260`` is ``41 260``, and by 1000 ``41,3``."""
    if not figure or not re.fullmatch(r"-?[\d ]+(,\d+)?", figure):
        return figure
    number = decimal_of(figure)
    if per != 1:
        return f"{(number / per).quantize(Decimal('0.1')):,}".replace(",", " ").replace(".", ",")
    whole, _, part = str(number).partition(".")
    return f"{int(whole):,}".replace(",", " ").replace("-0", "-0") + (f",{part}" if part else "")


def total(figures: list[str]) -> str:
    """Return the sum of figures, as a figure."""
    return _written(sum((decimal_of(figure) for figure in figures), Decimal(0)))


def _written(number: Decimal) -> str:
    return str(number).replace(".", ",")
