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
    place_values,
    read_filters,
)
from rapportsvar.app.choice import Choice
from rapportsvar.app.citation import place_name
from rapportsvar.app.markup import EMPTY, Html, tag
from rapportsvar.app.swedish import capital, counted, number
from rapportsvar.index.entries import plain
from rapportsvar.model import EntryKind, Filters, Hit

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
    """Order hits: best first, newest first, or by municipality."""
    if order == "nyast":
        return sorted(hits, key=lambda h: (-(h.report.year or 0), h.rank))
    if order == "kommun":
        return sorted(hits, key=lambda h: (h.report.municipality or "ö", -(h.report.year or 0), h.rank))
    return list(hits)


def draw_facets(search: Search, facets: Mapping[str, Mapping[str, int]]) -> Html:
    """Draw the facets, each value a link that limits the search to it or takes the limit away."""
    drawn = [_facet(search, name, facets.get(name, {})) for name in texts.FACETS]
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


def draw_hits(hits: Sequence[Hit], choice: Choice, drawn: Callable[[Hit], Html]) -> Html:
    """Draw hits by report, reports in the order of their first hit.

    Args:
        hits: In their order.
        choice: Which of them are chosen.
        drawn: Draws the words of a hit.
    """
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.source, []).append(hit)
    return tag("div", [_group(group, choice, drawn) for group in groups.values()], class_="hit-groups")


def _facet(search: Search, name: str, counts: Mapping[str, int]) -> Html:
    chosen = search.value_of(name)
    values = dict(counts)
    if chosen and chosen not in values:
        values[chosen] = 0
    if name == "year":
        values = dict(sorted(values.items(), reverse=True))
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


def _group(hits: Sequence[Hit], choice: Choice, drawn: Callable[[Hit], Html]) -> Html:
    info = hits[0].report
    whose = " · ".join(filter(None, (place_name(info.municipality), capital(info.board), info.period)))
    href = link(REPORTS, {"rapport": hits[0].source})
    return tag(
        "section",
        tag("h3", tag("a", info.title or capital(info.kind) or texts.UNNAMED, href=href, data_go=True)),
        tag("p", whose, class_="whose"),
        [_hit(hit, choice, drawn) for hit in hits],
        class_="hit-group",
    )


def _hit(hit: Hit, choice: Choice, drawn: Callable[[Hit], Html]) -> Html:
    section = " › ".join(plain(title) for title in hit.section)
    open_link = link(REPORTS, place_values(Place(hit.source, hit.span)))
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
