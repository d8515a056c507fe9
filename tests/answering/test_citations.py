"""No quote passes that does not stand in its source."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapportsvar.answering.citations import check_hit
from rapportsvar.errors import CitationError
from rapportsvar.model import CellAnswer, EntryKind, Highlight, Hit, ReportInfo, Span

TEXT = "Inledning.\n\nKostnaden ökade med 4 710 tkr. Det beror på fler placeringar.\nBarn\t47 620\t52  330\n"
WHOLE = Span(12, len(TEXT) - 1)


def hit(**changes):
    made = Hit(
        rank=1,
        score=1.0,
        kind=EntryKind.PASSAGE,
        source="a.txt",
        report=ReportInfo(),
        section=(),
        span=WHOLE,
        text=WHOLE.of(TEXT),
        highlights=(mark("Kostnaden ökade med 4 710 tkr."),),
    )
    return replace(made, **changes)


def place(words):
    at = TEXT.index(words)
    return Span(at, at + len(words))


def mark(words):
    return Highlight(place(words), words)


def cell(value, span):
    return CellAnswer("Barn", "Utfall", value, "tkr", span)


def test_what_holds_is_returned_as_it_is():
    good = hit(cells=(cell("52 330", place("52  330")),))
    assert check_hit(good, TEXT) is good


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "Något annat"},
        {"text": ""},
        {"highlights": (Highlight(place("4 710"), "4 711"),)},
        {"highlights": (Highlight(Span(20, 20), ""),)},
        {"highlights": (mark("Inledning."),)},
        {"cells": (cell("52 331", place("52  330")),)},
        {"cells": (cell("", Span(30, 30)),)},
        {"cells": (cell("Inledning.", place("Inledning.")),)},
        {"span": Span(12, len(TEXT) + 5)},
    ],
)
def test_what_does_not_hold_is_refused_with_its_place(changes):
    with pytest.raises(CitationError, match=r"a\.txt, characters \d+ to \d+"):
        check_hit(hit(**changes), TEXT)


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)), st.integers(-3, 3))
def test_a_highlight_that_is_moved_is_refused(start, end, by):
    first, last = sorted((start, end))
    words = TEXT[first:last]
    moved = Span(first + by, last + by)
    good = bool(words) and WHOLE.contains(moved) and moved.of(TEXT) == words
    try:
        check_hit(hit(highlights=(Highlight(moved, words),)), TEXT)
    except CitationError:
        assert not good
    else:
        assert good
