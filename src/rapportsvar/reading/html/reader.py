"""Web pages (HTML): what a reader of the page reads, without its navigation, scripts and hidden parts.

The page is never run and nothing that it links to is fetched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from rapportsvar.errors import EmptyReport, ReportTooLarge
from rapportsvar.model import Source
from rapportsvar.reading.base import read_bytes, sha256_of
from rapportsvar.reading.compose import Told, compose
from rapportsvar.reading.flow import (
    Block,
    CellBlock,
    HeadingBlock,
    ItemBlock,
    ParagraphBlock,
    TableBlock,
    fold,
    raised,
)
from rapportsvar.reading.html.charset import decode
from rapportsvar.reading.html.lists import mark_of
from rapportsvar.reading.html.parts import is_left_out, main_part, what_is_lost
from rapportsvar.reading.html.tables import count_cells, place_cells
from rapportsvar.reading.package import Element, attribute, child, inside, local
from rapportsvar.reading.warn import left_out

# A picture written into the page is megabytes of letters that the parser need not see.
_DATA = re.compile(r"data:[a-z0-9.+/-]*(?:;[a-z0-9=.-]+)*;base64,[A-Za-z0-9+/=%\s]{64,}", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_LOOKS = re.compile(
    r"</?(?:a|abbr|b|big|em|font|i|nobr|s|small|span|strike|strong|tt|u)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_HEADING = re.compile(r"h([1-6])")
_NUMBER = re.compile(r"\d{1,3}")
_BREAK = "\x1f"  # stands for <br> until a paragraph is put together; no page may hold it
_TWO_BREAKS = re.compile(rf"\s*{_BREAK}\s*(?:{_BREAK}\s*)+")
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
_OF_TABLES = frozenset({"caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th"})
_META = {"author": "author", "dc.creator": "author", "description": "subject", "keywords": "keywords"}
_DATES = ("date", "dc.date", "dcterms.created", "article:published_time")


def read_html(path: Path, name: str) -> Source:
    """Read a web page.

    Raises:
        EmptyReport: There are no words on it.
        ReportTooLarge: Its tags stand in each other too deep.
        VanishedReport: It cannot be read.
    """
    data = read_bytes(path, name)
    text, warnings = decode(data)
    root = _parse(text, name)
    page = _Page()
    lost = what_is_lost(root)
    blocks = list(page.blocks(main_part(root)))
    told = (*warnings, *left_out(lost + page.left))
    return compose(blocks, Told(name, sha256_of(data), told, _properties(root)))


def _parse(text: str, name: str) -> Element:
    """Return the tree of a page, all of it.

    The parser ends silently where tags stand in each other 256 deep, as they do where none is closed; so
    it is asked, and tried again without those that are about looks.
    """
    text = _DATA.sub("data:,", _DECLARATION.sub("", text).replace("\x00", "").replace(_BREAK, ""))
    root, whole = _tree(text)
    if not whole:
        root, whole = _tree(_LOOKS.sub("", text))
    if not whole:
        what = "Sidan är kapslad för djupt, eller har för långa stycken, för att läsas i sin helhet"
        raise ReportTooLarge(what, where=name, todo="Öppna sidan i en webbläsare och skriv ut den till PDF.")
    if root is None:
        raise EmptyReport("Sidan innehåller ingen text", where=name, todo="Spara sidan på nytt som .html.")
    return root


def _tree(text: str) -> tuple[Element | None, bool]:
    """Return what the parser made of a page, and whether it is the whole of it."""
    parser = etree.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    return root, not any(_is_bound(entry) for entry in parser.error_log)


def _is_bound(entry: etree._LogEntry) -> bool:
    return entry.type_name == "ERR_RESOURCE_LIMIT" or "XML_PARSE_HUGE" in entry.message


def _properties(root: Element) -> tuple[tuple[str, str], ...]:
    head = child(root, "head")
    found: dict[str, str] = {}
    title = fold("".join(text for each in inside(head) if local(each) == "title" for text in each.itertext()))
    if title:
        found["title"] = title
    for meta in (each for each in inside(head) if local(each) == "meta"):
        said = (attribute(meta, "name") or attribute(meta, "property")).lower()
        key = "created" if said in _DATES else _META.get(said)
        words = fold(attribute(meta, "content"))
        if key and words:
            found.setdefault(key, words)
    return tuple(sorted(found.items()))


class _Page:
    """Reads elements; words between them become paragraphs."""

    def __init__(self) -> None:
        self.left: Counter[str] = Counter()

    def blocks(self, element: Element) -> Iterator[Block]:
        """Yield what stands in an element."""
        words: list[str] = [element.text or ""]
        for each in element:
            name = local(each)
            if not name or is_left_out(each):
                pass
            elif name in _BLOCKS or _holds_blocks(each):
                yield from _paragraphs(words)
                words = []
                yield from self._block(each, name)
            else:
                words.append(_inline(each))
            words.append(each.tail or "")
        yield from _paragraphs(words)

    def _block(self, element: Element, name: str) -> Iterator[Block]:
        heading = _HEADING.fullmatch(name)
        if heading:
            words = fold(_inline(element).replace(_BREAK, " "))
            yield HeadingBlock(words, int(heading[1]))
        elif name == "table":
            yield from self._strays(element)
            yield self._table(element)
        elif name in {"ul", "ol", "menu", "dir"}:
            yield from self._list(element)
        elif name == "pre":
            yield from (ParagraphBlock(fold(line)) for line in _inline(element).splitlines())
        elif name == "figcaption":
            yield ParagraphBlock(fold(_inline(element).replace(_BREAK, " ")), caption=True)
        else:
            yield from self.blocks(element)

    def _list(self, element: Element) -> Iterator[Block]:
        """The first words of an item carry its mark; what follows them stands by itself."""
        for number, each in enumerate(element):
            if not local(each) or is_left_out(each):
                continue
            if local(each) != "li":
                yield from self._block(each, local(each))
                continue
            mark = mark_of(element, number)
            for block in self.blocks(each):
                if mark and isinstance(block, ParagraphBlock):
                    yield ItemBlock(block.words, mark)
                else:
                    yield block
                mark = ""

    def _strays(self, element: Element) -> Iterator[Block]:
        """Yield what a broken page puts into a table outside its cells; browsers show it above the table."""
        words = [element.text or ""]
        for each in element:
            name = local(each)
            if name in _OF_TABLES:
                if name in {"td", "th"} and local(element) != "tr":
                    yield from self.blocks(each)
                elif name not in {"td", "th", "caption"}:
                    yield from _paragraphs(words)
                    words = []
                    yield from self._strays(each)
            elif name and not is_left_out(each):
                yield from _paragraphs(words)
                words = []
                yield from self._block(each, name) if name in _BLOCKS else self.blocks(each)
            words.append(each.tail or "")
        yield from _paragraphs(words)

    def _table(self, element: Element) -> TableBlock:
        named = child(element, "caption")
        caption = fold(_inline(named).replace(_BREAK, " ")) if named is not None else ""
        placed = place_cells(element)
        self.left["celler"] += count_cells(element) - len(placed)
        cells = tuple(
            CellBlock(
                cell.row,
                cell.column,
                tuple(self.blocks(cell.element)),
                cell.row_span,
                cell.column_span,
                cell.header,
            )
            for cell in placed
        )
        return TableBlock(cells, caption, layout=attribute(element, "role") in {"presentation", "none"})


def _holds_blocks(element: Element) -> bool:
    """Broken pages put paragraphs and tables into what should hold words alone."""
    return any(local(inner) in _BLOCKS for inner in element.iterdescendants())


def _paragraphs(words: list[str]) -> Iterator[Block]:
    """Two line breaks divide paragraphs, as they do for the eye; one is a blank."""
    for piece in _TWO_BREAKS.split("".join(words)):
        folded = fold(piece.replace(_BREAK, " "))
        if folded:
            yield ParagraphBlock(folded)


def _inline(element: Element) -> str:
    """Return the words in an element; a raised number is written as the mark of a note."""
    name = local(element)
    if name == "br":
        return _BREAK
    inner = element.text or ""
    for each in element:
        if local(each) and not is_left_out(each):
            inner += _inline(each)
        inner += each.tail or ""
    if name == "sup" and _NUMBER.fullmatch(inner.strip()):
        return raised(inner.strip())
    return inner
