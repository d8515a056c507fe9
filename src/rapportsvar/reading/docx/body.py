"""The body of a Word document as a flow of blocks.

Tracked changes are read as accepted, hidden text and comments are left out, footnotes stand after the
paragraph or table that refers to them, text boxes after the paragraph they are anchored in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rapportsvar.reading.docx.numbering import Numbering
from rapportsvar.reading.docx.styles import BODY_LEVEL, Style, Styles, switch
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
from rapportsvar.reading.package import Element, attribute, child, local, whole

HEADING_CHARS = 300
"""A longer paragraph is no heading, whatever its style says."""
_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"})
_GONE = frozenset(
    {"del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "sdtPr", "txbxContent"}
)
_CHARACTERS = {
    "tab": " ",
    "ptab": " ",
    "br": " ",
    "cr": " ",
    "noBreakHyphen": "-",
    "softHyphen": "",
    "sym": "",
}
_PICTURES = frozenset({"drawing", "pict", "object"})
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}


class Body:
    """Reads the elements of a body.

    Args:
        styles: Of the document.
        numbering: Of its lists.
        notes: The elements of footnotes and endnotes by kind and id.
    """

    def __init__(self, styles: Styles, numbering: Numbering, notes: dict[tuple[str, str], Element]) -> None:
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        self._cited: list[tuple[str, str]] = []
        self._note_number = 0
        self._fields: list[str] = []
        self._carried = ""
        self.left: Counter[str] = Counter()

    def blocks(self, element: Element) -> Iterator[Block]:
        """Yield the blocks of a body, and after each the footnotes that it refers to."""
        for block in self._blocks(element):
            yield block
            if self._cited:
                yield from self._footnotes()
        if self._carried:
            yield ParagraphBlock(fold(self._carried))

    def _blocks(self, element: Element, *, contents: bool = False) -> Iterator[Block]:
        for each in element:
            name = local(each)
            if name == "p":
                yield from self._paragraph(each, contents=contents)
            elif name == "tbl":
                yield self._table(each)
            elif name in _WRAPPERS:
                yield from self._blocks(each, contents=contents or _holds_contents(each))
            elif name == "AlternateContent":
                yield from self._blocks(_chosen(each), contents=contents)
            elif name == "altChunk":
                self.left["infogade dokument"] += 1

    def _footnotes(self) -> Iterator[Block]:
        """Yield the notes that were cited; a note may cite another."""
        while self._cited:
            cited, self._cited = self._cited, []
            for (kind, key), mark in zip(cited, self._marks(len(cited)), strict=True):
                note = self._notes.get((kind, key))
                inner = [words_of(b) for b in self._blocks(note)] if note is not None else []
                words = fold(" ".join(inner))
                if words:
                    yield ParagraphBlock(f"{mark} {words}")

    def _marks(self, count: int) -> list[str]:
        """Marks of the notes that were cited last, which were numbered as they came."""
        first = self._note_number - count + 1
        return [raised(str(number)) for number in range(first, first + count)]

    def _paragraph(self, element: Element, *, contents: bool) -> Iterator[Block]:
        properties = child(element, "pPr")
        in_contents = contents or any(f.startswith("TOC") for f in self._fields)
        boxes: list[Element] = []
        words = "".join(self._words(element, boxes))
        in_contents = in_contents or any(f.startswith("TOC") for f in self._fields)
        words = self._carried + words
        self._carried = ""
        if child(properties, "rPr", "del") is not None:
            self._carried = words  # the mark between this paragraph and the next was taken away
        elif folded := fold(words):
            yield self._block(folded, properties, contents=in_contents)
        for box in boxes:
            yield from self._blocks(box)

    def _block(self, words: str, properties: Element | None, *, contents: bool) -> Block:
        style = self._styles[attribute(child(properties, "pStyle"), "val") or self._styles.default]
        level = self._level(properties, style)
        if contents or style.contents or style.contents_head:
            return ContentsBlock(words)
        mark = self._mark(properties, style)
        if level and len(words) <= HEADING_CHARS:
            return HeadingBlock(f"{mark} {words}" if mark not in {"", "-"} else words, level)
        if mark:
            return ItemBlock(words, mark)
        return ParagraphBlock(words, caption=style.caption)

    def _level(self, properties: Element | None, style: Style) -> int:
        own = attribute(child(properties, "outlineLvl"), "val")
        if own and not style.level:
            level = whole(own, BODY_LEVEL)
            return level + 1 if level < BODY_LEVEL else 0
        return style.level

    def _mark(self, properties: Element | None, style: Style) -> str:
        own = child(properties, "numPr")
        key = attribute(child(own, "numId"), "val") or style.list_id
        depth = attribute(child(own, "ilvl"), "val")
        if not key or key == "0":
            return ""
        return self._numbering.mark(
            key, min(whole(depth, style.list_level) if depth else style.list_level, 8)
        )

    # words

    def _words(self, element: Element, boxes: list[Element]) -> Iterator[str]:
        """Yield the words inside an element; text boxes in it are put aside."""
        for each in element:
            name = local(each)
            if name == "t":
                yield each.text or ""
            elif name in _CHARACTERS:
                yield _CHARACTERS[name]
            elif name in _PICTURES:
                self._picture(each, boxes)
            elif name == "fldChar":
                self._field(attribute(each, "fldCharType"), each)
            elif name in _NOTES:
                yield self._cite(_NOTES[name], attribute(each, "id"))
            elif name == "AlternateContent":
                yield from self._words(_chosen(each), boxes)
            elif name not in _GONE and not self._hides(each, name):
                yield from self._words(each, boxes)

    def _hides(self, element: Element, name: str) -> bool:
        hidden = name == "r" and self._is_hidden(element)
        self.left["dolda textstycken"] += hidden
        return hidden

    def _is_hidden(self, run: Element) -> bool:
        properties = child(run, "rPr")
        if properties is None:
            return False
        if child(properties, "vanish") is not None:
            return switch(properties, "vanish")
        return self._styles[attribute(child(properties, "rStyle"), "val")].hidden

    def _cite(self, kind: str, key: str) -> str:
        if (kind, key) not in self._notes:
            return ""
        self._note_number += 1
        self._cited.append((kind, key))
        return raised(str(self._note_number))

    def _field(self, kind: str, element: Element) -> None:
        """Follow nested fields: which are open, by their instruction."""
        if kind == "begin":
            self._fields.append(_instruction(element))
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _picture(self, element: Element, boxes: list[Element]) -> None:
        found = [each for each in element.iter() if local(each) == "txbxContent"]
        inner = [box for box in found if not any(local(up) == "txbxContent" for up in box.iterancestors())]
        boxes += inner
        names = {local(each) for each in element.iter()}
        if "chart" in names:
            self.left["diagram"] += 1
        elif "relIds" in names:
            self.left["SmartArt-bilder"] += 1
        elif names & {"pic", "imagedata", "OLEObject"}:
            self.left["bilder"] += 1

    # tables

    def _table(self, element: Element) -> TableBlock:
        """Read a table; a cell that goes on from the one above adds to its height."""
        cells: list[CellBlock] = []
        open_cells: dict[int, int] = {}
        for row, tr in enumerate(self._rows(element)):
            header = child(tr, "trPr", "tblHeader") is not None and switch(child(tr, "trPr"), "tblHeader")
            column = whole(attribute(child(tr, "trPr", "gridBefore"), "val"))
            still: dict[int, int] = {}
            for tc in _below(tr, "tc"):
                width = max(1, whole(attribute(child(tc, "tcPr", "gridSpan"), "val"), 1))
                merge = child(tc, "tcPr", "vMerge")
                goes_on = merge is not None and attribute(merge, "val", "continue") == "continue"
                if goes_on and column in open_cells:
                    at = open_cells[column]
                    cells[at] = _taller(cells[at], row)
                    still[column] = at
                else:
                    inside = tuple(self._blocks(tc))
                    if merge is not None:
                        still[column] = len(cells)
                    cells.append(CellBlock(row, column, inside, column_span=width, header=header))
                column += width
            open_cells = still
        return TableBlock(tuple(cells))

    def _rows(self, element: Element) -> Iterator[Element]:
        for tr in _below(element, "tr"):
            if child(tr, "trPr", "del") is None:
                yield tr


def _taller(cell: CellBlock, row: int) -> CellBlock:
    return CellBlock(cell.row, cell.column, cell.blocks, row - cell.row + 1, cell.column_span, cell.header)


def _below(element: Element, wanted: str) -> Iterator[Element]:
    """Yield the rows or cells of an element, also those that a wrapper holds."""
    for each in element:
        name = local(each)
        if name == wanted:
            yield each
        elif name in _WRAPPERS:
            yield from _below(each, wanted)


def _chosen(alternate: Element) -> Element | Iterable[Element]:
    """Of alternate contents take the first that there is: the others say the same for older programs."""
    return next((each for each in alternate if local(each) in {"Choice", "Fallback"}), ())


def _holds_contents(sdt: Element) -> bool:
    gallery = attribute(child(sdt, "sdtPr", "docPartObj", "docPartGallery"), "val")
    return gallery in {"Table of Contents", "Table of Figures"}


def _instruction(begin: Element) -> str:
    """Return the instruction of a field, which stands in the runs after its beginning."""
    run = begin.getparent()
    words = ""
    for each in (run, *run.itersiblings()):
        for inner in each.iter():
            if local(inner) == "instrText":
                words += inner.text or ""
            elif local(inner) == "fldChar" and attribute(inner, "fldCharType") == "separate":
                return words.strip()
    return words.strip()
