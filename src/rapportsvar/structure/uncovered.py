"""What of a report stands in no part of its structure."""

from __future__ import annotations

from rapportsvar.model import Report, Span, Table
from rapportsvar.structure.lines import BLANK


def uncovered(report: Report) -> list[Span]:
    """Return what is neither passage, table, heading nor furniture: nothing, if all is well.

    Blanks do not count. ``rapportsvar doctor`` shows the spans.
    """
    text = report.text
    taken = [passage.span for passage in report.passages]
    taken += [span for table in report.tables for span in spans_of(table)]
    taken += [piece.span for piece in report.furniture]
    found: list[Span] = []
    at = 0
    for span in sorted(taken):
        _add_rest(text, at, span.start, found)
        at = max(at, span.end)
    _add_rest(text, at, len(text), found)
    return found


def spans_of(table: Table) -> list[Span]:
    """Return all that belongs to a table: its rows, notes and caption."""
    return [row.span for row in table.rows] + list(table.notes) + ([table.caption] if table.caption else [])


def _add_rest(text: str, start: int, end: int, found: list[Span]) -> None:
    for line_start, line in _pieces(text, start, end):
        bare = line.strip(BLANK)
        if bare:
            first = line_start + len(line) - len(line.lstrip(BLANK))
            found.append(Span(first, first + len(bare)))


def _pieces(text: str, start: int, end: int) -> list[tuple[int, str]]:
    pieces, at = [], start
    for line in text[start:end].splitlines(keepends=True):
        pieces.append((at, line))
        at += len(line)
    return pieces
