"""*Vem är ordförande?* asks for the row ``Ordförande``, not for ``1:e vice ordförande`` above it.

Rows of one table whose labels hold the words of the question are alike to keywords and vectors. Where one
says more than was asked, and another of the same unit says just that, the plain one is meant: ``Total
sjukfrånvaro`` before ``Sjukfrånvaro dag 1-14``, since what sums up says nothing more, and ``Antal invånare``
before the ``varav 0-5 år`` below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapportsvar.index.figures.measures import NEUTRAL
from rapportsvar.model import EntryKind, Hit
from rapportsvar.retrieval.question import Understood
from rapportsvar.swedish.words import Analyzer

LOOKED_AT = 5
"""How many of the first hits may hold the plain row."""


def plain_first(hits: tuple[Hit, ...], understood: Understood, analyzer: Analyzer) -> tuple[Hit, ...]:
    """Put the row whose label is all asked for before a first one whose label says more.

    A row that names what the question leaves out is never put first: it may well hold it.

    Args:
        hits: As ranked.
        understood: The question.
        analyzer: For the words of labels.
    """
    if not hits or not hits[0].cells or hits[0].kind is not EntryKind.ROW:
        return hits
    asked = {key for c in understood.concepts for wording in c.wordings for key in wording.keys}
    asked |= {term.key for term in understood.terms}
    first = _Named.of(hits[0], analyzer)
    if first.own <= asked:
        return hits
    for hit in hits[1:LOOKED_AT]:
        if hit.cells and (hit.source, hit.section, hit.kind) == (
            hits[0].source,
            hits[0].section,
            hits[0].kind,
        ):
            other = _Named.of(hit, analyzer)
            leaves_out = other.own.isdisjoint(understood.excluded)
            if leaves_out and other.unit == first.unit and _says_less(other, first, asked):
                return _with_first(hit, hits)
    return hits


@dataclass(frozen=True, slots=True)
class _Named:
    """What a row is called: the labels above its own, its own, the words of it that tell, and its unit."""

    above: tuple[str, ...]
    label: str
    own: frozenset[str]
    unit: str

    @classmethod
    def of(cls, hit: Hit, analyzer: Analyzer) -> _Named:
        *above, label = hit.cells[0].row.split(" › ")
        own = frozenset(term.key for term in analyzer.terms(label) if not term.part) - NEUTRAL
        return cls(tuple(above), label, own, hit.cells[0].unit)


def _says_less(row: _Named, than: _Named, asked: set[str]) -> bool:
    """Tell whether a row is one without the other's further words, or the one that the other is a part of."""
    if than.above == (*row.above, row.label):
        return not than.own & asked
    further = than.own - row.own
    return (
        row.above == than.above
        and bool(row.own)
        and row.own < than.own
        and row.own <= asked
        and not further & asked
    )


def _with_first(first: Hit, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    ordered = [first, *(hit for hit in hits if hit is not first)]
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(ordered, 1))
