"""Metadata corrected by hand, kept outside the generations of an index: they survive building it again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from rapportsvar.errors import CorrectionRefused
from rapportsvar.library.notes import Note, note_on, read_notes, write_notes
from rapportsvar.library.place import Library
from rapportsvar.swedish.names import Gazetteer
from rapportsvar.swedish.periods import find_periods, format_period

VALUE_CHARS_MAX = 300
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Corrections:
    """All corrections of a library."""

    notes: Sequence[Note] = ()

    def of(self, source: str, sha256: str) -> Mapping[str, str]:
        """Return what is corrected of a report, by the name of the fact; an empty value takes it away."""
        note = note_on(self.notes, source, sha256)
        return note.values if note else {}


def read_corrections(library: Library) -> Corrections:
    """Read the corrections of a library.

    Raises:
        LibraryDamaged: Their file is not what was written.
    """
    return Corrections(tuple(read_notes(library.corrections)))


def digest_of(values: Mapping[str, str]) -> str:
    """Identify what is corrected of a report; empty where nothing is."""
    return hashlib.sha256(json.dumps(dict(values), sort_keys=True).encode()).hexdigest() if values else ""


def correct(
    library: Library, source: str, sha256: str, changes: Mapping[str, str | None]
) -> Mapping[str, str]:
    """Correct facts of a report; they hold from the next build on. Returns all that is corrected of it.

    Args:
        library: Where corrections are kept.
        source: The report.
        sha256: Of its bytes.
        changes: Fact to value. An empty value says that the report has no such fact; ``None`` takes the
            correction back.

    Raises:
        CorrectionRefused: There is no such fact, or the value cannot be right.
    """
    checked = {name: None if value is None else checked_value(name, value) for name, value in changes.items()}
    with library.changing():
        notes = read_notes(library.corrections)
        before = note_on(notes, source, sha256)
        merged = {**(before.values if before else {}), **checked}
        values = {name: value for name, value in merged.items() if value is not None}
        left = [note for note in notes if note is not before]
        at = datetime.now(UTC).isoformat(timespec="seconds")
        write_notes(library.corrections, [*left, Note(source, sha256, values, at)] if values else left)
    return values


def checked_value(name: str, value: str) -> str:
    """Return a value of a fact as reports' values are written: ``Åsbro kommun`` as ``Åsbro``.

    Raises:
        CorrectionRefused: There is no such fact, or the value cannot be right.
    """
    if name not in CHECKS:
        raise CorrectionRefused(f"Uppgiften {name} finns inte", todo=f"Kan rättas: {', '.join(CHECKS)}.")
    words = " ".join(_UNSEEN.sub(" ", value).split())
    if len(words) > VALUE_CHARS_MAX:
        raise CorrectionRefused(
            f"Texten är längre än {VALUE_CHARS_MAX} tecken", where=words[:40], todo="Korta den."
        )
    return CHECKS[name](words) if words else ""


def _as_it_is(words: str) -> str:
    return words


def _municipality(words: str) -> str:
    whole = [each for each in _gazetteer().municipalities(words, loose=True) if each.span.of(words) == words]
    return whole[0].name if whole else words


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer()


def _lower(words: str) -> str:
    """Boards and kinds are written with a small letter: ``Socialnämnden`` as ``socialnämnden``."""
    return words if words.isupper() else words[:1].lower() + words[1:]


def _period(words: str) -> str:
    found = [m.period for m in find_periods(words) if m.span.start == 0 and m.span.end == len(words)]
    if not found or found[0] is None:
        raise CorrectionRefused(
            "Perioden går inte att tolka",
            where=words,
            todo="Skriv till exempel januari–augusti 2023 eller 2023.",
        )
    return format_period(found[0])


def _year(words: str) -> str:
    if not re.fullmatch(r"(?:19|20)\d\d", words):
        raise CorrectionRefused(
            "Året går inte att tolka", where=words, todo="Skriv det med fyra siffror: 2023."
        )
    return words


def _date(words: str) -> str:
    try:
        return date.fromisoformat(words).isoformat()
    except ValueError:
        pass
    found = [m.period for m in find_periods(words) if m.period and m.span.end - m.span.start == len(words)]
    if not found or found[0].first != found[0].last:
        raise CorrectionRefused(
            "Datumet går inte att tolka", where=words, todo="Skriv till exempel 2023-02-14."
        )
    return found[0].first.isoformat()


CHECKS: Mapping[str, Callable[[str], str]] = {
    "title": _as_it_is,
    "municipality": _municipality,
    "board": _lower,
    "kind": _lower,
    "period": _period,
    "year": _year,
    "date": _date,
    "reference": _as_it_is,
}
"""What can be corrected, and how each value is checked."""
