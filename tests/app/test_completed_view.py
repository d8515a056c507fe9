"""What completes an answer, drawn: a sum, places that disagree, what explains a row."""

import re
from datetime import date

import pytest

from rapportsvar.app import texts
from rapportsvar.app.address import Conversation, Place
from rapportsvar.app.answer_view import Drawer
from rapportsvar.app.completed_view import draw_calculation, draw_disagreement, draw_explanation, with_unit
from rapportsvar.model import (
    Answer,
    Calculation,
    CellAnswer,
    Disagreement,
    EntryKind,
    Explained,
    Highlight,
    Hit,
    QuestionKind,
    QuotedNumber,
    ReportInfo,
    Span,
)

TALK = Conversation("Hur mycket ökade kostnaden?")
TODAY = date(2026, 11, 22)
TEXT = "Placeringar <b>\t47 620\t52 330"


def hit(**more):
    info = ReportInfo(title="Årsredovisning 2022", municipality="Lindsjö", period="2022", year=2022)
    known = {"highlights": (Highlight(Span(0, 11), "Placeringar"),), **more}
    return Hit(1, 1.0, EntryKind.ROW, "a/b.md", info, ("Ekonomi",), Span(0, len(TEXT)), TEXT, **known)


def quoted(text, name, label="Placeringar, Bokslut"):
    start = TEXT.index(text)
    return QuotedNumber("a/b.md", Span(start, start + len(text)), text, 1.0, "tkr", label, name)


SUM = Calculation(
    "difference",
    (quoted("52 330", "Bokslut <2022>"), quoted("47 620", "Bokslut 2021")),
    4710.0,
    "tkr",
    "Placeringar: 52 330 tkr − 47 620 tkr = 4 710 tkr",
    "Placeringar & barn",
    "4 710 tkr (+9,9 %)",
)


def words(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_a_sum_shows_both_terms_with_their_names_and_the_result():
    drawn = draw_calculation(SUM, (hit(),), TALK)
    assert words(drawn) == (
        "Placeringar &amp; barn 52 330 tkr Bokslut &lt;2022&gt; − 47 620 tkr Bokslut 2021 = "
        f"4 710 tkr (+9,9 %) {texts.DIFFERENCE} {texts.WORKED_OUT}"
    )
    assert drawn.count("rapport=a%2Fb.md") == 2


def test_an_answer_without_a_sum_or_a_disagreement_draws_neither():
    assert draw_calculation(None, (hit(),), TALK) == ""
    assert draw_disagreement(None, (hit(),), TALK) == ""
    assert draw_explanation(None, TALK, TODAY) == ""


@pytest.mark.parametrize(("labels", "times"), [(("Barn", "Barn"), 1), (("Barn", "Inskrivna barn"), 2)])
def test_places_that_disagree_are_drawn_with_report_and_link(labels, times):
    cells = (quoted("47 620", "", labels[0]), quoted("52 330", "", labels[1]))
    drawn = draw_disagreement(Disagreement("Rapporten ...", cells), (hit(),), TALK)
    assert texts.DISAGREE in drawn
    assert drawn.count('class="of"') == times
    assert drawn.count("<li>") == drawn.count(texts.SHOW_IN_REPORT) == 2
    assert words(drawn).count("Årsredovisning 2022") == 2
    assert "2022 · 2022" not in words(drawn)


def test_an_explanation_is_lit_and_cited():
    drawn = draw_explanation(hit(), TALK, TODAY)
    assert drawn.startswith('<details class="explanation"><summary>Förklaring</summary>')
    assert '<mark class="lit">Placeringar</mark>' in drawn
    assert "tecken 0–11" in drawn
    assert TALK.showing(Place("a/b.md", Span(0, len(TEXT)))).link().replace("&", "&amp;") in drawn


@pytest.mark.parametrize(
    ("value", "unit", "shown"), [("46", "antal", "46"), ("46", "tkr", "46 tkr"), ("46 tkr", "tkr", "46 tkr"),
                                 ("Nej", "tkr", "Nej")]
)  # fmt: skip
def test_a_unit_is_shown_where_it_says_something(value, unit, shown):
    assert words(with_unit(value, unit)) == shown


def test_the_answer_shows_its_terms_once_and_offers_the_explanation():
    cells = tuple(CellAnswer("Placeringar", t.name, t.text, t.unit, t.span) for t in SUM.terms)
    first = hit(cells=cells, explanation=Explained("a/b.md", Span(0, 11), "Placeringar"))
    explaining = hit()
    asked = []

    def explain(one):
        asked.append(one)
        return explaining

    drawer = Drawer(TALK, TODAY, lambda _: TEXT, lambda _: None, explanation_of=explain)
    answer = Answer(
        "Hur?",
        "Hur?",
        "sv",
        QuestionKind.HOW_MUCH,
        True,
        0.9,
        None,
        None,
        "",
        1.0,
        hits=(first,),
        calculation=SUM,
    )
    drawn = drawer.answer(answer)
    assert asked == [first]
    assert 'class="figures"' not in drawn
    assert drawn.index('class="completed"') < drawn.index('class="hit') < drawn.index('class="explanation"')
