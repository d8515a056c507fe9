"""Sign-in is wholly on or wholly off: a setting without secrets, or secrets without it, is refused."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rapportsvar.config import AccessSettings
from rapportsvar.engine.access import read_access
from rapportsvar.errors import ExtraMissing, SettingsError

SECRETS = ".streamlit/secrets.toml"
ELSEWHERE = "STREAMLIT_SECRETS_FILES"
CALLBACK = "/oauth2callback"
COOKIE_SECRET_CHARS_MIN = 32
ONE_MACHINE = ("localhost", "127.0.0.1", "::1")
SHARED = ("redirect_uri", "cookie_secret")
OF_PROVIDER = ("client_id", "client_secret", "server_metadata_url")
READ_MORE = "Se docs/drift.md."


def check_at_start(settings: AccessSettings) -> None:
    """Refuse a sign-in that is half on before the application is started.

    The secrets are those that Streamlit reads; where they are kept elsewhere, by an option of its own, the
    application looks when it is opened.

    Raises:
        SettingsError: Something is missing, or does not fit together.
        ExtraMissing: The package that signs in is not installed.
    """
    if ELSEWHERE in os.environ:
        return
    secrets: dict[str, Any] = {}
    for path in secret_files():
        try:
            secrets.update(tomllib.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            continue
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as bad:
            what = f"Hemligheterna kan inte läsas: {type(bad).__name__}"  # no word of what is in them
            raise SettingsError(what, where=str(path), todo="Rätta filen.") from None
    check_sign_in(settings, secrets.get("auth") or {})


def secret_files() -> tuple[Path, ...]:
    """Return where Streamlit reads secrets, unless it is told otherwise; what is in the later ones holds."""
    return Path.home() / SECRETS, Path.cwd() / SECRETS


def check_sign_in(settings: AccessSettings, secrets: Mapping[str, Any]) -> None:
    """Refuse a sign-in that is half on.

    Args:
        settings: ``[access]`` of the settings.
        secrets: ``[auth]`` of Streamlit's secrets; empty where there is none.

    Raises:
        SettingsError: Something is missing, or does not fit together.
        ExtraMissing: The package that signs in is not installed.
    """
    if not settings.on:
        if secrets:
            what = "Hemligheterna har en del [auth], men inloggningen är inte på"
            todo = f"Skriv on = true under [access] i inställningarna, eller ta bort [auth]. {READ_MORE}"
            raise SettingsError(what, where=SECRETS, todo=todo)
        if Path(settings.file).exists():
            what = "Filen med behörigheter finns, men inloggningen är inte på, så den gäller inte"
            todo = f"Skriv on = true under [access] i inställningarna, eller flytta filen. {READ_MORE}"
            raise SettingsError(what, where=settings.file, todo=todo)
        return
    if find_spec("authlib") is None:
        raise ExtraMissing("Inloggningen behöver Authlib", todo='Kör: pip install "rapportsvar[app]"')
    _check_secrets(settings, secrets)
    read_access(Path(settings.file))


def _check_secrets(settings: AccessSettings, secrets: Mapping[str, Any]) -> None:
    if not secrets:
        what = "Inloggningen är på, men hemligheterna har ingen del [auth]"
        raise SettingsError(what, where=SECRETS, todo=f"Skriv [auth], eller slå av inloggningen. {READ_MORE}")
    provider = secrets.get(settings.provider) if settings.provider else secrets
    if not isinstance(provider, Mapping) or "_" in settings.provider or settings.provider == "default":
        what = f"Hemligheterna har ingen del [auth.{settings.provider}]"
        todo = f"Skriv den, utan understreck i namnet, eller rätta provider under [access]. {READ_MORE}"
        raise SettingsError(what, where=SECRETS, todo=todo)
    missing = [key for key in SHARED if not secrets.get(key)]
    missing += [key for key in OF_PROVIDER if not provider.get(key)]
    if missing:
        what = f"Hemligheterna är inte fullständiga: {', '.join(missing)} saknas"
        raise SettingsError(what, where=SECRETS, todo=f"Skriv till dem under [auth]. {READ_MORE}")
    if len(str(secrets["cookie_secret"])) < COOKIE_SECRET_CHARS_MIN:
        what = f"cookie_secret är kortare än {COOKIE_SECRET_CHARS_MIN} tecken"
        raise SettingsError(what, where=SECRETS, todo="Slumpa en: openssl rand -hex 32")
    if not str(secrets["redirect_uri"]).endswith(CALLBACK):
        what = f"redirect_uri slutar inte på {CALLBACK}"
        raise SettingsError(what, where=SECRETS, todo=f"Skriv tjänstens adress följd av {CALLBACK}.")
    for key, address in (
        ("redirect_uri", secrets["redirect_uri"]),
        ("server_metadata_url", provider["server_metadata_url"]),
    ):
        parts = urlsplit(str(address))
        if parts.scheme != "https" and parts.hostname not in ONE_MACHINE:
            what = f"{key} är inte https, så inloggningen kunde avlyssnas"
            raise SettingsError(what, where=SECRETS, todo="Skriv en adress som börjar med https://.")
