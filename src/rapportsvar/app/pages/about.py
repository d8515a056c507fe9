"""Så fungerar det: what the service does, what it does not, and how an answer is checked."""

from __future__ import annotations

from rapportsvar.app import texts
from rapportsvar.app.markup import Html, show, tag


def draw() -> None:
    """Draw the page. It needs no index."""
    sections = [_section(title, paragraphs) for title, paragraphs in texts.ABOUT]
    show(tag("article", tag("h1", texts.ABOUT_HEADING), sections, class_="prose page-head", id="innehall"))


def _section(title: str, paragraphs: tuple[str | tuple[str, ...], ...]) -> Html:
    drawn = [
        tag("p", part) if isinstance(part, str) else tag("ul", [tag("li", item) for item in part])
        for part in paragraphs
    ]
    return tag("section", tag("h2", title), drawn)
