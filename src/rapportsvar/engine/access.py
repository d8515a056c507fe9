"""Who may read which reports, and who may do what: a TOML file, read anew whenever someone asks.

::

    [groups]                      # besides the groups that the provider tells
    socialt = ["anna@lindsjo.se", "bo@lindsjo.se"]

    [roles]                       # each holds what the one before it holds
    "läsare" = ["socialt", "skola"]
    "redaktör" = ["kansliet"]
    "förvaltare" = ["it"]

    [collections.social-namnden]
    reports = ["lindsjo/social*", "uppladdat/"]
    groups = ["socialt"]

A report that is in no collection is read by nobody. ``*`` as a group is everybody who has signed in.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from rapportsvar.errors import NotAllowed, SettingsError

EVERYBODY = "*"
PARTS = ("groups", "roles", "collections")
CORRECT = "Rätta filen med behörigheter; se docs/drift.md."


class Role(IntEnum):
    """What someone may do; a higher one holds all that a lower one does."""

    NONE = 0
    READER = 1
    EDITOR = 2
    MANAGER = 3


ROLES: Mapping[str, Role] = {"läsare": Role.READER, "redaktör": Role.EDITOR, "förvaltare": Role.MANAGER}
ROLE_NAMES: Mapping[Role, str] = {role: name for name, role in ROLES.items()}


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone who asks.

    Attributes:
        name: As the provider tells it; shown to nobody but the reader.
        role: What the reader may do.
        patterns: Of the sources of the reports that the reader may read; None is all.
    """

    name: str
    role: Role
    patterns: tuple[str, ...] | None = ()

    def sees(self, source: str) -> bool:
        """Tell whether the reader may read a report, by its source alone: it need not exist."""
        if self.role < Role.READER:
            return False
        if self.patterns is None:
            return True
        plain = _plain(source)
        return any(_regex(pattern).fullmatch(plain) for pattern in self.patterns)

    def check(self, role: Role, *sources: str) -> None:
        """Refuse what takes a higher role, or concerns a report that the reader may not read.

        Raises:
            NotAllowed: The reader may not. It says the same whether or not there is such a report.
        """
        if self.role < role:
            what = f"Det får bara den göra som har rollen {ROLE_NAMES[role]}"
            raise NotAllowed(what, todo="Be den som sköter behörigheterna om den rollen.")
        if not all(self.sees(source) for source in sources):
            raise NotAllowed(
                "Du har inte rätt till rapporter med det namnet",
                todo="Be den som sköter behörigheterna om det.",
            )


LOCAL = Reader("", Role.MANAGER, None)
"""Who uses an application without sign-in: everything is allowed, as with the files themselves."""


@dataclass(frozen=True, slots=True)
class ReportCollection:
    """A collection of reports with the groups that may read them."""

    name: str
    patterns: tuple[str, ...]
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Access:
    """A file of access, read.

    Attributes:
        members: The persons of each group that the file lists, in small letters.
        roles: The groups that have each role. Persons are named in groups only, so that nobody comes to a
            role by a name of his own choice.
        collections: Which reports which groups may read.
    """

    members: Mapping[str, frozenset[str]]
    roles: Mapping[Role, frozenset[str]]
    collections: tuple[ReportCollection, ...]

    def reader(self, person: str, told: Collection[str] = ()) -> Reader:
        """Return what somebody may read and do.

        Args:
            person: Who it is, as the provider has proven it: an e-mail address, or another claim.
            told: The groups that the provider tells.
        """
        who = _plain(person).lower()
        groups = {_plain(group) for group in told if group != EVERYBODY}
        groups |= {name for name, persons in self.members.items() if who in persons}
        known = groups | {EVERYBODY}
        role = max((role for role, held in self.roles.items() if held & known), default=Role.NONE)
        patterns = {p for each in self.collections if each.groups & known for p in each.patterns}
        return Reader(person, role, tuple(sorted(patterns)))

    def collections_of(self, source: str) -> Iterator[ReportCollection]:
        """Yield the collections that hold a report."""
        for each in self.collections:
            if any(_regex(pattern).fullmatch(_plain(source)) for pattern in each.patterns):
                yield each


def read_access(path: Path) -> Access:
    """Read a file of access.

    Raises:
        SettingsError: It is missing, no TOML, or not complete: then nobody may read anything.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise SettingsError("Filen med behörigheter finns inte", where=str(path), todo=CORRECT) from missing
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as bad:
        what = f"Filen med behörigheter kan inte läsas: {bad}"
        todo = f'{CORRECT} Namn med å, ä, ö, blanksteg eller @ skrivs inom citattecken: "läsare".'
        raise SettingsError(what, where=str(path), todo=todo) from bad
    unknown = sorted(content.keys() - set(PARTS))
    if unknown:
        todo = f"Kända delar: {', '.join(PARTS)}."
        raise SettingsError(f"Okänd del {unknown[0]}", where=str(path), todo=todo)
    return Access(
        {_plain(name): _lowered(each) for name, each in _lists(content, "groups", path).items()},
        _roles(_lists(content, "roles", path), path),
        tuple(_collections(content.get("collections", {}), path)),
    )


def _roles(lists: Mapping[str, frozenset[str]], path: Path) -> dict[Role, frozenset[str]]:
    roles = {}
    for name, held in lists.items():
        role = ROLES.get(_plain(name))
        if role is None:
            raise SettingsError(f"Okänd roll {name}", where=str(path), todo=f"Roller: {', '.join(ROLES)}.")
        roles[role] = held
    if not roles:
        what = "Ingen har någon roll, så ingen skulle komma in"
        raise SettingsError(what, where=str(path), todo='Skriv [roles] och "läsare" = ["en grupp"].')
    return roles


def _collections(content: object, path: Path) -> Iterator[ReportCollection]:
    if not isinstance(content, Mapping) or not all(isinstance(c, Mapping) for c in content.values()):
        todo = "Skriv [collections.NAMN] och under den reports och groups."
        raise SettingsError("collections är inte en tabell av samlingar", where=str(path), todo=todo)
    for name, each in content.items():
        where = f"{path}, collections.{name}"
        lists = _lists({"": each}, "", where)
        if lists.keys() != {"reports", "groups"}:
            todo = "Skriv reports = [...] och groups = [...], och inget annat."
            raise SettingsError("Samlingen är inte fullständig", where=where, todo=todo)
        yield ReportCollection(name, tuple(sorted(lists["reports"])), lists["groups"])


def _lists(content: Mapping[str, Any], part: str, where: Path | str) -> dict[str, frozenset[str]]:
    table = content.get(part, {})
    lists = {}
    if not isinstance(table, Mapping):
        raise SettingsError(f"{part} är inte en tabell", where=str(where), todo=f"Skriv [{part}].")
    for key, value in table.items():
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            todo = f'Skriv en lista: {key} = ["...", "..."].'
            raise SettingsError(f"{key} är inte en lista av namn", where=str(where), todo=todo)
        lists[key] = frozenset(_plain(v) for v in value)
    return lists


def _lowered(persons: frozenset[str]) -> frozenset[str]:
    return frozenset(person.lower() for person in persons)


def _plain(name: str) -> str:
    """File names of some systems write å as a and a ring."""
    return unicodedata.normalize("NFC", name.strip())


def _regex(pattern: str) -> re.Pattern[str]:
    """Translate a pattern: ``*`` and ``?`` stay within one folder, ``**`` and a last ``/`` go below it."""
    whole = f"{pattern}**" if pattern.endswith("/") else pattern
    translated = re.escape(whole).replace(r"\*\*", ".*").replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
    return re.compile(translated, re.DOTALL)
