"""Makes an XLSX: a sheet for each highest heading, its text above its tables, figures as numbers."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from corpus_builder import source
from corpus_builder.archive import settle
from corpus_builder.facts import decimal_of
from corpus_builder.source import Document

_NUMBER = re.compile(r"-?\d{1,3}(?: \d{3})+|-?\d+(?:,\d+)?")
_FIXED = datetime(2024, 1, 1)  # openpyxl takes no time zone
_WIDE = 8  # columns that a text is merged over


def make_xlsx(document: Document) -> bytes:
    """Return the bytes of the workbook; the same on every run."""
    book = Workbook()
    book.properties.creator = document.text("avsandare")
    book.properties.title = document.text("titel")
    book.properties.created = _FIXED
    first = book.active
    first.title = document.text("forsta_bladet", "Om dokumentet")
    writer = _Writer(first)
    for line in document.lines("over"):
        writer.text(line)
    writer.text(document.text("titel"), Font(bold=True, size=16))
    for line in document.lines("under"):
        writer.text(line)
    for piece in document.pieces:
        if isinstance(piece, source.Heading) and piece.level == 1:
            writer = _Writer(book.create_sheet(_sheet_name(piece.text)))
            writer.text(piece.text, Font(bold=True, size=14))
        else:
            writer.piece(piece)
    stream = io.BytesIO()
    book.save(stream)
    return settle(stream.getvalue())


def _sheet_name(heading: str) -> str:
    return re.sub(r"[\\/*?:\[\]]", "", heading)[:31]


class _Writer:
    """Writes one sheet from the top down."""

    def __init__(self, sheet: Any) -> None:  # noqa: ANN401 - openpyxl is untyped
        self.sheet = sheet
        self.at = 1

    def piece(self, piece: source.Piece) -> None:
        match piece:
            case source.Heading():
                self.at += 1
                self.text(piece.text, Font(bold=True, size=12))
            case source.Paragraph():
                self.text(piece.text.replace("**", ""))
            case source.Listing():
                for number, item in enumerate(piece.items, 1):
                    self.text(f"{number}. {item}" if piece.ordered else f"– {item}")
            case source.Table():
                self.table(piece)
            case _:
                pass

    def text(self, text: str, font: Font | None = None) -> None:
        cell = self.sheet.cell(self.at, 1, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if font is not None:
            cell.font = font
        self.sheet.merge_cells(start_row=self.at, start_column=1, end_row=self.at, end_column=_WIDE)
        self.sheet.row_dimensions[self.at].height = 16 * (1 + len(text) // 105)
        self.at += 1

    def table(self, table: source.Table) -> None:
        self.at += 1
        if table.caption:
            self.text(table.caption, Font(bold=True))
        top, grid = self.at, table.grid()
        thin = Border(bottom=Side(style="thin"))
        for row, column, high, wide in table.spans():
            kind = table.rows[row].kind
            cell = self.sheet.cell(top + row, column + 1)
            _fill(cell, grid[row][column], kind)
            if kind == "head":
                cell.fill = PatternFill("solid", fgColor="DDE6EE")
                cell.border = thin
            if high > 1 or wide > 1:
                self.sheet.merge_cells(
                    start_row=top + row,
                    start_column=column + 1,
                    end_row=top + row + high - 1,
                    end_column=column + wide,
                )
        for column in range(table.width):
            letter = get_column_letter(column + 1)
            longest = max(len(row[column]) for row in grid)
            dimension = self.sheet.column_dimensions[letter]
            dimension.width = max(dimension.width or 0, min(45, max(12, longest + 2)))
        self.at += len(grid)
        for note in table.notes:
            self.text(note, Font(italic=True, size=9))
        self.at += 1


def _fill(cell: Any, text: str, kind: str) -> None:  # noqa: ANN401
    cell.font = Font(bold=kind != "body")
    cell.alignment = Alignment(wrap_text=True, vertical="top", indent=1 if text.startswith("> ") else 0)
    shown = text.removeprefix("> ")
    if kind in ("body", "sum") and _NUMBER.fullmatch(shown):
        number = decimal_of(shown)
        cell.value = int(number) if number == int(number) and "," not in shown else float(number)
        cell.number_format = "0.0" if "," in shown else "#,##0"
    else:
        cell.value = shown or None
