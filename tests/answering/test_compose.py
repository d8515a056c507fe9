"""The answer in words holds nothing but quotes and labels."""

import pytest

from rapportsvar.answering.compose import compose, describe
from rapportsvar.model import CellAnswer, EntryKind, Highlight, Hit, QuestionKind, ReportInfo, Span


def cell(row="Förskola", column="Bokslut 2021", value="286 067", unit="tkr"):
    return CellAnswer(row, column, value, unit, Span(0, len(value)))


def hit(*quotes, cells=()):
    marks = tuple(Highlight(Span(0, len(quote)), quote) for quote in quotes)
    text = " ".join(quotes) or "x"
    return Hit(1, 1.0, EntryKind.PASSAGE, "a.txt", ReportInfo(), (), Span(0, len(text)), text, marks, cells)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (cell(), "Förskola, Bokslut 2021: 286 067 tkr"),
        (cell(value="286 067 tkr"), "Förskola, Bokslut 2021: 286 067 tkr"),
        (cell(unit=""), "Förskola, Bokslut 2021: 286 067"),
        (cell(column=""), "Förskola: 286 067 tkr"),
        (cell(row="", column=""), "286 067 tkr"),
        (cell(value="Ej uppnått"), "Förskola, Bokslut 2021: Ej uppnått"),
    ],
)
def test_a_cell_is_written_with_its_labels_and_unit(given, written):
    assert describe(given) == written


def test_the_first_place_is_quoted():
    assert compose((hit("Ett."), hit("Två.")), QuestionKind.HOW_MUCH) == "Ett."


@pytest.mark.parametrize("kind", [QuestionKind.WHY, QuestionKind.WHICH])
def test_causes_and_lists_are_quoted_from_several_places_each_once(kind):
    hits = (hit("Ett.", "Två."), hit("Ett.", "Två."), hit("Tre."), hit("Fyra."))
    assert compose(hits, kind) == "Ett. … Två.\nTre."


def test_cells_go_before_highlights_and_blanks_are_folded():
    assert compose((hit("Förskola", cells=(cell(),)),), QuestionKind.HOW_MUCH).endswith("286 067 tkr")
    assert compose((hit("en\n  <b>rad</b>"),), QuestionKind.WHO) == "en rad"


def test_cells_of_one_row_are_written_behind_its_label():
    cells = (cell(column="2020", value="271"), cell(), cell(row="Skola", column="2020", value="12"))
    written = "Förskola, 2020: 271 tkr; Bokslut 2021: 286 067 tkr; Skola, 2020: 12 tkr"
    assert compose((hit("x", cells=cells),), QuestionKind.DEVELOPMENT) == written


def test_nothing_gives_nothing():
    assert compose((), QuestionKind.WHY) == ""
