"""The application in a real Chromium, over the demonstration corpus with the real encoder."""

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest

from rapportsvar.app import texts

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
browser_tools = pytest.importorskip("browser", reason="stands beside this file")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not browser_tools.CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
]
expect = sync_api.expect
go, ready = browser_tools.go, browser_tools.ready
FIELD = '[data-testid="stChatInputTextArea"]'
WHY = "Varför hade hemtjänsten underskott?"
PLACEMENTS = "Varför ökade kostnaden för placeringar?"
HOW_MUCH = "Vad kostade hemtjänsten i Åsbro 2022?"
HEARD = """button => {
  window.heard = [];
  new MutationObserver(() => window.heard.push(button.textContent)).observe(button, { childList: true });
}"""  # what is said for three seconds only, a busy machine may look at too late
COUNTED = """() => {
  window.headings = 0;
  const count = () => {
    window.headings = Math.max(window.headings, document.querySelectorAll("h1.question").length);
  };
  new MutationObserver(count).observe(document.body, { childList: true, subtree: true });
}"""  # the most headings that ever stood on the page at once, though it were for a moment
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def hostile_base(hash_index):
    with browser_tools.serving(hash_index / "index", hash_index / "rapportsvar.toml") as address:
        yield address


@pytest.fixture
def tab(open_tab):
    return open_tab(permissions=["clipboard-read", "clipboard-write"])


def ask(tab, question):
    tab.locator(FIELD).fill(question)
    tab.locator(FIELD).press("Enter")
    expect(tab.locator("h1.question")).to_have_text(question)
    # The heading is drawn before the field of the next question has taken the place of this one.
    expect(tab.locator('[data-testid="stApp"]')).to_have_attribute("data-test-script-state", "notRunning")


def test_question_is_answered_lit_and_opened_in_its_report(tab, base):
    go(tab, base)
    ask(tab, WHY)
    quote = tab.locator(".answer mark.lit").first
    expect(quote).to_be_visible()
    words = quote.inner_text()
    tab.locator(".answer").get_by_text(texts.SHOW_IN_REPORT).first.click()
    place = tab.locator(".panel mark.lit").first
    expect(place).to_have_text(words)
    expect(place).to_be_in_viewport()
    assert "rapport=" in tab.url


@pytest.mark.parametrize("size", browser_tools.SIZES)
def test_placement_question_is_followed_from_typing_to_the_lit_words_in_the_source(open_tab, base, size):
    tab = open_tab(size)
    go(tab, base)
    ask(tab, PLACEMENTS)
    quote = tab.locator(".answer mark.lit").first
    expect(quote).to_contain_text("placering", ignore_case=True)
    words = quote.inner_text()
    tab.locator(".answer").get_by_text(texts.SHOW_IN_REPORT).first.click()
    expect(tab.locator(".panel mark.lit").first).to_have_text(words)
    expect(tab.locator(".panel mark.lit").first).to_be_in_viewport()


def test_lit_place_stands_in_the_whole_report(tab, base):
    go(tab, f"{base}/?{urlencode({'q': WHY})}")
    tab.locator(".answer").get_by_text(texts.SHOW_IN_REPORT).first.click()
    words = tab.locator(".panel mark.lit").first.inner_text()
    tab.locator(".panel").get_by_text(texts.WHOLE_REPORT).click()
    tab.wait_for_url("**/rapporter?*")
    expect(tab.locator(".report-text mark.lit").first).to_contain_text(words)
    expect(tab.locator("#stalle")).to_be_in_viewport()  # words of the text, or a box on a page


def test_cell_is_lit_when_a_number_is_asked_for(tab, base):
    go(tab, base)
    ask(tab, HOW_MUCH)
    row = tab.locator("tr.here", has=tab.locator("td.lit", has_text="98 450")).first
    expect(row).to_contain_text("Hemtjänst")
    expect(tab.locator(".figure", has_text="98 450").first).to_contain_text("tkr")


def test_refusal_tells_why(tab, base):
    go(tab, base)
    ask(tab, "Hur gick det för skolan i Uppsala?")
    expect(tab.locator(".no-answer")).to_contain_text("Uppsala")
    expect(tab.locator(".nearest .flag").first).to_have_text(texts.NOT_ANSWERING)


def test_example_is_a_question_with_an_answer(tab, base):
    go(tab, base)
    tab.locator(".examples a").first.click()
    expect(tab.locator(".answer mark.lit, .answer td.lit").first).to_be_visible()


def test_limit_is_removed_and_put_back_when_its_chip_is_clicked(tab, base):
    go(tab, f"{base}/?{urlencode({'q': HOW_MUCH})}")
    tab.get_by_label(f"{texts.REMOVE} 2022").click()
    back = tab.get_by_label(f"{texts.PUT_BACK} 2022")
    expect(back).to_be_visible()
    expect(tab.locator("h1.question")).to_have_text(HOW_MUCH)
    back.click()
    expect(tab.get_by_label(f"{texts.REMOVE} 2022")).to_be_visible()


def test_conversation_goes_on_and_back(tab, base):
    go(tab, base)
    ask(tab, HOW_MUCH)
    ask(tab, WHY)
    expect(tab.locator(".earlier")).to_contain_text(HOW_MUCH)
    tab.evaluate(COUNTED)
    tab.go_back()
    expect(tab.locator("h1.question", has_text=HOW_MUCH)).to_be_visible()
    expect(tab.locator('[data-testid="stApp"]')).to_have_attribute("data-test-script-state", "notRunning")
    assert tab.evaluate("window.headings") == 1, "two questions were headings at once"


def test_shared_address_opens_the_same_answer(tab, base, open_tab):
    go(tab, base)
    ask(tab, WHY)
    quote = tab.locator(".answer mark.lit").first.inner_text()
    other = open_tab()
    go(other, tab.url)
    expect(other.locator(".answer mark.lit").first).to_have_text(quote)


def test_citation_is_copied(tab, base):
    go(tab, f"{base}/?{urlencode({'q': WHY})}")
    button = tab.locator(".answer button[data-copy]").first
    button.evaluate(HEARD)
    expect(button).to_have_text(texts.COPY)
    button.click()
    tab.wait_for_function("said => window.heard.includes(said)", arg=texts.COPIED)
    expect(button).to_have_text(texts.COPY)
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert re.search(r"Åsbro kommun.*tecken \d+–\d+\. Hämtad", copied)


def test_search_is_limited_by_a_facet_and_exported(tab, base):
    go(tab, f"{base}/sok")
    tab.get_by_label(texts.SEARCH_LABEL).fill("sjuksköterskor")
    tab.get_by_label(texts.SEARCH_LABEL).press("Enter")
    before = tab.locator(".result-head h2").inner_text()
    tab.locator(".facet a", has_text="Åsbro").click()
    expect(tab.locator(".result-head h2")).not_to_have_text(before)
    expect(tab.locator(".hit-group .whose", has_not_text="Åsbro")).to_have_count(0)
    tab.locator(".found-hit a.choose").first.click()
    expect(tab.locator(".found-hit a.choose").first).to_have_attribute("aria-checked", "true")
    ready(tab)
    with tab.expect_download() as download:
        tab.get_by_text(texts.EXPORT.format("CSV")).click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2


def test_words_are_found_in_a_report(tab, base):
    go(tab, f"{base}/rapporter")
    tab.locator(".report-card a").first.click()
    tab.get_by_label(texts.FIND).fill("kommun")
    tab.get_by_label(texts.FIND).press("Enter")
    expect(tab.locator("mark.found").first).to_be_attached()
    tab.get_by_text(texts.NEXT, exact=True).click()
    expect(tab.locator("mark.found.now")).to_be_in_viewport()


def test_hostile_text_is_shown_as_text(tab, hostile_base):
    asked = []
    tab.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    for address in (
        "/?q=Vad+sägs+om+farligheterna",
        "/rapporter?rapport=provstad.md",
        "/sok?ord=farligheterna",
    ):
        go(tab, hostile_base + address)
        expect(tab.get_by_text("<script>window.stolen = 1</script>").first).to_be_visible()
        expect(tab.get_by_text("[klicka här](javascript:window.stolen=1) $$").first).to_be_visible()
        assert tab.locator(".stHtml img, .stHtml b, .katex, .stHtml a[href^=javascript]").count() == 0
        assert tab.evaluate("window.stolen") is None
    go(tab, f"{hostile_base}/?{urlencode({'q': '<img src=x onerror=alert(1)> placeringar?'})}")
    expect(tab.locator("h1.question")).to_have_text("<img src=x onerror=alert(1)> placeringar?")
    assert not asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/", f"/?{urlencode({'q': HOW_MUCH})}", f"/?{urlencode({'q': WHY})}", "/?q=Hur+är+det+i+Uppsala",
             "/sok?ord=hemtjänst", "/rapporter", "/sa-fungerar-det"],
)  # fmt: skip
def test_text_has_contrast_in_both_themes(open_tab, base, path, scheme):
    page = open_tab(color_scheme=scheme)
    go(page, base + path)
    assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("width", [400, 1000, 2560])
@pytest.mark.parametrize("path", ["/", f"/?{urlencode({'q': HOW_MUCH})}", "/sok?ord=hemtjänst", "/rapporter"])
def test_page_does_not_scroll_sideways(open_tab, base, path, width):
    page = open_tab(width)
    go(page, base + path)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width


def test_links_are_reached_and_followed_by_keyboard(tab, base):
    go(tab, base)
    tab.locator(".examples a").first.focus()
    outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    tab.keyboard.press("Enter")
    expect(tab.locator("h1.question")).to_be_visible()
    tab.locator("body").press("/")
    assert tab.evaluate("document.activeElement.tagName") == "TEXTAREA"
