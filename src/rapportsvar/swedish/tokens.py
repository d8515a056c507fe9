"""Tokens and sentences with their offsets.

A regular expression (300,000 to 450,000 tokens/s), not spaCy 3.8 (210,000 cold, 800,000 warm): spaCy's
import costs each cold question 0.65 to 1.1 s, and it keeps ``Inledning</b``, ``/år`` and ``1,7/6,3`` whole.
It stays the second opinion on words, in ``tests/swedish/test_tokens.py``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from rapportsvar.model import Span
from rapportsvar.swedish.datafiles import data_lines

_LETTER = r"(?![²³¹⁰-₉¼½¾])[^\W\d_][\u0300-\u036f\u00ad]*"
_TAG = r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>\n]{0,200})?/?>"
_QUESTION_CHARS = 600
_TOKEN = re.compile(
    rf"""
      (?P<tag>{_TAG})
    | (?P<url>https?://[^\s<>]*[^\s<>.,;:!?)\]"”] | www\.[^\s<>]*[^\s<>.,;:!?)\]"”]
              | [\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    | (?P<number>\d{{1,3}}(?:[ \u00a0\u202f\u2009]\d{{3}})+(?![\d.]\d|\d)(?:,\d+)? | \d+(?:[.,]\d+)*)
    | (?P<short>(?:{_LETTER}){{1,3}}\.(?:(?:{_LETTER}){{1,3}}\.)+(?!\w))
    | (?P<word>(?:{_LETTER})(?:{_LETTER}|\d)*(?:[-:'’‑](?:{_LETTER}|\d)+)*)
    | \S
    """,
    re.VERBOSE,
)
_BLOCK_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>p|li|br|div|h[1-6]|ul|ol|table|thead|tbody|tr|td|th|hr)(?:\s[^<>\n]{0,200})?/?>",
    re.IGNORECASE,
)
_BULLET = r"[-–—•●▪■◦·*+o\uf0a7\uf0b7][ \t\u00a0]+"
_NUMBERED = r"\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-Z])[.)][ \t]"
_ITEM = re.compile(rf"[ \t\u00a0]*(?:{_BULLET}|{_NUMBERED})")
_HEADING = re.compile(r"[ \t]*#{1,6}\s")
_INLINE_BULLET = re.compile(r"(?<=\s)[•●▪■\uf0a7\uf0b7](?=\s)")
_BREAK = re.compile(r"\n")
_STOP = re.compile(
    r"""(?:(?<![!?…])[!?…]|(?<!\.)\.{1,3}(?!\.))[!?…]*+["”’»')\]*_]*+(?=\s|<|$)
    |(?<=[a-zåäö]{2})\.(?=[A-ZÅÄÖ][a-zåäö])""",
    re.VERBOSE,
)
_OPENING = re.compile(rf"""(?:\s|["“”’»«'(\[*_#]|{_TAG})*""")
_LAST_WORD = re.compile(r"(?:\S{1,3}[ \u00a0])?[^\s(\[\"”»*>]+$")
_SHORT_LINE_CHARS = 40
_BRACKET_CHARS = 200
_NOT_DONE = (",", ";", "-", "–", "(", "/", "&")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number, a tag, an address or a mark.

    Attributes:
        start: Offset of the first character.
        end: Offset after the last.
        text: As it is written.
        lower: In lower case, composed (NFC), without soft hyphens.
    """

    start: int
    end: int
    text: str
    lower: str

    @property
    def is_word(self) -> bool:
        """True for a word, an abbreviation (``bl.a.``) and words joined by a hyphen (``HVB-hem``)."""
        return self.text[0].isalpha() and "@" not in self.text and "/" not in self.text

    @property
    def is_number(self) -> bool:
        """True for digits with their thousands' blanks and decimals: ``1 234,5``; without sign and unit."""
        return self.text[0].isdecimal()


def tokens(text: str, offset: int = 0) -> list[Token]:
    """Cut ``text`` into tokens; ``offset`` is added to their places."""
    if offset == 0 and len(text) <= _QUESTION_CHARS:
        return list(_kept(text))
    return _cut(text, offset)


@lru_cache(maxsize=32)
def _kept(text: str) -> tuple[Token, ...]:
    """A question is cut a dozen times, by each who looks for something in it."""
    return tuple(_cut(text, 0))


def _cut(text: str, offset: int) -> list[Token]:
    return [
        Token(offset + match.start(), offset + match.end(), match.group(), _lower(match.group()))
        for match in _TOKEN.finditer(text)
    ]


def sentences(text: str, offset: int = 0) -> list[Span]:
    """Cut ``text`` into sentences.

    In order and without overlap; no sentence begins or ends with a blank; together they cover every character
    that is not blank. A heading, a list item and a line of a table are sentences of their own. A block tag
    belongs to the sentence that it opens or closes.
    """
    cuts = sorted({0, len(text), *_block_cuts(text)})
    found: list[Span] = []
    for start, end in pairwise(cuts):
        for first, last in _stretches(text, start, end):
            stripped = text[first:last].strip()
            if stripped:
                begin = first + len(text[first:last]) - len(text[first:last].lstrip())
                found.append(Span(offset + begin, offset + begin + len(stripped)))
    return found


def _lower(word: str) -> str:
    lower = word.lower()
    return lower if lower.isascii() else unicodedata.normalize("NFC", lower.replace("\u00ad", ""))


def _block_cuts(text: str) -> Iterator[int]:
    """Yield where a sentence must begin, whatever its marks say."""
    opened = -1
    for tag in _BLOCK_TAG.finditer(text):
        closes = bool(tag["close"]) or tag["name"].lower() in {"br", "hr"}
        if closes:
            yield tag.end()
        elif text[max(opened, 0) : tag.start()].strip() or opened < 0:
            yield tag.start()
        opened = tag.end() if not closes else -1
    yield from (bullet.start() for bullet in _INLINE_BULLET.finditer(text))
    line_start = 0
    for mark in _BREAK.finditer(text):
        if _line_ends_sentence(text, line_start, mark.start()):
            yield mark.end()
        line_start = mark.end()


def _line_ends_sentence(text: str, start: int, end: int) -> bool:
    """Tell whether the line ``text[start:end]`` ends a sentence, by its form and that of the next line."""
    line = text[start:end]
    stop = text.find("\n", end + 1)
    following = text[end + 1 : stop if stop >= 0 else len(text)]
    if not line.strip() or not following.strip():
        return True
    if any("\t" in row or _HEADING.match(row) for row in (line, following)):
        return True
    if _ITEM.match(following):
        return True
    begins = _first_letter(following, 0, len(following))
    if _ITEM.match(line):
        return not begins.islower()
    unfinished = line.rstrip().endswith(_NOT_DONE)
    return len(line) < _SHORT_LINE_CHARS and not unfinished and not begins.islower()


def _stretches(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    lead = _ITEM.match(text, start, end)
    for stop in _STOP.finditer(text, lead.end() if lead else start, end):
        if _ends_sentence(text, begin, stop, end):
            yield begin, stop.end()
            begin = stop.end()
    yield begin, end


def _ends_sentence(text: str, begin: int, stop: re.Match[str], end: int) -> bool:
    following = _first_letter(text, stop.end(), end)
    if following.islower() or not following or _in_brackets(text, begin, stop.start(), end):
        return False
    if not stop.group().startswith(".") or stop.group().startswith(".."):
        return True
    last = _LAST_WORD.search(text, max(begin, stop.start() - 24), stop.start())
    if last is None:
        return not text[begin : stop.start()].strip().isdigit()
    return not _is_abbreviation(last.group())


def _in_brackets(text: str, begin: int, place: int, end: int) -> bool:
    """Tell whether ``place`` lies in a bracket that closes soon: ``2013-2020 (Obs! Ej jämförbart)``."""
    opened = text.rfind("(", begin, place)
    closed = text.find(")", opened, min(end, place + _BRACKET_CHARS)) if opened >= 0 else -1
    return closed >= place + 2


def _first_letter(text: str, start: int, end: int) -> str:
    match = _OPENING.match(text, start, end)
    place = match.end() if match else start
    return text[place] if place < end else ""


def _is_abbreviation(before: str) -> bool:
    """Tell whether the full stop after ``before`` (the last word, or ``t ex``) belongs to an abbreviation."""
    joined = before.lower().replace("\u00a0", " ").replace(" ", ".") + "."
    word = before.split()[-1]
    if len(word) == 1 and word.isalpha() and word.isupper():
        return True
    for form in (joined, word.lower() + "."):
        if form in _final_abbreviations():
            return False
        if form in _abbreviations():
            return True
    return False


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(fields[0].lower() for fields in data_lines("abbreviations.txt"))


@cache
def _final_abbreviations() -> frozenset[str]:
    return frozenset(fields[0].lower() for fields in data_lines("abbreviations_final.txt"))
