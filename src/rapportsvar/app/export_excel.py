"""Hits as an Excel workbook: a sheet with one hit a line, and one with every row as a table."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rapportsvar.app import texts
from rapportsvar.app.citation import place_line
from rapportsvar.app.export import Export, ExportedHit, GridCell, is_row, values_of, writable

CELL_CHARS_MAX = 32_767
LIT = PatternFill("solid", fgColor="FFE9A3")
HEAD = PatternFill("solid", fgColor="F3F1EC")
BOLD = Font(bold=True)
LINK = Font(color="0B5A6B", underline="single")
LIT_WORDS = InlineFont(b=True, color="8A6100")
WIDTHS = (14, 26, 34, 18, 16, 8, 12, 16, 34, 8, 8, 70, 30, 40, 10, 34, 10, 10, 60, 24)
NUMBERS = {"År", "Sida", "Från tecken", "Till tecken"}


def excel_file(export: Export) -> bytes:
    """Return a workbook with all hits. No text in it is ever a formula."""
    book = Workbook()
    _write_hits(book.active, export)
    rows = [one for one in export.hits if is_row(one)]
    if rows:
        _write_tables(book.create_sheet(texts.EXPORT_SHEET_TABLES), rows)
    book.properties.creator, book.properties.title = texts.PRODUCT, writable(export.asked)[:255]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_hits(sheet: Worksheet, export: Export) -> None:
    sheet.title = texts.EXPORT_SHEET_HITS
    for column, (name, width) in enumerate(zip(texts.EXPORT_COLUMNS, WIDTHS, strict=True), 1):
        _write(sheet.cell(1, column), name).font = BOLD
        sheet.cell(1, column).fill = HEAD
        sheet.column_dimensions[get_column_letter(column)].width = width
    for line, one in enumerate(export.hits, 2):
        for column, (name, value) in enumerate(
            zip(texts.EXPORT_COLUMNS, values_of(one, export.today), strict=True), 1
        ):
            cell = sheet.cell(line, column)
            _write_number(cell, value) if name in NUMBERS and value.isdecimal() else _write(cell, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        _write_quote(sheet.cell(line, texts.EXPORT_COLUMNS.index("Citat") + 1), one)
        _write_link(sheet.cell(line, len(texts.EXPORT_COLUMNS)), one.address)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _write_tables(sheet: Worksheet, rows: list[ExportedHit]) -> None:
    line = 1
    for one in rows:
        line = _write_table(sheet, line, one) + 2
    sheet.column_dimensions["A"].width = 40
    for column in range(2, 14):
        sheet.column_dimensions[get_column_letter(column)].width = 16


def _write_table(sheet: Worksheet, line: int, one: ExportedHit) -> int:
    """Write one table from a line on; return the line after it."""
    table = one.table
    if table is None:
        return line
    _write(sheet.cell(line, 1), " · ".join(part for part in place_line(one.hit) if part)).font = BOLD
    _write_link(sheet.cell(line + 1, 1), one.address)
    title = " · ".join(filter(None, (table.caption, f"{texts.UNIT}: {table.unit}" if table.unit else "")))
    _write(sheet.cell(line + 2, 1), title)
    for number, cells in enumerate((*table.heads, *table.body), line + 3):
        for column, cell in enumerate(cells, 1):
            _write_cell(sheet.cell(number, column), cell, is_head=number < line + 3 + len(table.heads))
    return line + 3 + len(table.heads) + len(table.body)


def _write_cell(place: Cell, cell: GridCell, *, is_head: bool) -> None:
    if cell.value is None:
        _write(place, cell.words)
    else:
        decimals = len(cell.words.partition(",")[2].strip())
        place.value = cell.value
        place.number_format = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    if is_head:
        place.font, place.fill = BOLD, HEAD
        place.alignment = Alignment(wrap_text=True, vertical="bottom")
    if cell.is_lit:
        place.font, place.fill = BOLD, LIT


def _write(place: Cell, words: str) -> Cell:
    """Write text as text: openpyxl takes what starts with ``=`` for a formula unless it is told otherwise."""
    place.value = writable(words)[:CELL_CHARS_MAX]
    place.data_type = "s"
    place.quotePrefix = True  # so that Excel keeps it text when somebody edits the cell
    return place


def _write_number(place: Cell, digits: str) -> None:
    place.value = int(digits)


def _write_quote(place: Cell, one: ExportedHit) -> None:
    """Write the whole quote with its lit words in bold; one too long for a cell stays as it is cited."""
    if sum(len(piece.words) for piece in one.pieces) > CELL_CHARS_MAX or not one.hit.highlights:
        return
    pieces = [TextBlock(LIT_WORDS, p.words) if p.is_lit else p.words for p in one.pieces]
    place.value = CellRichText(pieces)


def _write_link(place: Cell, address: str) -> None:
    _write(place, address)
    if address.startswith(("http://", "https://")):
        place.hyperlink = address
        place.font = LINK
