"""Tables that nothing is drawn around: amounts that stand in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rapportsvar.reading.pdf.cells import fill_cells
from rapportsvar.reading.pdf.gaps import gap_columns
from rapportsvar.reading.pdf.lines import Fragment, Remaining
from rapportsvar.reading.pdf.rulings import Bar
from rapportsvar.reading.pdf.tables import LaidTable, compact

_LEAST_ROWS = 3
_NEAR = 2.2
_MOST_HEADER = 4
_HEADER_CHARS = 60


@dataclass(slots=True)
class _Open:
    """A region where nothing is drawn."""

    level: list[Bar] = field(default_factory=list)
    upright: list[Bar] = field(default_factory=list)

    def covered(self, bars: Sequence[Bar], at: float, start: float, end: float) -> float:
        return 0.0


def find_unruled(words: Remaining) -> tuple[list[LaidTable], Remaining]:
    """Return the tables that only their columns show, and the words outside them."""
    rows = words.divided
    tables: list[LaidTable] = []
    taken: set[int] = set()
    for first, last in _runs(rows):
        table = _table(rows[first : last + 1])
        if table is not None:
            tables.append(table)
            taken.update(id(word) for row in rows[first : last + 1] for piece in row for word in piece.words)
    return tables, words.without(taken)


def _is_tabular(row: Sequence[Fragment]) -> bool:
    """Tell whether a row has a label and, apart from it, amounts."""
    amounts = sum(piece.numeric for piece in row[1:])
    return amounts > 0 and amounts * 2 >= len(row) - 1 and not (len(row) == 2 and row[0].numeric)


def _runs(rows: Sequence[list[Fragment]]) -> list[tuple[int, int]]:
    """Return first and last row of each run of rows with amounts, header rows above included."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    last = count = 0
    for place, row in enumerate(rows):
        if _is_tabular(row):
            if start is None or not _close(rows, last, place):
                if start is not None and count >= _LEAST_ROWS:
                    runs.append((_with_header(rows, start), last))
                start, count = place, 0
            last, count = place, count + 1
    if start is not None and count >= _LEAST_ROWS:
        runs.append((_with_header(rows, start), last))
    return runs


def _close(rows: Sequence[list[Fragment]], last: int, place: int) -> bool:
    """Tell whether a table may go on from one row to another: at most two short rows between."""
    if place - last > 3:
        return False
    between = rows[last + 1 : place]
    width = max(piece.x1 for piece in rows[last]) - min(piece.x0 for piece in rows[last])
    if any(row[0].width > 0.7 * width or row[0].text.endswith(".") for row in between):
        return False
    return all(
        rows[n + 1][0].middle - rows[n][0].middle <= _NEAR * max(rows[n][0].height, rows[n + 1][0].height, 8)
        for n in range(last, place)
    )


def _with_header(rows: Sequence[list[Fragment]], start: int) -> int:
    """Take in the rows right above that name the columns."""
    first = start
    left = rows[start][0].x1
    for place in range(start - 1, max(-1, start - 1 - _MOST_HEADER), -1):
        row = rows[place]
        step = rows[place + 1][0].middle - row[0].middle
        short = all(len(piece.text) <= _HEADER_CHARS and not piece.text.endswith(".") for piece in row)
        if not short or step > _NEAR * max(row[0].height, 8):
            break
        if len(row) == 1 and row[0].x0 < left:
            break
        first = place
    return first


def _table(rows: Sequence[list[Fragment]]) -> LaidTable | None:
    pieces = [piece for row in rows for piece in row]
    inner = gap_columns(pieces)
    if not inner:
        return None
    x0, x1 = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
    y0, y1 = min(piece.y0 for piece in pieces), max(piece.y1 for piece in pieces)
    words = [word for piece in pieces for word in piece.words]
    made = fill_cells(_Open(), [x0, *inner, x1], [y0, y1], words, drawn=False)
    cells, count, columns = compact(*made)
    if count < _LEAST_ROWS or columns < 2:
        return None
    return LaidTable(tuple(cells), count, columns, x0, y0, x1, y1)
