"""Who gets what beside the pages, where one has to sign in; and what is not listened to at all.

A page asks by itself who looks at it. Streamlit's other addresses do not: whoever has the address of a
picture is given it. Here they ask as a page does, so that an address that was passed on, or written down, is
of no use to others, nor after signing out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from google.protobuf.message import DecodeError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.url_util import make_url_path
from streamlit.web.server.starlette.starlette_routes import (
    BASE_ROUTE_CORE,
    BASE_ROUTE_MEDIA,
    BASE_ROUTE_UPLOAD_FILE,
    ROUTE_METRICS,
)

from rapportsvar.app import media, signing
from rapportsvar.engine.access import Role
from rapportsvar.errors import RapportsvarError

May = Callable[[signing.Visitor, str], bool]
ASKED: Mapping[str, May] = {
    f"{BASE_ROUTE_MEDIA}/{{what:path}}": lambda visitor, file: media.is_given(file, visitor),
    f"{BASE_ROUTE_UPLOAD_FILE}/{{what:path}}": lambda visitor, _: visitor.reader.role >= Role.EDITOR,
    f"{BASE_ROUTE_CORE}/agent/{{what:path}}": lambda *_: False,
    ROUTE_METRICS: lambda *_: False,
}
"""Of Streamlit's addresses that ask for no sign-in, who may use them where there is one.

Files that pages show go to whom they were made for; files come from those who may add reports. The interface
for programs takes no cookie of sign-in, and how many are there is nobody's business.
"""
KEEP_NOTHING = {"Cache-Control": "private, no-store"}
HEARD = frozenset({"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"})
"""What a page of ours sends."""
HEARD_OPERATIONS = frozenset({"deferred_file"})
"""What its buttons ask for without a run of the page: a file that is made when it is clicked."""


class Door:
    """Where one has to sign in, asks who comes, at the addresses beside the pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        base = config.get_option("server.baseUrlPath") or ""
        self._asked = [(Route(make_url_path(base, path), _nothing), may) for path, may in ASKED.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; 404 to whom it is not for, whether or not there is anything."""
        may, what = self._asked_of(scope)
        if may is None:
            await self._app(scope, receive, send)
            return
        # Settings and access are read from their files: not by the loop that serves all.
        visitor = await run_in_threadpool(_visitor, Request(scope).cookies)
        if visitor == signing.HERE:
            await self._app(scope, receive, send)
        elif visitor is None or not may(visitor, what):
            await _nothing()(scope, receive, with_headers(KEEP_NOTHING, send))
        else:
            await self._app(scope, receive, with_headers(KEEP_NOTHING, send))

    def _asked_of(self, scope: Scope) -> tuple[May | None, str]:
        """Return who may have what a request is for, and what it is; None for everybody."""
        for route, may in self._asked if scope["type"] == "http" else ():
            match, found = route.matches(scope)
            if match is not Match.NONE:  # as Streamlit's own routes find it, of whatever form it is
                return may, str(found["path_params"].get("what", ""))
        return None, ""


class Sieve:
    """Lets through only what a page of ours sends over its connection.

    Whoever is connected, signed in or not, could have Streamlit forget all that is kept for everybody: the
    open index, the line of those who wait, the one that updates; and tell of the repository it runs in.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection without hearing the rest."""

        async def heard() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive" or is_heard(message.get("bytes") or b""):
                    return message

        await self._app(scope, heard if scope["type"] == "websocket" else receive, send)


def is_heard(data: bytes) -> bool:
    """Tell whether a message is one that a page of ours sends; what is none at all Streamlit refuses."""
    try:
        message = BackMsg.FromString(data)
    except DecodeError:
        return True
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in HEARD_OPERATIONS
    return kind in HEARD


def with_headers(told: Mapping[str, str], send: Send) -> Send:
    """Return what sends an answer with headers."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(told)
        await send(message)

    return sending


def _visitor(cookies: Mapping[str, str]) -> signing.Visitor | None:
    """Return who sends a request; nobody where sign-in is half on."""
    try:
        return signing.visitor_by(cookies)
    except RapportsvarError:
        return None


def _nothing(_: Request | None = None) -> Response:
    return PlainTextResponse("Not Found", 404)
