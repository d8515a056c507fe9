"""What holds for every report, tried on generated ones."""

import random
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rapportsvar.model import Source
from rapportsvar.structure.build import build_report
from rapportsvar.structure.lines import BLANK
from rapportsvar.structure.passages import PassageSize
from rapportsvar.structure.uncovered import uncovered

_SENTENCE = st.sampled_from(
    [
        "Kostnaden ökade med 2,3 mnkr.",
        "Det beror på att fler barn har placerats på institution, bl.a. i Norrby.",
        "Personalen har, jfr. avsnitt 3, minskat med 4 % jämfört med förra året.",
        "Åtgärderna pågår enligt plan",
        "nämnden följer frågan.",
        "Är målet uppfyllt?",
    ]
)
_PARAGRAPH = st.lists(_SENTENCE, min_size=1, max_size=30).map(" ".join)
_HEADING = st.sampled_from(
    [
        "# Ekonomi",
        "## Utfall",
        "1 Inledning",
        "2.1 Resultat",
        "Barn och unga",
        "Status",
        "Prognos",
        "ÅTGÄRDER",
        "**Viktiga händelser**",
        "100 Politisk verksamhet",
        "Inriktningsmål 1: Staden ska växa hållbart",
        "Uppdrag: Utveckla arbetet med familjehem.",
        "Bilaga 1",
        "Tertialrapport per april 2023",
    ]
)
_OTHER = st.sampled_from(
    [
        "- en punkt\n- en annan punkt som är längre och slutar här.\n- tredje",
        "1. första\n2. andra\n   som går vidare",
        "Datum:\n2023-05-10\n\nDiarienummer:\nSN-2023-00041",
        "Verksamhet\tUtfall\tBudget\nBadet\t12,1\t11,5\nSumma\t12,1\t11,5",
        "¹ En fotnot om siffran ovan.",
        "Innehåll\n\nEkonomi.....\t3\nBarn och unga.....\t4\nPersonal.....\t9",
        "Sida 3 (12)",
        "---",
        "\ufeff",
        " \u00a0 ",
        "Färdig.",
        "\t\t\t",
        "<p>En lång cell.</p>\t<ul> <li>punkt</li> <li>två</li> </ul>" + " Ord i en mening." * 40,
    ]
)
_JOIN = st.sampled_from(["\n\n", "\n", "\r\n\r\n", "\n \n\n\n"])


@st.composite
def reports(draw):
    blocks = draw(st.lists(st.one_of(_PARAGRAPH, _HEADING, _OTHER), min_size=1, max_size=25))
    return "".join(block + draw(_JOIN) for block in blocks)


def _built(text, size=None):
    return build_report(Source("2023/socialnämnden.txt", text, ""), size)


@settings(max_examples=150, deadline=None)
@given(reports())
def test_spans_show_what_they_say(text):
    _check_spans(_built(text))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("aÅ. \t\n\r#|-1:)*¹<p>/\ufeff"), max_size=300))
def test_spans_show_what_they_say_in_any_text(text):
    report = _built(text)
    _check_spans(report)
    assert uncovered(report) == []


@settings(max_examples=150, deadline=None)
@given(reports())
def test_nothing_is_left_uncovered(text):
    report = _built(text)
    assert [span.of(text) for span in uncovered(report)] == []


@settings(max_examples=150, deadline=None)
@example("# Ekonomi\n\nTertialrapport per april 2023\n\n")
@given(reports())
def test_sections_nest(text):
    report = _built(text)
    for section in report.sections[1:]:
        assert len(section.path) == section.level
        assert section.heading is not None
        assert section.span.contains(section.heading)
        assert report.parts[section.part].span.contains(section.heading)
    for before, after in pairwise(report.sections):
        assert before.span.contains(after.span) or before.span.end <= after.span.start


SIZES = (PassageSize(300, 200), PassageSize(900, 600, merge_chars=500))


@settings(max_examples=100, deadline=None)
@example("# Ekonomi\n\n" + "Ord i en mening. " * 120 + "\n\n", SIZES[1])
@given(reports(), st.sampled_from(SIZES))
def test_passages_keep_to_their_size(text, size):
    report = _built(text, size)
    for passage in report.passages:
        lengths = [sentence.span.length_chars for sentence in passage.sentences]
        assert sum(lengths) <= max(
            size.most_chars, *lengths
        )  # what parts them, such as blanks, is not counted


def _check_spans(report):
    text = report.text
    taken = []
    for passage in report.passages:
        section = report.sections[passage.section]
        assert section.span.contains(passage.span)
        assert passage.span.of(text) == passage.span.of(text).strip(BLANK)
        assert passage.pieces
        assert passage.sentences
        for sentence in passage.sentences:
            assert passage.span.contains(sentence.span)
            assert sentence.span.of(text).strip()
        for before, after in pairwise(passage.sentences):
            assert before.span.end <= after.span.start
        if passage.cell is None:
            taken += passage.pieces
        else:
            cell = report.tables[passage.cell.table].rows[passage.cell.row].cells[passage.cell.column]
            assert cell.span.contains(passage.span)
    taken.sort()
    for before, after in pairwise(taken):
        assert before.end <= after.start


@pytest.mark.slow
def test_time_grows_with_length():
    """Eight times the text takes about eight times as long, not sixty-four."""
    import time

    words = random.Random(4)
    blocks = [
        "Ekonomi\n\n",
        "Kostnaden ökade. " * 30 + "\n\n",
        "- punkt ett\n- punkt två\n\n",
        "A\t1\t2\nB\t3\t4\n\n",
    ]
    text = "".join(words.choice(blocks) for _ in range(500))
    times = []
    for copies in (1, 8):
        start = time.perf_counter()
        _built(text * copies)
        times.append(time.perf_counter() - start)
    assert times[1] < 24 * times[0]
