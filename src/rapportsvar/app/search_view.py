"""What a search shows: facets with counts, and hits by report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapportsvar.app import texts
from rapportsvar.app.address import (
    REPORTS,
    SEARCH,
    Place,
    Value,
    Values,
    filter_values,
    first,
    link,
    marks_values,
    place_values,
    read_filters,
)
from rapportsvar.app.choice import Choice
from rapportsvar.app.citation import place_name
from rapportsvar.app.markup import EMPTY, Html, tag
from rapportsvar.app.swedish import capital, counted, number
from rapportsvar.index.entries import plain
from rapportsvar.model import EntryKind, Filters, Hit

BY_YEAR = ("nyast", "aldst")
YEARS_MAX = 30
FORMS = {"text": EntryKind.PASSAGE, "tabell": EntryKind.ROW}


@dataclass(frozen=True, slots=True)
class Search:
    """What the address of the search page holds.

    Attributes:
        words: What is searched for.
        filters: What the hits are limited to.
        form: ``text`` or ``tabell``; empty for both.
        order: A key of ``texts.SORTS``.
        chosen: Keys of the hits that are chosen for export.
    """

    words: str = ""
    filters: Filters = field(default_factory=Filters)
    form: str = ""
    order: str = ""
    chosen: tuple[str, ...] = ()

    @classmethod
    def read(cls, values: Values) -> Search:
        """Read it from the values of an address."""
        form, order = first(values, "form"), first(values, "ordning")
        return cls(
            first(values, "ord"),
            read_filters(values),
            form if form in FORMS else "",
            order if order in texts.SORTS else "",
            tuple(values.get("vald", ())),
        )

    def link(self) -> str:
        """Write the address of this search."""
        values: dict[str, Value] = {"ord": self.words, "form": self.form, "ordning": self.order}
        return link(SEARCH, {**values, **filter_values(self.filters), "vald": self.chosen})

    def value_of(self, facet: str) -> str:
        """Return what a facet is limited to; empty where it is not."""
        filters = self.filters
        years = str(filters.years[0]) if filters.years else ""
        values = {"municipality": filters.municipality, "board": filters.board, "kind": filters.kind}
        return {**values, "year": years, "form": self.form}[facet] or ""

    def limited(self, facet: str, value: str) -> Search:
        """Return the search limited to a value of a facet; the empty value takes the limit away."""
        if facet == "form":
            return replace(self, form=value, chosen=())
        years = (int(value),) if value.isdecimal() else ()
        change = {"years": years} if facet == "year" else {facet: value or None}
        return replace(self, filters=replace(self.filters, **change), chosen=())

    def choosing(self, keys: tuple[str, ...]) -> str:
        """Write the address of this search with other hits chosen."""
        return replace(self, chosen=keys).link()


def ordered(hits: Sequence[Hit], order: str) -> list[Hit]:
    """Order hits: best, newest or oldest first, or by municipality; those of no year last."""
    if order in BY_YEAR:
        sign = -1 if order == "nyast" else 1
        return sorted(hits, key=lambda h: (h.report.year is None, sign * (h.report.year or 0), h.rank))
    if order == "kommun":
        return sorted(hits, key=lambda h: (h.report.municipality or "ö", -(h.report.year or 0), h.rank))
    return list(hits)


def draw_facets(search: Search, facets: Mapping[str, Mapping[str, int]]) -> Html:
    """Draw the facets, each value a link that limits the search to it or takes the limit away."""
    drawn = [_facet(search, name, facets.get(name, {})) for name in texts.FACETS if name != "year"]
    return tag(
        "details",
        tag("summary", texts.FILTER),
        tag("nav", drawn, class_="facets", aria_label=texts.FILTER),
        class_="facet-box",
        data_open_if_wide=True,
    )


def draw_sorts(search: Search) -> Html:
    """Draw the ways to order the hits."""
    links = [
        tag(
            "a",
            name,
            href=replace(search, order=order).link(),
            data_go=True,
            aria_current="true" if order == search.order else None,
        )
        for order, name in texts.SORTS.items()
    ]
    return tag("p", tag("span", texts.SORT), links, class_="sorts")


def draw_hits(
    hits: Sequence[Hit], choice: Choice, drawn: Callable[[Hit], Html], *, by_year: bool = False
) -> Html:
    """Draw hits by report, reports in the order of their first hit.

    Args:
        hits: In their order.
        choice: Which of them are chosen.
        drawn: Draws the words of a hit.
        by_year: The reports stand under their years.
    """
    if not by_year:
        return tag("div", _groups(hits, choice, drawn, "h3"), class_="hit-groups")
    years: dict[int | None, list[Hit]] = {}
    for hit in hits:
        years.setdefault(hit.report.year, []).append(hit)
    sections = [
        tag(
            "section",
            tag("h3", str(year or texts.NO_YEAR), class_="year"),
            _groups(some, choice, drawn, "h4"),
        )
        for year, some in years.items()
    ]
    return tag("div", sections, class_="hit-groups")


def draw_years(search: Search, counts: Mapping[str, int]) -> Html:
    """Draw how many hits each year has, as bars; each limits the search to its year, or takes that back.

    Args:
        search: The search.
        counts: Hits by year, as if the search were not limited to one.
    """
    known = {int(year): count for year, count in counts.items() if year.isdecimal()}
    chosen = search.value_of("year")
    if len(known) < 2 and not chosen:
        return EMPTY
    first, last = min(known, default=0), max(known, default=0)
    years = range(first, last + 1) if last - first < YEARS_MAX else sorted(known)
    most = max(known.values(), default=1)
    bars = [tag("li", _bar(search, str(year), known.get(year, 0), most, chosen)) for year in years]
    title = tag("h3", texts.HITS_BY_YEAR)
    undo = tag("a", texts.YEAR_ALL, href=search.limited("year", "").link(), data_go=True) if chosen else None
    return tag(
        "nav",
        tag("div", title, undo, class_="years-head"),
        tag("ol", bars),
        class_="years",
        aria_label=texts.HITS_BY_YEAR,
    )


def _bar(search: Search, year: str, count: int, most: int, chosen: str) -> Html:
    inner = (
        tag("span", number(count), class_="count"),
        tag("i", style=f"height:{count / most * 100:.1f}%", aria_hidden="true"),
        tag("span", year, class_="year"),
    )
    if not count:
        return tag("span", inner, class_="bar none")
    is_chosen = year == chosen
    counts = counted(count, texts.HIT_ONE, texts.HIT_MANY)
    return tag(
        "a",
        inner,
        href=search.limited("year", "" if is_chosen else year).link(),
        data_go=True,
        class_="bar off" if chosen and not is_chosen else "bar",
        aria_current="true" if is_chosen else None,
        aria_label=f"{texts.REMOVE} {year}" if is_chosen else texts.YEAR_ONLY.format(year, counts),
    )


def _groups(hits: Sequence[Hit], choice: Choice, drawn: Callable[[Hit], Html], heading: str) -> list[Html]:
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.source, []).append(hit)
    return [_group(group, choice, drawn, heading) for group in groups.values()]


def _facet(search: Search, name: str, counts: Mapping[str, int]) -> Html:
    chosen = search.value_of(name)
    values = dict(counts)
    if chosen and chosen not in values:
        values[chosen] = 0
    items = [tag("li", _facet_value(search, name, value, count, chosen)) for value, count in values.items()]
    return (
        tag("section", tag("h2", texts.FACETS[name][1]), tag("ul", items), class_="facet") if items else EMPTY
    )


def _facet_value(search: Search, name: str, value: str, count: int, chosen: str) -> Html:
    is_chosen = value == chosen
    return tag(
        "a",
        tag("span", capital(value)),
        tag("span", "×" if is_chosen else number(count), class_="count"),
        href=search.limited(name, "" if is_chosen or value == texts.UNKNOWN_VALUE else value).link(),
        data_go=True,
        aria_current="true" if is_chosen else None,
        aria_label=f"{texts.REMOVE} {value}"
        if is_chosen
        else f"{value}, {counted(count, texts.HIT_ONE, texts.HIT_MANY)}",
    )


def _group(hits: Sequence[Hit], choice: Choice, drawn: Callable[[Hit], Html], heading: str) -> Html:
    info = hits[0].report
    period = info.period or str(info.year or "")
    whose = " · ".join(filter(None, (place_name(info.municipality), capital(info.board), period)))
    href = link(REPORTS, {"rapport": hits[0].source})
    return tag(
        "section",
        tag(heading, tag("a", info.title or capital(info.kind) or texts.UNNAMED, href=href, data_go=True)),
        tag("p", whose, class_="whose"),
        [_hit(hit, choice, drawn) for hit in hits],
        class_="hit-group",
    )


def _hit(hit: Hit, choice: Choice, drawn: Callable[[Hit], Html]) -> Html:
    section = " › ".join(plain(title) for title in hit.section)
    marks = [cell.span for cell in hit.cells] or [mark.span for mark in hit.highlights]
    open_link = link(REPORTS, {**place_values(Place(hit.source, hit.span)), **marks_values(marks)})
    return tag(
        "article",
        tag("p", section, class_="section") if section else None,
        drawn(hit),
        tag(
            "div",
            tag("a", texts.SHOW_IN_REPORT, href=open_link, data_go=True, class_="action"),
            choice.box(hit),
            class_="actions",
        ),
        class_="found-hit",
    )
