"""A comparison as files, one figure a line with its place in its report: CSV and an Excel workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rapportsvar.answering.comparison import Chart, Comparison, Line
from rapportsvar.answering.series import Point
from rapportsvar.app import texts
from rapportsvar.app.chart_scale import made, value_of
from rapportsvar.app.export import BOM, safe
from rapportsvar.app.markup import CONTROL
from rapportsvar.app.swedish import THIN
from rapportsvar.index.entries import plain

WIDTHS = (34, 34, 18, 16, 30, 10, 16, 18, 20, 14, 10, 14, 12, 40, 40, 34, 24, 40, 10, 10)
VALUE = texts.SERIES_COLUMNS.index("Värde")
HEAD = PatternFill("solid", fgColor="F3F1EC")
BOLD = Font(bold=True)
TEXT = "s"
Written = tuple[str | int | float, ...]


def series_csv(comparison: Comparison) -> bytes:
    """Return the figures separated by semicolons, as UTF-8 with a byte order mark and decimal commas."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(texts.SERIES_COLUMNS)
    for chart, line, point in _figures(comparison):
        values = list(_values(chart, line, point))
        values[VALUE] = value_of(point, chart.unit).replace(THIN, "").replace("−", "-")
        writer.writerow([v if n == VALUE else safe(str(v)) for n, v in enumerate(values)])
    return (BOM + stream.getvalue()).encode("utf-8")


def series_workbook(comparison: Comparison, today: date) -> bytes:
    """Return the figures as a workbook. Values are numbers; no text in it is ever a formula.

    Args:
        comparison: What is shown.
        today: When it was fetched.
    """
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = texts.SHEET
    for column, (name, width) in enumerate(zip(texts.SERIES_COLUMNS, WIDTHS, strict=True), 1):
        head = _write(sheet.cell(1, column), name)
        head.font, head.fill = BOLD, HEAD
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, (chart, line, point) in enumerate(_figures(comparison), 2):
        for column, value in enumerate(_values(chart, line, point), 1):
            _write(sheet.cell(row, column), value).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(row, VALUE + 1).number_format = _format(value_of(point, chart.unit))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    book.properties.creator = texts.PRODUCT
    book.properties.title = CONTROL.sub(" ", f"{comparison.measure}, {today.isoformat()}")[:255]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _figures(comparison: Comparison) -> Iterator[tuple[Chart, Line, Point]]:
    for chart in comparison.charts:
        for line in chart.lines:
            for point in sorted((*line.points, *line.beside), key=lambda p: (p.period.last, p.source)):
                yield chart, line, point


def _values(chart: Chart, line: Line, point: Point) -> Written:
    series = line.series
    return (
        series.group or series.measure,
        point.measure,
        texts.KINDS[series.kind],
        series.municipality,
        series.board,
        series.sex,
        series.aspect,
        point.label,
        made(point),
        point.value,
        chart.unit,
        point.written,
        point.unit,
        point.report.title or point.source,
        " › ".join(plain(title) for title in point.section),
        plain(point.row),
        plain(point.column),
        point.source,
        point.span.start,
        point.span.end,
    )


def _write(cell: Cell, value: str | float) -> Cell:
    """Write a value; of a text that begins with ``=`` openpyxl makes a formula, unless its type is set."""
    if isinstance(value, str):
        cell.value = CONTROL.sub("\ufffd", value)
        cell.data_type = TEXT
        cell.quotePrefix = bool(value) and safe(value) != value
    else:
        cell.value = value
    return cell


def _format(written: str) -> str:
    decimals = len(written.partition(",")[2])
    return "#,##0" + (f".{'0' * decimals}" if decimals else "")
