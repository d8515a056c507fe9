"""One thing that ``rapportsvar doctor`` looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: What was looked at.
        sound: Whether it is as it should be.
        detail: What was found.
        todo: What to do; empty where nothing is to be done.
    """

    what: str
    sound: bool
    detail: str
    todo: str = ""


NAMED_MAX = 5


def named(word: str, names: list[str]) -> str:
    """Name the first few of many; empty where there are none."""
    more = f" och {len(names) - NAMED_MAX} till" if len(names) > NAMED_MAX else ""
    return f"{word}: {', '.join(names[:NAMED_MAX])}{more}" if names else ""
