"""A server of the application and a Chromium to look at it with, for tests and screenshots."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 400, "height": 800}}
START_SECONDS = 120
PATIENCE_MS = 120_000
"""How long is waited for what is to come, on a busy machine, by a server that reads its model first."""
READY = """() => document.querySelector('.stApp')?.dataset.testScriptState === 'notRunning'
  && document.querySelector('#innehall') !== null && document.documentElement.lang === 'sv'"""
"""All is drawn, and the page's own script listens: a button that is pressed before does nothing."""


@contextmanager
def serving(index: Path, settings: Path | None = None, app: Path = Path("app.py")) -> Iterator[str]:
    """Serve an index on a free port; yield the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "RAPPORTSVAR_INDEX": str(index)}
    if settings:
        environment["RAPPORTSVAR_SETTINGS"] = str(settings)
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(app), *options],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_for(f"{base}/_stcore/health")
        yield base
    finally:
        server.terminate()
        server.wait(timeout=START_SECONDS)


def _wait_for(address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(address)


def go(tab: Page, address: str) -> None:
    """Open an address and wait until the page is drawn and can be used."""
    tab.goto(address)
    ready(tab)


def ready(tab: Page) -> None:
    """Wait until all of a page is drawn and can be used."""
    tab.wait_for_function(READY)
