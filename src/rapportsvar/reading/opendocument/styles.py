"""What the styles of an OpenDocument text make of its paragraphs and lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from rapportsvar.reading.docx.numbering import BULLET, letters, roman
from rapportsvar.reading.package import Element, attribute, child, inside, local, whole

# LibreOffice writes "Heading_20_1", a Swedish template "Rubrik_20_1".
_HEADING = re.compile(r"(?:heading|rubrik)[ _]?(?:20_)?([1-9])\b", re.IGNORECASE)
_TITLE = re.compile(r"title|titel|rubrik", re.IGNORECASE)
_CAPTION = re.compile(
    r"(?:caption|table|tabell|illustration|figure|figur|bildtext|beskrivning)\b", re.IGNORECASE
)
_DEPTH = 20
_FORMS: dict[str, Callable[[int], str]] = {"1": str, "a": letters, "i": roman}


@dataclass(frozen=True, slots=True)
class ListLevel:
    """How a level of a list marks its items; ``form`` is empty for bullets."""

    form: str = ""
    before: str = ""
    after: str = ""
    levels: int = 1
    start: int = 1


class Styles:
    """Styles by name, those of the text before those of the document."""

    def __init__(self, *roots: Element | None) -> None:
        self._parents: dict[str, str] = {}
        self._outline: dict[str, int] = {}
        self._hidden: set[str] = set()
        self._list_of: dict[str, str] = {}
        self._lists: dict[str, dict[int, ListLevel]] = {}
        self.outline: dict[int, ListLevel] = {}
        for root in roots:
            for group in inside(root):
                if local(group) in {"styles", "automatic-styles"}:
                    self._add(group)

    def _add(self, group: Element) -> None:
        for style in group:
            name = attribute(style, "name")
            if local(style) == "list-style":
                self._lists[name] = dict(_levels(style))
            elif local(style) == "outline-style":
                self.outline = dict(_levels(style))
            elif local(style) == "style":
                self._parents[name] = attribute(style, "parent-style-name")
                outline = whole(attribute(style, "default-outline-level"))
                if outline:
                    self._outline[name] = outline
                if attribute(style, "list-style-name"):
                    self._list_of[name] = attribute(style, "list-style-name")
                if attribute(child(style, "text-properties"), "display") == "none":
                    self._hidden.add(name)

    def chain(self, name: str) -> list[str]:
        """Return a style and those that it is made from."""
        found: list[str] = []
        while name and name not in found and len(found) < _DEPTH:
            found.append(name)
            name = self._parents.get(name, "")
        return found

    def level(self, name: str) -> int:
        """Return the level that makes a paragraph of this style a heading; 0 where it is none."""
        for each in self.chain(name):
            named = _HEADING.match(each)
            if named or each in self._outline:
                return self._outline.get(each) or int(named[1])  # type: ignore[index]
            if _TITLE.fullmatch(each):
                return 1
        return 0

    def is_caption(self, name: str) -> bool:
        """Tell whether paragraphs of this style name tables or pictures."""
        return any(_CAPTION.match(each) for each in self.chain(name))

    def is_hidden(self, name: str) -> bool:
        """Tell whether words of this style are not shown."""
        return any(each in self._hidden for each in self.chain(name))

    def list_level(self, name: str, depth: int) -> ListLevel:
        """Return how a list style marks items at a depth from 1."""
        return self._lists.get(name, {}).get(depth, ListLevel())


def written(level: ListLevel, numbers: list[int]) -> str:
    """Return the mark of an item: ``-``, ``2.1.``, ``b)``.

    Args:
        level: How it is marked.
        numbers: Its number and those of the items around it, outermost first.
    """
    if not level.form:
        return BULLET
    form = _FORMS.get(level.form.lower(), str)
    shown = ".".join(form(number) for number in numbers[-level.levels :])
    shown = shown.upper() if level.form.isupper() else shown
    return f"{level.before}{shown}{level.after}".strip()


def _levels(style: Element) -> list[tuple[int, ListLevel]]:
    return [
        (
            whole(attribute(level, "level"), 1),
            ListLevel(
                form=attribute(level, "num-format")
                if "number" in local(level) or "outline" in local(level)
                else "",
                before=attribute(level, "num-prefix"),
                after=attribute(level, "num-suffix"),
                levels=max(1, whole(attribute(level, "display-levels"), 1)),
                start=whole(attribute(level, "start-value"), 1),
            ),
        )
        for level in style
        if local(level).startswith(("list-level-style", "outline-level-style"))
    ]
