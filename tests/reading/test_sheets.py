import datetime

import openpyxl
import pytest
from making import ods, packed, rows_of

from rapportsvar.errors import EmptyReport, NotText
from rapportsvar.reading.opendocument.sheet import read_ods
from rapportsvar.reading.sheets.formats import general, is_date, shown
from rapportsvar.reading.sheets.xlsx import read_xlsx


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1234.5, "General", "1234,5"),
        (0.1 + 0.2, "General", "0,3"),
        (1e20, "General", "1e+20"),
        (12345.6, "#,##0", "12 346"),
        (-12345.65, "#,##0.0", "-12 345,7"),
        (2.5, "0", "3"),
        (0.125, "0%", "13%"),
        (0.1234, "0.0 %", "12,3 %"),
        (-5, "#,##0;[Red]-#,##0", "-5"),
        (-5, "#,##0;(#,##0)", "(5)"),
        (0, '#,##0;-#,##0;"-"', "-"),
        (0, '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', "-"),
        (1234567, "#,##0,", "1 235"),
        (1234567, '0.0,,"  mnkr"', "1,2  mnkr"),
        (1234, '# ##0 "kr"', "1 234 kr"),
        (99.5, "[$kr-41D] #,##0.00", "kr 99,50"),
        (7, "000", "007"),
        (1.5, "0.##", "1,5"),
        (2, "0.##", "2"),
        (12345, "0.00E+00", "1,23E+4"),
        (5, '[>=1]0 "st";0', "5 st"),
        (45169, "yyyy-mm-dd", "2023-08-31"),
        (45169, "d mmmm yyyy", "31 augusti 2023"),
        (45169, "mmm-yy", "aug-23"),
        (45169.5, "yyyy-mm-dd hh:mm", "2023-08-31 12:00"),
        (0.75, "h:mm", "18:00"),
        (1.5, "[h]:mm", "36:00"),
        (45169, "[$-41D]d mmmm yyyy;@", "31 augusti 2023"),
        (-1, "yyyy-mm-dd", "1899-12-29"),
        (5, "@", "5"),
        (3, '"Mål "0', "Mål 3"),
    ],
)
def test_a_value_is_shown_as_excel_shows_it(value, code, text):
    assert shown(value, code) == text


@pytest.mark.parametrize(
    ("code", "dated"), [("0.0", False), ("yyyy", True), ("General", False), ('0 "dgr"', False)]
)
def test_formats_of_days(code, dated):
    assert is_date(code) is dated


def test_days_from_1904():
    assert shown(43707, "yyyy-mm-dd", from_1904=True) == "2023-08-31"


@pytest.mark.parametrize("value", [0.0, -0.0, 1e-7, 123456789012.0, -3.25])
def test_general_is_never_empty(value):
    assert general(value)


@pytest.fixture
def read(tmp_path):
    def read(fill):
        book = openpyxl.Workbook()
        fill(book)
        book.save(tmp_path / "b.xlsx")
        return read_xlsx(tmp_path / "b.xlsx", "b.xlsx")

    return read


def rows(*lines, at=1, column=1):
    def fill(book):
        for number, line in enumerate(lines, at):
            for place, value in enumerate(line, column):
                if value is not None:
                    book.active.cell(number, place, value)

    return fill


def test_a_sheet_is_a_heading_with_its_table_and_what_stands_over_and_under_it(read):
    lines = [
        ["Driftredovisning"],
        ["Belopp i tkr"],
        ["Område", "2022", "2023"],
        ["Skola", 10, 12.5],
        ["* prel."],
    ]
    source = read(rows(*lines))
    assert source.text == (
        "Sheet\n\nDriftredovisning. Belopp i tkr\nOmråde\t2022\t2023\nSkola\t10\t12,5\n\n* prel."
    )
    (grid,) = source.layout.grids
    assert grid.caption.of(source.text) == "Driftredovisning. Belopp i tkr"
    assert [cell.header for cell in grid.cells] == [True] * 3 + [False] * 3
    assert source.layout.headings[0].span.of(source.text) == "Sheet"


def test_tables_are_cut_at_blank_rows_with_new_headers_and_not_at_others(read):
    lines = [["A", "2022"], ["x", 1], [], ["Summa", 1], [], ["B", "Antal"], ["y", 2]]
    source = read(rows(*lines))
    assert [g.span.of(source.text) for g in source.layout.grids] == [
        "A\t2022\nx\t1\nSumma\t1",
        "B\tAntal\ny\t2",
    ]


def test_tables_side_by_side_are_cut_apart_and_a_spacer_column_cuts_nothing(read):
    lines = [["A", "Ant", None, "B", "Kr"], ["x", 1, None, "y", 5], ["z", 2, None, "w", 6]]
    assert len(read(rows(*lines)).layout.grids) == 2
    lines = [["A", "Ant", None, "2023", "2024"], ["x", 1, None, 4, 5], ["z", 2, None, 5, 6]]
    source = read(rows(*lines))
    assert [g.span.of(source.text) for g in source.layout.grids] == [
        "A\tAnt\t2023\t2024\nx\t1\t4\t5\nz\t2\t5\t6"
    ]


def test_merged_cells_come_back(read):
    def fill(book):
        rows(["Område", "2023", None], [None, "Budget", "Utfall"], ["Skola", 1, 2])(book)
        book.active.merge_cells("B1:C1")
        book.active.merge_cells("A1:A2")

    source = read(fill)
    (grid,) = source.layout.grids
    assert rows_of(source, grid)[:2] == [["Område", "2023", None], [None, "Budget", "Utfall"]]
    assert {(c.row_span, c.column_span) for c in grid.cells if c.row == 0} == {(2, 1), (1, 2)}


def test_hidden_sheets_rows_and_columns_are_left_out_and_told(read):
    def fill(book):
        rows(["A", "B", "C"], ["x", 1, 2], ["y", 3, 4], ["z", 5, 6])(book)
        book.active.row_dimensions[3].hidden = True
        book.active.column_dimensions["B"].hidden = True
        book.create_sheet("Dolt").sheet_state = "hidden"

    source = read(fill)
    assert source.text == "Sheet\n\nA\tC\nx\t2\nz\t6"
    assert source.warnings == (
        "1 dolt blad utelämnades.",
        "1 dold rad utelämnades.",
        "1 dold kolumn utelämnades.",
    )


def test_formulas_without_a_saved_value_are_told(read):
    source = read(rows(["A", "B"], ["x", "=1+1"], ["y", 3], ["z", "=SUM(B1:B2)"]))
    assert "2 formler saknar sparat värde" in source.warnings[0]


def test_values_of_all_kinds(read):
    def fill(book):
        rows(["Datum", datetime.date(2023, 8, 31)], ["Andel", 0.5], ["Klar", True])(book)
        book.active["B2"].number_format = "0 %"

    assert read(fill).text == "Sheet\n\nDatum\t2023-08-31\nAndel\t50 %\nKlar\tSANT"


def test_labels_with_colons_are_lines(read):
    source = read(rows(["Nämnd:", "Socialnämnden"], ["Period:", "jan–aug 2023"]))
    assert source.text == "Sheet\n\nNämnd: Socialnämnden\n\nPeriod: jan–aug 2023"


@pytest.mark.parametrize("data", [b"PK\x03\x04", packed({"xl/annat.xml": "<a/>"}), b"Omr\xe5de;2023"])
def test_what_is_no_workbook_is_refused(tmp_path, data):
    (tmp_path / "b.xlsx").write_bytes(data)
    with pytest.raises(NotText, match=r"b\.xlsx"):
        read_xlsx(tmp_path / "b.xlsx", "b.xlsx")


def test_a_workbook_without_values_is_empty(read):
    with pytest.raises(EmptyReport):
        read(lambda book: None)


def ods_cell(words, kind="string", inside=""):
    return (
        f'<table:table-cell office:value-type="{kind}" {inside}><text:p>{words}</text:p></table:table-cell>'
    )


def test_ods_shows_what_the_format_keeps(tmp_path):
    lines = [
        ods_cell("Område")
        + ods_cell("2023", inside='table:number-columns-spanned="2"')
        + "<table:covered-table-cell/>",
        ods_cell("Skola") + ods_cell("1 200", "float") + ods_cell("12,5%", "percentage"),
    ]
    made = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    hidden = '<table:table-row table:visibility="collapse">' + ods_cell("Dold") + "</table:table-row>"
    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    (tmp_path / "b.ods").write_bytes(
        ods(f'<table:table table:name="Drift">{made}{hidden}{blank}</table:table>')
    )
    source = read_ods(tmp_path / "b.ods", "b.ods")
    assert source.text == "Drift\n\nOmråde\t2023\t\nSkola\t1 200\t12,5%"
    assert source.layout.grids[0].cells[1].column_span == 2
    assert source.warnings == ("1 dold rad utelämnades.",)
