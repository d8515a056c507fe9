"""Where the cells of an HTML table stand: the algorithm of the HTML standard (4.9.12), in bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rapportsvar.reading.package import Element, attribute, local, whole

COLUMNS_MAX = 1000
_CELLS = ("td", "th")
_GROUPS = ("thead", "tbody", "tfoot")


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell's element with its place; ``header``: it is ``th`` at a column's top or stands in ``thead``."""

    element: Element
    row: int
    column: int
    row_span: int
    column_span: int
    header: bool


def rows_of(table: Element) -> Iterator[tuple[Element, str]]:
    """Yield the rows of a table with the name of the group each stands in: head first, foot last."""
    groups: dict[str, list[tuple[Element, str]]] = {name: [] for name in _GROUPS}
    for each in table:
        name = local(each)
        if name == "tr":
            groups["tbody"].append((each, "tbody"))
        elif name in groups:
            groups[name] += [(row, name) for row in each if local(row) == "tr"]
    for name in _GROUPS:
        yield from groups[name]


def count_cells(table: Element) -> int:
    """Return how many cells a table has, those too far to the right to be placed included."""
    return sum(local(each) in _CELLS for row, _ in rows_of(table) for each in row)


def place_cells(table: Element) -> list[PlacedCell]:
    """Return the cells of a table with their places; none of them overlap."""
    rows = list(rows_of(table))
    taken: dict[int, int] = {}  # column: how many rows below are covered
    placed: list[PlacedCell] = []
    for number, (row, group) in enumerate(rows):
        cells = [each for each in row if local(each) in _CELLS]
        heads = group == "thead" or (bool(cells) and all(local(cell) == "th" for cell in cells))
        column = 0
        covered: dict[int, int] = {}
        for cell in cells:
            while taken.get(column, 0):
                column += 1
            width = min(max(1, whole(attribute(cell, "colspan"), 1)), COLUMNS_MAX)
            width = _free(column, width, taken)
            height = _height(cell, len(rows) - number)
            if column >= COLUMNS_MAX:
                break
            width = min(width, COLUMNS_MAX - column)
            placed.append(PlacedCell(cell, number, column, height, width, heads))
            covered.update(dict.fromkeys(range(column, column + width), height))
            column += width
        taken = {at: left - 1 for at, left in taken.items() if left > 1}
        taken.update({at: height - 1 for at, height in covered.items() if height > 1})
    return placed


def _free(column: int, width: int, taken: dict[int, int]) -> int:
    """Return how much of a width is free of cells that come down from above."""
    return next((n for n in range(1, width) if taken.get(column + n, 0)), width)


def _height(cell: Element, rows_left: int) -> int:
    """0 means down to the table's end."""
    asked = whole(attribute(cell, "rowspan"), 1)
    return rows_left if asked == 0 else min(max(1, asked), rows_left)
