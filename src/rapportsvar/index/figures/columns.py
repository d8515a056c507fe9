"""What the header of a column says: period, what is measured, sex, and what is left."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rapportsvar.index.entries import JOIN, plain
from rapportsvar.index.figures.measures import SEX, sex_of
from rapportsvar.model import Measured, Period
from rapportsvar.swedish.periods import find_periods, format_period, months, year_period

HEADER_CHARS = 500
"""What is looked at of a header: a pattern that may begin inside a word goes through a long one once a
letter."""
COLUMN_WORDS: Mapping[Measured, re.Pattern[str]] = {
    Measured.DEVIATION: re.compile(
        r"\w*avvik\w*|\bskillnad(?:en)?\s+mot\b|differens\w*|\bdiff\b|\+/-|\w*över-?/?underskott\w*",
        re.IGNORECASE,
    ),
    Measured.TARGET: re.compile(
        r"\bmål(?:värde|nivå|tal)\w*|\bmål(?=\s+(?:19|20)\d\d|\s*$)|riktvärde\w*", re.IGNORECASE
    ),
    Measured.FORECAST: re.compile(r"\w*prognos\w*|beräkna\w*|förvänta\w*", re.IGNORECASE),
    Measured.BUDGET: re.compile(
        r"[\w-]*budget\w*|\bbud\b\.?|anslag\w*|\w*\bram(?:en)?\b|\w+sram\b|kommunbidrag\w*", re.IGNORECASE
    ),
    Measured.ACCOUNTS: re.compile(r"\bbokslut\w*", re.IGNORECASE),
    Measured.OUTCOME: re.compile(
        r"\butfall\w*|\butf\b\.?|redovisa[td]\w*|uppnådd\w*|\bdelår\w*", re.IGNORECASE
    ),
}
"""In this order: ``Prognos avvikelse`` is a deviation, ``Beräknat utfall`` a forecast."""

OWN_WORDS: Mapping[Measured, re.Pattern[str]] = {
    Measured.DEVIATION: re.compile(r"\bavvikelse(?:n|r)?\b", re.IGNORECASE),
    Measured.FORECAST: re.compile(r"\b(?:helårs)?prognos(?:en)?\b", re.IGNORECASE),
    Measured.BUDGET: re.compile(r"\bbudget(?:en)?\b", re.IGNORECASE),
    Measured.ACCOUNTS: re.compile(r"\bbokslut(?:et)?\b", re.IGNORECASE),
    Measured.OUTCOME: re.compile(r"\butfall(?:et)?\b", re.IGNORECASE),
}
"""What a caption or a row's label says; narrower, since ``Driftbudget`` may head a table of outcomes."""

_SINCE_NEW_YEAR = (Measured.BUDGET, Measured.OUTCOME, Measured.DEVIATION)
"""``Budget 31/8`` is that of the months until then."""

_SCHOOL_YEAR = re.compile(r"\bläsår", re.IGNORECASE)
_SO_FAR = re.compile(r"\bdelår|\back\b|ackumulera", re.IGNORECASE)
_MERE_UNIT = re.compile(
    r"\b(?:tkr|kkr|mnkr|mkr|kr|kronor|procent|antal|belopp|miljoner|i)\b|%|\(\s*\)", re.IGNORECASE
)
_EMPTY = re.compile(
    r"\b(?:resultat|period(?:ens?)?|helår\w*|år|den|per|för|totalt?|netto tkr)\b|[^\w\s]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds.

    Attributes:
        label: Its headers, as they are shown.
        period: None where the header names none.
        period_label: As it is shown.
        measured: ``OTHER`` where the header does not say.
        against: Of a deviation.
        sex: ``kvinnor``, ``män`` or empty.
        aspect: What else the header says.
        as_of: Of a forecast, when it was made, where the header names it.
    """

    label: str
    period: Period | None
    period_label: str
    measured: Measured
    against: Measured
    sex: str
    aspect: str
    as_of: Period | None = None


def read_columns(
    paths: Sequence[tuple[str, ...]],
    reference: Period | None,
    sexes: Sequence[str] = (),
    labels: int = 0,
    stub: str = "",
) -> tuple[Column, ...]:
    """Read the headers of a table.

    Args:
        paths: Headers of each column, outermost first.
        reference: The report's period.
        sexes: A sex for each column, where a row of its own names it.
        labels: How many columns from the left label the rows.
        stub: What the first header cell says of all columns: ``Helårsprognos 2023, avvikelse`` over months.
    """
    stub = stub[:HEADER_CHARS]
    whole, paths = paths, [tuple(header[:HEADER_CHARS] for header in path) for path in paths]
    over = stub if COLUMN_WORDS[Measured.FORECAST].search(stub) else ""
    columns = [_read((over, *path) if over and _is_bare_month(path) else path, reference) for path in paths]
    if over and COLUMN_WORDS[Measured.DEVIATION].search(over):
        columns = [_of_deviations(column) for column in columns]
    columns = [replace(c, label=JOIN.join(map(plain, path))) for c, path in zip(columns, whole, strict=True)]
    if sexes:
        columns = [replace(c, sex=c.sex or sex) for c, sex in zip(columns, sexes, strict=False)]
    return (*columns[:labels], *_told_apart(_deviations(columns[labels:])))


def measured_by(words: str, patterns: Mapping[Measured, re.Pattern[str]]) -> Measured:
    """Return what words say that a number is."""
    return next((measured for measured, pattern in patterns.items() if pattern.search(words)), Measured.OTHER)


def period_of(words: str, reference: Period | None, *, relative: bool = True) -> tuple[Period | None, str]:
    """Return the last period that words name, with its label.

    Args:
        words: A header, a label or a clause.
        reference: The report's period.
        relative: False to leave out periods that the reference was needed for (``Elever i år 2``).
    """
    found = find_periods(words, reference=reference)
    mentions = [m for m in found if m.period and (relative or not m.relative)]
    if not mentions:
        return None, ""
    period = mentions[-1].period
    if period and _SCHOOL_YEAR.search(words) and period.last.year == period.first.year + 1:
        period = months(period.first.year, 7, 6, period.last.year)
        return period, f"läsåret {period.first.year}/{period.last.year % 100:02d}"
    if period and _SO_FAR.search(words) and _is_month(period):
        period = months(period.last.year, 1, period.last.month)
    return period, format_period(period) if period else ""


def month_of(period: Period) -> Period:
    """Return the last month of a period: a forecast of January to August is made in August."""
    return months(period.last.year, period.last.month, period.last.month)


def undated(words: str) -> str:
    """Take the periods out of a heading: ``Driftredovisning`` of November is that of December."""
    kept, last = [], 0
    for mention in find_periods(words):
        if mention.period:
            kept.append(words[last : mention.span.start])
            last = mention.span.end
    left = " ".join(" ".join([*kept, words[last:]]).split()).replace(" ,", ",")
    return re.sub(r"\s+(?:per|för|under|den|år)$", "", left) or words


def _read(path: tuple[str, ...], reference: Period | None) -> Column:
    label = JOIN.join(plain(header) for header in path if header)
    words = " ".join(plain(header) for header in path if header)
    measured = next(
        (m for header in reversed(path) if (m := measured_by(header, COLUMN_WORDS))), Measured.OTHER
    )
    period, period_label = period_of(words, reference)
    forecast = COLUMN_WORDS[Measured.FORECAST].search(words)
    as_of = None
    made = measured is Measured.FORECAST or (measured is Measured.DEVIATION and forecast is not None)
    if made and period and (_is_month(period) or _is_to_come(words, period)):
        as_of, period = month_of(period), year_period(period.year)
        period_label = format_period(period)
    if period and period.first == period.last and measured in _SINCE_NEW_YEAR:
        period = Period(date(period.last.year, 1, 1), period.last)
        period_label = format_period(period)
    against = Measured.OTHER
    if measured is Measured.DEVIATION:
        against = Measured.FORECAST if forecast else Measured.OTHER
    return Column(
        label, period, period_label, measured, against, sex_of(words), _aspect(words, reference), as_of
    )


def _of_deviations(column: Column) -> Column:
    """``Bokslut`` under ``Helårsprognos, avvikelse``: what the deviation came to be."""
    if column.measured not in (Measured.ACCOUNTS, Measured.OUTCOME):
        return column
    return replace(column, measured=Measured.DEVIATION, against=Measured.OUTCOME)


def _is_bare_month(path: Sequence[str]) -> bool:
    """Tell whether a header is a month and no more."""
    found = find_periods(path[-1], reference=year_period(2000)) if len(path) == 1 else []
    return any(
        m.period and _is_month(m.period) and m.span.of(path[0]).strip() == path[0].strip() for m in found
    )


def _is_month(period: Period) -> bool:
    return (period.first.year, period.first.month) == (period.last.year, period.last.month)


def _is_to_come(words: str, period: Period) -> bool:
    """``Helårsprognos 202008``, ``Prognos per april``: the month says when, not for what."""
    return "per " in words.lower() and (period.first.month, period.last.month) != (1, 12)


def _aspect(words: str, reference: Period | None) -> str:
    """Return what is left of a header without period, sex, unit, and what is measured."""
    kept, last = [], 0
    for mention in find_periods(words, reference=reference):
        kept.append(words[last : mention.span.start])
        last = mention.span.end
    left = " ".join([*kept, words[last:]])
    for pattern in (*COLUMN_WORDS.values(), *SEX.values(), _MERE_UNIT, _EMPTY):
        left = pattern.sub(" ", left)
    return " ".join(word for word in left.lower().split() if not word.isdecimal())


def _deviations(columns: Sequence[Column]) -> list[Column]:
    """Tell of each deviation what it deviates with: of its period, and of forecast or outcome."""
    read: list[Column] = []
    since = 0
    for place, column in enumerate(columns):
        if column.measured is Measured.DEVIATION:
            before = read[since:] or read[:place]
            told = [c for c in read if c.measured in (Measured.FORECAST, Measured.OUTCOME)]
            is_forecast = any(c.measured is Measured.FORECAST for c in before)
            against = column.against or (Measured.FORECAST if is_forecast else Measured.OUTCOME)
            if column.period and told and told[-1].measured is Measured.FORECAST:
                column = _as_of_then(column, told[-1])
            dated = [c for c in before if c.period and c.measured is against] or [
                c for c in before if c.period
            ]
            if against is Measured.FORECAST and not any(c.measured is against and c.period for c in before):
                dated = []  # of the whole year, as a forecast without a period is
            if column.period is None and dated:
                column = replace(column, period=dated[-1].period, period_label=dated[-1].period_label)
            column = replace(column, against=against)
            since = place + 1
        read.append(column)
    return read


def _as_of_then(column: Column, forecast: Column) -> Column:
    """``Avvikelse april`` beside ``Prognos``: the whole year's, as it looked in April."""
    period = column.period
    if period is None or column.as_of or not (_is_month(period) or _TERTIAL.search(column.label)):
        return column
    whole = forecast.period or year_period(period.year)
    return replace(column, period=whole, period_label=format_period(whole), as_of=month_of(period))


_TERTIAL = re.compile(r"\bT\s?[12]\b|tertial", re.IGNORECASE)


def _told_apart(columns: Sequence[Column]) -> list[Column]:
    """Number columns that the headers do not tell apart, so that their figures are not taken for one."""
    seen: dict[tuple[object, ...], int] = {}
    told = []
    for column in columns:
        key = (column.period, column.measured, column.against, column.sex, column.aspect, column.as_of)
        seen[key] = seen.get(key, 0) + 1
        number = f"{column.aspect} nr {seen[key]}".strip()
        told.append(column if seen[key] == 1 else replace(column, aspect=number))
    return told
