"""One measure compared over municipalities, boards, kinds of figure and periods: what shares a chart.

Only what can be held against each other shares one: periods of one stretch (whole years with whole years),
one unit (money is converted to the unit that most lines have), levels apart from deviations and changes,
costs apart from investments. Where no unit is stated, only lines with a row in common: the same name may be
an index in one table and days of sick leave in the next. A line never crosses a period that has no figure.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from rapportsvar.answering.series import GAPS_MAX, KINDS, Point, Series
from rapportsvar.model import Period, Span
from rapportsvar.swedish.numbers import MONEY_FACTORS, to_unit

LINES_MAX = 8
"""Lines that a reader can tell apart in one chart."""
WHOSE_MAX = 2
"""Of more boards than these one kind of figure is shown, until kinds are chosen."""
_OTHER_PLACE = re.compile(r"\b(?:rike|riks|län|kommun|region|snitt|genomsnitt|liknande)", re.IGNORECASE)
_MONTHLY = ("månad", "dag")
_APART: dict[str, Callable[[Series], str]] = {
    "municipality": lambda s: s.municipality,
    "kind": lambda s: s.kind,
    "sex": lambda s: s.sex,
    "board": lambda s: s.board,
    "aspect": lambda s: s.aspect,
    "measure": lambda s: s.measure,
}
"""What may tell the lines of a chart apart, in the order in which it is tried."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a comparison is limited to. Empty: not limited."""

    municipalities: tuple[str, ...] = ()
    boards: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart.

    Attributes:
        series: Its figures, in the unit of the chart.
        points: One a period, in order: of several forecasts the last, of several reports the latest.
        beside: The other figures of the same periods.
        runs: ``points`` cut where a period between has no figure.
        gaps: Places in ``Chart.periods`` between the first and the last that have no figure.
    """

    series: Series
    points: tuple[Point, ...]
    beside: tuple[Point, ...]
    runs: tuple[tuple[Point, ...], ...]
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines that can be held against each other.

    Attributes:
        stretch: What its periods are: ``år``, ``månad``, ``januari–augusti`` ...
        unit: Of all its values.
        periods: The ends of its periods in order, years without any figure included.
        lines: At most ``LINES_MAX``.
        apart: What tells the lines apart: keys such as ``kind`` and ``municipality``.
        left_out: How many lines more there are.
        is_deviation: True where its values are deviations.
        aspect: What else its values are: ``investering``, ``förändring``.
        under: The heading that its latest figure stands under, where no unit tells what the figures are.
    """

    stretch: str
    unit: str
    periods: tuple[date, ...]
    lines: tuple[Line, ...]
    apart: tuple[str, ...]
    left_out: int = 0
    is_deviation: bool = False
    aspect: str = ""
    under: str = ""

    @property
    def is_drawn(self) -> bool:
        """Tell whether there is anything to see in a picture: two periods or more."""
        return len({p.period for line in self.lines for p in line.points}) > 1

    def place(self, period: Period) -> int:
        """Return where a period stands in ``periods``."""
        return self.periods.index(_slot(self.stretch, period))

    def position(self, period: Period) -> float:
        """Return where a period stands in time, see :meth:`position_of`."""
        return self.position_of(_slot(self.stretch, period))

    def position_of(self, day: date) -> float:
        """Return where a day stands, from 0.0, the first period, to 1.0, the last; 0.5 for the only one."""
        days = (self.periods[-1] - self.periods[0]).days
        return (day - self.periods[0]).days / days if days else 0.5


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is shown for one measure.

    Attributes:
        asked: As it was asked for.
        measure: The measure that meets it best; empty where none does.
        also_called: Other names whose figures were joined, with their likeness.
        charts: Those with most periods first; those that are no picture last.
        choices: Values to choose among, with how many figures: ``municipality``, ``year``, ``kind``, and
            ``board`` where a municipality has several.
        shown_kinds: The kinds of figure in ``charts``.
        others: Other measures that meet what was asked for, the best met first.
    """

    asked: str
    measure: str = ""
    also_called: tuple[tuple[str, float], ...] = ()
    charts: tuple[Chart, ...] = ()
    choices: dict[str, dict[str, int]] = field(default_factory=dict)
    shown_kinds: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def compare(asked: str, found: Sequence[Series], wanted: Wanted) -> Comparison:
    """Compare the lines of the measure that is met best.

    Args:
        asked: As it was asked for.
        found: All series that meet it, the best met first.
        wanted: What to show of them.
    """
    if not found:
        return Comparison(asked)
    group = next((s.group for s in found if _is_called(s, asked)), found[0].group)
    lines = [series for series in found if series.group == group]
    limited = _limited(lines, wanted)
    kinds = wanted.kinds or _kinds_to_show(limited)
    shown = [series for series in limited if series.kind in kinds]
    return Comparison(
        asked=asked,
        measure=group,
        also_called=_also_called(shown, group),
        charts=tuple(_charts(shown)),
        choices=_choices(lines),
        shown_kinds=tuple(kind for kind in KINDS if kind in {s.kind for s in shown}),
        others=tuple(dict.fromkeys(s.group for s in found if s.group != group)),
    )


def chart_of(series: Series) -> Chart:
    """Return a chart of one line."""
    return _chart([series])


def _is_called(series: Series, asked: str) -> bool:
    """Tell whether a line is what is asked for by its very name: then no other measure is meant."""
    return asked.strip().casefold() in {series.group.casefold(), *(n.casefold() for n, _ in series.names)}


def _limited(lines: Iterable[Series], wanted: Wanted) -> list[Series]:
    limited = []
    for series in lines:
        if wanted.municipalities and series.municipality not in wanted.municipalities:
            continue
        if wanted.boards and series.board not in wanted.boards:
            continue
        points = tuple(p for p in series.points if not wanted.years or p.period.year in wanted.years)
        if points:
            limited.append(replace(series, points=points))
    return limited


def _kinds_to_show(lines: Sequence[Series]) -> tuple[str, ...]:
    """Return all kinds for a few boards; for many the one that most of them have."""
    whose: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for series in lines:
        whose[series.kind].add((series.municipality, series.board))
    if len(set().union(*whose.values())) <= WHOSE_MAX:
        return KINDS
    return tuple(sorted(whose, key=lambda kind: (-len(whose[kind]), KINDS.index(kind)))[:1])


def _also_called(lines: Iterable[Series], group: str) -> tuple[tuple[str, float], ...]:
    names: dict[str, float] = {}
    for series in lines:
        for name, likeness in series.names:
            names[name] = max(likeness, names.get(name, 0.0))
    names.pop(group, None)
    return tuple(sorted(names.items(), key=lambda pair: (-pair[1], pair[0])))


def _choices(lines: Sequence[Series]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("municipality", "board", "year", "kind")}
    for series in lines:
        size = len(series.points)
        counts["municipality"][series.municipality] += size
        counts["board"][series.board] += size
        counts["kind"][series.kind] += size
        counts["year"].update(str(point.period.year) for point in series.points)
    if len({(series.municipality, series.board) for series in lines}) == len(counts["municipality"]):
        del counts["board"]
    ordered = {name: {v: counter[v] for v in sorted(counter) if v} for name, counter in counts.items()}
    return {**ordered, "kind": {kind: counts["kind"][kind] for kind in KINDS if counts["kind"][kind]}}


def _charts(lines: Iterable[Series]) -> list[Chart]:
    groups: dict[tuple[object, ...], list[Series]] = defaultdict(list)
    for series in lines:
        unit = "pengar" if series.unit in MONEY_FACTORS else series.unit
        groups[series.stretch, unit, _is_deviation(series), _other_thing(series)].append(series)
    charts = [
        _chart(some)
        for (_, unit, *_), group in groups.items()
        for some in ([group] if unit else _sharing_rows(group))
    ]
    charts.sort(
        key=lambda c: (
            not c.is_drawn,
            bool(c.aspect),
            c.is_deviation,
            -len(_there(c)),
            -len(c.lines),
            c.stretch,
        )
    )
    return charts


def _sharing_rows(lines: Iterable[Series]) -> list[list[Series]]:
    """Part lines without a unit in those that have a row in common: figures of one row are alike."""
    parts: list[tuple[list[Series], set[tuple[str, Span]]]] = []
    for series in lines:
        rows = {(point.source, point.row_span) for point in series.points}
        joined = [part for part in parts if part[1] & rows]
        parts = [part for part in parts if part not in joined]
        some = [one for part in joined for one in part[0]]
        parts.append(([*some, series], rows.union(*(part[1] for part in joined))))
    return [some for some, _ in parts]


def _there(chart: Chart) -> set[Period]:
    return {point.period for line in chart.lines for point in line.points}


def _chart(group: Sequence[Series]) -> Chart:
    unit = Counter(series.unit for series in group).most_common(1)[0][0]
    ordered = sorted(group, key=lambda s: (s.municipality, s.board, s.aspect, s.sex, KINDS.index(s.kind)))
    kept = sorted(ordered, key=lambda s: -len(s.points))[:LINES_MAX]
    shown = [_in_unit(series, unit) for series in ordered if series in kept]
    periods = _periods(shown[0].stretch, [p.period for series in shown for p in series.points])
    return Chart(
        stretch=shown[0].stretch,
        unit=unit,
        periods=periods,
        lines=tuple(_line(series, periods) for series in shown),
        apart=_apart(shown),
        left_out=len(ordered) - len(shown),
        is_deviation=_is_deviation(shown[0]),
        aspect=_other_thing(shown[0]),
        under="" if unit else _heading(shown),
    )


def _heading(lines: Iterable[Series]) -> str:
    latest = max((p for series in lines for p in series.points), key=lambda p: (p.period.last, _said(p)))
    return latest.section[-1] if latest.section else ""


def _in_unit(series: Series, unit: str) -> Series:
    if series.unit == unit:
        return series
    points = tuple(replace(p, value=round(to_unit(p.value, series.unit, unit), 6)) for p in series.points)
    return replace(series, unit=unit, points=points)


def _apart(lines: Sequence[Series]) -> tuple[str, ...]:
    """Take as few properties as tell the lines apart."""
    taken: list[str] = []
    told = 1
    for name in _APART:
        with_it = len({tuple(_APART[n](series) for n in (*taken, name)) for series in lines})
        if with_it > told:
            taken.append(name)
            told = with_it
    return tuple(taken)


def _line(series: Series, periods: Sequence[date]) -> Line:
    points, beside = _one_a_period(series.points)
    runs: list[list[Point]] = []
    for point in points:
        if runs and _follows(series.stretch, runs[-1][-1].period, point.period):
            runs[-1].append(point)
        else:
            runs.append([point])
    places = [periods.index(_slot(series.stretch, point.period)) for point in points]
    gaps = tuple(n for n in range(places[0], places[-1]) if n not in places)
    return Line(series, points, beside, tuple(tuple(run) for run in runs), gaps)


def _one_a_period(points: Iterable[Point]) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Part the points that a line goes through from those beside it: the last word on a period counts."""
    last: dict[Period, Point] = {}
    beside = []
    for point in sorted(points, key=_said):
        if point.period in last:
            beside.append(last[point.period])
        last[point.period] = point
    through = sorted(last.values(), key=lambda p: (p.period.last, p.period.first))
    return tuple(through), tuple(sorted(beside, key=lambda p: (p.period.last, _said(p))))


def _said(point: Point) -> tuple[object, ...]:
    """When something was said: a forecast when it was made, else when its report was written."""
    made = point.as_of.last if point.as_of else date.min
    return (made, point.report.year or 0, point.report.date, point.source, point.span)


def _follows(stretch: str, one: Period, other: Period) -> bool:
    if stretch == "dag":
        return (other.last - one.last).days == 1
    months = (other.last.year - one.last.year) * 12 + other.last.month - one.last.month
    return months == (1 if stretch == "månad" else 12)


def _periods(stretch: str, periods: Iterable[Period]) -> tuple[date, ...]:
    """Return the ends of the periods in order; of years also those between that have no figure."""
    there = sorted({_slot(stretch, period) for period in periods})
    years = range(there[0].year, there[-1].year + 1)
    if stretch in _MONTHLY or len(years) - len(there) > GAPS_MAX:
        return tuple(there)
    return tuple(date(year, 12, 31) for year in years)


def _slot(stretch: str, period: Period) -> date:
    """Where a period stands on its axis: years at their ends, so that they are evenly apart."""
    return period.last if stretch in _MONTHLY else date(period.last.year, 12, 31)


def _is_deviation(series: Series) -> bool:
    return series.kind.startswith("avvikelse")


def _other_thing(series: Series) -> str:
    """Return the aspect that makes figures another thing, as ``förändring`` does and ``riket`` does not."""
    return "" if _OTHER_PLACE.search(series.aspect) else series.aspect
