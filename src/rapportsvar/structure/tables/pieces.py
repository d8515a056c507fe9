"""A line of a table as cells: their places, their cleaned words, and what kind of thing stands in each."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rapportsvar.model import Span
from rapportsvar.swedish.numbers import parse_values

LONG_CHARS = 100
"""A cell longer than this is prose, not a header or a value."""

BLANKS = " \t\r\u00a0\u2009\u202f\u2007\u200b\ufeff"


class Kind(StrEnum):
    """What stands in a cell."""

    EMPTY = "empty"
    NUMBER = "number"
    DASH = "dash"
    PERIOD = "period"
    """A time, or a class of age or time: it may head a column, or be a value."""
    MARK = "mark"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands between two tabs.

    Attributes:
        span: Without surrounding blanks; empty where nothing stands.
        text: The words without tags, footnote marks and double blanks.
        kind: What they are.
        strong: Whether all of it is bold.
        slanted: Whether all of it is italic.
        indent: How deep the format sets it in.
    """

    span: Span
    text: str
    kind: Kind
    strong: bool = False
    slanted: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the report: ``pieces`` has one piece where there is no tab."""

    index: int
    span: Span
    pieces: tuple[Piece, ...]
    tabbed: bool

    @property
    def blank(self) -> bool:
        """Whether nothing stands on it."""
        return all(piece.kind is Kind.EMPTY for piece in self.pieces)

    @property
    def filled(self) -> list[int]:
        """The columns where something stands."""
        return [column for column, piece in enumerate(self.pieces) if piece.kind is not Kind.EMPTY]

    @property
    def rule(self) -> bool:
        """Whether it is a rule of hyphens."""
        texts = [piece.text for piece in self.pieces if piece.text]
        return bool(texts) and all(_RULE.fullmatch(text) for text in texts) and max(map(len, texts)) > 2


def read_lines(text: str) -> Iterator[Line]:
    """Yield every line of ``text``, in order; lines without a tab have one unclassified piece."""
    start, index = 0, 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield read_line(text, start, end, index)
        start, index = end + 1, index + 1


def read_line(text: str, start: int, end: int, index: int = 0) -> Line:
    """Return the line ``text[start:end]`` as pieces."""
    if text.find("\t", start, end) < 0:
        if _PIPED.match(text, start, end):
            return _read_piped(text, start, end, index)
        span = _stripped(text, start, end)
        kind = Kind.TEXT if span.length_chars else Kind.EMPTY
        return Line(index, span, (Piece(span, span.of(text), kind),), tabbed=False)
    pieces, place = [], start
    while True:
        tab = text.find("\t", place, end)
        pieces.append(read_piece(text, place, end if tab < 0 else tab))
        if tab < 0:
            break
        place = tab + 1
    return Line(index, Span(start, _line_end(text, start, end)), tuple(pieces), tabbed=True)


def _read_piped(text: str, start: int, end: int, index: int) -> Line:
    """Return a line of a Markdown table: ``| a | b |``."""
    whole = _stripped(text, start, end)
    bars = [
        place for place in range(whole.start, whole.end) if text[place] == "|" and text[place - 1] != "\\"
    ]
    pieces = tuple(read_piece(text, left + 1, right) for left, right in pairwise(bars))
    return Line(index, whole, pieces, tabbed=True)


_PIPED = re.compile(r"[ ]{0,3}\|[^\n]*\|[ ]*\r?$", re.MULTILINE)


def read_piece(text: str, start: int, end: int) -> Piece:
    """Return the cell ``text[start:end]``."""
    span = _stripped(text, start, end)
    raw = span.of(text)
    cleaned = clean(raw)
    return Piece(span, cleaned, kind_of(cleaned), bool(_BOLD.fullmatch(raw)), bool(_ITALIC.fullmatch(raw)))


def clean(raw: str) -> str:
    """Return a label as it is read: without tags, footnote marks and double blanks."""
    words = raw
    if "<" in words or "&" in words:
        words = _SQUARE.sub(lambda match: match[1] + ("²" if match[2] == "2" else "³"), words)
        words = html.unescape(_INLINE.sub("", _FOOT.sub("", _BLOCK.sub(" ", words))))
    if words.startswith("**") and words.endswith("**") and len(words) > 4:
        words = words[2:-2]
    words = " ".join(words.split()).replace(" )", ")")
    for _ in range(3):
        shorter = _marks_off(words)
        if shorter == words:
            break
        words = shorter
    return words


def kind_of(words: str) -> Kind:
    """Tell what a cleaned cell is."""
    if not words:
        return Kind.EMPTY
    if _DASH.fullmatch(words):
        return Kind.DASH
    if len(words) <= 60 and (_PERIOD.fullmatch(words) or _RANGE.fullmatch(words)):
        return Kind.PERIOD
    if not any(char.isalnum() for char in words) and words != "%":
        return Kind.MARK if len(words) <= 3 else Kind.TEXT
    if len(words) <= 60 and any(char.isdigit() for char in words) and _NUMERIC.fullmatch(words):
        return Kind.NUMBER if parse_values(words) else Kind.TEXT
    return Kind.TEXT


def marks_of(raw: str) -> set[str]:
    """Return the footnote marks in a cell as the footnote line has them: ``1``, ``12``, ``*``, ``**``."""
    found = {match.translate(_RAISED) for match in re.findall(r"(?<![mM])[⁰¹²³⁴-⁹]+", raw)}
    found |= set(re.findall(r"<sup>\s*(\d{1,2}|\*{1,3})\s*\)?\s*</sup>", raw))
    found |= set(re.findall(r"(?<!\*)\*{1,3}(?=\)|\s*$|<)", raw))
    tail = re.search(r"\s(\d{1,2})\)\s*$", raw)
    if tail and raw.count("(") < raw.count(")"):
        found.add(tail[1])
    return found


_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RULE = re.compile(r"[-–—_=:|+\s]{2,}")
_BOLD = re.compile(r"(?:<(b|strong)>.*</\1>|\*\*.+\*\*)", re.DOTALL)
_ITALIC = re.compile(r"<(i|em)>.*</\1>", re.DOTALL)
_SQUARE = re.compile(r"(?<=\b)(k?m)\s*<sup>\s*([23])\s*</sup>")
_FOOT = re.compile(r"<sup>\s*(?:\d{1,2}|\*{1,3})\s*\)?\s*</sup>")
_BLOCK = re.compile(r"</?(?:p|li|ul|ol|br|div|td|tr|h\d)\b[^<>]{0,200}>", re.IGNORECASE)
_INLINE = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_TAIL_MARK = re.compile(
    r"(?:(?<![mM])[⁰¹²³⁴-⁹]+⁾?|(?<=\w)\s*\*{1,3}\)?|\s+\*{1,3}\)?|\[\d{1,2}\]"
    r"|\s*Error! Bookmark not defined\.)$"
)
_TAIL_NUMBER = re.compile(r"\s\d{1,2}\)$")


def _marks_off(words: str) -> str:
    match = _TAIL_MARK.search(words, max(0, len(words) - 40))
    if match and match.start() > 0:
        return words[: match.start()].rstrip()
    if words.endswith(")") and words.count(")") > words.count("("):
        match = _TAIL_NUMBER.search(words, max(0, len(words) - 6))
        if match:
            return words[: match.start()].rstrip()
    return words


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in BLANKS:
        start += 1
    while end > start and text[end - 1] in BLANKS:
        end -= 1
    return Span(start, end)


def _line_end(text: str, start: int, end: int) -> int:
    return end - 1 if end > start and text[end - 1] == "\r" else end


_DASH = re.compile(
    r"[-–—]+(?:\s*/\s*[-–—]+)*|i\.?\s?u\.?|e\.?\s?t\.?|1\.?\s?u\.?|n/?a|\.{2,3}|x|ingen uppgift|saknas"
    r"|uppgift saknas",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan(?:uari)?|feb(?:ruari)?|mars?|apr(?:il)?|maj|juni?|juli?|aug(?:usti)?|sept?(?:ember)?|okt(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:19|20)\d\d(?:\s?[-–/]\s?(?:(?:19|20)\d\d|\d\d))?"
_DAY = r"(?:(?:[0-2]?\d|3[01])/(?:0?[1-9]|1[0-2])|(?:19|20)\d\d-\d\d-\d\d|(?:19|20)\d\d(?:0[1-9]|1[0-2]))"
_PERIOD = re.compile(
    rf"(?:(?:år|per|helår|delår|t\.?o\.?m\.?)\s+)?(?:{_YEAR}|{_DAY}(?:\s?[-–]\s?{_DAY})?(?:\s{_YEAR})?"
    rf"|(?:\d\d?\s)?{_MONTH}(?:\s?[-–]\s?(?:\d\d?\s)?{_MONTH})?(?:\s{_YEAR})?|{_YEAR}\s{_MONTH}"
    rf"|[QKT][1-4](?:\s{_YEAR})?|(?:kvartal|tertial|vecka)\s\d\d?(?:\s{_YEAR})?|helår(?:\s{_YEAR})?)",
    re.IGNORECASE,
)
# Classes of age and time head columns: "16-24 år", "> 90 dagar".
_RANGE = re.compile(
    r"\d{1,3}\s?[-–]\s?\d{1,3}(?:\s?(?:år|dagar|månader|mån))?|[<>]\s?\d{1,3}\s?(?:år|dagar|månader|mån)",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?:[≥≤<>~±+]|ca\.?|>=|<=)?\s*[-−–]?\s?\d[\d .,/\u00a0\u2009\u202f%−–-]*"
    r"(?:(?:tkr|mnkr|mkr|mdkr|kr|kronor|st|dagar|dygn|timmar|månader|år|procent|personer|procentenheter)\b\.?)?"
    r"(?:/\w+)?\s*(?:\([^()]*\))?",
    re.IGNORECASE,
)
