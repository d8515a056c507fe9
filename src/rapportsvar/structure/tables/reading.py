"""Text to tables: the way from lines to cells that know their labels, headers, units and numbers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapportsvar.model import Grid, Page, Span, Table
from rapportsvar.structure.tables.blocks import Block, Draft, Fences, Gap, find_blocks, join_blocks, note_mark
from rapportsvar.structure.tables.building import Surroundings, build_table
from rapportsvar.structure.tables.grids import caption_of, lay_grids, on_one_page
from rapportsvar.structure.tables.pieces import Line, marks_of, read_lines
from rapportsvar.structure.tables.prose import is_page_foot, is_prose
from rapportsvar.structure.tables.quoted import with_quoted_units
from rapportsvar.structure.tables.units import stated_unit
from rapportsvar.swedish.numbers import MONEY_FACTORS

CAPTION_CHARS = 150
REACH_LINES = 60
"""How far down ``Belopp i tkr`` holds, in lines, where no long paragraph ends it."""
PARAGRAPH_CHARS = 250
RUNNING_HEAD_CHARS = 80
NOTE_TABLES = 6
"""How many tables back a footnote at the foot of the page may belong to."""


@dataclass(frozen=True, slots=True)
class TableReading:
    """The tables of a text, and its tabbed lines that are running text."""

    tables: tuple[Table, ...]
    prose: tuple[Span, ...]


def read_tables(
    text: str,
    *,
    skip: Sequence[Span] = (),
    headings: Sequence[tuple[Span, str]] = (),
    grids: Sequence[Grid] = (),
    pages: Sequence[Page] = (),
) -> TableReading:
    """Return the tables of ``text``, in order, none of which overlap.

    Args:
        text: The whole report; offsets are into it.
        skip: Stretches that are tables of contents or furniture: no table stands in them.
        headings: Where headings stand, and what they say. A table does not run over one.
        grids: Tables as the format lays them out; where there is one, tabs outside them make no table.
        pages: A grid goes on in the next one only over a page break.

    Returns:
        The tables, with ``section`` 0, and the tabbed lines that are running text.
    """
    lines = list(read_lines(text))
    skipped, titles = Fences(skip), Fences([span for span, _ in headings])
    barred = [line.tabbed and (skipped.hit(line.span) or titles.hit(line.span)) for line in lines]
    prose: list[Span] = []
    blocks: list[Block] = lay_grids(text, lines, grids) if grids else []
    for block in [] if grids else find_blocks(lines, barred, text):
        if is_prose(block.lines):
            prose.extend(line.span for line in block.lines)
        else:
            blocks.append(block)
    page = _Page(text, lines, (skipped, titles), sorted(headings), pages)
    drafts = join_blocks(
        [(block, page.gap(blocks[i - 1] if i else None, block)) for i, block in enumerate(blocks)]
    )
    notes = page.notes(drafts)
    stated = page.stated_units(drafts)
    tables: list[Table] = []
    for i, draft in enumerate(drafts):
        before = drafts[i - 1] if i else None
        around = page.surroundings(draft, stated[i], notes[i], before)
        unit = tables[-1].unit if around.adjoining else None
        if unit and unit.name in MONEY_FACTORS:  # a share or a count is of what that table's own title says
            around = replace(around, stated=around.stated or unit.name)
        tables.append(build_table(text, draft, around))
    return TableReading(tuple(with_quoted_units(text, tables)), tuple(prose))


class _Page:
    """The lines around the tables."""

    def __init__(
        self,
        text: str,
        lines: list[Line],
        fences: tuple[Fences, Fences],
        headings: list[tuple[Span, str]],
        pages: Sequence[Page],
    ) -> None:
        self._text = text
        self._lines = lines
        self._skipped, self._titles = fences
        self._pages = pages
        self._headings = headings
        self._heading_starts = [span.start for span, _ in headings]

    def gap(self, before: Block | None, after: Block) -> Gap:
        """Return what stands between two blocks."""
        parted = before is not None and after.grid is not None and before.grid is after.grid
        if before is None or parted or (after.grid is not None and on_one_page(before, after, self._pages)):
            return Gap(False, 0, ())
        notes, blanks, headed = [], 0, False
        for line in self._lines[before.lines[-1].index + 1 : after.lines[0].index]:
            if line.blank:
                blanks += 1
            elif self._titles.hit(line.span):
                return Gap(False, blanks, ())
            elif self._skipped.hit(line.span) or self._is_page_end(line):
                continue
            elif not line.tabbed and note_mark(line.pieces[0].text) is not None:
                notes.append(line.pieces[0].span)
            elif self._is_running_head(line) and not headed:
                headed = True
            else:
                return Gap(False, blanks, ())
        return Gap(True, blanks, tuple(notes), headed)

    def _is_page_end(self, line: Line) -> bool:
        if line.tabbed:
            return len(line.filled) == 2 and is_page_foot(line)
        return _PAGE_NUMBER.fullmatch(line.pieces[0].text) is not None

    def _is_running_head(self, line: Line) -> bool:
        """Tell whether a page number stands right above or below a short line that is no sentence."""
        words = line.pieces[0].text
        if line.tabbed or not 0 < len(words) <= RUNNING_HEAD_CHARS or words.endswith((".", ":")):
            return False
        beside = [self._lines[i] for i in (line.index - 1, line.index + 1) if 0 <= i < len(self._lines)]
        return any(not near.tabbed and _PAGE_NUMBER.fullmatch(near.pieces[0].text) for near in beside)

    def notes(self, drafts: Sequence[Draft]) -> list[tuple[Span, ...]]:
        """Return for each table the footnotes whose mark stands in it."""
        marks = [_marks(self._text, draft) for draft in drafts]
        firsts = [draft.blocks[0].lines[0].index for draft in drafts]
        found: list[list[Span]] = [[] for _ in drafts]
        inside = {line.index for draft in drafts for block in draft.blocks for line in block.lines}
        for line in self._lines:
            if line.blank or line.index in inside or line.tabbed:
                continue
            mark = note_mark(line.pieces[0].text)
            if mark is None or self._titles.hit(line.span):
                continue
            last = bisect_left(firsts, line.index) - 1
            owner = next((i for i in range(last, max(-1, last - NOTE_TABLES), -1) if mark in marks[i]), None)
            if owner is not None and mark not in {note_mark(span.of(self._text)) for span in found[owner]}:
                found[owner].append(line.pieces[0].span)
        return [tuple(spans) for spans in found]

    def stated_units(self, drafts: Sequence[Draft]) -> list[str | None]:
        """Return for each table the unit that a line such as ``Belopp i tkr`` above it states."""
        units: list[str | None] = []
        unit, since, place = None, 0, 0
        for draft in drafts:
            first = draft.blocks[0].lines[0].index
            for line in self._lines[place:first]:
                if line.tabbed or line.blank:
                    continue
                found = stated_unit(line.pieces[0].text)
                if found:
                    unit, since = found, line.index
                elif line.span.length_chars > PARAGRAPH_CHARS and note_mark(line.pieces[0].text) is None:
                    unit = None
            units.append(unit if first - since <= REACH_LINES else None)
            place = draft.last.lines[-1].index + 1
        return units

    def surroundings(
        self, draft: Draft, stated: str | None, notes: tuple[Span, ...], before: Draft | None
    ) -> Surroundings:
        """Return what stands around a table and says what it is."""
        first = draft.blocks[0].lines[0]
        floor = before.last.lines[-1].index if before else -1
        place = bisect_left(self._heading_starts, first.span.start) - 1
        heading = self._headings[place] if place >= 0 else None
        caption = caption_of(draft.blocks[0]) or self._caption(first.index, floor)
        adjoining = (
            before is not None and caption is None and first.index - floor <= 3 and self._blank(floor, first)
        )
        if caption is None and heading is not None:
            caption = _bare(heading[0], heading[0].of(self._text))
        return Surroundings(caption, heading[1] if heading else "", stated, notes, adjoining)

    def _blank(self, floor: int, first: Line) -> bool:
        return all(line.blank for line in self._lines[floor + 1 : first.index])

    def _caption(self, first: int, floor: int) -> Span | None:
        for index in range(first - 1, max(floor, first - 12), -1):
            line = self._lines[index]
            words = line.pieces[0].text
            if line.blank or self._skipped.hit(line.span) or _NO_NAME.fullmatch(words):
                continue
            short = (
                len(words) <= CAPTION_CHARS and not words.endswith(".") and not words.startswith(("- ", "• "))
            )
            mark = note_mark(words)
            if not short or line.tabbed or (mark is not None and not _NUMBERED.match(words)):
                return None
            return _bare(line.pieces[0].span, words)
        return None


_PAGE_NUMBER = re.compile(
    r"(?:sida|sid\.?|s\.)?\s*\d{1,3}\s*(?:\(\d{1,3}\)|/\s?\d{1,3}|av \d{1,3})?", re.IGNORECASE
)
_NO_NAME = re.compile(
    r"[\d\W]*|(?i:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december)"
)
_NUMBERED = re.compile(r"\d{1,2}\) [A-ZÅÄÖ]")


def _bare(span: Span, words: str) -> Span:
    """Leave out the marks of Markdown around a caption."""
    left = len(words) - len(words.lstrip("#* "))
    right = len(words) - len(words.rstrip("* "))
    return Span(span.start + left, span.end - right) if left + right < len(words) else span


def _marks(text: str, draft: Draft) -> set[str]:
    found: set[str] = set()
    for block in draft.blocks:
        for line in block.lines:
            for piece in line.pieces:
                if piece.span.length_chars:
                    found |= marks_of(piece.span.of(text))
    return found
