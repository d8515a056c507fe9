"""The answer in words: put together from highlights and cells only, with row and column labels."""

from __future__ import annotations

from rapportsvar.index.entries import plain
from rapportsvar.model import CellAnswer, Hit, QuestionKind

SEVERAL = (QuestionKind.WHY, QuestionKind.WHICH, QuestionKind.COMPARISON)
PLACES_MAX = 3


def compose(hits: tuple[Hit, ...], kind: QuestionKind) -> str:
    """Quote the first hit; for causes, lists and comparisons the first few places."""
    quoted = [words for hit in hits[: PLACES_MAX if kind in SEVERAL else 1] if (words := quote(hit))]
    return "\n".join(dict.fromkeys(quoted))


def quote(hit: Hit) -> str:
    """Quote what a hit highlights."""
    if hit.cells:
        return "; ".join(describe(cell) for cell in hit.cells)
    return " … ".join(plain(mark.text) for mark in hit.highlights)


def describe(cell: CellAnswer) -> str:
    """Write a cell with its labels: ``Förskola, Bokslut 2021: 286 067 tkr``."""
    label = ", ".join(filter(None, (cell.row, cell.column)))
    unit = ""
    if cell.unit and cell.unit not in cell.value and any(c.isdigit() for c in cell.value):
        unit = f" {cell.unit}"
    return f"{label}: {cell.value}{unit}" if label else f"{cell.value}{unit}"
