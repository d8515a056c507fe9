"""From a flow of blocks to a text with its layout.

A paragraph and a heading stand on a line each with a blank line between, items of a list on lines of their
own, a table as one line a row with tabs between its cells. The words of a merged cell stand once, at its top
left place. A table that only lays out a page (one column, one row, headings with text under them) is written
as what stands in it; a table inside a cell follows the table around it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapportsvar.errors import EmptyReport, ReportTooLarge
from rapportsvar.model import Grid, GridCell, HeadingMark, Layout, Source, Span
from rapportsvar.reading.flow import (
    Block,
    CellBlock,
    ContentsBlock,
    HeadingBlock,
    ItemBlock,
    ParagraphBlock,
    TableBlock,
    words_of,
)

PLACES_MAX = 5_000_000
"""Rows times columns of one table."""
LEVEL_MAX = 9
_NOT_A_TABLE_CAPTION = ("figur", "diagram", "bild", "karta", "figure", "foto")


@dataclass(frozen=True, slots=True)
class Told:
    """What a source is beside its text."""

    name: str
    sha256: str
    warnings: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()


def compose(blocks: Iterable[Block], told: Told) -> Source:
    """Write blocks as a source.

    Raises:
        EmptyReport: There are no words in them.
        ReportTooLarge: A table is too wide and long.
    """
    writer = _Writer(told.name)
    for block in _with_captions(_unfolded(blocks)):
        writer.write(block)
    if not writer.at:
        raise EmptyReport("Filen innehåller ingen text", where=told.name, todo="Byt ut eller ta bort den.")
    layout = Layout(tuple(writer.headings), tuple(writer.grids), tuple(writer.furniture))
    text = "".join(writer.pieces)
    return Source(
        told.name, text, told.sha256, warnings=told.warnings, layout=layout, properties=told.properties
    )


def _unfolded(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks with words; of tables that are none, what is in them; nested tables after their table."""
    for block in blocks:
        if not isinstance(block, TableBlock):
            if block.words:
                yield block
            continue
        table = tidied(block)
        if _only_lays_out(table):
            if table.caption:
                yield ParagraphBlock(table.caption)
            for cell in table.cells:
                yield from _unfolded(cell.blocks)
            continue
        yield table
        yield from _unfolded(
            inner for cell in table.cells for inner in cell.blocks if isinstance(inner, TableBlock)
        )


def _only_lays_out(table: TableBlock) -> bool:
    """Tell whether a table, tidied, is none: empty, or there to put things beside each other."""
    if table.sheet or not table.cells:
        return not table.cells
    rows, columns = _size(table.cells)
    if table.layout or rows < 2 or columns < 2:
        return True
    filled = [cell for cell in table.cells if cell.blocks]
    nests = sum(any(isinstance(inner, TableBlock) for inner in cell.blocks) for cell in filled)
    heads = any(
        isinstance(before, HeadingBlock) and not isinstance(after, HeadingBlock)
        for cell in filled
        for before, after in zip(cell.blocks, cell.blocks[1:], strict=False)
    )
    return heads or nests * 2 >= len(filled)


def tidied(table: TableBlock) -> TableBlock:
    """Return a table without blocks, rows and columns that hold no words."""
    cells = [replace(cell, blocks=tuple(b for b in cell.blocks if words_of(b))) for cell in table.cells]
    rows = sorted({cell.row for cell in cells if cell.blocks})
    columns = sorted({cell.column for cell in cells if cell.blocks})
    kept = (_shrunk(cell, rows, columns) for cell in cells)
    return replace(table, cells=tuple(sorted((c for c in kept if c), key=lambda c: (c.row, c.column))))


def _shrunk(cell: CellBlock, rows: Sequence[int], columns: Sequence[int]) -> CellBlock | None:
    """Return a cell in a table of which only some rows and columns are left."""
    row, row_span = _left(cell.row, cell.row_span, rows)
    column, column_span = _left(cell.column, cell.column_span, columns)
    if not row_span or not column_span:
        return None
    return replace(cell, row=row, row_span=row_span, column=column, column_span=column_span)


def _left(start: int, length: int, kept: Sequence[int]) -> tuple[int, int]:
    first = bisect_left(kept, start)
    return first, bisect_left(kept, start + length) - first


def _size(cells: Sequence[CellBlock]) -> tuple[int, int]:
    rows = max((cell.row + cell.row_span for cell in cells), default=0)
    columns = max((cell.column + cell.column_span for cell in cells), default=0)
    return rows, columns


def _with_captions(blocks: Iterable[Block]) -> Iterator[Block]:
    """Give a table the caption that stands right above it; one right below it is found as it is written."""
    waiting: ParagraphBlock | None = None
    for block in blocks:
        if waiting and isinstance(block, TableBlock) and not block.caption:
            block, waiting = replace(block, caption=waiting.words), None
        if waiting:
            yield waiting
        names = isinstance(block, ParagraphBlock) and block.caption
        waiting = block if names and not _names_a_picture(block) else None  # type: ignore[assignment]
        if waiting is None:
            yield block
    if waiting:
        yield waiting


def _names_a_picture(block: Block) -> bool:
    return words_of(block).lower().startswith(_NOT_A_TABLE_CAPTION)


class _Writer:
    """Puts the text together and remembers where things stand."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pieces: list[str] = []
        self.at = 0
        self.headings: list[HeadingMark] = []
        self.grids: list[Grid] = []
        self.furniture: list[Span] = []
        self._before: type[Block] | None = None

    def write(self, block: Block) -> None:
        """Write a block after those before it."""
        together = type(block) is self._before and isinstance(block, ItemBlock | ContentsBlock)
        if self.at:
            self._put("\n" if together else "\n\n")
        after_table = self._before is TableBlock
        self._before = type(block)
        if isinstance(block, TableBlock):
            self._table(block)
            return
        span = self._put(words_of(block))
        if after_table and isinstance(block, ParagraphBlock) and block.caption:
            self._caption_below(block, span)
        if isinstance(block, HeadingBlock):
            self.headings.append(HeadingMark(span, min(max(block.level, 1), LEVEL_MAX)))
        elif isinstance(block, ContentsBlock):
            self.furniture.append(span)

    def _caption_below(self, block: ParagraphBlock, span: Span) -> None:
        if self.grids[-1].caption is None and not _names_a_picture(block):
            self.grids[-1] = replace(self.grids[-1], caption=span)

    def _put(self, words: str) -> Span:
        start = self.at
        self.pieces.append(words)
        self.at += len(words)
        return Span(start, self.at)

    def _table(self, table: TableBlock) -> None:
        caption = self._put(table.caption) if table.caption else None
        if caption:
            self._put("\n")
        rows, columns = _size(table.cells)
        if rows * columns > PLACES_MAX:
            raise ReportTooLarge(
                f"En tabell har {rows} rader och {columns} kolumner", where=self.name, todo="Dela den."
            )
        start = self.at
        by_row: dict[int, dict[int, CellBlock]] = {}
        for cell in table.cells:
            by_row.setdefault(cell.row, {})[cell.column] = cell
        cells: list[GridCell] = []
        for row in range(rows):
            self._put("\n" if row else "")
            cells += self._row(by_row.get(row, {}), columns)
        self.grids.append(Grid(Span(start, self.at), tuple(cells), rows, columns, caption))

    def _row(self, there: dict[int, CellBlock], columns: int) -> Iterator[GridCell]:
        for column in range(columns):
            self._put("\t" if column else "")
            cell = there.get(column)
            if cell:
                own = (b for b in cell.blocks if not isinstance(b, TableBlock))
                span = self._put(" ".join(words_of(block) for block in own))
                yield GridCell(span, cell.row, column, cell.row_span, cell.column_span, cell.header)
