"""The text of a report as it grows, with the place of every word in it."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, repeat, zip_longest
from operator import add, attrgetter

import numpy as np

from rapportsvar.model import Grid, GridCell, PlacedWords, Span
from rapportsvar.reading.pdf.lines import TEXT, rows_of
from rapportsvar.reading.pdf.paragraphs import Paragraph
from rapportsvar.reading.pdf.tables import LaidCell, LaidTable
from rapportsvar.reading.pdf.words import RAISED, Frame, Word
from rapportsvar.swedish.dictionary import dictionary

_AFTER_STEM = frozenset(("och", "eller", "samt", "respektive", "resp", "eller/och"))
_SMALL = 0.76
_MARKS_AROUND = ".,;:()"
_MARKS = frozenset("¹²³⁴⁵⁶⁷⁸⁹")
_SIZE = attrgetter("size")


@dataclass(slots=True)
class TextWriter:
    """Writes words one after the other; page breaks and paragraphs are blank lines.

    ``frames``: how the page is read and how it is shown; boxes are told as it is shown.
    """

    parts: list[str] = field(default_factory=list)
    length: int = 0
    frames: tuple[Frame, Frame] | None = None
    _pages_done: list[str] = field(default_factory=list)
    _hyphened: set[str] = field(default_factory=set)
    _starts: array[int] = field(default_factory=lambda: array("i"))
    _ends: array[int] = field(default_factory=lambda: array("i"))
    _pages: array[int] = field(default_factory=lambda: array("i"))
    _boxes: array[float] = field(default_factory=lambda: array("f"))

    def write(self, text: str) -> None:
        """Write what stands on no page: blanks, tabs, line breaks."""
        self.parts.append(text)
        self.length += len(text)

    def paragraph(self, paragraph: Paragraph, page: int) -> Span:
        """Write a paragraph on one line."""
        start = self.length
        self._lines([list(line.words) for line in paragraph.lines], page)
        return Span(start, self.length)

    def row(self, words: Sequence[Word], page: int) -> Span:
        """Write words of one row with blanks between."""
        start = self.length
        self._lines([list(words)], page)
        return Span(start, self.length)

    def table(self, table: LaidTable, page: int) -> Grid:
        """Write a table: a row a line, its cells divided by tabs."""
        start = self.length
        limits = _limits(table)
        by_place = {(cell.row, cell.column): cell for cell in table.cells}
        cells: list[GridCell] = []
        for row in range(table.rows):
            if row:
                self.write("\n")
            for column in range(table.columns):
                if column:
                    self.write("\t")
                cell = by_place.get((row, column))
                if cell is not None:
                    cells.append(self._cell(cell, page, limits[column + cell.column_span - 1]))
        return Grid(Span(start, self.length), tuple(cells), table.rows, table.columns)

    def end_page(self) -> None:
        """Put the text of a page together: some hundred pieces of it take ten times the room."""
        self._pages_done.append("".join(self.parts))
        self.parts.clear()

    def text(self) -> str:
        """Return all that was written."""
        return "".join((*self._pages_done, *self.parts))

    def words(self) -> PlacedWords:
        """Return where each word stands."""
        return PlacedWords(
            np.array(self._starts, np.int32),
            np.array(self._ends, np.int32),
            np.array(self._pages, np.int32),
            np.array(self._boxes, np.float32).reshape(-1, 4),
        )

    def _cell(self, cell: LaidCell, page: int, limit: float) -> GridCell:
        start = self.length
        if cell.words:
            self._lines(rows_of(cell.words), page, limit)
        span = Span(start, self.length)
        bold = bool(cell.words) and all(word.bold for word in cell.words)
        return GridCell(
            span,
            cell.row,
            cell.column,
            cell.row_span,
            cell.column_span,
            header=cell.header,
            bold=bold,
            indent=cell.indent,
        )

    def _lines(self, lines: Sequence[Sequence[Word]], page: int, limit: float | None = None) -> None:
        words = [word for line in lines for word in line]
        texts = _texts(words)
        self._hyphened.update(_bare(text) for text in texts if "-" in text)
        dividers = [" "] * (len(words) - 1)
        for place, text in enumerate(texts):
            if text[0] in _MARKS and place:
                before = words[place - 1]
                if words[place].x0 - before.x1 < 0.3 * before.size:
                    dividers[place - 1] = ""
        end = -1
        for line in lines[:-1]:
            end += len(line)
            word, after = words[end], words[end + 1]
            if texts[end][1:].endswith("-") and _bare(texts[end] + after.text) in self._hyphened:
                # The report has written the word with its hyphen inside a line.
                dividers[end] = ""
            else:
                texts[end], dividers[end] = _over_lines(texts[end], word, after)
            if limit is not None and len(line) == 1 and _is_chopped(word, after, limit):
                dividers[end] = ""
        self._words(words, texts, dividers, page)

    def _words(self, words: Sequence[Word], texts: Sequence[str], dividers: Sequence[str], page: int) -> None:
        """Write words with what stands between them, and keep where each stands."""
        lengths = list(map(len, texts))
        starts = list(accumulate(map(add, lengths, map(len, dividers)), initial=self.length))
        self._starts.extend(starts)
        self._ends.extend(map(add, starts, lengths))
        self.length = starts[-1] + lengths[-1]
        self.parts.append("".join(chain.from_iterable(zip_longest(texts, dividers, fillvalue=""))))
        self._pages.extend(repeat(page, len(words)))
        boxes = [word[1:5] for word in words]
        if self.frames is not None and self.frames[0] != self.frames[1]:
            read, shown = self.frames
            boxes = [shown.box(*read.back(*box)) for box in boxes]
        self._boxes.extend(chain.from_iterable(boxes))


def _limits(table: LaidTable) -> list[float]:
    """Return for each column how far to the right its words reach."""
    limits = [0.0] * table.columns
    for cell in table.cells:
        last = cell.column + cell.column_span - 1
        limits[last] = max([limits[last], *(word.x1 for word in cell.words)])
    return limits


def _texts(words: Sequence[Word]) -> list[str]:
    """Return the letters of words, the marks of footnotes raised."""
    texts = list(map(TEXT, words))
    lengths = list(map(len, texts))
    small = _SMALL * words[lengths.index(max(lengths))].size
    if min(map(_SIZE, words)) < small:
        return [word.text if word.size >= small else _marked(word) for word in words]
    return texts


def _marked(word: Word) -> str:
    """Write a small number apart from the words, the mark of a footnote, raised."""
    return word.text.translate(RAISED) if word.text.isdigit() and len(word.text) <= 2 else word.text


def _bare(text: str) -> str:
    return text.strip(_MARKS_AROUND).lower()


def _over_lines(text: str, word: Word, after: Word) -> tuple[str, str]:
    """Return the last word of a line as it is written, and what stands between it and the next."""
    if len(text) < 2 or text[-1] != "-" or not (text[-2].isalnum()):
        return text, " "
    first = after.text.strip(_MARKS_AROUND)
    if first.lower() in _AFTER_STEM:
        return text, " "
    stem = text[:-1]
    abbreviated = stem.isupper() and len(stem) > 1
    if after.text[:1].islower() and not abbreviated and not stem[-1].isdigit():
        return stem, ""
    return text, "" if after.text[:1].isalnum() else " "


def _is_chopped(word: Word, after: Word, limit: float) -> bool:
    """Tell whether a narrow cell cut a word in two without a hyphen."""
    if word.x1 < limit - 0.45 * word.size or not (after.text[:1].islower() and word.text[-1:].isalpha()):
        return False
    last, rest = re.split(r"[^\w-]", word.text)[-1].lower(), after.text.strip(",.;:").lower()
    known, joined, apart = (part in dictionary() for part in (last, last + rest, rest))
    return (not known and (joined or not apart or len(rest) < 3)) or (joined and not apart)
