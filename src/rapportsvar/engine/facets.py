"""How places are spread over municipalities, boards, years, kinds of report, and text or table."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from rapportsvar.index.opened import OpenIndex
from rapportsvar.model import EntryKind

FACETS = ("municipality", "board", "year", "kind", "form")
TEXT, TABLE = "text", "tabell"
UNKNOWN = "okänt"


def count_facets(
    index: OpenIndex, places: npt.NDArray[np.int64], form: EntryKind | None = None
) -> dict[str, dict[str, int]]:
    """Count entries by the facets of their reports, those with most first.

    Args:
        index: The index.
        places: Places in ``OpenIndex.entries``.
        form: Count passages only or rows only. Forms are counted as if they were not limited.
    """
    rows = len(of_form(index, places, EntryKind.ROW))
    forms = Counter({TEXT: len(places) - rows, TABLE: rows})
    kept = index.entries["report"][of_form(index, places, form)]
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for report, count in zip(*(found.tolist() for found in np.unique(kept, return_counts=True)), strict=True):
        info = index.reports[report][1]
        values = (info.municipality, info.board, str(info.year or ""), info.kind)
        for name, value in zip(FACETS, values, strict=False):
            counts[name][value or UNKNOWN] += count
    counts["form"] = +forms
    return {name: dict(counter.most_common()) for name, counter in counts.items()}


def of_form(index: OpenIndex, places: npt.NDArray[np.int64], form: EntryKind | None) -> npt.NDArray[np.int64]:
    """Return those of the entries that are rows, or passages; all where ``form`` is None."""
    if form is None:
        return places
    kept: npt.NDArray[np.int64] = places[index.entries["is_row"][places] == (form is EntryKind.ROW)]
    return kept
