"""Excel workbooks (XLSX, XLSM): cells as they are shown, with the values that were saved with formulas."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rapportsvar.errors import NotText, ReportTooLarge
from rapportsvar.model import Source
from rapportsvar.reading.base import read_bytes, sha256_of
from rapportsvar.reading.compose import Told, compose
from rapportsvar.reading.docx.reader import core_properties
from rapportsvar.reading.flow import Block, HeadingBlock, fold
from rapportsvar.reading.package import Element, Package, attribute, child, inside, local, whole
from rapportsvar.reading.sheets.divide import Holds, SheetCell, blocks_of
from rapportsvar.reading.sheets.formats import BUILT_IN, is_date, shown
from rapportsvar.reading.warn import left_out

CELLS_MAX = 2_000_000
SPAN_MAX = 20_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ERRORS = {"#NULL!": "#SKÄRNING!", "#DIV/0!": "#DIVISION/0!", "#VALUE!": "#VÄRDEFEL!", "#REF!": "#REFERENS!",
           "#NAME?": "#NAMN?", "#NUM!": "#OGILTIGT!", "#N/A": "#SAKNAS!"}  # fmt: skip
_TODO = "Öppna den i Excel och spara den som .xlsx."


@dataclass(frozen=True, slots=True)
class _Book:
    """What the sheets of a workbook share: words, formats by style number, how days are counted."""

    strings: list[str]
    formats: list[str]
    from_1904: bool


@dataclass(frozen=True, slots=True)
class _Range:
    first_row: int
    first_column: int
    last_row: int
    last_column: int


def read_xlsx(path: Path, name: str) -> Source:
    """Read a workbook.

    Raises:
        EmptyReport: No sheet shows anything.
        NotText: It is no workbook, or damaged.
        ReportTooLarge: It has more cells than the bounds.
        VanishedReport: It cannot be read.
    """
    data = read_bytes(path, name)
    package = Package(data, name, ".xlsx")
    main = "xl/workbook.xml"
    workbook = package.xml(main)
    if workbook is None or child(workbook, "sheets") is None:
        raise NotText("Filen är ingen Excel-arbetsbok", where=name, todo=_TODO)
    book = _Book(
        list(_strings(package)),
        _formats(package.xml("xl/styles.xml")),
        attribute(child(workbook, "workbookPr"), "date1904") in {"1", "true"},
    )
    left: Counter[str] = Counter()
    blocks = list(_sheets(package, workbook, main, book, left, name))
    told = Told(name, sha256_of(data), left_out(left), core_properties(package))
    return compose(blocks, told)


def _sheets(
    package: Package, workbook: Element, main: str, book: _Book, left: Counter[str], name: str
) -> Iterator[Block]:
    targets = _targets(package, main)
    count = 0
    for sheet in inside(child(workbook, "sheets")):
        kind, path = targets.get(attribute(sheet, "id"), ("", ""))
        if attribute(sheet, "state", "visible") != "visible":
            left["dolda blad"] += 1
        elif kind.endswith("/chartsheet"):
            left["diagramblad"] += 1
        elif kind.endswith("/worksheet"):
            cells = _Sheet(book, left).read(package, path)
            count += len(cells)
            if count > CELLS_MAX:
                todo = "Dela den i flera filer."
                raise ReportTooLarge(f"Arbetsboken har fler än {CELLS_MAX} celler", where=name, todo=todo)
            left["diagram"] += _charts(package, path)
            if cells:
                yield HeadingBlock(fold(attribute(sheet, "name")), 1)
                yield from blocks_of(cells)


def _targets(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Map the relations of a part to kind and path."""
    folder, file = posixpath.split(part)
    root = package.xml(f"{folder}/_rels/{file}.rels")
    found = {}
    for relation in inside(root):
        target = attribute(relation, "Target")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
        if attribute(relation, "TargetMode") != "External":
            found[attribute(relation, "Id")] = (attribute(relation, "Type"), path)
    return found


def _charts(package: Package, part: str) -> int:
    drawings = [path for kind, path in _targets(package, part).values() if kind.endswith("/drawing")]
    kinds = [kind for path in drawings for kind, _ in _targets(package, path).values()]
    return sum(kind.endswith("/chart") for kind in kinds)


def _strings(package: Package) -> Iterator[str]:
    for element in package.elements("xl/sharedStrings.xml", (f"{_MAIN}si", f"{_STRICT}si")):
        yield _rich(element)


def _rich(element: Element) -> str:
    """Return the words of a string, without how they are pronounced."""
    words = (
        each.text or ""
        for each in element.iter()
        if local(each) == "t" and not any(local(up) == "rPh" for up in each.iterancestors())
    )
    return fold("".join(words))


def _formats(styles: Element | None) -> list[str]:
    own = child(styles, "numFmts")
    codes = dict(BUILT_IN)
    for element in inside(own):
        codes[whole(attribute(element, "numFmtId"))] = attribute(element, "formatCode")
    used = child(styles, "cellXfs")
    return [codes.get(whole(attribute(each, "numFmtId")), "General") for each in inside(used)]


class _Sheet:
    """Reads one sheet; hidden rows and columns are left out and counted."""

    def __init__(self, book: _Book, left: Counter[str]) -> None:
        self._book = book
        self._left = left

    def read(self, package: Package, path: str) -> list[SheetCell]:
        """Return the cells that show something, at their places among what is shown."""
        tags = [f"{space}{name}" for space in (_MAIN, _STRICT) for name in ("row", "cols", "mergeCell")]
        cells: dict[tuple[int, int], tuple[str, Holds]] = {}
        merged: list[_Range] = []
        hidden_rows: list[int] = []
        hidden_columns: list[int] = []
        number = 0
        for element in package.elements(path, tags):
            name = local(element)
            if name == "cols":
                hidden_columns = list(_hidden_columns(element))
            elif name == "mergeCell":
                merged += _range(attribute(element, "ref"))
            else:
                number = whole(attribute(element, "r"), number + 1)
                found = dict(self._row(element, number))
                if found and attribute(element, "hidden") in {"1", "true"}:
                    hidden_rows.append(number)
                cells.update(found)
        used = {column for _, column in cells}
        self._left["dolda rader"] += len(hidden_rows)
        hidden_columns = [column for column in hidden_columns if column in used]
        self._left["dolda kolumner"] += len(hidden_columns)
        return list(_placed(cells, merged, hidden_rows, hidden_columns))

    def _row(self, element: Element, number: int) -> Iterator[tuple[tuple[int, int], tuple[str, Holds]]]:
        column = 0
        for cell in element:
            if local(cell) != "c":
                continue
            address = _ADDRESS.fullmatch(attribute(cell, "r"))
            column = _column(address[1]) if address else column + 1
            words, holds = self._value(cell)
            if words:
                yield (number, column), (words, holds)

    def _value(self, cell: Element) -> tuple[str, Holds]:
        kind = attribute(cell, "t", "n")
        if kind == "inlineStr":
            return _rich(cell), Holds.WORDS
        value = child(cell, "v")
        written = (value.text or "") if value is not None else ""
        if not written:
            if child(cell, "f") is not None and kind != "str":
                self._left["formler utan värde"] += 1
            return "", Holds.WORDS
        if kind == "s":
            place = whole(written, -1)
            return (
                (self._book.strings[place], Holds.WORDS)
                if 0 <= place < len(self._book.strings)
                else ("", Holds.WORDS)
            )
        if kind == "b":
            return ("SANT" if written == "1" else "FALSKT"), Holds.WORDS
        if kind == "e":
            self._left["felvärden"] += 1
            return _ERRORS.get(written, written), Holds.WORDS
        if kind == "n":
            return self._number(written, whole(attribute(cell, "s")))
        if kind == "d":
            return _iso(written), Holds.DAY
        return fold(written), Holds.WORDS

    def _number(self, written: str, style: int) -> tuple[str, Holds]:
        code = self._book.formats[style] if 0 <= style < len(self._book.formats) else "General"
        try:
            value = float(written)
        except ValueError:
            return fold(written), Holds.WORDS
        words = fold(shown(value, code, from_1904=self._book.from_1904))
        return words, Holds.DAY if is_date(code) else Holds.NUMBER


def _placed(
    cells: dict[tuple[int, int], tuple[str, Holds]],
    merged: list[_Range],
    hidden_rows: list[int],
    hidden_columns: list[int],
) -> Iterator[SheetCell]:
    """Yield the cells that are shown; what a merged cell covers shows nothing."""
    spans = {(each.first_row, each.first_column): each for each in merged}
    covered = (
        {
            place
            for each in merged
            for place in cells
            if each.first_row <= place[0] <= each.last_row
            and each.first_column <= place[1] <= each.last_column
        }
        - spans.keys()
        if len(merged) * len(cells) <= 20_000_000
        else set()
    )
    for (row, column), (words, holds) in sorted(cells.items()):
        if (row, column) in covered:
            continue
        span = spans.get((row, column), _Range(row, column, row, column))
        first_row, last_row = _shown_stretch(row, span.last_row, hidden_rows)
        first_column, last_column = _shown_stretch(column, span.last_column, hidden_columns)
        if last_row >= first_row and last_column >= first_column:
            yield SheetCell(
                first_row,
                first_column,
                words,
                holds,
                last_row - first_row + 1,
                last_column - first_column + 1,
            )


def _shown_stretch(first: int, last: int, hidden: list[int]) -> tuple[int, int]:
    """Return a stretch as it is counted without the hidden ones; ends before its start if none is shown."""
    before, within = bisect_left(hidden, first), bisect_left(hidden, last + 1)
    return first - before, last - within


def _hidden_columns(cols: Element) -> Iterator[int]:
    for col in cols:
        if attribute(col, "hidden") in {"1", "true"}:
            first, last = whole(attribute(col, "min"), 1), whole(attribute(col, "max"), 1)
            yield from range(first, min(last, first + SPAN_MAX) + 1)


def _range(written: str) -> list[_Range]:
    ends = [_ADDRESS.fullmatch(end) for end in written.split(":")]
    if len(ends) != 2 or not ends[0] or not ends[1]:
        return []
    found = _Range(int(ends[0][2]), _column(ends[0][1]), int(ends[1][2]), _column(ends[1][1]))
    small = found.last_row - found.first_row < SPAN_MAX and found.last_column - found.first_column < SPAN_MAX
    return [found] if small else []


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _iso(written: str) -> str:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return fold(written)
    return moment.strftime("%Y-%m-%d" if not (moment.hour or moment.minute) else "%Y-%m-%d %H:%M")
