"""A comparison as a picture of its own, for a document or a slide: SVG with words, sources and date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rapportsvar.answering.comparison import Chart, Comparison, Line
from rapportsvar.answering.series import Point
from rapportsvar.app import texts
from rapportsvar.app.chart_scale import (
    Scale,
    chart_title,
    line_name,
    period_names,
    scale_of,
    spread,
    value_of,
)
from rapportsvar.app.chart_view import DASHES, colour_of, mark_of
from rapportsvar.app.markup import EMPTY, Html, tag, together
from rapportsvar.app.panel import report_name
from rapportsvar.app.swedish import long_date
from rapportsvar.swedish.numbers import format_number

WIDTH, HEIGHT = 1200, 420
LEFT, RIGHT, HEAD, FOOT = 110, 300, 60, 50
NAME_APART, LINE_HEIGHT, MARGIN = 26, 24, 24
INK, SOFT, RULE, PAPER = "#1c2124", "#50595d", "#dddad3", "#ffffff"
COLOURS = ("#0b5a6b", "#a3420f", "#6a3d8f", "#3d6b1f", "#9a1f52", "#7a5a00", "#33509e", "#4d5558")
FONT = "'Source Sans 3', 'Source Sans Pro', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


def comparison_svg(comparison: Comparison, today: date) -> bytes:
    """Return the charts of a comparison under each other, with the reports that they are drawn from.

    Args:
        comparison: What is shown.
        today: When it was fetched.
    """
    charts = [chart for chart in comparison.charts if chart.is_drawn]
    sources = _sources(charts)
    top = MARGIN + 48
    drawn: list[Html] = [_words(comparison.measure, MARGIN, MARGIN + 26, size=28, weight=650)]
    for chart in charts:
        drawn.append(_Picture(chart, scale_of(chart), top).draw())
        top += HEAD + HEIGHT + FOOT
    foot = [
        *(f"{n}. {name}" for n, name in enumerate(sources, 1)),
        f"{texts.PRODUCT}. {texts.CITE_FETCHED.format(long_date(today))}",
    ]
    drawn += [
        _words(line, MARGIN, top + 30 + n * LINE_HEIGHT, size=15, colour=SOFT) for n, line in enumerate(foot)
    ]
    height = top + 30 + len(foot) * LINE_HEIGHT + MARGIN
    ground = tag("rect", width=WIDTH, height=height, fill=PAPER)
    title = tag("title", comparison.measure)
    picture = tag(
        "svg",
        title,
        ground,
        drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height}",
        width=WIDTH,
        height=height,
        font_family=FONT,
        role="img",
        lang="sv",
    )
    return picture.encode("utf-8")


@dataclass(frozen=True, slots=True)
class _Picture:
    """One chart, its upper edge at ``top``."""

    chart: Chart
    scale: Scale
    top: int

    def draw(self) -> Html:
        """Draw the chart with its title."""
        title = _words(chart_title(self.chart), MARGIN, self.top + 24, size=20, colour=SOFT)
        note = EMPTY
        if self.scale.is_cut:
            note = _words(texts.CHART_CUT, WIDTH - MARGIN, self.top + 24, size=15, colour=SOFT, anchor="end")
        lines = [self._line(line) for line in self.chart.lines]
        return together(title, note, self._axis(), lines, self._names(), self._periods())

    def _axis(self) -> Html:
        drawn = []
        for tick in self.scale.ticks:
            y = self._y(tick)
            drawn.append(
                tag("path", d=f"M{LEFT} {y:.1f}H{WIDTH - RIGHT}", stroke=SOFT if tick == 0 else RULE)
            )
            words = format_number(tick, self.scale.decimals)
            drawn.append(_words(words, LEFT - 14, y + 5, size=16, colour=SOFT, anchor="end"))
        return together(drawn)

    def _line(self, line: Line) -> Html:
        colour = COLOURS[colour_of(self.chart, line) - 1]
        dash = DASHES.get(line.series.kind)
        runs = [
            tag(
                "path",
                d="M" + "L".join(f"{self._x(p):.1f} {self._y(p.value):.1f}" for p in run),
                fill="none",
                stroke=colour,
                stroke_width=3,
                stroke_linecap="round",
                stroke_linejoin="round",
                stroke_dasharray=dash,
            )
            for run in line.runs
            if len(run) > 1
        ]
        points = [self._point(line, point, colour) for point in (*line.points, *line.beside)]
        return together(runs, points)

    def _point(self, line: Line, point: Point, colour: str) -> Html:
        x, y = self._x(point), self._y(point.value)
        shape = mark_of(line)
        turned = f"rotate(45 {x:.1f} {y:.1f})" if shape == "mk-diamond" else None
        if shape == "mk-dot":
            mark = tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=6, fill=colour)
        else:
            wide, tall = (16, 4) if shape == "mk-bar" else (11, 11)
            mark = tag(
                "rect",
                x=f"{x - wide / 2:.1f}",
                y=f"{y - tall / 2:.1f}",
                width=wide,
                height=tall,
                fill=PAPER,
                stroke=colour,
                stroke_width=3,
                transform=turned,
            )
        highest = max(p.value for one in self.chart.lines for p in one.points if p.period == point.period)
        below = len(self.chart.lines) > 1 and point.value < highest
        value = _words(
            value_of(point, self.chart.unit), x, y + (27 if below else -15), size=15, anchor="middle"
        )
        return together(mark, value if len(self.chart.lines) <= 3 else EMPTY)

    def _names(self) -> Html:
        if len(self.chart.lines) == 1:
            return EMPTY
        wanted = [self._y(line.points[-1].value) - self._y(self.scale.high) for line in self.chart.lines]
        placed = spread(wanted, NAME_APART, HEIGHT)
        x = WIDTH - RIGHT + 20
        drawn = []
        for line, place in zip(self.chart.lines, placed, strict=True):
            y = place + self._y(self.scale.high)
            colour, dash = COLOURS[colour_of(self.chart, line) - 1], DASHES.get(line.series.kind)
            key = tag("path", d=f"M{x} {y:.1f}h32", stroke=colour, stroke_width=3, stroke_dasharray=dash)
            drawn.append(key)
            drawn.append(_words(line_name(self.chart, line), x + 44, y + 6, size=17))
        return together(drawn)

    def _periods(self) -> Html:
        y = self._y(self.scale.low) + 34
        names = period_names(self.chart)
        step = 1 + len(names) // 12
        return together(
            [
                _words(name, self._at(n), y, size=16, colour=SOFT, anchor="middle")
                for n, name in enumerate(names)
                if n % step == 0
            ]
        )

    def _x(self, point: Point) -> float:
        return self._across(self.chart.position(point.period))

    def _at(self, place: int) -> float:
        return self._across(self.chart.position_of(self.chart.periods[place]))

    def _across(self, share: float) -> float:
        wide = WIDTH - LEFT - RIGHT
        return LEFT + wide * (0.05 + 0.9 * share)

    def _y(self, value: float) -> float:
        return self.top + HEAD + (1 - self.scale.share(value)) * HEIGHT


def _sources(charts: Sequence[Chart]) -> list[str]:
    points = [p for chart in charts for line in chart.lines for p in (*line.points, *line.beside)]
    return list(dict.fromkeys(report_name(p.report, p.source) for p in points))


def _words(
    words: str,
    x: float,
    y: float,
    *,
    size: int,
    colour: str = INK,
    weight: int | None = None,
    anchor: str | None = None,
) -> Html:
    return tag(
        "text",
        words,
        x=f"{x:.1f}",
        y=f"{y:.1f}",
        font_size=size,
        fill=colour,
        font_weight=weight,
        text_anchor=anchor,
    )
