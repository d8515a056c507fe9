"""The list of reports: what its address holds, which reports are left, and how they are drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from rapportsvar.app import texts
from rapportsvar.app.address import (
    REPORTS,
    Place,
    Value,
    Values,
    filter_values,
    first,
    link,
    place_values,
    read_filters,
)
from rapportsvar.app.citation import place_name
from rapportsvar.app.facts import LISTED, READ, draw_facts, title_of
from rapportsvar.app.markup import EMPTY, Html, tag, together
from rapportsvar.app.swedish import capital, counted, number
from rapportsvar.engine.shelf import Shelved
from rapportsvar.library.place import UPLOADED
from rapportsvar.model import Filters, Span

May = tuple[bool, bool]
"""Whether reports may be corrected, and removed or hidden."""
UNCOVERED_SHOWN = 5
FACETS = ("municipality", "board", "year", "kind", "show")
SHOWS: Mapping[str, Callable[[Shelved], bool]] = {
    "uppladdade": lambda report: report.source.startswith(f"{UPLOADED}/"),
    "anmarkningar": lambda report: bool(report.warnings or report.uncovered),
    "osakra": lambda report: bool(report.info.uncertain),
    "rattade": lambda report: bool(report.corrected),
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the address of the list holds.

    Attributes:
        words: Each is to stand in the title, the metadata or the name of the file.
        filters: What the list is limited to.
        show: A key of :data:`SHOWS`; empty for all.
        order: A key of ``texts.REPORTS_SORTS``.
        adding: The panel for new files is open.
    """

    words: str = ""
    filters: Filters = field(default_factory=Filters)
    show: str = ""
    order: str = ""
    adding: bool = False

    @classmethod
    def read(cls, values: Values) -> Shelf:
        """Read it from the values of an address."""
        show, order = first(values, "visa"), first(values, "ordning")
        return cls(
            first(values, "ord"),
            read_filters(values),
            show if show in SHOWS else "",
            order if order in texts.REPORTS_SORTS else "",
            first(values, "lagg-till") == "1",
        )

    def link(self) -> str:
        """Write the address."""
        values: dict[str, Value] = {"ord": self.words, "visa": self.show, "ordning": self.order}
        adding: dict[str, Value] = {"lagg-till": "1" if self.adding else None}
        return link(REPORTS, {**values, **filter_values(self.filters), **adding})

    def value_of(self, facet: str) -> str:
        """Return what a facet is limited to; empty where it is not."""
        if facet == "show":
            return self.show
        if facet == "year":
            return str(self.filters.years[0]) if self.filters.years else ""
        return str(getattr(self.filters, facet) or "")

    def limited(self, facet: str, value: str) -> Shelf:
        """Return the list limited to a value of a facet; the empty value takes the limit away."""
        if facet == "show":
            return replace(self, show=value)
        years = (int(value),) if value.isdecimal() else ()
        change = {"years": years} if facet == "year" else {facet: value or None}
        return replace(self, filters=replace(self.filters, **change))

    def chosen(self, reports: Sequence[Shelved], *, but: str = "") -> list[Shelved]:
        """Return the reports that are left; ``but`` names a facet that is set aside."""
        wanted = {facet: self.value_of(facet) for facet in FACETS if facet != but}
        words = self.words.casefold().split()
        return [
            report
            for report in reports
            if all(not value or value in values_of(report, facet) for facet, value in wanted.items())
            and all(word in _words_of(report) for word in words)
        ]


def values_of(report: Shelved, facet: str) -> tuple[str, ...]:
    """Return under which values of a facet a report stands."""
    if facet == "show":
        return tuple(name for name, holds in SHOWS.items() if holds(report))
    value = getattr(report.info, facet)
    return (str(value),) if value else ()


def draw_facets(shelf: Shelf, reports: Sequence[Shelved]) -> Html:
    """Draw the facets; each counts the reports that choosing it would leave."""
    drawn = [_facet(shelf, facet, shelf.chosen(reports, but=facet)) for facet in FACETS]
    return tag(
        "details",
        tag("summary", texts.FILTER),
        tag("nav", drawn, class_="facets", aria_label=texts.FILTER),
        class_="facet-box",
        data_open_if_wide=True,
    )


def draw_count(shelf: Shelf, shown: int, there: int) -> Html:
    """Draw how many reports are left, and the ways to order them."""
    links = [
        tag(
            "a",
            name,
            href=replace(shelf, order=order).link(),
            data_go=True,
            aria_current="true" if order == shelf.order else None,
        )
        for order, name in texts.REPORTS_SORTS.items()
    ]
    count = texts.REPORTS_SHOWN.format(number(shown), counted(there, texts.REPORT_ONE, texts.REPORT_MANY))
    return tag(
        "div",
        tag("h2", count, role="status"),
        tag("p", tag("span", texts.SORT), links, class_="sorts"),
        class_="result-head",
    )


def draw_reports(
    shelf: Shelf, reports: Sequence[Shelved], *, may_change: bool, may_remove: bool = True
) -> Html:
    """Draw the reports that are left, by municipality unless ordered in another way."""
    may = (may_change, may_remove)
    if not reports:
        return tag("p", texts.REPORTS_NONE, role="status")
    if shelf.order == "nyast":
        ordered = sorted(reports, key=lambda r: (-(r.info.year or 0), r.info.municipality, r.source))
        return _group(None, ordered, may)
    if shelf.order == "titel":
        return _group(None, sorted(reports, key=lambda r: title_of(r.info).casefold()), may)
    ordered = sorted(
        reports, key=lambda r: (not r.info.municipality, r.info.municipality, -(r.info.year or 0), r.source)
    )
    groups = groupby(ordered, key=lambda r: r.info.municipality)
    return together(
        *[_group(place_name(name) or texts.UNKNOWN_MUNICIPALITY, list(group), may) for name, group in groups]
    )


def draw_contents_line(report: Shelved) -> Html:
    """Say how much of a report can be found, and which file it is."""
    parts = [
        counted(report.pages, texts.PAGE_ONE, texts.PAGE_MANY) if report.pages else "",
        counted(report.passages, texts.PASSAGE_ONE, texts.PASSAGE_MANY),
        counted(report.rows, texts.ROW_ONE, texts.ROW_MANY) if report.rows else "",
        _coverage(report),
    ]
    words = [tag("span", part) for part in parts if part] + [tag("span", report.source, class_="file")]
    return tag("p", words, class_="note dotted")


def draw_reading_notes(report: Shelved) -> Html:
    """Draw the warnings of the reading, and what could not be read."""
    items = [tag("li", warning) for warning in report.warnings]
    items += [
        tag(
            "li",
            tag("a", f"”{stretch.words}”", href=_place(report.source, stretch.span), data_go=True),
        )
        for stretch in report.uncovered[:UNCOVERED_SHOWN]
    ]
    if not items:
        return EMPTY
    left = counted(len(report.uncovered), texts.STRETCH_ONE, texts.STRETCH_MANY)
    said = f": {texts.UNCOVERED.format(left)}" if report.uncovered else ""
    return tag(
        "details",
        tag("summary", f"{texts.WARNINGS} ({number(len(report.warnings) + len(report.uncovered))})"),
        tag("p", f"{texts.WARNINGS}{said}", class_="unseen") if said else None,
        tag("ul", items),
        class_="warnings",
    )


def draw_removal(source: str, name: str) -> Html:
    """Draw the button that takes a report out: removed where it was uploaded, hidden otherwise."""
    uploaded = source.startswith(f"{UPLOADED}/")
    what = texts.REMOVE_REPORT if uploaded else texts.HIDE
    return tag(
        "button",
        what,
        type="button",
        class_="action quiet",
        data_act="ta-bort" if uploaded else "dolj",
        data_what=source,
        aria_label=f"{what}: {name}",
    )


def _group(name: str | None, reports: Sequence[Shelved], may: May) -> Html:
    cards = [_card(report, may, with_place=name is None) for report in reports]
    return tag("section", tag("h2", name) if name else None, cards, class_="report-group")


def _card(report: Shelved, may: May, *, with_place: bool) -> Html:
    name = title_of(report.info)
    href = link(REPORTS, {"rapport": report.source})
    correct = link(REPORTS, {"rapport": report.source, "ratta": "1"})
    changes = (
        tag(
            "a",
            texts.CORRECT,
            href=correct,
            data_go=True,
            class_="action quiet",
            aria_label=f"{texts.CORRECT}: {name}",
        ),
        draw_removal(report.source, name) if may[1] else None,
    )
    return tag(
        "article",
        tag("h3", tag("a", name, href=href, data_go=True)),
        draw_facts(report.info, READ if with_place else LISTED, report.corrected),
        draw_contents_line(report),
        draw_reading_notes(report),
        tag("div", changes, class_="actions") if may[0] else None,
        class_="report-card",
    )


def _coverage(report: Shelved) -> str:
    if not report.uncovered:
        return texts.COVERED_ALL
    share = min(99.9, 100 * report.coverage)
    return texts.COVERED.format(f"{share:.1f}".replace(".", ","))


def _facet(shelf: Shelf, facet: str, reports: Sequence[Shelved]) -> Html:
    counts = Counter(value for report in reports for value in values_of(report, facet))
    chosen = shelf.value_of(facet)
    if chosen:
        counts.setdefault(chosen, 0)
    names = list(SHOWS) if facet == "show" else sorted(counts, key=lambda v: (-counts[v], v))
    if facet == "year":
        names = sorted(counts, reverse=True)
    items = [
        tag("li", _facet_value(shelf, facet, name, counts[name], chosen)) for name in names if name in counts
    ]
    heading = texts.SHOW_FACET if facet == "show" else texts.FACETS[facet][1]
    return tag("section", tag("h2", heading), tag("ul", items), class_="facet") if items else EMPTY


def _facet_value(shelf: Shelf, facet: str, value: str, count: int, chosen: str) -> Html:
    is_chosen = value == chosen
    name = texts.SHOWS[value] if facet == "show" else value
    said = counted(count, texts.REPORT_ONE, texts.REPORT_MANY)
    return tag(
        "a",
        tag("span", capital(name)),
        tag("span", "×" if is_chosen else number(count), class_="count"),
        href=shelf.limited(facet, "" if is_chosen else value).link(),
        data_go=True,
        aria_current="true" if is_chosen else None,
        aria_label=f"{texts.REMOVE} {name}" if is_chosen else f"{name}, {said}",
    )


def _words_of(report: Shelved) -> str:
    info = report.info
    said = (info.title, info.municipality, info.board, info.kind, info.period, info.reference, report.source)
    return " ".join(said).casefold()


def _place(source: str, span: Span) -> str:
    return link(REPORTS, place_values(Place(source, span)))
