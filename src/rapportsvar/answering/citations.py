"""The check at the border: nothing is shown as a quote that does not stand in the source at its offsets."""

from __future__ import annotations

from rapportsvar.errors import CitationError
from rapportsvar.index.entries import plain
from rapportsvar.model import Hit


def check_hit(hit: Hit, text: str) -> Hit:
    """Return the hit, if every quote in it holds to the character.

    Args:
        hit: What is to be shown.
        text: The text of its report.

    Raises:
        CitationError: A quote does not stand where it says, or a highlight lies outside its hit.
    """
    quotes = [(hit.span, hit.text), *((h.span, h.text) for h in hit.highlights)]
    for span, quote in quotes:
        if not quote or span.of(text) != quote:
            raise _error(hit, span.start, span.end)
    for cell in hit.cells:
        if not cell.value or plain(cell.span.of(text)) != cell.value:
            raise _error(hit, cell.span.start, cell.span.end)
    inside = (*(h.span for h in hit.highlights), *(c.span for c in hit.cells))
    for span in inside:
        if not hit.span.contains(span):
            raise _error(hit, span.start, span.end)
    return hit


def _error(hit: Hit, start: int, end: int) -> CitationError:
    return CitationError(
        "A quote does not stand in its source",
        where=f"{hit.source}, characters {start} to {end}",
        todo="Build the index again with: rapportsvar index",
    )
