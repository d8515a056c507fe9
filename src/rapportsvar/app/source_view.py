"""A report as it is read: headings, prose and tables in order, with a place lit and words found."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapportsvar.app import texts
from rapportsvar.app.lit import lit
from rapportsvar.app.markup import EMPTY, Html, tag, together
from rapportsvar.app.table_view import FINDING, draw_table
from rapportsvar.engine.reading_view import Block, BlockKind, ReadingView
from rapportsvar.index.entries import plain
from rapportsvar.model import Span

PLACE = "stalle"
FOUND_MAX = 500


@dataclass(frozen=True, slots=True)
class Lit:
    """What is lit in a report: the place that was opened, its marks, and words looked for.

    ``anchor`` is the id of the place; None where another element of the page has it. ``now`` is the one of
    the words found that was come to.
    """

    place: Span | None = None
    marks: tuple[Span, ...] = ()
    found: tuple[Span, ...] = ()
    anchor: str | None = PLACE
    now: Span | None = None


def marks_at(text: str, place: Span) -> tuple[Span, ...]:
    """Return what is lit at a place: a cell or words themselves; of a row, which holds tabs, nothing more."""
    return () if "\t" in place.of(text) else (place,)


def draw_blocks(view: ReadingView, blocks: Sequence[Block], shown: Lit) -> Html:
    """Draw blocks of a report, the first that holds the place with the id ``stalle``."""
    drawn = []
    anchor = shown.anchor
    for block in blocks:
        here = shown.place is not None and block.span.overlap_chars(shown.place) > 0
        drawn.append(_block(view, block, shown, here, anchor if here else None))
        anchor = None if here else anchor
    return tag("div", drawn, class_="report-text")


def draw_contents(view: ReadingView, page_link: Callable[[int], str] | None = None) -> Html:
    """Draw the table of contents, each heading a link to its place.

    Args:
        view: The report.
        page_link: Gives the address where an offset is shown; without it the heading is on this page.
    """
    sections = [s for s in view.report.outline.sections if s.heading]
    if not sections:
        return EMPTY
    top = min(s.level for s in sections)
    items = [
        tag(
            "li",
            tag("a", plain(s.title), href=page_link(s.span.start), data_go=True)
            if page_link
            else tag("a", plain(s.title), href=f"#avsnitt-{s.index}"),
            class_=f"level-{min(s.level - top, 3)}",
        )
        for s in sections
    ]
    return tag(
        "nav", tag("h2", texts.CONTENTS), tag("ol", items), class_="contents", aria_label=texts.CONTENTS
    )


def find_in(text: str, words: str) -> tuple[Span, ...]:
    """Find words in a text, in any case and over any blanks."""
    parts = [re.escape(part) for part in words.split()]
    if not parts:
        return ()
    pattern = re.compile(r"\s+".join(parts), re.IGNORECASE)
    return tuple(Span(*m.span()) for _, m in zip(range(FOUND_MAX), pattern.finditer(text), strict=False))


def _block(view: ReadingView, block: Block, shown: Lit, here: bool, anchor: str | None) -> Html:
    text = view.report.text
    if block.kind is BlockKind.TABLE and block.table:
        return draw_table(
            block.table,
            text,
            shown.marks,
            place=shown.place if here else None,
            found=shown.found,
            anchor=anchor,
        )
    if block.kind is BlockKind.HEADING and block.section is not None:
        section = view.report.outline.sections[block.section]
        name = f"h{min(section.level + 1, 6)}"
        bare = _without_marks(text, block.span)
        return tag(
            name,
            tag("span", _found(text, bare, shown), id=anchor) if anchor else _found(text, bare, shown),
            id=f"avsnitt-{section.index}",
        )
    if block.kind is BlockKind.FURNITURE:
        return tag("p", _found(text, block.span, shown), class_="furniture", id=anchor)
    marks = shown.marks or ((shown.place,) if shown.place else ())
    content = lit(text, block.span, marks) if _touches(block.span, marks) else _found(text, block.span, shown)
    bullet = "bullet" if text[block.span.start] in "•-–*" else ""
    classes = " ".join(
        filter(None, (bullet, "passage" if here and shown.marks not in ((), (shown.place,)) else ""))
    )
    return tag("p", content, id=anchor, class_=classes or None)


def _without_marks(text: str, heading: Span) -> Span:
    """Leave the signs of Markdown around a heading out."""
    words = heading.of(text)
    start = heading.start + len(words) - len(words.lstrip("#* \t"))
    return Span(start, max(start, heading.start + len(words.rstrip("#* \t"))))


def _found(text: str, span: Span | None, shown: Lit) -> Html:
    if span is None:
        return EMPTY
    now = shown.now
    if now is None or not span.contains(now):
        return lit(text, span, shown.found, kind=FINDING)
    return together(
        lit(text, Span(span.start, now.start), shown.found, kind=FINDING),
        tag("mark", now.of(text), class_=f"{FINDING} now"),
        lit(text, Span(now.end, span.end), shown.found, kind=FINDING),
    )


def _touches(span: Span, marks: Sequence[Span]) -> bool:
    return any(span.overlap_chars(mark) for mark in marks)
