"""What completes an answer as HTML: a sum with its terms, places that disagree, what explains a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rapportsvar.answering.compose import UNSAID
from rapportsvar.app import texts
from rapportsvar.app.address import Conversation, Place
from rapportsvar.app.citation import citation
from rapportsvar.app.lit import quoted
from rapportsvar.app.markup import EMPTY, Html, tag, together
from rapportsvar.model import Calculation, Disagreement, Hit, QuotedNumber


def draw_calculation(made: Calculation | None, hits: Sequence[Hit], talk: Conversation) -> Html:
    """Draw a sum: each term with its name and a link to where it stands, and the result."""
    if made is None:
        return EMPTY
    first, second = (_term(term, _place(term, hits), talk) for term in made.terms)
    result = tag(
        "span", tag("strong", made.written), tag("span", texts.DIFFERENCE, class_="of"), class_="term"
    )
    return tag(
        "section",
        tag("h2", made.what),
        tag(
            "p",
            first,
            _signed("−", second),
            _signed("≈" if "≈" in made.text else "=", result),
            class_="sum",
        ),
        tag("p", texts.WORKED_OUT, class_="note"),
        class_="completed",
        aria_label=texts.CALCULATION,
    )


def draw_disagreement(told: Disagreement | None, hits: Sequence[Hit], talk: Conversation) -> Html:
    """Draw the places that give different numbers, each with its report."""
    if told is None:
        return EMPTY
    labels = {cell.label for cell in told.cells}
    items = [_side(cell, _place(cell, hits), talk, named=len(labels) > 1) for cell in told.cells]
    return tag(
        "section",
        tag("h2", texts.DISAGREE),
        tag("p", *labels, class_="of") if len(labels) == 1 else None,
        tag("ul", items),
        tag("p", texts.DISAGREE_NOTE, class_="note"),
        class_="completed disagree",
        role="note",
    )


def draw_explanation(explaining: Hit | None, talk: Conversation, today: date) -> Html:
    """Draw, behind a link, the passage that explains a row, lit, with its citation."""
    if explaining is None:
        return EMPTY
    place = Place(explaining.source, explaining.span)
    shown = tag("a", texts.SHOW_IN_REPORT, href=talk.showing(place).link(), data_go=True, class_="action")
    return tag(
        "details",
        tag("summary", texts.EXPLANATION),
        tag("blockquote", tag("p", quoted(explaining)), class_="quote"),
        tag("p", citation(explaining, today), class_="citation"),
        tag("div", shown, class_="actions"),
        class_="explanation",
    )


def with_unit(value: str, unit: str) -> Html:
    """Draw a number with its unit, if it does not hold it and the unit says something."""
    said = unit not in UNSAID and unit not in value and any(char.isdigit() for char in value)
    return together(value, tag("span", f" {unit}", class_="unit") if said else None)


def _place(quoted_number: QuotedNumber, hits: Sequence[Hit]) -> Hit | None:
    return next(
        (h for h in hits if h.source == quoted_number.source and h.span.contains(quoted_number.span)), None
    )


def _term(term: QuotedNumber, hit: Hit | None, talk: Conversation) -> Html:
    value = with_unit(term.text, term.unit)
    shown = value
    if hit is not None:
        href = talk.showing(Place(hit.source, hit.span)).link()
        shown = tag("a", value, href=href, data_go=True, title=texts.SHOW_IN_REPORT)
    return tag("span", shown, tag("span", term.name or term.label, class_="of"), class_="term")


def _side(cell: QuotedNumber, hit: Hit | None, talk: Conversation, *, named: bool) -> Html:
    value = tag("strong", with_unit(cell.text, cell.unit), class_="value")
    label = tag("span", cell.label, class_="of") if named else None
    if hit is None:
        return tag("li", value, label)
    title = hit.report.title or hit.report.kind or hit.source
    period = hit.report.period or str(hit.report.year or "")
    whose = " · ".join(filter(None, (title, period if period.lower() not in title.lower() else "")))
    href = talk.showing(Place(hit.source, hit.span)).link()
    link = tag("a", texts.SHOW_IN_REPORT, href=href, data_go=True)
    return tag("li", value, label, tag("span", whose, " ", link, class_="whose"))


def _signed(sign: str, term: Html) -> Html:
    """Keep a sign and what follows it on one line."""
    return tag("span", tag("span", sign, class_="sign"), " ", term, class_="signed")
