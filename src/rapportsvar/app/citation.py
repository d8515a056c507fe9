"""A citation that can be pasted into an official letter, and checked to the character."""

from __future__ import annotations

from datetime import date

from rapportsvar.app import texts
from rapportsvar.app.swedish import capital, long_date, long_date_of
from rapportsvar.index.entries import plain
from rapportsvar.model import Hit, Span


def cited_span(hit: Hit) -> Span:
    """Return what of a hit is quoted: from its first to its last highlight, or a whole row."""
    if hit.cells or not hit.highlights:
        return hit.span
    return Span(min(h.span.start for h in hit.highlights), max(h.span.end for h in hit.highlights))


def quote(hit: Hit) -> str:
    """Return the quoted words as they stand in the report; tabs between cells become `` | ``."""
    span = cited_span(hit)
    words = hit.text[span.start - hit.span.start : span.end - hit.span.start]
    return " | ".join(" ".join(cell.split()) for cell in words.split("\t"))


def report_line(hit: Hit) -> str:
    """Name the report: title, municipality, board and period."""
    info = hit.report
    parts = (
        info.title or hit.source,
        place_name(info.municipality),
        capital(info.board),
        info.period or _year(info.year),
    )
    return ", ".join(filter(None, parts))


def place_line(hit: Hit) -> tuple[str, ...]:
    """Return municipality, board, report, period, section and page; what is not known is empty."""
    info = hit.report
    title = info.title or capital(info.kind) or hit.source
    period = info.period or _year(info.year)
    return (
        place_name(info.municipality),
        capital(info.board),
        title,
        period if period.lower() not in title.lower() else "",
        " › ".join(name for s in hit.section if (name := plain(s)) and name != title),
        texts.CITE_PAGE.format(hit.page) if hit.page else "",
    )


def place_name(municipality: str) -> str:
    """Write a municipality in full: ``Lindsjö kommun``."""
    return f"{municipality} kommun" if municipality and " " not in municipality else municipality


def citation(hit: Hit, today: date) -> str:
    """Write the citation of a hit.

    Args:
        hit: What is cited.
        today: The day it is fetched.
    """
    info, span = hit.report, cited_span(hit)
    where = (
        report_line(hit),
        texts.CITE_DATED.format(long_date_of(info.date)) if info.date else "",
        texts.CITE_REFERENCE.format(info.reference) if info.reference else "",
        texts.CITE_SECTION.format(" › ".join(plain(title) for title in hit.section)) if hit.section else "",
        texts.CITE_PAGE.format(hit.page) if hit.page else "",
        hit.source,
        texts.CITE_CHARS.format(span.start, span.end),
    )
    fetched = texts.CITE_FETCHED.format(long_date(today))
    cells = "; ".join(_cell(hit, n) for n in range(len(hit.cells)))
    marked = f" ({texts.MARKED} {cells})" if cells else ""
    return f"”{quote(hit)}”{marked} {', '.join(filter(None, where))}. {fetched}"


def _cell(hit: Hit, number: int) -> str:
    cell = hit.cells[number]
    unit = f" {cell.unit}" if cell.unit and cell.unit not in cell.value else ""
    return f"{', '.join(filter(None, (cell.row, cell.column)))}: {cell.value}{unit}"


def _year(year: int | None) -> str:
    return str(year) if year else ""
