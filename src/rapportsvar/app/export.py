"""Hits as a table of values separated by semicolons, as Excel in Swedish opens them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

from rapportsvar.app import texts
from rapportsvar.app.citation import citation, cited_span, quote
from rapportsvar.index.entries import plain
from rapportsvar.model import Hit

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"


def hits_csv(hits: Sequence[Hit], today: date) -> bytes:
    """Return hits with their citations as UTF-8 with a byte order mark.

    Args:
        hits: In the order they are written.
        today: For the citations.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(texts.EXPORT_COLUMNS)
    for hit in hits:
        writer.writerow([safe(value) for value in _values(hit, today)])
    return (BOM + stream.getvalue()).encode("utf-8")


def safe(value: str) -> str:
    """Prefix what a spreadsheet would take for a formula (OWASP, CSV injection)."""
    return f"'{value}" if value.lstrip(" \u00a0").startswith(FORMULA) else value


def _values(hit: Hit, today: date) -> tuple[str, ...]:
    info, span = hit.report, cited_span(hit)
    return (
        info.municipality,
        info.board,
        info.title,
        info.kind,
        info.period,
        str(info.year or ""),
        info.date,
        info.reference,
        " › ".join(plain(title) for title in hit.section),
        texts.FORM[hit.kind.value],
        quote(hit),
        " | ".join(cell.value for cell in hit.cells) or " … ".join(plain(h.text) for h in hit.highlights),
        hit.source,
        str(span.start),
        str(span.end),
        citation(hit, today),
    )
