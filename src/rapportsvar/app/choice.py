"""Hits that are chosen for export: kept in the address, each by a short key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapportsvar.app import texts
from rapportsvar.app.citation import place_line
from rapportsvar.app.markup import Html, tag
from rapportsvar.model import Hit

ALL = "alla"
KEY_CHARS = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the hits that are shown are chosen.

    Attributes:
        keys: Of the chosen hits, or ``ALL`` alone.
        shown: The hits that can be chosen, in order.
        link: Makes the address of the same page with other keys.
    """

    keys: tuple[str, ...]
    shown: tuple[Hit, ...]
    link: Callable[[tuple[str, ...]], str]

    @property
    def chosen(self) -> tuple[Hit, ...]:
        """The chosen hits, in the order in which they are shown."""
        return tuple(hit for hit in self.shown if self.holds(hit))

    def holds(self, hit: Hit) -> bool:
        """Tell whether a hit is chosen."""
        return ALL in self.keys or key_of(hit) in self.keys

    def box(self, hit: Hit) -> Html:
        """Draw the box that chooses a hit, or gives it up."""
        key = key_of(hit)
        name = ", ".join(part for part in place_line(hit) if part)
        checked = "true" if self.holds(hit) else "false"
        return _box(texts.CHOOSE, f"{texts.CHOOSE}: {name}", self._toggled(key), checked, f"valj-{key}")

    def box_of_all(self) -> Html:
        """Draw the box that chooses all hits that are shown, or none."""
        chosen = len(self.chosen)
        is_all = chosen == len(self.shown)
        checked = "true" if is_all else "mixed" if chosen else "false"
        return _box(
            texts.CHOOSE_ALL, texts.CHOOSE_ALL, self.link(() if is_all else (ALL,)), checked, "valj-alla"
        )

    def _toggled(self, key: str) -> str:
        keys = [key_of(hit) for hit in self.shown if self.holds(hit)]
        keys = [k for k in keys if k != key] if key in keys else [*keys, key]
        return self.link((ALL,) if len(keys) == len(self.shown) else tuple(keys))


def key_of(hit: Hit) -> str:
    """Name a hit in an address: shortly, as fifty of them may stand there."""
    name = f"{hit.source}:{hit.span.start}-{hit.span.end}"
    return hashlib.sha256(name.encode("utf-8")).hexdigest()[:KEY_CHARS]


def chosen_or_all(choice: Choice) -> Sequence[Hit]:
    """Return what is exported: the chosen hits, or all where none is chosen."""
    return choice.chosen or choice.shown


def _box(words: str, name: str, href: str, checked: str, key: str) -> Html:
    return tag(
        "a",
        words,
        href=href,
        data_go=True,
        role="checkbox",
        aria_checked=checked,
        aria_label=name,
        class_="choose",
        id=key,
    )
