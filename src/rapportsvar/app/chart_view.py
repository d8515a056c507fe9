"""A chart as HTML: lines stretch with the page, words and marks keep their size, every point is a link.

A line is a mask, an SVG without words that is stretched over the plot, so that its colour follows the theme;
what is read or clicked is ordinary HTML over it. The table under the chart says the same (WCAG 1.1.1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from rapportsvar.answering.comparison import Chart, Line
from rapportsvar.answering.series import Point, Series
from rapportsvar.app import texts
from rapportsvar.app.chart_scale import (
    Scale,
    chart_title,
    line_name,
    period_names,
    point_name,
    scale_of,
    spread,
    value_of,
)
from rapportsvar.app.markup import EMPTY, Html, tag, together
from rapportsvar.app.swedish import counted
from rapportsvar.model import Period, Span
from rapportsvar.swedish.numbers import format_number

HEIGHT_PX, SMALL_HEIGHT_PX = 300, 92
NAME_PX = 24
"""Least distance between the names beside a chart."""
NAME_CHARS = 18
"""A longer name takes two lines."""
VALUES_MAX = 12
"""More values than these are not written out; a point tells its value when it is pointed at."""
PHONE_PERIODS = 5
KEY_PX = 34
DASHES = {
    "budget": "8 5",
    "prognos": "1 6",
    "avvikelse, prognos": "1 6",
    "avvikelse": "8 5",
    "målvärde": "11 4 2 4",
}
MARKS = {
    "budget": "mk-square",
    "prognos": "mk-diamond",
    "avvikelse": "mk-square",
    "avvikelse, prognos": "mk-diamond",
    "målvärde": "mk-bar",
}
COLOURS = 8
REACH_PX = 14
"""So far above and below its middle a point is hit; half the way to its neighbour where that is nearer."""
NARROW = 0.1
"""Points so near beside each other, in widths of the chart, are hit half the way to each other at most."""

Linked = Callable[[Point], str]


def draw_chart(chart: Chart, linked: Linked, *, described_by: str) -> Html:
    """Draw a chart with its axes, names and notes.

    Args:
        chart: What to draw.
        linked: Gives the address that a point leads to.
        described_by: Id of the table that says the same.
    """
    drawing = _Drawing(chart, scale_of(chart), HEIGHT_PX, linked)
    widest = max(len(format_number(tick, drawing.scale.decimals)) for tick in drawing.scale.ticks)
    names = [line_name(chart, line) for line in chart.lines]
    beside = min(NAME_CHARS, max(len(name) for name in names)) if len(names) > 1 else 0
    plot = tag(
        "div",
        drawing.axis(),
        tag("div", drawing.field(), class_="area"),
        drawing.names(names),
        class_="graph",
        style=f"--gutter:{widest + 1}ch;--names:{_names_width(beside)};--tall:{HEIGHT_PX}px",
    )
    return tag(
        "figure",
        plot,
        _notes(chart, drawing.scale),
        class_="chart",
        role="group",
        aria_label=texts.CHART_OF.format(chart_title(chart)),
        aria_describedby=described_by,
    )


def draw_small(chart: Chart, linked: Linked, here: tuple[str, Span]) -> Html:
    """Draw one line with its values and years, without axes.

    Args:
        chart: Of one line.
        linked: Gives the address that a point leads to.
        here: Source and cell of the point that answers.
    """
    drawing = _Drawing(chart, scale_of(chart), SMALL_HEIGHT_PX, linked, here)
    field = tag("div", drawing.field(), class_="area")
    return tag("div", field, class_="graph small", style=f"--tall:{SMALL_HEIGHT_PX}px")


def colour_of(chart: Chart, line: Line) -> int:
    """Return the colour of a line from 1: one for each of those compared, or for each kind of one's own."""
    whose = list(dict.fromkeys(_whose(one) for one in chart.lines))
    key = whose.index(_whose(line)) if len(whose) > 1 else chart.lines.index(line)
    return key % COLOURS + 1


def mark_of(line: Line) -> str:
    """Return the shape of the points of a line: they tell kinds apart for those who see no colours."""
    return MARKS.get(line.series.kind, "mk-dot")


@dataclass(frozen=True, slots=True)
class _Drawing:
    """One chart as it is drawn.

    Attributes:
        chart: What to draw.
        scale: Of its values.
        height: In pixels.
        linked: Gives the address that a point leads to.
        here: Source and cell of a point to light.
    """

    chart: Chart
    scale: Scale
    height: int
    linked: Linked
    here: tuple[str, Span] | None = None

    def axis(self) -> Html:
        """Draw the values of the axis with their lines."""
        rules = [
            tag(
                "div",
                tag("span", format_number(tick, self.scale.decimals)),
                class_="rule zero" if tick == 0 else "rule",
                style=f"top:{self._top(tick):.1f}px",
            )
            for tick in self.scale.ticks
        ]
        return tag("div", rules, class_="scale", aria_hidden="true")

    def field(self) -> Html:
        """Draw lines, points and the names of the periods."""
        values = self._values()
        lines = [self._line(line) for line in self.chart.lines]
        points = [
            self._point(line, point, values.get((line.series, point.span), ""), beside=point in line.beside)
            for line in self.chart.lines
            for point in sorted((*line.points, *line.beside), key=lambda p: p.period.last)
        ]
        return together(lines, points, self._periods())

    def names(self, names: Sequence[str]) -> Html:
        """Draw the names of the lines beside their last points."""
        if len(self.chart.lines) == 1:
            return EMPTY
        wanted = [self._top(line.points[-1].value) for line in self.chart.lines]
        two_lines = any(len(name) > NAME_CHARS for name in names)
        placed = spread(wanted, NAME_PX * (2 if two_lines else 1), self.height)
        drawn = [
            tag(
                "span",
                self._key(line),
                tag("span", name),
                class_="name",
                style=f"top:{top:.1f}px",
            )
            for line, name, top in zip(self.chart.lines, names, placed, strict=True)
        ]
        return tag("div", drawn, class_="names", aria_hidden="true")

    def _line(self, line: Line) -> Html:
        runs = [run for run in line.runs if len(run) > 1]
        if not runs:
            return EMPTY
        path = "".join(self._path(run) for run in runs)
        shape = _shape(path, 1000, self.height, DASHES.get(line.series.kind))
        return tag("i", class_=f"stroke {self._classes(line)}", style=shape, aria_hidden="true")

    def _key(self, line: Line) -> Html:
        stroke = _shape(f"M2 6H{KEY_PX - 2}", KEY_PX, 12, DASHES.get(line.series.kind))
        return tag("i", tag("i", class_="mark"), class_=f"key {self._classes(line)}", style=stroke)

    def _path(self, run: Sequence[Point]) -> str:
        return "M" + "L".join(f"{self._left(p) * 1000:.1f} {self._top(p.value):.1f}" for p in run)

    def _point(self, line: Line, point: Point, value: str, *, beside: bool) -> Html:
        left = self._left(point)
        side = "to-right" if left < 0.45 else "to-left" if left > 0.55 else ""
        words = point_name(line, point, self.chart.unit)
        is_here = self._is_here(point)
        minor = "minor" if self._is_minor(self.chart.place(point.period)) else ""
        value_classes = ("value", "below" if value.startswith("_") else "", minor)
        classes = ("point", self._classes(line), "beside" if beside else "", "here" if is_here else "")
        return tag(
            "a",
            tag("i", class_="mark"),
            tag("span", value.lstrip("_"), class_=" ".join(filter(None, value_classes))) if value else None,
            tag(
                "span",
                words,
                tag("br"),
                tag("b", point.report.title or point.source),
                class_=f"tip {side}".strip(),
            ),
            href=self.linked(point),
            data_go=True,
            class_=" ".join(filter(None, classes)),
            style=f"left:{left * 100:.2f}%;top:{self._top(point.value):.1f}px{self._reach(point)}",
            aria_label=f"{words}. {point.report.title or point.source}",
        )

    def _reach(self, point: Point) -> str:
        """Keep the place where a point is hit clear of its neighbours above, below and beside it."""
        place, top, left = self.chart.place(point.period), self._top(point.value), self._left(point)
        tops = [self._top(p.value) for p in self._all() if self.chart.place(p.period) == place]
        beside = [abs(self._left(p) - left) for p in self._all() if self.chart.place(p.period) != place]
        apart = {"up": [top - t for t in tops if t < top - 1], "down": [t - top for t in tops if t > top + 1]}
        near = {side: min(ways) / 2 for side, ways in apart.items() if ways and min(ways) < 2 * REACH_PX}
        aside = f";--aside:{min(beside) * 50:.2f}cqw" if beside and min(beside) < NARROW else ""
        return aside + "".join(f";--{side}:{way:.1f}px" for side, way in near.items())

    def _all(self) -> list[Point]:
        return [point for line in self.chart.lines for point in (*line.points, *line.beside)]

    def _values(self) -> dict[tuple[Series, Span], str]:
        """Choose which values to write, none over another; what stands below its point begins with ``_``."""
        points = [(line, point) for line in self.chart.lines for point in line.points]
        if len(points) > VALUES_MAX or len(self.chart.lines) > 3:
            return {}
        written: dict[tuple[Series, Span], str] = {}
        for period in {point.period for _, point in points}:
            here = sorted(
                ((p.value, line, p) for line, p in points if p.period == period), key=lambda t: -t[0]
            )
            for n, (_, line, point) in enumerate(here):
                if n in (0, len(here) - 1):
                    mark = "_" if n else ""
                    written[line.series, point.span] = mark + value_of(point, self.chart.unit)
        return written

    def _periods(self) -> Html:
        names = period_names(self.chart)
        there = Counter(self.chart.place(p.period) for line in self.chart.lines for p in line.points)
        drawn, last = [], -1.0
        for n, name in enumerate(names):
            left = self._at(n)
            if left - last < len(name) * 0.011 and last >= 0:
                continue
            last = left
            minor = "minor" if self._is_minor(n) else ""
            classes = " ".join(filter(None, ("period", "" if n in there else "missing", minor)))
            drawn.append(tag("span", name, class_=classes, style=f"left:{left * 100:.2f}%"))
        return tag("div", drawn, class_="periods", aria_hidden="true")

    def _is_here(self, point: Point) -> bool:
        return self.here is not None and self.here in ((point.source, point.span), *point.elsewhere)

    def _is_minor(self, place: int) -> bool:
        """Tell whether a phone has no room for the name and the value of a period.

        Every other is kept, and so that the lit one is; the last one where none is lit.
        """
        lit = (p.period for line in self.chart.lines for p in line.points if self._is_here(p))
        kept = next((self.chart.place(period) for period in lit), len(self.chart.periods) - 1)
        return len(self.chart.periods) > PHONE_PERIODS and (place - kept) % 2 == 1

    def _classes(self, line: Line) -> str:
        return f"s{colour_of(self.chart, line)} {mark_of(line)}"

    def _left(self, point: Point) -> float:
        return self.chart.position(point.period)

    def _at(self, place: int) -> float:
        return self.chart.position_of(self.chart.periods[place])

    def _top(self, value: float) -> float:
        return (1 - self.scale.share(value)) * self.height


def _whose(line: Line) -> tuple[str, ...]:
    series = line.series
    return (series.municipality, series.board, series.sex, series.aspect)


def _shape(path: str, width: int, height: int, dash: str | None) -> str:
    """Return the style that gives an element the shape of a line, which is stretched as the element is."""
    dashed = f" stroke-dasharray='{dash}'" if dash else ""
    picture = (
        "<svg xmlns='http://www.w3.org/2000/svg' "
        f"viewBox='0 0 {width} {height}' preserveAspectRatio='none'>"
        f"<path d='{path}' fill='none' stroke='#000' stroke-width='2.5' stroke-linejoin='round' "
        f"stroke-linecap='round' vector-effect='non-scaling-stroke'{dashed}/></svg>"
    )
    return f'--shape:url("data:image/svg+xml,{quote(picture)}")'


def _names_width(chars: int) -> str:
    """The room for names of so many characters with their keys before them."""
    return f"calc({chars}ch + 4.5rem)" if chars else "0px"


def _of(line: Line, period: Period) -> list[Point]:
    return [point for point in (*line.points, *line.beside) if point.period == period]


def _notes(chart: Chart, scale: Scale) -> Html:
    notes = (
        texts.CHART_CUT if scale.is_cut else "",
        texts.CHART_GAPS if any(line.gaps for line in chart.lines) else "",
        texts.CHART_LEFT_OUT.format(counted(chart.left_out, texts.LINE_ONE, texts.LINE_MANY))
        if chart.left_out
        else "",
    )
    said = " ".join(filter(None, notes))
    return tag("figcaption", said, class_="note") if said else EMPTY
