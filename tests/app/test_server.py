"""What the server tells watchers and browsers, without one."""

import asyncio
import json
import logging
import sys
import tomllib
from importlib.resources import files

import pytest
import uvicorn
from asking_routes import answered
from starlette.applications import Starlette
from streamlit import config, net_util
from streamlit.web.server import server_util

from rapportsvar.app import server


def got(path, method="GET"):
    """Ask the routes; return status, headers and body."""
    return answered(Starlette(routes=server.ROUTES, middleware=server.MIDDLEWARE), path, method)


@pytest.fixture(autouse=True)
def anew(monkeypatch):
    monkeypatch.setattr(server, "_looks", server._Looks())


def test_health_of_a_sound_index(served):
    status, headers, body = got(server.HEALTH)
    assert status == 200
    assert headers["cache-control"] == "no-store"
    assert json.loads(body)["status"] == "ok"


def test_health_without_an_index_is_no_success(monkeypatch, tmp_path):
    monkeypatch.setenv("RAPPORTSVAR_INDEX", str(tmp_path))
    status, _, body = got(server.HEALTH)
    assert status == 503
    assert json.loads(body)["index"]["trouble"] == "IndexMissing"


def test_health_with_a_wrong_settings_file_is_no_success(served, monkeypatch, tmp_path):
    (tmp_path / "fel.toml").write_text("x = 1", encoding="utf-8")
    monkeypatch.setenv("RAPPORTSVAR_SETTINGS", str(tmp_path / "fel.toml"))
    status, _, body = got(server.HEALTH)
    assert (status, json.loads(body)["index"]["trouble"]) == (503, "SettingsError")


def test_whoever_asks_often_is_told_the_same_look(served, monkeypatch):
    looked = []
    monkeypatch.setattr(server, "health", lambda *_: looked.append(1) or server.Health(True, True, True))
    for _ in range(20):
        assert got(server.HEALTH)[0] == 200
    assert len(looked) == 1


@pytest.mark.parametrize("path", ["/health", "/nowhere"])
def test_every_answer_carries_the_policy(served, path):
    _, headers, _ = got(path)
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "http" not in headers["content-security-policy"]


def test_addresses_are_not_logged_for_they_hold_questions(served, monkeypatch):
    access = logging.getLogger(server.ACCESS_LOG)
    monkeypatch.setattr(access, "disabled", False)
    ours = logging.getLogger("rapportsvar")
    before = ours.handlers, ours.propagate, ours.level

    async def started():
        async with server.lifespan(None):
            return access.disabled

    try:
        assert asyncio.run(started())
    finally:
        ours.handlers, ours.propagate = before[0], before[1]
        ours.setLevel(before[2])


def test_nobody_is_asked_for_the_address_of_this_machine(served, monkeypatch):
    asked = []
    monkeypatch.setattr(net_util, "get_external_ip", net_util.get_external_ip)  # put back after the test
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda *a, **b: asked.append(a))
    ours = logging.getLogger("rapportsvar")
    before = ours.handlers, ours.propagate, ours.level

    async def connected():
        async with server.lifespan(None):
            return server_util.is_url_from_allowed_origins("https://annan.example")

    try:
        assert not asyncio.run(connected())
    finally:
        ours.handlers, ours.propagate = before[0], before[1]
        ours.setLevel(before[2])
    assert asked == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no uvloop for Windows")
def test_served_by_a_loop_that_sends_small_files_at_once():
    # The loop of Python's own leaves Nagle's algorithm on for the socket that Streamlit makes.
    factory = uvicorn.Config(Starlette()).get_loop_factory()
    assert factory is not None
    assert factory.__module__.startswith("uvloop")


def test_nothing_is_looked_through_for_rubbish_after_every_run():
    settings = tomllib.loads((files("rapportsvar.app") / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["runner"] == {"postScriptGC": False}
    assert isinstance(config.get_option("runner.postScriptGC"), bool)  # the option is still called so
