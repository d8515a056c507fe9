"""A draft to a table: column paths, row paths, units and values for every cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapportsvar.model import Cell, Row, RowKind, Span, Table, Unit
from rapportsvar.structure.tables.align import Profile, aligned, in_place, profiles, with_names
from rapportsvar.structure.tables.blocks import Block, Draft
from rapportsvar.structure.tables.headers import column_paths, is_stackable
from rapportsvar.structure.tables.label_columns import count_label_columns
from rapportsvar.structure.tables.labels import BodyRow, Labelled, label_rows
from rapportsvar.structure.tables.pieces import LONG_CHARS, Kind, Line, Piece
from rapportsvar.structure.tables.units import (
    choose_unit,
    unit_of_cell,
    unit_of_column,
    unit_of_name,
    unit_of_row,
    unit_of_title,
)
from rapportsvar.swedish.numbers import MONEY_FACTORS, find_numbers, parse_values


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a table and says what it is.

    Attributes:
        caption: The line above, or the last heading.
        heading: What the last heading says.
        stated: The unit that a line above states.
        notes: Its footnotes.
        adjoining: Whether only blank lines part it from the table before, whose unit then holds for it.
    """

    caption: Span | None
    heading: str
    stated: str | None
    notes: tuple[Span, ...]
    adjoining: bool = False


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all rows of a table share."""

    columns: tuple[tuple[str, ...], ...]
    column_units: tuple[str | None, ...]
    label_columns: int
    unit: Unit | None
    mute: tuple[bool, ...]


def build_table(text: str, draft: Draft, around: Surroundings) -> Table:
    """Return the table that ``draft`` holds; ``section`` is 0."""
    header = _header_lines(draft)
    bodies = [
        (line, i > 0 and n == 0) for i, block in enumerate(draft.blocks) for n, line in enumerate(block.body)
    ]
    width = max(1, max(block.width for block in draft.blocks))
    shapes = profiles([line for line, _ in bodies], width)
    columns = _best_columns(draft, header, width, [shape.filled for shape in shapes])
    shapes = with_names(shapes, [path[-1] if path else "" for path in columns])
    laid = draft.blocks[0].grid is not None
    indented = any(line.pieces[0].indent for line, _ in bodies if line.pieces)
    rows = [
        BodyRow(
            in_place(line, width) if laid else aligned(line, shapes),
            opens,
            indented,
            laid,
            alone=len(line.pieces) == 1 < width,
        )
        for line, opens in bodies
    ]
    labels = count_label_columns(rows, shapes, [" ".join(path) for path in columns])
    labelled = label_rows(rows, labels)
    title = _title(header)
    named = [c for c in range(1, labels) if shapes[c].number == 0]
    unit = _table_unit(text, header, title, around, named)
    frame = _Frame(
        tuple(columns),
        tuple(unit_of_column(path, unit) for path in columns),
        labels,
        unit,
        _mute(columns, shapes),
    )
    by_line = {line.index: (row, mark) for (line, _), row, mark in zip(bodies, rows, labelled, strict=True)}
    made = [
        _row(text, line, by_line.get(line.index), frame) for block in draft.blocks for line in block.lines
    ]
    caption = title.span if title else around.caption
    return Table(
        span=Span(made[0].span.start, made[-1].span.end),
        rows=tuple(made),
        columns=frame.columns,
        section=0,
        caption=caption,
        notes=around.notes,
        unit=unit,
        label_columns=labels,
    )


def _mute(columns: Sequence[tuple[str, ...]], shapes: Sequence[Profile]) -> tuple[bool, ...]:
    """Tell for each column whether its numbers are no amounts: of notes, accounts, years, dates."""
    return tuple(
        bool(path and _NUMBERING.fullmatch(path[-1]))
        or (shape.filled > 0 and shape.number == 0 and shape.period > 0.5)
        for path, shape in zip(columns, shapes, strict=True)
    )


_NUMBERING = re.compile(
    r"not|noter|nr\.?|årskurs(?:er)?|åk|stadium|kod|konto|vht|år|ansvar|sida|datum|slutdatum|startdatum",
    re.IGNORECASE,
)


def _header_lines(draft: Draft) -> list[Line]:
    """Return the header's lines without rules, the lower part of a header cut by a rule included."""
    headed = draft.headed
    if headed is None:
        return []
    header = [line for line in headed.lines[: headed.depth] if not line.rule]
    if headed.body:
        return header
    follower = next(
        (block for block in draft.blocks if block is not headed and block.depth and block.body), None
    )
    if follower is not None and is_stackable(header, follower.lines[: follower.depth], follower.width):
        header += [line for line in follower.lines[: follower.depth] if not line.rule]
    return header


def _best_columns(
    draft: Draft, header: Sequence[Line], width: int, filled: Sequence[float]
) -> list[tuple[str, ...]]:
    """Return the column paths of the header, or of a repeat of it that names more columns."""
    exact = draft.headed is not None and draft.headed.exact
    best = column_paths(header, width, filled, exact=exact)
    if not header or exact:
        return best
    for block in draft.blocks:
        again = [line for line in block.lines[: block.depth] if not line.rule]
        named = {path for path in best if path}
        if len(again) == 1 and len(again[0].filled) == width and len(named) < width:
            return column_paths(again, width, filled)
    return best


def _title(header: Sequence[Line]) -> Piece | None:
    if len(header) > 1 and header[0].filled == [0]:
        return header[0].pieces[0]
    return None


def _table_unit(
    text: str, header: Sequence[Line], title: Piece | None, around: Surroundings, named: Sequence[int]
) -> Unit | None:
    """Return the unit of the whole table; money may stand over any of the ``named`` columns of labels."""
    firsts = [line.pieces[0].text for line in header if line.pieces[0].text]
    firsts += [line.pieces[1].text for line in header if len(line.pieces) > 1 and not line.pieces[0].text]
    others = [line.pieces[c].text for line in header for c in named if c < len(line.pieces)]
    firsts += [words for words in others if unit_of_title(words) in MONEY_FACTORS]
    candidates = [*(("header", words) for words in firsts)]
    if around.caption is not None and title is None:
        candidates.append(("caption", around.caption.of(text)))
    candidates.append(("section", around.heading))
    for source, words in candidates:
        read = unit_of_title if source == "section" else unit_of_name
        name = read(words) if words else None
        # A section that counts may hold tables of other things; what names the table itself does not.
        if name and not (name == "antal" and source == "section"):
            return Unit(name, source)
    return Unit(around.stated, "text") if around.stated else None


def _row(text: str, line: Line, found: tuple[BodyRow, Labelled] | None, frame: _Frame) -> Row:
    if found is None:
        kind = RowKind.RULE if line.rule else RowKind.HEADER
        return Row(line.span, kind, () if line.rule else _header_cells(line, frame))
    row, mark = found
    row_unit = _row_unit(mark.labels)
    units = [_own_unit(text, piece, column, frame) for column, piece in enumerate(row.pieces)]
    if row_unit is None:
        row_unit = _shared(units, sum(p.kind is Kind.NUMBER for p in row.pieces[frame.label_columns :]))
    cells = tuple(
        _cell(text, piece, column, mark.labels, (units[column], row_unit), frame)
        for column, piece in enumerate(row.pieces)
    )
    return Row(line.span, mark.kind, cells, mark.labels)


def _header_cells(line: Line, frame: _Frame) -> tuple[Cell, ...]:
    return tuple(
        Cell(piece.span, column, (), frame.columns[column])
        for column, piece in enumerate(line.pieces[: len(frame.columns)])
    )


def _row_unit(labels: Sequence[str]) -> str | None:
    """Return the unit of the innermost label that names one; ``Män`` takes that of what it belongs to."""
    return next((unit for unit in (unit_of_row(label) for label in reversed(labels[-2:])) if unit), None)


def _own_unit(text: str, piece: Piece, column: int, frame: _Frame) -> str | None:
    if column < frame.label_columns or piece.kind not in (Kind.NUMBER, Kind.TEXT, Kind.PERIOD):
        return None
    return unit_of_cell(piece.text)


def _shared(units: Sequence[str | None], amounts: int) -> str | None:
    """Return the unit that most amounts of a row write out, for the cell that left it out."""
    named = Counter(unit for unit in units if unit)
    if len(named) == 1:
        unit, count = named.most_common(1)[0]
        return unit if 2 * count > amounts and count > 1 else None
    return None


def _cell(
    text: str,
    piece: Piece,
    column: int,
    labels: tuple[str, ...],
    units: tuple[str | None, str | None],
    frame: _Frame,
) -> Cell:
    values: tuple[float, ...] = ()
    may = column >= frame.label_columns and not frame.mute[column] and piece.span.length_chars > 0
    if may and piece.kind in (Kind.NUMBER, Kind.TEXT, Kind.PERIOD):
        values = parse_values(piece.text)
        if not values and piece.kind is Kind.TEXT and _is_value_column(frame.columns[column]):
            values = _leading(piece.text)
    unit = choose_unit(units[0], frame.column_units[column], units[1], frame.unit) if values else None
    return Cell(piece.span, column, labels, frame.columns[column], unit, values)


_VALUE_NAME = re.compile(
    r"mål(?:värde|nivå|tal)?(?:\s.*)?|utfall\b.*|prognos\b.*|budget\b.*|(?:aug\.?|augusti|år)?\s*(?:19|20)\d\d",
    re.IGNORECASE,
)


def _is_value_column(path: tuple[str, ...]) -> bool:
    return bool(path) and _VALUE_NAME.fullmatch(path[-1]) is not None


def _leading(text: str) -> tuple[float, ...]:
    """Return the amount with unit that a short sentence begins with: ``25 % av tiden ska gå till ...``."""
    if len(text) > LONG_CHARS:
        return ()
    first = next(iter(find_numbers(text)), None)
    sure = first is not None and first.start == 0 and first.unit is not None and not first.in_words
    return (first.value,) if first is not None and sure else ()


__all__ = ["Block", "Surroundings", "build_table"]
