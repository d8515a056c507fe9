"""What ``rapportsvar doctor`` finds of sign-in, roles and collections, in Swedish."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from rapportsvar.config import AccessSettings, Settings
from rapportsvar.engine.access import EVERYBODY, ROLE_NAMES, Access, read_access
from rapportsvar.engine.finding import Finding, named
from rapportsvar.engine.sign_in import ELSEWHERE, check_at_start, secret_files
from rapportsvar.errors import RapportsvarError, SettingsError

SIGN_IN, ACCESS, COLLECTIONS, SECRETS = "Inloggning", "Behörigheter", "Samlingar", "Hemligheter"
OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO
WRITABLE = stat.S_IWGRP | stat.S_IWOTH


def admission(settings: Settings) -> Iterator[Finding]:
    """Look at who comes in, and what they may do."""
    yield _sign_in(settings)
    if settings.access.on:
        yield from _secrets()
        try:
            yield _access(read_access(Path(settings.access.file)), settings.access)
        except SettingsError as bad:
            yield Finding(ACCESS, False, bad.what, bad.todo)


def collections(settings: AccessSettings, sources: Sequence[str]) -> Iterator[Finding]:
    """Look at what may be read of an index, by its sources; nothing where nobody signs in."""
    if not settings.on:
        return
    try:
        access = read_access(Path(settings.file))
    except SettingsError:
        return  # told already
    yield _collections(access, sources, settings.file)


def _sign_in(settings: Settings) -> Finding:
    try:
        check_at_start(settings.access)
    except RapportsvarError as half:
        return Finding(
            SIGN_IN, False, f"halvt på, så tjänsten visar ingenting: {half.what} ({half.where})", half.todo
        )
    if not settings.access.on:
        may = "läser och ändrar" if settings.library.changes else "läser"
        return Finding(SIGN_IN, True, f"av: den som når adressen {may} alla rapporter, utan att logga in")
    detail = f"på, {settings.access.session_minutes} minuter i taget"
    if ELSEWHERE in os.environ:
        detail += f"; hemligheterna, som {ELSEWHERE} anger, prövas först när tjänsten öppnas"
    return Finding(SIGN_IN, True, detail)


def _secrets() -> Iterator[Finding]:
    """Secrets that others on the machine may read are none."""
    for path in secret_files():
        if os.name == "posix" and path.is_file() and path.stat().st_mode & OF_OTHERS:
            yield Finding(SECRETS, False, f"{path} kan läsas av andra på datorn", f"Kör: chmod 600 {path}")


def _access(access: Access, settings: AccessSettings) -> Finding:
    path = Path(settings.file)
    if os.name == "posix" and path.stat().st_mode & WRITABLE:
        detail = f"{path} kan ändras av andra på datorn, som då ger sig själva behörighet"
        return Finding(ACCESS, False, detail, f"Kör: chmod go-w {path}")
    unknown = [] if settings.groups_claim else sorted(_groups(access) - access.members.keys() - {EVERYBODY})
    if unknown:
        todo = f"Skriv dem under [groups] i {path}, rätta namnen, eller ange groups_claim under [access]."
        return Finding(ACCESS, False, f"{path}: {named('grupper utan medlemmar', unknown)}", todo)
    held = "; ".join(
        f"{ROLE_NAMES[role]}: {', '.join(sorted(groups)) or 'ingen'}" for role, groups in access.roles.items()
    )
    return Finding(ACCESS, True, f"{path}: {held}")


def _groups(access: Access) -> set[str]:
    held = [*access.roles.values(), *(each.groups for each in access.collections)]
    return set().union(*held)


def _collections(access: Access, sources: Sequence[str], file: str) -> Finding:
    reports = {each.name: 0 for each in access.collections}
    unread = []
    for source in sources:
        holding = [each for each in access.collections_of(source) if each.groups]
        for each in holding:
            reports[each.name] += 1
        unread += [] if holding else [source]
    empty = [name for name, count in reports.items() if not count]
    wrong = [named("i ingen samling, så ingen läser dem", unread), named("samlingar utan rapporter", empty)]
    if any(wrong):
        todo = f"Ändra reports under [collections] i {file}; rapportsvar reports visar vad rapporterna heter."
        return Finding(COLLECTIONS, False, "; ".join(filter(None, wrong)), todo)
    counted = ", ".join(f"{name} ({count} rapporter)" for name, count in reports.items())
    return Finding(COLLECTIONS, True, counted or "inga, och inga rapporter")
