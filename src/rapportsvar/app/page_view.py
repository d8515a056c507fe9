"""A page of a report as a picture, with what is lit drawn over it, and the text of the page beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from rapportsvar.app import media, texts
from rapportsvar.app.markup import EMPTY, Html, tag, together
from rapportsvar.app.reading import Reading
from rapportsvar.app.source_view import PLACE, Lit, draw_blocks, marks_at
from rapportsvar.engine.engine import Engine
from rapportsvar.engine.reading_view import ReadingView
from rapportsvar.errors import RapportsvarError
from rapportsvar.index.originals import original
from rapportsvar.model import Box, Page, Span

PIXELS_A_POINT = 2.0
PDF = ".pdf"


@dataclass(frozen=True, slots=True)
class PageView:
    """One page of a report that is read.

    Attributes:
        engine: Draws the page.
        view: The report.
        reading: What the address says.
        found: All places where the words that are looked for stand.
    """

    engine: Engine
    view: ReadingView
    reading: Reading
    found: Sequence[Span]

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages of the report that can be shown."""
        return shown_pages(self.view)

    @property
    def page(self) -> Page:
        """The page that is shown: the one asked for, else that of the match or of the place."""
        pages = self.pages
        if 1 <= self.reading.page <= len(pages):
            return pages[self.reading.page - 1]
        at = self.match.start if self.match else self.reading.place.start if self.reading.place else 0
        return page_at(pages, at)

    @property
    def match(self) -> Span | None:
        """The place found that is shown."""
        return self.found[self.reading.match - 1] if 0 < self.reading.match <= len(self.found) else None

    def draw_tools(self) -> Html:
        """Draw what turns pages, zooms and opens the file."""
        page, count = self.page.number, len(self.pages)
        before = self._link(
            texts.PAGE_PREVIOUS, self.reading.at_page(page - 1) if page > 1 else None, "forra"
        )
        after = self._link(texts.PAGE_NEXT, self.reading.at_page(page + 1) if page < count else None, "nasta")
        here = tag("span", texts.PAGE_OF.format(page, count), class_="here-page", role="status")
        zoom = tag("span", f"{self.reading.zoom} %")
        less = self._link(texts.ZOOM_OUT, self.reading.zoomed(-1), "mindre")
        more = self._link(texts.ZOOM_IN, self.reading.zoomed(1), "storre")
        turning = tag("span", before, here, after, class_="tool-group")
        zooming = tag("span", less, zoom, more, class_="tool-group")
        return tag("nav", turning, zooming, class_="page-tools", aria_label=texts.VIEW_PAGES)

    def draw_picture(self) -> Html:
        """Draw the page with what is lit over it."""
        try:
            picture = _picture(self.engine, self.view.report.sha256, self.reading, self.page.number)
        except RapportsvarError:
            return tag("p", texts.PAGE_UNDRAWN, class_="note")
        address = media.address_of(picture, "image/png", "page")
        if not address:
            return tag("p", texts.PAGE_UNDRAWN, class_="note")
        name = self.view.report.info.title or self.view.report.source
        alt = texts.PAGE_ALT.format(self.page.number, len(self.pages), name)
        sheet = tag(
            "div",
            tag("img", src=address, alt=alt, width=round(self.page.width), height=round(self.page.height)),
            self._boxes(),
            class_="sheet",
            style=f"width:{self.reading.zoom}%",
        )
        return tag(
            "div", sheet, class_="sheet-frame", tabindex=0, role="region", aria_label=texts.PAGE_PICTURE
        )

    def draw_text(self) -> Html:
        """Draw the text of the page."""
        marks = lit_at(self.view, self.reading)
        lit = Lit(self.reading.place, marks, tuple(self.found), anchor=None, now=self.match)
        blocks = [block for block in self.view.blocks if block.span.overlap_chars(self.page.span)]
        content = (
            draw_blocks(self.view, blocks, lit) if blocks else tag("p", texts.PAGE_NO_TEXT, class_="note")
        )
        return tag(
            "section",
            tag("h2", texts.PAGE_TEXT, class_="label"),
            content,
            class_="page-text",
            tabindex=0,  # it scrolls by itself: those who use the keyboard must reach it
            aria_label=texts.PAGE_TEXT,
        )

    def _boxes(self) -> Html:
        here = self.page.span
        place = self.reading.place
        marks = self.reading.marks or ((place,) if place else ())
        around = [place] if place and self.reading.marks else []
        drawn = [
            *(("place", span) for span in around),
            *(("mark", span) for span in marks),
            *(("now" if span == self.match else "word", span) for span in self.found),
        ]
        pieces: list[Html] = []
        anchor: str | None = PLACE
        for kind, span in drawn:
            if not span.overlap_chars(here):
                continue
            for box in self._boxes_of(span):
                pieces.append(self._box(box, kind, anchor if kind != "word" else None))
                anchor = anchor if kind == "word" else None
        return tag("div", pieces, class_="boxes", aria_hidden="true") if pieces else EMPTY

    def _boxes_of(self, span: Span) -> list[Box]:
        boxes = self.engine.boxes(self.view.report.source, span)
        return [box for box in boxes if box.page == self.page.number]

    def _box(self, box: Box, kind: str, anchor: str | None) -> Html:
        width, height = self.page.width or 1.0, self.page.height or 1.0
        place = (
            f"left:{100 * box.x0 / width:.3f}%;top:{100 * box.y0 / height:.3f}%;"
            f"width:{100 * (box.x1 - box.x0) / width:.3f}%;height:{100 * (box.y1 - box.y0) / height:.3f}%"
        )
        return tag("span", "", class_=f"box on-{kind}", style=place, id=anchor)

    def _link(self, name: str, to: Reading | None, key: str) -> Html:
        if to is None:
            return tag("span", name, class_="action off", aria_disabled="true")
        return tag("a", name, href=to.link(), data_go=True, class_="action", id=f"sidval-{key}")


def lit_at(view: ReadingView, reading: Reading) -> tuple[Span, ...]:
    """Return what of the place is lit: what the address says, else the words or the cell that it is."""
    if reading.marks or reading.place is None:
        return reading.marks
    return marks_at(view.report.text, reading.place)


def shown_pages(view: ReadingView) -> tuple[Page, ...]:
    """Return the pages of a report that can be shown as pictures; none where its format has no pages."""
    pages = view.report.outline.pages
    return pages if pages and all(page.width > 0 and page.height > 0 for page in pages) else ()


def page_at(pages: Sequence[Page], at: int) -> Page:
    """Return the page that an offset stands on."""
    started = [page for page in pages if page.span.start <= at]
    return started[-1] if started else pages[0]


def draw_open_file(engine: Engine, view: ReadingView, page: int) -> Html:
    """Draw the link that opens the file itself at a page, in a tab of its own."""
    if not view.report.source.lower().endswith(PDF) or not shown_pages(view):
        return EMPTY
    if view.report.outline.masked:
        return tag("span", texts.OPEN_PDF_MASKED, class_="note")
    try:
        data = original(engine.index.folder, view.report.sha256)
    except RapportsvarError:
        return EMPTY
    address = media.address_of(data, "application/pdf", "file")
    if not address:
        return EMPTY
    return tag(
        "a",
        texts.OPEN_PDF,
        href=f"{address}#page={page}",
        target="_blank",
        rel="noopener noreferrer",
        class_="action",
    )


def draw_views(reading: Reading, *, as_text: Reading, as_pages: Reading) -> Html:
    """Draw the choice between pages and text."""
    links = [
        tag(
            "a",
            name,
            href=target.link(),
            data_go=True,
            aria_current="true" if reading.as_text == target.as_text else None,
        )
        for name, target in ((texts.VIEW_PAGES, as_pages), (texts.VIEW_TEXT, as_text))
    ]
    return tag("p", tag("span", texts.VIEWS), together(*links), class_="sorts")


def _picture(engine: Engine, sha256: str, reading: Reading, page: int) -> bytes:
    return _drawn(engine, sha256, reading.source, page, PIXELS_A_POINT * reading.zoom / 100)


@st.cache_data(show_spinner=False, max_entries=48)
def _drawn(_engine: Engine, sha256: str, source: str, page: int, scale: float) -> bytes:
    return _engine.page_image(source, page, scale)
