"""The application in a real Chromium: server and page reach nothing else, and no log holds a question."""

import os
import subprocess
import sys

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
browser_tools = pytest.importorskip("browser", reason="stands beside this file")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not browser_tools.CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
]
HOOK = """
import os, sys
def _tell(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        with open(os.environ["SOCKETS_TOLD"], "a", encoding="utf-8") as told:
            told.write(event + " " + repr([a for a in arguments if isinstance(a, (str, tuple))]) + "\\n")
sys.addaudithook(_tell)
"""
WAIT_MS = 90_000


def test_neither_server_nor_page_reaches_anything_else_and_no_log_holds_a_question(
    hash_index, chromium, tmp_path
):
    (tmp_path / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    told, log = tmp_path / "told.txt", tmp_path / "log.txt"
    port = browser_tools.free_port() if hasattr(browser_tools, "free_port") else 18_532
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    environment = {
        **os.environ,
        "PYTHONPATH": path,
        "SOCKETS_TOLD": str(told),
        "RAPPORTSVAR_INDEX": str(hash_index / "index"),
        "RAPPORTSVAR_SETTINGS": str(hash_index / "rapportsvar.toml"),
    }
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    base = f"http://127.0.0.1:{port}"
    asked: list[str] = []
    with (
        log.open("wb") as written,
        subprocess.Popen(
            command, cwd=browser_tools.ROOT, env=environment, stdout=written, stderr=written
        ) as server,
    ):
        try:
            browser_tools._wait_for(f"{base}/_stcore/health")
            page = chromium.new_page()
            page.on("request", lambda request: asked.append(request.url))
            page.on("websocket", lambda socket: asked.append(socket.url))
            page.goto(f"{base}/?q=Varför+ökade+zebrarandigheten+för+placeringar")
            page.get_by_text("placeringar ökade").first.wait_for(timeout=WAIT_MS)
            page.goto(f"{base}/rapporter")
            page.locator(".report-card").first.wait_for(timeout=WAIT_MS)
            page.close()
        finally:
            server.terminate()
    reached = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    assert [line for line in reached if "127.0.0.1" not in line and "localhost" not in line] == []
    assert asked
    own = (base, base.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
    assert "zebrarandig" not in log.read_text(encoding="utf-8", errors="replace")
    holding = [
        p for p in (hash_index / "index").rglob("*") if p.is_file() and b"zebrarandig" in p.read_bytes()
    ]
    assert holding == []
