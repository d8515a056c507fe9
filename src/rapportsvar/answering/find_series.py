"""From what is asked for to series: the measures that meet it, those of one meaning together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapportsvar.answering.likeness import JOINED_FROM, Likeness, Name, covers, name_of
from rapportsvar.answering.series import KINDS, Quoted, Series, make_series
from rapportsvar.index.analysis import index_terms
from rapportsvar.index.opened import OpenIndex
from rapportsvar.model import Figure, Filters, ReportInfo
from rapportsvar.swedish.words import Analyzer

MEASURES_MAX = 60
"""Names that are looked at further; a word such as ``kostnad`` stands in thousands."""

WIDENED = 8
"""Names, the best met, that are looked for in other words."""

Dated = tuple[Figure, ReportInfo]


@dataclass(frozen=True, slots=True)
class _Met:
    """A measure that meets what is asked for."""

    measure: str
    name: Name
    relevance: float


class SeriesFinder:
    """Finds series in one index."""

    def __init__(self, index: OpenIndex, analyzer: Analyzer, likeness: Likeness) -> None:
        self._index = index
        self._analyzer = analyzer
        self._likeness = likeness
        self._texts = lru_cache(maxsize=64)(index.store.text)

    def find(self, asked: str, filters: Filters, top: int) -> list[Series]:
        """Return the series that meet ``asked``, the best met and longest first."""
        name = name_of(index_terms(self._analyzer, asked))
        met = self._met(name) if name.words else []
        figures = self._figures([m.measure for m in met], filters)
        found = [s for group in self._groups(met, figures) for s in self._lines(group, figures)]
        found.sort(key=_order)
        return found[:top]

    def _met(self, asked: Name) -> list[_Met]:
        known = {measure: name_of(terms) for measure, terms in self._index.store.measures().items()}
        met = []
        for measure, name in known.items():
            relevance = self._likeness(asked, name)
            if relevance >= JOINED_FROM or covers(asked, name):
                met.append(_Met(measure, name, relevance))
        met.sort(key=lambda m: (-m.relevance, len(m.measure), m.measure))
        return self._with_other_names(met[:MEASURES_MAX], known)

    def _with_other_names(self, met: list[_Met], known: Mapping[str, Name]) -> list[_Met]:
        """Add other names of the measures met best: ``Anpassad grundskola`` for ``Grundsärskola``."""
        there = {m.measure for m in met}
        best = list({m.name: m for m in met}.values())[:WIDENED]
        more = []
        for measure, name in known.items():
            likeness = max((self._likeness(m.name, name) for m in best), default=0.0)
            if measure not in there and likeness >= JOINED_FROM:
                more.append(_Met(measure, name, round(min(likeness, best[0].relevance), 3)))
        return [*met, *more]

    def _figures(self, measures: Sequence[str], filters: Filters) -> dict[str, list[Dated]]:
        by_measure: dict[str, list[Dated]] = {}
        for report, figure in self._index.store.figures(measures):
            info = self._index.reports[report][1]
            if _passes(info, figure, filters):
                by_measure.setdefault(figure.measure, []).append((figure, info))
        return by_measure

    def _groups(self, met: Sequence[_Met], figures: dict[str, list[Dated]]) -> list[list[_Met]]:
        """Put names that are alike together; the others of a group are held against its first.

        The first is the name best met, and of those the one with most figures.
        """
        counts = Counter({measure: len(some) for measure, some in figures.items()})
        left = sorted((m for m in met if counts[m.measure]), key=lambda m: (-m.relevance, -counts[m.measure]))
        groups: list[list[_Met]] = []
        for one in left:
            home = next((g for g in groups if self._likeness(g[0].name, one.name) >= JOINED_FROM), None)
            if home is None:
                groups.append([one])
            else:
                home.append(one)
        return groups

    def _lines(self, group: Sequence[_Met], figures: dict[str, list[Dated]]) -> list[Series]:
        first = group[0]
        quoted = [
            Quoted(
                figure, figure.span.of(self._texts(figure.source)), info, self._likeness(first.name, one.name)
            )
            for one in group
            for figure, info in figures[one.measure]
        ]
        return [_named(series) for series in make_series(quoted, first.measure, first.relevance)]


def _order(series: Series) -> tuple[object, ...]:
    periods = len({point.period for point in series.points})
    return (-series.relevance, -periods, KINDS.index(series.kind), series.measure, series.stretch)


def _named(series: Series) -> Series:
    """Call a line by a name that stands in it, the one most like what the group is called."""
    return series if series.measure in dict(series.names) else replace(series, measure=series.names[0][0])


def _passes(info: ReportInfo, figure: Figure, filters: Filters) -> bool:
    wanted = (filters.municipality, filters.board, filters.kind)
    there = (info.municipality, info.board, info.kind)
    if any(w and w.casefold() != t.casefold() for w, t in zip(wanted, there, strict=True)):
        return False
    return not filters.years or bool(figure.period and figure.period.year in filters.years)
