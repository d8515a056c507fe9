"""Export, feedback and the page of the evaluation in a real Chromium, over the demonstration corpus."""

import csv
import io
from pathlib import Path
from urllib.parse import urlencode

import pytest

from rapportsvar.app import texts
from rapportsvar.engine.engine import build

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
browser_tools = pytest.importorskip("browser", reason="stands beside this file")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not browser_tools.CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
]
expect = sync_api.expect
WHY = "Varför hade hemtjänsten underskott?"
HOW_MUCH = "Vad kostade hemtjänsten i Åsbro 2022?"
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 400, "height": 800}
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluation")
    build([browser_tools.ROOT / "corpus"], folder / "index")
    return folder


@pytest.fixture(scope="module")
def base(folder):
    with browser_tools.serving(folder / "index") as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=str(browser_tools.CHROMIUM), args=browser_tools.CHROMIUM_ARGUMENTS
        )
        yield opened
        opened.close()


@pytest.fixture
def tab_of(chromium):
    """Open a tab of a size; closed after the test."""
    opened = []

    def open_tab(size, **options):
        context = chromium.new_context(viewport=size, locale="sv-SE", **options)
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        expect.set_options(timeout=30_000)
        return page

    yield open_tab
    for context in opened:
        context.close()


def download(tab, name):
    with tab.expect_download() as loaded:
        tab.get_by_role("button", name=texts.EXPORT.format(name)).click()
    return Path(loaded.value.path()).read_bytes(), loaded.value.suggested_filename


@SIZES
def test_chosen_hits_of_an_answer_are_downloaded_in_every_format(tab_of, base, size):
    from docx import Document
    from openpyxl import load_workbook

    tab = tab_of(size)
    tab.goto(f"{base}/?{urlencode({'q': WHY})}")
    tab.locator(".answer a.choose").click()
    expect(tab.locator(".answer a.choose")).to_have_attribute("aria-checked", "true")
    quote = tab.locator(".answer mark.lit").inner_text()
    content, name = download(tab, "Word")
    assert name.endswith(".docx")
    document = Document(io.BytesIO(content))
    assert quote in "\n".join(p.text for p in document.paragraphs)
    links = [r.target_ref for r in document.part.rels.values() if r.is_external]
    assert links
    assert links[0].startswith(f"{base}/rapporter?rapport=")
    book = load_workbook(io.BytesIO(download(tab, "Excel")[0]))
    assert book[texts.EXPORT_SHEET_HITS].max_row == 2
    lines = list(csv.reader(io.StringIO(download(tab, "CSV")[0].decode("utf-8-sig")), delimiter=";"))
    assert len(lines) == 2
    tab.goto(links[0])
    expect(tab.locator("#stalle mark.lit").first).to_contain_text(quote)


def test_hits_are_chosen_by_keyboard_and_the_focus_stays(tab_of, base):
    tab = tab_of(WIDE)
    tab.goto(f"{base}/sok?{urlencode({'ord': 'hemtjänst'})}")
    box = tab.get_by_role("checkbox", name=texts.CHOOSE_ALL)
    box.focus()
    tab.keyboard.press("Space")
    expect(box).to_have_attribute("aria-checked", "true")
    expect(box).to_be_focused()
    first = tab.locator(".found-hit a.choose").first
    first.focus()
    tab.keyboard.press("Space")
    expect(first).to_have_attribute("aria-checked", "false")
    expect(first).to_be_focused()
    expect(box).to_have_attribute("aria-checked", "mixed")
