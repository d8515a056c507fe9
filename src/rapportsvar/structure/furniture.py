"""Page furniture: running headers and footers, page numbers, rules and lone icons."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

from rapportsvar.model import FurnitureKind
from rapportsvar.structure.lines import Line, plain
from rapportsvar.structure.looks import is_page_number, subheading_kind

_IMAGE = re.compile(r"(?:<!--.*?-->|!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>)\s*", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_LAST_NUMBER = re.compile(r"(\d{1,3})\D{0,3}$|(\d{1,3})\s*(?:\(|/|av)\s*\d{1,3}\)?$")
_OFFICIAL = re.compile(
    r"kommun\b|nämnd|styrelse|förvaltning|kontoret|region|\bdnr\b|diarie|rapport|redovisning|uppföljning|bokslut|"
    r"berättelse|budget|prognos",
    re.IGNORECASE,
)
# Lines that are numbered and repeat without being headers: "Tertial 1", "Bilaga 2", "Mål 3".
_COUNTED = re.compile(
    r"(?:tertial|kvartal|bilaga|kapitel|mål|aktivitet|punkt|delår|åtgärd|område|uppdrag|fas|år)\b",
    re.IGNORECASE,
)
# A footer whose page number stands after a tab: "Årsredovisning 2022<tab>9".
_PAGED = re.compile(r"[^\t]{3,}\t+\s*\d{1,3}|\d{1,3}\s*\t+[^\t]{3,}")
_MOST_CHARS = 100
_LEAST_TIMES = 3


def find_furniture(lines: list[Line], taken: set[int]) -> dict[int, FurnitureKind]:
    """Find the lines that are page furniture or rules.

    Args:
        lines: All lines.
        taken: Lines of contents, which are not looked at.
    """
    found: dict[int, FurnitureKind] = {}
    for line in lines:
        if line.blank or line.index in taken or line.tabbed:
            continue
        if is_rule(line.text):
            found[line.index] = FurnitureKind.RULE
        elif is_page_number(line.text) and _alone(lines, line.index):
            found[line.index] = FurnitureKind.PAGE
    for index in _running(lines, taken):
        found[index] = FurnitureKind.PAGE
    return found


def is_rule(text: str) -> bool:
    """Tell whether a line holds no letter and no digit: a rule, or the place of a picture."""
    bare = _IMAGE.sub("", text)
    return not any(letter.isalnum() for letter in bare)


def _alone(lines: list[Line], index: int) -> bool:
    before = index == 0 or lines[index - 1].blank
    after = index + 1 == len(lines) or lines[index + 1].blank
    return before and after


def _running(lines: list[Line], taken: set[int]) -> list[int]:
    """Return the lines that repeat as headers and footers do."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.blank or line.index in taken or len(line.text) > _MOST_CHARS or line.is_bullet:
            continue
        if line.tabbed and not _PAGED.fullmatch(line.text.strip()):
            continue
        if line.text.startswith("#") or _COUNTED.match(plain(line.text)):
            continue
        groups[_DIGITS.sub("0", plain(line.text).lower())].append(line)
    return [line.index for group in groups.values() if _repeats_as_header(lines, group) for line in group]


def _repeats_as_header(lines: list[Line], group: list[Line]) -> bool:
    paged = (
        len(group) > 1
        and _OFFICIAL.search(group[0].text)
        and len({line.text for line in group}) == len(group)
    )
    if len(group) < _LEAST_TIMES and not paged:
        return False
    if any(line.tabbed for line in group) and not paged:
        return False
    if subheading_kind(group[0].text):
        return False
    if len({line.text for line in group}) > 1:
        return _counts_pages(group)
    cut = sum(1 for line in group if _cuts_sentence(lines, line.index))
    return cut >= 2 or (cut >= 1 and bool(_OFFICIAL.search(group[0].text)))


def _counts_pages(group: list[Line]) -> bool:
    """The lines differ by a number at the end that grows."""
    found = [_LAST_NUMBER.search(plain(line.text)) for line in group]
    numbers = [int(match.group(1) or match.group(2)) for match in found if match]
    rises = sum(1 for before, after in pairwise(numbers) if after > before)
    return len(numbers) == len(group) and rises >= len(numbers) - 1


def _cuts_sentence(lines: list[Line], index: int) -> bool:
    """A sentence goes on over the line: no end before it, a small letter after it."""
    before = index - 1
    while before >= 0 and lines[before].blank and index - before < 6:
        before -= 1
    after = index + 1
    while after < len(lines) and lines[after].blank and after - index < 6:
        after += 1
    if before < 0 or after >= len(lines) or lines[before].blank or lines[after].blank:
        return False
    if lines[before].tabbed or lines[after].tabbed or lines[before].ends_sentence:
        return False
    first = plain(lines[after].text)[:1]
    return len(lines[before].text) > 30 and first.isalpha() and first.islower()
