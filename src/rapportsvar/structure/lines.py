"""Lines of a report, and what their looks say: the ground that the rest of the structure stands on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from rapportsvar.model import Span

# str.strip() leaves the byte order mark and the zero width space, which stand on "blank" lines.
BLANK = (
    " \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u200b\u200c\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
ENDS = ".!?…"

_BREAK = re.compile(r"\r\n|[\n\r\x0c]")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_MARKS = re.compile(r"\*\*|__|(?<!\w)[*_]|[*_](?!\w)")
_ITEM = re.compile(r"(?:[-–—•●▪◦·■□▫‣⁃*+o]|[\uf000-\uf0ff]|\d{1,3}[.)]|[a-zåäö][.)])[ \t\xa0]+(?=\S)")
_BULLET = re.compile(r"(?:[-–—•●▪◦·‣⁃*+o]|[\uf000-\uf0ff])[ \t\xa0]+(?=\S)")
_NOTE = re.compile(r"(?:[¹²³⁴⁵⁶⁷⁸⁹⁰]+[⁾)]?\s*|\*{1,3}\)\s*|\d{1,2}\)\s+|\[\^?\d{1,2}\]:?\s+)(?=\S)")
_KEY = re.compile(r"[^0-9a-zà-öø-ÿ]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        index: Its place among the lines.
        full: All of it but the line break.
        span: Without surrounding blanks; empty on a blank line.
        text: What stands at ``span``.
        tabbed: Tabs, or the bars of Markdown, divide it: a row of a table, until someone knows better.
    """

    index: int
    full: Span
    span: Span
    text: str
    tabbed: bool

    @property
    def blank(self) -> bool:
        """Nothing to read stands on it."""
        return not self.text

    @property
    def is_item(self) -> bool:
        """It begins as an item of a list does."""
        return _ITEM.match(self.text) is not None

    @property
    def is_bullet(self) -> bool:
        """It begins with a bullet or a dash, not with a number or a letter."""
        return _BULLET.match(self.text) is not None

    @property
    def is_note(self) -> bool:
        """It begins as a footnote does."""
        return _NOTE.match(self.text) is not None

    @property
    def ends_sentence(self) -> bool:
        """It ends with a mark that ends a sentence, quotation marks and brackets set aside."""
        return ends_sentence(self.text)


def split_lines(text: str) -> list[Line]:
    """Divide a text into its lines; every kind of line break and the page break count."""
    lines: list[Line] = []
    start = 0
    for found in _BREAK.finditer(text):
        lines.append(_line(len(lines), text, start, found.start()))
        start = found.end()
    lines.append(_line(len(lines), text, start, len(text)))
    return lines


def line_at(lines: Sequence[Line], at: int) -> int:
    """Return the line that an offset stands on, by bisection."""
    return max(0, bisect_right(lines, at, key=lambda line: line.full.start) - 1)


def _line(index: int, text: str, start: int, end: int) -> Line:
    full = text[start:end]
    bare = full.strip(BLANK)
    at = start + len(full) - len(full.lstrip(BLANK)) if bare else start
    tabbed = "\t" in full or (bare.startswith("|") and bare.endswith("|") and bare.count("|") > 2)
    return Line(index, Span(start, end), Span(at, at + len(bare)), bare, bool(bare) and tabbed)


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends as a sentence does."""
    bare = plain(text).rstrip("\"'”’»)]¹²³⁴⁵⁶⁷⁸⁹⁰ ")
    return bare.endswith(tuple(ENDS))


def plain(text: str) -> str:
    """Return the words of a line: no HTML tags, no marks of Markdown, single spaces."""
    bare = _TAG.sub("", text).lstrip("#")
    return " ".join(_MARKS.sub("", bare).split())


def key(text: str) -> str:
    """Return what two spellings of one heading share: small letters and digits, single spaces."""
    return _KEY.sub(" ", plain(text).lower()).strip()


def item_body(text: str) -> str:
    """Return a line without its bullet or number."""
    found = _ITEM.match(text)
    return text[found.end() :] if found else text


def starts_low(text: str) -> bool:
    """Tell whether the first letter is a small one: the line goes on from another."""
    bare = plain(text)
    return bool(bare) and bare[0].isalpha() and bare[0].islower()


def is_bold(text: str) -> bool:
    """Tell whether the whole line is bold, in Markdown or HTML."""
    marked = text.startswith("**") and text.endswith("**") and text.count("**") == 2 and len(text) > 5
    tagged = text.startswith("<b>") and text.endswith("</b>") and text.count("<b>") == 1
    return marked or tagged
