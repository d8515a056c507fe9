"""How tables of municipal reports are read, one habit of theirs a case."""

import time

import pytest

from rapportsvar.model import RowKind, Span
from rapportsvar.structure.tables.reading import read_tables

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
        start = time.process_time()
        read_tables(text)
        return (time.process_time() - start) / times

    assert min(seconds(1000) / seconds(30) for _ in range(5)) < 1.5


# What the second reader found.


def test_a_second_header_line_may_name_the_rows_too():
    text, table = table_of(
        "\t2021\t\t2022\t",
        "Enhet\tKvinnor\tMän\tKvinnor\tMän",
        "Hemtjänst\t10,3\t7,5\t10,5\t7,9",
        "Boende\t9,7\t6,9\t9,4\t7,0",
    )
    assert table.columns == (
        ("Enhet",),
        ("2021", "Kvinnor"),
        ("2021", "Män"),
        ("2022", "Kvinnor"),
        ("2022", "Män"),
    )
    assert cell_at(text, table, "7,0").row_path == ("Boende",)


def test_a_row_of_words_below_merged_names_stays_a_row():
    _, table = table_of("Mål\tBedömning\t\tTrend\t", "Trygghet\tGod\tSvag\tUpp\tNed", "Kostnad\t1\t2\t3\t4")
    assert [row.kind for row in table.rows] == [RowKind.HEADER, RowKind.DATA, RowKind.DATA]


def test_a_line_of_words_that_names_all_columns_under_a_merged_name_is_header():
    _, table = table_of("\tAndel, procent\t", "Enhet\tHeltid\tMän", "Barn och unga\t88\t12", "Vuxna\t91\t21")
    assert table.columns == (("Enhet",), ("Andel, procent", "Heltid"), ("Andel, procent", "Män"))
    _, table = table_of(
        "\tBoende\t\tKö", "Enhet\tPlatser\tBelagda\tVeckor", "Kastanjen\t8\t7\t3", "Linnean\t6\t6\t4"
    )
    assert table.columns == (("Enhet",), ("Boende", "Platser"), ("Boende", "Belagda"), ("Kö", "Veckor"))
    assert [row.labels for row in table.rows if row.kind is RowKind.DATA] == [("Kastanjen",), ("Linnean",)]


@pytest.mark.parametrize(
    "lines",
    [
        ("\tUtfall\tPrognos", "Skolan\tUppfyllt\tDelvis", "Vården\t88\t90"),  # each column has its name
        ("\tResultat\t", "Skolan\tUppfyllt\tDelvis", "Vården\tUppfyllt\t90"),  # words go on
        ("\tResultat\t", "Skolan\tUppfyllt\t85", "Vården\t88\t90"),
    ],
)
def test_a_row_of_words_that_a_value_may_be_stays_a_row(lines):
    _, table = table_of(*lines)
    assert ("Skolan",) in [row.labels for row in table.rows if row.kind is RowKind.DATA]


def test_a_header_line_of_units_names_the_unit_of_each_column():
    text, table = table_of(
        "Verksamhet\tBudget\tUtfall\tAvvikelse\tAvvikelse",
        "\ttkr\ttkr\ttkr\t%",
        "Bibliotek\t12 300\t12 500\t-200\t-1,6",
    )
    assert [cell_at(text, table, words).unit.name for words in ("12 500", "-1,6")] == ["tkr", "%"]


def test_things_that_are_counted_are_no_money():
    text, table = table_of(
        "Grundskolorna, tkr",
        "",
        "Skola\tElever\tBudget\tTillfört",
        "Norra\t548\t12 000\t104 barn",
        "Södra\t400\t10 000\t18 tjänster",
    )
    units = {
        words: cell_at(text, table, words).unit.name for words in ("548", "12 000", "104 barn", "18 tjänster")
    }
    assert units == {"548": "antal", "12 000": "tkr", "104 barn": "antal", "18 tjänster": "antal"}


def test_what_money_is_given_to_is_money():
    text, table = table_of(
        "Nettokostnad, tkr", "", "Enhet\tBoende\tPlaceringar", "Norra\t548\t12 000", "Södra\t400\t10 000"
    )
    assert [cell_at(text, table, words).unit.name for words in ("548", "12 000")] == ["tkr", "tkr"]


def test_those_who_were_asked_are_no_number():
    text, table = table_of(
        "Andel nöjda, procent", "", "Fråga\tElever\tLärare", "Trygghet\t88\t91", "Studiero\t70\t65"
    )
    assert cell_at(text, table, "88").unit.name == "%"


def test_a_column_of_per_cent_in_a_table_of_money():
    text, table = table_of("Belopp i mkr\tUtfall\tAvv.\tAvv. %", "Intäkter\t10,5\t0,5\t5,0")
    assert [cell_at(text, table, words).unit.name for words in ("0,5", "5,0")] == ["mnkr", "%"]


@pytest.mark.parametrize(
    ("caption", "unit"),
    [
        ("Sjukfrånvaro i procent av ordinarie arbetstid", "%"),
        ("Tabell 3. Sjukfrånvaro, procent av ordinarie arbetstid", "%"),
        ("Sjukfrånvaro 2023 uppdelad på kön, procent", "%"),
        ("Arvode per uppdragsdel, kronor", "kr"),
        ("Helårsprognos (belopp i tusental kronor)", "tkr"),
        ("Antal ärenden vid årets slut", "antal"),
        ("Enkäten besvarades av 64 procent", None),
        ("Antal placeringar och kostnad per dygn", None),
    ],
)
def test_the_caption_states_the_unit(caption, unit):
    text, table = table_of(caption, "Enhet\t2021\t2022", "Norr\t12\t13")
    found = cell_at(text, table, "12").unit
    assert (found.name if found else None) == unit


def test_totals_stand_beside_the_sexes_not_above_them():
    _, table = table_of(
        "\t2022\t2021",
        "Sjukfrånvaro, %\t\t",
        "Totalt\t6,2\t6,6",
        "Kvinnor\t6,7\t7,1",
        "Antal anställda\t345\t350",
        "Män\t45\t49",
    )
    assert [labels for _, labels in paths(table)] == [
        ("Sjukfrånvaro, %",),
        ("Sjukfrånvaro, %", "Totalt"),
        ("Sjukfrånvaro, %", "Kvinnor"),
        ("Antal anställda",),
        ("Antal anställda", "Män"),
    ]


def test_a_total_in_the_last_label_column_is_inherited_from():
    _, table = table_of(
        "Mål\tIndikator\tKön\t2021\t2022",
        "Läsa\tAndel låntagare, %\tTotalt\t25\t26",
        "\t\tKvinnor\t30\t31",
        "\tAntal utlån\tTotalt\t5,1\t5,2",
        "\t\tKvinnor\t6,1\t6,2",
    )
    assert [labels[1:] for _, labels in paths(table)] == [
        ("Andel låntagare, %", "Totalt"),
        ("Andel låntagare, %", "Kvinnor"),
        ("Antal utlån", "Totalt"),
        ("Antal utlån", "Kvinnor"),
    ]


def test_a_running_head_with_its_page_number_does_not_part_a_table():
    part = "Verksamhet\tUtfall 2022\tBudget 2022\n{}\t1 000\t900"
    head = "Socialnämnden, årsredovisning 2022\n8"
    text = f"{part.format('Placeringar')}\n\n{head}\n\n{part.format('LSS')}"
    (table,) = read_tables(text).tables
    assert [labels for _, labels in paths(table)] == [("Placeringar",), ("LSS",)]


def test_a_running_head_does_not_join_two_tables():
    text = "Verksamhet\tUtfall\nSkola\t1\n\nEkonomi\n8\n\nMått\tAntal\nElever\t2"
    assert len(read_tables(text).tables) == 2


def test_a_page_foot_with_a_tab_is_no_table():
    text = f"{PROSE}\n\nÅrsredovisning 2022\t9\n\n{PROSE}"
    reading = read_tables(text)
    assert reading.tables == ()
    assert [span.of(text) for span in reading.prose] == ["Årsredovisning 2022\t9"]


def test_names_over_offices_are_no_table():
    text = f"{PROSE}\n\nAmina Yusuf\tMaria Tillberg\nOrdförande från 2023-01-01\tFörvaltningschef\n"
    assert read_tables(text).tables == ()


def test_a_share_of_two_is_no_date():
    text, table = table_of(
        "Indikator\t2021\t2022", "Utbetalt\t5 000\t6 000", "Andel\t25/75\t30/70", "Betalt\t7 000\t8 000"
    )
    assert cell_at(text, table, "25/75").values == (25.0, 75.0)
    assert cell_at(text, table, "25/75").column_path == ("2021",)


def test_a_sentence_in_a_column_of_targets_may_begin_with_its_amount():
    words = "25 % av socialsekreterarnas tid ska gå till klientarbete"
    text, table = table_of("Indikator\t2019\tMålvärde\tKommentar", f"Tid\t15%\t{words}\t{words}.")
    assert cell_at(text, table, words).values == (25.0,)
    assert cell_at(text, table, words).unit.name == "%"
    assert cell_at(text, table, f"{words}.").values == ()


def _result_tables(text_between):
    head = "Konto\tPrognos 2020\tBudget 2020\tUtfall 2019"
    first = f"{head}\nIntäkter\t426 707\t410 748\t533 185\nResultat\t16 175\t0\t5 038"
    second = f"{head}\nIntäkter\t3 609\t3 000\t5"
    return read_tables(f"Nämnden totalt\n\n{first}\n\n{text_between}\n\nFeriejobb\n\n{second}\n").tables


def test_text_that_quotes_a_table_tells_its_unit():
    tables = _result_tables(
        "Nämnden redovisar ett överskott om 16,2 miljoner kronor. Intäkterna var 426,7 miljoner kronor."
    )
    assert [(table.unit.name, table.unit.source) for table in tables] == [("tkr", "text")] * 2
    assert tables[0].rows[1].cells[1].unit.name == "tkr"


@pytest.mark.parametrize(
    "words",
    [
        "Nämnden redovisar ett överskott om 16,2 miljoner kronor.",
        "Nämnden redovisar ett överskott om 18,2 miljoner kronor. Intäkterna var 26,7 miljoner kronor.",
        "Nämnden fick 5 038 kronor. Överskottet är 16 175 kronor eller 16,2 och 5,04 miljoner kronor.",
    ],
)
def test_text_that_quotes_too_little_tells_no_unit(words):
    assert [table.unit for table in _result_tables(words)] == [None, None]


@pytest.mark.parametrize(
    ("label", "header", "unit"),
    [
        ("Effektiviseringskrav två procent", "tkr", "tkr"),
        ("Löneökning, en procent", "Effekt helår, tkr", "tkr"),
        ("Löner ändras 1 procent", "Effekt, mnkr", "mnkr"),
        ("Inköp över 100 tkr", "Andel, %", "%"),
        ("Sjukfrånvaro dag 1–14 %", "2021", "%"),
        ("Behöriga elever åk 9 %", "2021", "%"),
        ("Avvikelse, andel (%)", "tkr", "%"),
        ("Hjälpmedel, kostnad tkr", "2021", "tkr"),
        ("Sandåtgång, ton", "2021", "ton"),
        ("Producerat dricksvatten, tusen m³", "2021", "tusen m³"),
        ("Brukningsavgift villa, kr per år", "2021", "kr"),
        ("Elpris, öre per kWh", "2021", "öre/kWh"),
        ("Kostnad HVB kr/inv. 0–20 år", "2021", "kr/invånare"),
    ],
)
def test_a_row_label_names_a_unit_but_does_not_mention_one(label, header, unit):
    text, table = table_of(f"Post\t{header}\tNot", f"{label}\t12,5\t", "Annat\t7\t")
    assert cell_at(text, table, "12,5").unit.name == unit


@pytest.mark.parametrize(
    ("above", "stub", "unit"),
    [
        ("Hushållsavfall (kg per invånare)", "Fraktion", "kg"),
        ("Måltider", "Måltidsmätning, procent nöjda", "%"),
        ("Skolan", "Problematisk frånvaro, antal elever", "antal"),
        ("Väntetid, dagar", "Mottagning", "dagar"),
    ],
)
def test_a_table_is_in_the_unit_that_its_title_or_first_header_states(above, stub, unit):
    text, table = table_of(above, f"{stub}\t2021\t2022", "Restavfall\t198\t176", "Över 50 procent\t12\t14")
    assert {cell_at(text, table, words).unit.name for words in ("176", "14")} == {unit}


def test_a_table_is_in_the_money_that_stands_over_any_of_its_columns_of_labels():
    text, table = table_of(
        "Nämnd\tInvesteringar (tkr)\tBudget 2027\tPlan 2028",
        "Kultur\tUtrustning i badhuset\t1 000\t500",
        "\tValfisken\t1 450\t750",
        "Teknik\tKonstgräsplan\t400\t100",
    )
    assert table.label_columns == 2
    assert cell_at(text, table, "1 450").unit.name == "tkr"


def test_a_share_in_the_table_before_is_none_of_the_next():
    text = "\n".join(
        ("Andel inom garantin, %\t2021\t2022", "Besök\t71\t74", "", "Väntande\t2021\t2022", "Hud\t760\t812")
    )
    first, second = read_tables(text).tables
    assert (first.unit.name, second.unit) == ("%", None)


def test_lines_without_cells_are_sections_that_rows_inherit():
    _, table = table_of(
        "Andel positiva svar i procent\t2021\t2022",
        "Hemtjänst",
        "Sammantaget nöjd\t89\t88",
        "Särskilt boende",
        "Sammantaget nöjd\t80\t79",
    )
    assert paths(table) == [
        ("section", ("Hemtjänst",)),
        ("data", ("Hemtjänst", "Sammantaget nöjd")),
        ("section", ("Särskilt boende",)),
        ("data", ("Särskilt boende", "Sammantaget nöjd")),
    ]


def test_sections_of_goals_stand_over_goal_and_indicator():
    _, table = table_of(
        "Mål\tIndikator\t2021\t2022\tBedömning",
        "Livskraftig kommun\t\t\t\t",
        "1 Fler bostäder\tFärdiga bostäder\t88\t51\tUppfyllt",
        "Trygg uppväxt\t\t\t\t",
        "2 Trygg skola\tTrygga elever, %\t86\t87\tUppfyllt",
        "3 Fritid\tBesök\t86\t87\tUppfyllt",
    )
    assert paths(table)[1] == ("data", ("Livskraftig kommun", "1 Fler bostäder", "Färdiga bostäder"))
    assert [kind for kind, _ in paths(table)] == ["section", "data", "section", "data", "data"]


@pytest.mark.parametrize(
    ("header", "row", "labels"),
    [
        ("Nr\tNämndmål\tIndikator", "1\tHållbart arbetsliv\tSjukfrånvaro, %", 3),
        ("Nr\tNämnd\tÅtgärd", "1\tSocialnämnden\tFärre konsulter", 3),
        ("Nr\tÅtgärd\tAnsvarig", "1\tFärre konsulter\tTove Berg", 2),
    ],
)
def test_what_is_measured_or_done_labels_its_row(header, row, labels):
    other = "2\tTrygg vård\tNöjda brukare" if labels == 3 else "2\tEgna hem\tNils Ek"
    _, table = table_of(f"{header}\t2022\tStatus", f"{row}\t8,5\tGrön", f"{other}\t9,0\tGul")
    assert table.label_columns == labels


def test_a_part_belongs_to_the_sum_in_its_own_unit():
    _, table = table_of(
        "Strukna operationer\t2021\t2022",
        "Strukna inom ett dygn, antal\t702\t934",
        "Andel av planerade, %\t5,1\t6,4",
        "varav brist på vårdplats, antal\t188\t367",
    )
    assert table.rows[-1].labels == ("Strukna inom ett dygn, antal", "varav brist på vårdplats, antal")


def test_school_years_are_no_amounts():
    text, table = table_of("Skola\tÅrskurs\tElever", "Centralskolan\t7–9\t412", "Byskolan\tF–6\t120")
    assert cell_at(text, table, "7–9").values == ()
