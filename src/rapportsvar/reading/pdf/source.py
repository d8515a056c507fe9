"""A PDF file to a source: page by page, each closed before the next is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from rapportsvar.errors import EmptyReport, NoTextLayer
from rapportsvar.model import Grid, Layout, Page, Source, Span
from rapportsvar.reading.base import read_bytes, sha256_of
from rapportsvar.reading.pdf.contents import find_contents
from rapportsvar.reading.pdf.credits import find_credits
from rapportsvar.reading.pdf.diagrams import find_diagrams
from rapportsvar.reading.pdf.edges import Edges
from rapportsvar.reading.pdf.headings import Piece, find_headings, outline_key
from rapportsvar.reading.pdf.lines import Fragment, Remaining, fragment, rounded, usual_size
from rapportsvar.reading.pdf.ocr import can_read_pictures, read_picture
from rapportsvar.reading.pdf.opening import open_pdf
from rapportsvar.reading.pdf.order import Item, reading_order
from rapportsvar.reading.pdf.paragraphs import Paragraph, TextLine, paragraphs_of
from rapportsvar.reading.pdf.ruled import find_ruled
from rapportsvar.reading.pdf.rulings import Rulings, read_rulings
from rapportsvar.reading.pdf.tables import LaidTable
from rapportsvar.reading.pdf.unruled import find_unruled
from rapportsvar.reading.pdf.words import RAISED, Frame, PageWords, frame_of, read_words
from rapportsvar.reading.pdf.writing import TextWriter

_AT_ONCE = 24
"""Pages that are looked at together to see what repeats at their edges."""
_AN_OPENING = 2 * _AT_ONCE
"""Pages that are held, and read before the file is opened anew: memory does not grow beyond them."""
_PICTURED = 0.5
_FEW_WORDS = 3
_TURNED = 3
_MOST_NAMED = 8
_SMALL_TYPE = 0.85
_KNOWN = {"Title": "title", "Author": "author", "Subject": "subject", "CreationDate": "created"}


@dataclass(slots=True)
class _Sheet:
    """A page that was looked at; ``read`` differs from ``shown`` where its text runs along its side."""

    number: int
    width: float
    height: float
    words: PageWords
    rulings: Rulings
    shown: Frame | None = None
    read: Frame | None = None

    @property
    def reading_height(self) -> float:
        """How high it is as its text is read, in points."""
        turned = self.shown is not None and self.read is not None and (self.shown.turns + self.read.turns) % 2
        return self.width if turned else self.height


@dataclass(slots=True)
class _Notes:
    """Pages of which something is to be told."""

    scanned: list[int] = field(default_factory=list)
    by_ocr: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    busy: list[int] = field(default_factory=list)
    unread: int = 0


def read_pdf(path: Path, name: str) -> Source:
    """Read a PDF.

    Raises:
        EmptyReport: There is nothing on its pages.
        EncryptedReport: It wants a password.
        NoTextLayer: Its pages are pictures, and Tesseract is not there to read them.
        NotText: The file is no PDF, or a damaged one.
        VanishedReport: It cannot be read.
    """
    data = read_bytes(path, name)
    composer = _Composer()
    first, pages = 1, 1
    while first <= pages:
        # What PDFium keeps of a document's pages goes when it is closed.
        with open_pdf(data, name) as document:
            if first == 1:
                pages, outline, properties = len(document), _outline(document), _properties(document)
            last = min(first + _AN_OPENING - 1, pages)
            sheets = [_look(document, number, composer.notes) for number in range(first, last + 1)]
        for start in range(0, len(sheets), _AT_ONCE):
            composer.add(sheets[start : start + _AT_ONCE])
        first = last + 1
    if not composer.pieces and not composer.grids:
        raise _nothing(composer.notes, name)
    text = composer.writer.text()
    layout = Layout(
        find_headings(text, composer.pieces, composer.in_tables, outline),
        tuple(composer.grids),
        tuple(sorted(composer.furniture)),
    )
    return Source(
        name,
        text,
        sha256_of(data),
        pages=tuple(composer.pages),
        warnings=tuple(_warnings(composer.notes, len(composer.pages))),
        layout=layout,
        words=composer.writer.words(),
        properties=properties,
    )


def _look(document: pdfium.PdfDocument, number: int, notes: _Notes) -> _Sheet:
    """Take words and strokes off a page, and close it."""
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        notes.failed.append(number)
        return _Sheet(number, 0.0, 0.0, PageWords(), Rulings())
    try:
        shown = frame = frame_of(page)
        words = read_words(page, frame)
        if len(words.turned) > _TURNED * len(words.words):
            quarter = words.quarters.most_common(1)[0][0]
            frame = shown._replace(turns=(shown.turns + quarter) % 4)
            words = read_words(page, frame)
        rulings = read_rulings(page, frame)
        width, height = page.get_size()
        if len(words.words) <= _FEW_WORDS and rulings.pictured >= _PICTURED:
            words = _read_scanned(page, number, words, notes)
    finally:
        page.close()
    notes.unread += words.unread
    if rulings.cut_short:
        notes.busy.append(number)
    return _Sheet(number, width, height, words, rulings, shown, frame)


def _read_scanned(page: Any, number: int, words: PageWords, notes: _Notes) -> PageWords:  # noqa: ANN401
    """Read a page that is a picture, if that can be done."""
    if not can_read_pictures():
        notes.scanned.append(number)
        return words
    notes.by_ocr.append(number)
    return PageWords(read_picture(page))


class _Composer:
    """Puts pages together to one text."""

    def __init__(self) -> None:
        self.writer = TextWriter()
        self.notes = _Notes()
        self.edges = Edges()
        self.pages: list[Page] = []
        self.pieces: list[Piece] = []
        self.grids: list[Grid] = []
        self.in_tables: Counter[tuple[float, bool]] = Counter()
        self.furniture: list[Span] = []
        self.titles: set[int] = set()

    def add(self, sheets: Sequence[_Sheet]) -> None:
        """Add some pages."""
        edges = [self.edges.add(sheet.words.words, sheet.reading_height) for sheet in sheets]
        for sheet, pieces in zip(sheets, edges, strict=True):
            start = self.writer.length
            self._add_sheet(sheet, pieces)
            self.writer.end_page()
            self.pages.append(Page(sheet.number, Span(start, self.writer.length), sheet.width, sheet.height))

    def _add_sheet(self, sheet: _Sheet, edge: Sequence[Fragment]) -> None:
        height = sheet.reading_height
        self.writer.frames = (sheet.read, sheet.shown) if sheet.read and sheet.shown else None
        words, running = self.edges.divide(sheet.words.words, edge, height)
        above = [piece for piece in running if piece.middle < height / 2]
        below = [piece for piece in running if piece.middle >= height / 2]
        self._add_furniture(above, sheet.number)
        contents, left = find_contents(Remaining(words))
        if contents:
            self._add_contents(contents, sheet.number)
        tables, left = find_ruled(left, sheet.rulings)
        diagrams, self.titles, left = find_diagrams(left)
        more, left = find_unruled(left)
        credited, left = find_credits(left)
        items: list[Item] = [*tables, *more, *left.pieces]
        blocks = [paragraphs_of(group) for group in reading_order(items)]
        notes = _take_notes(blocks, height, left)
        for block in [*_joined(blocks), notes]:
            self._add_block(block, sheet.number)
        self._add_furniture(below, sheet.number)
        for labels in (*diagrams, *credited, sheet.words.turned):
            if labels:
                self._add_furniture([fragment(labels)], sheet.number)

    def _add_block(self, block: Sequence[Paragraph | LaidTable], page: int) -> None:
        item = False
        for piece in block:
            if isinstance(piece, LaidTable):
                self.grids.append(self.writer.table(piece, page))
                self._count(piece)
                self.writer.write("\n\n")
                item = False
                continue
            if item and piece.is_item:
                # Items of a list stand on lines of their own without a blank line between.
                self.writer.parts.pop()
                self.writer.length -= 2
                self.writer.write("\n")
            item = piece.is_item
            span = self.writer.paragraph(piece, page)
            leader = max(piece.lines, key=lambda line: len(line.words))
            bold = all(line.bold for line in piece.lines)
            italic = all(line.italic for line in piece.lines)
            title = all(id(word) in self.titles for line in piece.lines for word in line.words)
            style = (rounded(leader.size), bold, italic)
            self.pieces.append(Piece(span, page, *style, len(piece.lines), item, title))
            self.writer.write("\n\n")

    def _count(self, table: LaidTable) -> None:
        """Count the letters of a table by size and weight of their type."""
        counts: Counter[tuple[float, bool]] = Counter()
        for cell in table.cells:
            for word in cell.words:
                counts[word.size, word.bold] += len(word.text)
        for (size, bold), count in counts.items():
            self.in_tables[rounded(size), bold] += count

    def _add_furniture(self, pieces: Sequence[Fragment], page: int) -> None:
        for piece in pieces:
            self.furniture.append(self.writer.row(piece.words, page))
            self.writer.write("\n\n")

    def _add_contents(self, rows: Sequence[Sequence[Any]], page: int) -> None:
        start = self.writer.length
        for row in rows:
            self.writer.row(row, page)
            self.writer.write("\n")
        self.furniture.append(Span(start, self.writer.length - 1))
        self.writer.write("\n")


def _take_notes(
    blocks: Sequence[list[Paragraph | LaidTable]], height: float, words: Remaining
) -> list[Paragraph | LaidTable]:
    """Take the footnotes out of the columns that they end: they come after all text of the page."""
    notes: list[Paragraph | LaidTable] = []
    for block in blocks:
        while block and isinstance(block[-1], Paragraph) and _is_note(block[-1], height, words):
            notes.insert(0, block.pop())
    return notes


def _is_note(paragraph: Paragraph, height: float, words: Remaining) -> bool:
    """Tell whether a paragraph is a footnote, and raise its mark where only its small type tells."""
    first = paragraph.lines[0]
    mark = first.words[0]
    if first.y0 <= 0.5 * height or len(first.words) < 2:
        return False
    if mark.text[0] in "¹²³⁴⁵⁶⁷⁸⁹" or (mark.text.isdigit() and mark.size < 0.76 * first.size):
        return True
    small = mark.text.isdigit() and len(mark.text) <= 2 and not first.bold
    if not small or first.size > _SMALL_TYPE * usual_size(words.words):
        return False
    raised = mark._replace(text=mark.text.translate(RAISED))
    paragraph.lines[0] = first._replace(words=(raised, *first.words[1:]))
    return True


def _joined(
    blocks: Sequence[list[Paragraph | LaidTable]],
) -> list[list[Paragraph | LaidTable]]:
    """Let a paragraph go on from the foot of one column to the head of the next."""
    for before, after in pairwise(blocks):
        if not before or not after:
            continue
        last, first = before[-1], after[0]
        if isinstance(last, Paragraph) and isinstance(first, Paragraph) and _goes_on(last, first, before):
            last.lines += first.lines
            after.pop(0)
    return [block for block in blocks if block]


def _goes_on(last: Paragraph, first: Paragraph, column: Sequence[Paragraph | LaidTable]) -> bool:
    end, start = last.lines[-1], first.lines[0]
    if (
        end.bold
        and start.bold
        and abs(end.size - start.size) < 0.5
        and abs(start.y0 - end.y1) < 0.8 * end.size
    ):
        return end.words[-1].text[-1:] not in ".!?:"
    same = abs(end.size - start.size) < 0.5 and end.bold == start.bold and not start.is_item
    open_end = end.words[-1].cut or end.words[-1].text[-1:] not in ".!?:"
    full = end.x1 >= max(line.x1 for line in last.lines) - 2 * end.size and len(last.lines) > 1
    full = full and not _has_room(end, start, column)
    return same and open_end and not end.apart and (full or start.words[0].text[:1].islower())


def _has_room(end: TextLine, start: TextLine, column: Sequence[Paragraph | LaidTable]) -> bool:
    """Tell whether the first word of the next column had found room at the end of this one."""
    lines = [line for piece in column if isinstance(piece, Paragraph) for line in piece.lines]
    right = max(line.x1 for line in lines if abs(line.size - end.size) < 0.5)
    return right - end.x1 > start.words[0].x1 - start.words[0].x0 + end.size


def _outline(document: pdfium.PdfDocument) -> dict[int, list[tuple[str, int]]]:
    """Return by page the titles of the bookmarks, as keys, with their levels."""
    found: dict[int, list[tuple[str, int]]] = {}
    for bookmark in document.get_toc(max_depth=8):
        target = bookmark.get_dest()
        place = target.get_index() if target is not None else None
        if place is not None:
            found.setdefault(place + 1, []).append((outline_key(bookmark.get_title()), bookmark.level + 1))
    return found


def _properties(document: pdfium.PdfDocument) -> tuple[tuple[str, str], ...]:
    known = document.get_metadata_dict(skip_empty=True)
    return tuple((_KNOWN[key], value) for key, value in known.items() if key in _KNOWN)


def _nothing(notes: _Notes, name: str) -> EmptyReport | NoTextLayer:
    if notes.scanned:
        return NoTextLayer(
            f"Filen är skannad: {len(notes.scanned)} sidor är bilder utan text",
            where=name,
            todo="Installera Tesseract med svenska och tillägget ocr, eller ta fram en fil med text.",
        )
    return EmptyReport("Det finns ingen text på sidorna", where=name, todo="Byt ut eller ta bort filen.")


def _warnings(notes: _Notes, count: int) -> Iterator[str]:
    told = (
        (notes.scanned, "är bilder utan text och har inte lästs"),
        (notes.by_ocr, "är bilder som har lästs maskinellt; jämför siffrorna med originalet"),
        (notes.failed, "är skadade och har inte lästs"),
        (notes.busy, "har så mycket ritat att tabellinjer kan ha missats"),
    )
    for pages, what in told:
        if pages:
            named = ", ".join(map(str, pages[:_MOST_NAMED])) + (" …" if len(pages) > _MOST_NAMED else "")
            yield f"{len(pages)} av {count} sidor {what} (s. {named})."
    if notes.unread:
        yield f"{notes.unread} tecken kunde inte tydas; filens teckensnitt saknar uppgift om dem."
