"""Makes the two plain formats: text with tabs between cells, and Markdown."""

from __future__ import annotations

import re

from corpus_builder import source
from corpus_builder.source import Document

_FOOTNOTE = re.compile(r"\[\^(\w+)\]")
_SMALL = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def make_text(document: Document) -> bytes:
    """Return a text as it would come out of a PDF: one line a paragraph, cells parted by tabs."""
    return _joined(_opening(document), [_plain(piece, document) for piece in document.pieces], document)


def make_markdown(document: Document) -> bytes:
    """Return Markdown, with tables between bars."""
    opening = _opening(document)
    title = document.text("titel")
    opening = [f"# {line}" if line == title else line for line in opening]
    return _joined(opening, [_markdown(piece) for piece in document.pieces], document)


def _joined(opening: list[str], pieces: list[str], document: Document) -> bytes:
    notes = [f"{_small(mark)} {note}" for mark, note in document.footnotes.items()]
    text = "\n\n".join(["\n".join(opening), *(piece for piece in pieces if piece), *notes])
    return (_FOOTNOTE.sub(lambda found: _small(found[1]), text) + "\n").encode()


def _small(mark: str) -> str:
    return mark.translate(_SMALL)


def _opening(document: Document) -> list[str]:
    return [*document.lines("over"), document.text("titel"), *document.lines("under")]


def _plain(piece: source.Piece, document: Document) -> str:
    match piece:
        case source.Heading(level=1):
            return piece.text.upper() if document.flag("versaler") else piece.text
        case source.Table():
            return "\n".join(_tabbed(piece))
        case source.Mark(what="sidbryt"):
            return "\n".join(document.lines("sidfot"))
        case source.Listing():
            return "\n".join(_items(piece, document.text("punkt", "–")))
        case _:
            return _prose(piece).replace("**", "")


def _markdown(piece: source.Piece) -> str:
    match piece:
        case source.Heading():
            return f"{'#' * (piece.level + 1)} {piece.text}"
        case source.Table():
            return "\n".join(_barred(piece))
        case source.Listing():
            return "\n".join(_items(piece, "-"))
        case _:
            return _prose(piece)


def _prose(piece: source.Piece) -> str:
    match piece:
        case source.Heading() | source.Paragraph():
            return piece.text
        case source.Figure():
            return piece.caption
        case _:
            return ""


def _items(listing: source.Listing, bullet: str) -> list[str]:
    return [
        f"{number}. {item}" if listing.ordered else f"{bullet} {item}"
        for number, item in enumerate(listing.items, 1)
    ]


def _shown(cell: str) -> str:
    return "" if cell in (source.LEFT, source.ABOVE) else cell.removeprefix("> ")


def _tabbed(table: source.Table) -> list[str]:
    rows = ["\t".join(_shown(cell) for cell in row).rstrip("\t") for row in table.grid()]
    return [*([table.caption] if table.caption else []), *rows, *table.notes]


def _barred(table: source.Table) -> list[str]:
    rows = [f"| {' | '.join(_shown(cell) for cell in row)} |" for row in table.grid()]
    rows.insert(table.head, f"|{' --- |' * table.width}")
    caption = [table.caption, ""] if table.caption else []
    notes = ["", *table.notes] if table.notes else []
    return [*caption, *rows, *notes]
