"""The opening of a report, where it says whose it is: short lines, and labels with their values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapportsvar.model import Source, Span
from rapportsvar.structure.lines import plain
from rapportsvar.structure.looks import is_label
from rapportsvar.structure.parts import Head
from rapportsvar.structure.sheet import Role, Sheet
from rapportsvar.swedish.names import Gazetteer
from rapportsvar.swedish.periods import find_periods

# "Delår 2020" may end in June or in August: the text tells.
_BARE_PART = re.compile(r"delår\w*(?: år)? \d{4}", re.IGNORECASE)
_YEARLY = ("year", "several years")
_UNTIL = {"eight months": 8, "half": 6}
# The value of the label before, where a line break was lost.
_GLUED = re.compile(r"^[\d-]{6,}(?=[A-ZÅÄÖ])")
_OPENING_LINES = 40
_OPENING_CHARS = 160
_PROGRAM = re.compile(
    r"^(?:Microsoft (?:Word|PowerPoint|Excel)|PowerPoint-presentation)\s*-?\s*", re.IGNORECASE
)
_NO_TITLE = re.compile(
    r"\.(?:docx?|xlsx?|pptx?|pdf|indd|odt|html?)$|^(?:untitled|namnlös|dokument|document)\s?\d*$|^mall\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]{3}.*\s\S|[^\W\d_]{6}")

REFERENCE = re.compile(
    r"(?<![\w-])(?:[A-ZÅÄÖ]{2,6}[- /]?(?:19|20)\d\d[-/:]\d{1,6}(?:[-/:]\d{1,4})?|"
    r"(?:19|20)\d\d[A-ZÅÄÖ]{2,5}\d{1,5}(?:[ ]\d{3})?|"
    r"[A-ZÅÄÖ]{2,6}[ ]?\d{2,5}/(?:19|20)?\d\d|(?:19|20)\d\d[/:]\d{1,6}(?:[ ][A-ZÅÄÖ]{2,5})?)(?![\w-])"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of the opening: its words and where they stand."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Asked:
    """All that the rules may ask."""

    source: Source
    sheet: Sheet
    title: Said | None
    opening: tuple[Said, ...]
    file_words: str
    names: Gazetteer
    property_title: str = ""


def read_opening(sheet: Sheet, heads: list[Head]) -> Iterable[Said]:
    """Yield the short lines before the first text."""
    count = 0
    for line in sheet.lines:
        role = sheet.roles[line.index]
        if role in (Role.BLANK, Role.FURNITURE):
            continue
        past = line.index > heads[0].last
        if role is Role.CONTENTS or (past and len(line.text) > _OPENING_CHARS) or count >= _OPENING_LINES:
            return
        if past and role is Role.TABLE and not count:
            continue  # a letterhead: "Tjänsteskrivelse	2019-05-14"
        if past and (line.ends_sentence or line.is_item or role is Role.TABLE):
            return
        count += 1
        yield Said(plain(line.text), line.span)


def property_title(source: Source) -> str:
    """Return the title in the file's properties; empty where a program filled in a name of its own."""
    title = " ".join(dict(source.properties).get("title", "").split())
    title = _PROGRAM.sub("", title)
    return "" if _NO_TITLE.search(title) or not _WORDS.search(title) else title


def labelled(asked: Asked, label: re.Pattern[str]) -> Said | None:
    """Return the value of a label in the opening: after its colon, or on the next line.

    The label may follow the value of another one: ``2020-09-07Diarienummer:``.
    """
    for number, said in enumerate(asked.opening):
        head, colon, tail = said.text.partition(":")
        if colon and tail.strip() and label.fullmatch(head.strip()):
            return Said(tail.strip(), said.span)
        below = asked.opening[number + 1] if number + 1 < len(asked.opening) else None
        last = _GLUED.sub("", said.text).rstrip(": ")
        if below is not None and label.fullmatch(last) and (not is_label(below.text) or day_in(below.text)):
            return below
    return None


def day_in(words: str) -> str | None:
    """Return the first date as ``2020-09-21``."""
    for mention in find_periods(re.sub(r"(?<=\d)(?=[A-ZÅÄÖ])", " ", words)):
        if mention.period is not None and mention.period.first == mention.period.last:
            return mention.period.first.isoformat()
    return None
