"""The report beside an answer: what stands around a place, with the place lit."""

from __future__ import annotations

from rapportsvar.app import texts
from rapportsvar.app.address import REPORTS, Conversation, Place, link, marks_values, place_values
from rapportsvar.app.citation import place_name
from rapportsvar.app.markup import EMPTY, Html, tag
from rapportsvar.app.source_view import Lit, draw_blocks, marks_at
from rapportsvar.app.swedish import capital
from rapportsvar.engine.engine import Engine
from rapportsvar.engine.reading_view import reading_view
from rapportsvar.errors import UnknownReport
from rapportsvar.model import Answer, ReportInfo, Span

REACH_CHARS = 5000


def draw_panel(engine: Engine, talk: Conversation, answer: Answer) -> Html:
    """Draw the part of the report that the conversation has open."""
    if talk.place is None:
        return EMPTY
    try:
        view = reading_view(engine, talk.place.source)
    except UnknownReport:
        return tag("aside", tag("p", texts.UNKNOWN_REPORT), class_="panel")
    blocks = view.around(talk.place.span, reach_chars=REACH_CHARS)
    cut = tag("p", texts.CUT, class_="note cut") if len(blocks) < len(view.blocks) else None
    marks = marks_of(answer, talk.place) or marks_at(view.report.text, talk.place.span)
    lit = Lit(talk.place.span, marks)
    whole = link(REPORTS, {**place_values(talk.place), **marks_values(lit.marks)})
    return tag(
        "aside",
        tag(
            "div",
            tag("h2", report_name(view.report.info, talk.place.source)),
            tag("a", texts.WHOLE_REPORT, href=whole, data_go=True),
            tag("a", texts.CLOSE, href=talk.showing(None).link(), data_go=True),
            class_="panel-head",
        ),
        tag(
            "div",
            cut,
            draw_blocks(view, blocks, lit),
            class_="panel-body",
            tabindex=0,
            role="region",
            aria_label=texts.SOURCE_PANEL,
        ),
        class_="panel",
        aria_label=texts.SOURCE_PANEL,
    )


def marks_of(answer: Answer, place: Place) -> tuple[Span, ...]:
    """Return what the answer lights at a place."""
    for hit in answer.hits:
        if (hit.source, hit.span) == (place.source, place.span):
            return tuple(c.span for c in hit.cells) or tuple(h.span for h in hit.highlights)
    return ()


def report_name(info: ReportInfo, source: str) -> str:
    """Name a report in one line: title, municipality, board."""
    named = filter(
        None, (info.title or capital(info.kind), place_name(info.municipality), capital(info.board))
    )
    return ", ".join(named) or source
