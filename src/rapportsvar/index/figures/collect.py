"""All figures of a report: of its tables, then of its prose."""

from __future__ import annotations

from rapportsvar.index.figures.prose import prose_figures
from rapportsvar.index.figures.tables import table_figures
from rapportsvar.model import Figure, Report
from rapportsvar.swedish.periods import find_periods


def figures_of(report: Report) -> tuple[Figure, ...]:
    """Return the figures of a report; each span slices to the number that its value was read from."""
    words = report.metadata.period or report.metadata.year
    mentions = find_periods(words.value) if words else []
    own = mentions[0].period if mentions else None
    found = [f for table in report.tables for f in table_figures(report, table, own)]
    return (*found, *prose_figures(report, own))
