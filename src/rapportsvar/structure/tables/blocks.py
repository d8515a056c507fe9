"""Lines to drafts of tables: runs of tabbed lines, and which runs are one table cut by a page break."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from rapportsvar.model import Grid, Span
from rapportsvar.structure.tables.headers import (
    alike,
    header_depth,
    is_inner_header,
    is_stackable,
    plain,
)
from rapportsvar.structure.tables.pieces import LONG_CHARS, Kind, Line, read_line

SAMPLE_ROWS = 30
"""How many of a draft's last rows tell what its columns hold."""


@dataclass(slots=True)
class Block:
    """A run of table lines. ``depth`` header lines stand first.

    ``grid`` is set where the format laid the table out; ``exact`` where it tells which cells are merged.
    """

    lines: list[Line]
    depth: int = 0
    grid: Grid | None = None
    exact: bool = False

    @property
    def width(self) -> int:
        """How many columns the widest line has, empty ones at the end left out."""
        return max((line.filled[-1] + 1 if line.filled else 0) for line in self.lines)

    @property
    def tabs(self) -> int:
        """How many cells the widest line has, empty ones included."""
        return max(len(line.pieces) for line in self.lines)

    @property
    def body(self) -> list[Line]:
        """The lines that are neither header nor rule."""
        return [line for line in self.lines[self.depth :] if not line.rule]


@dataclass(slots=True)
class Draft:
    """A table in the making.

    Attributes:
        blocks: One, or several where a page break cut it.
        headed: The first block that has a header.
        bare: Whether it has headers only.
    """

    blocks: list[Block]
    headed: Block | None
    bare: bool

    @property
    def last(self) -> Block:
        """The block that a following one would continue."""
        return self.blocks[-1]

    def as_wide_as(self, block: Block) -> bool:
        """Tell whether a block has as many columns; its last one may be empty."""
        ends = (self.blocks[0], self.blocks[-1])
        return any(
            block.width == end.width or (block.tabs == end.tabs > 2 and abs(block.width - end.width) <= 1)
            for end in ends
        )

    def add(self, block: Block) -> None:
        """Let the table go on with ``block``."""
        self.blocks.append(block)
        self.headed = self.headed or (block if block.depth else None)
        self.bare = self.bare and not block.body


def new_draft(block: Block) -> Draft:
    """Return a table that begins with ``block``."""
    return Draft([block], headed=block if block.depth else None, bare=not block.body)


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between two blocks: whether anything but footnotes and furniture, and the footnotes.

    ``headed`` tells that a running head stands there, known only by the page number beside it.
    """

    open: bool
    blank_lines: int
    notes: tuple[Span, ...]
    headed: bool = False


class Fences:
    """Spans that lines may overlap, found by bisection."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = sorted(spans)
        self._starts = [span.start for span in self._spans]

    def hit(self, span: Span) -> bool:
        """Tell whether one of them overlaps ``span``."""
        place = bisect_left(self._starts, max(span.end, span.start + 1))
        return place > 0 and any(
            other.end > span.start for other in self._spans[max(0, place - 2) : place] if other.length_chars
        )


NOTE = re.compile(
    r"\s*(?:(?P<raised>[⁰¹²³⁴-⁹]+)⁾?\s?\S|(?P<star>\*{1,3})\)?\s?\w|(?P<number>\d{1,2})\)\s|<sup>\s*(?P<sup>\d{1,2}|\*+)"
    r"|\[(?P<square>\d{1,2})\]\s)"
)
"""A line that begins as a footnote does."""


def note_mark(line: str) -> str | None:
    """Return the mark of a footnote line (``1``, ``**``), or None where it is no footnote."""
    match = NOTE.match(line)
    if match is None or (line.lstrip().startswith("**") and line.rstrip().endswith("**")):
        return None
    mark = next(group for group in match.groups() if group)
    return mark.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))


def find_blocks(lines: Sequence[Line], barred: Sequence[bool], text: str) -> list[Block]:
    """Return the runs of tabbed lines.

    A short line without tab between two tabbed lines is a section row of the run.
    """
    blocks: list[Block] = []
    run: list[Line] = []
    for index, line in enumerate(lines):
        inside = line.tabbed and not line.blank and not barred[index]
        if not inside and run and _is_bare_section(lines, index, barred):
            line, inside = _as_row(line, text), True
        if inside:
            run.append(line)
        elif run:
            blocks.extend(_split(run))
            run = []
    return [*blocks, *_split(run)] if run else blocks


def _split(run: list[Line]) -> list[Block]:
    """Part a run of lines where a header stands in the middle of it, the same once more or another."""
    first = Block(run, header_depth(run))
    if not first.depth:
        return [first]
    title = plain("".join(piece.text for piece in run[0].pieces))
    cuts = [0]
    for index in range(first.depth, len(run)):
        again = run[index].pieces[0].text == run[0].pieces[0].text and (
            plain("".join(piece.text for piece in run[index].pieces)) == title
        )
        if (again and len(run[0].filled) > 1) or is_inner_header(run, index):
            cuts.append(index)
    if len(cuts) == 1:
        return [first]
    parts = [run[start:end] for start, end in zip(cuts, [*cuts[1:], len(run)], strict=True)]
    return [Block(part, header_depth(part)) for part in parts]


def _is_bare_section(lines: Sequence[Line], index: int, barred: Sequence[bool]) -> bool:
    line = lines[index]
    if line.tabbed or line.blank or barred[index] or line.span.length_chars > LONG_CHARS:
        return False
    if (
        index + 1 >= len(lines)
        or not lines[index + 1].tabbed
        or barred[index + 1]
        or not lines[index - 1].tabbed
    ):
        return False
    near = len(lines[index - 1].pieces) == len(lines[index + 1].pieces) > 2
    return near and note_mark(line.pieces[0].text) is None and not line.pieces[0].text.endswith(".")


def _as_row(line: Line, text: str) -> Line:
    parsed = read_line(text, line.span.start, line.span.end, line.index)
    return Line(line.index, line.span, parsed.pieces, tabbed=True)


def join_blocks(blocks: Sequence[tuple[Block, Gap]]) -> list[Draft]:
    """Make one draft of blocks that are one table.

    Args:
        blocks: Each block with the gap before it.
    """
    drafts: list[Draft] = []
    for block, gap in blocks:
        if drafts and gap.open and _continues(drafts[-1], block, gap):
            drafts[-1].add(block)
        else:
            drafts.append(new_draft(block))
    return drafts


def _continues(draft: Draft, block: Block, gap: Gap) -> bool:
    """Tell whether ``block`` goes on with the table, and set its header depth to what it then is."""
    headed = draft.headed
    if headed is not None and _repeats(headed, block):
        return True
    if gap.headed:
        return False
    if draft.bare and headed is not None:
        if block.depth and is_stackable(
            headed.lines[: headed.depth], block.lines[: block.depth], block.width
        ):
            return True
        if draft.as_wide_as(block) and not _has_own_header(draft, block):
            block.depth = 0
            return True
        return False
    if not draft.as_wide_as(block) or _has_own_header(draft, block):
        return False
    if headed is None and (block.depth or block.width > 2 or gap.blank_lines > 1 or gap.notes):
        return False
    block.depth = 0
    return True


def _repeats(headed: Block, block: Block) -> bool:
    """Tell whether the block begins with the header once more; its depth is then the header's."""
    first = [line for line in headed.lines[: headed.depth] if not line.rule]
    for depth in (len(first), 1, 2, 3):
        candidate = [line for line in block.lines[:depth] if not line.rule]
        if candidate and len(candidate) == depth and alike(first, candidate):
            block.depth = max(depth, block.depth if _is_header_only(block) else depth)
            return True
    return False


def _is_header_only(block: Block) -> bool:
    return block.depth >= len([line for line in block.lines if not line.rule])


def _marks_header(block: Block | None) -> bool:
    """Tell whether the format shows which row is the header."""
    return block is not None and block.grid is not None and any(cell.header for cell in block.grid.cells)


def _looks_plain(block: Block) -> bool:
    """Tell whether the first row of a grid looks as the others: it is not marked, and not bold."""
    if block.grid is None or _marks_header(block):
        return False
    return not all(cell.bold for cell in block.grid.cells if cell.row == 0 and cell.span.length_chars)


def _has_own_header(draft: Draft, block: Block) -> bool:
    """Tell whether the first line of ``block`` is a header of its own rather than a row of the draft."""
    if block.depth == 0 or (_marks_header(draft.headed) and _looks_plain(block)):
        return False
    first = block.lines[0]
    body = [line for part in draft.blocks[-2:] for line in part.body][-SAMPLE_ROWS:]
    if any(piece.kind in (Kind.MARK, Kind.DASH) or len(piece.text) > LONG_CHARS for piece in first.pieces):
        return False
    if not body:
        return any(piece.kind is Kind.NUMBER for line in block.body for piece in line.pieces)
    if any(piece.kind is Kind.NUMBER for line in block.body for piece in line.pieces[1:]):
        return True
    blank_first = first.pieces[0].kind is Kind.EMPTY
    if blank_first:
        return not any(line.pieces[0].kind is Kind.EMPTY for line in body)
    known = {piece.text for line in body for piece in line.pieces[1:] if piece.text}
    return not any(piece.text in known for piece in first.pieces[1:] if piece.text) and len(first.filled) > 1
