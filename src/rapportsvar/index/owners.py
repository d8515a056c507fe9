"""Whose reports are, and which are the newest of theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rapportsvar.model import ReportInfo

Owner = tuple[str, str]


def owner_of(info: ReportInfo) -> Owner:
    """Return whose report it is: municipality and board."""
    return info.municipality, info.board


def newest_reports(infos: Iterable[ReportInfo]) -> Mapping[Owner, int]:
    """Return the newest year of each owner that has reports of several."""
    years: dict[Owner, set[int]] = {}
    for info in infos:
        if info.year:
            years.setdefault(owner_of(info), set()).add(info.year)
    return {owner: max(some) for owner, some in years.items() if len(some) > 1}
