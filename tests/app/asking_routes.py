"""Asks an application's routes, as a browser does, without a server."""

import asyncio


def answered(app, path, method="GET", cookies=None):
    """Ask for a path; return status, headers and body."""
    sent = []
    cookie = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
    scope = {
        "type": "http", "method": method, "path": path, "query_string": b"", "http_version": "1.1",
        "headers": [(b"cookie", cookie.encode())] if cookie else [], "scheme": "http",
        "server": ("test", 80), "client": ("test", 1), "root_path": "",
    }  # fmt: skip

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    headers = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])
