"""What a chart needs to know before it is drawn: its scale, where names stand, how values are written."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapportsvar.answering.comparison import Chart, Line
from rapportsvar.answering.series import Point
from rapportsvar.app import texts
from rapportsvar.app.citation import place_name
from rapportsvar.app.swedish import MONTHS, capital
from rapportsvar.swedish.numbers import format_number

FROM_ZERO = 0.6
"""A scale begins at zero where the least value is below this share of the greatest."""
TICKS = 4
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
DECIMALS_MAX = 3
MONTHS_SHORT = ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")
MONTHS_CAPITAL = tuple(capital(month) for month in MONTHS)
_DECIMALS = re.compile(r"\d,(\d+)")
_NAMES: dict[str, Callable[[Line], str]] = {
    "kind": lambda line: texts.KINDS[line.series.kind],
    "municipality": lambda line: line.series.municipality,
    "board": lambda line: capital(line.series.board),
    "sex": lambda line: line.series.sex,
    "aspect": lambda line: line.series.aspect,
    "measure": lambda line: line.series.measure,
}


@dataclass(frozen=True, slots=True)
class Scale:
    """The values of an axis.

    Attributes:
        low: At its foot.
        high: At its top.
        ticks: Values to write, the least first.
        decimals: How many decimals they need.
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    decimals: int

    @property
    def is_cut(self) -> bool:
        """Tell whether zero is left out."""
        return self.low > 0 or self.high < 0

    def share(self, value: float) -> float:
        """Return how far up a value stands, from 0.0 to 1.0."""
        return (value - self.low) / (self.high - self.low)


def scale_of(chart: Chart) -> Scale:
    """Return the scale of a chart: from zero, unless all values are far from it."""
    values = [p.value for line in chart.lines for p in (*line.points, *line.beside)]
    low, high = min(values), max(values)
    if low > 0 and (low < FROM_ZERO * high or chart.is_deviation):
        low = 0.0
    if high < 0:
        high = 0.0
    if low == high:
        low, high = (0.0, high) if high > 0 else (low - 1, high + 1)
    step = _step((high - low) / TICKS)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(round(n * step, 9) for n in range(first, last + 1))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) + _half(step)
    return Scale(ticks[0], ticks[-1], ticks, decimals)


def spread(wanted: Sequence[float], apart: float, top: float) -> list[float]:
    """Move places apart, as little as is needed, in their order.

    Args:
        wanted: Where each would stand, 0.0 or more.
        apart: Least distance.
        top: The greatest place.
    """
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    placed = [0.0] * len(wanted)
    least = 0.0
    for n in order:
        placed[n] = max(wanted[n], least)
        least = placed[n] + apart
    most = top
    for n in reversed(order):
        placed[n] = min(placed[n], most)
        most = placed[n] - apart
    return placed


def line_name(chart: Chart, line: Line) -> str:
    """Name a line by what tells it apart from the others of its chart."""
    named = [_NAMES[name](line) for name in chart.apart]
    alone = texts.KINDS[line.series.kind] if line.series.kind else line.series.measure
    first, *rest = list(filter(None, named)) or [alone]
    return ", ".join([capital(first), *(_inside(part) for part in rest)])


def full_name(line: Line) -> str:
    """Name a line by all that is known of it."""
    return " · ".join(_parts(line).values())


def common_name(chart: Chart) -> str:
    """Name what all lines of a chart have in common; a line of its own has its kind in its name."""
    first, *others = (_parts(line) for line in chart.lines)
    first.pop("aspect" if chart.aspect else "", None)
    if not others:
        first.pop("kind", None)
    return " · ".join(part for name, part in first.items() if all(o.get(name) == part for o in others))


def rest_of_name(chart: Chart, line: Line) -> str:
    """Name what neither tells a line apart nor is common to all."""
    told = {*chart.apart, *(n for n in _NAMES if len({_NAMES[n](one) for one in chart.lines}) == 1)}
    return " · ".join(part for name, part in _parts(line).items() if name not in told)


def chart_title(chart: Chart) -> str:
    """Name a chart: ``Helår, tkr``; without a unit also by its heading."""
    parts = (
        capital(chart.aspect),
        texts.DEVIATION if chart.is_deviation else "",
        stretch_name(chart.stretch),
        chart.unit or texts.NO_UNIT,
        texts.UNDER.format(chart.under) if chart.under else "",
    )
    first, *rest = filter(None, parts)
    return ", ".join([first, *(_inside(part) for part in rest)])


def stretch_name(stretch: str) -> str:
    """Name what part of a year the periods of a chart are."""
    return texts.STRETCHES.get(stretch, capital(stretch))


def period_names(chart: Chart) -> tuple[str, ...]:
    """Name each period of a chart, shortly: its title tells what part of the year they are."""
    if chart.stretch == "månad":
        return tuple(f"{MONTHS_SHORT[day.month - 1]} {day.year}" for day in chart.periods)
    if chart.stretch == "dag":
        return tuple(f"{day.day} {MONTHS_SHORT[day.month - 1]} {day.year}" for day in chart.periods)
    return tuple(str(day.year) for day in chart.periods)


def value_of(point: Point, unit: str) -> str:
    """Write the value of a point in the unit of its chart, as precisely as the report does."""
    match = _DECIMALS.search(point.written)
    decimals = len(match[1]) if match else 0
    if point.unit != unit:
        decimals = next(
            (n for n in range(DECIMALS_MAX) if round(point.value, n) == point.value), DECIMALS_MAX
        )
    return format_number(point.value, decimals)


def as_written(point: Point, unit: str) -> str:
    """Say how the report writes a value that was converted; empty where it was not."""
    return texts.WRITTEN_AS.format(f"{point.written} {point.unit}") if point.unit != unit else ""


def made(point: Point) -> str:
    """Say when a forecast was made; empty where it is none."""
    if point.as_of is None:
        return ""
    day = point.as_of.last
    return texts.AS_OF.format(f"{MONTHS[day.month - 1]} {day.year}")


def point_name(line: Line, point: Point, unit: str) -> str:
    """Say all of a point in one sentence, for those who hear it or point at it."""
    value = f"{value_of(point, unit)} {unit}".strip()
    said = f"{full_name(line)}, {point.label}: {value}"
    return ", ".join(filter(None, (said, made(point), as_written(point, unit))))


def _parts(line: Line) -> dict[str, str]:
    series = line.series
    parts = {
        "kind": texts.KINDS[series.kind] if series.kind else "",
        "sex": series.sex,
        "aspect": series.aspect,
        "municipality": place_name(series.municipality),
        "board": capital(series.board),
    }
    return {name: part for name, part in parts.items() if part}


def _inside(part: str) -> str:
    """Write a part as it stands inside a line: a kind or a stretch begins with a small letter."""
    own = {*texts.KINDS.values(), *texts.STRETCHES.values()}
    return part[:1].lower() + part[1:] if part in own or part.startswith(MONTHS_CAPITAL) else part


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in STEPS if step * power >= least * (1 - 1e-9))


def _half(step: float) -> int:
    """Return 1 where a step such as 2,5 or 0,25 needs one decimal more."""
    leading = step / 10 ** math.floor(math.log10(step) + 1e-9)
    return int(abs(leading - 2.5) < 1e-6 and step < 10)
