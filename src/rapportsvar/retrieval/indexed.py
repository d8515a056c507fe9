"""What the index holds, as far as understanding a question needs it: reports by what questions name.

Made once for an index, so that a question goes over the reports of what it names and not over all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from rapportsvar.model import ReportInfo

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value", bound=Hashable)
Ids = frozenset[int]


@dataclass(frozen=True)
class Indexed:
    """The reports of an index.

    Attributes:
        reports: Metadata by id.
        speaking_of: Returns the ids of the reports whose text holds all of some index terms.
    """

    reports: Mapping[int, ReportInfo]
    speaking_of: Callable[[Sequence[str]], Ids]

    @cached_property
    def ids(self) -> Ids:
        """Of all reports."""
        return frozenset(self.reports)

    @cached_property
    def of_municipality(self) -> Mapping[str, Ids]:
        """Ids by municipality; those of none under the empty name."""
        return self._by(lambda info: info.municipality)

    @cached_property
    def of_board(self) -> Mapping[str, Ids]:
        """Ids by board, in small letters; those of none under the empty name."""
        return self._by(lambda info: info.board.lower())

    @cached_property
    def of_kind(self) -> Mapping[str, Ids]:
        """Ids by kind of report."""
        return self._by(lambda info: info.kind)

    @cached_property
    def of_year(self) -> Mapping[int, Ids]:
        """Ids by year, 0 where that is not known."""
        return self._by(lambda info: info.year or 0)

    def boards_in(self, municipalities: Iterable[str]) -> frozenset[str]:
        """Return the boards with reports in some municipalities, in all where none is named."""
        return _all_of(self._boards, municipalities) - {""}

    def years_in(self, municipalities: Iterable[str]) -> frozenset[int]:
        """Return the years of reports of some municipalities, 0 for unknown; of all, where none is named."""
        return _all_of(self._years, municipalities)

    def kinds_in(self, municipalities: Iterable[str]) -> frozenset[str]:
        """Return the kinds of the reports of some municipalities; of all, where none is named."""
        return _all_of(self._kinds, municipalities)

    def newest_period(self, municipalities: Iterable[str] | None) -> str:
        """Return the newest period that reports of some municipalities are about, or that year.

        Args:
            municipalities: As the index writes them; None for all.

        Returns:
            Nothing where no year is known.
        """
        names = self._newest if municipalities is None else set(municipalities) & self._newest.keys()
        newest = max((self._newest[name].year for name in names), default=0)
        some = [self._newest[name] for name in names if self._newest[name].year == newest]
        first = min(some, key=lambda each: each.order, default=None)
        return (first.label or str(newest)) if first else ""

    @cached_property
    def _boards(self) -> Mapping[str, frozenset[str]]:
        return self._in_municipalities(lambda info: info.board.lower())

    @cached_property
    def _years(self) -> Mapping[str, frozenset[int]]:
        return self._in_municipalities(lambda info: info.year or 0)

    @cached_property
    def _kinds(self) -> Mapping[str, frozenset[str]]:
        return self._in_municipalities(lambda info: info.kind)

    @cached_property
    def _newest(self) -> Mapping[str, _Newest]:
        found: dict[str, _Newest] = {}
        for order, info in enumerate(self.reports.values()):
            if not info.year:
                continue
            before = found.get(info.municipality)
            if before is None or info.year > before.year:
                before = found[info.municipality] = _Newest(info.year, len(self.reports), "")
            if info.year == before.year and info.period and not before.label:
                found[info.municipality] = _Newest(info.year, order, info.period)
        return found

    def _in_municipalities(self, value_of: Callable[[ReportInfo], Key]) -> Mapping[str, frozenset[Key]]:
        found: dict[str, set[Key]] = defaultdict(set)
        for info in self.reports.values():
            found[info.municipality].add(value_of(info))
        return {name: frozenset(values) for name, values in found.items()}

    def _by(self, key_of: Callable[[ReportInfo], Key]) -> Mapping[Key, Ids]:
        found: dict[Key, list[int]] = defaultdict(list)
        for key, info in self.reports.items():
            found[key_of(info)].append(key)
        return {value: frozenset(keys) for value, keys in found.items()}


@dataclass(frozen=True, slots=True)
class _Newest:
    """A municipality's newest year, and the first report of that year that names its period."""

    year: int
    order: int
    label: str


def union(groups: Mapping[Key, frozenset[Value]], keys: Iterable[Key]) -> frozenset[Value]:
    """Return the values of all groups that are named, such as the ids of reports."""
    return frozenset().union(*(groups.get(key, frozenset()) for key in keys))


def _all_of(groups: Mapping[str, frozenset[Key]], names: Iterable[str]) -> frozenset[Key]:
    """Return the values of all groups that are named, of every group where none is."""
    return union(groups, list(names) or groups)
