"""Spreadsheets of LibreOffice and others (ODS): the format keeps each value as it was shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rapportsvar.errors import ReportTooLarge
from rapportsvar.model import Source
from rapportsvar.reading.base import read_bytes, sha256_of
from rapportsvar.reading.compose import Told, compose
from rapportsvar.reading.flow import Block, HeadingBlock, fold
from rapportsvar.reading.opendocument.meta import content_of, properties_of
from rapportsvar.reading.opendocument.text import rows_of
from rapportsvar.reading.package import Element, Package, attribute, child, inside, local, whole
from rapportsvar.reading.sheets.divide import Holds, SheetCell, blocks_of
from rapportsvar.reading.warn import left_out

CELLS_MAX = 2_000_000
REPEATED_MAX = 1000
_NUMBERS = frozenset({"float", "percentage", "currency"})
_DAYS = frozenset({"date", "time"})


def read_ods(path: Path, name: str) -> Source:
    """Read an OpenDocument spreadsheet.

    Raises:
        EmptyReport: No sheet shows anything.
        NotText: It is no such file, or damaged.
        ReportTooLarge: It has more cells than the bounds.
        VanishedReport: It cannot be read.
    """
    data = read_bytes(path, name)
    package = Package(data, name, ".ods")
    root, book = content_of(package, "spreadsheet", name, ".ods")
    left: Counter[str] = Counter()
    hidden = _hidden_styles(root)
    blocks = list(_sheets(book, hidden, left, name))
    return compose(blocks, Told(name, sha256_of(data), left_out(left), properties_of(package)))


def _sheets(book: Element, hidden: frozenset[str], left: Counter[str], name: str) -> Iterator[Block]:
    count = 0
    for table in (each for each in book if local(each) == "table"):
        if attribute(table, "style-name") in hidden:
            left["dolda blad"] += 1
            continue
        left["diagram"] += sum(local(each) == "object" for each in table.iter())
        cells = list(_cells(table, left))
        count += len(cells)
        if count > CELLS_MAX:
            raise ReportTooLarge(
                f"Filen har fler än {CELLS_MAX} celler", where=name, todo="Dela den i flera filer."
            )
        if cells:
            yield HeadingBlock(fold(attribute(table, "name")), 1)
            yield from blocks_of(cells)


def _cells(table: Element, left: Counter[str]) -> Iterator[SheetCell]:
    row = 0
    hidden = _hidden_columns(table)
    for tr, _ in rows_of(table):
        times = max(1, whole(attribute(tr, "number-rows-repeated"), 1))
        found = list(_row(tr, row, hidden))
        if attribute(tr, "visibility", "visible") != "visible":
            left["dolda rader"] += min(times, REPEATED_MAX) if found else 0
            continue
        for again in range(min(times, REPEATED_MAX) if found else 0):
            yield from (
                SheetCell(row + again, c.column, c.words, c.holds, c.row_span, c.column_span) for c in found
            )
        row += times


def _row(tr: Element, row: int, hidden: frozenset[int]) -> Iterator[SheetCell]:
    column = 0
    for tc in tr:
        if local(tc) not in {"table-cell", "covered-table-cell"}:
            continue
        times = max(1, whole(attribute(tc, "number-columns-repeated"), 1))
        words = _shown(tc) if local(tc) == "table-cell" else ""
        kind = attribute(tc, "value-type")
        holds = Holds.NUMBER if kind in _NUMBERS else Holds.DAY if kind in _DAYS else Holds.WORDS
        for place in range(column, column + min(times, REPEATED_MAX)) if words else ():
            if place not in hidden:
                down = max(1, whole(attribute(tc, "number-rows-spanned"), 1))
                right = max(1, whole(attribute(tc, "number-columns-spanned"), 1))
                yield SheetCell(row, place - sum(h < place for h in hidden), words, holds, down, right)
        column += times


def _shown(tc: Element) -> str:
    """Return what a cell shows; its comment and its picture are not in its paragraphs."""
    lines = ("".join(_texts(each)) for each in tc if local(each) == "p")
    return fold(" ".join(lines))


def _texts(element: Element) -> Iterator[str]:
    yield element.text or ""
    for each in element:
        if local(each) in {"s", "tab", "line-break"}:
            yield " "
        elif local(each) not in {"annotation", "note", ""}:
            yield from _texts(each)
        yield each.tail or ""


def _hidden_columns(table: Element) -> frozenset[int]:
    found: set[int] = set()
    column = 0
    for each in table.iter():
        if local(each) == "table-row":
            break
        if local(each) == "table-column":
            times = max(1, whole(attribute(each, "number-columns-repeated"), 1))
            if attribute(each, "visibility", "visible") != "visible":
                found.update(range(column, column + min(times, REPEATED_MAX)))
            column += times
    return frozenset(found)


def _hidden_styles(root: Element) -> frozenset[str]:
    """Return the table styles that hide a sheet."""
    return frozenset(
        attribute(style, "name")
        for style in inside(child(root, "automatic-styles"))
        if attribute(child(style, "table-properties"), "display") == "false"
    )
