"""Cells moved back to their columns where a tab was lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapportsvar.model import Span
from rapportsvar.structure.tables.pieces import LONG_CHARS, Kind, Line, Piece

MAX_WIDTH = 40
"""Wider tables are left as they are: trying places takes time in the square of the width."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a column holds, as shares of its filled cells; ``filled`` is a share of all rows."""

    filled: float
    number: float
    text: float
    long: float
    length: float
    period: float
    name: str = ""


def profiles(rows: Sequence[Line], width: int) -> list[Profile]:
    """Return what each column holds in the rows that have as many cells as the table."""
    regular = [row for row in rows if len(row.pieces) >= width] or list(rows)
    return [
        _profile([row.pieces[c] for row in regular if c < len(row.pieces)], len(regular))
        for c in range(width)
    ]


def with_names(columns: Sequence[Profile], names: Sequence[str]) -> list[Profile]:
    """Return the columns with the names that stand right above their data."""
    return [replace(column, name=name) for column, name in zip(columns, names, strict=True)]


def _profile(pieces: Sequence[Piece], rows: int) -> Profile:
    filled = [piece for piece in pieces if piece.kind is not Kind.EMPTY]
    count = max(1, len(filled))
    numbers = sum(piece.kind in (Kind.NUMBER, Kind.DASH) for piece in filled)
    # A year among amounts is an amount: "2060 | 683 | 2000".
    if numbers:
        numbers += sum(piece.kind is Kind.PERIOD for piece in filled)
    texts = sum(piece.kind is Kind.TEXT for piece in filled)
    longs = sum(len(piece.text) > LONG_CHARS for piece in filled)
    length = sum(len(piece.text) for piece in filled) / count
    periods = sum(piece.kind is Kind.PERIOD for piece in filled)
    return Profile(
        len(filled) / max(1, rows), numbers / count, texts / count, longs / count, length, periods / count
    )


def in_place(row: Line, width: int) -> tuple[Piece, ...]:
    """Return the row's pieces, one a column, where they stand."""
    return tuple(_padded(row.pieces[:width], width))


def aligned(row: Line, columns: Sequence[Profile]) -> tuple[Piece, ...]:
    """Return the row's pieces, one a column, moved where they clearly fit better."""
    width = len(columns)
    pieces = list(row.pieces)
    while len(pieces) > width and pieces[-1].kind is Kind.EMPTY:
        pieces.pop()
    if len(pieces) > width:
        return tuple(pieces[:width])
    padded = _padded(pieces, width)
    misfits = _misfits(padded, columns)
    if not misfits or width > MAX_WIDTH or len(row.filled) < 2:
        return tuple(padded)
    best, best_score = padded, _score(padded, columns)
    # A number in the second column, where names stand: the first tab was lost, "Kvinnor | -/- | 0,96".
    names_first = _fit(padded[1], columns[1]) < 0
    for candidate in _moves(pieces, width):
        score = _score(candidate, columns)
        if names_first and candidate[0].kind is Kind.EMPTY and score == best_score and best is not padded:
            best = candidate
        elif score >= best_score + 1.5 or (score > best_score and best is not padded):
            best, best_score = candidate, score
    return tuple(best)


def _padded(pieces: Sequence[Piece], width: int) -> list[Piece]:
    end = pieces[-1].span.end if pieces else 0
    return [*pieces, *[Piece(Span(end, end), "", Kind.EMPTY)] * (width - len(pieces))]


def _moves(pieces: Sequence[Piece], width: int) -> list[list[Piece]]:
    """Return the row with one blank cell put in, at each place from the right."""
    shorter = list(pieces)
    if len(shorter) == width:
        if shorter[-1].kind is not Kind.EMPTY:
            return []
        shorter.pop()
    moves = []
    for place in range(len(shorter) - 1, -1, -1):
        at = shorter[place].span.start
        blank = Piece(Span(at, at), "", Kind.EMPTY)
        moves.append(_padded([*shorter[:place], blank, *shorter[place:]], width))
    return moves


def _misfits(pieces: Sequence[Piece], columns: Sequence[Profile]) -> int:
    return sum(_fit(piece, column) < 0 for piece, column in zip(pieces, columns, strict=True))


def _score(pieces: Sequence[Piece], columns: Sequence[Profile]) -> float:
    return sum(_fit(piece, column) for piece, column in zip(pieces, columns, strict=True))


_SHORT_NAME = re.compile(r"[QKT]\s?[1-4]|status|trend", re.IGNORECASE)
_PROSE_NAME = re.compile(r"(?:kort)?kommentar|analys|beskrivning", re.IGNORECASE)


def _fit(piece: Piece, column: Profile) -> float:
    """Tell how well a piece fits a column: below 0 where it does not belong there."""
    if piece.kind is Kind.EMPTY:
        return 0.5 * (1 - column.filled)
    if piece.kind in (Kind.NUMBER, Kind.DASH):
        return 1.0 if column.number >= 0.5 else (-1.0 if column.text > 0.7 and column.filled > 0.3 else 0.0)
    if piece.kind is not Kind.TEXT:
        return 0.0
    if len(piece.text) > 30 and _SHORT_NAME.fullmatch(column.name):
        return -2.0
    if len(piece.text) > 30 and _PROSE_NAME.match(column.name):
        return 1.0
    if column.filled < 0.35 and len(piece.text) > 3 * column.length + 30:
        return -1.5
    if column.number >= 0.7:
        return -1.0
    return 1.0 if column.text >= 0.5 and column.filled > 0 else 0.0
