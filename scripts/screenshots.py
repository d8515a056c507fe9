"""Take the pictures of the application that the documentation shows, over the demonstration corpus::

    python scripts/screenshots.py [--index DIR] [--all] [OUT]

Taken are the pictures of docs/bilder/: every page and state at both sizes, and a few in the dark theme; with
``--all`` both themes of all, to be looked at. Needs Chromium at /usr/bin/chromium and the extra ``dev``.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from rapportsvar.engine.asker import EngineAsker
from rapportsvar.engine.engine import Engine, build
from rapportsvar.evaluation.gold import read_gold
from rapportsvar.evaluation.kept import keep
from rapportsvar.evaluation.run import evaluate

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "app"))
from browser import CHROMIUM, CHROMIUM_ARGUMENTS, serving  # noqa: E402

WHY = "Varför ökade kostnaden för placeringar?"
HOW_MUCH = "Vad kostade hemtjänsten i Åsbro 2022?"
PDF = "asbro/von-arsredovisning-2024.pdf"
HIGHER = "Är sjukfrånvaron högre i Norrvika än i Åsbro?"
PAGES = {
    "start": ("/", "Fråga: första sidan"),
    "svar": (f"/?{urlencode({'q': WHY})}", "Fråga: ett svar ur text"),
    "tabell": (f"/?{urlencode({'q': HOW_MUCH})}", "Fråga: ett svar ur en tabell"),
    "over-tid": (f"/?{urlencode({'q': HOW_MUCH})}#over-tid", "Fråga: uppgiften över tid och följdfrågor"),
    "stavfel": (
        f"/?{urlencode({'q': 'varför hade hemtjensten underskot', 'tidigare': HOW_MUCH})}",
        "Fråga: en följdfråga med rättad stavning",
    ),
    "inget-svar": (f"/?{urlencode({'q': 'Hur gick det för skolan i Uppsala?'})}", "Fråga: inget svar"),
    "bredvid": (f"/?{urlencode({'q': WHY})}#visa", "Fråga: rapporten bredvid"),
    "bredvid-tabell": (f"/?{urlencode({'q': HOW_MUCH})}#visa", "Fråga: tabellen bredvid"),
    "sida-vid-sida": (f"/?{urlencode({'q': HIGHER})}", "Fråga: två kommuner sida vid sida"),
    "aterkoppling": (f"/?{urlencode({'q': WHY})}#nej", "Fråga: vad blev fel"),
    "sok": (f"/sok?{urlencode({'ord': 'hemtjänst bränsle'})}", "Sök"),
    "sok-ar": (f"/sok?{urlencode({'ord': 'hemtjänst', 'ar': 2022, 'ordning': 'nyast'})}", "Sök: ett år"),
    "sok-tomt": ("/sok", "Sök: innan något är skrivet"),
    "jamfor": (f"/jamfor?{urlencode({'matt': 'Hemtjänst'})}#diagram", "Jämför: ett mått"),
    "jamfor-kommuner": (f"/jamfor?{urlencode({'matt': 'Sjukfrånvaro'})}#diagram", "Jämför: två kommuner"),
    "jamfor-punkt": (f"/jamfor?{urlencode({'matt': 'Hemtjänst'})}#punkt", "Jämför: en punkt med sitt värde"),
    "jamfor-ruta": (f"/jamfor?{urlencode({'matt': 'Hemtjänst'})}#ruta", "Jämför: punktens ruta i rapporten"),
    "jamfor-tomt": ("/jamfor", "Jämför: innan något är valt"),
    "jamfor-inget": (f"/jamfor?{urlencode({'matt': 'rymdfart'})}", "Jämför: inget mått hittas"),
    "rapporter": ("/rapporter", "Rapporter"),
    "rapport": ("/rapporter#las", "Rapporter: en rapport"),
    "sidor": (
        f"/rapporter?{urlencode({'rapport': PDF, 'ord': 'hemtjänst', 'traff': 3})}",
        "Rapporter: en sida med sökordet",
    ),
    "lagg-till": ("/rapporter?lagg-till=1", "Rapporter: nya filer"),
    "ratta": (
        f"/rapporter?{urlencode({'rapport': PDF, 'vy': 'text', 'ratta': 1})}",
        "Rapporter: rätta uppgifterna",
    ),
    "rapport-okand": ("/rapporter?rapport=finns-inte.pdf", "Rapporter: en rapport som inte finns"),
    "utvardering": ("/utvardering", "Utvärdering"),
    "sa-fungerar-det": ("/sa-fungerar-det", "Så fungerar det"),
    "utan-index": ("/", "När det inte finns några rapporter"),
    "logga-in": ("/", "När man behöver logga in"),
}
"""Address and caption of each picture; what follows ``#`` is done on the page first."""
SIGN_IN, NO_INDEX = "logga-in", "utan-index"
"""Taken at servers of their own: one where one has to sign in, one without any report."""
NOWHERE = Path(tempfile.gettempdir()) / "rapportsvar" / "index"
"""There must be nothing in it; its name is in the picture."""
SECRETS = """[auth]
redirect_uri = "http://127.0.0.1/oauth2callback"
cookie_secret = "only a picture is taken here, nobody signs in"
client_id = "rapportsvar"
client_secret = "none"
server_metadata_url = "http://127.0.0.1/.well-known/openid-configuration"
"""
SIZES = {"": {"width": 1280, "height": 900}, "-telefon": {"width": 400, "height": 800}}
SECRETS_FILES = "STREAMLIT_SECRETS_FILES"
PATIENCE_MS = 180_000  # the first page of a server that has just begun, on a busy machine
GALLERY = "README.md"
IN_DARK = (
    ("start", ""),
    ("rapport", ""),
    ("jamfor", "-telefon"),
    ("tabell", "-telefon"),
    ("sidor", "-telefon"),
)
"""Of the dark theme a few are kept; ``--all`` takes every one, to be looked at."""
COMMITTED = (
    *((name, size, "light") for name in PAGES for size in SIZES),
    *((name, size, "dark") for name, size in IN_DARK),
)


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description="Tar bilder av webbtjänsten.")
    parser.add_argument("out", nargs="?", type=Path, default=ROOT / "docs" / "bilder")
    parser.add_argument("--index", type=Path, help="an index that is built already")
    parser.add_argument("--only", nargs="*", choices=sorted(PAGES), help="only pictures of these pages")
    parser.add_argument("--all", action="store_true", help="both themes of every page and state")
    parser.add_argument("--light", action="store_true", help="no picture of the dark theme")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    wanted = COMMITTED
    if options.all:
        wanted = tuple(
            (name, size, scheme) for name in PAGES for size in SIZES for scheme in ("light", "dark")
        )
    if options.only:
        wanted = tuple(one for one in wanted if one[0] in options.only)
    if options.light:
        wanted = tuple(one for one in wanted if one[2] == "light")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        index = options.index or Path(folder) / "index"
        if options.index is None:
            build([ROOT / "corpus"], index)
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGUMENTS)
        if any(name == "utvardering" for name, _, _ in wanted):
            _measure(index, Path(folder))
        servers = {
            SIGN_IN: partial(_asking_to_sign_in, index, Path(folder)),
            NO_INDEX: partial(serving, NOWHERE, _settings(Path(folder))),
            "": partial(serving, index, _settings(Path(folder))),
        }
        for kept, server in servers.items():
            some = [one for one in wanted if (one[0] if one[0] in servers else "") == kept]
            if some:
                with server() as base:
                    for name, size, scheme in some:
                        path = options.out / f"{name}{size}{'-mork' if scheme == 'dark' else ''}.png"
                        _take(browser, base, name, SIZES[size], scheme, path)
        browser.close()
    if wanted == COMMITTED:
        (options.out / GALLERY).write_text(_gallery(), encoding="utf-8")


def _gallery() -> str:
    """Return a page that shows all pictures that are kept, a row a page of the application."""
    lines = ["# Bilder", "", "Alla sidor och lägen, tagna av `scripts/screenshots.py` över `corpus/`.", ""]
    lines += ["| | skärm | telefon |", "|---|---|---|"]
    for name, (_, caption) in PAGES.items():
        lines.append(f"| {caption} | ![]({name}.png) | ![]({name}-telefon.png) |")
    lines += ["", "Mörkt tema:", "", *(f"![]({name}{size}-mork.png)" for name, size in IN_DARK)]
    return "\n".join(lines) + "\n"


def _settings(folder: Path) -> Path:
    """Write the settings that keep runs and feedback in a folder; return their place."""
    settings = folder / "rapportsvar.toml"
    content = f'[evaluation]\nruns = "{folder / "runs"}"\n[feedback]\nfolder = "{folder / "feedback"}"\n'
    settings.write_text(content, encoding="utf-8")
    return settings


@contextmanager
def _asking_to_sign_in(index: Path, folder: Path) -> Iterator[str]:
    """Serve the index to those only who sign in."""
    settings, secrets, access = (folder / f"{name}.toml" for name in ("signing-in", "secrets", "access"))
    access.write_text('[roles]\n"läsare" = ["alla"]\n', encoding="utf-8")
    settings.write_text(f'[access]\non = true\nfile = "{access}"\n', encoding="utf-8")
    secrets.write_text(SECRETS, encoding="utf-8")
    os.environ[SECRETS_FILES] = str(secrets)
    try:
        with serving(index, settings) as base:
            yield base
    finally:
        del os.environ[SECRETS_FILES]


def _measure(index: Path, folder: Path) -> None:
    """Keep a run over the gold questions, for the page that shows it."""
    engine = Engine.open(index)
    asker = EngineAsker(engine)
    keep(evaluate(asker, [read_gold(ROOT / "gold" / "corpus.jsonl", asker)]), folder / "runs")
    engine.close()


def _take(browser: Browser, base: str, name: str, size: dict[str, int], scheme: str, path: Path) -> None:
    page = browser.new_page(viewport=size, color_scheme=scheme, locale="sv-SE")  # type: ignore[arg-type]
    page.set_default_timeout(PATIENCE_MS)
    address, _, act = PAGES[name][0].partition("#")
    page.goto(base + address)
    _settled(page)
    if act == "visa":
        page.locator(".answer .action:visible").first.click()
        page.locator(".panel").wait_for()
        _settled(page)
    if act == "nej":
        page.get_by_role("button", name="Nej", exact=True).click()
        page.get_by_role("button", name="Spara och skicka").wait_for()
        _settled(page)
    if act == "las":
        page.locator(".report-card a").first.click()
        page.locator(".report-text").wait_for()
        _settled(page)
    _act_on_chart(page, act)
    page.screenshot(path=path)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(128).save(
            path, optimize=True
        )  # a third of the size, no difference seen
    print(f"{path}  {path.stat().st_size // 1000} kB")
    page.close()


def _act_on_chart(page: Page, act: str) -> None:
    """Show the chart, point at a point of it, or open the cell that a point stands for."""
    if act == "over-tid":
        page.locator(".over-time").scroll_into_view_if_needed()
        page.locator(".over-time").evaluate("e => e.scrollIntoView({ block: 'center' })")
    if act in ("diagram", "punkt"):
        page.locator(".measure-head").evaluate("e => e.scrollIntoView({ block: 'start' })")
    if act == "punkt":
        page.locator(".chart .point").nth(2).focus()
    if act == "ruta":
        page.locator(".chart .point").nth(1).click()
        page.locator("td.lit, .box.on-mark").first.wait_for()
        _settled(page)
    page.wait_for_timeout(200)


def _settled(page: Page) -> None:
    page.locator("#innehall").wait_for()
    page.wait_for_function("document.querySelector('.stApp').dataset.testScriptState === 'notRunning'")
    page.wait_for_timeout(700)


if __name__ == "__main__":
    main()
