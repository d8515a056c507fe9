"""The library as the application changes it: uploads, removals, what is hidden, and updates of the index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from rapportsvar.app import signing
from rapportsvar.config import load_settings
from rapportsvar.engine.access import Role
from rapportsvar.engine.looking import Look, look_at
from rapportsvar.engine.updating import Updater
from rapportsvar.errors import IndexUnusable, NameTaken, NotAllowed, UploadRefused
from rapportsvar.index.engines import manifest_of
from rapportsvar.index.manifest import Manifest
from rapportsvar.library.corrections import correct
from rapportsvar.library.hiding import hide, show_again
from rapportsvar.library.intake import Arrived, IfTaken, forgo, put_in_place, receive
from rapportsvar.library.names import free_name, safe_name
from rapportsvar.library.place import UPLOADED, Library, library_of
from rapportsvar.library.removal import removals, remove, restore

OUTCOMES = "upload_outcomes"
UNDONE = "just_removed"
SAVED = "correction_saved"
TITLES = "titles"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an uploaded file.

    Attributes:
        name: Its safe name.
        source: What it is indexed as; empty while it is not among the reports.
        sha256: Of its bytes.
        look: What was found in it.
        why: Why it is not taken in, in Swedish.
        todo: What to do then.
        waiting: The file, while the asker has to say what becomes of another with its name.
    """

    name: str
    source: str = ""
    sha256: str = ""
    look: Look | None = None
    why: str = ""
    todo: str = ""
    waiting: Arrived | None = None


@st.cache_resource(show_spinner=False)
def updater(folder: str) -> Updater:
    """Return the updater of an index; at first use it goes on where an earlier process died."""
    made = Updater(Path(folder), library(Path(folder)), settings=load_settings().index)
    if load_settings().library.changes:
        made.start()
    return made


def library(folder: Path) -> Library:
    """Return the library of an index folder."""
    return library_of(folder, load_settings().library)


def may_change() -> bool:
    """Tell whether who uses the application may upload and correct."""
    return _may(Role.EDITOR)


def may_remove() -> bool:
    """Tell whether who uses the application may remove and hide."""
    return _may(Role.MANAGER)


def _may(role: Role) -> bool:
    return load_settings().library.changes and signing.here().role >= role


def take_in(folder: Path, name: str, stream: BinaryIO) -> Outcome:
    """Take an uploaded file in: receive it, look at it, put it among the reports."""
    into = library(folder)
    try:
        # The second name is that of a report which is numbered since the first is taken.
        for source in (safe_name(name), free_name(safe_name(name), {safe_name(name)}.__contains__)):
            check(Role.EDITOR, f"{UPLOADED}/{source}")
    except NotAllowed as refused:
        return Outcome(safe_name(name), why=refused.what, todo=refused.todo)
    try:
        arrived = receive(into, name, stream)
    except UploadRefused as refused:
        return Outcome(refused.where or name, why=refused.what, todo=refused.todo)
    twin = _twin(folder, arrived)
    if twin:
        forgo(arrived)
        return Outcome(arrived.name, twin[0], arrived.sha256, why=twin[1], todo=twin[2])
    look = look_at(arrived.path, arrived.name, load_settings())
    if look.why:
        forgo(arrived)
        return Outcome(arrived.name, why=look.why, todo=look.todo)
    return _place(
        folder, Outcome(arrived.name, sha256=arrived.sha256, look=look, waiting=arrived), IfTaken.ASK
    )


def _place(folder: Path, outcome: Outcome, if_taken: IfTaken) -> Outcome:
    if outcome.waiting is None:
        return outcome
    try:
        source = put_in_place(library(folder), outcome.waiting, if_taken, signing.here().sees)
    except NameTaken as taken:
        return replace(outcome, why=taken.what, todo="")
    except UploadRefused as refused:
        forgo(outcome.waiting)
        return Outcome(outcome.name, why=refused.what, todo=refused.todo)
    updater(str(folder)).request()
    return replace(outcome, source=source, why="", todo="", waiting=None)


def _twin(folder: Path, arrived: Arrived) -> tuple[str, str, str] | None:
    """Return the report with the same bytes anywhere in the index, and what is to be said of it."""
    manifest = _manifest(folder)
    if manifest is None:
        return None
    sees = signing.here().sees
    for source, sha256 in manifest.sources.items():
        if sha256 == arrived.sha256 and sees(source):
            return source, "Samma fil finns redan", "Den sparades inte en gång till."
    for source, sha256 in manifest.hidden.items():
        if sha256 == arrived.sha256 and sees(source):
            return source, "Samma fil finns redan, men är dold i svar", "Visa den i svar igen nedan."
    return None


def _manifest(folder: Path) -> Manifest | None:
    try:
        return manifest_of(folder, load_settings().index)
    except IndexUnusable:
        return None


# what is asked for by a button


def act(folder: Path, asked: Mapping[str, str]) -> None:
    """Do what a button of the page asks for; nothing where it asks for what there is not.

    Raises:
        LibraryError: It cannot be done; the message says why.
        NotAllowed: Who asks may not do it.
    """
    name, what = str(asked.get("act", "")), str(asked.get("what", ""))
    if name not in ACTS or not load_settings().library.changes:
        return
    check(ROLES[name])
    source = _source_of(folder, name, what)
    if source:
        check(ROLES[name], source)
    ACTS[name](folder, what)


def check(role: Role, *sources: str) -> None:
    """Refuse what takes a higher role, or concerns a report that may not be read; or what nobody may do.

    Raises:
        NotAllowed: Who uses the application may not do it.
    """
    signing.here().check(role, *sources)
    if not load_settings().library.changes:
        raise NotAllowed("Rapporterna kan inte ändras här", todo="Be den som sköter tjänsten.")


def _source_of(folder: Path, name: str, what: str) -> str:
    """Return the report that an act concerns; empty where it concerns none, or none that there is."""
    if name == "angra":
        return next((each.source for each in removals(library(folder)) if each.key == what), "")
    if name == "ater":
        return what.partition(":")[2]
    return what if name in ("ta-bort", "dolj", "visa") else ""


def _remove(folder: Path, source: str) -> None:
    st.session_state[UNDONE] = remove(library(folder), source, _title(folder, source))
    updater(str(folder)).request()


def _restore(folder: Path, key: str) -> None:
    restore(library(folder), key)
    st.session_state.pop(UNDONE, None)
    updater(str(folder)).request()


def _hide(folder: Path, source: str) -> None:
    manifest = _manifest(folder)
    if manifest and source in manifest.sources:
        hide(library(folder), source, manifest.sources[source], _title(folder, source))
        updater(str(folder)).request()


def _show(folder: Path, source: str) -> None:
    if show_again(library(folder), source):
        updater(str(folder)).request()


def _update(folder: Path, _: str) -> None:
    updater(str(folder)).request()


def _settle(if_taken: IfTaken | None) -> Callable[[Path, str], None]:
    """Make what settles an upload whose name was taken: as told, or given up."""

    def settle(folder: Path, name: str) -> None:
        outcomes: list[Outcome] = st.session_state.get(OUTCOMES, [])
        for place, outcome in enumerate(outcomes):
            if outcome.waiting and outcome.waiting.path.parent.name == name:
                if if_taken is None:
                    forgo(outcome.waiting)
                    outcomes[place] = Outcome(outcome.name, why="Filen sparades inte")
                else:
                    outcomes[place] = _place(folder, outcome, if_taken)

    return settle


def _clear(_: Path, __: str) -> None:
    for outcome in st.session_state.pop(OUTCOMES, []):
        if outcome.waiting:
            forgo(outcome.waiting)


def _title(folder: Path, source: str) -> str:
    """The title of a report, as far as the session has seen it."""
    titles: Mapping[str, str] = st.session_state.get(TITLES, {})
    return titles.get(source, "")


def _take_back(folder: Path, what: str) -> None:
    name, _, source = what.partition(":")
    manifest = _manifest(folder)
    if manifest and source in manifest.sources:
        correct(library(folder), source, manifest.sources[source], {name: None})
        st.session_state[SAVED] = source
        updater(str(folder)).request()


LEAVING = frozenset({"ta-bort", "dolj"})
"""What takes the report away that is read."""

ACTS: Mapping[str, Callable[[Path, str], None]] = {
    "ta-bort": _remove,
    "angra": _restore,
    "dolj": _hide,
    "visa": _show,
    "uppdatera": _update,
    "ersatt": _settle(IfTaken.REPLACE),
    "numrera": _settle(IfTaken.NUMBER),
    "avsta": _settle(None),
    "rensa": _clear,
    "ater": _take_back,
}
ROLES: Mapping[str, Role] = {
    **dict.fromkeys(ACTS, Role.EDITOR),
    **dict.fromkeys(("ta-bort", "angra", "dolj", "visa"), Role.MANAGER),
}
"""What each act takes."""
