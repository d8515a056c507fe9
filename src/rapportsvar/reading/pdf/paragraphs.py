"""Lines of a column to paragraphs: where one ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from rapportsvar.reading.pdf.lines import Fragment, fragment, rounded, rows_of, split_row
from rapportsvar.reading.pdf.order import Item
from rapportsvar.reading.pdf.tables import LaidTable
from rapportsvar.reading.pdf.words import Word

_ITEM = re.compile(r"[-–—•●▪◦·○■□‣✓]|\d{1,2}[.)]|[a-zåäö][.)]")
_MARK_CHARS = 3
_END = re.compile(r"[.!?:…][\"”’)»⁰¹²³⁴-⁹]*$")
_DASH = re.compile(r"[-–—]")
_MARKED = re.compile(
    r"(?:[-–—•●▪◦·○■□‣✓]|\d{1,2}[.)]?|\d{1,2}(?:\.\d{1,2})*\.?|[A-Za-zåäö][.)]|§|[¹²³⁴⁵⁶⁷⁸⁹])"
)
_APART = 2.6
_HEADING_STEP = 1.7
_SIZE_STEP = 0.07
_LOOSE = 1.3
_MOST_LEADING = 1.9
_INDENT = 0.7


class TextLine(NamedTuple):
    """A line of a column."""

    words: tuple[Word, ...]
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    italic: bool = False
    apart: bool = False

    @property
    def middle(self) -> float:
        """Half its height down."""
        return (self.y0 + self.y1) / 2

    @property
    def is_item(self) -> bool:
        """It begins with the mark of a list."""
        first = self.words[0].text
        return len(first) <= _MARK_CHARS and len(self.words) > 1 and _ITEM.fullmatch(first) is not None


@dataclass(slots=True)
class Paragraph:
    """Lines that are read as one."""

    lines: list[TextLine]

    @property
    def is_item(self) -> bool:
        """It is an item of a list."""
        return self.lines[0].is_item


def paragraphs_of(items: Sequence[Item]) -> list[Paragraph | LaidTable]:
    """Divide a column into paragraphs and tables, from the top."""
    made: list[Paragraph | LaidTable] = []
    run: list[Word] = []
    for item in sorted(items, key=lambda item: item.y0):
        if isinstance(item, LaidTable):
            made += _of_words(run)
            run = []
            made.append(item)
        else:
            run += item.words
    return [*made, *_of_words(run)]


def _of_words(words: Sequence[Word]) -> list[Paragraph | LaidTable]:
    lines = [line for row in rows_of(words) for line in _lines(row)]
    if not lines:
        return []
    leading, bounds = _leading(lines), _bounds(lines)
    paragraphs = [Paragraph([lines[0]])]
    for before, line in pairwise(lines):
        if _begins(paragraphs[-1], before, line, bounds[rounded(line.size)], leading):
            paragraphs.append(Paragraph([line]))
        else:
            paragraphs[-1].lines.append(line)
    return list(paragraphs)


def _lines(row: Sequence[Word]) -> list[TextLine]:
    """Return a row as one line, or as several where labels or names stand far apart on it."""
    parts = split_row(row, _APART)
    first = parts[0].words
    if len(parts) == 1:
        return [_line(parts[0])]
    if len(first) == 1 and _MARKED.fullmatch(first[0].text):
        return [_line(fragment(row))]
    return [_line(part, apart=True) for part in parts]


def _line(piece: Fragment, *, apart: bool = False) -> TextLine:
    row = piece.words
    size = row[0].size
    if any(word.size != size for word in row):
        size = max(row, key=lambda word: len(word.text) + word.size / 100).size
    bold = all(word.bold or not any(map(str.isalnum, word.text)) for word in row)
    italic = all(word.italic for word in row)
    return TextLine(*piece, size, bold, italic, apart)


def _leading(lines: Sequence[TextLine]) -> float:
    """Return the usual distance of two lines, in sizes of type; 0 where there are too few to tell."""
    steps = [
        (line.middle - before.middle) / max(line.size, 1)
        for before, line in pairwise(lines)
        if _alike(before, line)
    ]
    steps = [step for step in steps if 0.8 < step < 2.5]
    return min(median(steps), 1.6) if steps else 0.0


def _bounds(lines: Sequence[TextLine]) -> dict[float, tuple[float, float]]:
    """Return by size of type how far to the left and to the right its lines reach."""
    bounds: dict[float, tuple[float, float]] = {}
    for line in lines:
        left, right = bounds.get(rounded(line.size), (line.x0, line.x1))
        bounds[rounded(line.size)] = min(left, line.x0), max(right, line.x1)
    return bounds


def _alike(before: TextLine, line: TextLine) -> bool:
    return abs(before.size - line.size) <= _SIZE_STEP * max(before.size, line.size)


def _begins(
    paragraph: Paragraph, before: TextLine, line: TextLine, bounds: tuple[float, float], leading: float
) -> bool:
    """Tell whether a line begins a new paragraph."""
    if not _alike(before, line) or line.apart or before.apart:
        return True
    if line.is_item and not _is_thought(paragraph, before, line):
        return True
    if before.bold != line.bold and (before.bold or line.bold):
        return True
    step = (line.middle - before.middle) / max(line.size, 1)
    loose = _LOOSE * leading if leading else _MOST_LEADING
    if before.bold and line.bold and not _END.search(before.words[-1].text):
        loose = max(loose, _HEADING_STEP)
    if step > loose:
        return True
    if paragraph.is_item:
        return line.x0 < paragraph.lines[0].x0 + 0.3 * line.size and _ends_short(before, line, bounds[1])
    return _is_indented(before, line, bounds[0]) or _ends_short(before, line, bounds[1])


def _is_thought(paragraph: Paragraph, before: TextLine, line: TextLine) -> bool:
    """Tell whether the dash that a line begins with is one inside a sentence."""
    inside = _DASH.fullmatch(line.words[0].text) and not _END.search(before.words[-1].text)
    return bool(inside) and not paragraph.is_item and abs(line.x0 - before.x0) < 0.5 * line.size


def _is_indented(before: TextLine, line: TextLine, left: float) -> bool:
    """Tell whether a line is set in as the first of a paragraph is."""
    left = min(before.x0, left)
    inset = line.x0 - before.x0
    return (
        _INDENT * line.size < inset < 4 * line.size
        and before.x0 - left < 0.5 * line.size
        and bool(_END.search(before.words[-1].text))
    )


def _ends_short(before: TextLine, line: TextLine, right: float) -> bool:
    """Tell whether the line before ended though the next word had found room on it."""
    room = right - before.x1 - (line.words[0].x1 - line.words[0].x0) - 0.3 * line.size
    first = line.words[0].text[:1]
    opens = first.isupper() or first.isdigit() or first in '"”(–'
    if _END.search(before.words[-1].text):
        return room > 0 and opens
    return room > 0.5 * (right - before.x0) and opens and not before.bold
