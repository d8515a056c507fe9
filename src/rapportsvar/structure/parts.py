"""Several documents in one file: a cover letter, the report, its appendices."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapportsvar.structure.lines import Line, key, plain
from rapportsvar.structure.looks import (
    is_date,
    is_label,
    is_label_value,
    is_person,
    is_post,
    leads_in,
    subheading_kind,
    titlelike,
)
from rapportsvar.structure.sheet import Role, Sheet
from rapportsvar.swedish.periods import MONTHS

_APPENDIX = re.compile(r"bilaga(?:\s+\d{1,2}|\s+[A-Z])?", re.IGNORECASE)
_APPENDIX_TITLE = re.compile(r"bilaga(?:\s+(?:\d{1,2}|[A-Z]))?\s*[:.–-]?\s+\S.{2,100}", re.IGNORECASE)
_LISTED = re.compile(r"(?:[•*-]\s+)?bilaga\s+(?:\d{1,2}|[A-Z])\s*[:.–-]?\s+(\S.*)", re.IGNORECASE)
_KIND = re.compile(
    r"delår|bokslut|rapport|uppföljning|redovisning|berättelse|budget|prognos|verksamhetsplan|tertial|kvartal|"
    r"tjänsteskrivelse|tjänsteutlåtande|analys|plan\b|utvärdering|granskning",
    re.IGNORECASE,
)
_DATED = re.compile(r"(?:19|20)\d\d")
_BOARD = re.compile(
    r"[A-ZÅÄÖ][\w,åäö -]*(?:nämnd|nämnden|styrelsen?|fullmäktige|förvaltningen|kontoret|kommun|stad)"
    r"(?:,? (?:i )?.+)?",
    re.IGNORECASE,
)
_MONTHS = (*MONTHS, "delår")
_MOST_APPENDICES = 40
_HEAD_BLOCKS = 14
_HEAD_CHARS = 120


@dataclass(frozen=True, slots=True)
class Head:
    """The opening of one document in the file.

    Attributes:
        first: Its first line.
        last: The last line of the opening: what stands up to there is title, labels and names.
        title: The lines of the title; empty where there is none.
    """

    first: int
    last: int
    title: tuple[int, ...]


def find_heads(sheet: Sheet) -> list[Head]:
    """Find the opening of every document in the file; the first begins at line 0."""
    starts = {0}
    starts |= (
        set(_letters(sheet)) | set(_title_pages(sheet)) | set(_appendices(sheet)) | set(_announced(sheet))
    )
    heads: list[Head] = []
    for start in sorted(starts):
        if heads and (start <= heads[-1].last or not _has_body(sheet, heads[-1].last, start)):
            continue
        heads.append(_read_head(sheet, start))
    return heads


def _has_body(sheet: Sheet, last: int, start: int) -> bool:
    """Something that can be read stands between two openings."""
    return any(sheet.roles[index] in (Role.PROSE, Role.TABLE) for index in range(last + 1, start))


def _letters(sheet: Sheet) -> list[int]:
    """Find openings made of labels: ``Datum:``, ``Diarienummer:``, ``Handläggare:``."""
    labels = [
        line.index
        for line in sheet.lines
        if sheet.roles[line.index] is Role.PROSE and (is_label(line.text) or is_label_value(line.text))
    ]
    starts: list[int] = []
    last = -99
    for place, index in enumerate(labels):
        close = place + 1 < len(labels) and _content_between(sheet, index, labels[place + 1]) <= 5
        if close and _content_between(sheet, last, index) > 8:
            starts.append(_block_start(sheet, index))
        last = index
    return starts


def _content_between(sheet: Sheet, first: int, last: int) -> int:
    return sum(
        1 for index in range(max(0, first + 1), last) if sheet.roles[index] in (Role.PROSE, Role.TABLE)
    )


def _block_start(sheet: Sheet, index: int) -> int:
    while not sheet.starts_block(index):
        index -= 1
    return index


def _title_pages(sheet: Sheet) -> list[int]:
    """Find the short lines above a table of contents that does not open the file."""
    starts = []
    for contents in sheet.contents:
        first = contents.first
        at = contents.first - 1
        for _ in range(8):
            while at >= 0 and sheet.roles[at] in (Role.BLANK, Role.FURNITURE):
                at -= 1
            top = _block_start(sheet, at) if at >= 0 else 0
            if at < 0 or not all(_on_title_page(sheet, index) for index in range(top, at + 1)):
                break
            first, at = top, top - 1
        if first < contents.first:
            starts.append(first)
    return starts


def _on_title_page(sheet: Sheet, index: int) -> bool:
    line = sheet.lines[index]
    if (
        sheet.roles[index] is not Role.PROSE
        or len(line.text) > _HEAD_CHARS
        or line.ends_sentence
        or line.is_item
    ):
        return False
    return not (is_post(line.text) and not sheet.lone(index)) and not is_person(line.text)


def _appendices(sheet: Sheet) -> list[int]:
    """Find lines that say ``Bilaga 1``, with the title that may stand above; no lists of appendices."""
    starts = []
    for line in sheet.lines:
        index = line.index
        if sheet.roles[index] is not Role.PROSE or not sheet.lone(index):
            continue
        bare = plain(line.text)
        if _APPENDIX.fullmatch(bare):
            above = sheet.near(index, -1)
            titled = above is not None and sheet.lone(above.index) and _is_title_above(sheet, above)
            starts.append(above.index if titled and above is not None else index)
        elif _APPENDIX_TITLE.fullmatch(bare) and titlelike(line.text) and not _in_list(sheet, index):
            starts.append(index)
    return starts


def _is_title_above(sheet: Sheet, line: Line) -> bool:
    return sheet.roles[line.index] is Role.PROSE and titlelike(line.text) and not is_person(line.text)


def _in_list(sheet: Sheet, index: int) -> bool:
    """Another appendix, or the heading of their list, stands right before or after."""
    for step in (-1, 1):
        near = sheet.near(index, step)
        if near is not None and (
            _APPENDIX_TITLE.fullmatch(plain(near.text)) or key(near.text) in ("beslutsunderlag", "bilagor")
        ):
            return True
    return sheet.near(index, 1) is None


def _announced(sheet: Sheet) -> list[int]:
    """Find lone titles that an earlier list of appendices announced: three of five words agree, or more."""
    wanted: list[set[str]] = []
    starts = []
    chapters = {entry.key for contents in sheet.contents for entry in contents.entries}
    for line in sheet.lines:
        if line.blank or len(line.text) > 160:
            continue
        listed = _LISTED.fullmatch(plain(line.text))
        if listed:
            words = _words(listed.group(1))
            if len(words) >= 2 and len(wanted) < _MOST_APPENDICES:
                wanted.append(words)
        elif wanted and _may_be_announced(sheet, line, chapters):
            words = _words(line.text)
            for place, announced in enumerate(wanted):
                if len(words) >= 2 and _agree(announced, words):
                    starts.append(line.index)
                    del wanted[place]
                    break
    return starts


def _may_be_announced(sheet: Sheet, line: Line, chapters: set[str]) -> bool:
    prose = sheet.roles[line.index] is Role.PROSE and sheet.lone(line.index)
    return prose and titlelike(line.text) and key(line.text) not in chapters


def _words(text: str) -> set[str]:
    return {
        word for word in key(text).split() if len(word) > 2 and not word.isdigit() and word not in _MONTHS
    }


def _agree(announced: set[str], words: set[str]) -> bool:
    shared = sum(
        1 for word in announced if any(word.startswith(other) or other.startswith(word) for other in words)
    )
    return shared >= 2 and shared * 5 >= max(len(announced), len(words)) * 3


def _read_head(sheet: Sheet, start: int) -> Head:
    """Read an opening: short lines that are no sentences, up to the first heading or text."""
    blocks: list[tuple[int, int]] = []
    at = start
    while at < len(sheet.lines) and len(blocks) < _HEAD_BLOCKS:
        if sheet.roles[at] in (Role.BLANK, Role.FURNITURE):
            at += 1
            continue
        end = at
        while not sheet.ends_block(end):
            end += 1
        if not _fits_head(sheet, at, end) or (blocks and sheet.lines[at].text.startswith("#")):
            break
        blocks.append((at, end))
        at = end + 1
    blocks = _without_heading(sheet, blocks, at)
    title = _title(sheet, blocks)
    last = blocks[-1][1] if blocks else start - 1
    return Head(start, last, title)


def _fits_head(sheet: Sheet, first: int, last: int) -> bool:
    if sheet.roles[first] is not Role.PROSE or last - first > 6 or sheet.lines[first].text.startswith("##"):
        return False
    if subheading_kind(sheet.lines[first].text) == "framing":
        return False
    block = sheet.lines[first : last + 1]
    if any(len(line.text) > _HEAD_CHARS for line in block):
        return False
    labelled = any(is_label(line.text) or is_label_value(line.text) for line in block)
    return labelled or not any(line.ends_sentence or line.is_bullet for line in block)


def _without_heading(sheet: Sheet, blocks: list[tuple[int, int]], at: int) -> list[tuple[int, int]]:
    """Leave out the last block where it is the first heading of the text, not part of the opening."""
    if not blocks or at >= len(sheet.lines) or sheet.roles[at] is Role.CONTENTS:
        return blocks
    first, last = blocks[-1]
    line = sheet.lines[first]
    named = _KIND.search(line.text) or _names_owner(line) or is_date(line.text)
    if sheet.lines[at].text.startswith("#") or subheading_kind(sheet.lines[at].text) == "framing":
        return blocks
    if (
        first == last
        and not named
        and titlelike(line.text)
        and (len(blocks) > 1 or not _DATED.search(line.text))
    ):
        return blocks[:-1]
    if leads_in(line.text) and not is_label(line.text):
        return blocks[:-1]
    return blocks


def _title(sheet: Sheet, blocks: list[tuple[int, int]]) -> tuple[int, ...]:
    """Choose the lines of the title: the block that names a kind of report, best with a year."""
    best: tuple[int, tuple[int, ...]] = (0, ())
    for first, last in blocks:
        while first < last and _names_owner(sheet.lines[first]):
            first += 1
        while first < last and _names_owner(sheet.lines[last]):
            last -= 1
        lines = sheet.lines[first : last + 1]
        joined = " ".join(plain(line.text) for line in lines)
        if any(is_label(line.text) or is_label_value(line.text) for line in lines) or is_date(joined):
            continue
        score = 1 + 4 * bool(_KIND.search(joined)) + 2 * bool(_DATED.search(joined)) + (len(joined) > 25)
        score -= 2 * _names_owner(lines[0]) + 4 * (not titlelike(lines[0].text))
        score += 4 * lines[0].text.startswith("#")
        if score > best[0]:
            best = (score, tuple(range(first, last + 1)))
    return best[1]


def _names_owner(line: Line) -> bool:
    """The line is the name of a board or a municipality, and names no kind of report."""
    bare = plain(line.text)
    return _BOARD.fullmatch(bare) is not None and _KIND.search(bare) is None
