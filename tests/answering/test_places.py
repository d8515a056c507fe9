import numpy as np
import pytest

from rapportsvar.answering.places import Places
from rapportsvar.model import Box, EntryKind, Highlight, Hit, PlacedWords, ReportInfo, Span

# "ett två" on one line, "tre" on the next, "fyra" far to the right of it, "fem" on page 2.
TEXT = "ett två tre fyra fem"
STARTS = [0, 4, 8, 12, 17]
ENDS = [3, 7, 11, 16, 20]
BOXES = [(10, 10, 30, 20), (34, 10, 50, 20), (10, 24, 30, 34), (200, 24, 220, 34), (10, 10, 30, 20)]


class OneReport:
    def __init__(self, words):
        self.words = words

    def placed(self, source):
        return self.words


def _places(pages=(1, 1, 1, 1, 2)):
    return Places(
        OneReport(
            PlacedWords(
                np.array(STARTS, np.int32),
                np.array(ENDS, np.int32),
                np.array(pages, np.int32),
                np.array(BOXES, np.float32),
            )
        )
    )


@pytest.mark.parametrize(
    ("span", "boxes"),
    [
        (Span(0, 7), [Box(1, 10, 10, 50, 20)]),
        (Span(0, 11), [Box(1, 10, 10, 50, 20), Box(1, 10, 24, 30, 34)]),
        (Span(1, 2), [Box(1, 10, 10, 30, 20)]),
        (Span(3, 4), []),
        (Span(12, 20), [Box(1, 200, 24, 220, 34), Box(2, 10, 10, 30, 20)]),
    ],
)
def test_each_line_of_a_span_has_one_box(span, boxes):
    assert list(_places().boxes("a.pdf", [span])) == boxes


def test_cells_that_stand_apart_have_boxes_of_their_own():
    assert len(_places().boxes("a.pdf", [Span(8, 16)])) == 1
    assert len(_places().boxes("a.pdf", [Span(8, 16)], cells=True)) == 2


def test_a_hit_is_placed_by_its_highlight():
    hit = Hit(
        1, 1.0, EntryKind.PASSAGE, "a.pdf", ReportInfo(), (), Span(0, 20), TEXT,
        (Highlight(Span(17, 20), "fem"),),
    )  # fmt: skip
    placed = _places().placed(hit)
    assert (placed.page, placed.boxes) == (2, (Box(2, 10, 10, 30, 20),))


def test_a_hit_of_a_report_without_pages_has_no_page():
    hit = Hit(1, 1.0, EntryKind.PASSAGE, "a.txt", ReportInfo(), (), Span(0, 20), TEXT)
    assert Places(OneReport(None)).placed(hit) == hit
