"""Signing in at a real OpenID provider, in a real Chromium: who sees what, signing out, roles taken away."""

import json
import re
import socket
import subprocess
import sys
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import pytest

from rapportsvar.app import texts
from rapportsvar.config import settings_from
from rapportsvar.engine.engine import build

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_tools = pytest.importorskip("axe_tools", reason="axe-core is not installed")
browser_tools = pytest.importorskip("browser", reason="stands beside this file")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not browser_tools.CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
    pytest.mark.skipif(not find_spec("oidc_provider_mock"), reason="oidc-provider-mock is not installed"),
]
expect = sync_api.expect
WAIT_MS = 90_000
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
OWN, OTHER = "provstad.md", "ekasen.md"
SETTINGS = """
[embedding]
model = "hash"

[answering]
threshold = 0.0

[access]
on = true
file = "{file}"
groups_claim = "groups"
"""
SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{secret}"
client_id = "rapportsvar"
client_secret = "provets"
server_metadata_url = "http://127.0.0.1:{port}/.well-known/openid-configuration"
"""
FILE = """
[groups]
"ekås" = ["bo@ekasen.se"]

[roles]
"läsare" = ["social", "ekås", "bild"]
"förvaltare" = ["it"]

[collections.provstad]
reports = ["provstad.md"]
groups = ["social", "it"]

[collections.ekasen]
reports = ["ekasen.md"]
groups = ["ekås"]

[collections.asbro]
reports = ["sidor.pdf"]
groups = ["bild"]
"""
REPORT = (
    "# Årsredovisning 2022\n\n{} kommun\n{}\n\n## Ekonomi\n\n"
    "Kostnaden för {} ökade med 4 710 tkr eftersom taket läckte under hösten.\n"
)


CLAIMS = {
    "anna": {"email": "anna@provstad.se", "groups": ["social"]},
    "bo": {"email": "bo@ekasen.se", "email_verified": True},
    "cia": {"email": "cia@provstad.se", "groups": ["it"]},
    "dan": {"email": "bo@ekasen.se", "email_verified": False},
    "eva": {"email": "eva@asbro.se", "groups": ["bild"]},
    "fia": {"email": "fia@asbro.se", "groups": ["bild"]},
}


@pytest.fixture(scope="module")
def users():
    """The port of a provider that runs in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    known = [("--user-claims", json.dumps({"sub": name, **told})) for name, told in CLAIMS.items()]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *chain(*known)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        browser_tools._wait_for(f"http://127.0.0.1:{port}/.well-known/openid-configuration")
        yield port
        running.terminate()


@pytest.fixture(scope="module")
def folder(tmp_path_factory, users):
    folder = tmp_path_factory.mktemp("access")
    (folder / "reports").mkdir()
    for name, whose in (("provstad", ("Prövstad", "Socialnämnden")), ("ekasen", ("Ekåsen", "Kulturnämnden"))):
        text = REPORT.format(*whose, "placeringar" if name == "provstad" else "biblioteket")
        (folder / "reports" / f"{name}.md").write_text(text, encoding="utf-8")
    pdf = (browser_tools.ROOT / "corpus/asbro/von-arsredovisning-2018.pdf").read_bytes()
    (folder / "reports" / "sidor.pdf").write_bytes(pdf)
    (folder / "rapportsvar.toml").write_text(SETTINGS.format(file=folder / "access.toml"), encoding="utf-8")
    (folder / "access.toml").write_text(FILE, encoding="utf-8")
    secrets = SECRETS.format(secret="s" * 40, port=users)
    (folder / "secrets.toml").write_text(secrets, encoding="utf-8")
    build([folder / "reports"], folder / "index", settings_from({"embedding": {"model": "hash"}}))
    return folder


@pytest.fixture(scope="module")
def base(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STREAMLIT_SECRETS_FILES", str(folder / "secrets.toml"))
        with browser_tools.serving(folder / "index", folder / "rapportsvar.toml") as address:
            yield address


@pytest.fixture
def window(chromium, folder):
    """A browser without cookies; the file of access is put back after the test."""
    opened = chromium.new_context()
    opened.set_default_timeout(WAIT_MS)
    yield opened
    opened.close()
    (folder / "access.toml").write_text(FILE, encoding="utf-8")


def _signed_in(window, base, who):
    page = window.new_page()
    page.goto(base)
    page.get_by_role("button", name=texts.SIGN_IN, exact=True).click()
    page.get_by_role("button", name=who, exact=True).first.click()
    page.wait_for_url(f"{base}/")
    expect(
        page.get_by_text(CLAIMS[who]["email"]).or_(page.get_by_text("har ingen roll")).first
    ).to_be_visible(timeout=WAIT_MS)
    return page


def _sees(page, base, shown, hidden):
    page.goto(f"{base}/rapporter")
    # The first of all waits for the engine and the view to be opened.
    expect(page.locator(".report-card")).to_have_count(1, timeout=3 * WAIT_MS)
    expect(page.locator(".report-card")).to_contain_text(shown, timeout=WAIT_MS)
    assert hidden not in page.content()


def test_nothing_is_shown_before_signing_in(window, base):
    page = window.new_page()
    for path in (
        "",
        "rapporter",
        "rapporter?rapport=provstad.md",
        "sok?q=placeringar",
        "utvardering",
        "om",
    ):
        page.goto(f"{base}/{path}")
        expect(page.get_by_role("heading", name=texts.SIGN_IN_HEADING)).to_be_visible(timeout=WAIT_MS)
        assert OWN not in page.content()
        expect(page.get_by_role("navigation", name=texts.NAV_LABEL)).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", browser_tools.SIZES)
def test_page_to_sign_in_on_can_be_used_by_all(chromium, base, size, scheme):
    opened = chromium.new_context(viewport=browser_tools.SIZES[size], color_scheme=scheme)
    page = opened.new_page()
    page.goto(base)
    expect(page.get_by_role("heading", name=texts.SIGN_IN_HEADING)).to_be_visible(timeout=WAIT_MS)
    assert page.evaluate(CONTRAST) == []
    assert axe_tools.grave_faults(page) == []
    opened.close()


def test_each_sees_the_own_collection_and_signs_out(window, base):
    page = _signed_in(window, base, "anna")
    expect(page.locator(".signed-in")).to_contain_text("anna@provstad.se (läsare)", timeout=WAIT_MS)
    _sees(page, base, OWN, OTHER)
    expect(page.get_by_role("link", name=texts.NAV_EVALUATION)).to_have_count(0)
    expect(page.locator("[data-act=ta-bort], [data-act=dolj], #lagg-till, #ratta")).to_have_count(0)
    page.goto(f"{base}/rapporter?rapport=ekasen.md")
    expect(page.get_by_text(texts.UNKNOWN_REPORT)).to_be_visible(timeout=WAIT_MS)
    page.goto(f"{base}/?q=Varför+ökade+kostnaden+för+biblioteket")
    expect(page.get_by_text("placeringar ökade").first).to_be_visible(timeout=WAIT_MS)
    assert "biblioteket ökade" not in page.content()
    assert OTHER not in page.content()
    other = window.new_page()
    other.goto(f"{base}/rapporter")
    expect(other.locator(".report-card")).to_have_count(1, timeout=WAIT_MS)
    page.get_by_role("button", name=texts.SIGN_OUT).click()
    # The provider may ask whether one is to be signed out there too.
    expect(
        page.get_by_text(re.compile(f"{texts.SIGN_IN_LEAD[:20]}|end|out", re.IGNORECASE)).first
    ).to_be_visible(timeout=WAIT_MS)
    page.goto(base)
    expect(page.get_by_role("heading", name=texts.SIGN_IN_HEADING)).to_be_visible(timeout=WAIT_MS)
    # The other window is signed out with it, without being loaded anew.
    expect(other.get_by_role("heading", name=texts.SIGN_IN_HEADING)).to_be_visible(timeout=WAIT_MS)
    assert OWN not in other.content()


def test_a_cookie_that_was_copied_is_of_no_use_after_signing_out(window, base, chromium):
    page = _signed_in(window, base, "anna")
    expect(page.locator(".signed-in")).to_be_visible(timeout=WAIT_MS)
    cookies = window.cookies()
    page.get_by_role("button", name=texts.SIGN_OUT).click()
    page.wait_for_timeout(1000)
    thief = chromium.new_context()
    thief.add_cookies(cookies)
    stolen = thief.new_page()
    stolen.goto(f"{base}/rapporter")
    expect(stolen.get_by_role("heading", name=texts.SIGN_IN_HEADING)).to_be_visible(timeout=WAIT_MS)
    assert OWN not in stolen.content()
    thief.close()


def test_pictures_files_and_what_is_downloaded_go_to_their_reader_only(window, base, chromium):
    page = _signed_in(window, base, "eva")
    page.goto(f"{base}/rapporter?rapport=sidor.pdf")
    picture = page.locator(".sheet img")
    expect(picture).to_be_visible(timeout=3 * WAIT_MS)
    page.wait_for_function("document.querySelector('.sheet img').naturalWidth > 100")
    file = page.get_by_role("link", name=texts.OPEN_PDF)
    found = [picture.get_attribute("src"), file.get_attribute("href").partition("#")[0]]
    addresses = [f"{base}{path}" for path in found]
    # As it stands, with a letter of the path written in another way, and with more behind it.
    forms = [(each, each.replace("/media/", "/%6dedia/"), f"{each}?x=1") for each in addresses]
    other, out = chromium.new_context(), chromium.new_context()
    _signed_in(other, base, "fia")  # who has the same rights
    for form in chain(*forms):
        assert [whose.request.get(form).status for whose in (window, other, out)] == [200, 404, 404], form
        assert [whose.request.head(form).status for whose in (window, other, out)] == [200, 404, 404], form
    told = window.request.get(addresses[0]).headers
    assert (told["content-type"], told["cache-control"]) == ("image/png", "private, no-store")
    kept = window.new_page()
    kept.goto(f"{base}/sok?ord=hemtjänst")
    with kept.expect_download(timeout=WAIT_MS) as download:
        kept.get_by_role("button", name=texts.EXPORT.format("CSV")).click()
    assert "hemtjänst" in Path(download.value.path()).read_text(encoding="utf-8-sig").lower()
    assert [whose.request.get(download.value.url).status for whose in (other, out)] == [404, 404]
    stolen = window.cookies()
    page.get_by_role("button", name=texts.SIGN_OUT).click()
    page.wait_for_timeout(1000)
    out.add_cookies(stolen)
    for address in addresses:
        assert [whose.request.get(address).status for whose in (window, other, out)] == [404, 404, 404]
    for opened in (other, out):
        opened.close()


def test_a_role_or_a_collection_that_is_taken_away_is_gone_at_once(window, base, folder):
    page = _signed_in(window, base, "bo")
    _sees(page, base, OTHER, OWN)
    file = folder / "access.toml"
    moved = FILE.replace('reports = ["ekasen.md"]', 'reports = ["provstad.md"]')
    file.write_text(moved, encoding="utf-8")
    # Without a click: the page looks by itself whether its reader may still see it.
    expect(page.locator(".report-card")).to_contain_text(OWN, timeout=WAIT_MS)
    assert OTHER not in page.content()
    file.write_text(FILE.replace('"bo@ekasen.se"', '"annan@ekasen.se"'), encoding="utf-8")
    page.goto(f"{base}/rapporter")
    expect(page.get_by_text("har ingen roll")).to_be_visible(timeout=WAIT_MS)
    assert OWN not in page.content()


@pytest.mark.slow
def test_a_session_ends_by_itself_on_an_open_page(window, base, folder):
    page = _signed_in(window, base, "anna")
    _sees(page, base, OWN, OTHER)
    file = folder / "rapportsvar.toml"
    settings = file.read_text(encoding="utf-8")
    try:
        file.write_text(f"{settings}session_minutes = 1\n", encoding="utf-8")
        expect(page.get_by_role("heading", name=texts.SIGN_IN_HEADING)).to_be_visible(timeout=2 * WAIT_MS)
        assert OWN not in page.content()
    finally:
        file.write_text(settings, encoding="utf-8")


def test_a_manager_may_hide_and_an_address_nobody_stands_for_has_no_role(window, base, chromium):
    page = _signed_in(window, base, "cia")
    _sees(page, base, OWN, OTHER)
    expect(page.locator("[data-act=dolj]").first).to_be_attached(timeout=WAIT_MS)
    other = chromium.new_context()
    other.set_default_timeout(WAIT_MS)
    refused = _signed_in(other, base, "dan")
    expect(refused.get_by_text("har ingen roll")).to_be_visible(timeout=WAIT_MS)
    other.close()


def test_a_file_of_access_that_is_broken_lets_nobody_read(window, base, folder):
    page = _signed_in(window, base, "anna")
    _sees(page, base, OWN, OTHER)
    (folder / "access.toml").write_text("[roles", encoding="utf-8")
    page.goto(f"{base}/rapporter")
    expect(page.get_by_role("heading", name=texts.WENT_WRONG)).to_be_visible(timeout=WAIT_MS)
    assert OWN not in page.content()


def test_a_setting_without_secrets_serves_nothing(chromium, folder, tmp_path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STREAMLIT_SECRETS_FILES", str(tmp_path / "none.toml"))
        with browser_tools.serving(folder / "index", folder / "rapportsvar.toml") as address:
            page = chromium.new_page()
            page.goto(f"{address}/rapporter")
            expect(page.get_by_text("ingen del [auth]")).to_be_visible(timeout=WAIT_MS)
            assert OWN not in page.content()
            page.close()
