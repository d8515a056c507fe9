"""Tables of small PDFs, drawn and not, with their labels as the structure gives them."""

import pytest
from made import BODY, TABLE, Made, open_table, ruled_table

from rapportsvar.reading.pdf.source import read_pdf
from rapportsvar.structure.build import build_report
from rapportsvar.structure.uncovered import uncovered


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


def rules_only(made, rows, top=660, head=True, right=480):
    """Draw a table of level rules below its header and below each row."""
    xs = [60, 220, 300, 380, 460]
    for number, row in enumerate(rows):
        y = top - 15 * number
        for column, words in enumerate(row):
            if words and column:
                made.right(xs[column] + 20, y + 4, words, size=8)
            elif words:
                made.text(xs[0], y + 4, words, size=8)
        if number or head:
            made.line(60, y, right, y)
    return made


SECTIONS = (
    ("Boende", "Platser", "Budget", "Utfall", "Avvikelse"),
    ("Demensinriktning",),
    ("Kvarnen", "32", "35 900", "38 240", "-2 340"),
    ("Björkbacken", "28", "30 100", "29 680", "420"),
    ("Somatisk inriktning",),
    ("Eken", "30", "29 600", "29 150", "450"),
    ("Summa", "90", "95 600", "97 070", "-1 470"),
)


def test_sections_and_the_header_over_the_first_rule_stand_in_a_table_of_level_rules(tmp_path):
    report = report_of(tmp_path, rules_only(Made().lines(60, 780, BODY), SECTIONS).lines(60, 480, BODY))
    assert len(report.tables) == 1
    found = [(path[-1], column, words) for path, column, words in cells(report)]
    assert ("Kvarnen", ("Utfall",), "38 240") in found
    assert ("Eken", ("Avvikelse",), "450") in found


def test_the_second_line_of_a_label_stays_in_its_row_between_level_rules(tmp_path):
    made = Made().lines(60, 780, BODY)
    for number, y in enumerate((660, 645, 630, 603, 588)):
        made.line(60, y, 480, y)
        made.right(380, y + (16 if number == 3 else 4), ["Utfall", "12", "34", "56", "78"][number], size=8)
        made.right(480, y + (16 if number == 3 else 4), ["Budget", "11", "33", "55", "77"][number], size=8)
    for y, words in (
        (664, "Mått"),
        (649, "Antal A"),
        (634, "Antal B"),
        (619, "Andel av all"),
        (592, "Antal D"),
    ):
        made.text(60, y, words, size=8)
    made.text(60, 609, "arbetad tid", size=8)
    report = report_of(tmp_path, made.lines(60, 540, BODY))
    assert len(report.tables) == 1
    assert (("Andel av all arbetad tid",), ("Utfall",), "56") in cells(report)


def test_a_caption_between_two_tables_of_level_rules_keeps_them_apart(tmp_path):
    made = rules_only(Made().lines(60, 780, BODY), SECTIONS)
    made.text(60, 546, "Tabell 2. Platser", bold=True)
    report = report_of(tmp_path, rules_only(made, SECTIONS, top=525).lines(60, 380, BODY))
    assert len(report.tables) == 2


def test_a_name_over_a_rule_reaches_over_the_columns_of_the_rule(tmp_path):
    rows = (("", "Utfall", "Budget", "Avvikelse", "Utfall"), ("Hemtjänst", "105", "103", "-2", "99"))
    rows += (("Hemsjukvård", "46", "45", "-1", "44"), ("Boende", "162", "160", "-2", "156"))
    made = rules_only(Made().lines(60, 780, BODY), rows).line(190, 675, 480, 675)
    made.text(60, 679, "Verksamhet", size=8).centred(295, 679, "2024", size=8).right(480, 679, "2023", size=8)
    found = cells(report_of(tmp_path, made.lines(60, 540, BODY)))
    assert (("Hemtjänst",), ("2024", "Utfall"), "105") in found
    assert (("Boende",), ("2024", "Avvikelse"), "-2") in found
    assert (("Hemsjukvård",), ("2023", "Utfall"), "44") in found


def test_a_name_across_the_gap_of_two_columns_of_amounts_leaves_them_two(tmp_path):
    rows = (
        ("", "Flickor", "Pojkar", "Flickor", "Pojkar"),
        ("Strandskolan", "225,1", "200,6", "226,4", "211,2"),
    )
    rows += (
        ("Bergaskolan", "239,7", "220,9", "233,9", "218,5"),
        ("Fyrskolan", "241,2", "217,4", "237,0", "212,8"),
    )
    made = rules_only(Made().lines(60, 780, BODY), rows).line(60, 690, 480, 690)
    made.centred(267, 679, "Läsåret 2022/23", size=8).centred(427, 679, "Läsåret 2023/24", size=8)
    found = cells(report_of(tmp_path, made.text(60, 679, "Skola", size=8).lines(60, 540, BODY)))
    assert (("Strandskolan",), ("Läsåret 2022/23", "Pojkar"), "200,6") in found
    assert (("Fyrskolan",), ("Läsåret 2023/24", "Flickor"), "237,0") in found


def test_rows_that_go_on_over_the_page_below_a_marked_header_are_no_header(tmp_path):
    """The first row of the new page looks as a header might; the table's own is shaded as no other row."""
    xs, width = (60, 220), (160, 280)
    made = Made().lines(60, 780, BODY)

    def row(y, label, words, ink=None):
        for x, wide in zip(xs, width, strict=True):
            made.shade(x, y - 6, wide, 18, ink or (0.8, 0.9, 1))
        made.text(64, y, label).text(224, y, words)

    row(108, "Projekt (1) - Verkstaden", "Projektbeskrivning", (0.3, 0.5, 0.9))
    row(90, "Projektnamn", "Uppgradera verkstaden i magasinet")
    row(72, "Investeringsutgift", "2027 300 tkr", (0.9, 0.95, 1))
    made.page()
    row(790, "Status", "Nytt")
    row(772, "Beskrivning", "Verkstaden behöver nya maskiner och ett golv.", (0.9, 0.95, 1))
    row(754, "Konsekvens", "Egna utställningar kan annars inte byggas där.")
    made.lines(60, 600, BODY)
    found = cells(report_of(tmp_path, made))
    assert (("Status",), ("Projektbeskrivning",), "Nytt") in found
    assert (
        ("Konsekvens",),
        ("Projektbeskrivning",),
        "Egna utställningar kan annars inte byggas där.",
    ) in found


def test_slanting_labels_stand_between_bold_ones_and_those_set_in(tmp_path):
    """``Expansion - Exploatering`` has no rows of its own; it slants as ``Expansion - VA``, which has."""
    rows = (
        ("Expansion", "900", "Helvetica-Bold"),
        ("Expansion - VA", "500", "Helvetica-Oblique"),
        ("  Ledningsnät", "500", "Helvetica"),
        ("Expansion - Exploatering", "400", "Helvetica-Oblique"),
        ("Reinvestering", "700", "Helvetica-Bold"),
        ("  Ledningsnät", "700", "Helvetica"),
    )
    made = Made().lines(60, 780, BODY).grid([60, 240, 330], [700 - 16 * n for n in range(len(rows) + 2)])
    made.text(64, 688, "Belopp i tkr", bold=True).right(326, 688, "Budget 2026", bold=True)
    for number, (label, amount, face) in enumerate(rows, 1):
        made.canvas.setFont(face, 10)
        made.canvas.drawString(74 if label[0] == " " else 64, 688 - 16 * number, label.strip())
        made.right(326, 688 - 16 * number, amount)
    found = cells(report_of(tmp_path, made))
    assert (("Expansion", "Expansion - Exploatering"), ("Budget 2026",), "400") in found
    assert (("Reinvestering", "Ledningsnät"), ("Budget 2026",), "700") in found


def test_what_is_part_of_a_row_stands_right_below_it(tmp_path):
    """Rows that were left empty part the two: ``varav exploatering`` is none of what stands above them."""
    rows = (
        ("Belopp i tkr", "Budget 2026", "Avvikelse"),
        ("Gång- och cykelvägar", "8 000", "0"),
        ("Kollektivtrafik", "250", "0"),
        ("- varav hållplatser", "50", "0"),
        ("", "", "0"),
        ("", "", "0"),
        ("- varav exploatering", "6 000", "0"),
    )
    report = report_of(tmp_path, ruled_table(Made().lines(60, 780, BODY), rows=rows))
    found = {words: path for path, column, words in cells(report) if column == ("Budget 2026",)}
    assert found["6 000"] == ("- varav exploatering",)
    assert found["50"] == ("Kollektivtrafik", "- varav hållplatser")


@pytest.mark.parametrize(("filled", "labels"), [(False, ("Status",)), (True, ("Projektnamn", "Status"))])
def test_the_bold_label_of_a_form_that_was_left_empty_is_no_section(tmp_path, filled, labels):
    names = ("Projektnamn", "Investeringsutgift", "Status", "Beskrivning", "Fokusområde", "Konsekvens")
    given = {"Investeringsutgift": "Årligen 1 200 tkr.", "Status": "Pågående"}
    made = Made().lines(60, 780, BODY).grid([60, 220, 500], [700 - 20 * n for n in range(len(names) + 2)])
    made.shade(60, 680, 160, 20, (0.3, 0.5, 0.9)).shade(220, 680, 280, 20, (0.3, 0.5, 0.9))
    made.text(64, 686, "Projekt", bold=True).text(224, 686, "Projektbeskrivning", bold=True)
    for number, name in enumerate(names, 1):
        words = given.get(name, "Anges av nämnden." if filled and number > 1 else "")
        made.text(64, 686 - 20 * number, name, bold=number == 1).text(224, 686 - 20 * number, words)
    report = report_of(tmp_path, made)
    assert {path for path, _, words in cells(report) if words == "Pågående"} == {labels}


def test_names_that_stand_close_over_narrow_amounts_keep_to_their_columns(tmp_path):
    """A long name begins well before its amounts, right behind the name of the column before."""
    made, top = Made().lines(60, 780, BODY), 700
    for y in (top, top - 32, top - 48, top - 64, top - 80, top - 96):
        made.line(60, y, 520, y)
    made.line(270, top - 16, 430, top - 16)
    made.text(64, top - 12, "Skola", bold=True).right(178, top - 12, "Elever").right(
        268, top - 12, "Behöriga lärare, %"
    )
    made.centred(350, top - 12, "Frånvaro, % av eleverna").right(516, top - 12, "Avvikelse, tkr")
    made.right(370, top - 28, "Åk 1–6").right(428, top - 28, "Åk 7–9")
    for number, label in enumerate(["Bergaskolan", "Fyrskolan", "Hamnskolan", "Kyrkskolan"]):
        y = top - 44 - 16 * number
        made.text(64, y, label)
        for right, words in ((178, "455"), (268, "80,2"), (370, f"3,{number}"), (428, "5,1"), (516, "120")):
            made.right(right, y, words)
    found = cells(report_of(tmp_path, made))
    paths = {words: columns for labels, columns, words in found if labels == ("Bergaskolan",)}
    assert paths == {
        "Bergaskolan": ("Skola",),
        "455": ("Elever",),
        "80,2": ("Behöriga lärare, %",),
        "3,0": ("Frånvaro, % av eleverna", "Åk 1–6"),
        "5,1": ("Frånvaro, % av eleverna", "Åk 7–9"),
        "120": ("Avvikelse, tkr",),
    }
