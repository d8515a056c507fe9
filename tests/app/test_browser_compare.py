"""Comparison, follow-ups and hits by year in a real Chromium, on a desktop and on a phone."""

import io
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest

from rapportsvar.app import texts

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_tools = pytest.importorskip("axe_tools", reason="axe-core is not installed")
browser_tools = pytest.importorskip("browser", reason="stands beside this file")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not browser_tools.CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
]
expect = sync_api.expect
go, ready = browser_tools.go, browser_tools.ready
HOW_MUCH = "Vad kostade hemtjänsten i Åsbro 2022?"
HIGHER = "Är sjukfrånvaron högre i Norrvika än i Åsbro?"
COMPARED = f"/jamfor?{urlencode({'matt': 'Hemtjänst'})}"
ON_TOP = """(point) => {
  point.scrollIntoView({ block: 'center' });
  const { left, top, width, height } = point.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2)?.closest('.point') === point;
}"""
"""Two reports may say the same of the same time: one point then lies on the other."""
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


@pytest.fixture(params=browser_tools.SIZES)
def tab(open_tab, request):
    return open_tab(request.param, has_touch=request.param == "phone")


def digits(words):
    return re.sub(r"\D", "", words)


def test_measure_is_found_as_it_is_typed_and_drawn(tab, base):
    go(tab, f"{base}/jamfor")
    tab.get_by_role("combobox").fill("personer med hemt")
    tab.get_by_role("option", name="Personer med hemtjänst", exact=True).click()
    expect(tab.locator(".measure-head h2")).to_have_text("Personer med hemtjänst")
    expect(tab.locator(".chart .point").first).to_be_visible()
    assert "matt=" in tab.url


def test_own_words_are_met_by_the_nearest_measure(tab, base):
    go(tab, f"{base}/jamfor")
    tab.get_by_role("combobox").fill("utförda hemtjänsttimmar")
    tab.get_by_role("combobox").press("Enter")
    expect(tab.locator(".measure-head h2")).to_contain_text("hemtjänsttimmar")
    expect(tab.locator(".measure-head .note").first).to_contain_text("utförda hemtjänsttimmar")


def test_point_leads_to_its_cell_lit_in_the_report(tab, base):
    go(tab, base + COMPARED)
    valued = tab.locator('.chart .point:not([href*=".pdf"])', has=tab.locator(".value"))  # a PDF: as below
    point = next(each for each in valued.all() if each.evaluate(ON_TOP))
    value = point.locator(".value").inner_text()
    point.click()
    tab.wait_for_url("**/rapporter?*")
    cell = tab.locator("td.lit")
    expect(cell).to_have_count(1)
    expect(cell).to_be_in_viewport()
    assert digits(cell.inner_text()) == digits(value)


def test_table_cell_leads_to_its_place_and_back_again(tab, base):
    go(tab, base + COMPARED)
    link = tab.locator('.period-table td a:not([href*=".pdf"])').first  # a PDF is lit on its page instead
    value = link.evaluate("a => a.firstChild.textContent")
    link.click()
    expect(tab.locator("td.lit")).to_be_in_viewport()
    assert digits(tab.locator("td.lit").inner_text()) == digits(value)
    tab.go_back()
    expect(tab.locator(".measure-head h2")).to_have_text("Hemtjänst")


def test_kinds_are_chosen_shared_and_taken_back(tab, base, open_tab):
    go(tab, base + COMPARED)
    tab.locator(".shown-choice .chip", has_text=re.compile("^Budget$")).click()
    expect(tab.locator(".shown-choice .chip[aria-current]")).to_have_text("Budget×")
    expect(tab.locator(".period-table tbody th .kind").first).to_have_text("Budget")
    other = open_tab()
    go(other, tab.url)
    expect(other.locator(".shown-choice .chip[aria-current]")).to_have_text("Budget×")
    tab.go_back()
    expect(tab.locator(".shown-choice .chip[aria-current]")).to_have_count(0)


def test_point_is_reached_by_keyboard_and_tells_its_value(tab, base):
    go(tab, base + COMPARED)
    tab.locator(".chart .point").first.focus()
    expect(tab.locator(".chart .point .tip").first).to_be_visible()
    assert re.search(r"\d", tab.locator(".chart .point").first.get_attribute("aria-label"))
    described = tab.locator(".chart").first.get_attribute("aria-describedby")
    assert tab.locator(f"table#{described}").count() == 1
    tab.keyboard.press("Enter")
    expect(tab.locator("td.lit")).to_be_visible()


@pytest.mark.parametrize("name", [texts.COMPARE_PICTURE, texts.COMPARE_EXCEL, texts.COMPARE_CSV])
def test_comparison_is_downloaded(tab, base, name):
    go(tab, base + COMPARED)
    with tab.expect_download() as download:
        tab.locator(".st-key-downloads").get_by_role("button", name=name).click()
    content = Path(download.value.path()).read_bytes()
    if name == texts.COMPARE_PICTURE:
        assert ET.fromstring(content).tag.endswith("svg")
    elif name == texts.COMPARE_EXCEL:
        assert openpyxl.load_workbook(io.BytesIO(content)).active["A2"].value == "Hemtjänst"
    else:
        assert "Hemtjänst;" in content.decode("utf-8-sig")


def test_figure_over_time_leads_to_its_cell_and_to_the_comparison(tab, base):
    go(tab, f"{base}/?{urlencode({'q': HOW_MUCH})}")
    expect(tab.locator(".over-time .point.here .value")).to_contain_text("98")
    tab.locator(".over-time .point:not(.here)").first.click()
    expect(tab.locator(".panel td.lit")).to_be_in_viewport()
    tab.locator(".over-time").get_by_text(texts.COMPARE_THIS, exact=True).click()
    tab.wait_for_url("**/jamfor?*")
    expect(tab.locator(".measure-head h2")).to_have_text("Hemtjänst")


def test_values_over_time_do_not_touch_and_the_answer_is_among_them(tab, base):
    go(tab, f"{base}/?{urlencode({'q': HOW_MUCH})}")
    expect(tab.locator(".over-time .point.here .value")).to_be_visible()
    shown = [value.bounding_box() for value in tab.locator(".over-time .point .value:visible").all()]
    assert len(shown) >= 3
    for one, other in pairwise(sorted(shown, key=lambda box: box["x"])):
        apart = one["x"] + one["width"] <= other["x"]
        assert apart or abs(one["y"] - other["y"]) >= one["height"]


def test_why_goes_on_with_the_conversation(tab, base):
    go(tab, f"{base}/?{urlencode({'q': HOW_MUCH})}")
    tab.locator(".follow-ups .chip", has_text=texts.WHY).click()
    expect(tab.locator("h1.question")).to_have_text(texts.WHY)
    expect(tab.locator(".earlier")).to_contain_text(HOW_MUCH)
    expect(tab.locator(".understood q")).to_contain_text("hemtjänst")
    browser_tools.ready(tab)
    tab.go_back()
    expect(tab.locator("h1.question")).to_have_text(HOW_MUCH)


def test_other_year_is_asked_for(tab, base):
    go(tab, f"{base}/?{urlencode({'q': HOW_MUCH})}")
    tab.locator(".follow-ups .chip", has_text="2021").click()
    expect(tab.locator("h1.question")).to_contain_text("2021")
    expect(tab.locator(".answer .source-line").first).to_contain_text("2021")


def test_reports_stand_side_by_side_or_under_each_other(tab, base):
    go(tab, f"{base}/?{urlencode({'q': HIGHER})}")
    held = tab.locator(".side-by-side .held")
    expect(held.nth(1)).to_be_visible()
    first, second = (held.nth(n).bounding_box() for n in range(2))
    if tab.viewport_size["width"] == 400:
        assert second["y"] >= first["y"] + first["height"]
    else:
        assert second["y"] == first["y"]
    field, page = (
        tab.locator(".st-key-more_field").bounding_box(),
        tab.locator(".side-by-side").bounding_box(),
    )
    assert field["width"] == pytest.approx(page["width"], abs=1)
    assert {"Norrvika", "Åsbro"} == {held.nth(n).locator("h3").inner_text().split()[0] for n in range(2)}


def test_bar_limits_the_search_to_its_year(tab, base):
    go(tab, f"{base}/sok?{urlencode({'ord': 'hemtjänst'})}")
    bar = tab.locator(".years a.bar", has_text="2022")
    bar.click()
    expect(tab.locator(".years .bar[aria-current]")).to_contain_text("2022")
    count = digits(tab.locator(".years .bar[aria-current] .count").inner_text())
    expect(tab.locator(".result-head h2")).to_contain_text(f"{count} ")
    tab.locator(".sorts a", has_text=texts.SORTS["aldst"]).click()
    expect(tab.locator(".hit-groups h3.year")).to_have_text(["2022"])


PATHS = [
    COMPARED,
    "/jamfor",
    f"/jamfor?{urlencode({'matt': 'sjukfrånvaro'})}",
    f"/?{urlencode({'q': HIGHER})}",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*PATHS, f"/sok?{urlencode({'ord': 'hemtjänst', 'ar': 2022})}"])
def test_text_has_contrast_in_both_themes(open_tab, base, path, scheme):
    page = open_tab(color_scheme=scheme)
    go(page, base + path)
    assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_page_has_no_serious_fault_for_those_who_do_not_see_it(open_tab, base, path, scheme):
    page = open_tab(color_scheme=scheme)
    go(page, base + path)
    assert axe_tools.grave_faults(page) == []


@pytest.mark.parametrize("width", [400, 1000, 2560])
@pytest.mark.parametrize("path", PATHS)
def test_page_does_not_scroll_sideways(open_tab, base, path, width):
    page = open_tab(width)
    go(page, base + path)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width


HIT = """(point) => {
  point.scrollIntoView({ block: 'center' });
  const { left, top, width, height } = point.getBoundingClientRect();
  const hit = document.elementFromPoint(left + width / 2, top + height / 2)?.closest('.point');
  const other = hit?.getBoundingClientRect();
  return Boolean(hit) && Math.hypot(other.left - left, other.top - top) < 2;
}"""


@pytest.mark.parametrize("size", browser_tools.SIZES)
def test_every_point_is_hit_in_its_middle_though_others_are_near(open_tab, base, size):
    page = open_tab(size)
    go(page, base + COMPARED)
    points = page.locator(".chart .point").all()
    assert len(points) > 20
    assert [p.get_attribute("aria-label") for p in points if not p.evaluate(HIT)] == []
