"""Swedish words and numbers for what an evaluation shows, on the terminal and in the report."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

NONE = "–"


@cache
def _words() -> dict[str, tuple[str, str]]:
    content = (files("rapportsvar.evaluation") / "data" / "words.tsv").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in content.splitlines() if line.strip() and not line.startswith("#"))
    return {key: (word, explanation) for key, word, explanation in lines}


def word(key: str) -> str:
    """Return the Swedish word for a measure, kind, style or reason; the key itself where there is none."""
    return _words().get(key, (key, ""))[0]


def explanation(key: str) -> str:
    """Return what a measure means, in Swedish; empty where nothing is said."""
    return _words().get(key, ("", ""))[1]


def group(key: str) -> str:
    """Return what a group of questions is called; a group without a name holds several reports or none."""
    return word(key) if key else "(flera eller ingen)"


def number(value: float | None, decimals: int = 3) -> str:
    """Return ``value`` with a decimal comma; a dash for None."""
    return NONE if value is None else f"{value:.{decimals}f}".replace(".", ",").replace("-", "−")


def figure(name: str, value: float | None) -> str:
    """Return a figure with the decimals that its measure wants: times one, shares three."""
    return number(value, 1 if " ms " in name else 3)


def signed(name: str, value: float | None) -> str:
    """Return a difference with its sign."""
    plus = "+" if value is not None and value > 0 else ""
    return plus + figure(name, value)
