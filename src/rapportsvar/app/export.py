"""Hits as they are exported: what all formats write of a hit, and the file of values (CSV)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from urllib.parse import urljoin

from rapportsvar.app import texts
from rapportsvar.app.address import REPORTS, Place, link, marks_values, place_values
from rapportsvar.app.citation import citation, cited_span, quote
from rapportsvar.app.lit import joined
from rapportsvar.engine.reading_view import TableExcerpt
from rapportsvar.index.entries import plain
from rapportsvar.model import EntryKind, Hit, Row, RowKind, Span

FORMULA = tuple("=+-@＝＋－＠")
CONTROL_START = ("\t", "\r", "\n")
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a quote, lit or not."""

    words: str
    is_lit: bool


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of an exported table.

    Attributes:
        words: As they stand in the report.
        value: The number, where the cell is one number and nothing else.
        is_lit: Whether it answers.
    """

    words: str
    value: float | None = None
    is_lit: bool = False


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A row as a table: header rows, the row, and what stands over it."""

    caption: str
    unit: str
    heads: tuple[tuple[GridCell, ...], ...]
    body: tuple[tuple[GridCell, ...], ...]


@dataclass(frozen=True, slots=True)
class ExportedHit:
    """A hit with all that a file says of it.

    Attributes:
        hit: The hit.
        pieces: Its words in order.
        table: The row as a table; None for a passage.
        address: Of its place in the application.
    """

    hit: Hit
    pieces: tuple[Piece, ...]
    table: ExportTable | None
    address: str


@dataclass(frozen=True, slots=True)
class Export:
    """What a file is made of: the question or words, the hits in order, and the day."""

    asked: str
    hits: tuple[ExportedHit, ...]
    today: date


def exported(
    hit: Hit, base: str, text_of: Callable[[str], str], excerpt_of: Callable[[Hit], TableExcerpt | None]
) -> ExportedHit:
    """Gather what is written of a hit.

    Args:
        hit: The hit.
        base: Address of the application; empty where it is not known.
        text_of: Gives the text of a source.
        excerpt_of: Gives the table around the row of a hit.
    """
    excerpt = excerpt_of(hit)
    table = _table(excerpt, text_of(hit.source), [c.span for c in hit.cells]) if excerpt else None
    marks = [cell.span for cell in hit.cells] or [mark.span for mark in hit.highlights]
    place = link(REPORTS, {**place_values(Place(hit.source, hit.span)), **marks_values(marks)})
    return ExportedHit(hit, _pieces(hit), table, urljoin(base, place) if base else place)


def csv_file(export: Export) -> bytes:
    """Return hits with their citations, separated by semicolons, as UTF-8 with a byte order mark."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(texts.EXPORT_COLUMNS)
    for one in export.hits:
        writer.writerow([safe(value) for value in values_of(one, export.today)])
    return (BOM + stream.getvalue()).encode("utf-8")


def safe(value: str) -> str:
    """Prefix what a spreadsheet would take for a formula (OWASP, CSV injection)."""
    formula = value.lstrip(" \u00a0\ufeff\t\r\n").startswith(FORMULA)
    return f"'{value}" if formula or value.startswith(CONTROL_START) else value


def values_of(one: ExportedHit, today: date) -> tuple[str, ...]:
    """Return what is written of a hit, in the order of ``texts.EXPORT_COLUMNS``."""
    hit, info, span = one.hit, one.hit.report, cited_span(one.hit)
    values = (
        info.municipality,
        info.board,
        info.title,
        info.kind,
        info.period,
        str(info.year or ""),
        info.date,
        info.reference,
        " › ".join(plain(title) for title in hit.section),
        str(hit.page or ""),
        texts.FORM[hit.kind.value],
        quote(hit),
        marked(hit),
        _headers(one.table),
        one.table.unit if one.table else "",
        hit.source,
        str(span.start),
        str(span.end),
        citation(hit, today),
        one.address,
    )
    return tuple(writable(value) for value in values)


def marked(hit: Hit) -> str:
    """Return the lit words: the cells of a row, the highlights of a passage."""
    return " | ".join(cell.value for cell in hit.cells) or " … ".join(plain(h.text) for h in hit.highlights)


def writable(words: str) -> str:
    """Replace what neither Word nor Excel can hold: control characters and halves of characters."""
    return UNWRITABLE.sub("\ufffd", words)


def _pieces(hit: Hit) -> tuple[Piece, ...]:
    marks = joined([c.span for c in hit.cells] or [h.span for h in hit.highlights])
    pieces, position = [], hit.span.start
    for mark in marks:
        pieces += [(position, mark.start, False), (mark.start, mark.end, True)]
        position = mark.end
    pieces.append((position, hit.span.end, False))
    begin = hit.span.start
    return tuple(
        Piece(writable(hit.text[a - begin : b - begin].replace("\t", " | ")), is_lit)
        for a, b, is_lit in pieces
        if a < b
    )


def _table(excerpt: TableExcerpt, text: str, marks: Sequence[Span]) -> ExportTable:
    table = excerpt.table
    heads = list(takewhile(lambda row: row.kind is RowKind.HEADER, excerpt.rows))
    width = max((cell.column + 1 for row in excerpt.rows for cell in row.cells), default=0)
    lines = [_line(row, text, width, marks) for row in excerpt.rows]
    return ExportTable(
        writable(plain(table.caption.of(text))) if table.caption else "",
        writable(table.unit.name) if table.unit else "",
        tuple(lines[: len(heads)]),
        tuple(lines[len(heads) :]),
    )


def _line(row: Row, text: str, width: int, marks: Sequence[Span]) -> tuple[GridCell, ...]:
    line = [GridCell("")] * width
    for cell in row.cells:
        words = writable(plain(cell.span.of(text)))
        if not words and cell.column == 0 and len(row.labels) > 1:
            words = writable(plain(row.labels[0]))  # inherited from a merged cell above
        value = cell.values[0] if len(cell.values) == 1 and _is_number(words) else None
        is_lit = any(mark.overlap_chars(cell.span) for mark in marks)
        line[cell.column] = GridCell(words, None if row.kind is RowKind.HEADER else value, is_lit)
    return tuple(line)


def _is_number(words: str) -> bool:
    return re.fullmatch(r"[-−–+]?\s?\d[\d\s\u00a0\u202f]*(?:,\d+)?", words) is not None


def _headers(table: ExportTable | None) -> str:
    return " / ".join(" | ".join(cell.words for cell in line) for line in table.heads) if table else ""


def is_row(one: ExportedHit) -> bool:
    """Tell whether a hit is drawn as a table."""
    return one.hit.kind is EntryKind.ROW and one.table is not None
