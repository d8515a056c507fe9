"""Laws of composed texts: what was put in stands where the layout says, once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import rows_of

from rapportsvar.errors import EmptyReport, ReportTooLarge
from rapportsvar.reading.compose import Told, compose
from rapportsvar.reading.flow import (
    CellBlock,
    ContentsBlock,
    HeadingBlock,
    ItemBlock,
    ParagraphBlock,
    TableBlock,
    fold,
)

TOLD = Told("r.x", "0" * 64)
WORDS = st.text(st.sampled_from("abcåäö 1\t\n\xa0\u200b"), min_size=0, max_size=8).map(fold)


@st.composite
def tables(draw):
    """A table whose places are dealt out to cells without overlap."""
    rows, columns = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    free = {(r, c) for r in range(rows) for c in range(columns)}
    cells = []
    for row, column in sorted(free):
        if (row, column) not in free:
            continue
        down, right = draw(st.integers(1, 2)), draw(st.integers(1, 2))
        own = {(row + i, column + j) for i in range(down) for j in range(right)}
        if not own <= free:
            own, down, right = {(row, column)}, 1, 1
        free -= own
        words = draw(WORDS)
        cells.append(CellBlock(row, column, (ParagraphBlock(words),) if words else (), down, right))
    return TableBlock(tuple(cells), sheet=True)


BLOCKS = st.one_of(
    st.builds(HeadingBlock, WORDS, st.integers(0, 12)),
    st.builds(ParagraphBlock, WORDS, st.booleans()),
    st.builds(ItemBlock, WORDS),
    st.builds(ContentsBlock, WORDS),
    tables(),
)


@given(st.lists(BLOCKS, max_size=8))
def test_layout_fits_the_text(blocks):
    try:
        source = compose(blocks, TOLD)
    except EmptyReport:
        assert not any(b.words for b in blocks if not isinstance(b, TableBlock))
        return
    text, layout = source.text, source.layout
    headings = [b.words for b in blocks if isinstance(b, HeadingBlock) and b.words]
    assert [mark.span.of(text) for mark in layout.headings] == headings
    assert all(1 <= mark.level <= 9 for mark in layout.headings)
    for span in [mark.span for mark in layout.headings] + list(layout.furniture):
        assert text[: span.start].endswith("\n") or span.start == 0
        assert text[span.end :].startswith("\n") or span.end == len(text)
    for grid in layout.grids:
        lines = grid.span.of(text).split("\n")
        assert [line.count("\t") for line in lines] == [grid.columns - 1] * grid.rows
        assert all(cell.span.of(text) == lines[cell.row].split("\t")[cell.column] for cell in grid.cells)
        assert sum(len(cell.span.of(text)) for cell in grid.cells) == sum(
            len(x.replace("\t", "")) for x in lines
        )


@given(tables())
def test_every_cell_with_words_comes_back_once(table):
    words = sorted(cell.blocks[0].words for cell in table.cells if cell.blocks)
    try:
        source = compose([table], TOLD)
    except EmptyReport:
        assert words == []
        return
    (grid,) = source.layout.grids
    shown = [cell.span.of(source.text) for cell in grid.cells]
    assert sorted(filter(None, shown)) == words
    assert all(any(cell for cell in row) for row in rows_of(source, grid))


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ([(0, 0, "a"), (1, 0, "b")], "a\n\nb"),
        ([(0, 0, "a"), (0, 1, "b")], "a\n\nb"),
        ([(0, 0, "a"), (0, 2, "b"), (3, 0, "c"), (3, 2, "d")], "a\tb\nc\td"),
    ],
)
def test_one_row_or_column_is_no_table_and_blank_ones_go(cells, text):
    made = tuple(CellBlock(row, column, (ParagraphBlock(words),)) for row, column, words in cells)
    assert compose([TableBlock(made)], TOLD).text == text


def test_a_long_cell_is_one_line():
    cells = (
        CellBlock(0, 0, (ParagraphBlock("Mål"),)),
        CellBlock(0, 1, (ParagraphBlock("Ett."), ParagraphBlock("Två."), ItemBlock("tre", "1."))),
        CellBlock(1, 0, (ParagraphBlock("x"),)),
        CellBlock(1, 1, (ParagraphBlock("y"),)),
    )
    assert compose([TableBlock(cells)], TOLD).text == "Mål\tEtt. Två. 1. tre\nx\ty"


def test_a_caption_of_a_picture_names_no_table():
    cells = tuple(CellBlock(n // 2, n % 2, (ParagraphBlock(str(n)),)) for n in range(4))
    blocks = [TableBlock(cells), ParagraphBlock("Figur 1. Karta", caption=True), TableBlock(cells)]
    assert [grid.caption for grid in compose(blocks, TOLD).layout.grids] == [None, None]


def test_a_table_beyond_all_bounds_is_refused():
    far = tuple(CellBlock(n, n, (ParagraphBlock("x"),)) for n in range(3000))
    with pytest.raises(ReportTooLarge, match="3000 rader"):
        compose([TableBlock(far)], TOLD)


@pytest.mark.parametrize(
    ("words", "folded"), [("a\u00ad\u200bb\t\r\n c\xa0 ", "ab c"), ("\ufeff", ""), ("1\u202f000", "1 000")]
)
def test_fold(words, folded):
    assert fold(words) == folded


def test_a_sheet_without_words_is_no_table():
    empty = TableBlock((CellBlock(0, 0, ()), CellBlock(1, 0, ())), sheet=True)
    source = compose([HeadingBlock("Blad 1", 1), empty], TOLD)
    assert source.layout.grids == ()
