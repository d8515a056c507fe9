"""Figures of small tables and of sentences, and the law that each stands where it says."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapportsvar.index.entries import entries_of
from rapportsvar.index.figures.collect import figures_of
from rapportsvar.index.figures.measures import clean_label, is_generic, measure_of
from rapportsvar.model import Measured, Source
from rapportsvar.structure.build import build_report
from rapportsvar.swedish.numbers import parse_values
from rapportsvar.swedish.periods import months, year_period

ROOT = Path(__file__).parents[2]
REPORTS = [
    *sorted(path for path in (ROOT / "corpus").glob("*/*.*") if path.suffix in {".md", ".txt"}),
    *sorted((ROOT / "../shared/corpus").resolve().glob("*.txt")),
]
HEAD = "# Lindsjö kommun\n# Delårsrapport augusti 2021, socialnämnden\n\n"


def figures(text):
    return figures_of(build_report(Source("a.md", HEAD + text, "")))


def table(*rows, heading="## Driftredovisning, tkr\n\n"):
    return heading + "\n".join("\t".join(row) for row in rows) + "\n"


ECONOMY = table(
    ("Verksamhet", "Utfall jan–aug 2021", "Budget 2021", "Prognos 2021", "Avvikelse", "Bokslut 2020"),
    ("Placeringar", "31 480", "38 500", "46 900", "-8 400", "41 260"),
    ("Summa", "142 610", "207 000", "213 700", "-6 700", "205 900"),
)


def test_each_column_says_what_its_figures_are():
    found = [f for f in figures(ECONOMY) if f.measure == "Placeringar"]
    assert [(f.value, f.unit, f.period_label, f.measured) for f in found] == [
        (31480.0, "tkr", "januari–augusti 2021", Measured.OUTCOME),
        (38500.0, "tkr", "2021", Measured.BUDGET),
        (46900.0, "tkr", "2021", Measured.FORECAST),
        (-8400.0, "tkr", "2021", Measured.DEVIATION),
        (41260.0, "tkr", "2020", Measured.ACCOUNTS),
    ]
    assert found[3].against is Measured.FORECAST
    assert {found[2].as_of, found[3].as_of} == {months(2021, 8, 8)}
    assert (found[0].row_label, found[0].column_label) == ("Placeringar", "Utfall jan–aug 2021")


def test_a_deviation_without_a_forecast_is_that_of_the_outcome():
    rows = ("Verksamhet", "Utfall 2020", "Budget 2020", "Avvikelse"), ("Barn", "10", "8", "-2")
    deviation = figures(table(*rows))[-1]
    assert (deviation.measured, deviation.against) == (Measured.DEVIATION, Measured.OUTCOME)
    assert deviation.period == year_period(2020)


@pytest.mark.parametrize(
    ("header", "period", "measured"),
    [
        ("Delår 202108", months(2021, 1, 8), Measured.OUTCOME),
        ("Prognos mars 2021", year_period(2021), Measured.FORECAST),
        ("Budget 31/8", months(2021, 1, 8), Measured.BUDGET),
        ("Målvärde", year_period(2021), Measured.TARGET),
        ("Mål 2022", year_period(2022), Measured.TARGET),
        ("Redovisat samma period föregående år", None, Measured.OUTCOME),
        ("Läsåret 2020/21", months(2020, 7, 6, 2021), Measured.OTHER),
        ("2019", year_period(2019), Measured.OTHER),
    ],
)
def test_headers(header, period, measured):
    found = figures(
        table(("Mått", header, "Kommentar"), ("Antal barn", "12", "x"), ("Antal unga", "14", "y"))
    )
    assert found[0].measured is measured
    if period:
        assert found[0].period == period


def test_sexes_of_columns_of_labels_and_of_a_row_of_their_own():
    by_column = figures(
        table(("Mått", "Utfall kvinnor 2021", "Utfall män 2021"), ("Sjukfrånvaro, %", "9,4", "6,6"))
    )
    assert [(f.sex, f.unit, f.measure) for f in by_column] == [
        ("kvinnor", "%", "Sjukfrånvaro"),
        ("män", "%", "Sjukfrånvaro"),
    ]
    rows = (
        ("Enhet", "2020", "2020"),
        ("", "Kvinnor", "Män"),
        ("Barn och familj", "7,9", "4,1"),
        ("LSS", "9,4", "6,6"),
    )
    by_row = figures(table(*rows, heading="## Sjukfrånvaro i procent\n\n"))
    assert {(f.sex, f.value) for f in by_row} == {
        ("kvinnor", 7.9),
        ("män", 4.1),
        ("kvinnor", 9.4),
        ("män", 6.6),
    }
    assert by_row[0].measure.startswith("Sjukfrånvaro")
    assert by_row[0].unit == "%"


def test_a_label_that_says_nothing_takes_the_heading():
    rows = ("Konto", "Utfall 2020", "Budget 2020"), ("Intäkter", "20 195", "22 867"), ("Löner", "5", "6")
    found = figures(table(*rows, heading="## Praktiska verksamheter\n\n"))
    assert [f.measure for f in found[::2]] == ["Praktiska verksamheter › Intäkter", "Löner"]


def test_two_numbers_of_a_cell_are_two_figures():
    found = figures(
        table(("Mått", "2018", "2019"), ("Sjukfrånvaro", "1,7/6,3", "2,1"), ("Oms", "1,0/2,0", "3"))
    )
    assert [(f.value, f.part) for f in found[:3]] == [(1.7, 1), (6.3, 2), (2.1, 0)]


def test_an_amount_that_a_cell_begins_with_is_cited_alone():
    words = "25 % av tiden ska gå till klientarbete"
    text = HEAD + table(("Mått", "2020", "Målvärde"), ("Tid", "15 %", words), ("Andel", "8 %", "9 %"))
    found = figures_of(build_report(Source("a.md", text, "")))
    assert {f.span.of(text) for f in found} <= {"15 %", "25 %", "8 %", "9 %"}


def test_investments_are_told_apart():
    rows = ("Objekt", "Budget, tkr", "Utfall, tkr"), ("Skola", "900", "1 120"), ("Summa", "900", "1 120")
    assert all(f.investment for f in figures(table(*rows, heading="## Investeringar\n\n")))


@pytest.mark.parametrize(
    ("sentence", "measure", "value", "unit", "measured"),
    [
        ("Sjukfrånvaron var 8,4 procent till och med augusti.", "Sjukfrånvaron", 8.4, "%", Measured.OUTCOME),
        (
            "Helårsprognosen visar ett underskott om 7,6 miljoner kronor.",
            "Hemtjänst › Underskott",
            7.6,
            "mnkr",
            None,
        ),
        (
            "Prognosen är ett överskott på 2 400 tkr.",
            "Hemtjänst › Överskott",
            2400.0,
            "tkr",
            Measured.DEVIATION,
        ),
        (
            "Kostnaden för placeringar uppgick till 4 710 tkr.",
            "Kostnaden för placeringar",
            4710.0,
            "tkr",
            None,
        ),
    ],
)
def test_an_amount_tied_to_its_subject(sentence, measure, value, unit, measured):
    (found,) = figures(f"## Hemtjänst\n\n{sentence}\n")
    assert (found.measure, found.value, found.unit) == (measure, value, unit)
    assert measured in (None, found.measured)
    assert found.period.year == 2021


@pytest.mark.parametrize(
    "sentence",
    [
        "Det kostade 4 710 tkr.",
        "Kostnaden ökade med 300 tkr.",
        "Kostnaden för skolskjuts 2019 och 2020 var 4 710 tkr.",
        "Sjukfrånvaron var 2 procentenheter lägre.",
        "Vi köpte in 12 bilar för 300 tkr.",
        "Ökningen av kostnaden är 300 tkr.",
    ],
)
def test_an_amount_that_is_not_surely_of_a_measure_is_left_out(sentence):
    assert figures(f"## Hemtjänst\n\n{sentence}\n") == ()


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.name)
def test_every_figure_stands_where_it_says(path):
    text = path.read_text(encoding="utf-8")
    found = figures_of(build_report(Source(path.name, text, "")))
    assert len(found) > 50
    for figure in found:
        values = parse_values(figure.span.of(text))
        assert figure.value == values[max(0, figure.part - 1)]
        assert figure.row.contains(figure.span)
        assert figure.measure
        assert figure.period is None or figure.period.first <= figure.period.last


def test_the_five_reports_are_there():
    if not any("shared" in path.parts for path in REPORTS):
        pytest.skip("the shared corpus is not beside this checkout")
    assert len([path for path in REPORTS if "shared" in path.parts]) == 5


numbers = st.integers(-9_999_999, 9_999_999).map(lambda n: f"{n:,}".replace(",", " "))


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=6))
@settings(max_examples=30, deadline=None)
def test_any_table_of_numbers_comes_back(rows):
    made = [(f"Verksamhet {'abcdefgh'[k]}x", *row) for k, row in enumerate(rows)]
    found = figures(table(("Verksamhet", "Utfall 2020", "Budget 2020"), *made))
    assert [f.value for f in found] == [float(n.replace(" ", "")) for row in rows for n in row]
    assert {f.period for f in found} == {year_period(2020)}


@pytest.mark.parametrize(
    ("label", "clean"),
    [
        ("Sjukfrånvaro, %", "Sjukfrånvaro"),
        ("Placerade barn och unga, antal", "Placerade barn och unga"),
        ("Antal årsarbetare:", "Antal årsarbetare"),
        ("3.1 Driftredovisning (tkr)", "Driftredovisning"),
        ("Tabell 1. Driftredovisning (tkr)", "Driftredovisning"),
        ("Barn i förskolan*", "Barn i förskolan"),
        ("%", "%"),
    ],
)
def test_labels_are_cleaned(label, clean):
    assert clean_label(label) == clean


def test_what_is_generic():
    assert is_generic("Intäkter")
    assert is_generic("Verksamhetens kostnader")
    assert is_generic("varav intäkter")
    assert not is_generic("Förskola")
    assert measure_of(("100", "Politisk verksamhet"), "Drift", heading_says=False) == "Politisk verksamhet"
    assert measure_of(("Summa", "varav kostnader"), "Bistånd", heading_says=False) == (
        "Bistånd › Summa › varav kostnader"
    )


def test_a_report_without_a_period_has_figures_without_one():
    report = build_report(Source("a.md", "# Läget\n\nEnhet\tAntal\nSkola\t12\nHem\t14\n", ""))
    assert {(f.period, f.period_label) for f in figures_of(report)} == {(None, "")}
    assert date.min < date.max


def test_the_first_header_cell_says_what_rows_measure_and_is_found_by():
    text = HEAD + table(
        ("Sjukfrånvaro i % av ordinarie arbetstid", "2020", "2021"),
        ("Kvinnor", "8,6", "8,9"),
        ("Män", "5,4", "5,1"),
        heading="## Personal\n\n",
    )
    report = build_report(Source("a.md", text, ""))
    assert {(f.measure, f.unit) for f in figures_of(report)} == {
        ("Sjukfrånvaro i % av ordinarie arbetstid › Kvinnor", "%"),
        ("Sjukfrånvaro i % av ordinarie arbetstid › Män", "%"),
    }
    labels = {entry.labels for entry in entries_of(report) if entry.row is not None}
    assert "Sjukfrånvaro i % av ordinarie arbetstid › Kvinnor" in labels


@pytest.mark.parametrize(
    "stub", ["Verksamhet", "Nämnd, mnkr", "Verksamhetsområde (tkr)", "Belopp i tkr", "Nr"]
)
def test_a_kind_of_thing_in_the_first_header_cell_names_no_row(stub):
    rows = (stub, "Budget 2021", "Utfall 2021"), ("Hemtjänst", "10", "8"), ("Boende", "5", "4")
    report = build_report(Source("a.md", HEAD + table(*rows), ""))
    assert {f.measure for f in figures_of(report)} == {"Hemtjänst", "Boende"}
    assert {entry.labels for entry in entries_of(report) if entry.row is not None} == {"Hemtjänst", "Boende"}


@pytest.mark.parametrize(
    ("header", "period", "as_of", "against"),
    [
        (("Helårsprognos 2020, avvikelse i tkr", "Mars", "Maj"), 2020, months(2020, 5, 5), "prognos"),
        (("Helårsprognos 2020, avvikelse i tkr", "Mars", "Bokslut"), 2020, None, "utfall"),
        (("Nämnd", "Prognos", "Avvikelse april"), 2021, months(2021, 4, 4), "prognos"),
        (("Nämnd", "Budget", "Prognosavvikelse februari"), 2021, months(2021, 2, 2), "prognos"),
        (("Nämnd", "Prognos augusti", "Skillnad mot budget"), 2021, months(2021, 8, 8), "prognos"),
        (("Nämnd", "Utfall aug", "Prognos", "Avvikelse"), 2021, months(2021, 8, 8), "prognos"),
        (("Nämnd", "Utfall 2021", "Avvikelse"), 2021, None, "utfall"),
    ],
)
def test_whose_and_when_a_deviation_is(header, period, as_of, against):
    rows = [("Skola", *"123"[: len(header) - 1]), ("Vård", *"456"[: len(header) - 1])]
    found = figures(table(header, *rows, heading="## Läget, tkr\n\n"))[len(header) - 2]
    assert (found.measured, found.period, found.as_of) == (Measured.DEVIATION, year_period(period), as_of)
    assert found.against == against


def test_a_year_in_the_section_dates_a_table_and_a_month_in_the_row_its_cells():
    text = "# Ekonomisk uppföljning 2019\n\n## Läget\n\n"
    rows = ("Post", "Belopp, tkr"), ("Hyra", "10"), ("Lön", "8")
    assert {f.period for f in figures(text + table(*rows, heading="### Stängningen\n\n"))} == {
        year_period(2019)
    }
    by_month = ("Månad, mnkr", "Budget", "Utfall 2020"), ("Januari", "57", "58"), ("Februari", "56", "57")
    found = figures(table(*by_month, heading="## Kostnad per månad\n\n"))
    assert [f.period for f in found[:2]] == [months(2021, 1, 1), months(2020, 1, 1)]


def test_counted_deviations_are_no_money_and_sexes_in_a_comment_are_told_apart():
    rows = (
        ("Kontrollmoment", "Resultat", "Avvikelser"),
        ("Attest", "Godkänt", "2 av 150"),
        ("Inköp", "Brister", "7"),
    )
    assert {f.measured for f in figures(table(*rows, heading="## Intern kontroll\n\n"))} == {Measured.OTHER}
    rows = (
        ("Mått", "Utfall 2021", "Kommentar"),
        ("Behöriga", "83,7 %", "Flickor 86,2 procent, pojkar 81,4 procent"),
    )
    found = {f.sex: f.value for f in figures(table(*rows, ("Nöjda", "70 %", "x"), heading="## Mål\n\n"))}
    assert (found["kvinnor"], found["män"]) == (86.2, 81.4)


def test_by_how_much_something_changes_is_no_measure():
    rows = (
        ("Känslighetsanalys", "Förändring", "Effekt, tkr"),
        ("Löner", "en procent", "740"),
        ("Hyror", "två procent", "9"),
    )
    assert {f.measure for f in figures(table(*rows, heading="## Risker\n\n"))} == {
        "Löner › en procent",
        "Hyror › två procent",
    }
