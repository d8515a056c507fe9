"""Pictures and files go to the reader they were made for, and to nobody else."""

import asyncio
import secrets
import time
from types import SimpleNamespace

import pytest
from asking_routes import answered
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount
from streamlit.auth_util import set_cookie_with_chunks
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.web.server.server_util import AUTH_COOKIE_NAME
from streamlit.web.server.starlette import starlette_websocket
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_routes import create_media_routes

from rapportsvar.app import door, media, server, signing
from rapportsvar.engine.access import LOCAL, Reader, Role

SECRET = "s" * 40
SECRETS = {
    "redirect_uri": "https://svar.lindsjo.se/oauth2callback",
    "cookie_secret": SECRET,
    "client_id": "x",
    "client_secret": "x",
    "server_metadata_url": "https://i/.well-known/openid-configuration",
}
FILE = """
[roles]
"läsare" = ["social"]
"redaktör" = ["it"]

[collections.alla]
reports = ["**"]
groups = ["social", "it"]
"""
SETTINGS = """
[access]
on = true
file = "{}"
groups_claim = "groups"
"""
PICTURE, TABLE = b"\x89PNG of a page", b"a;b"


@pytest.fixture
def manager(monkeypatch):
    """Streamlit's own memory of files."""
    made = MediaFileManager(MemoryMediaFileStorage("/media"))
    monkeypatch.setattr(media.runtime, "exists", lambda: True)
    monkeypatch.setattr(media.runtime, "get_instance", lambda: SimpleNamespace(media_file_mgr=made))
    monkeypatch.setattr(media, "_given", media.Given(media._is_there))
    return made


@pytest.fixture
def on(tmp_path, monkeypatch):
    """Sign-in is on; the file of access is returned."""
    (tmp_path / "rapportsvar.toml").write_text(SETTINGS.format(tmp_path / "access.toml"), encoding="utf-8")
    (tmp_path / "access.toml").write_text(FILE, encoding="utf-8")
    monkeypatch.setenv("RAPPORTSVAR_SETTINGS", str(tmp_path / "rapportsvar.toml"))
    monkeypatch.setattr(signing, "_secrets", lambda: SECRETS)
    monkeypatch.setattr(starlette_websocket, "get_cookie_secret", lambda: SECRET)
    signing._ended().clear()
    yield tmp_path / "access.toml"
    signing._ended().clear()


def claims(sub, **more):
    told = {"iss": "https://i", "sub": sub, "iat": int(time.time()), "email": f"{sub}@lindsjo.se"}
    return {"is_logged_in": True, "origin": "https://svar.lindsjo.se", "groups": ["social"], **told, **more}


def cookies_of(told, secret=SECRET):
    """The cookies that Streamlit sets at a sign-in, in pieces where they are long."""
    found = {}

    def signed(name, value):
        return create_signed_value(secret, name, value)

    def put(name, value):
        found[name] = signed(name, value).decode()

    set_cookie_with_chunks(put, signed, AUTH_COOKIE_NAME, told, cookie_attr_size=100)
    return found


def drawn(monkeypatch, told, draw):
    """Draw something as a page of somebody does."""
    monkeypatch.setattr(signing, "st", SimpleNamespace(user=SimpleNamespace(to_dict=lambda: told)))
    return draw()


def got(manager, path, cookies=None, method="GET"):
    """Ask the server for a path; return status, headers and body."""
    routes = [*create_media_routes(manager._storage, ""), Mount("/", Response(status_code=204))]
    app = Starlette(routes=routes, middleware=server.MIDDLEWARE)
    return answered(app, path, method, cookies)


def picture(monkeypatch, told, data=PICTURE):
    return drawn(monkeypatch, told, lambda: media.address_of(data, "image/png", "page"))


def test_without_sign_in_an_address_is_served_as_streamlit_does_and_nothing_is_noted(manager):
    address = media.address_of(PICTURE, "image/png", "page")
    status, headers, body = got(manager, address)
    assert (status, body) == (200, PICTURE)
    assert "cache-control" not in headers
    assert len(media._given) == 0


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_picture_goes_to_the_reader_it_was_drawn_for(manager, on, monkeypatch, method):
    address = picture(monkeypatch, claims("anna"))
    status, headers, body = got(manager, address, cookies_of(claims("anna")), method)
    assert status == 200
    assert body == PICTURE  # which uvicorn leaves out for HEAD
    assert headers["cache-control"] == "private, no-store"
    assert headers["content-security-policy"]


def test_a_cookie_in_pieces_is_the_same_reader(manager, on, monkeypatch):
    told = claims("anna", groups=["social", *(secrets.token_hex(20) for _ in range(200))])
    cookies = cookies_of(told)
    assert len(cookies) > 2
    address = picture(monkeypatch, told)
    assert got(manager, address, cookies)[0] == 200
    cookies.popitem()
    assert got(manager, address, cookies)[0] == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
@pytest.mark.parametrize(
    "cookies",
    [
        {},
        {AUTH_COOKIE_NAME: "x"},
        {AUTH_COOKIE_NAME: "å\xff"},
        cookies_of(claims("bo")),
        cookies_of(claims("anna"), secret="t" * 40),
        cookies_of(claims("anna", iss="https://another")),
        cookies_of(claims("anna", is_logged_in=False)),
        cookies_of(claims("anna", iat=int(time.time()) - 100_000)),
        cookies_of(claims("anna", groups=[])),
    ],
    ids=["none", "rubbish", "letters", "another", "forged", "elsewhere", "out", "old", "no-role"],
)
def test_to_all_others_it_is_not_there(manager, on, monkeypatch, cookies, method):
    address = picture(monkeypatch, claims("anna"))
    status, headers, body = got(manager, address, cookies, method)
    assert (status, headers["cache-control"]) == (404, "private, no-store")
    assert PICTURE not in body
    missing = got(manager, "/media/0123.png", cookies, method)
    assert (missing[0], missing[2]) == (status, body)


def test_the_same_file_goes_to_each_whom_it_was_drawn_for(manager, on, monkeypatch):
    addresses = {picture(monkeypatch, claims(who)) for who in ("anna", "bo")}
    assert len(addresses) == 1
    for who, status in (("anna", 200), ("bo", 200), ("cia", 404)):
        assert got(manager, *addresses, cookies_of(claims(who)))[0] == status


@pytest.mark.parametrize(
    "form",
    ["/media/{}", "/media/{}.x", "/media/x/{}", "/media//{}", "//media/{}", "/media/./{}", "/x/media/{}"],
)
def test_no_form_of_the_path_goes_round_it(manager, on, monkeypatch, form):
    path = form.format(picture(monkeypatch, claims("anna")).rpartition("/")[2])
    for cookies in ({}, cookies_of(claims("bo"))):
        assert PICTURE not in got(manager, path, cookies)[2]


def test_after_signing_out_the_cookie_is_of_no_use(manager, on, monkeypatch):
    told = claims("anna")
    address = picture(monkeypatch, told)
    assert got(manager, address, cookies_of(told))[0] == 200
    signing._ended().add(signing._session(told))
    assert got(manager, address, cookies_of(told))[0] == 404


def test_once_rights_are_others_what_was_drawn_before_is_not_given(manager, on, monkeypatch):
    told = claims("anna")
    address = picture(monkeypatch, told)
    on.write_text(FILE.replace('"**"', '"annat/"'), encoding="utf-8")
    assert got(manager, address, cookies_of(told))[0] == 404
    assert picture(monkeypatch, told) == address
    assert got(manager, address, cookies_of(told))[0] == 200
    on.write_text("[roles", encoding="utf-8")
    assert got(manager, address, cookies_of(told))[0] == 404


def test_what_is_downloaded_goes_to_the_reader_who_saw_the_button(manager, on, monkeypatch):
    def button():
        made = media.made_when_clicked(lambda: TABLE, "text/csv", "träffar.csv")
        return manager.add_deferred(made, "text/csv", "1.1", "träffar.csv")

    # Streamlit makes it when it is clicked, outside of any page.
    address = manager.execute_deferred(drawn(monkeypatch, claims("anna"), button))
    assert got(manager, address, cookies_of(claims("anna")))[2] == TABLE
    assert got(manager, address, cookies_of(claims("bo")))[0] == 404


def test_what_is_made_with_the_page_goes_to_its_reader(manager, on, monkeypatch):
    def button():
        data = media.downloaded(TABLE, "text/csv", "serie.csv")
        return manager.add(data, "text/csv", "1.1", "serie.csv", is_for_static_download=True)

    address = drawn(monkeypatch, claims("anna"), button)
    assert got(manager, address, cookies_of(claims("anna")))[2] == TABLE
    assert got(manager, address, cookies_of(claims("bo")))[0] == 404


@pytest.mark.parametrize(
    ("path", "group", "is_shut"),
    [
        ("/_stcore/agent/interact", "it", True),
        ("/_stcore/agent/mcp", "it", True),
        ("/_stcore/metrics", "it", True),
        ("/_stcore/upload_file/session/file", "social", True),
        ("/_stcore/upload_file/session/file", "it", False),
        ("/_stcore/health", "", False),
        ("/static/media/letters.woff2", "", False),
    ],
)
def test_where_one_signs_in_other_addresses_ask_who_comes(manager, on, path, group, is_shut):
    cookies = cookies_of(claims("anna", groups=[group]))
    assert got(manager, path, cookies, "PUT")[0] == (404 if is_shut else 204)
    if path != "/_stcore/health" and not path.startswith("/static"):
        assert got(manager, path, {}, "PUT")[0] == 404


def test_without_sign_in_no_address_asks_who_comes(manager):
    for path in ("/_stcore/agent/interact", "/_stcore/metrics", "/_stcore/upload_file/session/file"):
        assert got(manager, path, method="PUT")[0] == 204


def test_large_files_that_streamlit_would_take_for_one_are_two(manager):
    # It hashes the beginning, the middle and the end of what is larger than 1 MiB.
    first = bytearray(3 << 20)
    second = bytearray(first)
    second[1 << 20] = 1
    assert media.address_of(bytes(first), "image/png", "a") != media.address_of(
        bytes(second), "image/png", "b"
    )


def test_files_that_are_gone_are_forgotten(monkeypatch):
    there = {f"file-{n}" for n in range(5)}
    monkeypatch.setattr(media, "SWEEP_FILES", 10)
    monkeypatch.setattr(media, "MAKING_SECONDS", -1)
    given = media.Given(there.__contains__)
    anna = signing.Visitor(("i", "anna"), Reader("anna", Role.READER, None))
    for n in range(1000):
        given.note(f"file-{n}", anna)
        given.note(f"file-{n}", anna)
    assert len(given) <= 11
    assert all(given.has(file, anna) for file in there)


def test_who_is_at_the_machine_is_not_noted():
    assert signing.HERE.reader is LOCAL


# what is said over the connection of a page


def operation(kind):
    message = BackMsg()
    getattr(message.backend_operation_request, kind).SetInParent()
    return message


@pytest.mark.parametrize(
    ("message", "heard"),
    [
        (BackMsg(rerun_script={"query_string": "q=x"}), True),
        (BackMsg(stop_script=True), True),
        (BackMsg(app_heartbeat=True), True),
        (BackMsg(file_urls_request={"request_id": "1"}), True),
        (operation("deferred_file"), True),
        (BackMsg(clear_cache=True), False),
        (BackMsg(load_git_info=True), False),
        (BackMsg(set_run_on_save=True), False),
        (operation("install_skills"), False),
        (operation("dismiss_skills_nudge"), False),
        (BackMsg(), False),
    ],
)
def test_only_what_a_page_sends_is_heard(message, heard):
    data = message.SerializeToString()
    assert door.is_heard(data) is heard
    received = iter([{"type": "websocket.receive", "bytes": data}, {"type": "websocket.disconnect"}])
    told = []

    async def app(scope, receive, send):
        told.append(await receive())

    async def receive():
        return next(received)

    asyncio.run(door.Sieve(app)({"type": "websocket"}, receive, None))
    assert told[0]["type"] == ("websocket.receive" if heard else "websocket.disconnect")


def test_what_is_no_message_is_left_to_streamlit_to_refuse():
    assert door.is_heard(b"\xff\xff\xff")
