"""Headings of equal height: what two columns say over them is read before what they say below."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rapportsvar.reading.pdf.lines import Fragment, fragment, rounded, rows_of
from rapportsvar.reading.pdf.tables import LaidTable
from rapportsvar.reading.pdf.words import Word

_LARGER = 1.09
_LEVEL = 0.25
_ROOM = 0.5
"""Blank room over both headings, in sizes of their type, at least."""
_UNEVEN = 0.4
_WRAPPED = 0.8
"""The next line of a wrapped heading stands closer than this share of its height."""

_Line = Fragment | LaidTable
_Look = tuple[float, bool]


class _Heading(NamedTuple):
    """A heading of a column: its first line, the text right over it, and whether anything stands below."""

    line: Fragment
    look: _Look
    above: _Line | None
    followed: bool


def storeys(left: Sequence[_Line], right: Sequence[_Line]) -> list[tuple[list[_Line], list[_Line]]]:
    """Divide two columns, from the top, where headings of equal height stand over what is below them.

    Text that runs through both columns has headings of equal height by chance, too, most often where all
    lines of a page stand on a grid. Then others that look like them stand alone, there is as much room over
    one as over the other, the left column reaches down to the foot, or a sentence goes on from there.
    """
    usual = _usual([*left, *right])
    if not _may_divide(left, right, usual):
        return [(list(left), list(right))]
    one, other = _lines(left), _lines(right)
    pairs = _pairs(_headings(one, usual), _headings(other, usual))
    tops = [_top(a, b) for a, b in pairs if _divides(a, b) and _is_meant(a, b, one, other)]
    parts: list[tuple[list[_Line], list[_Line]]] = [([], []) for _ in range(len(tops) + 1)]
    for side, column in enumerate((left, right)):
        for item in column:
            parts[bisect_right(tops, item.y0)][side].append(item)
    return parts


def _usual(items: Sequence[_Line]) -> _Look:
    """Return size and weight of most of the text."""
    counts: Counter[_Look] = Counter()
    for item in items:
        if isinstance(item, Fragment):
            first = item.words[0]
            counts[first.size, first.bold] += len(item.words)
    return counts.most_common(1)[0][0] if counts else (0.0, False)


def _may_divide(left: Sequence[_Line], right: Sequence[_Line], usual: _Look) -> bool:
    """Tell whether anything in larger or bolder type stands side by side: on few pages it does."""
    one, other = (
        [item for item in side if isinstance(item, Fragment) and _is_loud(item.words[0], usual)]
        for side in (left, right)
    )
    return any(_is_level(a, b) for a in one for b in other)


def _is_loud(type_of: Word | Fragment, usual: _Look) -> bool:
    size, bold = usual
    return type_of.size >= _LARGER * size or (type_of.bold and not bold)


def _lines(column: Sequence[_Line]) -> list[_Line]:
    """Return the rows of words and the tables of a column, from the top."""
    rows = rows_of(word for item in column if isinstance(item, Fragment) for word in item.words)
    tables = [item for item in column if isinstance(item, LaidTable)]
    return sorted([*map(fragment, rows), *tables], key=lambda line: line.y0)


def _headings(lines: Sequence[_Line], usual: _Look) -> list[_Heading]:
    looks = [_look(line, usual) for line in lines]
    found: list[_Heading] = []
    for place, (line, look) in enumerate(zip(lines, looks, strict=True)):
        above = lines[place - 1] if place else None
        if look is None or not isinstance(line, Fragment):
            continue
        if above is not None and looks[place - 1] == look and line.y0 - above.y1 < _WRAPPED * line.height:
            continue
        text = above if looks[place - 1] is None else None
        found.append(_Heading(line, look, text, place + 1 < len(lines)))
    return found


def _look(line: _Line, usual: _Look) -> _Look | None:
    """Return size and weight of a line whose type is larger or bolder than that of the text."""
    if isinstance(line, LaidTable) or not _is_loud(line, usual):
        return None
    return rounded(line.size), line.bold


def _pairs(left: Sequence[_Heading], right: Sequence[_Heading]) -> list[tuple[_Heading, _Heading]]:
    """Return the headings that stand side by side, from the top, where none that looks like them is alone."""
    pairs: list[tuple[_Heading, _Heading]] = []
    for look in {heading.look for heading in left}:
        one, other = ([heading for heading in side if heading.look == look] for side in (left, right))
        if len(one) == len(other) and all(_is_level(a.line, b.line) for a, b in zip(one, other, strict=True)):
            pairs += zip(one, other, strict=True)
    return sorted(pairs, key=lambda pair: _top(*pair))


def _is_level(one: Fragment, other: Fragment) -> bool:
    return abs(one.middle - other.middle) <= _LEVEL * one.height


def _divides(one: _Heading, other: _Heading) -> bool:
    """Tell whether text stands over both headings, clear of them, and something below them."""
    top = _top(one, other)
    return all(
        heading.above is not None and heading.followed and top - heading.above.y1 >= _ROOM * heading.line.size
        for heading in (one, other)
    )


def _top(one: _Heading, other: _Heading) -> float:
    return min(one.line.y0, other.line.y0)


def _is_meant(one: _Heading, other: _Heading, left: Sequence[_Line], right: Sequence[_Line]) -> bool:
    """Tell whether two headings were put side by side: something shows that the text stays above."""
    goes_on, runs_on = _goes_on(one.above, right[0]), _goes_on(left[-1], right[0])
    if goes_on != runs_on:
        return goes_on
    slack = _UNEVEN * one.line.height
    uneven = one.above is not None and other.above is not None and abs(one.above.y1 - other.above.y1) > slack
    return uneven or left[-1].y1 < right[-1].y1 - slack


def _goes_on(end: _Line | None, head: _Line) -> bool:
    """Tell whether a sentence that a column ends with goes on at the head of the next."""
    if not isinstance(end, Fragment) or not isinstance(head, Fragment):
        return False
    last = end.words[-1]
    return last.cut or (last.text[-1:] not in ".!?:" and head.words[0].text[:1].islower())
