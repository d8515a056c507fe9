"""Versions of one report: what an older one says stands under the newest, and where their figures differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rapportsvar.index.opened import OpenIndex
from rapportsvar.index.versions import family_of
from rapportsvar.model import EntryKind, Figure, Span

LIKE = 0.6
"""Share of words in common, numbers set aside, from which two entries of two versions are the same place."""

_NUMBER = re.compile(r"[\d][\d  .,]*")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Differing:
    """A figure that versions of a report give differently.

    Attributes:
        measure: What is measured.
        row: The labels of its row.
        column: The headers of its column.
        period: In Swedish; empty where none is known.
        unit: Of all values.
        values: Source, place, number and what is written there, the newest version first.
    """

    measure: str
    row: str
    column: str
    period: str
    unit: str
    values: tuple[tuple[str, Span, float, str], ...]


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of a report.

    Attributes:
        newest: The one that is shown.
        older: Those behind it, the newer ones first.
        differing: Figures that they give differently, in the newest one's order.
    """

    newest: str
    older: tuple[str, ...] = ()
    differing: tuple[Differing, ...] = ()


def find_versions(index: OpenIndex, source: str) -> Versions:
    """Return the versions of a report, with the figures in which they differ.

    Raises:
        UnknownReport: There is no such source.
    """
    index.store.sha256(source)  # tells an unknown report
    newest, *older = family_of(source, index.versions)
    by_source = index.ids_by_source
    figures = {name: _by_place(index, by_source[name]) for name in (newest, *older)} if older else {}
    return Versions(newest, tuple(older), tuple(_differing(index, figures)))


def _by_place(index: OpenIndex, report: int) -> dict[tuple[object, ...], list[Figure]]:
    """Group a report's figures by all that says what they are."""
    found: dict[tuple[object, ...], list[Figure]] = {}
    for figure in index.store.figures_in(report, Span(0, 1 << 40)):
        found.setdefault(_what(figure), []).append(figure)
    return found


def _what(figure: Figure) -> tuple[object, ...]:
    """Of a sentence the words around its numbers say what is measured; of a cell, its row and column."""
    column = _NUMBER.sub("#", figure.column_label) if figure.period is None else ""
    return (
        figure.measure,
        figure.row_label,
        figure.period,
        figure.measured,
        figure.unit,
        figure.sex,
        figure.aspect,
        figure.against,
        figure.as_of,
        figure.part,
        column,
    )


def _differing(
    index: OpenIndex, figures: dict[str, dict[tuple[object, ...], list[Figure]]]
) -> Iterator[Differing]:
    newest = next(iter(figures), None)
    for what, own in figures[newest].items() if newest else ():
        same = [found for by_place in figures.values() if len(found := by_place.get(what, [])) == 1]
        there = [found[0] for found in same]
        if len(own) == 1 and len({figure.value for figure in there}) > 1:
            first = own[0]
            yield Differing(
                first.measure,
                first.row_label,
                first.column_label,
                first.period_label,
                first.unit,
                tuple((f.source, f.span, f.value, f.span.of(index.store.text(f.source))) for f in there),
            )


class Behind:
    """Finds, for what an older version says, the place where the newest one says it."""

    def __init__(self, index: OpenIndex) -> None:
        self._index = index
        by_source = index.ids_by_source
        self._newest = {
            by_source[source]: by_source[family[0]] for family in index.versions for source in family[1:]
        }
        self._bags = lru_cache(maxsize=4096)(self._bag)

    def newest(self, place: int) -> str:
        """Return the newest version of the report that an entry is of; empty where that is the newest."""
        report = self._newest.get(int(self._index.entries["report"][place]))
        return self._index.reports[report][0] if report is not None else ""

    def counterpart(self, place: int, places: npt.NDArray[np.int64]) -> int | None:
        """Return the entry of the newest version that says what an older version's entry says.

        Args:
            place: Of an entry.
            places: Of all entries that were ranked.

        Returns:
            Its place; None where the entry is of no older version, or the newest does not say it.
        """
        entries = self._index.entries
        newest = self._newest.get(int(entries["report"][place]))
        if newest is None:
            return None
        alike = (entries["report"][places] == newest) & (
            entries["is_row"][places] == entries["is_row"][place]
        )
        found = [(self._likeness(place, other), other) for other in places[alike].tolist()]
        likeness, likest = max(found, key=lambda each: each[0], default=(0.0, 0))
        return likest if likeness >= LIKE else None

    def _likeness(self, one: int, other: int) -> float:
        first, second = self._bags(one), self._bags(other)
        return len(first & second) / max(1, len(first | second))

    def _bag(self, place: int) -> frozenset[str]:
        """The words of an entry without its numbers; of a row its labels, with its headings."""
        _, entry = self._index.store.entry(int(self._index.entries["id"][place]))
        words = f"{entry.labels} {' '.join(entry.section)}" if entry.kind is EntryKind.ROW else entry.body
        return frozenset(_WORD.findall(_NUMBER.sub(" ", words).casefold()))
