"""Tables of reports as HTML tables, with a row and its cells lit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from rapportsvar.app import texts
from rapportsvar.app.lit import lit
from rapportsvar.app.markup import Html, tag
from rapportsvar.app.swedish import counted
from rapportsvar.engine.reading_view import TableExcerpt
from rapportsvar.index.entries import plain
from rapportsvar.model import Cell, Row, RowKind, Span, Table

FINDING = "found"


def draw_excerpt(excerpt: TableExcerpt, text: str, marks: Sequence[Span], *, alone: bool = False) -> Html:
    """Draw a row among its neighbours.

    Args:
        excerpt: What to draw.
        text: The report's text.
        marks: The cells that answer.
        alone: Draw no caption, and say nothing of the rows that are left out.
    """
    table = excerpt.table
    caption = plain(table.caption.of(text)) if table.caption and not alone else ""
    unit = (
        f"{texts.UNIT}: {table.unit.name}"
        if table.unit and table.unit.name.lower() not in caption.lower()
        else ""
    )
    left_out = (
        texts.ROWS_BEFORE.format(counted(excerpt.before, texts.ROW_ONE, texts.ROW_MANY))
        if excerpt.before
        else "",
        texts.ROWS_AFTER.format(counted(excerpt.after, texts.ROW_ONE, texts.ROW_MANY))
        if excerpt.after
        else "",
    )
    note = "" if alone else ", ".join(filter(None, left_out))
    drawing = _Drawing(table, text, marks, excerpt.row.span)
    title = " · ".join(filter(None, (caption, unit)))
    return tag(
        "figure",
        tag("figcaption", title) if title else None,
        _scroller(drawing.draw(excerpt.rows), caption or texts.IN_TABLE),
        tag("p", note, class_="note") if note else None,
        class_="excerpt",
    )


def draw_table(
    table: Table,
    text: str,
    marks: Sequence[Span],
    *,
    place: Span | None = None,
    found: Sequence[Span] = (),
    anchor: str | None = None,
) -> Html:
    """Draw a whole table.

    Args:
        table: The table.
        text: The report's text.
        marks: The cells to light.
        place: The row to light.
        found: Words that were looked for.
        anchor: Id of the lit row.
    """
    rows = [row for row in table.rows if row.kind is not RowKind.RULE]
    return _scroller(_Drawing(table, text, marks, place, found, anchor).draw(rows), texts.IN_TABLE)


def _scroller(content: Html, label: str) -> Html:
    return tag("div", content, class_="scroller", tabindex=0, role="region", aria_label=label)


@dataclass(slots=True)
class _Drawing:
    """One table as it is drawn.

    Attributes:
        table: The table.
        text: The report's text.
        marks: The cells to light.
        here: The row to light.
        found: Words that were looked for.
        anchor: Id of the lit row.
    """

    table: Table
    text: str
    marks: Sequence[Span]
    here: Span | None = None
    found: Sequence[Span] = ()
    anchor: str | None = None

    def draw(self, rows: Sequence[Row]) -> Html:
        """Draw rows: header rows above, the others below."""
        heads = list(takewhile(lambda row: row.kind is RowKind.HEADER, rows))
        body = [self._row(row) for row in rows[len(heads) :]]
        head = tag("thead", [self._header(row) for row in heads]) if heads else None
        return tag("table", head, tag("tbody", body))

    def _header(self, row: Row) -> Html:
        cells: list[tuple[str, int, int]] = []
        for cell in row.cells:
            words = cell.span.of(self.text)
            if not words and cells and self._continues(cell.column, cells[-1][0]):
                before = cells.pop()
                cells.append((before[0], before[1], before[2] + 1))
            else:
                cells.append((words, cell.column, 1))
        drawn = [
            tag(
                "th",
                words,
                scope="col" if width == 1 else "colgroup",
                colspan=width if width > 1 else None,
                class_="num" if self._is_numeric(column) and width == 1 else None,
            )
            for words, column, width in cells
        ]
        return tag("tr", drawn)

    def _row(self, row: Row) -> Html:
        is_here = self.here is not None and row.span.overlap_chars(self.here) > 0
        anchor, self.anchor = (self.anchor, None) if is_here else (None, self.anchor)
        kind = "total" if row.kind is RowKind.TOTAL else "group" if row.kind is RowKind.SECTION else ""
        classes = " ".join(filter(None, (kind, "here" if is_here else "")))
        return tag("tr", [self._cell(row, cell) for cell in row.cells], class_=classes or None, id=anchor)

    def _cell(self, row: Row, cell: Cell) -> Html:
        is_label = cell.column < self.table.label_columns
        is_lit = not is_label and any(mark.overlap_chars(cell.span) for mark in self.marks)
        classes = " ".join(
            filter(None, ("num" if cell.values and not is_label else "", "lit" if is_lit else ""))
        )
        content = lit(self.text, cell.span, self.found, kind=FINDING)
        if is_label and cell.span.start == cell.span.end and cell.column == 0 and len(row.labels) > 1:
            content = tag("span", plain(row.labels[0]), class_="inherited")
        if is_label and cell.column == 0:
            return tag("th", content, scope="row", class_=classes or None)
        return tag("td", content, class_=classes or None)

    def _continues(self, column: int, header: str) -> bool:
        """Tell whether an empty header cell is the rest of a merged one."""
        path = self.table.columns[column] if column < len(self.table.columns) else ()
        return column >= self.table.label_columns and bool(header) and plain(header) in map(plain, path)

    def _is_numeric(self, column: int) -> bool:
        """Tell whether most cells of a column are numbers: its header is set to the right like them."""
        if column < self.table.label_columns:
            return False
        rows = [r for r in self.table.rows if r.kind is not RowKind.HEADER]
        cells = [c for r in rows for c in r.cells if c.column == column]
        return sum(bool(c.values) for c in cells) * 2 > len(cells)
