"""Whether what is found speaks of the year that is asked for.

A report of 2018 may say "2019" in one place and be asked for quite another measure of 2019: that the report
mentions the year is no answer. So the year is looked for where an entry would tell it: in its own words and
columns, under its headings and captions, or as the year that the whole report is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rapportsvar.index.opened import OpenIndex
from rapportsvar.model import EntryKind
from rapportsvar.retrieval.question import Understood
from rapportsvar.retrieval.report_periods import period_of
from rapportsvar.retrieval.retriever import Ranked
from rapportsvar.swedish.periods import PeriodMention, find_periods

_COLUMN_YEAR = re.compile(r"(?<![\d,.])(?<!\d[ \u00a0])(?:19|20)\d\d(?![\d,.])")
"""A row is indexed as "2016 702; 2017 718", where column and value together look like one number."""
TOP = 10
"""Entries that are looked at: those that could be shown as the answer."""


def year_fit(index: OpenIndex, understood: Understood, ranked: Ranked, top: int = TOP) -> float:
    """Tell how well the best entries that speak of the year asked for fit the question, 0 to 1.

    It is their highest coverage of the question's concepts, as a share of the highest of all. 1 where no year
    is named; near 0 where no candidate that fits speaks of that year: then the question has no answer here,
    however well the rest of it is met.
    """
    years = understood.years
    if not years or not len(ranked.places):
        return 1.0
    spoken = speaks_of(index, ranked.places[:top], years)
    coverage = ranked.coverage[:top]
    best = float(coverage.max(initial=0.0))
    if best <= 0:
        return float(spoken.any())
    return float(coverage[spoken].max(initial=0.0)) / best


def speaks_of(index: OpenIndex, places: npt.NDArray[np.int64], years: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Tell of each entry whether it speaks of one of the years, ``(len(places),) bool``.

    Words like ``föregående år`` are counted from the period of the entry's report.
    """
    wanted = set(years)
    spoken = np.zeros(len(places), np.bool_)
    for number, place in enumerate(places.tolist()):
        info = index.reports[int(index.entries["report"][place])][1]
        if info.year in wanted:
            spoken[number] = True
            continue
        _, entry = index.store.entry(int(index.entries["id"][place]))
        told = years_of(find_periods(f"{entry.context}. {entry.body}", reference=period_of(info)))
        if entry.kind is EntryKind.ROW:
            told |= {int(year) for year in _COLUMN_YEAR.findall(entry.body)}
        spoken[number] = bool(wanted & told)
    return spoken


def years_of(mentions: Sequence[PeriodMention]) -> set[int]:
    """Return all years that some periods touch."""
    periods = [mention.period for mention in mentions if mention.period]
    return {year for period in periods for year in range(period.first.year, period.last.year + 1)}
