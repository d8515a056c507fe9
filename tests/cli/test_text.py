"""An answer as words for a terminal."""

from rapportsvar.cli.text import hit_text
from rapportsvar.model import CellAnswer, EntryKind, Explained, Hit, ReportInfo, Span

ROW = "Placeringar\t52 330"


def row(explanation=None):
    cell = CellAnswer("Placeringar", "Bokslut 2022", "52 330", "tkr", Span(12, 18))
    info = ReportInfo(municipality="Lindsjö", period="2022")
    span = Span(0, len(ROW))
    return Hit(
        1, 1.0, EntryKind.ROW, "a.md", info, ("Ekonomi",), span, ROW, cells=(cell,), explanation=explanation
    )


def test_a_row_says_where_it_is_explained():
    explained = Explained("a.md", Span(40, 74), "Underskottet\nberor på fler barn.")
    assert hit_text(row(explained)) == (
        "1. Placeringar: 52 330\n   Lindsjö · 2022 · Ekonomi\n   a.md [0:18]\n"
        "   Förklaring: Underskottet beror på fler barn. [40:74]"
    )


def test_a_row_without_an_explanation_says_nothing_of_it():
    assert "Förklaring" not in hit_text(row())
