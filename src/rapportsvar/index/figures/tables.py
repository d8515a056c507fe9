"""Figures of tables: every numeric cell of a data or total row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapportsvar.index.entries import JOIN, plain
from rapportsvar.index.figures.columns import (
    OWN_WORDS,
    Column,
    measured_by,
    month_of,
    period_of,
    read_columns,
    undated,
)
from rapportsvar.index.figures.measures import (
    SEX_LABELS,
    clean_label,
    measure_of,
    names_only_kind,
    sex_of,
    sex_of_labels,
    unit_of_heading,
)
from rapportsvar.index.stub import stub_of
from rapportsvar.model import Cell, Figure, Measured, Period, Report, Row, RowKind, Span, Table
from rapportsvar.structure.tables.pieces import Kind, kind_of
from rapportsvar.swedish.numbers import find_numbers, parse_values
from rapportsvar.swedish.periods import format_period, year_period

_FIGURES_IN = (RowKind.DATA, RowKind.TOTAL)
_INVESTMENT = re.compile(r"investering", re.IGNORECASE)
_REFERENCE = re.compile(r"(?:[A-ZÅÄÖ]{2,}[ -]\d{4}\D\d+|\d{6}-\d{4})")
_DATED = re.compile(r"(?<!sedan )(?<!från )(?<!med )(?<!mot )(?:19|20)\d\d\)?:?\s*$")
"""A label that ends with a year is dated by it; ``jämfört med 2007`` is not."""
_CAPTION_CHARS = 160
_NEAR_TITLES = 3
_INSTANCES = re.compile(r"(?:antal )?avvikelser", re.IGNORECASE)
"""Counted ones, ``2 av 150``, of an internal control: no money is missing."""


@dataclass(frozen=True, slots=True)
class _Setting:
    """What holds for all cells of a table."""

    report: Report
    table: Table
    columns: tuple[Column, ...]
    own: Period | None
    heading: str
    heading_unit: str
    caption: str
    period: Period | None
    period_label: str
    measured: Measured
    investment: bool
    stub: str


def table_figures(report: Report, table: Table, own: Period | None) -> Iterator[Figure]:
    """Yield the figures of a table.

    Args:
        report: The report.
        table: One of its tables.
        own: The report's period.
    """
    if not any(cell.values for row in table.rows for cell in row.cells):
        return
    setting = _setting(report, table, own)
    for row in table.rows:
        if row.kind in _FIGURES_IN:
            for cell in row.cells:
                if cell.values and (cell.column >= table.label_columns or table.label_columns == 0):
                    yield from _cell_figures(setting, row, cell)


def _setting(report: Report, table: Table, own: Period | None) -> _Setting:
    path = report.sections[table.section].path
    title = path[-1] if path else ""
    caption = plain(table.caption.of(report.text)) if table.caption else ""
    stub = stub_of(table)
    stub = stub if " " in stub else ""  # a word alone, "Badplats", is what the rows are rather than a title
    titles = [words for words in (stub, caption, *reversed(path)) if 0 < len(words) <= _CAPTION_CHARS]
    over = [undated(words) for words in titles]
    in_unit = next((words for words in over[: 3 if stub else 2] if unit_of_heading(words)), "")
    period, period_label = _dated(titles, own)
    caption = stub if stub and caption in ("", title) else caption
    return _Setting(
        report=report,
        table=table,
        columns=read_columns(
            table.columns,
            _reference(period, own),
            _sexes_of_rows(table, report.text),
            table.label_columns,
            stub,
        ),
        stub=over[0] if stub and not names_only_kind(stub) else "",
        own=own,
        heading=in_unit or next((words for words in over if not names_only_kind(words)), ""),
        heading_unit=unit_of_heading(in_unit),
        caption=next((words for words in (caption, title) if 0 < len(words) <= _CAPTION_CHARS), ""),
        period=period,
        period_label=period_label,
        measured=measured_by(caption, OWN_WORDS) if caption != title else Measured.OTHER,
        investment=any(_INVESTMENT.search(words) for words in (caption, title, *_headers(table))),
    )


def _dated(titles: Sequence[str], own: Period | None) -> tuple[Period | None, str]:
    """Return the period of the nearest title that names one, else the report's; a sentence dates no figures.

    Titles farther out date by a whole year only: ``3 Uppföljning 2023`` in the budget of 2024.
    """
    for place, words in enumerate(titles):
        period, label = period_of(words, own) if len(words) <= _CAPTION_CHARS / 2 else (None, "")
        if period and (place < _NEAR_TITLES or period == year_period(period.year)):
            return period, label
    return own, format_period(own) if own else ""


def _reference(period: Period | None, own: Period | None) -> Period | None:
    """Return what months without a year are of: the year that the table's titles name, else the report's."""
    if period and own and period.first.year == period.last.year != own.year:
        return period
    return own


def _headers(table: Table) -> list[str]:
    return [" ".join(path) for path in table.columns]


def _sexes_of_rows(table: Table, text: str) -> tuple[str, ...]:
    """Return the sex of each column, where the first row without numbers holds nothing but sexes."""
    for row in table.rows:
        if row.kind is not RowKind.HEADER and any(cell.values for cell in row.cells):
            return ()
        words = {
            c.column: plain(c.span.of(text)).lower() for c in row.cells if c.column >= table.label_columns
        }
        said = [word for word in words.values() if word]
        if len(said) > 1 and all(word in SEX_LABELS or word.startswith("total") for word in said):
            return tuple(SEX_LABELS.get(words.get(place, ""), "") for place in range(len(table.columns)))
    return ()


def _cell_figures(setting: _Setting, row: Row, cell: Cell) -> Iterator[Figure]:
    text, table = setting.report.text, setting.table
    span = _span_of_values(cell, text)
    if span is None:
        return
    column = setting.columns[cell.column]
    sex, labels = sex_of_labels(cell.row_path or row.labels)
    unit, unit_source = (cell.unit.name, cell.unit.source) if cell.unit else (setting.heading_unit, "caption")
    by_heading = bool(setting.heading_unit) and (not cell.unit or cell.unit.source in ("caption", "section"))
    measured, against = _measured(setting, column, labels)
    if measured is Measured.DEVIATION and not cell.unit and _INSTANCES.fullmatch(column.label):
        measured, against, column = Measured.OTHER, Measured.OTHER, replace(column, aspect="avvikelser")
    period, period_label, as_of = _period(setting, column, labels, measured)
    figure = Figure(
        source=setting.report.source.name,
        span=span,
        row=row.span,
        measure=measure_of(labels, setting.heading, heading_says=by_heading or _by_stub(setting, cell)),
        value=cell.values[0],
        unit=unit,
        period=period,
        period_label=period_label,
        measured=measured,
        sex=sex or column.sex,
        section=setting.report.sections[table.section].path,
        row_label=JOIN.join(plain(label) for label in cell.row_path or row.labels if label),
        column_label=column.label,
        caption=setting.caption,
        unit_source=unit_source if unit else "",
        against=against,
        aspect=column.aspect,
        as_of=as_of,
        investment=setting.investment,
    )
    if figure.measure:
        yield from _by_sex(figure, cell.values, text) or _by_value(figure, cell.values)


def _by_stub(setting: _Setting, cell: Cell) -> bool:
    """Tell whether the table's first header cell says what a cell measures: ``Hyrpersonal, mnkr``."""
    in_header = cell.unit is not None and cell.unit.source == "header"
    return bool(setting.stub) and setting.heading == setting.stub and in_header


def _span_of_values(cell: Cell, text: str) -> Span | None:
    """Return where the numbers of a cell stand: the cell, or the amount that its sentence begins with.

    None for the number of a case, and where the numbers cannot be read from the text again.
    """
    words = cell.span.of(text)
    if _REFERENCE.search(words):
        return None
    if parse_values(words) == cell.values:
        return cell.span
    first = next(iter(find_numbers(words)), None)
    leads = first is not None and first.start == 0 and parse_values(first.text) == cell.values
    return Span(cell.span.start, cell.span.start + first.end) if first and leads else None


def _by_sex(figure: Figure, values: Sequence[float], text: str) -> list[Figure]:
    """Return a figure for each sex that a cell names before a number of its own; none where it does not.

    ``Flickor 86,2 procent, pojkar 81,4 procent``
    """
    words, start = figure.span.of(text), figure.span.start
    found, last = [], 0
    for number in find_numbers(words):
        sex = sex_of(words[last : number.start])
        span = Span(start + number.start, start + number.end)
        last = number.end
        if sex and parse_values(number.text):
            unit = number.unit or figure.unit
            found.append(replace(figure, value=number.value, span=span, sex=sex, unit=unit))
    told = len({one.sex for one in found}) == 2 and tuple(one.value for one in found) == values
    return found if told else []


def _by_value(figure: Figure, values: Sequence[float]) -> Iterator[Figure]:
    """Yield one figure for each number of a cell; a cell of one number needs no place."""
    if len(values) == 1:
        yield figure
        return
    for place, value in enumerate(values, 1):
        yield replace(figure, value=value, part=place)


def _measured(setting: _Setting, column: Column, labels: Sequence[str]) -> tuple[Measured, Measured]:
    """Return what a cell is: by its column, the caption, its row, in this order."""
    last = clean_label(labels[-1]) if labels else ""
    measured = column.measured or setting.measured or measured_by(last, OWN_WORDS)
    return measured, column.against


def _period(
    setting: _Setting, column: Column, labels: Sequence[str], measured: Measured
) -> tuple[Period | None, str, Period | None]:
    """Return period, its label, and when a forecast was made: of column, row, heading or report."""
    own = month_of(setting.own) if setting.own else None
    made = column.as_of or (own if _is_forecast(measured, column) else None)
    month = _month_in_row(column.period or setting.period, labels)
    if month and month[0]:
        return (*month, made)
    if column.period:
        return column.period, column.period_label, made
    last = labels[-1] if labels and _DATED.search(labels[-1]) else ""
    in_row, row_label = period_of(last, setting.own, relative=False)
    if in_row:
        return in_row, row_label, made
    period, label = setting.period, setting.period_label
    whole = measured in (Measured.FORECAST, Measured.BUDGET, Measured.TARGET) or _is_forecast(
        measured, column
    )
    if period and whole:
        period = year_period(period.year)
        label = format_period(period)
    return period, label, made


def _month_in_row(year: Period | None, labels: Sequence[str]) -> tuple[Period | None, str] | None:
    """Return the month that a row is of, ``Mars`` under ``Utfall 2023``; None where it is of none."""
    if year is None or not labels or kind_of(labels[-1]) is not Kind.PERIOD:
        return None
    found, label = period_of(labels[-1], year)
    one = found is not None and (found.first.year, found.first.month) == (found.last.year, found.last.month)
    return (found, label) if one and found and found.year == year.year else None


def _is_forecast(measured: Measured, column: Column) -> bool:
    return measured is Measured.FORECAST or column.against is Measured.FORECAST
