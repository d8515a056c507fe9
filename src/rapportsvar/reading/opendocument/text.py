"""Texts of LibreOffice and others (ODT): the text as it stands when all changes are accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rapportsvar.model import Source
from rapportsvar.reading.base import read_bytes, sha256_of
from rapportsvar.reading.compose import Told, compose
from rapportsvar.reading.flow import (
    Block,
    CellBlock,
    ContentsBlock,
    HeadingBlock,
    ItemBlock,
    ParagraphBlock,
    TableBlock,
    fold,
    raised,
    words_of,
)
from rapportsvar.reading.opendocument.meta import content_of, properties_of
from rapportsvar.reading.opendocument.styles import Styles, written
from rapportsvar.reading.package import Element, Package, attribute, child, local, whole
from rapportsvar.reading.warn import left_out

REPEATED_MAX = 1000
HEADING_CHARS = 300
_INDEXES = frozenset(
    {
        "table-of-content",
        "illustration-index",
        "table-index",
        "object-index",
        "user-index",
        "alphabetical-index",
    }
)
_HOLDERS = frozenset({"section", "index-body", "index-title", "text-box", "list-header"})
_GONE = frozenset({"tracked-changes", "annotation-end", "sequence-decls", "forms", "desc", "title", "script"})
_ROW_GROUPS = frozenset({"table-rows", "table-row-group", "table-header-rows"})


def read_odt(path: Path, name: str) -> Source:
    """Read an OpenDocument text.

    Raises:
        EmptyReport: There are no words in it.
        NotText: It is no such text, or damaged.
        ReportTooLarge: It unpacks to more than the bounds.
        VanishedReport: It cannot be read.
    """
    data = read_bytes(path, name)
    package = Package(data, name, ".odt")
    root, text = content_of(package, "text", name, ".odt")
    body = _Text(Styles(package.xml("styles.xml"), root))
    blocks = list(body.blocks(text))
    return compose(blocks, Told(name, sha256_of(data), left_out(body.left), properties_of(package)))


class _Text:
    """Reads the elements of a text."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._notes: list[tuple[str, Element]] = []
        self._note_number = 0
        self._last_of: dict[str, list[int]] = {}
        self._outline: list[int] = []
        self.left: Counter[str] = Counter()

    def blocks(self, element: Element) -> Iterator[Block]:
        """Yield blocks, and after each the footnotes that it refers to."""
        for block in self._blocks(element):
            yield block
            notes, self._notes = self._notes, []
            for mark, note in notes:
                words = fold(" ".join(words_of(inner) for inner in self._blocks(note)))
                if words:
                    yield ParagraphBlock(f"{mark} {words}")

    def _blocks(self, element: Element, *, contents: bool = False) -> Iterator[Block]:
        for each in element:
            name = local(each)
            if name in {"p", "h"}:
                yield from self._paragraph(each, contents=contents)
            elif name == "list":
                yield from self._list(each, attribute(each, "style-name"), [])
            elif name == "table":
                yield self._table(each)
            elif name in _INDEXES:
                yield from self._blocks(each, contents=True)
            elif name in _HOLDERS and attribute(each, "display") != "none":
                yield from self._blocks(each, contents=contents)
            elif name == "frame":
                yield from self._frame(each)

    def _paragraph(self, element: Element, *, contents: bool, mark: str = "") -> Iterator[Block]:
        frames: list[Element] = []
        words = fold("".join(self._words(element, frames)))
        style = attribute(element, "style-name")
        level = (
            whole(attribute(element, "outline-level"), 1)
            if local(element) == "h"
            else self._styles.level(style)
        )
        if not words:
            pass
        elif contents:
            yield ContentsBlock(words)
        elif level and len(words) <= HEADING_CHARS:
            number = self._heading_number(element, level)
            yield HeadingBlock(f"{number} {words}" if number else words, level)
        elif mark:
            yield ItemBlock(words, mark)
        else:
            yield ParagraphBlock(words, caption=self._styles.is_caption(style))
        for frame in frames:
            yield from self._frame(frame)

    def _heading_number(self, element: Element, level: int) -> str:
        """Count headings as the document's outline numbers them."""
        form = self._styles.outline.get(level)
        if (
            form is None
            or not form.form
            or local(element) != "h"
            or attribute(element, "is-list-header") == "true"
        ):
            return ""
        self._outline = (self._outline + [0] * level)[:level]
        self._outline[-1] += 1
        return written(form, [max(1, number) for number in self._outline])

    def _frame(self, element: Element) -> Iterator[Block]:
        """A frame holds a text box, or a picture in several forms of which one is shown."""
        boxes = [each for each in element if local(each) == "text-box"]
        for box in boxes:
            yield from self._blocks(box)
        kinds = {local(each) for each in element}
        if not boxes and "object" in kinds:
            self.left["diagram"] += 1
        elif not boxes and "image" in kinds:
            self.left["bilder"] += 1

    def _list(self, element: Element, style: str, around: list[int]) -> Iterator[Block]:
        depth = len(around) + 1
        level = self._styles.list_level(style, depth)
        goes_on = attribute(element, "continue-numbering") == "true" or bool(
            attribute(element, "continue-list")
        )
        before = self._last_of.get(style, [])
        number = before[depth - 1] if goes_on and len(before) >= depth else level.start - 1
        for item in element:
            if local(item) not in {"list-item", "list-header"}:
                continue
            mark = ""
            if local(item) == "list-item":
                number = whole(attribute(item, "start-value"), number + 1)
                mark = written(level, [*around, number])
            for each in item:
                if local(each) == "list":
                    yield from self._list(each, attribute(each, "style-name") or style, [*around, number])
                elif local(each) in {"p", "h"}:
                    yield from self._paragraph(each, contents=False, mark=mark)
                    mark = ""
                else:
                    yield from self._blocks([each])
        self._last_of[style] = [*around, number]

    def _table(self, element: Element) -> TableBlock:
        cells: list[CellBlock] = []
        row = 0
        for tr, header in rows_of(element):
            column = 0
            found: list[CellBlock] = []
            for tc in tr:
                if local(tc) not in {"table-cell", "covered-table-cell"}:
                    continue
                times = min(max(1, whole(attribute(tc, "number-columns-repeated"), 1)), REPEATED_MAX)
                if local(tc) == "table-cell":
                    down = max(1, whole(attribute(tc, "number-rows-spanned"), 1))
                    right = max(1, whole(attribute(tc, "number-columns-spanned"), 1))
                    inside = tuple(self._blocks(tc))
                    found += [
                        CellBlock(row, column + n, inside, down, right, header)
                        for n in range(times if inside else 0)
                    ]
                column += times
            cells += found
            row += min(max(1, whole(attribute(tr, "number-rows-repeated"), 1)), REPEATED_MAX)
        return TableBlock(tuple(cells))

    # words

    def _words(self, element: Element, frames: list[Element]) -> Iterator[str]:
        yield element.text or ""
        for each in element:
            yield from self._inline(each, frames)
            yield each.tail or ""

    def _inline(self, element: Element, frames: list[Element]) -> Iterator[str]:
        name = local(element)
        if name in {"s", "tab", "line-break"}:
            yield " "
        elif name == "annotation":
            self.left["kommentarer"] += 1
        elif name == "note":
            yield self._note(element)
        elif name == "frame":
            frames.append(element)
        elif name == "hidden-text" or (
            name == "span" and self._styles.is_hidden(attribute(element, "style-name"))
        ):
            self.left["dolda textstycken"] += 1
        elif name and name not in _GONE:
            yield from self._words(element, frames)

    def _note(self, element: Element) -> str:
        body = child(element, "note-body")
        if body is None:
            return ""
        self._note_number += 1
        mark = raised(str(self._note_number))
        self._notes.append((mark, body))
        return mark


def rows_of(element: Element, *, header: bool = False) -> Iterator[tuple[Element, bool]]:
    """Yield the rows of a table, each with whether it stands among the header rows."""
    for each in element:
        name = local(each)
        if name == "table-row":
            yield each, header
        elif name in _ROW_GROUPS:
            yield from rows_of(each, header=header or name == "table-header-rows")
