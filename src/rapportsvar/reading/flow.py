"""What a document is between file and text: headings, paragraphs, items of lists and tables, in order.

Every reader of a format with a structure of its own makes this; ``compose.py`` makes text and layout of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DROPPED = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]")
_SPACE = re.compile(r"\s+")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class HeadingBlock:
    """A heading; ``level`` 1 is the highest."""

    words: str
    level: int


@dataclass(frozen=True, slots=True)
class ParagraphBlock:
    """A paragraph. ``caption``: the format says that it names a table or a picture."""

    words: str
    caption: bool = False


@dataclass(frozen=True, slots=True)
class ItemBlock:
    """An item of a list, with its mark: ``-``, ``1.``, ``a)``."""

    words: str
    mark: str = "-"


@dataclass(frozen=True, slots=True)
class ContentsBlock:
    """A line of a table of contents: it is in the text, as furniture."""

    words: str


@dataclass(frozen=True, slots=True)
class CellBlock:
    """A cell at its top left place, with what stands in it."""

    row: int
    column: int
    blocks: tuple[Block, ...]
    row_span: int = 1
    column_span: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table.

    Attributes:
        cells: By row and column; no two cover one place.
        caption: What the format says names it; empty where nothing does.
        layout: The format says that it only lays out a page.
        sheet: It is of a sheet: it stays a table even where it has but one row or column.
    """

    cells: tuple[CellBlock, ...]
    caption: str = ""
    layout: bool = False
    sheet: bool = False


Block = HeadingBlock | ParagraphBlock | ItemBlock | ContentsBlock | TableBlock


def fold(words: str) -> str:
    """Make one line of words: blanks of any kind become single spaces, invisible characters go."""
    return _SPACE.sub(" ", _DROPPED.sub("", words)).strip()


def raised(digits: str) -> str:
    """Write a number as the mark of a footnote: ``¹²``."""
    return digits.translate(_SUPERSCRIPT)


def words_of(block: Block) -> str:
    """Return the words of a block on one line; those of a table cell by cell."""
    if isinstance(block, TableBlock):
        return fold(" ".join(words_of(inner) for cell in block.cells for inner in cell.blocks))
    if isinstance(block, ItemBlock):
        return f"{block.mark} {block.words}"
    return block.words
