"""The tables of a report, each made when it is first looked at.

A question looks at one or two tables of a report that may hold a hundred: to make them all took more than
half of the time of a question beside its embedding.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

from rapportsvar.index.codec import from_plain
from rapportsvar.model import Span, Table


class Tables(Sequence[Table]):
    """The tables of a report, from what :func:`~rapportsvar.index.codec.to_plain` gave of them."""

    def __init__(self, plain: Sequence[Any]) -> None:
        self._plain = plain
        self._made: dict[int, Table] = {}

    def __len__(self) -> int:
        return len(self._plain)

    @overload
    def __getitem__(self, number: int) -> Table: ...

    @overload
    def __getitem__(self, number: slice) -> tuple[Table, ...]: ...

    def __getitem__(self, number: int | slice) -> Table | tuple[Table, ...]:
        if isinstance(number, slice):
            return tuple(self[each] for each in range(*number.indices(len(self))))
        place = range(len(self))[number]
        if place not in self._made:
            self._made[place] = from_plain(Table, self._plain[place])
        return self._made[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def at(self, span: Span) -> tuple[Table, ...]:
        """Return the tables that hold a span."""
        spans = (Span(*plain[0]) for plain in self._plain)
        return tuple(self[number] for number, own in enumerate(spans) if own.contains(span))


def tables_at(tables: Sequence[Table], span: Span) -> Sequence[Table]:
    """Return those of a report's tables that hold a span."""
    if isinstance(tables, Tables):
        return tables.at(span)
    return [table for table in tables if table.span.contains(span)]
