"""Where the format knows headings, tables and furniture, looks decide nothing."""

import pytest
from layouts import Sheet

from rapportsvar.model import FurnitureKind, RowKind, Span
from rapportsvar.structure.build import build_report
from rapportsvar.structure.uncovered import uncovered


def cell_of(table, text, value):
    """The cell that says ``value``, as (row path, column path)."""
    found = [cell for row in table.rows for cell in row.cells if cell.span.of(text) == value]
    assert len(found) == 1, value
    return found[0].row_path, found[0].column_path


def test_only_lines_of_the_layout_are_headings():
    sheet = Sheet().heading("Årsrapport 2023").heading("Ekonomi", 2).prose("Kostnaden ökade med 2,3 mnkr.")
    sheet.prose("# Ingen rubrik").prose("Barn och unga").prose("Nämnden följer frågan noga under året.")
    report = build_report(sheet.source())
    assert [(section.title, section.level) for section in report.sections[1:]] == [
        ("Årsrapport 2023", 1),
        ("Ekonomi", 2),
    ]
    assert not uncovered(report)


def test_a_text_without_headings_in_its_layout_is_read_by_looks():
    text = Sheet().prose("1 Inledning").prose("Kostnaden ökade med 2,3 mnkr under året.")
    report = build_report(text.source())
    assert [section.title for section in report.sections[1:]] == ["1 Inledning"]


def test_tabs_outside_grids_make_no_table():
    sheet = Sheet().prose("Handläggare\tAnna Berg\nTelefon\t12 34\nEnhet\tStab")
    sheet.grid([["Verksamhet", "Utfall"], ["Badet", "12,1"]])
    report = build_report(sheet.source())
    assert [table.rows[0].span.of(report.text) for table in report.tables] == ["Verksamhet\tUtfall"]
    assert not uncovered(report)


def test_merged_headers_and_labels_name_all_their_cells():
    rows = [
        [("Verksamhet", 2, 1), ("2023", 1, 2), None, ("2024", 1, 2), None],
        [None, "Budget", "Utfall", "Budget", "Utfall"],
        [("Förskola", 2, 1), "1,1", "2,1", "3,1", "4,1"],
        [None, "5,1", "6,1", "7,1", "8,1"],
    ]
    report = build_report(Sheet().grid(rows).source())
    (table,) = report.tables
    assert [row.kind for row in table.rows] == [RowKind.HEADER, RowKind.HEADER, RowKind.DATA, RowKind.DATA]
    assert cell_of(table, report.text, "8,1") == (("Förskola",), ("2024", "Utfall"))
    assert cell_of(table, report.text, "5,1") == (("Förskola",), ("2023", "Budget"))


def test_a_blank_header_beside_a_merged_one_has_no_name():
    rows = [
        ["Enhet", ("Utfall", 1, 2), None, ""],
        ["", "Kvinnor", "Män", "Mål"],
        ["Hemtjänst", "10", "20", "30"],
    ]
    report = build_report(Sheet().grid(rows).source())
    assert cell_of(report.tables[0], report.text, "30") == (("Hemtjänst",), ("Mål",))


def test_header_rows_are_those_that_the_format_names():
    rows = [
        [("Mål", 1, 1, True), ("Kommentar", 1, 1, True)],
        ["Trygghet", "Arbetet pågår"],
        ["Hälsa", "Arbetet är klart"],
    ]
    report = build_report(Sheet().grid(rows).source())
    assert [row.kind for row in report.tables[0].rows] == [RowKind.HEADER, RowKind.DATA, RowKind.DATA]


@pytest.mark.parametrize("title", [[], [[("Boenden 2020", 1, 3, True), None, None]]])
def test_a_name_alone_below_a_full_header_opens_a_section_whatever_the_format_says(title):
    rows = [
        *title,
        [("Boende", 1, 1, True), ("Platser", 1, 1, True), ("Belagda", 1, 1, True)],
        [("Demens", 1, 1, True), "", ""],
        ["Gläntan", "11", "12"],
    ]
    report = build_report(Sheet().grid(rows).source())
    assert cell_of(report.tables[0], report.text, "12") == (("Demens", "Gläntan"), ("Belagda",))


def test_a_name_for_the_rows_below_merged_names_is_header():
    rows = [
        [("", 1, 1, True), ("2020", 1, 1, True), ("2021", 1, 1, True)],
        [("Boende", 1, 1, True), "", ""],
        ["Gläntan", "11", "12"],
    ]
    report = build_report(Sheet().grid(rows).source())
    assert cell_of(report.tables[0], report.text, "12") == (("Gläntan",), ("2021",))


def test_a_cell_over_the_whole_width_is_a_section_row():
    rows = [
        ["Verksamhet", "Budget", "Utfall"],
        [("Skola:", 1, 3), None, None],
        ["Grundskola", "11", "12"],
    ]
    report = build_report(Sheet().grid(rows).source())
    assert report.tables[0].rows[1].kind is RowKind.SECTION
    assert cell_of(report.tables[0], report.text, "12")[0] == ("Skola:", "Grundskola")


def _continued(header):
    sheet = Sheet().grid([["Verksamhet", "Budget", "Utfall"], ["Badet", "1", "2"]]).edge("Sida 1").page()
    sheet.edge("Årsrapport")
    return sheet.grid([*([["Verksamhet", "Budget", "Utfall"]] if header else []), ["Ishallen", "3", "4"]])


@pytest.mark.parametrize("header", [True, False])
def test_a_table_goes_on_over_a_page(header):
    report = build_report(_continued(header).source())
    assert len(report.tables) == 1
    assert cell_of(report.tables[0], report.text, "4") == (("Ishallen",), ("Utfall",))


def test_two_grids_of_one_page_stay_two_tables():
    sheet = Sheet().grid([["Verksamhet", "Utfall"], ["Badet", "1"]])
    sheet.grid([["Verksamhet", "Utfall"], ["Ishallen", "3"]])
    assert len(build_report(sheet.source()).tables) == 2


def test_furniture_is_neither_passage_nor_uncovered():
    sheet = Sheet().edge("Innehåll\nEkonomi 2\nPersonal 3").edge("Årsrapport 2023").heading("Ekonomi")
    report = build_report(sheet.prose("Kostnaden ökade.").edge("Sida 2 av 3").source())
    kinds = {piece.span.of(report.text): piece.kind for piece in report.furniture}
    assert kinds["Sida 2 av 3"] is FurnitureKind.PAGE
    assert kinds["Innehåll\nEkonomi 2\nPersonal 3"] is FurnitureKind.CONTENTS
    assert [passage.span.of(report.text) for passage in report.passages] == ["Kostnaden ökade."]
    assert not uncovered(report)


def test_a_grid_of_one_column_is_prose():
    sheet = Sheet().grid([["Nämnden beslutade att följa frågan noga."]])
    report = build_report(sheet.grid([["A", "B"], ["Badet", "1"]]).source())
    assert len(report.tables) == 1
    assert len(report.passages) == 1


def test_the_format_names_a_table_by_its_caption():
    sheet = Sheet().prose("Tabell 1. Kostnad per verksamhet, tkr").prose("Texten emellan är lång nog." * 8)
    caption = Span(0, 37)
    report = build_report(sheet.grid([["Verksamhet", "Utfall"], ["Badet", "1"]], caption).source())
    assert report.tables[0].caption == caption
    assert report.tables[0].unit.name == "tkr"


@pytest.mark.parametrize(
    ("title", "value", "rule"),
    [
        ("Delårsrapport 2023 för Lindsjö kommun", "Delårsrapport 2023 för Lindsjö kommun", "property title"),
        ("Microsoft Word - Årsrapport 2022 socialnämnden", "Årsrapport 2022 socialnämnden", "property title"),
        ("mall_v3.docx", "fil", "file name"),
        ("", "fil", "file name"),
    ],
)
def test_the_title_is_that_of_the_file_where_the_text_has_none(title, value, rule):
    sheet = Sheet().prose("Kostnaden ökade med 2,3 mnkr jämfört med året innan, vilket beror på flera saker.")
    fact = build_report(sheet.source("fil.pdf", (("title", title),))).metadata.title
    assert (fact.value, fact.certain, fact.rule) == (value, False, rule)
