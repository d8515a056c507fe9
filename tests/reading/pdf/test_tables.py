"""Tables of small PDFs, drawn and not, with their labels as the structure gives them."""

import pytest
from made import BODY, TABLE, Made, open_table, ruled_table

from rapportsvar.reading.pdf.source import read_pdf
from rapportsvar.structure.build import build_report, uncovered


def report_of(tmp_path, made):
    report = build_report(read_pdf(made.file(tmp_path), "rapport.pdf"))
    assert not uncovered(report)
    return report


def cells(report, table=0):
    """Each cell with words as (row path, column path, words)."""
    return [
        (cell.row_path, cell.column_path, cell.span.of(report.text))
        for row in report.tables[table].rows
        for cell in row.cells
        if cell.span.length_chars and row.kind.value in ("data", "total")
    ]


@pytest.mark.parametrize("table", [ruled_table, open_table])
def test_a_table_has_its_rows_and_columns(tmp_path, table):
    report = report_of(tmp_path, table(Made().lines(60, 780, BODY)).lines(60, 560, BODY))
    found = cells(report)
    for row in TABLE[1:]:
        for column in (1, 2):
            assert ((row[0],), (TABLE[0][column],), row[column]) in found
    assert len(report.tables) == 1
    assert len(report.passages) >= 2


def test_shaded_rows_make_a_table(tmp_path):
    made = Made().lines(60, 780, BODY)
    for number in range(len(TABLE)):
        if number % 2 == 0:
            for x, width in ((60, 160), (220, 110), (330, 110)):
                made.shade(x, 700 - 16 * (number + 1), width, 16)
    report = report_of(tmp_path, open_table(made))
    assert (("Grundskola",), ("Utfall 2023",), "3 380") in cells(report)


def test_a_merged_header_names_its_columns(tmp_path):
    made = Made().lines(60, 780, BODY)
    xs, top = [60, 200, 270, 340, 410, 480], 700
    for y in (top, top - 32, top - 48, top - 64, top - 80):
        made.line(xs[0], y, xs[-1], y)
    made.line(200, top - 16, 480, top - 16)
    for x in (60, 200, 340, 480):
        made.line(x, top, x, top - 80)
    for x in (270, 410):
        made.line(x, top - 16, x, top - 80)
    made.text(64, top - 22, "Verksamhet", bold=True)
    made.centred(270, top - 12, "2022").centred(410, top - 12, "2023")
    for place, words in enumerate(["Budget", "Utfall", "Budget", "Utfall"]):
        made.centred(xs[place + 1] + 35, top - 28, words)
    for number, label in enumerate(["Förskola", "Grundskola", "Fritidshem"]):
        y = top - 44 - 16 * number
        made.text(64, y, label)
        for place in range(4):
            made.right(xs[place + 2] - 4, y, f"{number + 1}{place} 50{place}")
    found = cells(report_of(tmp_path, made))
    assert (("Förskola",), ("2022", "Utfall"), "11 501") in found
    assert (("Fritidshem",), ("2023", "Budget"), "32 502") in found


def test_a_table_goes_on_over_the_page(tmp_path):
    made = ruled_table(Made().lines(60, 780, BODY), 140, TABLE[:3]).page()
    ruled_table(made, 800, [TABLE[0], *TABLE[3:]]).lines(60, 600, BODY)
    report = report_of(tmp_path, made)
    assert len(report.tables) == 1
    assert (("Fritidshem",), ("Utfall 2023",), "575") in cells(report)


def test_a_cell_of_several_lines_is_one_cell(tmp_path):
    made = Made().lines(60, 780, BODY).grid([60, 200, 500], [700, 680, 640, 600])
    made.text(64, 686, "Mål", bold=True).text(204, 686, "Kommentar", bold=True)
    made.text(64, 664, "Trygghet").lines(
        204, 664, ["Arbetet pågår enligt plan och föl-", "jer beslutet från mars."]
    )
    made.text(64, 624, "Hälsa").lines(204, 624, ["Målet är nått.", "Inga fler åtgärder behövs."])
    found = cells(report_of(tmp_path, made))
    words = "Arbetet pågår enligt plan och följer beslutet från mars."
    assert (("Trygghet",), ("Kommentar",), words) in found
    assert (("Hälsa",), ("Kommentar",), "Målet är nått. Inga fler åtgärder behövs.") in found


def test_labels_that_are_set_in_stand_under_the_label_above(tmp_path):
    made = Made().lines(60, 780, BODY)
    rows = [
        ("Reinvestering", "8 000"),
        ("  Park", "3 000"),
        ("  Vägar", "5 000"),
        ("Expansion", "900"),
        ("  Park", "900"),
    ]
    made.grid([60, 220, 330], [700 - 16 * n for n in range(len(rows) + 2)])
    made.text(64, 688, "Belopp i tkr", bold=True).right(326, 688, "Budget 2026", bold=True)
    for number, (label, amount) in enumerate(rows, 1):
        made.text(74 if label[0] == " " else 64, 688 - 16 * number, label.strip(), bold=label[0] != " ")
        made.right(326, 688 - 16 * number, amount)
    found = cells(report_of(tmp_path, made))
    assert (("Expansion", "Park"), ("Budget 2026",), "900") in found
    assert (("Reinvestering", "Park"), ("Budget 2026",), "3 000") in found


def test_prose_in_two_columns_is_no_table(tmp_path):
    rows = ["Under 2023 ökade kostnaden med 12 mnkr och", "antalet elever med 140, vilket är 3 procent."] * 5
    report = report_of(tmp_path, Made().lines(60, 700, rows).lines(320, 700, rows))
    assert report.tables == ()


def test_a_box_around_text_is_no_table(tmp_path):
    report = report_of(tmp_path, Made().grid([50, 560], [720, 660]).lines(60, 700, BODY))
    assert report.tables == ()
    assert report.passages
