"""Makes a PDF: title page, contents, running heads, tables, notes at the foot of the page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Table as Grid
from reportlab.platypus.tableofcontents import TableOfContents

from corpus_builder import source
from corpus_builder.hyphens import divide
from corpus_builder.source import Document

WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 25 * mm, 22 * mm, 27 * mm, 32 * mm
GUTTER = 8 * mm
TEXT = WIDTH - LEFT - RIGHT
_FOOTNOTE = re.compile(r"\[\^(\w+)\]")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ALIGNED = re.compile(r"[-–+]?\d[\d ,.–/]*[¹²³*%]?|[-–]")


@dataclass(frozen=True, slots=True)
class Look:
    """What a municipality's paper looks like, from ``utseende`` in the front matter."""

    face: str
    size: float
    colour: colors.Color
    rules: str
    hyphenate: bool

    def style(self, **changes: Any) -> ParagraphStyle:  # noqa: ANN401 - as reportlab takes them
        """Return the style of running text, with changes."""
        values: dict[str, Any] = {
            "fontName": self.face,
            "fontSize": self.size,
            "leading": self.size * 1.36,
            "alignment": TA_JUSTIFY if self.hyphenate else TA_LEFT,
            "spaceAfter": self.size * 0.65,
            "hyphenationLang": divide if self.hyphenate else "",
            "splitLongWords": 0,
        }
        return ParagraphStyle("text", **(values | changes))

    @property
    def bold(self) -> str:
        """The bold face of the same family."""
        return {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold"}[self.face]


class _Note(Flowable):  # type: ignore[misc]
    """Takes no room; where it lands, the page gets a footnote."""

    def __init__(self, mark: str, text: str) -> None:
        super().__init__()
        self.note = (mark, text)

    def wrap(self, *_: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        self.canv.notes = [*getattr(self.canv, "notes", []), self.note]


class _Heading(Paragraph):  # type: ignore[misc]
    """A heading that stands in the contents and among the bookmarks."""

    def __init__(self, text: str, style: ParagraphStyle, level: int, key: str) -> None:
        super().__init__(escape(text), style)
        self.entry = (level, text, key)


class _Paper(BaseDocTemplate):  # type: ignore[misc]
    """Pages with running head and foot, and with the notes that landed on them."""

    def __init__(self, stream: io.BytesIO, document: Document, look: Look) -> None:
        super().__init__(stream, pagesize=A4, title=document.text("titel"), author=document.text("avsandare"))
        self.document, self.look, self.count = document, look, 0
        full = Frame(LEFT, BOTTOM, TEXT, HEIGHT - TOP - BOTTOM, 0, 0, 0, 0, id="full")
        half = (TEXT - GUTTER) / 2
        pair = [
            Frame(left, BOTTOM, half, HEIGHT - TOP - BOTTOM, 0, 0, 0, 0)
            for left in (LEFT, LEFT + half + GUTTER)
        ]
        self.addPageTemplates(
            [
                PageTemplate("first", [full]),
                PageTemplate("one", [full], onPageEnd=self.finish),
                PageTemplate("two", pair, onPageEnd=self.finish),
            ]
        )

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        if isinstance(flowable, _Heading):
            level, text, key = flowable.entry
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(text, key, level, closed=level > 0)
            self.notify("TOCEntry", (level, text, self.page, key))

    def afterPage(self) -> None:  # noqa: N802 - reportlab's name
        self.count = max(self.count, self.page)

    def finish(self, canvas: Any, _: Any) -> None:  # noqa: ANN401 - reportlab's canvas
        canvas.saveState()
        canvas.setFont(self.look.face, 8)
        canvas.setFillColor(colors.HexColor("#333333"))
        self._line(canvas, "sidhuvud", HEIGHT - 15 * mm)
        self._line(canvas, "sidfot", 13 * mm)
        self._notes(canvas)
        canvas.restoreState()

    def _line(self, canvas: Any, key: str, height: float) -> None:  # noqa: ANN401
        parts = [
            part.replace("{sida}", str(self.page)).replace("{sidor}", str(self.count))
            for part in self.document.lines(key)
        ]
        if not parts:
            return
        canvas.drawString(LEFT, height, parts[0])
        if len(parts) > 1:
            canvas.drawRightString(WIDTH - RIGHT, height, parts[1])

    def _notes(self, canvas: Any) -> None:  # noqa: ANN401
        notes = getattr(canvas, "notes", [])
        canvas.notes = []
        height = BOTTOM - 4 * mm
        if notes:
            canvas.line(LEFT, height + 1 * mm, LEFT + 45 * mm, height + 1 * mm)
        for mark, text in notes:
            style = self.look.style(fontSize=8, leading=9.6, alignment=TA_LEFT, hyphenationLang="")
            note = Paragraph(f"<super>{mark}</super> {_marked(text)}", style)
            _, needed = note.wrap(TEXT, 40 * mm)
            height -= needed
            note.drawOn(canvas, LEFT, height)


@dataclass
class _Story:
    """The flowables of one document, as they are put together."""

    document: Document
    look: Look
    flow: list[Flowable] = field(default_factory=list)
    keys: int = 0
    width: float = TEXT
    after_heading: bool = False

    def make(self) -> list[Flowable]:
        self._title()
        if self.document.flag("innehall", True):
            self._contents()
        following = (*self.document.pieces[1:], None)
        for piece, after in zip(self.document.pieces, following, strict=True):
            chapter = isinstance(piece, source.Heading) and piece.level == 1
            if chapter and self.document.flag("kapitelsida") and piece is not self.document.pieces[0]:
                self.flow.append(PageBreak())
            elif isinstance(piece, source.Heading) and not self.after_heading:
                self.flow.append(CondPageBreak((62 if isinstance(after, source.Heading) else 46) * mm))
            self.after_heading = isinstance(piece, source.Heading)
            self.flow.extend(self._piece(piece))
        return self.flow

    def _title(self) -> None:
        look, document = self.look, self.document
        own_page = document.flag("titelsida", True)
        small = look.style(fontSize=12, leading=17, spaceAfter=2, alignment=TA_LEFT)
        large = look.style(
            fontName=look.bold,
            fontSize=26 if own_page else 19,
            leading=32 if own_page else 25,
            textColor=look.colour,
            alignment=TA_LEFT,
            spaceBefore=10,
            spaceAfter=12,
            hyphenationLang="",
        )
        if own_page:
            self.flow.append(Spacer(1, 60 * mm))
        self.flow += [Paragraph(_marked(line), small) for line in document.lines("over")]
        self.flow.append(Paragraph(escape(document.text("titel")), large))
        self.flow += [Paragraph(_marked(line), small) for line in document.lines("under")]
        self.flow.append(NextPageTemplate("one"))
        self.flow.append(PageBreak() if own_page else Spacer(1, 8 * mm))

    def _contents(self) -> None:
        look = self.look
        contents = TableOfContents(dotsMinLevel=0)
        contents.levelStyles = [
            look.style(leftIndent=indent, spaceAfter=2, alignment=TA_LEFT, hyphenationLang="", fontName=face)
            for indent, face in ((0, look.bold), (12, look.face), (24, look.face))
        ]
        head = look.style(
            fontName=look.bold,
            fontSize=14,
            leading=20,
            spaceAfter=8,
            alignment=TA_LEFT,
            textColor=look.colour,
        )
        self.flow += [
            Paragraph(self.document.text("innehallsrubrik", "Innehåll"), head),
            contents,
            PageBreak(),
        ]

    def _piece(self, piece: source.Piece) -> list[Flowable]:
        match piece:
            case source.Heading():
                return self._heading(piece)
            case source.Paragraph():
                return self._paragraph(piece.text, self.look.style())
            case source.Listing():
                return self._items(piece)
            case source.Table():
                return self._table(piece)
            case source.Figure():
                return self._figure(piece)
            case source.Mark(what="sidbryt"):
                return [PageBreak()]
            case source.Mark(what="spalter"):
                self.width = (TEXT - GUTTER) / 2
                return [NextPageTemplate("two"), PageBreak()]
            case _:
                self.width = TEXT
                return [NextPageTemplate("one"), PageBreak()]

    def _heading(self, heading: source.Heading) -> list[Flowable]:
        size = {1: 16.0, 2: 12.5}.get(heading.level, 10.8)
        style = self.look.style(
            fontName=self.look.bold,
            fontSize=size,
            leading=size * 1.25,
            alignment=TA_LEFT,
            hyphenationLang="",
            textColor=self.look.colour,
            spaceBefore=size * 0.8,
            spaceAfter=size * 0.4,
        )
        self.keys += 1
        return [_Heading(heading.text, style, heading.level - 1, f"h{self.keys}")]

    def _paragraph(self, text: str, style: ParagraphStyle) -> list[Flowable]:
        notes = [_Note(mark, self.document.footnotes[mark]) for mark in _FOOTNOTE.findall(text)]
        return [Paragraph(_marked(text), style), *notes]

    def _items(self, listing: source.Listing) -> list[Flowable]:
        style = self.look.style(leftIndent=14, bulletIndent=2, spaceAfter=3, alignment=TA_LEFT)
        made: list[Flowable] = []
        for number, item in enumerate(listing.items, 1):
            bullet = f"{number}." if listing.ordered else self.document.text("punkt", "•")
            notes = [_Note(mark, self.document.footnotes[mark]) for mark in _FOOTNOTE.findall(item)]
            made += [Paragraph(_marked(item), style, bulletText=bullet), *notes]
        return [*made, Spacer(1, 4)]

    def _figure(self, figure: source.Figure) -> list[Flowable]:
        drawing = Drawing(self.width, 55 * mm)
        chart = VerticalBarChart()
        chart.x, chart.y, chart.width, chart.height = 30, 18, self.width - 60, 45 * mm
        chart.data = [[size for _, size in figure.bars]]
        chart.categoryAxis.categoryNames = [label for label, _ in figure.bars]
        chart.valueAxis.valueMin = 0
        chart.bars[0].fillColor = self.look.colour
        for labels in (chart.categoryAxis.labels, chart.valueAxis.labels):
            labels.fontName, labels.fontSize = self.look.face, 7.5
        drawing.add(chart)
        caption = self.look.style(fontSize=self.look.size - 1, alignment=TA_LEFT)
        return [KeepTogether([drawing, Paragraph(_marked(figure.caption), caption)])]

    def _table(self, table: source.Table) -> list[Flowable]:
        caption = self.look.style(
            fontName=self.look.bold,
            fontSize=9,
            leading=12,
            spaceBefore=4,
            spaceAfter=3,
            alignment=TA_LEFT,
            hyphenationLang="",
        )
        small = self.look.style(fontSize=8, leading=10, alignment=TA_LEFT, hyphenationLang="", spaceAfter=2)
        made: list[Flowable] = [Paragraph(_marked(table.caption), caption)] if table.caption else []
        repeat = table.head if table.options.get("upprepa", "ja") == "ja" else 0
        made.append(
            Grid(
                self._cells(table),
                colWidths=_widths(table, self.width),
                repeatRows=repeat,
                style=TableStyle(list(self._rules(table))),
                hAlign="LEFT",
                spaceAfter=4,
            )
        )
        made += [Paragraph(_marked(note), small) for note in table.notes]
        return [CondPageBreak(28 * mm), *made, Spacer(1, 7)]

    def _cells(self, table: source.Table) -> list[list[Any]]:
        usual = "8.6" if self.width == TEXT else "7.4"
        size = float(table.options.get("grad", usual).replace(",", "."))
        made: list[list[Any]] = []
        for row, cells in zip(table.rows, table.grid(), strict=True):
            face = self.look.face if row.kind == "body" else self.look.bold
            line: list[Any] = []
            for column, cell in enumerate(cells):
                right = column > 0 and (row.kind == "head" or bool(_ALIGNED.fullmatch(cell)))
                right = right and not _wordy(table, column)
                merged = row.kind == "head" and column + 1 < len(cells) and cells[column + 1] == source.LEFT
                style = self.look.style(
                    fontName=face,
                    fontSize=size,
                    leading=size * 1.2,
                    spaceAfter=0,
                    hyphenationLang="",
                    alignment=TA_CENTER if merged else TA_RIGHT if right else TA_LEFT,
                )
                shown = (
                    ""
                    if cell in (source.LEFT, source.ABOVE)
                    else _marked(cell).replace("&gt; ", "&nbsp;" * 4)
                )
                line.append(Paragraph(shown, style))
            made.append(line)
        return made

    def _rules(self, table: source.Table) -> Iterator[tuple[Any, ...]]:
        yield ("VALIGN", (0, 0), (-1, -1), "TOP")
        yield ("TOPPADDING", (0, 0), (-1, -1), 2)
        yield ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5)
        yield ("LEFTPADDING", (0, 0), (-1, -1), 3)
        yield ("RIGHTPADDING", (0, 0), (-1, -1), 3)
        for at, column, high, wide in table.spans():
            if high > 1 or wide > 1:
                yield ("SPAN", (column, at), (column + wide - 1, at + high - 1))
        grey = colors.HexColor("#999999")
        rules = table.options.get("linjer", self.look.rules)
        if rules == "alla":
            yield ("GRID", (0, 0), (-1, -1), 0.4, grey)
            yield ("BACKGROUND", (0, 0), (-1, table.head - 1), colors.HexColor("#e6ebf0"))
        elif rules in ("vågräta", "under"):
            if rules == "vågräta":
                yield ("LINEABOVE", (0, 0), (-1, 0), 0.9, colors.black)
            yield ("LINEBELOW", (0, 0), (-1, -1), 0.3, grey)
            yield ("LINEBELOW", (0, table.head - 1), (-1, table.head - 1), 0.9, colors.black)
        for at, row in enumerate(table.rows):
            if row.kind == "sum" and rules != "inga":
                yield ("LINEABOVE", (0, at), (-1, at), 0.9, colors.black)


def make_pdf(document: Document) -> bytes:
    """Return the bytes of the PDF; the same on every run."""
    rl_config.invariant = 1
    looks = document.about.get("utseende", {})
    given: dict[str, Any] = looks if isinstance(looks, dict) else {}
    look = Look(
        face={"antikva": "Times-Roman"}.get(given.get("stil", ""), "Helvetica"),
        size=float(given.get("grad", 10.5)),
        colour=colors.HexColor(given.get("farg", "#1f4e79")),
        rules=given.get("linjer", "vågräta"),
        hyphenate=bool(given.get("avstava", False)),
    )
    stream = io.BytesIO()
    paper = _Paper(stream, document, look)
    paper.multiBuild(_Story(document, look).make(), maxPasses=6)
    return stream.getvalue()


def _marked(text: str) -> str:
    """Turn the marks of the sources into those of reportlab."""
    bold = _BOLD.sub(r"<b>\1</b>", escape(text))
    return _FOOTNOTE.sub(r"<super>\1</super>", bold)


def _wordy(table: source.Table, column: int) -> bool:
    """Whether a column holds words rather than figures: then its header stands at the left, too."""
    cells = [row.cells[column] for row in table.rows if row.kind == "body" and column < len(row.cells)]
    return any(re.search(r"[a-zåäö]{3}", cell, re.IGNORECASE) for cell in cells)


def _widths(table: source.Table, room: float) -> list[float]:
    """Return the widths of the columns in points: as ``bredd`` says (shares), or by what they hold."""
    if "bredd" in table.options:
        shares = [float(share) for share in table.options["bredd"].split()]
    else:
        grid = table.grid()
        longest = [max(len(row[column]) for row in grid) for column in range(table.width)]
        shares = [min(max(length, 9), 34) for length in longest]
        shares[0] = max(shares[0], 16)
    whole = room if sum(shares) > 50 or room < TEXT else room * 0.7
    return [whole * share / sum(shares) for share in shares]
