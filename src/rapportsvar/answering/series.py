"""Series: the figures of one measure over periods, across columns of a table and reports of several years.

A line never holds two kinds of figure: outcome (``utfall`` and ``bokslut``), budget, forecast, deviation and
target stand apart, as do whole years and parts of years, the sexes, municipalities and boards. Figures of
unlike units of money are converted; other units are kept apart.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rapportsvar.model import Figure, Measured, Period, ReportInfo, Span
from rapportsvar.swedish.numbers import MONEY_FACTORS, to_unit
from rapportsvar.swedish.periods import format_period, shifted

_OUTCOMES = (Measured.OUTCOME, Measured.ACCOUNTS)
_DECIMALS = re.compile(r"\d,(\d+)")
_NEVER = Period(date.min, date.min)
KINDS = (
    "utfall",
    "",
    "budget",
    "prognos",
    "avvikelse, utfall",
    "avvikelse, prognos",
    "avvikelse",
    "målvärde",
)
"""Kinds of line, in the order in which they are shown."""
GAPS_MAX = 20
"""A longer stretch without figures is two series of other times rather than one with gaps."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A figure with its own words, its report, and how like its measure is to that of the series."""

    figure: Figure
    text: str
    report: ReportInfo
    likeness: float = 1.0


@dataclass(frozen=True, slots=True)
class Point:
    """A figure in a series.

    Attributes:
        period: What it is for.
        label: The period in Swedish.
        value: In the unit of the series.
        written: The figure's own words.
        unit: The figure's own unit.
        measured: ``utfall``, ``bokslut``, ``budget`` ...
        measure: The figure's own measure.
        likeness: How like it is to the series' measure, 1.0 for the same words.
        source: The report.
        span: The cell.
        row_span: The row.
        row: Labels of the row.
        column: Headers of the column.
        section: Heading path.
        report: Whose report it is.
        as_of: Of a forecast, when it was made.
        disagrees: True where another report or table gives another value for the same period.
        elsewhere: Other places that give the same value.
    """

    period: Period
    label: str
    value: float
    written: str
    unit: str
    measured: str
    measure: str
    likeness: float
    source: str
    span: Span
    row_span: Span
    row: str
    column: str
    section: tuple[str, ...]
    report: ReportInfo
    as_of: Period | None = None
    disagrees: bool = False
    elsewhere: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """One measure over periods.

    Attributes:
        measure: The name that most of its figures have.
        kind: One of ``KINDS``; empty where the reports do not say.
        stretch: What its periods are: ``år``, ``månad``, ``januari–augusti`` ...
        unit: Of its values.
        municipality: Whose.
        board: Whose.
        sex: ``kvinnor``, ``män`` or empty.
        aspect: What else the columns say: ``riket``, ``snitt månad``.
        points: By period; two of one period where reports disagree or forecasts follow each other.
        gaps: Periods between the first and the last that have no figure.
        likeness: The lowest of its points.
        names: Each name that was joined, with its likeness.
        relevance: How well the measure meets what was asked for.
        group: The name that its figures were joined to; lines of one group are lines of one measure.
    """

    measure: str
    kind: str
    stretch: str
    unit: str
    municipality: str
    board: str
    sex: str
    aspect: str
    points: tuple[Point, ...]
    gaps: tuple[str, ...]
    likeness: float
    names: tuple[tuple[str, float], ...]
    relevance: float = 1.0
    group: str = ""


def make_series(quoted: Sequence[Quoted], measure: str, relevance: float = 1.0) -> list[Series]:
    """Put the figures of one measure in lines.

    Args:
        quoted: Figures whose measures are alike.
        measure: The name that they are compared with.
        relevance: How well it meets what was asked for.
    """
    lines: dict[tuple[object, ...], list[Quoted]] = defaultdict(list)
    for one in quoted:
        if one.figure.period is not None:
            lines[_line(one)].append(one)
    return [_series(line, measure, relevance) for line in lines.values()]


def kind_of(figure: Figure) -> str:
    """Return the kind of line that a figure belongs to; ``bokslut`` is an outcome."""
    if figure.measured in _OUTCOMES:
        return Measured.OUTCOME.value
    if figure.measured is Measured.DEVIATION:
        return f"{figure.measured.value}, {figure.against.value}" if figure.against else figure.measured.value
    return figure.measured.value


def stretch_of(period: Period) -> str:
    """Return what part of a year a period is, whichever year: ``år``, ``månad``, ``januari–augusti``."""
    first, last = period.first, period.last
    if first == last:
        return "dag"
    if (first.year, first.month) == (last.year, last.month):
        return "månad"
    if (first.month, last.month) == (1, 12):
        return "år" if first.year == last.year else f"{last.year - first.year + 1} år"
    label = format_period(period)
    return " ".join(re.sub(r"\d{4}", "", label).replace(" –", "–").split())


def _line(one: Quoted) -> tuple[object, ...]:
    figure = one.figure
    dimension = "pengar" if figure.unit in MONEY_FACTORS else figure.unit
    return (
        *(one.report.municipality, one.report.board, kind_of(figure), stretch_of(figure.period or _NEVER)),
        *(dimension, figure.sex, frozenset(figure.aspect.split()), figure.part, figure.investment),
    )


def _series(line: Sequence[Quoted], measure: str, relevance: float) -> Series:
    first = line[0].figure
    unit = Counter(one.figure.unit for one in line).most_common(1)[0][0]
    points = _flagged(_merged([_point(one, unit) for one in line], MONEY_FACTORS.get(unit, 1.0)))
    names: dict[str, float] = {}
    for one in line:
        names[one.figure.measure] = max(one.likeness, names.get(one.figure.measure, 0.0))
    return Series(
        measure=measure,
        kind=kind_of(first),
        stretch=stretch_of(first.period or _NEVER),
        unit=unit,
        municipality=line[0].report.municipality,
        board=line[0].report.board,
        sex=first.sex,
        aspect=_aspect(first),
        points=tuple(points),
        gaps=_gaps(points),
        likeness=min(names.values()),
        names=tuple(sorted(names.items(), key=lambda pair: (-pair[1], pair[0]))),
        relevance=relevance,
        group=measure,
    )


def _aspect(figure: Figure) -> str:
    part = f"tal {figure.part} i cellen" if figure.part else ""
    return ", ".join(filter(None, (figure.aspect, part, "investering" if figure.investment else "")))


def _point(one: Quoted, unit: str) -> Point:
    figure = one.figure
    period = figure.period or _NEVER
    return Point(
        period=period,
        label=figure.period_label or format_period(period),
        value=round(to_unit(figure.value, figure.unit, unit), 6),
        written=one.text,
        unit=figure.unit,
        measured=figure.measured.value,
        measure=figure.measure,
        likeness=one.likeness,
        source=figure.source,
        span=figure.span,
        row_span=figure.row,
        row=figure.row_label,
        column=figure.column_label,
        section=figure.section,
        report=one.report,
        as_of=figure.as_of,
    )


def _merged(points: Iterable[Point], factor: float) -> list[Point]:
    """Make one point of those that say the same of the same period; the most precise is shown."""
    kept: list[Point] = []
    for point in sorted(points, key=_order):
        same = (place for place, other in enumerate(kept) if _same_time(other, point))
        place = next((place for place in same if _agree(kept[place], point, factor)), None)
        if place is None:
            kept.append(point)
        else:
            other = kept[place]
            shown, hidden = (point, other) if _step(point) < _step(other) else (other, point)
            places = (*other.elsewhere, (hidden.source, hidden.span))
            kept[place] = replace(shown, elsewhere=places)
    return kept


def _order(point: Point) -> tuple[object, ...]:
    made = point.as_of.last if point.as_of else point.period.first
    return (point.period.last, point.period.first, made, point.source, point.span)


def _flagged(points: Sequence[Point]) -> list[Point]:
    times = Counter((p.period, p.as_of) for p in points)
    return [replace(p, disagrees=times[p.period, p.as_of] > 1) for p in points]


def _same_time(one: Point, other: Point) -> bool:
    return (one.period, one.as_of) == (other.period, other.as_of)


def _agree(one: Point, other: Point, factor: float) -> bool:
    """Tell whether two values are the same within the rounding of the coarser.

    ``factor`` makes kronor of a value of the series.
    """
    steps = sorted((_step(one), _step(other)))
    allowed = 0.0 if steps[0] == steps[1] else steps[1] / 2
    return abs(one.value - other.value) * factor <= allowed + 1e-6


def _step(point: Point) -> float:
    """Return the least step of a figure as it is written, in kronor: 100 000 for ``121,4`` mnkr."""
    match = _DECIMALS.search(point.written)
    step: float = 10.0 ** -(len(match[1]) if match else 0)
    return step * MONEY_FACTORS.get(point.unit, 1.0)


def _gaps(points: Sequence[Point]) -> tuple[str, ...]:
    """Return the years without a figure; months follow each other as the reports come, and have no gaps."""
    periods = sorted({p.period for p in points}, key=lambda p: p.last)
    if len(periods) < 2 or stretch_of(periods[0]) in ("månad", "dag"):
        return ()
    there = {p.last.year for p in periods}
    years = range(periods[0].last.year, periods[-1].last.year)
    missing = [year for year in years if year not in there]
    if len(missing) > GAPS_MAX:
        return ()
    return tuple(format_period(shifted(periods[0], year - periods[0].last.year)) for year in missing)
