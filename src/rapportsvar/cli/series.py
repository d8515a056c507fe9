"""The command ``series``: one measure over periods, as a table, as JSON or as CSV."""

from __future__ import annotations

import csv
import io
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing

from rapportsvar.answering.series import Point, Series
from rapportsvar.cli.talk import talk, write, write_exactly, write_json
from rapportsvar.config import Settings
from rapportsvar.engine.contract import point_json, series_json
from rapportsvar.engine.engine import SERIES_TOP, Engine
from rapportsvar.index.entries import plain
from rapportsvar.model import Filters
from rapportsvar.swedish.numbers import format_number
from rapportsvar.swedish.periods import format_period

WRONG_USAGE = 2
OF_SERIES = ("measure", "kind", "stretch", "unit", "municipality", "board", "sex", "aspect")
OF_POINT = ("period", "first", "last", "as_of", "value", "written", "measured", "likeness", "disagrees")
OF_PLACE = ("source", "start", "end", "row", "column")
HEAD = ("Period", "Värde", "Vad", "Skrivet", "Rad", "Kolumn", "Källa")
SHOWN_CHARS = 40


def run_series(options: Namespace, settings: Settings) -> int:
    """Show one measure over periods."""
    if options.json and options.csv:
        talk("rapportsvar series: ange --json eller --csv, inte båda")
        return WRONG_USAGE
    asked = " ".join(options.measure)
    wanted = Filters(options.municipality, options.board, tuple(options.year), options.kind)
    with closing(Engine.open(options.index, settings, talk=talk)) as engine:
        found = engine.series(asked, filters=engine.chosen(wanted), top=options.top or SERIES_TOP)
    if options.json:
        for series in found:
            write_json(series_json(series))
    elif options.csv:
        write_exactly(series_csv(found))
    else:
        write("\n\n".join(series_text(series) for series in found) or f"Ingen uppgift heter så: {asked}")
    return 0


def series_text(series: Series) -> str:
    """Return a series as a table for a terminal, with its joined names, gaps and disagreements told."""
    rows = [HEAD, *(_row(point) for point in series.points)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    table = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([*_head(series), *table, *_remarks(series)])


def series_csv(found: Sequence[Series]) -> str:
    """Return series as CSV, one figure a line; a head names the columns."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["series", *OF_SERIES, *OF_POINT, "written_unit", *OF_PLACE])
    for number, series in enumerate(found, 1):
        head = series_json(series)
        for point in series.points:
            shown = point_json(point)
            own = [shown[name] for name in OF_POINT]
            place = [shown[name] for name in OF_PLACE]
            writer.writerow([number, *(head[name] for name in OF_SERIES), *own, point.unit, *place])
    return stream.getvalue()


def _head(series: Series) -> Iterator[str]:
    whose = " · ".join(filter(None, (series.municipality, series.board)))
    kind = series.kind or "uppgiftens slag anges inte"
    what = ", ".join(filter(None, (kind, series.stretch, series.sex, series.aspect, series.unit)))
    yield f"{series.measure} ({what})"
    if whose:
        yield whose


def _row(point: Point) -> tuple[str, ...]:
    made = f" (per {format_period(point.as_of)})" if point.as_of else ""
    mark = " !" if point.disagrees else ""
    return (
        f"{point.label}{made}",
        f"{_value(point.value)}{mark}",
        point.measured,
        " ".join(filter(None, (plain(point.written), point.unit if point.unit not in point.written else ""))),
        _short(point.row),
        _short(point.column),
        f"{point.source} [{point.span.start}:{point.span.end}]",
    )


def _remarks(series: Series) -> Iterator[str]:
    joined = [f"{name} (likhet {likeness:.2f})" for name, likeness in series.names if name != series.measure]
    if joined:
        yield f"Sammanfört med: {'; '.join(joined)}"
    if series.gaps:
        yield f"Uppgift saknas för: {', '.join(series.gaps)}"
    if any(point.disagrees for point in series.points):
        yield "! Rapporterna anger olika värden för samma period."


def _value(value: float) -> str:
    decimals = next((n for n in range(4) if round(value, n) == round(value, 6)), 4)
    return format_number(value, decimals)


def _short(words: str) -> str:
    return words if len(words) <= SHOWN_CHARS else words[: SHOWN_CHARS - 1].rstrip() + "…"
