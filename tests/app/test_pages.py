import importlib
import warnings
from pathlib import Path

import pytest
from page_tools import PATIENCE_SECONDS, drawn, page
from streamlit.testing.v1 import AppTest

from rapportsvar.app import texts

ROOT = Path(__file__).parents[2]
QUESTION = "Varför ökade kostnaden för placeringar?"


def test_first_page_has_field_and_examples_when_nothing_is_asked(served):
    shown = page("ask")
    assert len(shown.chat_input) == 1
    assert texts.ASK_HEADING in drawn(shown)
    assert texts.EXAMPLES in drawn(shown)
    assert "placeringar i Prövstad" in drawn(shown)


def test_answer_is_lit_with_its_source_when_reports_answer(served):
    shown = drawn(page("ask", q=QUESTION))
    assert '<mark class="lit">Kostnaden för placeringar ökade med' in shown
    assert "Socialnämnden" in shown
    assert texts.SHOW_IN_REPORT in shown
    assert "tecken" in shown
    assert any(words in shown for words in texts.ASSURANCE.values())


def test_row_is_drawn_as_table_with_the_cell_lit_when_a_row_answers(served):
    shown = drawn(page("ask", q="Hur stor var budgeten för placeringar 2022?"))
    assert '<td class="num lit"><span class="whole">45 500</span></td>' in shown
    assert '<tr class="here">' in shown
    assert "Öppenvård" in shown


def test_reason_is_told_when_the_municipality_is_not_indexed(served):
    shown = drawn(page("ask", q="Hur gick det för skolan i Uppsala?"))
    assert texts.NO_ANSWER in shown
    assert "Det finns ingen rapport från Uppsala" in shown
    assert texts.NOT_ANSWERING in shown


def test_earlier_questions_are_links_when_the_address_holds_them(served):
    shown = drawn(page("ask", q="Och budgeten?", tidigare=QUESTION))
    assert texts.EARLIER in shown
    assert QUESTION in shown


def test_answer_keeps_its_place_when_earlier_questions_come_above_it(served):
    first, later = page("ask", q=QUESTION), page("ask", q=QUESTION, tidigare="Hur gick det?")
    assert texts.EARLIER in drawn(later)
    place = _place(first.main, 'class="question"')
    assert place
    assert place == _place(later.main, 'class="question"')


def _place(block, words):
    """Return where an element with those words stands: the places of its blocks, and its own."""
    for number, each in block.children.items():
        if words in getattr(getattr(each, "proto", None), "body", ""):
            return [number]
        if getattr(each, "children", None) and (deeper := _place(each, words)):
            return [number, *deeper]
    return []


def test_report_opens_beside_when_the_address_names_a_place(served):
    shown = drawn(page("ask", q=QUESTION, rapport="provstad.md", fran="100", till="200"))
    assert 'class="panel"' in shown
    assert 'id="stalle"' in shown


@pytest.mark.parametrize(
    "place", [{"fran": "200", "till": "100"}, {"fran": "x", "till": "2"}, {"fran": "9" * 30}]
)
def test_nothing_opens_beside_when_the_place_is_no_place(served, place):
    assert 'class="panel"' not in drawn(page("ask", q=QUESTION, rapport="provstad.md", **place))


def test_question_typed_in_the_field_is_put_in_the_address(served):
    shown = page("ask", q=QUESTION)
    shown.chat_input[0].set_value("Hur stor var budgeten?").run()
    assert shown.query_params["q"] in ("Hur stor var budgeten?", ["Hur stor var budgeten?"])
    assert shown.query_params["tidigare"] in (QUESTION, [QUESTION])


@pytest.mark.parametrize("name", ["ask", "search", "reports"])
def test_page_says_how_an_index_is_built_when_there_is_none(name, monkeypatch, tmp_path):
    monkeypatch.setenv("RAPPORTSVAR_INDEX", str(tmp_path / "none"))
    shown = drawn(page(name))
    assert texts.NO_INDEX in shown
    assert "rapportsvar index" in shown


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("ask", {"q": "Vad sägs om farligheterna i rapporterna?"}),
        ("ask", {"q": "<script>x</script> <img src=x onerror=alert(1)> placeringar"}),
        ("search", {"ord": "farligheterna skadlig"}),
        ("search", {"ord": "<img src=x onerror=alert(1)>"}),
        ("reports", {"rapport": "provstad.md"}),
        ("reports", {"rapport": "provstad.md", "ord": "<script>"}),
        ("reports", {"rapport": "<img src=x onerror=alert(1)>"}),
    ],
)
def test_hostile_text_is_never_markup(served, name, values):
    test = page(name, **values)
    shown = drawn(test)
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<b>" not in shown
    assert 'href="javascript' not in shown
    assert not test.markdown


def test_search_lists_hits_by_report_with_facets(served):
    shown = drawn(page("search", ord="placeringar"))
    assert "träff" in shown
    assert texts.FACETS["kind"][1] in shown
    assert "Årsredovisning 2022" in shown


def test_search_is_limited_when_the_form_is_chosen(served):
    shown = drawn(page("search", ord="placeringar", form="tabell"))
    assert "<td" in shown
    assert "<blockquote" not in shown


def test_search_asks_for_words_when_there_are_none(served):
    assert texts.SEARCH_EMPTY in drawn(page("search"))


def test_reports_are_listed_with_what_is_known_of_them(served):
    shown = drawn(page("reports"))
    assert "1 rapport " in shown
    assert "Socialnämnden" in shown
    assert "14 februari 2023" in shown


def test_report_is_read_with_contents_and_found_words(served):
    shown = drawn(page("reports", rapport="provstad.md", ord="åtgärdsplan"))
    assert '<mark class="found">åtgärdsplan</mark>' in shown
    assert texts.CONTENTS in shown
    assert "1 träff" in shown


def test_about_needs_no_index(monkeypatch, tmp_path):
    monkeypatch.setenv("RAPPORTSVAR_INDEX", str(tmp_path / "none"))
    assert texts.ABOUT_HEADING in drawn(page("about"))


def test_page_file_runs_from_the_top(served):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        test = AppTest.from_file(
            str(ROOT / "src/rapportsvar/app/script/page.py"), default_timeout=PATIENCE_SECONDS
        ).run()
    assert not test.exception
    assert importlib.import_module("rapportsvar.app.texts").PRODUCT in drawn(test)


def test_search_says_what_it_counted(served):
    assert texts.SEARCH_ANY.format("1") in drawn(page("search", ord="placeringar åtgärdsplan"))
    assert texts.SEARCH_ANY.format(texts.NONE_OF_THEM) in drawn(page("search", ord="placeringar kaniner"))
    assert texts.SEARCH_NEAR in drawn(page("search", ord="kaniner"))


def test_search_without_words_offers_some(series_served):
    assert 'href="./sok?ord=Hemtj%C3%A4nst"' in drawn(page("search"))
