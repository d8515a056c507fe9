"""What the address of a report holds: the place that is lit, what is looked for, and which page is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rapportsvar.app.address import (
    REPORTS,
    Place,
    Value,
    Values,
    first,
    link,
    marks_values,
    place_values,
    read_marks,
    read_place,
)
from rapportsvar.model import Span

TEXT = "text"
ZOOMS = (100, 150, 200, 300)


@dataclass(frozen=True, slots=True)
class Reading:
    """A report as it is read.

    Attributes:
        source: The report.
        place: The place that was opened.
        marks: What of it answers.
        words: What is looked for.
        match: Which of the places found is shown, from 1; 0 for none yet.
        page: The page that is shown, from 1; 0 leaves it to the place.
        zoom: In per cent.
        as_text: Show the text alone where there are pages to show.
        correcting: The form for corrections is open.
    """

    source: str
    place: Span | None = None
    marks: tuple[Span, ...] = ()
    words: str = ""
    match: int = 0
    page: int = 0
    zoom: int = ZOOMS[0]
    as_text: bool = False
    correcting: bool = False

    @classmethod
    def read(cls, values: Values) -> Reading:
        """Read it from the values of an address."""
        place, zoom = read_place(values), _number(values, "zoom")
        return cls(
            first(values, "rapport"),
            place.span if place else None,
            read_marks(values) if place else (),
            first(values, "ord"),
            _number(values, "traff"),
            _number(values, "sida"),
            zoom if zoom in ZOOMS else ZOOMS[0],
            first(values, "vy") == TEXT,
            first(values, "ratta") == "1",
        )

    def link(self) -> str:
        """Write the address."""
        place = Place(self.source, self.place) if self.place else None
        values: dict[str, Value] = {
            "rapport": self.source,
            **place_values(place),
            **marks_values(self.marks),
            "ord": self.words,
            "traff": self.match or None,
            "sida": self.page or None,
            "zoom": self.zoom if self.zoom != ZOOMS[0] else None,
            "vy": TEXT if self.as_text else None,
            "ratta": "1" if self.correcting else None,
        }
        return link(REPORTS, values)

    def at_page(self, page: int) -> Reading:
        """Return it with another page shown."""
        return replace(self, page=page, match=0, correcting=False)

    def at_match(self, match: int) -> Reading:
        """Return it with another of the places found shown."""
        return replace(self, match=match, page=0, correcting=False)

    def looking_for(self, words: str) -> Reading:
        """Return it with other words looked for; the place that was opened is left."""
        return replace(
            self, words=words, match=1 if words else 0, page=0, place=None, marks=(), correcting=False
        )

    def zoomed(self, steps: int) -> Reading | None:
        """Return it larger or smaller; None at either end."""
        place = ZOOMS.index(self.zoom) + steps
        return replace(self, zoom=ZOOMS[place]) if 0 <= place < len(ZOOMS) else None


def _number(values: Values, key: str) -> int:
    written = first(values, key)
    return int(written) if written.isdecimal() and len(written) <= 6 else 0
