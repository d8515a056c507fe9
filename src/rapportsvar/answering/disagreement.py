"""Two places that give different numbers for one figure: the same measure, period, kind, sex and owner."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rapportsvar.answering.compose import UNSAID
from rapportsvar.answering.difference import decimals_of
from rapportsvar.answering.figures import (
    FigureFinder,
    dimension_of,
    inside,
    outer_labels,
    quoted_figure,
    same_but,
)
from rapportsvar.answering.series import kind_of
from rapportsvar.index.entries import JOIN
from rapportsvar.model import Disagreement, Figure, Hit, Measured
from rapportsvar.swedish.numbers import MONEY_FACTORS

_OUTCOMES = (Measured.OUTCOME, Measured.ACCOUNTS, Measured.OTHER)
_COUNTS = ("", "antal", "st")
PLACES_MAX = 3
"""Places that are shown; a fourth says no more."""

Text = Callable[[str], str]


def asked_figure(hit: Hit, figures: Sequence[Figure]) -> Figure | None:
    """Return the figure that a hit answers with: its first cell's, or the only one that it lights up.

    Args:
        hit: The hit.
        figures: Of the hit.
    """
    if hit.cells:
        first = [f for f in figures if hit.cells[0].span.contains(f.span)]
        return first[0] if len(first) == 1 else None
    lit = [f for f in figures if any(inside(f, mark.span) for mark in hit.highlights)]
    return lit[0] if len(lit) == 1 else None


def disagreeing(asked: Figure, finder: FigureFinder, text_of: Text) -> tuple[Figure, ...]:
    """Return the figures that give another number than the one that is asked for, each number once.

    Where a table holds two figures that its labels and headers do not tell apart, nothing is compared.

    Args:
        asked: The figure that answers.
        finder: Finds figures of the same name.
        text_of: Gives the text of a source.
    """
    if asked.period is None or asked.part or not any(char.isalpha() for char in asked.row_label):
        return ()
    key = _key(asked)
    others = [
        f for f in finder.alike(asked) if _key(f) == key and (f.source, f.span) != (asked.source, asked.span)
    ]
    if any(_table(f) == _table(asked) for f in others):
        return ()
    found: list[Figure] = []
    for other in others:
        if any(_agree(other, known, text_of) for known in (asked, *found)):
            continue
        if _is_of_the_same(asked, other, finder, text_of):
            found.append(other)
    return tuple(found[: PLACES_MAX - 1])


def told(figures: Sequence[Figure], text_of: Text) -> Disagreement:
    """Say that places disagree, with what each of them gives."""
    cells = tuple(quoted_figure(figure, text_of(figure.source)) for figure in figures)
    shown = [c.text if c.unit in c.text or c.unit in UNSAID else f"{c.text} {c.unit}" for c in cells]
    alone = len({figure.source for figure in figures}) == 1
    what = "Rapporten anger" if alone else "Rapporterna anger"
    period = f", {figures[0].period_label}" if figures[0].period_label else ""
    listed = f"{', '.join(shown[:-1])} och {shown[-1]}"
    return Disagreement(f"{what} olika siffror för {figures[0].measure}{period}: {listed}.", cells)


def _key(figure: Figure) -> tuple[object, ...]:
    """What is given no kind is an outcome as good as one that is; a count needs no unit."""
    kind = "" if figure.measured in _OUTCOMES else kind_of(figure)
    unit = "" if figure.unit in _COUNTS else dimension_of(figure)
    outer = outer_labels(figure) if figure.column_label else ""
    return (*same_but(figure, "kind", "dimension"), kind, unit, outer)


def _is_of_the_same(asked: Figure, other: Figure, finder: FigureFinder, text_of: Text) -> bool:
    """Tell whether two figures of one name are of one thing.

    Two tables of the same rows that mostly differ are of two things, such as the same statement for two
    units; a sentence of one word may be about the unit that its section is of.
    """
    ours, theirs = finder.beside(asked), finder.beside(other)
    if not ours or not theirs:
        sections = sorted((asked.section, other.section), key=len)
        nested = sections[1][: len(sections[0])] == sections[0]
        return nested or len(finder.name(asked).split()) > 1
    here = {(_row_name(f), _key(f)): f for f in ours if f.row != asked.row}
    agree = differ = 0
    for figure in theirs:
        mine = here.get((_row_name(figure), _key(figure))) if figure.row != other.row else None
        if mine is not None:
            same = _agree(mine, figure, text_of)
            agree, differ = agree + same, differ + (not same)
    return differ == 0 or differ < agree


def _row_name(figure: Figure) -> str:
    """Return the innermost label of a row: that of a generic row, unlike its measure, names no heading."""
    return figure.row_label.rpartition(JOIN)[2].casefold()


def _table(figure: Figure) -> tuple[object, ...]:
    """Tell tables apart; a sentence has none, and is one of its own."""
    where = (figure.caption, figure.column_label) if figure.column_label else (figure.row,)
    return (figure.source, figure.section, *where)


def _agree(one: Figure, other: Figure, text_of: Text) -> bool:
    """Tell whether two numbers are the same within one step of the coarser; counts are not rounded.

    A deviation is written with and without its minus, so its sign is left aside.
    """
    values = [f.value * MONEY_FACTORS.get(f.unit, 1.0) for f in (one, other)]
    if one.measured is Measured.DEVIATION:
        values = [abs(value) for value in values]
    steps = [
        10.0 ** -decimals_of(quoted_figure(f, text_of(f.source))) * MONEY_FACTORS.get(f.unit, 1.0)
        for f in (one, other)
    ]
    if one.unit in _COUNTS and other.unit in _COUNTS and steps[0] == steps[1]:
        return values[0] == values[1]
    return abs(values[0] - values[1]) <= max(steps) * (1 + 1e-6)
