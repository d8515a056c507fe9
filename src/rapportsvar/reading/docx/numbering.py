"""The numbers and bullets that Word puts before paragraphs, which stand nowhere in its text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from rapportsvar.reading.package import Element, attribute, child, inside, local, whole

BULLET = "-"
_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int
    legal: bool


class Numbering:
    """Counts the paragraphs of each list."""

    def __init__(self, root: Element | None) -> None:
        self._lists: dict[str, dict[int, _Level]] = {}
        self._abstract_of: dict[str, str] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._opened: set[str] = set()
        self._overrides: dict[str, dict[int, int]] = {}
        abstract = {}
        for element in inside(root):
            if local(element) == "abstractNum":
                abstract[attribute(element, "abstractNumId")] = dict(_levels(element))
            elif local(element) == "num":
                self._add(element, abstract)

    def _add(self, element: Element, abstract: dict[str, dict[int, _Level]]) -> None:
        key = attribute(element, "numId")
        named = attribute(child(element, "abstractNumId"), "val")
        levels = dict(abstract.get(named, {}))
        for override in element:
            if local(override) != "lvlOverride":
                continue
            depth = whole(attribute(override, "ilvl"))
            start = child(override, "startOverride")
            if start is not None:
                self._overrides.setdefault(key, {})[depth] = whole(attribute(start, "val"), 1)
            levels.update(_levels(override))
        self._lists[key] = levels
        self._abstract_of[key] = named

    def mark(self, key: str, depth: int) -> str:
        """Count a paragraph of a list and return its mark: ``-``, ``2.1``, ``a)``; empty if it has none."""
        levels = self._lists.get(key)
        level = levels.get(depth) if levels else None
        if levels is None or level is None:
            return ""
        if level.form == "none" and not level.text:
            return ""
        if level.form == "bullet":
            return BULLET
        counts = self._count(key, depth, levels)
        form = "decimal" if level.legal else ""

        def number(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            inner = levels.get(at, level)
            return FORMS.get(form or inner.form, str)(counts[at] or inner.start)

        return _PLACE.sub(number, level.text).strip()

    def _count(self, key: str, depth: int, levels: dict[int, _Level]) -> list[int | None]:
        """Lists with one definition count on from each other, unless one says where it starts."""
        counts = self._counts.setdefault(self._abstract_of[key], [None] * _LEVELS)
        if key not in self._opened:
            self._opened.add(key)
            for at, start in self._overrides.get(key, {}).items():
                if 0 <= at < _LEVELS:
                    counts[at] = start - 1
        before = counts[depth]
        counts[depth] = levels[depth].start if before is None else before + 1
        counts[depth + 1 :] = [None] * (_LEVELS - depth - 1)
        return counts


def roman(number: int) -> str:
    """Write a number in Roman letters; as it is where it has none."""
    if not 0 < number < 4000:
        return str(number)
    written = ""
    for value, letters in _ROMAN:
        written += letters * (number // value)
        number %= value
    return written


def letters(number: int) -> str:
    """Write a number as Word does with letters: a to z, then aa, bb."""
    if not 0 < number < 27 * 26:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip

FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": "{:02d}".format,
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "none": lambda number: "",
}


def _levels(element: Element) -> list[tuple[int, _Level]]:
    return [
        (
            min(whole(attribute(level, "ilvl")), _LEVELS - 1),
            _Level(
                form=attribute(child(level, "numFmt"), "val", "decimal"),
                text=attribute(child(level, "lvlText"), "val"),
                start=whole(attribute(child(level, "start"), "val"), 1),
                legal=child(level, "isLgl") is not None,
            ),
        )
        for level in element
        if local(level) == "lvl"
    ]
