"""What the styles of a Word document make of its paragraphs: headings, captions, contents, numbered or not.

Word writes the English names of its own styles into every file (``heading 1``), whatever its language; other
programs, and people who make styles of their own, write Swedish ones (``Rubrik 1``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapportsvar.reading.package import Element, attribute, child, inside, local, whole

BODY_LEVEL = 9
"""Outline level of what is no heading, counted from 0 as the format does."""

_HEADING = re.compile(r"(?:heading|rubrik|överskrift|otsikko) ?([1-9])\b", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|titel|rubrik|dokumenttitel|huvudrubrik)", re.IGNORECASE)
_CONTENTS = re.compile(
    r"(?:toc|innehåll|innehållsförteckning) ?[1-9]|table of figures|figurförteckning", re.IGNORECASE
)
_CONTENTS_HEAD = re.compile(r"toc heading|innehållsförteckningsrubrik|innehållsrubrik", re.IGNORECASE)
_CAPTION = re.compile(r"(?:caption|beskrivning|bildtext|tabelltext|tabellrubrik)\b", re.IGNORECASE)
_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of its paragraphs.

    Attributes:
        level: Of a heading from 1, else 0.
        contents: It is a line of a table of contents.
        contents_head: It is the heading of one.
        caption: It names a table or a picture.
        list_id: Which list numbers it; empty where none does.
        list_level: At which depth, from 0.
        hidden: Its words are not shown.
    """

    level: int = 0
    contents: bool = False
    contents_head: bool = False
    caption: bool = False
    list_id: str = ""
    list_level: int = 0
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Raw:
    name: str
    based_on: str
    outline: str
    list_id: str
    list_level: str
    hidden: bool


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, root: Element | None) -> None:
        self._raw: dict[str, _Raw] = {}
        self.default = ""
        for element in inside(root):
            if local(element) == "style":
                key = attribute(element, "styleId")
                self._raw[key] = _read(element)
                if attribute(element, "type") == "paragraph" and is_on(attribute(element, "default", "0")):
                    self.default = key
        self._known: dict[str, Style] = {}

    def __getitem__(self, key: str) -> Style:
        if key not in self._known:
            self._known[key] = self._resolve(key)
        return self._known[key]

    def _resolve(self, key: str) -> Style:
        chain = list(self._chain(key))
        names = [raw.name for raw in chain]
        list_id = next((raw.list_id for raw in chain if raw.list_id), "")
        return Style(
            level=_level(chain),
            contents=bool(names) and bool(_CONTENTS.fullmatch(names[0])),
            contents_head=bool(names) and bool(_CONTENTS_HEAD.fullmatch(names[0])),
            caption=any(_CAPTION.match(name) for name in names),
            list_id=list_id,
            list_level=whole(next((raw.list_level for raw in chain if raw.list_level), "0")),
            hidden=any(raw.hidden for raw in chain),
        )

    def _chain(self, key: str) -> Iterator[_Raw]:
        """Yield a style and those that it is based on; a chain that bites its tail ends."""
        for _ in range(_DEPTH):
            raw = self._raw.get(key)
            if raw is None:
                return
            yield raw
            key = raw.based_on


def is_on(value: str) -> bool:
    """Tell whether a switch of the format is on; one without a value is."""
    return value.lower() not in {"0", "false", "off"}


def switch(properties: Element | None, name: str) -> bool:
    """Tell whether properties hold a switch that is on."""
    element = child(properties, name)
    return element is not None and is_on(attribute(element, "val", "1"))


def _read(element: Element) -> _Raw:
    paragraph = child(element, "pPr")
    return _Raw(
        name=attribute(child(element, "name"), "val"),
        based_on=attribute(child(element, "basedOn"), "val"),
        outline=attribute(child(paragraph, "outlineLvl"), "val"),
        list_id=attribute(child(paragraph, "numPr", "numId"), "val"),
        list_level=attribute(child(paragraph, "numPr", "ilvl"), "val"),
        hidden=switch(child(element, "rPr"), "vanish"),
    )


def _level(chain: list[_Raw]) -> int:
    """The name says it best; an outline level holds where no name does."""
    for raw in chain:
        if _CONTENTS_HEAD.fullmatch(raw.name):
            return 0
        named = _HEADING.match(raw.name)
        if named:
            return int(named[1])
        if _TITLE.fullmatch(raw.name):
            return 1
        if raw.outline:
            outline = whole(raw.outline, BODY_LEVEL)
            return outline + 1 if outline < BODY_LEVEL else 0
    return 0
