"""Where on the page a quotation stands: its page, and one box a line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rapportsvar.index.store import Store
from rapportsvar.model import Box, Hit, PlacedWords, Span

_SAME_LINE = 0.5
_WIDE_GAP = 3.0
"""Words further apart than so many line heights get boxes of their own: they stand in two columns."""


class Places:
    """Finds boxes in the reports of one store; the words of the latest reports are kept in memory."""

    def __init__(self, store: Store) -> None:
        self._placed = lru_cache(maxsize=16)(store.placed)

    def boxes(self, source: str, spans: Iterable[Span], *, cells: bool = False) -> tuple[Box, ...]:
        """Return one box for each run of words on one line, in the order of the text.

        Args:
            source: The report.
            spans: What is to be lit.
            cells: Words of one line that stand far apart are kept apart.

        Raises:
            UnknownReport: There is no such source.
        """
        words = self._placed(source)
        if words is None:
            return ()
        chosen = [_inside(words, span) for span in sorted(spans)]
        places = np.unique(np.concatenate(chosen)) if chosen else np.empty(0, np.int64)
        return tuple(_runs(words, places, _WIDE_GAP if cells else np.inf))

    def placed(self, hit: Hit) -> Hit:
        """Return a hit with page and boxes: of its highlights and cells, or else of all of it."""
        marked = {mark.span for mark in hit.highlights} | {cell.span for cell in hit.cells}
        boxes = self.boxes(hit.source, marked) or self.boxes(hit.source, [hit.span])
        return replace(hit, page=boxes[0].page, boxes=boxes) if boxes else hit


def _inside(words: PlacedWords, span: Span) -> NDArray[np.int64]:
    """Return the places of the words that a span overlaps."""
    first = int(np.searchsorted(words.ends, span.start, side="right"))
    last = int(np.searchsorted(words.starts, span.end, side="left"))
    return np.arange(first, max(first, last))


def _runs(words: PlacedWords, places: NDArray[np.int64], wide: float) -> Iterable[Box]:
    run: Box | None = None
    last = -2
    for place in places.tolist():
        x0, y0, x1, y1 = (float(edge) for edge in words.boxes[place])
        box = Box(int(words.pages[place]), x0, y0, x1, y1)
        if run is not None and place == last + 1 and _goes_on(run, box, wide):
            run = Box(run.page, min(run.x0, x0), min(run.y0, y0), max(run.x1, x1), max(run.y1, y1))
        else:
            if run is not None:
                yield run
            run = box
        last = place
    if run is not None:
        yield run


def _goes_on(run: Box, box: Box, wide: float) -> bool:
    """Tell whether a word stands on the line of a run, to its right."""
    overlap = min(run.y1, box.y1) - max(run.y0, box.y0)
    least = min(run.y1 - run.y0, box.y1 - box.y0)
    beside = box.x0 >= run.x1 - 2.0 and box.x0 - run.x1 <= wide * (box.y1 - box.y0)
    return run.page == box.page and overlap >= _SAME_LINE * least and beside
