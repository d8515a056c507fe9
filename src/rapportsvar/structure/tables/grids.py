"""Tables that the format itself lays out: cells with their places become lines, merged cells labels."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rapportsvar.model import Grid, GridCell, Page, Span
from rapportsvar.structure.tables.blocks import Block
from rapportsvar.structure.tables.headers import MAX_HEADER_LINES, has_values, header_depth, is_inner_header
from rapportsvar.structure.tables.pieces import LONG_CHARS, Kind, Line, Piece, read_piece

_MOST_FLAGGED = 8


def lay_grids(text: str, lines: list[Line], grids: Iterable[Grid]) -> list[Block]:
    """Return one block a grid, and write its lines into ``lines``; tabs elsewhere divide nothing any more.

    A grid of one column is no table: its lines are running text.
    """
    blocks = [block for grid in grids for block in _blocks(text, lines, grid)]
    inside = {line.index for block in blocks for line in block.lines}
    for index, line in enumerate(lines):
        if line.tabbed and index not in inside:
            lines[index] = _untabbed(text, line)
    for block in blocks:
        for line in block.lines:
            lines[line.index] = line
    return blocks


def caption_of(block: Block) -> Span | None:
    """Return what the format says names the table."""
    return block.grid.caption if block.grid is not None else None


def on_one_page(before: Block, after: Block, pages: Sequence[Page]) -> bool:
    """Tell whether no page break parts two grids; where there are no pages, none does."""
    starts = [page.span.start for page in pages]
    first, second = (bisect_right(starts, line.span.start) for line in (before.lines[-1], after.lines[0]))
    return first == second


def _blocks(text: str, lines: Sequence[Line], grid: Grid) -> list[Block]:
    if grid.columns < 2:
        return []
    rows = _rows_of_lines(lines, grid)
    bare = [
        _line(text, lines[index], [cell for cell in grid.cells if cell.row == row], grid.columns)
        for index, row in rows
    ]
    if all(line.blank for line in bare):
        return []
    depth = _depth(grid, bare, [row for _, row in rows])
    spread = {row: line for (_, row), line in zip(rows, bare, strict=True)}
    _spread_cells(grid, spread, rows[depth][1] if depth < len(rows) else grid.rows)
    merged = any(cell.row_span > 1 or cell.column_span > 1 for cell in grid.cells)
    return _parted(Block([spread[row] for _, row in rows], depth, grid=grid, exact=merged), bare)


def _parted(block: Block, bare: Sequence[Line]) -> list[Block]:
    """Part a grid where the header of another table stands in the middle of it."""
    cuts = [n for n in range(max(block.depth, 1) + 1, len(bare)) if block.depth and is_inner_header(bare, n)]
    if not cuts:
        return [block]
    parts = [Block(block.lines[: cuts[0]], block.depth, grid=block.grid, exact=block.exact)]
    for start, end in zip(cuts, [*cuts[1:], len(bare)], strict=True):
        lines = block.lines[start:end]
        parts.append(Block(lines, max(1, header_depth(lines)), grid=block.grid, exact=block.exact))
    return parts


def _rows_of_lines(lines: Sequence[Line], grid: Grid) -> list[tuple[int, int]]:
    """Return line and row of each row that has a line of its own."""
    starts = [line.span.start for line in lines]
    first = bisect_right(starts, grid.span.start) - 1
    last = bisect_right(starts, max(grid.span.start, grid.span.end - 1)) - 1
    if last - first + 1 == grid.rows:
        return [(first + row, row) for row in range(grid.rows)]
    found: dict[int, int] = {}
    for cell in grid.cells:
        if cell.span.length_chars:
            found.setdefault(bisect_right(starts, cell.span.start) - 1, cell.row)
    return sorted(found.items())


def _line(text: str, line: Line, cells: Sequence[GridCell], columns: int) -> Line:
    """Return a row with one piece a column; what no cell fills is empty."""
    pieces: list[Piece] = []
    by_column = {cell.column: cell for cell in cells}
    at = line.span.start
    for column in range(columns):
        cell = by_column.get(column)
        if cell is None or not cell.span.length_chars:
            pieces.append(Piece(Span(at, at), "", Kind.EMPTY))
        else:
            piece = read_piece(text, cell.span.start, cell.span.end)
            pieces.append(replace(piece, strong=piece.strong or cell.bold or cell.header, indent=cell.indent))
            at = cell.span.end
    return Line(line.index, line.span, tuple(pieces), tabbed=True)


def _untabbed(text: str, line: Line) -> Line:
    whole = Piece(line.span, line.span.of(text).replace("\t", " "), Kind.TEXT)
    return Line(line.index, line.span, (whole,), tabbed=False)


def _depth(grid: Grid, bare: Sequence[Line], rows: Sequence[int]) -> int:
    """Return how many rows are header: as the format says, else by looks; merged cells carry it further."""
    flagged = _flagged(grid, rows)
    depth = flagged or header_depth(bare)
    while 0 < depth < min(len(bare) - 1, MAX_HEADER_LINES) and _goes_on(grid, bare, rows, depth):
        depth += 1
    return depth


def _flagged(grid: Grid, rows: Sequence[int]) -> int:
    """Count the first rows whose every filled cell is said to be a header; 0 where all rows are."""
    count, named = 0, False
    for row in rows:
        cells = [cell for cell in grid.cells if cell.row <= row < cell.row + cell.row_span]
        filled = [cell for cell in cells if cell.span.length_chars]
        if not filled or not all(cell.header for cell in filled) or count >= _MOST_FLAGGED:
            break
        if named and len(filled) == 1 and filled[0].column == 0 and filled[0].row == row:
            break  # below a full header a name alone opens a section
        named = named or (len(filled) > 1 and min(cell.column for cell in filled) == 0)
        count += 1
    return count if count < len(rows) else 0


def _goes_on(grid: Grid, bare: Sequence[Line], rows: Sequence[int], depth: int) -> bool:
    """Tell whether the row at ``depth`` belongs to the header: under a merged name, or beside one."""
    below = bare[depth]
    if has_values(below) or any(len(piece.text) > LONG_CHARS for piece in below.pieces):
        return False
    above, row = rows[depth - 1], rows[depth]
    if any(cell.row <= above and cell.row + cell.row_span > row for cell in grid.cells):
        return True
    return any(
        cell.row == above
        and 1 < cell.column_span < grid.columns
        and cell.span.length_chars > 0
        and len(set(below.filled) & set(range(cell.column, cell.column + cell.column_span))) > 1
        for cell in grid.cells
    )


def _spread_cells(grid: Grid, lines: dict[int, Line], body: int) -> None:
    """Let a merged header name all its columns, and a merged label all its rows.

    A cell over the whole width stays where it is: it is a title or a section row.
    """
    for cell in grid.cells:
        if not cell.span.length_chars or (cell.row_span == 1 and cell.column_span == 1):
            continue
        owner = lines[cell.row].pieces[cell.column] if cell.row in lines else None
        if owner is None or cell.column_span >= grid.columns:
            continue
        columns = cell.column_span if cell.row < body else 1
        down = cell.row_span if cell.row >= body and _labels(owner) else 1
        for row in range(cell.row, cell.row + down):
            if row in lines:
                lines[row] = _filled(lines[row], owner, range(cell.column, cell.column + columns))


def _labels(piece: Piece) -> bool:
    return piece.kind in (Kind.TEXT, Kind.PERIOD) and len(piece.text) <= LONG_CHARS


def _filled(line: Line, owner: Piece, columns: range) -> Line:
    """Write the words of a merged cell where they hold, without a place of their own in the text."""
    pieces = list(line.pieces)
    for column in columns:
        if column < len(pieces) and pieces[column].kind is Kind.EMPTY:
            at = pieces[column].span.start
            pieces[column] = replace(owner, span=Span(at, at))
    return replace(line, pieces=tuple(pieces))
