"""What the rest of a report says about a line: its table of contents lists it, a table names it."""

from __future__ import annotations

from bisect import bisect_left

from rapidfuzz import fuzz

from rapportsvar.structure.lines import Line, key
from rapportsvar.structure.sheet import Role, Sheet


def cell_openings(sheet: Sheet) -> set[str]:
    """The first four words of every cell of text, or all where it has three."""
    found = set()
    for line in sheet.lines:
        if sheet.roles[line.index] is Role.TABLE:
            for cell in line.text.split("\t"):
                words = key(cell).split()
                if 3 <= len(words) <= 24 and not words[0].isdigit():
                    found.add(" ".join(words[:4]))
    return found


def match_contents(sheet: Sheet) -> dict[int, int | None]:
    """Match the entries of each table of contents with lines after it, in order; give each line its level."""
    found: dict[int, int | None] = {}
    for place, contents in enumerate(sheet.contents):
        end = sheet.contents[place + 1].first if place + 1 < len(sheet.contents) else len(sheet.lines)
        lines = [
            line
            for line in sheet.lines[contents.last + 1 : end]
            if sheet.roles[line.index] is Role.PROSE and len(line.text) <= 200 and not line.is_bullet
        ]
        for entry, index in _in_order([entry.key for entry in contents.entries], lines, sheet):
            found[index] = contents.entries[entry].level
    return found


def _in_order(keys: list[str], lines: list[Line], sheet: Sheet) -> list[tuple[int, int]]:
    """Pair entries with lines so that both rise; as many pairs as possible (longest rising run)."""
    places: dict[str, list[int]] = {}
    for number, entry in enumerate(keys):
        places.setdefault(entry, []).append(number)
    pairs: list[tuple[int, int]] = []
    for line in lines:
        if not sheet.starts_block(line.index):
            continue
        shared = key(line.text)
        for number in reversed(places.get(shared) or _similar(shared, places)):
            pairs.append((number, line.index))
    return _longest_rising(pairs)


def _similar(shared: str, places: dict[str, list[int]]) -> list[int]:
    """Entries that differ from a line by a few letters: ``Åtterrapporering``; numbers set aside."""
    if not 8 <= len(shared) <= 160 or len(places) > 300:
        return []
    bare = shared.lstrip("0123456789 ")
    best, entries = 0.0, []
    for entry, numbers in places.items():
        if abs(len(entry) - len(shared)) > 6:
            continue
        same = fuzz.ratio(entry.lstrip("0123456789 "), bare)
        if same >= 88 and same > best:
            best, entries = same, numbers
    return entries


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of pairs whose entries rise; lines rise already, repeats come highest first."""
    tops: list[int] = []
    chain: list[int] = []
    before = [-1] * len(pairs)
    for at, (number, _) in enumerate(pairs):
        place = bisect_left(tops, number)
        before[at] = chain[place - 1] if place else -1
        if place == len(tops):
            tops.append(number)
            chain.append(at)
        else:
            tops[place], chain[place] = number, at
    run = []
    at = chain[-1] if chain else -1
    while at >= 0:
        run.append(pairs[at])
        at = before[at]
    return run[::-1]
