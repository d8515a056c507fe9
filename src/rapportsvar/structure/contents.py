"""Tables of contents: found, set aside, and kept as witnesses of which lines are headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from rapportsvar.model import Span
from rapportsvar.structure.lines import Line, key, plain

_TITLE = re.compile(r"(?:innehåll(?:sförteckning)?|table of contents|contents)\s*:?", re.IGNORECASE)
_LEADER = re.compile(r"(?:\.[ \xa0]?){4,}|…{2,}|_{5,}")
_PAGE = re.compile(r"[\s.…_]*(?<![\d,:-])(?:(?<!\w)s(?:id(?:an?)?)?\.?\s*)?(?<!\w)(\d{1,3})\s*$")
# Two columns: "Inledning ..... 3<tab>Personal ..... 9": one pattern for title,
# the run and what must stand in it takes minutes on a line of dots. It begins where a run does.
_TO_PAGE = re.compile(r"(?<![\s.…])([\s.…]+)(\d{1,3})(?=\s*(?:\t|$))")
_LEADS = re.compile(r"\t|\.{4}|…")
_LINK = re.compile(r"[-*]\s+\[([^\]]+)\]\(#[^)]*\)\s*$")
_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s+")
_LIST_MARK = re.compile(r"^[•●▪·\-–]\s+")
_MOST_GAP = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents: a title, the page where one stands, and a level where the looks tell it."""

    title: str
    key: str
    page: int | None
    level: int | None


@dataclass(frozen=True, slots=True)
class Contents:
    """One table of contents: the lines that it takes, its heading included, and its entries in order."""

    first: int
    last: int
    span: Span
    entries: tuple[Entry, ...]


def find_contents(lines: list[Line]) -> list[Contents]:
    """Find every table of contents; each report in a file may have one."""
    found: list[Contents] = []
    at = 0
    while at < len(lines):
        taken = _read(lines, at)
        if taken is None:
            at += 1
        else:
            found.append(taken)
            at = taken.last + 1
    return found


def _read(lines: list[Line], at: int) -> Contents | None:
    """Read the contents that begin at this line, if any do."""
    if lines[at].blank:
        return None
    titled = _TITLE.fullmatch(plain(lines[at].text).rstrip(".…")) is not None
    if not titled and not _LEADER.search(lines[at].text):
        return None
    taken = _entries(lines, at + 1 if titled else at, titled)
    if len(taken) < (2 if titled else 3):
        return None
    last = max(taken)
    entries = _levels([raw for index in taken for raw in _split(lines[index])])
    if not titled and not _pages_rise(entries):
        return None
    return Contents(at, last, Span(lines[at].span.start, lines[last].span.end), tuple(entries))


def _entries(lines: list[Line], at: int, titled: bool) -> list[int]:
    """Return the lines of entries from ``at`` on; blank lines may stand between."""
    taken: list[int] = []
    blanks = 0
    misses: list[int] = []
    for index in range(at, len(lines)):
        line = lines[index]
        if line.blank:
            blanks += 1
            if blanks > _MOST_GAP:
                break
            continue
        if _is_entry(line, titled):
            taken += [*misses, index]
            misses, blanks = [], 0
        elif not misses and not blanks and len(line.text) < 90 and not line.tabbed and taken:
            misses = [index]  # a title that runs over two lines; believed if an entry follows
        else:
            break
    return taken


def _is_entry(line: Line, titled: bool) -> bool:
    text = plain(line.text)
    if len(text) > 200:
        return False
    if _LEADER.search(text):
        return True
    if not titled:
        return False
    if _LINK.match(line.text):
        return True
    page = _PAGE.search(text)
    if line.tabbed or line.full.end > line.span.end:
        cells = [cell for cell in line.text.split("\t") if cell.strip()]
        return page is not None or (len(cells) == 1 and line.full.end > line.span.end)
    return page is not None and bool(re.search(r"[A-Za-zÅÄÖåäö]{3}", text))


@dataclass(frozen=True, slots=True)
class _Raw:
    text: str
    page: int | None
    bold: bool
    italic: bool
    indent: int


def _split(line: Line) -> list[_Raw]:
    """Divide a line into entries: one, or two where the contents run in two columns."""
    bold, italic = "<b>" in line.text or "**" in line.text, "<i>" in line.text
    indent = line.span.start - line.full.start
    link = _LINK.match(line.text)
    if link:
        return [_Raw(link.group(1), None, bold, italic, indent)]
    bare = re.sub(r"</?[biu]>|\*\*", "", line.text)
    columns = _columns(bare)
    if len(columns) > 1 and all(re.search(r"[A-Za-zÅÄÖåäö]{3}", title) for title, _ in columns):
        return [_Raw(title, int(page), bold, italic, indent) for title, page in columns]
    page = _PAGE.search(bare)
    title = bare[: page.start()] if page else bare
    return [_Raw(title, int(page.group(1)) if page else None, bold, italic, indent)]


def _columns(bare: str) -> list[tuple[str, str]]:
    """Return the titles of a line that lead to a page, each with it."""
    found: list[tuple[str, str]] = []
    begin = 0
    for run in _TO_PAGE.finditer(bare):
        title = bare[begin : run.start()].rpartition("\t")[2]
        if title and _LEADS.search(run.group(1)):
            found.append((title, run.group(2)))
            begin = run.end()
    return found


def _levels(raws: list[_Raw]) -> list[Entry]:
    """Give each entry a level: by number, by bold or italic against plain, by indent; else none."""
    numbers = [_NUMBER.match(_LIST_MARK.sub("", plain(raw.text), count=1)) for raw in raws]
    numbered = sum(1 for found in numbers if found) * 2 > len(raws)
    bolds, italics = {raw.bold for raw in raws}, {raw.italic for raw in raws}
    indents = sorted({raw.indent for raw in raws})
    entries = []
    for raw, number in zip(raws, numbers, strict=True):
        level: int | None = None
        if numbered:
            level = number.group(1).count(".") + 1 if number else 1
        elif len(bolds) == 2:
            level = 1 if raw.bold else 2
        elif len(italics) == 2:
            level = 2 if raw.italic else 1
        elif 1 < len(indents) <= 4:
            level = indents.index(raw.indent) + 1
        title = _LEADER.sub(" ", _LIST_MARK.sub("", plain(raw.text), count=1)).rstrip(" .…\t")
        title = " ".join(title.split())
        if key(title):
            entries.append(Entry(title, key(title), raw.page, level))
    return entries


def _pages_rise(entries: list[Entry]) -> bool:
    pages = [entry.page for entry in entries if entry.page is not None]
    falls = sum(1 for before, after in pairwise(pages) if after < before)
    return len(pages) * 2 > len(entries) and falls * 4 <= len(pages)
