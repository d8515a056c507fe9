"""Which lines are headings, and of what style. Levels are given in ``outline.py``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from rapportsvar.model import HeadingMark, Span
from rapportsvar.structure.confirm import cell_openings, match_contents
from rapportsvar.structure.lines import (
    Line,
    ends_sentence,
    is_bold,
    item_body,
    key,
    line_at,
    plain,
    starts_low,
)
from rapportsvar.structure.looks import (
    generic_key,
    has_verb,
    is_caption,
    is_colon_label,
    is_counted,
    is_generic,
    is_label,
    is_label_value,
    is_measure,
    is_person,
    is_post,
    leads_in,
    subheading_kind,
    titlelike,
)
from rapportsvar.structure.parts import Head
from rapportsvar.structure.sheet import Role, Sheet

_MARKDOWN = re.compile(r"(#{1,6})\s+(\S.*)")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[\"”]?[A-ZÅÄÖ])")
_CODED = re.compile(r"(?!(?:19|20)\d\d\b)\d{3,4}\s+(?=[A-ZÅÄÖ])")
_BRACKETED = re.compile(r"\d{1,2}\)\s+(?=[A-ZÅÄÖ])")
_FAMILY_WORDS = (
    r"inriktningsmål|nämndmål|nämndsmål|uppdrag|målområde|mål|aktivitet|åtgärd|delmål|fokusområde|resultatmål|"
    r"effektmål|kommunmål|verksamhetsmål|utvecklingsområde|perspektiv|punkt|strategi|prioritering|utvecklingsuppdrag|"
    r"insats|projekt|program|indikator|kritisk kvalitetsfaktor|övergripande mål|målbild|område"
)
# "Inriktningsmål 1: ...", "Uppdrag från 2018: ...", "Aktivitet 12. ...", "Målområde Medborgare".
_FAMILY = re.compile(
    rf"(?:[\wåäö-]+\s)??({_FAMILY_WORDS})\b(?:\s*\d{{1,3}}(?:\.\d{{1,2}})*)?(?:\s(?:från|\()[^:.]{{1,30}})?\s*[:.–]\s+(?=\S)",
    re.IGNORECASE,
)
_FAMILY_BARE = re.compile(
    r"(målområde|fokusområde|inriktningsmål|nämndmål|perspektiv|område|mål|kommunmål)\s+(?=[A-ZÅÄÖ\d])",
    re.IGNORECASE,
)
_COUNTED_FAMILY = re.compile(rf"(?:{_FAMILY_WORDS})\s+\d{{1,3}}\s*[:.–]\s+\S", re.IGNORECASE)
_LONG_LABEL = re.compile(r"[A-ZÅÄÖ][^:.!?]{2,90}:\s+(?=\S.{24})")
_APPENDIX = re.compile(r"(?:[•*-]\s+)?bilaga\s+(?:\d|[A-Z]\b)", re.IGNORECASE)
_ASKS = re.compile(r"[^.!?]{8,300}\?")
_NAMES_FIGURE = re.compile(r"diagram|figur|grafen|bilden|kartan", re.IGNORECASE)
_DATED = re.compile(r"(?:19|20)\d\d")
_LONGEST_STATEMENT = 520
_LONGEST_LABEL = 400


class Style(Enum):
    """What makes a line a heading."""

    TITLE = "title"
    MARKDOWN = "markdown"
    CONTENTS = "contents"
    NUMBERED = "numbered"
    CODED = "coded"
    CAPITALS = "capitals"
    PLAIN = "plain"
    LABEL = "label"
    QUESTION = "question"
    ITEM = "item"
    GENERIC = "generic"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading before its level is known.

    Attributes:
        first: Its first line.
        last: Its last line.
        span: Where it stands.
        title: Its words without marks.
        style: What makes it a heading.
        hint: The level that its looks or the contents give, if any.
        family: For a label, the word that it shares with its like: ``uppdrag``.
    """

    first: int
    last: int
    span: Span
    title: str
    style: Style
    hint: int | None = None
    family: str = ""


def find_headings(sheet: Sheet, heads: list[Head], marks: Sequence[HeadingMark] = ()) -> list[Heading]:
    """Find all headings in order, and mark their lines in the sheet.

    Args:
        sheet: The lines and what they were found to be so far.
        heads: The opening of each document in the file.
        marks: The headings that the format knows; where there is one, looks make no other.
    """
    found = _marked(sheet, marks) if marks else _Finder(sheet, heads).run()
    for heading in found:
        for index in range(heading.first, heading.last + 1):
            sheet.roles[index] = Role.HEADING
    return found


def _marked(sheet: Sheet, marks: Sequence[HeadingMark]) -> list[Heading]:
    """Take the headings that the format knows, but for those in tables, contents and furniture."""
    found: list[Heading] = []
    for mark in marks:
        first, last = line_at(sheet.lines, mark.span.start), line_at(sheet.lines, mark.span.end - 1)
        title = plain(mark.span.of(sheet.text))
        free = all(sheet.roles[index] in (Role.PROSE, Role.BLANK) for index in range(first, last + 1))
        if title and free and (not found or first > found[-1].last):
            found.append(Heading(first, last, mark.span, title, Style.MARKDOWN, mark.level))
    return found


class _Finder:
    """Holds what the whole report says about single lines: its contents, its tables, what repeats."""

    def __init__(self, sheet: Sheet, heads: list[Head]) -> None:
        self.sheet = sheet
        self.titles = {head.title[0]: head for head in heads if head.title}
        self.opening = {index for head in heads for index in range(head.first, head.last + 1)}
        self.listed = match_contents(sheet)
        self.cells = cell_openings(sheet)
        self.found: list[Heading] = []
        self.times = Counter(generic_key(line.text) for line in sheet.lines if 0 < len(line.text) <= 60)

    def run(self) -> list[Heading]:
        """Look at each line once."""
        index = 0
        while index < len(self.sheet.lines):
            heading = self._at(index)
            if heading is not None:
                self.found.append(heading)
                index = heading.last
            index += 1
        return self.found

    def _at(self, index: int) -> Heading | None:
        sheet, line = self.sheet, self.sheet.lines[index]
        if sheet.roles[index] is not Role.PROSE:
            return None
        marked = _MARKDOWN.fullmatch(line.text)
        if marked and plain(marked.group(2)):
            return _heading(line, Style.MARKDOWN, len(marked.group(1)))
        if index in self.titles:
            return self._title(self.titles[index])
        if index in self.opening:
            return None
        if index in self.listed:
            return _heading(line, Style.CONTENTS, self.listed[index])
        if is_generic(line.text):
            return self._generic(line)
        return self._lone(line) if sheet.lone(index) else self._of_block(line)

    def _title(self, head: Head) -> Heading:
        lines = self.sheet.lines
        first, last = head.title[0], head.title[-1]
        title = " ".join(plain(lines[index].text) for index in head.title)
        return Heading(first, last, Span(lines[first].span.start, lines[last].span.end), title, Style.TITLE)

    def _generic(self, line: Line) -> Heading | None:
        """``Status`` above its value, ``Utfall`` above its text; a row of such words is no heading."""
        sheet, index = self.sheet, line.index
        below = sheet.near(index, 1)
        if (
            below is None
            or not sheet.starts_block(index)
            or (line.text.endswith(".") and not line.text.isupper())
        ):
            return None
        if line.text.endswith(":") and below.is_item:
            return None
        if not sheet.ends_block(index) and sheet.gap_after(index) == 0 and not _value_below(below):
            return None
        shared = generic_key(line.text)
        often = subheading_kind(line.text) == "strong" or self.times[shared] > 1 or line.text.isupper()
        return _heading(line, Style.GENERIC if often else Style.PLAIN)

    def _lone(self, line: Line) -> Heading | None:
        """A line by itself, with blank lines or a table around it."""
        below = self.sheet.near(line.index, 1)
        if below is None or self._goes_on(line, below):
            return None
        if _COUNTED_FAMILY.match(plain(line.text)) and below.is_item and line.text.endswith(":"):
            return _heading(line, Style.LABEL, family=_family(line))
        if self._hands_over(line, below):
            return None
        for rule in (self._statement, self._label, self._question, self._numbered, self._plain):
            heading = rule(line, below)
            if heading is not None:
                return heading
        return None

    def _of_block(self, line: Line) -> Heading | None:
        """A line at the top of a block: bold over two lines, or a short title right above its text."""
        sheet, index = self.sheet, line.index
        if not sheet.starts_block(index) or index + 1 >= len(sheet.lines):
            return None
        below = sheet.lines[index + 1]
        joined = f"{line.text} {below.text}"
        if line.text.startswith("**") and is_bold(joined) and sheet.ends_block(index + 1):
            span = Span(line.span.start, below.span.end)
            return Heading(index, index + 1, span, plain(joined), Style.CAPTION)
        if is_bold(line.text) and not line.is_item and titlelike(line.text) and len(below.text) > 60:
            return _heading(line, Style.PLAIN)
        numbered = _NUMBERED.match(plain(line.text))
        if numbered and titlelike(line.text) and not line.is_item and len(line.text) < len(below.text):
            return _heading(line, Style.NUMBERED, numbered.group(1).count(".") + 1)
        short = len(line.text) <= 50 and titlelike(line.text) and not line.is_item and not has_verb(line.text)
        long_below = len(below.text) >= 60 and not starts_low(below.text) and not below.is_item
        return _heading(line, Style.PLAIN) if short and long_below else None

    def _goes_on(self, line: Line, below: Line) -> bool:
        """The sentence goes on below: a page break, not a heading. A footnote may stand between."""
        while below.is_note and not below.is_item and self.sheet.near(below.index, 1) is not None:
            below = self.sheet.near(below.index, 1) or below
        prose = self.sheet.roles[below.index] is Role.PROSE
        return prose and starts_low(below.text) and not below.is_item and not line.ends_sentence

    def _hands_over(self, line: Line, below: Line) -> bool:
        """A lead-in with its list."""
        if self.sheet.roles[below.index] is not Role.PROSE:
            return line.text.endswith(":") and not is_colon_label(line.text)
        if below.is_item and leads_in(line.text):
            return not (is_counted(line.text) and _followed_by_status(self.sheet, below))
        return line.text.endswith(":") and not (is_colon_label(line.text) and len(below.text) > 60)

    def _statement(self, line: Line, below: Line) -> Heading | None:
        """What a ``Status`` is the status of: an item or a sentence, however it ends."""
        if generic_key(below.text) not in ("status", "bedömning") or len(line.text) > _LONGEST_STATEMENT:
            return None
        family = _family(line)
        if family:
            return _heading(line, Style.LABEL, family=family)
        waiting = bool(self.found) and self.found[-1].style in (Style.LABEL, Style.ITEM)
        return None if waiting and not line.is_item else _heading(line, Style.ITEM)

    def _label(self, line: Line, below: Line) -> Heading | None:
        """``Inriktningsmål 1: ...``, ``Kommunstyrelsens bidrag till mål 1: ...``."""
        if (
            len(line.text) > _LONGEST_LABEL
            or line.is_bullet
            or is_label_value(line.text)
            or is_caption(line.text)
        ):
            return None
        family = _family(line)
        if (
            not family
            and _LONG_LABEL.match(plain(line.text))
            and not _open_end(line)
            and not has_verb(line.text[:60])
        ):
            family = key(line.text).split(" ")[0]
        closed = _open_end(line) and not is_generic(below.text)
        return None if not family or closed else _heading(line, Style.LABEL, family=family)

    def _question(self, line: Line, below: Line) -> Heading | None:
        """A question that the text below answers."""
        bare = plain(line.text)
        if line.is_bullet or len(bare) > 420 or not _ASKS.match(bare) or not bare[:1].isupper():
            return None
        return _heading(line, Style.QUESTION) if self.sheet.roles[below.index] is Role.PROSE else None

    def _numbered(self, line: Line, below: Line) -> Heading | None:
        """``2.1 Ekonomi``, ``100 Politisk verksamhet``, ``2) Särvox`` above its table."""
        bare = plain(line.text)
        if not titlelike(line.text) or self._among_items(line):
            return None
        if _CODED.match(bare) and len(bare) <= 90:
            return _heading(line, Style.CODED)
        found = _NUMBERED.match(bare)
        if found and not _open_end(line):
            return _heading(line, Style.NUMBERED, found.group(1).count(".") + 1)
        if _BRACKETED.match(bare):
            return _heading(line, Style.PLAIN) if self.sheet.roles[below.index] is Role.TABLE else None
        return None

    def _among_items(self, line: Line) -> bool:
        """Another item stands right before or after: a list with air between its items."""
        near = (self.sheet.near(line.index, -1), self.sheet.near(line.index, 1))
        return line.is_item and any(
            other is not None and other.is_item and self.sheet.roles[other.index] is Role.PROSE
            for other in near
        )

    def _plain(self, line: Line, below: Line) -> Heading | None:
        """A bare line that looks like a title and has something under it."""
        if _APPENDIX.match(plain(line.text)):
            return None
        if is_bold(item_body(line.text)) and not self._among_items(line):
            return _heading(line, Style.PLAIN)
        known = self._known_from_table(line)
        if known and not line.is_item:
            return _heading(line, Style.PLAIN)
        if is_colon_label(line.text):
            return (
                _heading(line, Style.PLAIN)
                if titlelike(line.text.rstrip(":")) and not has_verb(line.text)
                else None
            )
        if (
            not titlelike(line.text)
            or line.is_item
            or line.is_note
            or has_verb(line.text)
            or self._signed(below)
        ):
            return None
        if is_caption(line.text) or self._names_picture(line, below):
            return _heading(line, Style.CAPTION)
        capitals = plain(line.text).isupper() and len(line.text) > 3
        return _heading(line, Style.CAPITALS if capitals else Style.PLAIN)

    def _known_from_table(self, line: Line) -> bool:
        """The same words open a cell: a goal that a table lists and the text takes up."""
        words = key(line.text).split()
        least = 5 if line.ends_sentence else 3
        return least <= len(words) <= 24 and " ".join(words[:4]) in self.cells and len(line.text) <= 130

    def _signed(self, below: Line) -> bool:
        """A person and a post stand below: a signature, whose first line names the administration."""
        following = self.sheet.lines[below.index + 1] if below.index + 1 < len(self.sheet.lines) else None
        return is_person(below.text) and following is not None and is_post(following.text)

    def _names_picture(self, line: Line, below: Line) -> bool:
        """The name of a diagram that is not in the text: a gap below, and words that speak of it."""
        if self.sheet.gap_after(line.index) < 3 or self.sheet.roles[below.index] is not Role.PROSE:
            return False
        near = plain(below.text)[:200]
        return bool(_NAMES_FIGURE.search(near)) or is_measure(line.text) or bool(_DATED.search(line.text))


def _heading(line: Line, style: Style, hint: int | None = None, family: str = "") -> Heading:
    title = plain(item_body(line.text)) if style is Style.PLAIN and line.is_bullet else plain(line.text)
    if style is not Style.ITEM and title.endswith(":"):
        title = title.rstrip(": ")
    return Heading(line.index, line.index, line.span, title, style, hint, family)


def _family(line: Line) -> str:
    bare = plain(line.text)
    found = _FAMILY.match(bare) or (
        _FAMILY_BARE.match(bare) if not _open_end(line) and len(bare) <= 120 else None
    )
    return found.group(1).lower() if found else ""


def _open_end(line: Line) -> bool:
    """It ends as a sentence does."""
    return ends_sentence(re.sub(r"\s*\([^()]*\)$", "", line.text))


def _value_below(below: Line) -> bool:
    """The line right below a generic word is its value or its text, not another label."""
    return not is_label(below.text) and not below.tabbed


def _followed_by_status(sheet: Sheet, line: Line) -> bool:
    near = sheet.near(line.index, 1)
    return near is not None and generic_key(near.text) == "status"
