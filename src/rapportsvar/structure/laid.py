"""What a format knows of its lines: which are furniture or contents, and which stand in tables."""

from __future__ import annotations

from rapportsvar.model import FurnitureKind, Layout, Span
from rapportsvar.structure.contents import Contents
from rapportsvar.structure.furniture import is_rule
from rapportsvar.structure.lines import Line, line_at


def with_layout(lines: list[Line], found: list[Contents], layout: Layout) -> list[Contents]:
    """Return the contents, those of the format among them.

    What looks like contents but holds a table or, below its first line, a heading of the format is none.
    Furniture of several lines is contents, whatever it looks like.
    """
    barred = {line_at(lines, mark.span.start) for mark in layout.headings}
    barred |= laid_tables(lines, layout) or set()
    laid = [_laid(lines, span) for span in layout.furniture]
    marked = [each for each in laid if each is not None]
    taken = {index for each in marked for index in range(each.first, each.last + 1)}
    kept = [
        each
        for each in found
        if not (barred | taken).intersection(range(each.first + 1, each.last + 1)) and each.first not in taken
    ]
    return sorted([*kept, *marked], key=lambda each: each.first)


def laid_furniture(lines: list[Line], taken: set[int], layout: Layout) -> dict[int, FurnitureKind]:
    """Find the lines that the format says are furniture, and rules."""
    found: dict[int, FurnitureKind] = {}
    for line in lines:
        if not line.blank and line.index not in taken and not line.tabbed and is_rule(line.text):
            found[line.index] = FurnitureKind.RULE
    for span in layout.furniture:
        for index in _lines_of(lines, span):
            if not lines[index].blank and index not in taken:
                found[index] = FurnitureKind.PAGE
    return found


def laid_tables(lines: list[Line], layout: Layout | None) -> set[int] | None:
    """Return the lines of the tables that the format lays out; None where it lays out none."""
    if layout is None or not layout.grids:
        return None
    return {index for grid in layout.grids if grid.columns > 1 for index in _lines_of(lines, grid.span)}


def _lines_of(lines: list[Line], span: Span) -> range:
    return range(line_at(lines, span.start), line_at(lines, max(span.start, span.end - 1)) + 1)


def _laid(lines: list[Line], span: Span) -> Contents | None:
    """Return furniture of several lines as contents."""
    inside = [index for index in _lines_of(lines, span) if not lines[index].blank]
    if len(inside) < 2:
        return None
    whole = Span(lines[inside[0]].span.start, lines[inside[-1]].span.end)
    return Contents(inside[0], inside[-1], whole, ())
