"""The working sheet of one report: its lines, and what each has been found to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from rapportsvar.model import FurnitureKind, Layout
from rapportsvar.structure.contents import Contents, find_contents
from rapportsvar.structure.furniture import find_furniture
from rapportsvar.structure.laid import laid_furniture, laid_tables, with_layout
from rapportsvar.structure.lines import Line, split_lines


class Role(Enum):
    """What a line is."""

    BLANK = "blank"
    CONTENTS = "contents"
    FURNITURE = "furniture"
    TABLE = "table"
    HEADING = "heading"
    PROSE = "prose"


@dataclass
class Sheet:
    """Lines and roles; the steps of the structure write the roles one after the other."""

    text: str
    lines: list[Line]
    roles: list[Role]
    contents: list[Contents]
    furniture: dict[int, FurnitureKind]
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)

    def near(self, index: int, step: int) -> Line | None:
        """Return the nearest line before (-1) or after (1) that holds content, or None at the edge."""
        at = self.before[index] if step < 0 else self.after[index]
        return self.lines[at] if 0 <= at < len(self.lines) else None

    def starts_block(self, index: int) -> bool:
        """Tell whether nothing of prose stands on the line right above."""
        return index == 0 or self.roles[index - 1] is not Role.PROSE

    def ends_block(self, index: int) -> bool:
        """Tell whether nothing of prose stands on the line right below."""
        return index + 1 == len(self.lines) or self.roles[index + 1] is not Role.PROSE

    def lone(self, index: int) -> bool:
        """Tell whether the line stands by itself."""
        return self.starts_block(index) and self.ends_block(index)

    def gap_after(self, index: int) -> int:
        """Count the lines without content up to the next line with content."""
        return self.after[index] - index - 1


def open_sheet(text: str, layout: Layout | None = None) -> Sheet:
    """Divide a text into lines and set aside contents, furniture and tables.

    Args:
        text: The report's text.
        layout: What the format knows; its furniture and grids go before the looks of lines.
    """
    lines = split_lines(text)
    contents = find_contents(lines)
    if layout is not None:
        contents = with_layout(lines, contents, layout)
    taken = {index for found in contents for index in range(found.first, found.last + 1)}
    furniture = laid_furniture(lines, taken, layout) if layout else find_furniture(lines, taken)
    inside = laid_tables(lines, layout)
    roles = [_role(line, taken, furniture, inside) for line in lines]
    sheet = Sheet(text, lines, roles, contents, furniture)
    sheet.before, sheet.after = _neighbours(roles)
    return sheet


def _role(line: Line, taken: set[int], furniture: dict[int, FurnitureKind], inside: set[int] | None) -> Role:
    if line.blank:
        return Role.BLANK
    if line.index in taken:
        return Role.CONTENTS
    if line.index in furniture:
        return Role.FURNITURE
    table = line.tabbed if inside is None else line.index in inside
    return Role.TABLE if table else Role.PROSE


def _neighbours(roles: list[Role]) -> tuple[list[int], list[int]]:
    """For each line, the nearest line with content before it and after it."""
    empty = (Role.BLANK, Role.FURNITURE, Role.CONTENTS)
    before, after = [], [len(roles)] * len(roles)
    last = -1
    for index, role in enumerate(roles):
        before.append(last)
        if role not in empty:
            last = index
    ahead = len(roles)
    for index in range(len(roles) - 1, -1, -1):
        after[index] = ahead
        if roles[index] not in empty:
            ahead = index
    return before, after
