"""Hostile reports and questions in a real Chromium: nothing runs, and nothing is loaded from elsewhere."""

from contextlib import closing
from datetime import date
from urllib.parse import urlencode, urlsplit

import pytest
from payloads import FORMATS, NAME, PAYLOADS, RUNS

from rapportsvar.app.chart_svg import comparison_svg
from rapportsvar.config import settings_from
from rapportsvar.engine.engine import Engine, build

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
browser_tools = pytest.importorskip("browser", reason="stands beside this file")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not browser_tools.CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
]
expect = sync_api.expect
SETTINGS = '[embedding]\nmodel = "hash"\n\n[answering]\nthreshold = 0.0\n'
DRAWN = '[data-testid="stApp"][data-test-script-state="notRunning"]'
ASKED = ("script", "handler", "vector", "remote", "latex", "formula")
READ = [NAME.format(suffix) for suffix in FORMATS]
PAGES = [
    "/",
    "/sok?ord=farligheten+script+handler+remote",
    "/jamfor",
    "/rapporter",
    "/utvardering",
    "/sa-fungerar-det",
    *(f"/rapporter?{urlencode({'rapport': source})}" for source in READ),
    *(f"/?{urlencode({'q': f'Varför ökade farligheten {PAYLOADS[name]}?'})}" for name in ASKED),
    *(f"/jamfor?{urlencode({'matt': PAYLOADS[name]})}" for name in ("handler", "formula")),
    f"/sok?{urlencode({'ord': PAYLOADS['attribute'], 'kommun': PAYLOADS['script']})}",
    f"/rapporter?{urlencode({'rapport': PAYLOADS['handler'], 'ord': PAYLOADS['vector'], 'ratta': '1'})}",
]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "reports").mkdir()
    for suffix, make in FORMATS.items():
        (folder / "reports" / NAME.format(suffix)).write_bytes(make())
    (folder / "rapportsvar.toml").write_text(SETTINGS, encoding="utf-8")
    build([folder / "reports"], folder / "index", settings_from({"embedding": {"model": "hash"}}))
    with browser_tools.serving(folder / "index", folder / "rapportsvar.toml") as address:
        yield address


@pytest.fixture
def watched(chromium, base):
    """A page, and all that it did which it should not."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="sv-SE")
    page, wrong = context.new_page(), []
    page.set_default_timeout(60_000)
    host = urlsplit(base).netloc

    def requested(request):
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != host:
            wrong.append(f"loaded {request.url}")

    def said(message):
        if "Content Security Policy" in message.text or "stolen" in message.text:
            wrong.append(f"console: {message.text}")

    page.on("request", requested)
    page.on("websocket", lambda socket: urlsplit(socket.url).netloc == host or wrong.append(socket.url))
    page.on("console", said)
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("download", lambda download: wrong.append(f"download: {download.url}"))
    context.on("page", lambda other: wrong.append(f"window: {other.url}"))
    yield page, wrong
    context.close()


def test_nothing_runs_and_nothing_is_loaded_from_elsewhere(watched, base):
    page, wrong = watched
    for address in PAGES:
        page.goto(base + address)
        page.locator(DRAWN).wait_for()
        page.locator("#innehall").first.wait_for()
        page.eval_on_selector_all(
            "details:not([open]) > summary", "all => all.slice(0, 5).forEach((box) => box.click())"
        )
        assert page.evaluate("window.stolen") is None, address
        assert page.locator(f".stHtml :is({RUNS})").count() == 0, address
        links = page.eval_on_selector_all(".stHtml a[href]", "all => all.map(a => a.href)")
        assert not [link for link in links if not link.startswith(base)], address
        assert not wrong, address


TURNED = r"""() => {
  const wrong = [], all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let met = 0;
  while (all.nextNode()) {
    const node = all.currentNode, element = node.parentElement;
    if (!/[\u202a-\u202e\u2066-\u2069]/.test(node.data) || !element.closest('.stHtml')) continue;
    met += 1;
    const style = getComputedStyle(element);
    if (!style.unicodeBidi.startsWith('isolate')) wrong.push(element.outerHTML.slice(0, 120));
  }
  return [met, wrong];
}"""


def test_characters_that_turn_the_direction_turn_nothing_beside_them(watched, base):
    page, _ = watched
    met = 0
    for address in (
        f"/rapporter?{urlencode({'rapport': NAME.format('md')})}",
        "/sok?ord=farligheten+direction",
    ):
        page.goto(base + address)
        page.locator(DRAWN).wait_for()
        page.locator("#innehall").first.wait_for()
        found, wrong = page.evaluate(TURNED)
        assert wrong == [], address
        met += found
    assert met


def test_an_exported_picture_runs_nothing_and_loads_nothing_when_it_is_opened(watched, tmp_path):
    page, wrong = watched
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports/a.md").write_bytes(FORMATS["md"]())
    made = settings_from({"embedding": {"model": "hash"}})
    build([tmp_path / "reports"], tmp_path / "index", made)
    with closing(Engine.open(tmp_path / "index", made)) as engine:
        pictures = [comparison_svg(engine.compare(PAYLOADS[name]), date(2026, 11, 30)) for name in PAYLOADS]
    assert any(b"4" in picture for picture in pictures)
    for number, picture in enumerate(pictures):
        path = tmp_path / f"{number}.svg"
        path.write_bytes(picture)
        page.goto(path.as_uri())
        assert page.evaluate("window.stolen") is None
        assert page.evaluate("document.documentElement.localName") == "svg"
    assert wrong == []


def test_what_is_drawn_is_the_hostile_text_itself(watched, base):
    page, _ = watched
    page.goto(f"{base}/rapporter?{urlencode({'rapport': NAME.format('md')})}")
    for name in ("script", "handler", "sheet"):
        expect(page.get_by_text(PAYLOADS[name]).first).to_be_visible()


def test_the_policy_stops_what_would_have_got_through(watched, base):
    """Written into the page by hand, as if it had not been escaped."""
    page, wrong = watched
    page.goto(base)
    page.locator(DRAWN).wait_for()
    hostile = "".join(PAYLOADS[name] for name in ("handler", "vector", "remote", "sheet", "css"))
    page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", hostile)
    page.wait_for_timeout(1500)
    assert page.evaluate("window.stolen") is None
    blocked = [each for each in wrong if each.startswith("console:")]
    assert any("inline event handler" in each or "script-src" in each for each in blocked), wrong
    assert any("img-src" in each for each in blocked), wrong


def test_health_tells_how_the_index_is_and_every_answer_carries_the_policy(watched, base):
    page, _ = watched
    answer = page.request.get(f"{base}/health")
    assert answer.status == 200
    told = answer.json()
    assert told["status"] == "ok"
    assert told["index"] == {
        "open": True, "sound": True, "current": True, "generation": "generation-000001",
        "created": told["index"]["created"], "trouble": "",
    }  # fmt: skip
    for address in ("/", "/health", "/_stcore/health"):
        headers = page.request.get(base + address).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    assert page.request.post(f"{base}/_stcore/agent/interact", data={}).status >= 400
