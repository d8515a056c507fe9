"""Export, feedback and the page of the evaluation in a real Chromium, over the demonstration corpus."""

import csv
import io
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from rapportsvar.app import texts
from rapportsvar.engine.asker import EngineAsker
from rapportsvar.engine.engine import Engine
from rapportsvar.evaluation.feedback import DROPPED, Feedback, FeedbackStore
from rapportsvar.evaluation.gold import read_gold
from rapportsvar.evaluation.kept import keep
from rapportsvar.evaluation.proposals import FILE
from rapportsvar.evaluation.run import evaluate
from rapportsvar.model import QuestionKind

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_tools = pytest.importorskip("axe_tools", reason="axe-core is not installed")
browser_tools = pytest.importorskip("browser", reason="stands beside this file")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not browser_tools.CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
]
expect = sync_api.expect
go, ready = browser_tools.go, browser_tools.ready
WHY = "Varför hade hemtjänsten underskott?"
HOW_MUCH = "Vad kostade hemtjänsten i Åsbro 2022?"
WIDE, PHONE = browser_tools.SIZES
SIZES = pytest.mark.parametrize("size", browser_tools.SIZES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("evaluation")


def download(tab, name):
    with tab.expect_download() as loaded:
        tab.get_by_role("button", name=texts.EXPORT.format(name)).click()
    return Path(loaded.value.path()).read_bytes(), loaded.value.suggested_filename


@SIZES
def test_chosen_hits_of_an_answer_are_downloaded_in_every_format(open_tab, base, size):
    from docx import Document
    from openpyxl import load_workbook

    tab = open_tab(size)
    go(tab, f"{base}/?{urlencode({'q': WHY})}")
    tab.locator(".answer a.choose").click()
    expect(tab.locator(".answer a.choose")).to_have_attribute("aria-checked", "true")
    ready(tab)
    quotes = tab.locator(".answer mark.lit").all_inner_texts()
    assert quotes
    content, name = download(tab, "Word")
    assert name.endswith(".docx")
    document = Document(io.BytesIO(content))
    written = " ".join(" ".join(p.text for p in document.paragraphs).split())
    assert all(quote in written for quote in quotes)
    links = [r.target_ref for r in document.part.rels.values() if r.is_external]
    assert links
    assert links[0].startswith(f"{base}/rapporter?rapport=")
    book = load_workbook(io.BytesIO(download(tab, "Excel")[0]))
    assert book[texts.EXPORT_SHEET_HITS].max_row == 2
    lines = list(csv.reader(io.StringIO(download(tab, "CSV")[0].decode("utf-8-sig")), delimiter=";"))
    assert len(lines) == 2
    go(tab, links[0])
    expect(tab.locator(".report-text mark.lit")).to_have_text(quotes)
    expect(tab.locator("#stalle")).to_be_in_viewport()


def test_hits_are_chosen_by_keyboard_and_the_focus_stays(open_tab, base):
    tab = open_tab(WIDE)
    go(tab, f"{base}/sok?{urlencode({'ord': 'hemtjänst'})}")
    box = tab.get_by_role("checkbox", name=texts.CHOOSE_ALL)
    box.focus()
    tab.keyboard.press("Space")
    expect(box).to_have_attribute("aria-checked", "true")
    ready(tab)  # all boxes are drawn anew: one that is focused before would be another than is pressed
    expect(box).to_be_focused()
    first = tab.locator(".found-hit a.choose").first
    first.focus()
    tab.keyboard.press("Space")
    expect(first).to_have_attribute("aria-checked", "false")
    expect(first).to_be_focused()
    expect(box).to_have_attribute("aria-checked", "mixed")


@pytest.fixture(scope="module")
def measured(folder, demo_index):
    """The same index served with two kept runs, and with an editor's settings."""
    settings = folder / "rapportsvar.toml"
    places = f'[evaluation]\nruns = "{folder / "runs"}"\n[feedback]\nfolder = "{folder / "feedback"}"\n'
    settings.write_text(f"{places}editing = true\n", encoding="utf-8")
    engine = Engine.open(demo_index)
    asker = EngineAsker(engine)
    gold = [read_gold(browser_tools.ROOT / "gold" / "corpus_dialogues.jsonl", asker)]
    run = evaluate(asker, gold, resamples=50)
    engine.close()
    rows = [replace(row, found=False, rank=None) for row in run.sets[0].rows]
    for date, kept in (
        ("2026-11-01", run),
        ("2026-11-02", replace(run, sets=(replace(run.sets[0], rows=rows),))),
    ):
        keep(replace(kept, date=f"{date}T10:00:00+00:00"), folder / "runs")
    with browser_tools.serving(demo_index, settings) as address:
        yield address


@SIZES
def test_miss_of_the_last_run_is_read_in_its_report(open_tab, measured, size):
    tab = open_tab(size)
    go(tab, f"{measured}/utvardering")
    expect(tab.locator(".run-head .lead")).to_contain_text("2 november 2026")
    expect(tab.locator(".headline .value").first).to_be_visible()
    expect(tab.locator(".plot .dot").first).to_be_visible()
    place = tab.locator(".miss .expected-came section").first.locator("a").first
    quote = tab.locator(".miss .expected-came section").first.locator("blockquote").first.inner_text()
    place.click()
    tab.wait_for_url("**/rapporter?*")
    expect(tab.locator("#stalle")).to_be_in_viewport()
    expect(tab.locator(".report-text")).to_contain_text(quote.split(" | ")[0][:30])


def test_earlier_run_is_chosen_and_the_change_is_told(open_tab, measured):
    tab = open_tab(WIDE)
    go(tab, f"{measured}/utvardering")
    expect(tab.get_by_role("heading", name=texts.EVALUATION_CHANGE)).to_be_visible()
    tab.locator("details.runs summary").click()
    tab.locator("details.runs a").nth(1).click()
    expect(tab.locator(".run-head .lead")).to_contain_text("1 november 2026")
    expect(tab.get_by_role("heading", name=texts.EVALUATION_CHANGE)).to_have_count(0)


def test_page_without_runs_says_what_to_do(open_tab, base):
    tab = open_tab(PHONE)
    go(tab, f"{base}/utvardering")
    expect(tab.get_by_role("heading", name=texts.EVALUATION_NONE)).to_be_visible()
    expect(tab.locator("pre")).to_contain_text("rapportsvar evaluate")


@SIZES
def test_feedback_becomes_a_gold_question(open_tab, measured, folder, size):
    tab = open_tab(size)
    question = f"Varför gick hemtjänsten back i Åsbro {2021 if size == WIDE else 2022}?"
    go(tab, f"{measured}/?{urlencode({'q': question})}")
    tab.get_by_role("button", name=texts.FEEDBACK_NO, exact=True).click()
    expect(tab.get_by_text(texts.FEEDBACK_STORED)).to_be_visible()
    tab.locator('[data-testid="stRadio"] label').nth(2).click()
    tab.get_by_label(texts.FEEDBACK_COMMENT).fill("<b>Detta</b> ställe svarar.")
    tab.get_by_role("button", name=texts.FEEDBACK_SEND).click()
    expect(tab.get_by_text(texts.FEEDBACK_THANKS)).to_be_visible()
    go(tab, f"{measured}/utvardering")
    proposal = tab.locator('[class*="st-key-proposal_"]', has_text=question)
    expect(proposal).to_contain_text("<b>Detta</b> ställe svarar.")
    proposal.get_by_role("button", name=texts.PROPOSAL_ACCEPT).click()
    expect(tab.locator(".done")).to_contain_text(FILE)
    expect(proposal).to_have_count(0)
    assert question in (folder / "feedback" / FILE).read_text(encoding="utf-8")


def test_proposal_is_dropped(open_tab, measured, folder):
    FeedbackStore(folder / "feedback").give(Feedback("Ska detta bort?", (), QuestionKind.OTHER, False))
    tab = open_tab(WIDE)
    go(tab, f"{measured}/utvardering")
    proposal = tab.locator('[class*="st-key-proposal_"]', has_text="Ska detta bort?")
    proposal.get_by_role("button", name=texts.PROPOSAL_DROP).click()
    expect(tab.locator(".done")).to_have_text(texts.PROPOSAL_DROPPED)
    expect(proposal).to_have_count(0)
    assert FeedbackStore(folder / "feedback").count(DROPPED) == 1


ADDRESSES = [
    "/",
    f"/?{urlencode({'q': WHY})}",
    f"/?{urlencode({'q': HOW_MUCH})}",
    f"/?{urlencode({'q': WHY})}#beside",
    f"/?{urlencode({'q': WHY})}#no",
    f"/?{urlencode({'q': 'Hur gick det för skolan i Uppsala?'})}",
    f"/sok?{urlencode({'ord': 'hemtjänst', 'vald': 'alla'})}",
    "/sok",
    "/jamfor",
    f"/jamfor?{urlencode({'matt': 'hemtjänst'})}",
    "/rapporter",
    "/rapporter#read",
    "/utvardering",
    "/sa-fungerar-det",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_page_has_no_serious_fault_for_those_who_do_not_see_it(open_tab, measured, address, scheme):
    tab = open_tab(WIDE, color_scheme=scheme)
    path, _, act = address.partition("#")
    go(tab, measured + path)
    if act == "beside":
        tab.locator(".answer .action").first.click()
        tab.locator(".panel").wait_for()
    if act == "no":
        tab.get_by_role("button", name=texts.FEEDBACK_NO, exact=True).click()
        tab.get_by_text(texts.FEEDBACK_STORED).wait_for()
    if act == "read":
        tab.locator(".report-card a").first.click()
        tab.locator(".report-text").wait_for()
    ready(tab)
    assert axe_tools.grave_faults(tab) == []
