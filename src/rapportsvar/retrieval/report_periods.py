"""The period that a report is about, read once from its label."""

from __future__ import annotations

from functools import lru_cache

from rapportsvar.model import Period, ReportInfo
from rapportsvar.swedish.periods import find_periods


def period_of(info: ReportInfo) -> Period | None:
    """Return the period that a report is about; or else its whole year, or None."""
    return _labelled(info.period or (str(info.year) if info.year else ""))


@lru_cache(maxsize=4096)
def _labelled(label: str) -> Period | None:
    found = find_periods(label) if label else []
    return found[0].period if found else None
