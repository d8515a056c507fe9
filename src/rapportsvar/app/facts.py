"""Metadata of a report as a row of names and values, uncertain and corrected ones marked."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rapportsvar.app import texts
from rapportsvar.app.citation import place_name
from rapportsvar.app.markup import Html, tag
from rapportsvar.app.swedish import capital, long_date_of
from rapportsvar.model import ReportInfo

LISTED = ("board", "kind", "period", "date", "reference")
READ = ("municipality", "board", "kind", "period", "date", "reference")


def draw_facts(info: ReportInfo, names: Sequence[str], corrected: Collection[str] = ()) -> Html:
    """Draw the facts of a report that are known.

    Args:
        info: Its metadata.
        names: Which facts, in order.
        corrected: Those that were corrected by hand.
    """
    drawn = [_fact(info, name, name in corrected) for name in names if getattr(info, name)]
    return tag("dl", drawn, class_="facts")


def title_of(info: ReportInfo) -> str:
    """Name a report by its title, else by its kind."""
    return info.title or capital(info.kind) or texts.UNNAMED


def _fact(info: ReportInfo, name: str, is_corrected: bool) -> Html:
    value = str(getattr(info, name))
    shown = {"date": long_date_of(value), "municipality": place_name(value)}.get(name, value)
    marks = (
        tag("span", texts.UNCERTAIN, class_="unsure-tag") if name in info.uncertain else None,
        tag("span", texts.CORRECTED, class_="corrected-tag") if is_corrected else None,
    )
    return tag("div", tag("dt", texts.FACTS[name]), tag("dd", capital(shown), marks))
