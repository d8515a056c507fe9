"""The answer in words: put together from highlights and cells only, with row and column labels."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from rapportsvar.index.entries import plain
from rapportsvar.model import Calculation, CellAnswer, Disagreement, Hit, QuestionKind

SEVERAL = (QuestionKind.WHY, QuestionKind.WHICH, QuestionKind.COMPARISON)
PLACES_MAX = 3
UNSAID = ("", "antal", "st")
"""Units that a number says nothing more with."""


def compose(
    hits: tuple[Hit, ...],
    kind: QuestionKind,
    calculation: Calculation | None = None,
    disagreement: Disagreement | None = None,
) -> str:
    """Quote the first hit; for causes, lists and comparisons the first few places.

    A difference that was worked out stands in place of the cells that it quotes as its terms; behind the
    quote where the first hit is none of them. That places disagree is said last.
    """
    if calculation:
        places = {(term.source, term.span) for term in calculation.terms}
        is_term = places & {(hits[0].source, cell.span) for cell in hits[0].cells}
        return "\n".join([*([] if is_term else [quote(hits[0])]), calculation.text])
    quoted = [words for hit in hits[: PLACES_MAX if kind in SEVERAL else 1] if (words := quote(hit))]
    told = [disagreement.text] if disagreement else []
    return "\n".join(dict.fromkeys([*quoted, *told]))


def quote(hit: Hit) -> str:
    """Quote what a hit highlights."""
    if hit.cells:
        rows = groupby(hit.cells, key=lambda cell: cell.row)
        return "; ".join(_row(tuple(cells)) for _, cells in rows)
    return " … ".join(plain(mark.text) for mark in hit.highlights)


def _row(cells: tuple[CellAnswer, ...]) -> str:
    """Write cells of one row, its label once: ``Förskola, Bokslut 2020: 271 tkr; Bokslut 2021: 286 tkr``."""
    return "; ".join(
        [describe(cells[0]), *(describe(replace(c, row="") if c.column else c) for c in cells[1:])]
    )


def describe(cell: CellAnswer) -> str:
    """Write a cell with its labels: ``Förskola, Bokslut 2021: 286 067 tkr``."""
    label = ", ".join(filter(None, (cell.row, cell.column)))
    unit = ""
    if cell.unit not in UNSAID and cell.unit not in cell.value and any(c.isdigit() for c in cell.value):
        unit = f" {cell.unit}"
    return f"{label}: {cell.value}{unit}" if label else f"{cell.value}{unit}"
