"""What the reader is told when there is nothing to draw: no index, a bad one, or an error of ours."""

from __future__ import annotations

from pathlib import Path

from rapportsvar.app import texts
from rapportsvar.app.markup import Html, tag

BUILD = "rapportsvar index {} --index {}"
EXAMPLE_FOLDER = "corpus"


def no_index(folder: Path) -> Html:
    """Say how an index is built."""
    return _notice(
        texts.NO_INDEX,
        tag("p", texts.NO_INDEX_HOW),
        tag("pre", BUILD.format(EXAMPLE_FOLDER, folder), tabindex=0),
        tag("p", texts.NO_INDEX_THEN.format(folder), class_="note"),
    )


def bad_index(error: Exception, folder: Path) -> Html:
    """Say that an index cannot be opened, and how it is built again."""
    return _notice(
        texts.INDEX_BAD,
        tag("p", texts.INDEX_BAD_HOW),
        tag("pre", BUILD.format(EXAMPLE_FOLDER, folder), tabindex=0),
        tag("p", str(error), class_="note", lang="en"),
    )


def went_wrong(error: Exception) -> Html:
    """Say that something went wrong, with one line for whoever runs the service."""
    return _notice(
        texts.WENT_WRONG, tag("p", texts.WENT_WRONG_HOW), tag("p", str(error), class_="note", lang="en")
    )


def _notice(title: str, *content: Html) -> Html:
    return tag("section", tag("h1", title), content, class_="notice", role="alert", id="innehall")
