"""Plots as inline SVG: small functions from numbers to a string, styled by the page's own CSS.

Drawn 360 units wide, so that their text can be read on a telephone. All words are escaped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from rapportsvar.evaluation.calibration import Bin
from rapportsvar.evaluation.words import number

WIDTH = 360
BAR_STEP = 38
BAR_LEFT, BAR_RIGHT = 4, 292
PLOT_LEFT, PLOT_TOP, PLOT_SIDE = 44, 12, 280
HISTOGRAM_HEIGHT = 140
LABEL_CHARS = 46


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar between 0 and 1. ``low`` and ``high`` are the ends of its interval, where it has one."""

    label: str
    value: float
    low: float | None
    high: float | None
    questions: int


def bars(title: str, values: Sequence[Bar]) -> str:
    """Draw horizontal bars, each under its label, with intervals as whiskers."""
    drawn = "".join(_bar(bar, BAR_STEP * place) for place, bar in enumerate(values))
    return _svg(title, BAR_STEP * len(values) + 4, drawn)


def reliability(title: str, bins: Sequence[Bin]) -> str:
    """Draw confidence (rightwards) against the share that answers (upwards); dots grow with questions."""
    most = max((one.questions for one in bins), default=1)
    dots = "".join(_dot(one, most) for one in bins)
    diagonal = _line(_x(0), _y(0), _x(1), _y(1), "guide")
    below = PLOT_TOP + PLOT_SIDE
    names = _text(_x(0.5), below + 34, "säkerhet", "middle") + (
        f'<text class="axis" text-anchor="middle" transform="translate(12 {PLOT_TOP + PLOT_SIDE / 2}) '
        'rotate(-90)">andel rätt</text>'
    )
    return _svg(title, below + 42, _axes() + diagonal + dots + names)


def histogram(title: str, right: Sequence[int], wrong: Sequence[int]) -> str:
    """Draw how many answers have each confidence: those that answer, and above them those that do not."""
    totals = [good + bad for good, bad in zip(right, wrong, strict=True)]
    most = max([1, *totals])
    width = (BAR_RIGHT - PLOT_LEFT) / max(1, len(totals))
    drawn = "".join(
        _column(PLOT_LEFT + width * place, width, good, bad, most)
        for place, (good, bad) in enumerate(zip(right, wrong, strict=True))
    )
    bottom = PLOT_TOP + HISTOGRAM_HEIGHT
    ends = "".join(
        _text(PLOT_LEFT + (BAR_RIGHT - PLOT_LEFT) * share, bottom + 16, number(share, 1), "middle")
        for share in (0.0, 0.5, 1.0)
    )
    scale = _text(PLOT_LEFT - 6, PLOT_TOP + 10, str(most), "end") + _text(PLOT_LEFT - 6, bottom, "0", "end")
    floor = _line(PLOT_LEFT, bottom, BAR_RIGHT, bottom, "frame")
    return _svg(title, bottom + 24, drawn + floor + ends + scale)


def _bar(bar: Bar, top: float) -> str:
    width = BAR_RIGHT - BAR_LEFT
    label = bar.label if len(bar.label) <= LABEL_CHARS else "…" + bar.label[1 - LABEL_CHARS :]
    middle = top + 25
    parts = [
        _text(BAR_LEFT, top + 14, label, "start"),
        _rect(BAR_LEFT, top + 19, width, 12, "empty"),
        _rect(BAR_LEFT, top + 19, width * _share(bar.value), 12, "bar"),
        _text(BAR_RIGHT + 6, top + 30, f"{number(bar.value, 2)} ({bar.questions})", "start"),
    ]
    if bar.low is not None and bar.high is not None:
        ends = (BAR_LEFT + width * _share(bar.low), BAR_LEFT + width * _share(bar.high))
        parts.append(_line(ends[0], middle, ends[1], middle, "whisker"))
        parts.extend(_line(end, middle - 4, end, middle + 4, "whisker") for end in ends)
    return "".join(parts)


def _dot(one: Bin, most: int) -> str:
    radius = 3 + 8 * (one.questions / most) ** 0.5
    told = f"{number(one.confidence, 2)} säker, {number(one.correct, 2)} rätt, {one.questions} frågor"
    return (
        f'<circle class="dot" cx="{_x(one.confidence):.1f}" cy="{_y(one.correct):.1f}" r="{radius:.1f}">'
        f"<title>{escape(told)}</title></circle>"
    )


def _column(left: float, width: float, good: int, bad: int, most: int) -> str:
    unit = HISTOGRAM_HEIGHT / most
    bottom = PLOT_TOP + HISTOGRAM_HEIGHT
    return _rect(left + 1, bottom - good * unit, width - 2, good * unit, "bar") + _rect(
        left + 1, bottom - (good + bad) * unit, width - 2, bad * unit, "wrong"
    )


def _axes() -> str:
    marks = "".join(
        _text(_x(share), PLOT_TOP + PLOT_SIDE + 16, number(share, 1), "middle")
        + _text(PLOT_LEFT - 6, _y(share) + 4, number(share, 1), "end")
        for share in (0.0, 0.5, 1.0)
    )
    return _rect(PLOT_LEFT, PLOT_TOP, PLOT_SIDE, PLOT_SIDE, "frame") + marks


def _x(share: float) -> float:
    return PLOT_LEFT + PLOT_SIDE * _share(share)


def _y(share: float) -> float:
    return PLOT_TOP + PLOT_SIDE * (1 - _share(share))


def _share(value: float) -> float:
    return max(0.0, min(1.0, value))


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text class="axis" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _svg(title: str, height: float, content: str) -> str:
    return (
        f'<svg role="img" viewBox="0 0 {WIDTH} {height:.0f}" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{content}</svg>"
    )
