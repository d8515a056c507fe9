"""How tables of municipal reports are read, one habit of theirs a case."""

import time

import pytest

from rapportsvar.model import RowKind, Span
from rapportsvar.structure.tables import read_tables

PROSE = "Nämnden redovisar ett överskott, vilket främst beror på lägre kostnader under perioden."


def table_of(*lines):
    text = "\n".join(lines)
    (table,) = read_tables(text).tables
    return text, table


def paths(table):
    return [(str(row.kind), row.labels) for row in table.rows if row.kind is not RowKind.HEADER]


def cell_at(text, table, words):
    return next(cell for row in table.rows for cell in row.cells if cell.span.of(text) == words)


def test_a_merged_header_names_its_columns():
    _, table = table_of(
        "Personal\tAugusti 2020\t\tAugusti 2019\t\tMål\t",
        "\tUAF\tSOF\tUAF\tSOF\tUAF\tSOF",
        "Frånvaro\t1\t2\t3\t4\t5\t-",
    )
    assert table.columns[1:5] == (
        ("Augusti 2020", "UAF"),
        ("Augusti 2020", "SOF"),
        ("Augusti 2019", "UAF"),
        ("Augusti 2019", "SOF"),
    )


def test_a_name_without_parts_stays_alone():
    _, table = table_of(
        "Netto tkr\tRedovisat\tBudget\tAvvikelse", "Verksamhet\tjan-aug\tjan-aug\t", "Skola\t1\t2\t1"
    )
    assert table.columns == (
        ("Netto tkr", "Verksamhet"),
        ("Redovisat", "jan-aug"),
        ("Budget", "jan-aug"),
        ("Avvikelse",),
    )


def test_a_header_cut_by_a_rule_is_put_together():
    _, table = table_of(
        "Insats tkr\tRedovisad avvikelse\tPrognos",
        "---\t--\t---",
        "",
        "\tjan-aug\t\tKostnader\tIntäkter",
        "\tKostnader\tIntäkter\t\t",
        "Bistånd\t715\t\t12 000\t",
    )
    assert table.columns[1:] == (
        ("Redovisad avvikelse", "jan-aug", "Kostnader"),
        ("Redovisad avvikelse", "jan-aug", "Intäkter"),
        ("Prognos", "Kostnader"),
        ("Prognos", "Intäkter"),
    )


def test_a_missing_first_name_is_put_back():
    text, table = table_of("Prognos 2022\tBudget 2022", "Ledning\t21 360\t21 660", "Skola\t5\t6")
    assert cell_at(text, table, "21 360").column_path == ("Prognos 2022",)
    assert cell_at(text, table, "21 360").row_path == ("Ledning",)


@pytest.mark.parametrize(
    ("lines", "unit", "source"),
    [
        (["RESULTAT, TKR\tUtfall", "Skola\t5"], "tkr", "header"),
        (["Belopp i miljoner kronor\tUtfall", "Skola\t5"], "mnkr", "header"),
        (["Verksamhet\tUtfall (mnkr)", "Skola\t5"], "mnkr", "column"),
        (["Verksamhet\tUtfall", "Skola\t5 tkr"], "tkr", "cell"),
        (["Verksamhet, tkr\tUtfall", "Elever, andel (%)\t5"], "%", "row"),
        (["Verksamhet, tkr\tUtfall", "Antal elever\t5"], "antal", "row"),
        (["Driftsredovisning (tkr)", "", "Verksamhet\tUtfall", "Skola\t5"], "tkr", "caption"),
        (["Belopp i tkr", "", "Rubrik", "", "Verksamhet\tUtfall", "Skola\t5"], "tkr", "text"),
    ],
)
def test_a_unit_is_found_with_its_source(lines, unit, source):
    _, table = table_of(*lines)
    found = table.rows[-1].cells[-1].unit
    assert (found.name, found.source) == (unit, source)


def test_a_heading_gives_its_unit():
    text = f"Drift i tkr\n\n{PROSE}\n\nVerksamhet\tUtfall\nSkola\t5\n"
    (table,) = read_tables(text, headings=[(Span(0, 11), "Drift i tkr")]).tables
    assert table.rows[-1].cells[-1].unit.source in ("caption", "section")
    assert table.caption == Span(0, 11)


def test_a_label_cut_by_a_page_goes_on():
    _, table = table_of(
        "Mål\tIndikator\tUtfall",
        "Trygga miljöer KS, VON,\tTrygghet\t60%",
        "\tElever\t97%",
        "",
        "Mål\tIndikator\tUtfall",
        "KIAB, VSR\tGymnasiet\t99%",
        "\tKlotter\t66%",
    )
    assert paths(table)[2:] == [
        ("data", ("Trygga miljöer KS, VON, KIAB, VSR", "Gymnasiet")),
        ("data", ("Trygga miljöer KS, VON, KIAB, VSR", "Klotter")),
    ]


def test_rows_know_what_they_belong_to():
    _, table = table_of(
        "Konto\t2020\t2019",
        "Kostnader\t5\t6",
        "varav löner\t3\t4",
        "Sjukfrånvaro\t7,5\t8",
        "Kvinnor\t8\t9",
        "Män\t6\t7",
        "Summa\t1\t2",
    )
    assert paths(table) == [
        ("data", ("Kostnader",)),
        ("data", ("Kostnader", "varav löner")),
        ("data", ("Sjukfrånvaro",)),
        ("data", ("Sjukfrånvaro", "Kvinnor")),
        ("data", ("Sjukfrånvaro", "Män")),
        ("total", ("Summa",)),
    ]


def test_sections_hold_until_the_next_and_the_grand_total_is_outside():
    _, table = table_of(
        "Verksamhet\tUtfall\tBudget",
        "SKOLA\t\t",
        "Ledning\t1\t2",
        "Summa skola\t1\t2",
        "OMSORG\t\t",
        "Hemtjänst\t1\t2",
        "Summa omsorg\t1\t2",
        "Totalt\t2\t4",
    )
    assert paths(table) == [
        ("section", ("SKOLA",)),
        ("data", ("SKOLA", "Ledning")),
        ("total", ("SKOLA", "Summa skola")),
        ("section", ("OMSORG",)),
        ("data", ("OMSORG", "Hemtjänst")),
        ("total", ("OMSORG", "Summa omsorg")),
        ("total", ("Totalt",)),
    ]


def test_a_lost_tab_is_made_good():
    rows = [f"\tIndikator {name}\t1,5\t2,5\t3" for name in "ABC"]
    text, table = table_of(
        "Mål\tIndikator\t2018\t2019\tMål", "Trygghet\tTotal\t1,7\t2\t3", *rows, "Kvinnor\t-/-\t0,96\t3,1\t"
    )
    cell = cell_at(text, table, "3,1")
    assert cell.column_path == ("Mål",)
    assert cell.row_path[0] == "Trygghet"


def test_footnotes_are_the_notes_of_their_table():
    text, table = table_of(
        "Konto\tUtfall", "Turism ¹⁾\t5", "Skola\t6", "", "1) Förstärkt budget.", "", "2) Särvox"
    )
    assert [note.of(text) for note in table.notes] == ["1) Förstärkt budget."]
    assert table.rows[1].labels == ("Turism",)
    assert table.rows[1].cells[0].span.of(text) == "Turism ¹⁾"


@pytest.mark.parametrize(
    "lines",
    [
        ["1.\tGodkänna delårsrapporten och", "2.\tÖverlämna den till kommunstyrelsen"],
        ["\tDetta är en indragen text som inte står i någon tabell, utan bara börjar längre in."],
        ["Tabell 4.\tSjukfrånvaro"],
    ],
)
def test_running_text_with_tabs_is_prose(lines):
    reading = read_tables("\n".join(lines))
    assert reading.tables == ()
    assert len(reading.prose) == len(lines)


def test_keys_and_values_have_no_header():
    _, table = table_of(
        "Ordförande:\tGert Ek (m)", "Nettokostnad prognos:\t74 485tkr", "Antal årsarbetare:\t78"
    )
    assert table.columns == ((), ())
    assert [row.kind for row in table.rows] == [RowKind.DATA] * 3
    assert table.rows[1].cells[1].values == (74485.0,)


def test_skipped_stretches_hold_no_table():
    text = f"Inledning\t3\nEkonomi\t4\n\n{PROSE}\n"
    assert read_tables(text, skip=[Span(0, 22)]).tables == ()


def test_markdown_tables_are_read():
    text, table = table_of("| Nyckeltal | 2020 |", "|---|---|", "| Antal elever | 5 |")
    assert [row.kind for row in table.rows] == [RowKind.HEADER, RowKind.RULE, RowKind.DATA]
    assert cell_at(text, table, "5").column_path == ("2020",)


def test_numbers_of_notes_and_years_are_no_amounts():
    _, table = table_of("Projekt (mnkr)\tNot\tSlutår\tBudget", "Skola A\t1\t2021\t50", "Skola B\t2\t2022\t60")
    assert [cell.values for cell in table.rows[1].cells] == [(), (), (), (50.0,)]


@pytest.mark.slow
def test_time_grows_with_the_text():
    part = "Ekonomi\n\nKonto\t2020\t2019\n" + "Kostnader\t5 000\t6 000\n" * 20 + f"\n{PROSE}\n\n"

    def seconds(times):
        text = part * times
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            read_tables(text)
            best = min(best, time.perf_counter() - start)
        return best / times

    assert seconds(1000) < 1.5 * seconds(10)
