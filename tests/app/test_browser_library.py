"""The library in a real Chromium: uploads, removals, corrections and reading, over small reports."""

import re
import shutil
from pathlib import Path
from urllib.parse import urlencode

import pytest

from rapportsvar.app import texts
from rapportsvar.config import IndexSettings, settings_from
from rapportsvar.engine.aside import indexed_paths
from rapportsvar.engine.engine import build
from rapportsvar.index.manifest import read_manifest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_tools = pytest.importorskip("axe_tools", reason="axe-core is not installed")
browser_tools = pytest.importorskip("browser", reason="stands beside this file")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not browser_tools.CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
]
expect = sync_api.expect
go, ready = browser_tools.go, browser_tools.ready
HASH = settings_from({"embedding": {"model": "hash"}})
SETTINGS = '[embedding]\nmodel = "hash"\n\n[answering]\nthreshold = 0.0\n'
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
SIZES = browser_tools.SIZES
BASE_REPORT = """\
# Årsredovisning 2022

Prövstads kommun
Socialnämnden
Datum: 2023-02-14

## Ekonomi

Kostnaden för placeringar ökade med 4 710 tkr eftersom fler barn placerades på institution under hösten.
Nämnden beslutade i maj om en åtgärdsplan. Åtgärdsplanen följs upp i september.

### Driftredovisning (tkr)

Verksamhet\tUtfall 2022\tBudget 2022
Placeringar\t52 330\t45 500
Öppenvård\t21 900\t22 400
"""
OTHER_REPORT = """\
# Verksamhetsberättelse 2021

Ekåsens kommun
Kulturnämnden

## Bibliotek

Biblioteket i Ekåsen stängdes i juni 2021 eftersom taket läckte. Nämnden avsatte 900 tkr till ett nytt tak.
"""


def playground(name, year=2022):
    return (
        f"# Årsredovisning {year}\n\n{name} kommun\nTekniska nämnden\n\n## Lekplatser\n\n"
        f"Nämnden i {name} rustade upp fyra lekplatser för 1 250 tkr därför att gungorna var slitna.\n"
    ).encode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    (folder / "reports").mkdir()
    (folder / "reports" / "provstad.md").write_text(BASE_REPORT, encoding="utf-8")
    (folder / "reports" / "ekasen.md").write_text(OTHER_REPORT, encoding="utf-8")
    shutil.copy(
        browser_tools.ROOT / "corpus/asbro/von-arsredovisning-2024.pdf", folder / "reports" / "sidor.pdf"
    )
    (folder / "rapportsvar.toml").write_text(SETTINGS, encoding="utf-8")
    build([folder / "reports"], folder / "index", HASH)
    return folder


@pytest.fixture(scope="module")
def base(folder):
    with browser_tools.serving(folder / "index", folder / "rapportsvar.toml") as address:
        yield address


def upload(tab, base, *files):
    """Upload files given as name and bytes, and wait until all outcomes are told."""
    go(tab, f"{base}/rapporter?lagg-till=1")
    tab.locator('input[type="file"]').set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in files]
    )
    expect(tab.locator(".outcomes > ul > li")).to_have_count(len(files))


def updated(tab):
    """Wait until the index is up to date with what was asked for last, and the page drawn with it.

    What was asked for is told before the update is: only a page that is all drawn shows whether one runs.
    """
    ready(tab)
    expect(tab.locator(".update")).to_have_count(0)
    ready(tab)


# uploads


@pytest.mark.parametrize("size", SIZES)
def test_uploaded_report_is_read_indexed_and_answers(open_tab, base, size):
    tab, name = open_tab(size), f"Lek{size}"
    upload(tab, base, (f"lekplatser {size}.md", playground(name)))
    outcome = tab.locator(".outcomes .taken")
    expect(outcome).to_contain_text(f"{name} kommun")
    expect(outcome).to_contain_text("2 avsnitt")
    expect(outcome).to_contain_text(texts.OUTCOME_READY)
    go(tab, f"{base}/?{urlencode({'q': f'Varför rustades lekplatser upp i {name}?'})}")
    expect(tab.locator(".answer mark.lit").first).to_contain_text("gungorna var slitna")


def test_uploaded_pdf_answers_and_is_lit_on_its_page(open_tab, base):
    tab = open_tab()
    pdf = browser_tools.ROOT / "corpus/lindsjo/sn-arsredovisning-2019.pdf"
    upload(tab, base, (pdf.name, pdf.read_bytes()))
    expect(tab.locator(".outcomes .taken")).to_contain_text(texts.OUTCOME_READY)
    go(tab, f"{base}/?{urlencode({'q': 'Varför ökade kostnaden för placeringar i Lindsjö 2019?'})}")
    expect(tab.locator(".answer .source-line").first).to_contain_text(re.compile(r"Lindsjö kommun.*s\. \d"))
    tab.locator(".answer .action:visible", has_text=texts.SHOW_IN_REPORT).first.click()
    tab.locator(".panel").get_by_text(texts.WHOLE_REPORT).click()
    expect(tab.locator(".sheet .box").first).to_be_attached()
    expect(tab.locator("#stalle")).to_be_in_viewport()


def test_each_file_has_an_outcome_in_plain_words(open_tab, base):
    tab = open_tab()
    twice = playground("Tvåan")
    upload(
        tab,
        base,
        ("en.md", twice),
        ("samma igen.md", twice),
        ("bild.png", b"\x89PNG"),
        ("tom.txt", b""),
        ("binär.txt", b"\x00\x01" * 50),
        ("../../en sida.md", playground("Tre")),
    )
    outcomes = tab.locator(".outcomes > ul > li")
    for place, words in enumerate(
        (
            "Läst: ",
            "Samma fil finns redan",
            "Filtypen kan inte läsas",
            "Filen är tom",
            "Filen är inte text",
            "Läst: ",
        )
    ):
        expect(outcomes.nth(place)).to_contain_text(words)
    expect(outcomes.nth(5).locator(".name")).to_have_text("en sida.md")
    updated(tab)


def test_file_of_a_taken_name_is_asked_about_and_both_are_kept(open_tab, base, folder):
    tab = open_tab()
    upload(tab, base, ("dubbel.md", playground("Dubbel", 2021)))
    upload(tab, base, ("dubbel.md", playground("Dubbel", 2022)))
    asking = tab.locator(".outcomes .asks")
    expect(asking).to_contain_text("samma filnamn")
    asking.get_by_text(texts.OUTCOME_NUMBER).click()
    expect(tab.locator(".outcomes .asks")).to_have_count(0)
    updated(tab)
    assert {"uppladdat/dubbel.md", "uppladdat/dubbel (2).md"} <= read_manifest(
        folder / "index"
    ).sources.keys()


def test_hostile_name_and_text_are_shown_as_text(open_tab, base):
    tab, asked = open_tab(), []
    tab.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    text = playground("Farlig").replace(b"slitna", b"<img src=x onerror=alert(1)><script>alert(2)</script>")
    upload(tab, base, ("<img src=x onerror=alert(3)>\u202e.md", text))
    expect(tab.locator(".outcomes .name")).to_have_text("-img src=x onerror=alert(3)-.md")
    updated(tab)
    go(tab, f"{base}/rapporter?{urlencode({'rapport': 'uppladdat/-img src=x onerror=alert(3)-.md'})}")
    expect(tab.get_by_text("<script>alert(2)</script>").first).to_be_visible()
    go(tab, f"{base}/rapporter?{urlencode({'rapport': '<img src=x onerror=alert(4)>', 'ratta': '1'})}")
    expect(tab.get_by_text(texts.UNKNOWN_REPORT)).to_be_visible()
    assert tab.locator(".stHtml img").count() == 0
    assert not asked


# removal and regret


@pytest.mark.parametrize("size", SIZES)
def test_removed_report_is_gone_until_it_is_regretted(open_tab, base, folder, size):
    tab, source = open_tab(size), f"uppladdat/bort {size}.md"
    upload(tab, base, (source.removeprefix("uppladdat/"), playground(f"Bort{size}")))
    updated(tab)
    go(tab, f"{base}/rapporter?{urlencode({'rapport': source})}")
    tab.get_by_role("button", name=texts.REMOVE_REPORT).click()
    expect(tab.locator(".told")).to_contain_text("är borttagen")
    updated(tab)
    expect(tab.locator(".report-card", has_text=source)).to_have_count(0)
    assert source not in read_manifest(folder / "index").sources
    tab.locator(".told").get_by_role("button", name=texts.UNDO).click()
    expect(tab.locator(".report-card", has_text=source)).to_have_count(1)
    assert source in read_manifest(folder / "index").sources


def test_report_of_another_folder_is_hidden_and_shown_again(open_tab, base):
    tab = open_tab()
    go(tab, f"{base}/rapporter")
    card = tab.locator(".report-card", has_text="ekasen.md")
    card.get_by_role("button", name=texts.HIDE).click()
    expect(card).to_have_count(0)
    expect(tab.locator("#dolda")).to_contain_text("Verksamhetsberättelse 2021")
    tab.locator("#dolda").get_by_role("button", name=texts.SHOW_AGAIN).click()
    expect(card).to_have_count(1)
    expect(tab.locator("#dolda")).to_have_count(0)


# corrections


def test_correction_holds_after_the_index_is_built_again_and_is_taken_back(open_tab, base, folder):
    tab = open_tab()
    go(tab, f"{base}/rapporter?{urlencode({'rapport': 'ekasen.md', 'ratta': '1'})}")
    tab.get_by_label(texts.FACTS["municipality"], exact=True).fill("Borås kommun")
    tab.get_by_label(texts.FACTS["year"], exact=True).fill("20")
    tab.get_by_role("button", name=texts.CORRECT_SAVE).click()
    expect(tab.locator(".problem")).to_contain_text("Året går inte att tolka")
    tab.get_by_label(texts.FACTS["year"], exact=True).fill("2020")
    tab.get_by_role("button", name=texts.CORRECT_SAVE).click()
    expect(tab.locator(".facts", has_text="Borås kommun")).to_contain_text(texts.CORRECTED)
    index = folder / "index"
    updated(tab)
    paths = indexed_paths(index, IndexSettings())
    (index / "manifest.json").unlink()
    build(paths, index, HASH)
    go(tab, f"{base}/rapporter?{urlencode({'rapport': 'ekasen.md'})}")
    expect(tab.locator(".facts")).to_contain_text("Borås kommun")
    go(tab, f"{base}/rapporter?{urlencode({'rapport': 'ekasen.md', 'ratta': '1'})}")
    tab.get_by_role("button", name=f"{texts.CORRECT_UNDO}: Kommun").click()
    expect(tab.locator(".facts")).to_contain_text("Ekåsen")
    expect(tab.locator(".facts")).not_to_contain_text("Borås")


# two at once


def test_one_reads_on_while_another_changes_the_report(open_tab, base, folder):
    reader, other = open_tab(), open_tab()
    source = "uppladdat/läsning.md"
    upload(other, base, ("läsning.md", playground("Läsvik", 2021)))
    updated(other)
    go(reader, f"{base}/rapporter?{urlencode({'rapport': source})}")
    expect(reader.locator(".report-text")).to_contain_text("Läsvik")
    upload(other, base, ("läsning.md", playground("Nyvik", 2022)))
    other.get_by_text(texts.OUTCOME_REPLACE).click()
    expect(other.locator(".outcomes .taken").last).to_contain_text(texts.OUTCOME_READY)
    reader.get_by_label(texts.FIND).fill("gungorna")
    reader.get_by_label(texts.FIND).press("Enter")
    expect(reader.locator("mark.found")).to_have_text("gungorna")
    expect(reader.locator(".report-text")).to_contain_text("Läsvik")
    expect(reader.locator(".told")).to_contain_text(texts.READ_NEWER)
    reader.get_by_text(texts.READ_NEWER_GO).click()
    expect(reader.locator(".report-text")).to_contain_text("Nyvik")


def test_questions_are_answered_while_two_upload(open_tab, base, folder):
    asker, one, two = open_tab(), open_tab(), open_tab()
    upload(one, base, ("samtidigt ett.md", playground("Ettan")))
    upload(two, base, ("samtidigt två.md", playground("Tvåvik")))
    go(asker, f"{base}/?{urlencode({'q': 'Varför ökade kostnaden för placeringar?'})}")
    expect(asker.locator(".answer mark.lit").first).to_contain_text("fler barn placerades")
    updated(one)
    updated(two)
    expect(two.locator(".outcomes")).to_contain_text(texts.OUTCOME_READY)
    wanted = {"uppladdat/samtidigt ett.md", "uppladdat/samtidigt två.md"}
    assert wanted <= read_manifest(folder / "index").sources.keys()


# reading


@pytest.mark.parametrize("size", SIZES)
def test_words_are_found_one_after_the_other(open_tab, base, size):
    tab = open_tab(size)
    go(tab, f"{base}/rapporter?rapport=provstad.md")
    tab.get_by_label(texts.FIND).fill("åtgärdsplan")
    tab.get_by_label(texts.FIND).press("Enter")
    count = tab.locator(".tool-line [role=status]")
    expect(count).to_have_text("2 träffar")
    expect(tab.locator("mark.found")).to_have_count(2)
    tab.get_by_role("button", name=texts.NEXT).click()
    expect(count).to_have_text("1 av 2")
    tab.get_by_role("button", name=texts.NEXT).click()
    expect(count).to_have_text("2 av 2")
    expect(tab.locator("mark.found.now")).to_be_in_viewport()
    tab.get_by_role("button", name=texts.PREVIOUS).click()
    expect(count).to_have_text("1 av 2")


def test_place_opened_from_search_lights_the_passage_and_the_words(open_tab, base):
    tab = open_tab()
    go(tab, f"{base}/sok?{urlencode({'ord': 'placeringar institution'})}")
    hit = tab.locator(".found-hit", has_text="institution under hösten").first
    hit.get_by_text(texts.SHOW_IN_REPORT).click()
    expect(tab.locator(".report-text .passage mark.lit").first).to_contain_text("institution under hösten")
    expect(tab.locator(".report-text .passage").nth(1)).to_contain_text("åtgärdsplan")
    expect(tab.locator("#stalle")).to_be_in_viewport()


def test_list_is_filtered_and_sorted(open_tab, base):
    tab = open_tab()
    go(tab, f"{base}/rapporter")
    tab.get_by_label(texts.REPORTS_FILTER).fill("kulturnämnden")
    tab.get_by_label(texts.REPORTS_FILTER).press("Enter")
    expect(tab.locator(".report-card")).to_have_count(1)
    go(tab, f"{base}/rapporter?ordning=nyast")
    cards = tab.locator(".report-card")
    expect(cards).not_to_have_count(1)
    years = [int(re.search(r"\b20\d\d\b", title)[0]) for title in cards.locator("h3").all_inner_texts()]
    assert len(set(years)) > 1
    assert years == sorted(years, reverse=True)
    tab.locator(".facet a", has_text="Socialnämnden").click()
    expect(tab.locator(".report-card", has_text="Kulturnämnden")).to_have_count(0)
    expect(tab.locator(".report-card", has_text="Prövstad kommun")).to_contain_text("Årsredovisning 2022")


@pytest.mark.parametrize("size", SIZES)
def test_pages_of_a_pdf_are_shown_with_the_words_lit_and_turned(open_tab, base, size):
    tab = open_tab(size)
    go(tab, f"{base}/rapporter?{urlencode({'rapport': 'sidor.pdf', 'ord': 'hemtjänst', 'traff': '1'})}")
    picture = tab.locator(".sheet img")
    expect(picture).to_be_visible()
    tab.wait_for_function("document.querySelector('.sheet img').naturalWidth > 900")
    expect(tab.locator(".tool-line [role=status]")).to_contain_text("1 av ")
    box, sheet = tab.locator(".box.on-now").first.bounding_box(), tab.locator(".sheet").bounding_box()
    assert sheet["x"] < box["x"] < box["x"] + box["width"] < sheet["x"] + sheet["width"]
    expect(tab.locator(".page-text mark.found.now")).to_have_text("hemtjänst", ignore_case=True)
    before = tab.locator(".here-page").inner_text()
    tab.get_by_text(texts.PAGE_NEXT).click()
    expect(tab.locator(".here-page")).not_to_have_text(before)
    tab.get_by_text(texts.ZOOM_IN).click()
    expect(tab.locator(".sheet")).to_have_attribute("style", "width:150%")
    opened = tab.get_by_text(texts.OPEN_PDF).get_attribute("href")
    assert opened.endswith("#page=" + tab.locator(".here-page").inner_text().split()[1])
    answer = tab.request.get(base + opened.partition("#")[0])
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.body().startswith(b"%PDF")


def test_place_opened_from_an_answer_is_lit_on_its_page(open_tab, base):
    tab = open_tab()
    go(tab, f"{base}/sok?{urlencode({'ord': 'hjälpmedel upphandling leverantörer'})}")
    tab.locator(".hit-group", has_text="vård- och omsorgsnämnden", has_not_text="Prövstad").first.locator(
        ".found-hit"
    ).first.get_by_text(texts.SHOW_IN_REPORT).click()
    expect(tab.locator(".box.on-mark").first).to_be_attached()
    expect(tab.locator("#stalle")).to_be_in_viewport()


# for everyone


ADDRESSES = (
    "/rapporter?lagg-till=1",
    "/rapporter?rapport=provstad.md&ratta=1",
    "/rapporter?rapport=sidor.pdf",
    "/rapporter?rapport=sidor.pdf&ord=hemtj%C3%A4nst&traff=3",
    "/rapporter?rapport=sidor.pdf&vy=text",
    "/rapporter?rapport=finns-inte.pdf",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_library_can_be_used_by_all_and_does_not_scroll_sideways(open_tab, base, address, size, scheme):
    tab = open_tab(size, color_scheme=scheme)
    go(tab, base + address)
    _can_be_used(tab, size)


def _can_be_used(tab, size):
    assert tab.evaluate(CONTRAST) == []
    assert axe_tools.grave_faults(tab) == []
    width = SIZES[size]["width"]
    assert tab.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """The address of a server whose index has not been made."""
    with browser_tools.serving(tmp_path_factory.mktemp("empty") / "index") as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("address", ["/", "/sok", "/rapporter"])
def test_a_missing_index_is_told_to_all(open_tab, empty, address, size, scheme):
    tab = open_tab(size, color_scheme=scheme)
    go(tab, empty + address)
    expect(tab.locator(".notice h1")).to_be_visible()
    _can_be_used(tab, size)


def test_outcomes_of_uploads_have_no_serious_fault_for_those_who_do_not_see_them(open_tab, base):
    tab = open_tab()
    upload(tab, base, ("tom.txt", b""), ("fel.exe", b"MZ"))
    assert axe_tools.grave_faults(tab) == []


def test_field_for_files_speaks_swedish_and_is_reached_by_keyboard(open_tab, base):
    tab = open_tab()
    go(tab, f"{base}/rapporter?lagg-till=1")
    button = tab.get_by_role("button", name=texts.UPLOADER["choose"])
    expect(button).to_be_visible()
    expect(tab.locator('[data-testid="stFileUploader"]')).not_to_contain_text("Upload")
    tab.locator("#lagg-till").focus()
    tab.keyboard.press("Tab")
    expect(button).to_be_focused()
