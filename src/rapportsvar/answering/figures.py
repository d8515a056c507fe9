"""The figures behind the hits of an answer, and those of the same name in the reports of the same owner."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from rapportsvar.answering.series import KINDS, kind_of, stretch_of
from rapportsvar.index.analysis import index_terms
from rapportsvar.index.entries import JOIN, plain
from rapportsvar.index.figures.measures import name_key
from rapportsvar.index.opened import OpenIndex
from rapportsvar.index.owners import Owner, owner_of
from rapportsvar.model import CellAnswer, Figure, Hit, QuotedNumber, ReportInfo, Span, Table
from rapportsvar.swedish.numbers import MONEY_FACTORS
from rapportsvar.swedish.words import Analyzer

NAMED_MAX = 200
"""Figures of one name that are looked at."""

_TELLING = re.compile(
    r"\b(?:utan|ej|inte|icke|inga?|över|under|före|efter|exkl\w*|inkl\w*|från|till|per|varav|högst|minst)\b",
    re.IGNORECASE,
)
"""Words that index terms leave out, but that make another measure: with and ``utan anmärkning``."""


class FigureFinder:
    """Finds figures in one index."""

    def __init__(
        self, index: OpenIndex, analyzer: Analyzer, tables_at: Callable[[str, Span], Sequence[Table]]
    ) -> None:
        self._index = index
        self._tables_at = tables_at
        self._analyzer = analyzer
        self._ids = index.ids_by_source
        self._owned: dict[Owner, list[int]] = {}
        for key, (_, info) in index.reports.items():
            self._owned.setdefault(owner_of(info), []).append(key)
        self._in = lru_cache(maxsize=1_000)(index.store.figures_in)

    def info(self, figure: Figure) -> ReportInfo:
        """Return whose report a figure stands in."""
        return self._index.reports[self._ids[figure.source]][1]

    def of_hit(self, hit: Hit) -> tuple[Figure, ...]:
        """Return the figures of a row, or of the sentences of a passage, in the order of the text."""
        return self._in(self._ids[hit.source], hit.span)

    def alike(self, figure: Figure, owners: Iterable[Owner] = ()) -> tuple[Figure, ...]:
        """Return the figures of the same name in the reports of its owner, or of other owners.

        Args:
            figure: A figure; it is among what is returned.
            owners: Of the reports to look in.
        """
        reports = [key for owner in owners or (owner_of(self.info(figure)),) for key in self._owned[owner]]
        terms = index_terms(self._analyzer, figure.measure)
        named = self._index.store.figures_named(terms, reports, NAMED_MAX)
        told = telling(figure.measure)
        return tuple(other for other in named if telling(other.measure) == told)

    def beside(self, figure: Figure) -> tuple[Figure, ...]:
        """Return all figures of the table that a figure stands in; none for one of a sentence."""
        tables = self._tables_at(figure.source, figure.row)
        span = next((table.span for table in tables if table.span.contains(figure.row)), None)
        return self._in(self._ids[figure.source], span) if span else ()

    def name(self, figure: Figure) -> str:
        """Return the words of a figure's measure in base form, those left out that names may differ by."""
        return name_key(index_terms(self._analyzer, figure.measure))

    def owners(self, municipalities: Sequence[str]) -> list[Owner]:
        """Return the owners of reports in some municipalities."""
        return [owner for owner in self._owned if owner[0] in municipalities]


def telling(measure: str) -> frozenset[str]:
    """Return the small words of a measure's name that tell it from others."""
    return frozenset(word.lower() for word in _TELLING.findall(measure))


def dimension_of(figure: Figure) -> str:
    """Return what a figure's unit measures: all units of money are one."""
    return "pengar" if figure.unit in MONEY_FACTORS else figure.unit


def quoted_figure(figure: Figure, text: str) -> QuotedNumber:
    """Quote a figure with the labels that say what it is."""
    cell = cell_of(figure, text)
    label = ", ".join(filter(None, (cell.row, cell.column)))
    return QuotedNumber(figure.source, figure.span, cell.value, figure.value, figure.unit, label)


def cell_of(figure: Figure, text: str) -> CellAnswer:
    """Show a figure as a cell; that of a sentence stands under its measure."""
    return CellAnswer(
        figure.row_label or figure.measure,
        figure.column_label,
        plain(figure.span.of(text)),
        figure.unit,
        figure.span,
    )


def same_but(figure: Figure, *left_out: str) -> tuple[object, ...]:
    """Return what two figures must share to be set against each other, but for what is left out.

    Args:
        figure: A figure.
        left_out: ``year``, ``period``, ``kind`` or ``sex``.
    """
    shared = {
        "kind": kind_of(figure),
        "sex": figure.sex,
        "period": figure.period,
        "as_of": figure.as_of,
        "stretch": stretch_of(figure.period) if figure.period else "",
        "aspect": frozenset(figure.aspect.split()),
        "dimension": dimension_of(figure),
        "part": figure.part,
        "investment": figure.investment,
    }
    return tuple(value for name, value in shared.items() if name not in left_out)


def kind_order(figure: Figure) -> int:
    """Return the place of a figure's kind in the order in which kinds are shown."""
    return KINDS.index(kind_of(figure))


def outer_labels(figure: Figure) -> str:
    """Return the labels that a row stands under, as they are shown: a goal, a group of rows."""
    return figure.row_label.rpartition(JOIN)[0]


def inside(figure: Figure, span: Span) -> bool:
    """Tell whether a figure stands inside a span."""
    return span.contains(figure.span)
