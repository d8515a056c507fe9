"""Addresses: every view and every question has one, and a page is drawn from its address alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlencode, urlsplit

from rapportsvar.model import Filters, Limiting, Span

ASK, SEARCH, COMPARE, REPORTS = "", "sok", "jamfor", "rapporter"
EVALUATION, ABOUT = "utvardering", "sa-fungerar-det"
PAGES = (ASK, SEARCH, COMPARE, REPORTS, EVALUATION, ABOUT)

IGNORED = {"kommun": Limiting.MUNICIPALITY, "namnd": Limiting.BOARD, "ar": Limiting.YEARS}

MARKS_MAX = 40

Value = str | int | Sequence[str] | None
Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a report that an address points at."""

    source: str
    span: Span


def link(page: str, values: Mapping[str, Value] | None = None) -> str:
    """Write the address of a page, relative to any page of the application."""
    kept = {key: value for key, value in (values or {}).items() if value not in (None, "", (), [])}
    return f"./{page}" + (f"?{urlencode(kept, doseq=True)}" if kept else "")


def parse(address: str) -> tuple[str, dict[str, list[str]]] | None:
    """Read an address that :func:`link` wrote; None where it leads elsewhere."""
    parts = urlsplit(address)
    page = parts.path.removeprefix("./")
    if parts.scheme or parts.netloc or page not in PAGES:
        return None
    return page, parse_qs(parts.query)


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the address of the question page holds.

    Attributes:
        question: The one that is answered; empty on the first page.
        earlier: Questions before it, oldest first.
        filters: What the asker limits the answer to.
        place: What is open in the report beside.
        chosen: Keys of the hits that are chosen for export.
        ignored: What the question names and the answer is not to be limited to.
    """

    question: str = ""
    earlier: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    place: Place | None = None
    chosen: tuple[str, ...] = ()
    ignored: tuple[Limiting, ...] = ()

    @classmethod
    def read(cls, values: Values) -> Conversation:
        """Read it from the values of an address."""
        return cls(
            first(values, "q"),
            tuple(values.get("tidigare", ())),
            read_filters(values),
            read_place(values),
            tuple(values.get("vald", ())),
            tuple(IGNORED[name] for name in IGNORED if name in values.get("utan", ())),
        )

    def link(self) -> str:
        """Write the address of this conversation."""
        without = [name for name, limiting in IGNORED.items() if limiting in self.ignored]
        values: dict[str, Value] = {
            "q": self.question,
            "tidigare": self.earlier,
            "utan": without,
            "vald": self.chosen,
        }
        return link(ASK, {**values, **filter_values(self.filters), **place_values(self.place)})

    def asking(self, question: str, earlier: Sequence[str] = ()) -> Conversation:
        """Return the conversation with another question, nothing open beside it."""
        return Conversation(question, tuple(earlier), self.filters)

    def limited(self, filters: Filters) -> Conversation:
        """Return the conversation limited in another way."""
        return replace(self, filters=filters, place=None, chosen=())

    def ignoring(self, ignored: Iterable[Limiting]) -> Conversation:
        """Return the conversation with other limits of the question's own words left aside."""
        order = tuple(limiting for limiting in IGNORED.values() if limiting in set(ignored))
        return replace(self, ignored=order, place=None, chosen=())

    def choosing(self, keys: tuple[str, ...]) -> str:
        """Write the address of this conversation with other hits chosen."""
        return replace(self, chosen=keys).link()

    def showing(self, place: Place | None) -> Conversation:
        """Return the conversation with a place open beside it."""
        return replace(self, place=place)


def read_filters(values: Values) -> Filters:
    """Read ``kommun``, ``namnd``, ``ar`` and ``typ``."""
    years = tuple(int(y) for y in values.get("ar", ()) if y.isdecimal() and len(y) == 4)
    return Filters(
        first(values, "kommun") or None, first(values, "namnd") or None, years, first(values, "typ") or None
    )


def filter_values(filters: Filters) -> dict[str, Value]:
    """Write filters as values of an address."""
    return {
        "kommun": filters.municipality,
        "namnd": filters.board,
        "ar": [str(year) for year in filters.years],
        "typ": filters.kind,
    }


def read_place(values: Values) -> Place | None:
    """Read ``rapport``, ``fran`` and ``till``."""
    source, start, end = (first(values, name) for name in ("rapport", "fran", "till"))
    if not source or not start.isdecimal() or not end.isdecimal() or len(start + end) > 20:
        return None
    return Place(source, Span(int(start), int(end))) if int(start) < int(end) else None


def place_values(place: Place | None) -> dict[str, Value]:
    """Write a place as values of an address."""
    return {"rapport": place.source, "fran": place.span.start, "till": place.span.end} if place else {}


def marks_values(marks: Iterable[Span]) -> dict[str, Value]:
    """Write what is lit at a place as values of an address."""
    return {"lys": [f"{mark.start}-{mark.end}" for mark in marks]}


def read_marks(values: Values) -> tuple[Span, ...]:
    """Read ``lys``; what is no stretch is left out."""
    pairs = [written.split("-") for written in values.get("lys", ())[:MARKS_MAX] if len(written) <= 21]
    ends = [pair for pair in pairs if len(pair) == 2 and all(each.isdecimal() for each in pair)]
    return tuple(Span(int(a), int(b)) for a, b in ends if int(a) < int(b))


def first(values: Values, key: str) -> str:
    """Return the first value of a name; empty where there is none."""
    found = values.get(key, ())
    return found[0].strip() if found else ""
