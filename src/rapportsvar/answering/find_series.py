"""From what is asked for to series: the measures that meet it, those of one meaning together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from rapportsvar.answering.likeness import JOINED_FROM, Likeness, Name, covers, name_of
from rapportsvar.answering.series import KINDS, Quoted, Series, make_series
from rapportsvar.index.analysis import index_terms
from rapportsvar.index.figures.measures import is_generic
from rapportsvar.index.opened import OpenIndex
from rapportsvar.model import Figure, Filters, ReportInfo, Span
from rapportsvar.swedish.words import Analyzer

MEASURES_MAX = 60
"""Names that are looked at further; a word such as ``kostnad`` stands in thousands."""

WIDENED = 8
"""Names, the best met, that are looked for in other words."""

ALL = 10_000
"""So many series that none is left out."""

Dated = tuple[Figure, ReportInfo]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that the reports hold: how many figures of it there are, in how many reports."""

    name: str
    figures: int
    reports: int


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

    def of_cell(self, source: str, cell: Span) -> Series | None:
        """Return the line that the figure of a cell belongs to; None where the cell holds no figure.

        Raises:
            UnknownReport: There is no such source.
        """
        report = self._index.store.report(source)
        figure = next((f for f in self._index.store.figures_of(report.id) if f.span == cell), None)
        if figure is None:
            return None
        whose = Filters(report.info.municipality or None, report.info.board or None)
        lines = self.find(figure.measure, whose, top=ALL)
        return next((line for line in lines if _holds(line, source, cell)), None)

    def measures(self, prefix: str, filters: Filters, top: int) -> list[Measure]:
        """Return measures that ``prefix`` may become, or in other forms is; those with most figures first.

        A name that says nothing alone, such as ``Summa``, is not among them.

        Args:
            prefix: The beginning of the measure or of a word in it; all measures where it is empty.
            filters: Limits the reports, and by years the periods.
            top: How many at most.
        """
        begun = prefix.casefold().strip()
        asked = name_of(index_terms(self._analyzer, prefix)) if begun else None
        found = []
        for measure, name in self._known.items():
            step = None if is_generic(measure) else _step(begun, measure, asked, name)
            one = self._counted(measure, filters) if step is not None else None
            if one is not None:
                found.append((step, one))
        found.sort(key=lambda pair: (pair[0], -pair[1].figures, len(pair[1].name), pair[1].name))
        if not filters.years:
            return [one for _, one in found[:top]]
        there = self._figures([one.name for _, one in found], filters)
        return [one for _, one in found if one.name in there][:top]

    @cached_property
    def _known(self) -> dict[str, Name]:
        """Every measure with its name as keys; an index does not change while it is open."""
        return {measure: name_of(terms) for measure, terms in self._index.store.measures().items()}

    @cached_property
    def _counts(self) -> dict[str, dict[int, int]]:
        return self._index.store.measure_counts()

    def _counted(self, measure: str, filters: Filters) -> Measure | None:
        counts = {
            report: count
            for report, count in self._counts[measure].items()
            if _is_of(self._index.reports[report][1], filters)
        }
        return Measure(measure, sum(counts.values()), len(counts)) if counts else None

    def _met(self, asked: Name) -> list[_Met]:
        known = self._known
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
    if not _is_of(info, filters):
        return False
    return not filters.years or bool(figure.period and figure.period.year in filters.years)


def _is_of(info: ReportInfo, filters: Filters) -> bool:
    wanted = (filters.municipality, filters.board, filters.kind)
    there = (info.municipality, info.board, info.kind)
    return not any(w and w.casefold() != t.casefold() for w, t in zip(wanted, there, strict=True))


def _holds(series: Series, source: str, cell: Span) -> bool:
    return any((source, cell) in ((point.source, point.span), *point.elsewhere) for point in series.points)


def _step(begun: str, measure: str, asked: Name | None, name: Name) -> int | None:
    """Return how a measure begins as ``begun`` does: 0 the whole, 1 a word in it, 2 in other forms."""
    if not begun:
        return 0
    folded = measure.casefold()
    if folded.startswith(begun):
        return 0
    if f" {begun}" in folded:
        return 1
    return 2 if asked is not None and asked.words and covers(asked, name) else None
