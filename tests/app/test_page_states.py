"""States of the pages that are met now and then: nothing found, too many at once, a file that is damaged."""

import json

import pytest
from browser import ROOT
from page_tools import drawn, page

from rapportsvar.app import page_view, texts
from rapportsvar.config import settings_from
from rapportsvar.engine.engine import build
from rapportsvar.engine.turns import Turns
from rapportsvar.errors import IndexDamaged, TooManyAtOnce

PDF = "sidor.pdf"


@pytest.fixture(scope="module")
def pdf_index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("states")
    (folder / "reports").mkdir()
    data = (ROOT / "corpus/asbro/von-arsredovisning-2024.pdf").read_bytes()
    (folder / "reports" / PDF).write_bytes(data)
    (folder / "rapportsvar.toml").write_text('[embedding]\nmodel = "hash"\n', encoding="utf-8")
    build([folder / "reports"], folder / "index", settings_from({"embedding": {"model": "hash"}}))
    return folder


@pytest.fixture
def pdf_served(pdf_index, monkeypatch):
    monkeypatch.setenv("RAPPORTSVAR_INDEX", str(pdf_index / "index"))
    monkeypatch.setenv("RAPPORTSVAR_SETTINGS", str(pdf_index / "rapportsvar.toml"))


# Fråga


def test_corrected_spelling_is_told(served):
    shown = drawn(page("ask", q="Varför ökade kostnaden för placerinngar?"))
    assert "<del>placerinngar</del>" in shown
    assert "<ins>placeringar</ins>" in shown


def test_what_a_follow_up_was_understood_as_has_its_spelling_corrected(served):
    shown = drawn(page("ask", q="och för placerinngar?", tidigare="Varför ökade kostnaden i Prövstad?"))
    understood = shown.split(texts.UNDERSTOOD)[1].split("</q>")[0]
    assert "placeringar" in understood
    assert "placerinngar" not in understood


def test_a_limit_that_is_taken_back_can_be_put_back(served):
    shown = drawn(page("ask", q="Varför ökade placeringar i Prövstad?", utan="kommun"))
    assert texts.SET_ASIDE in shown
    assert f'title="{texts.PUT_BACK} Prövstad"' in shown


def test_an_opinion_is_refused_without_places(served):
    shown = drawn(page("ask", q="Tycker du att nämnden har skött sig bra?"))
    assert texts.NO_ANSWER in shown
    assert texts.NEAREST not in shown


def test_page_says_so_when_too_many_ask_at_once(served, monkeypatch):
    def full(turns, told):
        raise TooManyAtOnce("Kön är full", where="100 väntar", todo="Försök igen.")

    monkeypatch.setattr(Turns, "_take", full)
    for name, asked in (("ask", {"q": "Varför ökade placeringar?"}), ("search", {"ord": "öppenvård"})):
        assert texts.ERRORS["TooManyAtOnce"] in drawn(page(name, **asked))


@pytest.mark.parametrize("name", ["ask", "search", "compare", "reports"])
def test_page_says_what_to_do_when_a_setting_is_wrong(served, name, monkeypatch, tmp_path):
    settings = tmp_path / "wrong.toml"
    settings.write_text("[nonsense]\n", encoding="utf-8")
    monkeypatch.setenv("RAPPORTSVAR_SETTINGS", str(settings))
    assert texts.ERRORS["SettingsError"] in drawn(page(name))


@pytest.mark.parametrize("name", ["ask", "search", "compare", "reports"])
def test_page_says_how_a_foreign_index_is_replaced(name, monkeypatch, tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"format": "something else"}), encoding="utf-8")
    monkeypatch.setenv("RAPPORTSVAR_INDEX", str(tmp_path))
    shown = drawn(page(name))
    assert texts.INDEX_BAD in shown
    assert texts.INDEX_BAD_HOW in shown


# Sök


def test_search_without_any_place_says_so(served):
    assert texts.SEARCH_NONE in drawn(page("search", ord="placeringar", ar="1999"))


def test_limits_of_a_search_can_be_taken_back(served):
    shown = drawn(page("search", ord="placeringar", kommun="Prövstad", ar="2022"))
    assert f'aria-label="{texts.REMOVE} Prövstad"' in shown
    assert texts.YEAR_ALL in shown


def test_chosen_hits_alone_are_downloaded(served):
    every = page("search", ord="placeringar", vald="alla")
    assert len(every.get("download_button")) == 3
    assert 'aria-checked="true"' in drawn(every)


# Rapporter


def test_report_that_is_gone_is_told(served):
    shown = drawn(page("reports", rapport="borta.pdf"))
    assert texts.UNKNOWN_REPORT in shown
    assert texts.ALL_REPORTS in shown


def test_words_that_are_not_in_a_report_are_told(served):
    assert texts.FIND_NONE in drawn(page("reports", rapport="provstad.md", ord="rymdfart"))


def test_pages_of_a_file_are_turned_and_show_their_text(pdf_served):
    shown = drawn(page("reports", rapport=PDF, sida="3"))
    assert texts.PAGE_OF.format(3, 8) in shown
    assert texts.PAGE_TEXT in shown
    assert 'class="sheet"' in shown


def test_words_are_lit_on_their_page_with_the_way_to_the_next(pdf_served):
    shown = drawn(page("reports", rapport=PDF, ord="hemtjänst", traff="3"))
    assert "box on-now" in shown
    assert "traff=4" in shown


def test_words_that_are_on_no_page_are_told(pdf_served):
    assert texts.FIND_NONE in drawn(page("reports", rapport=PDF, ord="rymdfart"))


def test_text_alone_is_shown_when_it_is_chosen(pdf_served):
    shown = drawn(page("reports", rapport=PDF, vy="text"))
    assert texts.PAGE_TEXT not in shown
    assert 'class="report-text"' in shown


def test_page_that_cannot_be_drawn_leaves_its_text(pdf_served, monkeypatch):
    def damaged(*_):
        raise IndexDamaged("En kopia saknas", where=PDF, todo="Bygg indexet igen.")

    monkeypatch.setattr(page_view, "_drawn", damaged)
    shown = drawn(page("reports", rapport=PDF, sida="2"))
    assert texts.PAGE_UNDRAWN in shown
    assert 'class="report-text"' in shown
