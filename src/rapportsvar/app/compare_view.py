"""What a comparison shows beside its charts: what can be chosen, the figures as tables, and their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapportsvar.answering.comparison import Chart, Comparison, Line, Wanted
from rapportsvar.answering.series import KINDS, Point, Series
from rapportsvar.app import texts
from rapportsvar.app.address import COMPARE, REPORTS, Place, Value, Values, first, link, place_values
from rapportsvar.app.chart_scale import (
    as_written,
    line_name,
    made,
    period_names,
    point_name,
    rest_of_name,
    value_of,
)
from rapportsvar.app.citation import place_name
from rapportsvar.app.markup import EMPTY, Html, tag, together
from rapportsvar.app.panel import report_name
from rapportsvar.app.swedish import capital
from rapportsvar.model import ReportInfo

OTHERS_SHOWN = 8
_KEYS = {"municipality": "municipalities", "board": "boards", "kind": "kinds", "year": "years"}


@dataclass(frozen=True, slots=True)
class Compared:
    """What the address of the comparison page holds.

    Attributes:
        measure: What is compared.
        wanted: What it is limited to.
    """

    measure: str = ""
    wanted: Wanted = field(default_factory=Wanted)

    @classmethod
    def read(cls, values: Values) -> Compared:
        """Read it from the values of an address."""
        years = tuple(int(y) for y in values.get("ar", ()) if y.isdecimal() and len(y) == 4)
        kinds = tuple(kind for kind in KINDS if kind in {_kind_read(v) for v in values.get("slag", ())})
        municipalities, boards = tuple(values.get("kommun", ())), tuple(values.get("namnd", ()))
        return cls(first(values, "matt"), Wanted(municipalities, boards, years, kinds))

    def link(self) -> str:
        """Write the address of this comparison."""
        wanted = self.wanted
        values: dict[str, Value] = {
            "matt": self.measure,
            "kommun": wanted.municipalities,
            "namnd": wanted.boards,
            "ar": [str(year) for year in wanted.years],
            "slag": [kind or _NO_KIND for kind in wanted.kinds],
        }
        return link(COMPARE, values)

    def of(self, measure: str) -> Compared:
        """Return the comparison of another measure, with nothing chosen but municipalities."""
        return Compared(measure, Wanted(municipalities=self.wanted.municipalities))

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return what is chosen of ``municipality``, ``board``, ``kind`` or ``year``."""
        return tuple(str(value) for value in getattr(self.wanted, _KEYS[name]))

    def with_chosen(self, name: str, values: Sequence[str]) -> Compared:
        """Return the comparison with other values chosen."""
        kept = tuple(values)
        wanted = {
            "municipality": replace(self.wanted, municipalities=kept),
            "board": replace(self.wanted, boards=kept),
            "kind": replace(self.wanted, kinds=kept),
            "year": replace(self.wanted, years=tuple(int(year) for year in kept if year.isdecimal())),
        }
        return replace(self, wanted=wanted[name])


_NO_KIND = "ej-angivet"


def _kind_read(value: str) -> str:
    return "" if value == _NO_KIND else value


def compared_with(series: Series) -> Compared:
    """Return the comparison that a line is part of."""
    municipalities = (series.municipality,) if series.municipality else ()
    return Compared(series.group or series.measure, Wanted(municipalities=municipalities))


def cell_link(point: Point) -> str:
    """Write the address of the cell of a figure in its report."""
    return link(REPORTS, place_values(Place(point.source, point.span)))


def draw_choices(compared: Compared, comparison: Comparison) -> Html:
    """Draw what can be chosen: each value a link that shows it, or no longer shows it."""
    rows = [_choice(compared, comparison, name) for name in texts.CHOICES]
    return tag("nav", rows, class_="shown-choices", aria_label=texts.COMPARE_CHOICES) if any(rows) else EMPTY


def draw_measure(compared: Compared, comparison: Comparison) -> Html:
    """Draw which measure is shown, and by what other names it goes."""
    asked = compared.measure.casefold() != comparison.measure.casefold()
    names = [f"”{name}”" for name, _ in comparison.also_called]
    return tag(
        "div",
        tag("p", texts.MEASURE_NEAREST.format(compared.measure), class_="note") if asked else None,
        tag("h2", comparison.measure),
        tag("p", texts.ALSO_CALLED.format(_listed(names)), class_="note also") if names else None,
        class_="measure-head",
    )


def draw_others(
    compared: Compared, names: Sequence[str], title: str, *, shown_max: int = OTHERS_SHOWN
) -> Html:
    """Draw other measures as links."""
    if not names:
        return EMPTY
    items = [
        tag("li", tag("a", name, href=compared.of(name).link(), data_go=True, class_="measure"))
        for name in names
    ]
    shown, hidden = items[:shown_max], items[shown_max:]
    more = tag(
        "details",
        tag("summary", texts.MEASURES_OTHER_MORE.format(len(hidden))),
        tag("ul", hidden, class_="measures"),
    )
    return tag(
        "section",
        tag("h2", title),
        tag("ul", shown, class_="measures"),
        more if hidden else None,
        class_="other-measures",
    )


def draw_figures(chart: Chart, numbers: Mapping[str, int], name: str, title: str) -> Html:
    """Draw the figures of a chart as a table: a row a line, a column a period.

    Args:
        chart: Its lines.
        numbers: The number of each source in the list of sources.
        name: Id of the table.
        title: What it shows.
    """
    heads = [tag("th", period, scope="col", class_="num") for period in period_names(chart)]
    rows = [
        tag(
            "tr",
            tag("th", _row_name(chart, line), scope="row"),
            [_cell(chart, line, place, numbers) for place in range(len(chart.periods))],
        )
        for line in chart.lines
    ]
    table = tag(
        "table",
        tag("caption", title, class_="sr"),
        tag("thead", tag("tr", tag("th", texts.WHAT, scope="col"), heads)),
        tag("tbody", rows),
        id=name,
    )
    disagrees = any(p.disagrees for line in chart.lines for p in (*line.points, *line.beside))
    return together(
        tag("div", table, class_="scroller period-table", tabindex=0, role="region", aria_label=title),
        tag("p", texts.DISAGREES, class_="note") if disagrees else None,
    )


def sources_of(comparison: Comparison) -> dict[str, ReportInfo]:
    """Return the reports that the figures stand in, in the order in which they are numbered."""
    points = [
        point for chart in comparison.charts for line in chart.lines for point in (*line.points, *line.beside)
    ]
    newest = sorted(points, key=lambda p: (p.report.municipality, -(p.report.year or 0), p.source))
    return {point.source: point.report for point in newest}


def draw_sources(sources: Mapping[str, ReportInfo]) -> Html:
    """Draw the numbered list of sources."""
    items = [
        tag(
            "li",
            tag("a", report_name(info, source), href=link(REPORTS, {"rapport": source}), data_go=True),
            id=f"kalla-{n}",
        )
        for n, (source, info) in enumerate(sources.items(), 1)
    ]
    return tag("section", tag("h2", texts.SOURCES), tag("ol", items), class_="sources")


def _choice(compared: Compared, comparison: Comparison, name: str) -> Html:
    values = list(comparison.choices.get(name, {}))
    chosen = compared.chosen(name)
    if len(values) < 2 and not chosen:
        return EMPTY
    values += [value for value in chosen if value not in values]
    shown = comparison.shown_kinds if name == "kind" else chosen or values
    chips = [_chip(compared, name, value, chosen, is_shown=value in shown, of=values) for value in values]
    label = tag("span", texts.CHOICES[name], class_="label")
    return tag(
        "div",
        label,
        tag("span", chips, class_="chips"),
        class_="shown-choice",
        role="group",
        aria_label=texts.CHOICES[name],
    )


def _chip(
    compared: Compared, name: str, value: str, chosen: Sequence[str], *, is_shown: bool, of: Sequence[str]
) -> Html:
    """Draw a value that is shown or not.

    While nothing is chosen all is shown; the first choice limits to it, and taking the last back shows all.
    """
    after = [v for v in of if (v in chosen) != (v == value)]
    shown = texts.KINDS[value] if name == "kind" else place_name(value) if name == "municipality" else value
    is_chosen = value in chosen
    said = texts.CHOICE_REMOVE if is_chosen else texts.CHOICE_ADD if chosen else texts.CHOICE_ONLY
    return tag(
        "a",
        capital(shown),
        tag("span", "×", aria_hidden="true", class_="cross") if is_chosen else None,
        href=compared.with_chosen(name, after).link(),
        data_go=True,
        class_="chip" if is_shown else "chip off",
        aria_current="true" if is_chosen else None,
        aria_label=said.format(shown),
    )


def _row_name(chart: Chart, line: Line) -> Html:
    """Name a row: what tells it apart, then what is not common to all."""
    called = "" if line.series.measure == line.series.group else f"”{line.series.measure}”"
    rest = " · ".join(filter(None, (rest_of_name(chart, line), called)))
    whose = tag("span", rest, class_="whose") if rest else None
    return together(tag("span", line_name(chart, line), class_="kind"), whose)


def _cell(chart: Chart, line: Line, place: int, numbers: Mapping[str, int]) -> Html:
    points = [p for p in (*line.points, *line.beside) if chart.place(p.period) == place]
    if points:
        figures = [_figure(chart, line, point, numbers, other=n > 0) for n, point in enumerate(points)]
        return tag("td", figures, class_="num")
    if place in line.gaps:
        return tag("td", tag("span", texts.MISSING), class_="num missing")
    return tag("td", tag("span", "–", aria_hidden="true"), class_="num missing")


def _figure(chart: Chart, line: Line, point: Point, numbers: Mapping[str, int], *, other: bool) -> Html:
    words = f"{point_name(line, point, chart.unit)}. {report_name(point.report, point.source)}"
    notes = (
        made(point),
        as_written(point, chart.unit),
        texts.DISAGREEING if other and point.disagrees else "",
    )
    note = ", ".join(filter(None, notes))
    return tag(
        "span",
        tag(
            "a",
            value_of(point, chart.unit),
            tag("sup", str(numbers[point.source])),
            href=cell_link(point),
            data_go=True,
            aria_label=words,
            title=words,
        ),
        tag("span", note, class_="note") if note else None,
        class_="one",
    )


def _listed(names: Sequence[str]) -> str:
    return " och ".join(filter(None, (", ".join(names[:-1]), names[-1])))
