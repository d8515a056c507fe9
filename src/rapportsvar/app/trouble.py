"""What the reader is told when there is nothing to draw: no index, a bad one, or an error of ours."""

from __future__ import annotations

from pathlib import Path

from rapportsvar.app import texts
from rapportsvar.app.markup import Html, tag
from rapportsvar.errors import IndexUnusable, RapportsvarError

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


def bad_index(error: IndexUnusable, folder: Path) -> Html:
    """Say that an index cannot be opened, why, and how it is built again."""
    return _notice(
        texts.INDEX_BAD,
        tag("p", told(error)),
        tag("p", texts.INDEX_BAD_HOW),
        tag("pre", BUILD.format(EXAMPLE_FOLDER, folder), tabindex=0),
        _detail(error),
    )


def older_index() -> Html:
    """Say that an index of an older version is being updated and is opened by itself then."""
    return _notice(texts.INDEX_OLDER, tag("p", texts.INDEX_OLDER_THEN))


def of_ours(error: RapportsvarError) -> Html:
    """Say what an error of ours means, with its own line for whoever runs the service."""
    return _notice(texts.WENT_WRONG, tag("p", told(error)), _detail(error))


def went_wrong(error: Exception) -> Html:
    """Say that something unforeseen went wrong, with one line for whoever runs the service."""
    return _notice(texts.WENT_WRONG, tag("p", texts.WENT_WRONG_HOW), _detail(error))


def told(error: RapportsvarError) -> str:
    """Say in Swedish what an error of ours means and what can be done, by its kind or the next wider one."""
    names = (kind.__name__ for kind in type(error).__mro__)
    return next(texts.ERRORS[name] for name in names if name in texts.ERRORS)


def _detail(error: Exception) -> Html:
    return tag("p", texts.DETAIL, " ", tag("span", str(error), lang="en"), class_="note")


def _notice(title: str, *content: Html) -> Html:
    return tag("section", tag("h1", title), content, class_="notice", role="alert", id="innehall")
