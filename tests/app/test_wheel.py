"""The application from an installed wheel, started in a folder that holds nothing else."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

browser_tools = pytest.importorskip("browser", reason="stands beside this file")
ROOT = Path(__file__).parents[2]
LOOKS = "rapportsvar/app/.streamlit/config.toml"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with the package as the wheel holds it; skipped where nothing builds wheels."""
    pytest.importorskip("hatchling", reason="hatchling is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


@contextmanager
def app_of(site, index, settings, folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "rapportsvar.cli", "--settings", str(settings)]
    command += ["app", "--index", str(index), "--port", str(port), "--address", "127.0.0.1"]
    server = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield server, f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.communicate(timeout=120)


def wait_for(server, address):
    until = time.monotonic() + browser_tools.START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, server.stderr.read().decode()
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                return answer.read()
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(address)


def test_looks_of_the_package_are_those_of_the_checkout():
    packaged = ROOT / "src" / LOOKS
    assert packaged.read_bytes() == (ROOT / ".streamlit" / "config.toml").read_bytes()


@pytest.mark.slow
def test_wheel_holds_what_the_application_is_drawn_with(installed):
    for name in ("run.py", "script/page.py", "style.css", "behaviour.js", ".streamlit/config.toml"):
        assert (installed / "rapportsvar" / "app" / name).is_file()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(not browser_tools.CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")
def test_installed_application_answers_in_its_own_looks(installed, hash_index, tmp_path):
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with app_of(installed, hash_index / "index", hash_index / "rapportsvar.toml", tmp_path) as (server, base):
        assert wait_for(server, base) == b"ok"
        with sync_api.sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=str(browser_tools.CHROMIUM), args=browser_tools.CHROMIUM_ARGUMENTS
            )
            tab = chromium.new_page(color_scheme="light")
            tab.goto(f"{base}/?q=Varför+ökade+kostnaden+för+placeringar?")
            tab.locator(".answer mark.lit").first.wait_for(timeout=browser_tools.PATIENCE_MS)
            ground = tab.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
            chromium.close()
    assert ground == "rgb(253, 252, 250)"
