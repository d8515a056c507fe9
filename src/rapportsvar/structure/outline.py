"""Levels of headings, and the tree of sections that they make."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from rapportsvar.model import Section, Span
from rapportsvar.structure.headings import Heading, Style
from rapportsvar.structure.parts import Head
from rapportsvar.structure.sheet import Role, Sheet

_ANCHORS = (Style.MARKDOWN, Style.CONTENTS, Style.NUMBERED)


@dataclass(slots=True)
class _Open:
    """A heading under which we stand."""

    level: int
    heading: Heading
    beside: bool = False  # it went below a bare heading only since nothing stood between them


@dataclass
class _Levels:
    """Gives each heading of one part its level, from the headings open above it and its habits."""

    base: int
    stack: list[_Open] = field(default_factory=list)
    habits: dict[str, int] = field(default_factory=dict)
    deepest_hint: int = 0

    def level(self, heading: Heading, adjacent: bool) -> int:
        """Return the level of the next heading; ``adjacent``: nothing stands between the last one and it."""
        opened = _RULES[heading.style](self, heading, adjacent)
        while self.stack and self.stack[-1].level >= opened.level:
            self.stack.pop()
        self.stack.append(opened)
        return opened.level

    def top(self, *styles: Style) -> _Open | None:
        """The innermost open heading of these styles."""
        return next((entry for entry in reversed(self.stack) if entry.heading.style in styles), None)

    def anchored(self, heading: Heading, adjacent: bool) -> _Open:
        """Contents, Markdown and numbers tell the level themselves; habits begin anew below them."""
        above = self.stack[-1] if self.stack else None
        level = self.base + (heading.hint or 1)
        if (
            heading.hint is None
            and adjacent
            and above is not None
            and above.heading.style is Style.CONTENTS
            and not above.beside
        ):
            level = above.level + 1
        if heading.style is Style.NUMBERED:
            level += self._marked_above()
        self.habits.clear()
        return _Open(level, heading, beside=heading.hint is None and level > self.base + 1)

    def _marked_above(self) -> int:
        """Numbers count from the innermost open heading of Markdown or contents, if it has none itself."""
        marked = self.top(Style.MARKDOWN, Style.CONTENTS)
        return marked.level - self.base if marked else 0

    def plain(self, heading: Heading, adjacent: bool) -> _Open:
        """A bare heading: beside the last bare one, or below the heading right above it."""
        above = self._named_top()
        again = self.top(Style.TITLE)
        if again is not None and again.heading.title == heading.title:
            return _Open(again.level, heading)  # the title repeated on a later page
        if above is None or above.heading.style is Style.TITLE:
            return _Open(self.base + 1, heading)
        bare = above.heading.style in (Style.PLAIN, Style.CAPITALS, Style.CODED)
        below = adjacent and above.heading.title != heading.title and above is self.stack[-1]
        if below and not (bare and above.beside):
            self.habits.setdefault("plain", above.level + 1 if not bare else above.level)
            return _Open(above.level + 1, heading, beside=bare)
        return _Open(self._beside(heading), heading)

    def _beside(self, heading: Heading) -> int:
        for entry in reversed(self.stack):
            if entry.heading.style is Style.PLAIN and not entry.beside:
                return entry.level
            if entry.heading.style in _ANCHORS:
                return entry.level + 1
        if "plain" in self.habits:
            return self.habits["plain"]
        capitals = self.top(Style.CAPITALS)
        level = capitals.level + 1 if capitals else self.base + 1
        self.habits["plain"] = level
        return level

    def _named_top(self) -> _Open | None:
        hidden = (Style.GENERIC, Style.CAPTION, Style.QUESTION)
        return next((entry for entry in reversed(self.stack) if entry.heading.style not in hidden), None)

    def capitals(self, heading: Heading, adjacent: bool) -> _Open:
        """Capitals stand above bare headings."""
        anchor = self.top(*_ANCHORS)
        return _Open(anchor.level + 1 if anchor else self.base + 1, heading)

    def coded(self, heading: Heading, adjacent: bool) -> _Open:
        """``100 Politisk verksamhet``: beside its like, below what was open before the first."""
        like = self.top(Style.CODED)
        if like:
            return _Open(like.level, heading)
        above = self._named_top()
        return _Open(above.level + 1 if above else self.base + 1, heading)

    def label(self, heading: Heading, adjacent: bool) -> _Open:
        """A label keeps the depth at which its family was first met."""
        anchor = self.top(*_ANCHORS)
        ground = anchor.level if anchor else self.base
        if heading.family in self.habits:
            return _Open(ground + self.habits[heading.family], heading)
        above = self.top(Style.LABEL) or (self.stack[-1] if adjacent and self.stack else None)
        if above is None:
            bare = self.top(Style.PLAIN, Style.CODED)
            level = bare.level if bare else ground + 1
        else:
            level = above.level + 1
        self.habits[heading.family] = level - ground
        return _Open(level, heading)

    def item(self, heading: Heading, adjacent: bool) -> _Open:
        """An item with a status of its own: below the label or the generic heading that lists the items."""
        like = self.top(Style.ITEM)
        if like:
            return _Open(like.level, heading)
        above = self.stack[-1] if self.stack else None
        return _Open(above.level + 1 if above else self.base + 1, heading)

    def generic(self, heading: Heading, adjacent: bool) -> _Open:
        """``Status``, ``Utfall``: always below the named heading before it; a list of items may follow it."""
        title = heading.title.lower().rstrip(".")
        above = self._named_top()
        if title in ("åtgärder", "åtgärden", "aktiviteter", "uppdrag"):
            above = next(
                (
                    entry
                    for entry in reversed(self.stack)
                    if entry.heading.style not in (Style.ITEM, Style.GENERIC)
                ),
                None,
            )
        return _Open(above.level + 1 if above else self.base + 1, heading)

    def lowest(self, heading: Heading, adjacent: bool) -> _Open:
        """The name of a picture, or a question: below all that is open but its like."""
        rest = [entry for entry in self.stack if entry.heading.style is not heading.style]
        return _Open(rest[-1].level + 1 if rest else self.base + 1, heading)

    def title(self, heading: Heading, adjacent: bool) -> _Open:
        """The title of the part."""
        self.habits.clear()
        return _Open(max(1, self.base), heading)


_RULES = {
    Style.TITLE: _Levels.title,
    Style.MARKDOWN: _Levels.anchored,
    Style.CONTENTS: _Levels.anchored,
    Style.NUMBERED: _Levels.anchored,
    Style.CODED: _Levels.coded,
    Style.CAPITALS: _Levels.capitals,
    Style.PLAIN: _Levels.plain,
    Style.LABEL: _Levels.label,
    Style.QUESTION: _Levels.lowest,
    Style.ITEM: _Levels.item,
    Style.GENERIC: _Levels.generic,
    Style.CAPTION: _Levels.lowest,
}


def build_sections(sheet: Sheet, heads: list[Head], headings: list[Heading], title: str) -> list[Section]:
    """Give every heading its level and make the tree of sections; section 0 is the report."""
    levels = _all_levels(sheet, heads, headings)
    end = len(sheet.text)
    sections = [Section(0, title, 0, None, Span(0, end), ())]
    starts = _section_starts(sheet, heads, headings)
    ends = _section_ends(starts, levels, [sheet.lines[head.first].full.start for head in heads[1:]], end)
    path: list[tuple[int, str]] = []
    for number, (heading, level) in enumerate(zip(headings, levels, strict=True)):
        while path and path[-1][0] >= level:
            path.pop()
        path.append((level, heading.title))
        part = _part_at(heads, heading.first)
        titles = tuple(name for _, name in path)
        span = Span(starts[number], ends[number])
        sections.append(Section(number + 1, heading.title, len(path), heading.span, span, titles, part))
    return sections


def _part_at(heads: list[Head], line: int) -> int:
    return max(0, bisect_right(heads, line, key=lambda head: head.first) - 1)


def _all_levels(sheet: Sheet, heads: list[Head], headings: list[Heading]) -> list[int]:
    found: list[int] = []
    part, levels = -1, _Levels(0)
    last = -1
    for heading in headings:
        here = _part_at(heads, heading.first)
        if here != part:
            part = here
            titled = heading.style is Style.TITLE and part > 0
            levels = _Levels(1 if titled else 0)
        content = any(
            sheet.roles[index] in (Role.PROSE, Role.TABLE) for index in range(last + 1, heading.first)
        )
        found.append(levels.level(heading, last >= 0 and not content))
        last = heading.last
    return found


def _section_starts(sheet: Sheet, heads: list[Head], headings: list[Heading]) -> list[int]:
    """A section begins at its heading; that of a document's title takes in what stands above the title.

    It takes in no other heading: "# Ekonomi" above the title keeps its section.
    """
    opened = {head.title[0]: sheet.lines[head.first].full.start for head in heads if head.title}
    starts: list[int] = []
    above = 0
    for heading in headings:
        starts.append(max(above, opened.get(heading.first, heading.span.start)))
        above = heading.span.end
    return starts


def _section_ends(starts: list[int], levels: list[int], parts: list[int], end: int) -> list[int]:
    """A section ends where the next one of its level or a higher one begins, or the next document."""
    ends = [end] * len(starts)
    open_at: list[int] = []
    coming = [*parts, end]
    for number, start in enumerate(starts):
        while coming[0] < start or (coming[0] == start and len(coming) > 1):
            limit = coming.pop(0)
            for place in open_at:
                ends[place] = limit
            open_at.clear()
        while open_at and levels[open_at[-1]] >= levels[number]:
            ends[open_at.pop()] = start
        open_at.append(number)
    for place in open_at:
        ends[place] = coming[0]
    return ends
