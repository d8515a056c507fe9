"""From a question for a difference to its calculation: which two quoted figures are its terms.

The terms have one measure, unit, sex and kind, and differ in what the question sets against each other alone.
Where that leaves more than one pair, or none, nothing is worked out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from rapportsvar.answering.compared import Axis, Compared
from rapportsvar.answering.difference import POINTS, Difference, decimals_of, difference
from rapportsvar.answering.figures import FigureFinder, kind_order, quoted_figure, same_but
from rapportsvar.answering.series import kind_of
from rapportsvar.model import Calculation, Figure, Measured, ReportInfo
from rapportsvar.retrieval.question import Understood
from rapportsvar.swedish.numbers import MONEY_FACTORS, to_unit
from rapportsvar.swedish.words import Analyzer

_OUTCOMES = (Measured.OUTCOME, Measured.ACCOUNTS)
_KIND_NAMES = {Measured.BUDGET: "budget", Measured.FORECAST: "prognos", Measured.OUTCOME: "utfall"}
_LEFT_OUT: dict[Axis, tuple[str, ...]] = {
    Axis.YEAR: ("period", "as_of"),
    Axis.KIND: ("kind", "as_of"),
    Axis.SEX: ("sex",),
    Axis.PLACE: ("as_of",),
}
_STATES = re.compile(r"avvik|differens|\bdiff\b|\+/-|förändr|ökning|minskning|skillnad", re.IGNORECASE)
_NOT_A_TERM = (Measured.DEVIATION, Measured.TARGET)

Pair = tuple[Figure, Figure]
Text = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Worked:
    """A calculation with its figures.

    Attributes:
        calculation: None where the report states the result itself, in ``stated``.
        terms: The figures of the sum.
        stated: A figure of a term's row that states the result.
    """

    calculation: Calculation | None
    terms: Pair
    stated: Figure | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """What terms are looked for, and with what.

    Attributes:
        compared: What is set against each other.
        understood: The question.
        finder: Finds the other term, where it stands in another row or report.
        analyzer: For the words of the columns.
        text_of: Gives the text of a source.
        beyond: Whether one of the terms may stand outside the hit.
    """

    compared: Compared
    understood: Understood
    finder: FigureFinder
    analyzer: Analyzer
    text_of: Text
    beyond: bool


def work_out(anchor: Sequence[Figure], search: Search) -> Worked | None:
    """Work out what a question asks the difference of.

    Args:
        anchor: The figures of a hit that speaks of it; one of the terms at least is among them.
        search: What terms are looked for.
    """
    pair = _pair(anchor, search)
    if pair is None:
        return None
    texts = [search.text_of(figure.source) for figure in pair]
    quoted = (quoted_figure(pair[0], texts[0]), quoted_figure(pair[1], texts[1]))
    names = (_name(0, pair, search), _name(1, pair, search))
    made = difference(*quoted, names=names, percent=search.compared.axis is Axis.YEAR)
    if made is None:
        return None
    stated = next((figure for figure in anchor if _states(figure, pair, made, search.text_of)), None)
    if stated is not None:
        return Worked(None, pair, stated)
    what = _what(pair, search.compared)
    named = (replace(quoted[0], name=names[0]), replace(quoted[1], name=names[1]))
    text = f"{what}: {made.text}"
    return Worked(Calculation("difference", named, made.value, made.unit, text, what, made.written), pair)


def _pair(anchor: Sequence[Figure], search: Search) -> Pair | None:
    compared, finder = search.compared, search.finder
    own = [figure for figure in anchor if _fits(figure, compared, search.understood)]
    others = own
    if own and search.beyond:
        owners = finder.owners(compared.places) if compared.axis is Axis.PLACE else ()
        others = [f for f in finder.alike(own[0], owners) if _fits(f, compared, search.understood)]
    asked = {term.key for term in search.understood.terms}
    return _choose(list(_pairs(own, others, compared, finder)), asked, search.analyzer)


def _fits(figure: Figure, compared: Compared, understood: Understood) -> bool:
    """Tell whether a figure may be a term at all: of the kind, the sex and the year that are asked for."""
    if figure.part or figure.period is None or figure.measured in _NOT_A_TERM:
        return False
    if compared.axis is not Axis.SEX and figure.sex != understood.sex:
        return False
    if compared.axis is Axis.KIND:
        if _side(figure) not in compared.kinds:
            return False
    elif not _is_of_kind(figure, understood):
        return False
    years = understood.years or understood.implied_years
    return compared.axis is Axis.YEAR or not years or figure.period.year in years


def _side(figure: Figure) -> Measured:
    return Measured.OUTCOME if figure.measured in _OUTCOMES else figure.measured


def _is_of_kind(figure: Figure, understood: Understood) -> bool:
    """Outcomes, and what the reports give no kind, unless budget or forecast is what is asked for."""
    asked = understood.measured & {Measured.BUDGET, Measured.FORECAST}
    if len(asked) == 1 and not understood.measured & {Measured.OUTCOME, Measured.ACCOUNTS}:
        return figure.measured in asked
    return figure.measured in (*_OUTCOMES, Measured.OTHER)


def _pairs(
    own: Sequence[Figure], others: Sequence[Figure], compared: Compared, finder: FigureFinder
) -> Iterator[Pair]:
    """Yield every pair of terms, the one that is taken from first."""
    left_out = _LEFT_OUT[compared.axis]
    groups: dict[tuple[object, ...], tuple[list[Figure], list[Figure]]] = defaultdict(lambda: ([], []))
    for place, figures in enumerate((own, others)):
        for figure in figures:
            groups[same_but(figure, *left_out)][place].append(figure)
    for here, there in groups.values():
        for one, other in product(here, there):
            if one.measure != other.measure and one.row == other.row and one.source == other.source:
                continue
            for first, second in ((one, other), (other, one)):
                if (first.source, first.span) != (second.source, second.span) and _opposed(
                    first, second, compared, (finder.info(first), finder.info(second))
                ):
                    yield first, second


def _opposed(first: Figure, second: Figure, compared: Compared, infos: tuple[ReportInfo, ReportInfo]) -> bool:
    """Tell whether two figures are the two sides of what is compared, in the order of the sum."""
    if compared.axis is Axis.YEAR:
        return _years_apart(first, second, compared)
    if compared.axis is Axis.KIND:
        return (_side(first), _side(second)) == compared.kinds
    if compared.axis is Axis.SEX:
        return {first.sex, second.sex} == {"kvinnor", "män"} and _is_larger(first, second)
    whose = (infos[0].municipality, infos[1].municipality)
    return set(whose) == set(compared.places) and whose[0] != whose[1] and _is_larger(first, second)


def _years_apart(first: Figure, second: Figure, compared: Compared) -> bool:
    if first.period is None or second.period is None:
        return False
    earlier, later = compared.years
    if later is None:
        return first.period.year > second.period.year and second.period.year == (
            earlier if earlier is not None else first.period.year - 1
        )
    return (second.period.year, first.period.year) == (earlier, later)


def _is_larger(first: Figure, second: Figure) -> bool:
    """Order two sides that have no order; equal ones by where they stand."""
    values = [f.value * MONEY_FACTORS.get(f.unit, 1.0) for f in (first, second)]
    if values[0] != values[1]:
        return values[0] > values[1]
    return (first.source, first.span) < (second.source, second.span)


def _choose(pairs: Sequence[Pair], asked: set[str], analyzer: Analyzer) -> Pair | None:
    """Return the pair that fits best; None where two fit alike and give other results."""
    if not pairs:
        return None
    ordered = sorted(pairs, key=lambda pair: _order(pair, asked, analyzer))
    best = _order(ordered[0], asked, analyzer)
    results = {round(_money(p[0]) - _money(p[1]), 6) for p in ordered if _order(p, asked, analyzer) == best}
    return ordered[0] if len(results) == 1 else None


def _order(pair: Pair, asked: set[str], analyzer: Analyzer) -> tuple[object, ...]:
    """Say how well a pair fits, the best least: aspect, kind, one row, one unit, the latest period."""
    first, second = pair
    words = {term.key for term in analyzer.terms(first.aspect)} if first.aspect else set()
    strange = len(words - asked) - len(words & asked)
    latest = -first.period.last.toordinal() if first.period else 0
    made = -sum(f.as_of.last.toordinal() for f in pair if f.as_of)
    apart = (first.source, first.row) != (second.source, second.row)
    return (
        strange,
        kind_order(first),
        apart,
        first.unit != second.unit,
        first.source != second.source,
        latest,
        made,
    )


def _money(figure: Figure) -> float:
    return figure.value * MONEY_FACTORS.get(figure.unit, 1.0)


def _states(figure: Figure, pair: Pair, made: Difference, text_of: Text) -> bool:
    """Tell whether a figure beside the terms states what they differ by, in its own rounding."""
    if figure in pair or not (figure.measured is Measured.DEVIATION or _STATES.search(figure.column_label)):
        return False
    if all((figure.source, figure.row) != (term.source, term.row) for term in pair):
        return False
    unit = pair[0].unit if made.unit == POINTS else made.unit
    if figure.unit in MONEY_FACTORS and unit in MONEY_FACTORS:
        value = to_unit(figure.value, figure.unit, unit)
    elif figure.unit in (unit, "", "antal", POINTS):
        value = figure.value
    else:
        return False
    step = 10.0 ** -decimals_of(quoted_figure(figure, text_of(figure.source)))
    return abs(abs(value) - abs(made.value)) < 1.01 * step


def _name(place: int, pair: Pair, search: Search) -> str:
    """Name a term by what sets it apart from the other: its column, its row, or what it is."""
    figure, other = pair[place], pair[1 - place]
    if search.compared.axis is Axis.PLACE:
        return search.finder.info(figure).municipality
    if figure.column_label and figure.column_label != other.column_label:
        return figure.column_label
    if search.compared.axis is Axis.SEX:
        return figure.sex
    if search.compared.axis is Axis.KIND:
        return _KIND_NAMES.get(_side(figure), kind_of(figure))
    return figure.period_label


def _what(pair: Pair, compared: Compared) -> str:
    """Name what is worked out: the row, or the measure where the terms stand in several."""
    first, second = pair
    if (first.source, first.row) == (second.source, second.row):
        return first.row_label or first.measure
    period = (
        f", {first.period_label}" if compared.axis in (Axis.SEX, Axis.PLACE) and first.period_label else ""
    )
    return f"{first.measure}{period}"
