"""A report as it is read: its text cut into blocks in order, and a table row among its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile

from rapportsvar.engine.engine import Engine
from rapportsvar.index.store import StoredReport
from rapportsvar.model import EntryKind, FurnitureKind, Hit, Row, RowKind, Span, Table

NEIGHBOURS = 2
"""Rows shown on either side of a row that answers."""


class BlockKind(StrEnum):
    """What a block of a report is, for its reader."""

    HEADING = "heading"
    PROSE = "prose"
    TABLE = "table"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a report that is drawn as one thing.

    Attributes:
        kind: What it is.
        span: Where it stands. Blocks do not overlap; between them are blanks only.
        section: Place in the outline, for a heading.
        table: The table itself, for a table.
    """

    kind: BlockKind
    span: Span
    section: int | None = None
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A whole report with its blocks in order."""

    report: StoredReport
    blocks: tuple[Block, ...]

    def around(self, place: Span, *, reach_chars: int) -> tuple[Block, ...]:
        """Return the blocks that stand within some characters of a place."""
        near = Span(place.start - reach_chars, place.end + reach_chars)
        return tuple(b for b in self.blocks if b.span.overlap_chars(near))


@dataclass(frozen=True, slots=True)
class TableExcerpt:
    """A row with the rows around it, under the table's header rows.

    Attributes:
        table: The whole table.
        row: The row that was found.
        rows: Header rows, then the neighbours with the row among them.
        before: Data rows left out between the headers and the first neighbour.
        after: Data rows left out below.
    """

    table: Table
    row: Row
    rows: tuple[Row, ...]
    before: int
    after: int

    def alone(self) -> TableExcerpt:
        """Return the row under the header rows, without its neighbours."""
        kept = tuple(row for row in self.rows if row.kind is RowKind.HEADER or row is self.row)
        return replace(self, rows=kept, before=0, after=0)


def reading_view(engine: Engine, source: str) -> ReadingView:
    """Cut a report into blocks.

    Raises:
        UnknownReport: There is no such source.
    """
    report = engine.index.store.report(source)
    taken = sorted(
        _fixed_blocks(report, engine.index.store.tables(source)), key=lambda b: (b.span.start, -b.span.end)
    )
    blocks: list[Block] = []
    position = 0
    for block in taken:
        if block.span.start < position:
            continue
        blocks += _prose(report.text, Span(position, block.span.start))
        blocks.append(block)
        position = block.span.end
    blocks += _prose(report.text, Span(position, len(report.text)))
    return ReadingView(report, tuple(blocks))


class Tables:
    """Finds the table around a row that was found. Keeps the tables of a few reports at hand."""

    def __init__(self, engine: Engine) -> None:
        self._tables = lru_cache(maxsize=64)(engine.index.store.tables)

    def excerpt(self, hit: Hit, *, neighbours: int = NEIGHBOURS) -> TableExcerpt | None:
        """Return the row of a hit among its neighbours; None where the hit is no row."""
        if hit.kind is not EntryKind.ROW:
            return None
        for table in self._tables(hit.source):
            for place, row in enumerate(table.rows):
                if row.span == hit.span:
                    return _excerpt(table, place, neighbours)
        return None


def _excerpt(table: Table, place: int, neighbours: int) -> TableExcerpt:
    heads = tuple(takewhile(lambda row: row.kind is RowKind.HEADER, table.rows))
    body = [(n, r) for n, r in enumerate(table.rows) if r.kind not in (RowKind.HEADER, RowKind.RULE)]
    here = next(k for k, (n, _) in enumerate(body) if n == place)
    low, high = max(0, here - neighbours), here + neighbours + 1
    shown = tuple(r for _, r in body[low:high])
    return TableExcerpt(table, table.rows[place], heads + shown, low, max(0, len(body) - high))


def _fixed_blocks(report: StoredReport, tables: Sequence[Table]) -> Iterator[Block]:
    for section in report.outline.sections:
        if section.heading:
            yield Block(BlockKind.HEADING, _whole_line(report.text, section.heading), section=section.index)
    for table in tables:
        yield Block(BlockKind.TABLE, table.span, table=table)
    for piece in report.outline.furniture:
        if piece.kind is not FurnitureKind.HEADING:
            yield Block(BlockKind.FURNITURE, piece.span)


def _whole_line(text: str, heading: Span) -> Span:
    """Take the ``#`` of Markdown in with its heading."""
    start = text.rfind("\n", 0, heading.start) + 1
    return Span(start, heading.end) if not text[start : heading.start].strip("# \t") else heading


def _prose(text: str, gap: Span) -> Iterator[Block]:
    position = gap.start
    for line in gap.of(text).splitlines(keepends=True):
        bare = line.strip()
        if bare:
            start = position + line.index(bare)
            yield Block(BlockKind.PROSE, Span(start, start + len(bare)))
        position += len(line)
