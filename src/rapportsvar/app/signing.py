"""Who uses the application: whoever is at the machine where sign-in is off, else who has signed in.

All is looked at anew at every run and every act: the settings, the file of access, and when it was that one
signed in. Nothing of it is kept in the session.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.server_util import AUTH_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

from rapportsvar.config import AccessSettings, load_settings
from rapportsvar.engine.access import LOCAL, Reader, Role, read_access
from rapportsvar.engine.sign_in import check_sign_in
from rapportsvar.errors import NotAllowed

LOOK_AGAIN_SECONDS = 20.0
CLOCK_SECONDS = 300
"""Clocks of two machines may be so far apart."""

Session = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody, and the account that was signed in with.

    Attributes:
        account: The provider and what it calls the account, whatever name it tells for it.
        reader: What may be read and done.
    """

    account: tuple[str, str]
    reader: Reader


HERE = Visitor(("", ""), LOCAL)
"""Who uses an application without sign-in."""


def is_on() -> bool:
    """Tell whether one has to sign in.

    Raises:
        SettingsError: It is half on.
    """
    settings = load_settings().access
    check_sign_in(settings, _secrets())
    return settings.on


def reader() -> Reader | None:
    """Return who uses the application; None where nobody has signed in, or too long ago.

    Raises:
        SettingsError: Sign-in is half on, or the file of access is not as it should be.
    """
    found = visitor()
    return found.reader if found else None


def visitor() -> Visitor | None:
    """Return who uses the application, with the account; see :func:`reader`."""
    return _visitor(lambda: st.user.to_dict())


def visitor_by(cookies: Mapping[str, str]) -> Visitor | None:
    """Return who sends cookies along, outside of a page; None for nobody who may read.

    Args:
        cookies: Of a request.

    Raises:
        SettingsError: As :func:`reader`.
    """
    found = _visitor(lambda: _claims(cookies))
    return found if found and found.reader.role >= Role.READER else None


def _visitor(claimed: Callable[[], Mapping[str, Any]]) -> Visitor | None:
    if not is_on():
        return HERE
    settings, claims = load_settings().access, claimed()
    if not claims.get("is_logged_in") or has_ended(claims, settings, time.time()):
        return None
    access = read_access(Path(settings.file))
    reader = access.reader(person_of(claims, settings), groups_of(claims, settings))
    return Visitor(_session(claims)[:2], reader)


def _claims(cookies: Mapping[str, str]) -> Mapping[str, Any]:
    """Return what the cookie of sign-in holds, if Streamlit has signed it."""
    try:
        content = json.loads(_get_signed_cookie_with_chunks(dict(cookies), AUTH_COOKIE_NAME) or b"{}")
    except ValueError:  # of characters that no cookie of ours holds
        return {}
    return content if isinstance(content, Mapping) else {}


def here() -> Reader:
    """Return who uses the application.

    Raises:
        NotAllowed: Nobody who may read has signed in.
    """
    found = reader()
    if found is None:
        raise NotAllowed("Du är inte inloggad längre", todo="Logga in igen.")
    found.check(Role.READER)
    return found


def may_read() -> bool:
    """Tell whether who uses the application may read anything."""
    found = reader()
    return found is not None and found.role >= Role.READER


def has_ended(claims: Mapping[str, Any], settings: AccessSettings, now: float) -> bool:
    """Tell whether a session is over: too old, signed out, or of no known age."""
    session = _session(claims)
    age = now - session[2]
    return not session[2] or not -CLOCK_SECONDS <= age < settings.session_minutes * 60 or session in _ended()


def person_of(claims: Mapping[str, Any], settings: AccessSettings) -> str:
    """Return who has signed in; empty where the provider does not stand for the address."""
    if settings.person_claim == "email" and claims.get("email_verified") is False:
        return ""
    return str(claims.get(settings.person_claim) or "")


def groups_of(claims: Mapping[str, Any], settings: AccessSettings) -> tuple[str, ...]:
    """Return the groups that the provider tells."""
    told = claims.get(settings.groups_claim, ()) if settings.groups_claim else ()
    return (told,) if isinstance(told, str) else tuple(map(str, told or ()))


def sign_in() -> None:
    """Send the browser to the provider."""
    st.login(load_settings().access.provider or None)


def sign_out() -> None:
    """End the session, in every window of the browser that has it open, and at the provider."""
    _ended().add(_session(st.user.to_dict()))
    st.session_state.clear()
    st.logout()


def _session(claims: Mapping[str, Any]) -> Session:
    at = claims.get("iat")
    known = int(at) if isinstance(at, int | float) else 0
    return str(claims.get("iss", "")), str(claims.get("sub", "")), known


@cache
def _ended() -> set[Session]:
    """The sessions that were signed out: a copy of their cookie, or another window, has no use of it.

    Not kept by Streamlit: whoever is connected may ask it to forget what it keeps.
    """
    return set()


def _secrets() -> Mapping[str, Any]:
    if not secrets_singleton.load_if_toml_exists():
        return {}
    found: Any = secrets_singleton.get("auth")
    return found.to_dict() if hasattr(found, "to_dict") else {}
