import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from rapportsvar.evaluation.compare import compare
from rapportsvar.evaluation.figures import SET_FIGURES
from rapportsvar.evaluation.measures import MEASURES
from rapportsvar.evaluation.plots import Bar, bars, histogram
from rapportsvar.evaluation.report import html_report
from rapportsvar.evaluation.rows import HitLine
from rapportsvar.evaluation.words import explanation, number, signed, word
from rapportsvar.model import Reason

from .test_run import GOOD, POOR, run_of

VOID = {"meta", "rect", "line"}
EVIL = "<script>alert('x')</script> & \"$sets\""


class Balanced(HTMLParser):
    """Checks that every element is closed by its own end."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.seen = set()
        self.attributes = []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def parsed(page):
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    return parser


@pytest.fixture
def runs(tmp_path):
    return run_of(tmp_path, POOR), run_of(tmp_path, GOOD)


def test_report_is_whole_and_loads_nothing(runs):
    page = html_report(*runs[:1], compare(runs[1], runs[0]))
    parser = parsed(page)
    assert {"svg", "table", "figure", "details", "blockquote"} <= parser.seen
    assert not {"script", "link", "img", "iframe"} & parser.seen
    assert not {"src", "href"} & {name for name, _ in parser.attributes}
    assert "default-src 'none'" in page
    assert "$" not in page
    assert "prefers-color-scheme: dark" in page


def test_report_shows_what_was_expected_and_what_came(runs):
    page = html_report(runs[0])
    assert "Missar (2 av 3)" in page
    assert "Orsaken är fler barn med stort stöd." in page
    assert "Inget svar: åsikt" in page
    assert "Jämfört med" not in page
    assert "Inga." in html_report(runs[1])


def test_report_shows_changed_questions_when_an_earlier_run_is_given(runs):
    page = html_report(runs[1], compare(*runs))
    assert "Jämfört med körningen" in page
    assert "Frågor som ändrats (2)" in page


def test_report_escapes_all_that_is_shown(runs):
    (one,) = runs[0].sets
    line = HitLine(EVIL, (EVIL,), EVIL, ("alert", "amp", "a"))
    row = replace(
        one.rows[0],
        **dict.fromkeys(("id", "question", "kind", "style", "document", "error", "standalone"), EVIL),
        history=(EVIL,),
        hits=(line,),
    )
    shown = [row, replace(row, error=None, reason=EVIL, found=False)]
    groups = {EVIL: one.overall, "why": one.overall}
    evil = replace(
        one, name=EVIL, path=EVIL, rows=tuple(shown), by_kind=groups, by_style=groups, by_document=groups
    )
    run = replace(runs[0], sets=(evil,), engine={EVIL: EVIL}, commit=EVIL)
    page = html_report(run, compare(run, run))
    parsed(page)
    assert "<script" not in page
    assert "<mark>alert</mark>" in page
    assert "&<mark>" not in page


def test_marks_stay_outside_entities_when_a_highlight_reads_like_one(runs):
    (one,) = runs[0].sets
    row = replace(one.rows[0], hits=(HitLine("a.txt", (), "mark & amp", ("mark", "amp")),))
    page = html_report(replace(runs[0], sets=(replace(one, rows=(row,)),)))
    assert "<mark>mark</mark> &amp; <mark>amp</mark>" in page


def test_bars_show_intervals_and_stay_inside_the_drawing():
    drawn = bars("Prov", [Bar("x" * 90, 1.4, 0.2, 1.9, 7), Bar("utan", 0.5, None, None, 1)])
    assert drawn.count('class="whisker"') == 3
    assert max(float(x) for x in re.findall(r'x2="([\d.]+)"', drawn)) <= 360
    assert "1,40 (7)" in drawn


def test_histogram_is_drawn_when_there_is_nothing_to_count():
    assert histogram("Tom", [0] * 10, [0] * 10).startswith("<svg")


def test_every_measure_and_reason_has_a_swedish_word():
    names = [*(measure.name for measure in MEASURES), *(figure.name for figure in SET_FIGURES)]
    assert all(explanation(name) for name in names)
    assert all(word(reason) != reason for reason in Reason)
    assert word("okänt slag") == "okänt slag"


def test_numbers_are_written_as_in_swedish():
    assert (number(-0.25, 2), number(None), signed("hit@1", 0.5)) == ("−0,25", "–", "+0,500")
