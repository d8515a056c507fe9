"""The unit of a table that states none, from the text around it that quotes its figures.

``Ett överskott om 16,2 miljoner kronor`` beside ``16 175`` tells that the table is in thousands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rapportsvar.model import Row, Table, Unit
from rapportsvar.swedish.numbers import MONEY_FACTORS, NumberKind, find_numbers

AFTER_CHARS = 5000
BEFORE_CHARS = 2500
"""How much text after and before a table may speak of it; the next table ends it sooner."""
LEAST_QUOTES = 2
"""How many figures the text must quote: one could agree by chance."""
LEAST_VALUE = 100
"""Smaller whole numbers agree with too much."""
LEAST_ALIKE = 0.7
"""How much of their header two tables share that are of one kind."""

MOST_KINDS = 50
"""How many kinds of header are compared: more would take time in the square of the tables."""

_MONEY_COLUMN = re.compile(
    r"\b(?:budget|bud|prognos|utfall|utf|bokslut|avvikelse|redovisat)\b", re.IGNORECASE
)
_SCALES = ("kr", "tkr", "mnkr")


def with_quoted_units(text: str, tables: Sequence[Table]) -> list[Table]:
    """Give tables of amounts without a unit the one that the text around, or a table of their kind, shows."""
    units: list[str | None] = [None] * len(tables)
    wanting = [index for index, table in enumerate(tables) if _wants_unit(table)]
    for index in wanting:
        floor = tables[index - 1].span.end if index else 0
        ceiling = tables[index + 1].span.start if index + 1 < len(tables) else len(text)
        start, end = tables[index].span.start, tables[index].span.end
        around = (
            text[max(floor, start - BEFORE_CHARS) : start],
            text[end : min(ceiling, end + AFTER_CHARS)],
        )
        units[index] = _quoted(around, tables[index])
    kinds: dict[frozenset[str], set[str | None]] = {}
    for index in wanting:
        if units[index] and len(kinds) < MOST_KINDS:
            kinds.setdefault(_names(tables[index]), set()).add(units[index])
    for index in wanting:
        if units[index] is None:
            alike = {
                unit for names, of in kinds.items() if _alike(names, _names(tables[index])) for unit in of
            }
            units[index] = alike.pop() if len(alike) == 1 else None
    return [_given(table, unit) if unit else table for table, unit in zip(tables, units, strict=True)]


def _wants_unit(table: Table) -> bool:
    if table.unit is not None or not any(_MONEY_COLUMN.search(" ".join(path)) for path in table.columns):
        return False
    given = [cell.unit is None for row in table.rows for cell in row.cells if cell.values]
    return len(given) > 0 and sum(given) >= 0.8 * len(given)


def _quoted(around: Sequence[str], table: Table) -> str | None:
    values = sorted({abs(value) for value in _values(table)})
    quotes = {quote for part in around for quote in _quotes(part)}
    counts = {scale: sum(_stands(quote, scale, values) for quote in quotes) for scale in _SCALES}
    best, second = sorted(counts, key=lambda scale: -counts[scale])[:2]
    return best if counts[best] >= LEAST_QUOTES and counts[best] > 3 * counts[second] else None


def _values(table: Table) -> Iterator[float]:
    for row in table.rows:
        for cell in row.cells:
            if cell.unit is None:
                yield from (v for v in cell.values if abs(v) >= LEAST_VALUE or v != int(v))


def _quotes(part: str) -> Iterator[tuple[float, float]]:
    """Yield the amounts of money in kronor, each with how far off the figure may be that it rounds."""
    for number in find_numbers(part):
        if number.unit not in MONEY_FACTORS or number.kind is not NumberKind.NUMBER or number.in_words:
            continue
        digits = re.match(r"[^\d]*([\d\s]+)(?:[.,](\d+))?", number.text)
        decimals = len(digits[2]) if digits and digits[2] else 0
        factor = MONEY_FACTORS[number.unit]
        # One figure rounds too many others: "0,2", "400".
        if len(f"{abs(number.value):.{decimals}f}".replace(".", "").strip("0")) >= 2:
            yield abs(number.value) * factor, 0.5 * 10**-decimals * factor


def _stands(quote: tuple[float, float], scale: str, values: Sequence[float]) -> bool:
    amount, slack = (part / MONEY_FACTORS[scale] for part in quote)
    slack *= 1 + 1e-9
    place = bisect_left(values, amount - slack)
    return place < len(values) and values[place] <= amount + slack


def _names(table: Table) -> frozenset[str]:
    return frozenset(word for path in table.columns for name in path for word in name.lower().split())


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= LEAST_ALIKE * len(one | other)


def _given(table: Table, name: str) -> Table:
    unit = Unit(name, "text")
    return replace(table, unit=unit, rows=tuple(_row(row, unit) for row in table.rows))


def _row(row: Row, unit: Unit) -> Row:
    cells = [replace(cell, unit=unit) if cell.values and cell.unit is None else cell for cell in row.cells]
    return replace(row, cells=tuple(cells))
