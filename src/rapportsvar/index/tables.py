"""The tables of a report, each read and made when it is first looked at.

A question looks at one or two tables of a report that may hold a hundred: to make them all took more than
half of the time of a question beside its embedding, and to read the JSON of all a tenth.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, overload

from rapportsvar.index.codec import from_plain, to_plain
from rapportsvar.model import Span, Table

_FIRST, _BETWEEN, _LAST = "[\n", ",\n", "\n]"
"""One table a line: JSON has no line breaks of its own, so a table is found without reading those before."""
_SPAN = re.compile(r"\[\[(\d+),(\d+)\]")


def written(tables: Sequence[Table]) -> str:
    """Return tables as JSON, one a line; :class:`Tables` reads it."""
    lines = [json.dumps(to_plain(each), ensure_ascii=False, separators=(",", ":")) for each in tables]
    return f"{_FIRST}{_BETWEEN.join(lines)}{_LAST}" if lines else "[]"


class Tables(Sequence[Table]):
    """The tables of a report.

    Args:
        content: What :func:`written` gave of them, or any JSON array of what
            :func:`~rapportsvar.index.codec.to_plain` gives of a table, as indexes before 2026-12 hold it.
    """

    def __init__(self, content: str) -> None:
        if content.startswith(_FIRST):
            self._lines = content[len(_FIRST) : -len(_LAST)].split(_BETWEEN)
        else:
            separators = (",", ":")
            self._lines = [json.dumps(each, separators=separators) for each in json.loads(content)]
        self._made: dict[int, Table] = {}

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, number: int) -> Table: ...

    @overload
    def __getitem__(self, number: slice) -> tuple[Table, ...]: ...

    def __getitem__(self, number: int | slice) -> Table | tuple[Table, ...]:
        if isinstance(number, slice):
            return tuple(self[each] for each in range(*number.indices(len(self))))
        place = range(len(self))[number]
        if place not in self._made:
            self._made[place] = from_plain(Table, json.loads(self._lines[place]))
        return self._made[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def at(self, span: Span) -> tuple[Table, ...]:
        """Return the tables that hold a span."""
        spans = enumerate(map(_span_of, self._lines))
        return tuple(self[number] for number, own in spans if own.contains(span))


def _span_of(line: str) -> Span:
    match = _SPAN.match(line)
    first: Any = match.groups() if match else json.loads(line)[0]
    return Span(*map(int, first))


def tables_at(tables: Sequence[Table], span: Span) -> Sequence[Table]:
    """Return those of a report's tables that hold a span."""
    if isinstance(tables, Tables):
        return tables.at(span)
    return [table for table in tables if table.span.contains(span)]
