"""The server around the pages: an address for watchers, and what the browser is told to refuse.

Text of a report is escaped where it is drawn. Should that fail anywhere, the policy sent with every page
still keeps a browser from running a script written into it, and from loading anything from elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import net_util

from rapportsvar.app.door import Door, Sieve, with_headers
from rapportsvar.app.kept import index_folder
from rapportsvar.config import Settings, load_settings
from rapportsvar.engine.health import Health, health
from rapportsvar.engine.journal import set_up
from rapportsvar.errors import RapportsvarError

PAGE = Path(__file__).parent / "script" / "page.py"
"""Not beside the folder ``pages``: Streamlit takes such a folder for pages of its own."""
HEALTH = "/health"
ACCESS_LOG = "uvicorn.access"
"""Its lines hold whole addresses, and an address holds the question."""
HEALTH_SECONDS = 15
"""So long one look at the index is told again: whoever asks often costs nothing."""
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


class _Looks:
    """The last look at the index."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: Health | None = None
        self._at = 0.0

    def newest(self) -> Health:
        """Look, unless it was done just now."""
        with self._lock:
            if self._found is None or time.monotonic() - self._at > HEALTH_SECONDS:
                self._found, self._at = _look(), time.monotonic()
            return self._found


def _look() -> Health:
    try:
        return health(index_folder(), load_settings())
    except RapportsvarError as error:
        return Health(False, False, False, trouble=type(error).__name__)


_looks = _Looks()


def _health(request: Request) -> JSONResponse:
    found = _looks.newest()
    return JSONResponse(
        found.as_json(), status_code=200 if found.serves else 503, headers={"Cache-Control": "no-store"}
    )


class Guard:
    """Sends along what the browser is to refuse."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the headers."""
        await self._app(scope, receive, with_headers(headers(), send) if scope["type"] == "http" else send)


@cache
def headers() -> dict[str, str]:
    """Return the headers of every answer.

    Scripts come from the server itself, or are made by Streamlit of what it has (``blob:``); its charts
    compile expressions, which takes ``unsafe-eval``. No script written into a page runs but Streamlit's own.
    """
    policy = {
        "default-src": "'self'",
        "script-src": " ".join(("'self'", "blob:", "'unsafe-eval'", *_inline_scripts())),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "'self' data: blob:",
        "worker-src": "'self' blob:",
        "frame-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


def _inline_scripts() -> list[str]:
    """Return the hashes of the scripts in Streamlit's own page, as a policy names them."""
    page = (files("streamlit") / "static" / "index.html").read_text(encoding="utf-8")
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE.findall(page))
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """Set up what is told of the work, before anybody is served."""
    net_util.get_external_ip = _nowhere
    settings = Settings()
    with suppress(RapportsvarError):  # every page tells what is wrong with them
        settings = load_settings()
    set_up(settings.log)
    logging.getLogger(ACCESS_LOG).disabled = True
    yield


def _nowhere() -> None:
    """Stand in for what asks a server on the internet for the address of this machine.

    Streamlit asks at the start where it listens on all addresses, as in a container, and again, while all
    others wait, whenever somebody connects from a page of another origin.
    """


ROUTES = [Route(HEALTH, _health, methods=["GET", "HEAD"])]
MIDDLEWARE = [Middleware(Guard), Middleware(Door), Middleware(Sieve)]
