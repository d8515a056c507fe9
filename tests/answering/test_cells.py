"""Which cells of a row answer, on a table of one row written by hand."""

from datetime import date

import pytest

from rapportsvar.answering.cells import cell_answer, label_span, narrowed, pick_cells
from rapportsvar.model import Cell, Measured, Period, QuestionKind, Row, RowKind, Span, Table, Unit
from rapportsvar.retrieval.question import Understood
from rapportsvar.swedish.periods import find_periods
from rapportsvar.swedish.words import Analyzer

ANALYZER = Analyzer()


def table(headers, values, numbers):
    """A table of one row; the first column labels it."""
    text, cells, at = "", [], 0
    for column, (header, value, number) in enumerate(zip(headers, values, numbers, strict=True)):
        text += ("\t" if column else "") + value
        at = len(text) - len(value)
        path = (header,) if header else ()
        unit = Unit("tkr", "header") if number is not None else None
        row_path = (values[0],) if column else ()
        given = (number,) if number is not None else ()
        cells.append(Cell(Span(at, at + len(value)), column, row_path, path, unit, given))
    row = Row(Span(0, len(text)), RowKind.DATA, tuple(cells), (values[0],))
    columns = tuple((header,) for header in headers)
    return Table(row.span, (row,), columns, section=0), text


ECONOMY = table(
    ["", "Bokslut 2021", "Budget 2022", "Bokslut 2022", "Avvikelse"],
    ["Placeringar barn", "47 620", "50 000", "52 330", "-2 330"],
    [None, 47620.0, 50000.0, 52330.0, -2330.0],
)
SEXES = table(["", "Kvinnor", "Män", "Totalt"], ["Sjukfrånvaro", "9,4", "6,6", "8,4"], [None, 9.4, 6.6, 8.4])
NATION = table(["", "Kommunen", "Riket"], ["Behöriga lärare", "81", "78"], [None, 81.0, 78.0])
WORDS = table(
    ["", "Status", "Kommentar"],
    ["Öppna familjecentral", "Pågår", "Lokaler saknas, och starten skjuts därför till hösten."],
    [None, None, None],
)


def asked(question, kind=QuestionKind.HOW_MUCH, **known):
    return Understood(
        question=question,
        standalone=question,
        searched=question,
        language="sv",
        kinds={kind: 1.0} if kind else {},
        terms=tuple(ANALYZER.terms(question)),
        concepts=(),
        reports=frozenset(),
        **known,
    )


def picked(made, question, kind=QuestionKind.HOW_MUCH, period=None, **known):
    whole, text = made
    understood = asked(question, kind, **known)
    cells = pick_cells(whole, whole.rows[0], text, understood, ANALYZER, period=period)
    return [cell.span.of(text) for cell in cells]


@pytest.mark.parametrize(
    ("question", "known", "first"),
    [
        ("Hur mycket kostade placeringar?", {}, "52 330"),
        ("Vad kostade placeringar 2021?", {"years": (2021,)}, "47 620"),
        ("Vad var budgeten?", {"measured": frozenset({Measured.BUDGET})}, "50 000"),
        ("Hur stor är avvikelsen?", {"measured": frozenset({Measured.DEVIATION})}, "-2 330"),
    ],
)
def test_period_and_what_is_measured_choose_the_cell(question, known, first):
    assert picked(ECONOMY, question, **known)[0] == first


def test_a_development_shows_several_years():
    cells = picked(ECONOMY, "Hur har kostnaden utvecklats?", QuestionKind.DEVELOPMENT, years=(2021, 2022))
    assert set(cells) >= {"47 620", "52 330"}


YEARS = table(
    ["", "2019", "2020", "2021", "Prognos 2021"],
    ["Hushåll", "211", "236", "198", "190"],
    [None, 211.0, 236.0, 198.0, 190.0],
)


@pytest.mark.parametrize(
    ("question", "known", "values"),
    [
        ("Hur har hushållen utvecklats?", {}, ["211", "236", "198", "190"]),
        ("Hur har hushållen utvecklats sedan 2020?", {"years": (2020,)}, ["236", "198", "190"]),
        (
            "Hur har hushållen utvecklats 2019 till 2021?",
            {"years": (2019, 2021)},
            ["211", "236", "198", "190"],
        ),
    ],
)
def test_a_development_shows_each_step_from_the_first_year_on(question, known, values):
    assert picked(YEARS, question, QuestionKind.DEVELOPMENT, **known) == values


def test_a_development_without_years_is_one_of_outcomes():
    assert picked(ECONOMY, "Hur har kostnaden utvecklats?", QuestionKind.DEVELOPMENT) == ["47 620", "52 330"]


def test_set_against_the_budget_a_row_answers_by_its_deviation():
    assert picked(ECONOMY, "Hur gick det för placeringarna jämfört med budget?")[0] == "-2 330"
    assert picked(ECONOMY, "Hur gick det för placeringarna mot budgeten?")[0] == "-2 330"


@pytest.mark.parametrize(("sex", "value"), [("kvinnor", "9,4"), ("män", "6,6"), ("", "8,4")])
def test_the_sex_that_is_asked_for(sex, value):
    assert picked(SEXES, "Hur hög är sjukfrånvaron?", sex=sex)[0] == value


def test_the_nation_is_shown_to_who_asks_for_it():
    assert picked(NATION, "Hur många lärare är behöriga?")[0] == "81"
    assert picked(NATION, "Hur många lärare är behöriga i riket?")[0] == "78"


def test_why_shows_the_words():
    assert picked(WORDS, "Varför är familjecentralen inte öppen?", QuestionKind.WHY)[0].startswith("Lokaler")


TASK = table(
    ["Åtgärd", "Effekt 2023, tkr", "Ansvarig", "Senast", "Status"],
    ["Sammanslagna nattbilar", "900", "Områdeschef Veronika Lund", "2023-06-30", "Pågår"],
    [None, 900.0, None, None, None],
)
PLAN = table(["", "2024", "2025", "2026"], ["Ny ismaskin", "2 100", "0", "0"], [None, 2100.0, 0.0, 0.0])
FORECASTS = table(
    ["", "Avvikelse föreg. prognos", "Prognos mars", "Prognos april", "Avvikelse helår"],
    ["Hemtjänst", "-900", "36 150", "42 450", "-6 300"],
    [None, -900.0, 36150.0, 42450.0, -6300.0],
)
CLUB = table(["", "Barn per årsarbetare", "Inskrivna"], ["Fritidshemmet", "29,5", "351"], [None, 29.5, 351.0])


@pytest.mark.parametrize(
    ("question", "kind", "first"),
    [
        ("Vem ansvarar för nattbilarna?", QuestionKind.WHO, "Områdeschef Veronika Lund"),
        ("När ska nattbilarna vara sammanslagna?", QuestionKind.WHEN, "2023-06-30"),
        ("Hur går det med nattbilarna?", QuestionKind.STATUS, "Pågår"),
        ("Är nattbilarna sammanslagna?", QuestionKind.YES_NO, "Pågår"),
        ("Hur mycket sparas på nattbilarna?", QuestionKind.HOW_MUCH, "900"),
    ],
)
def test_the_kind_of_question_chooses_the_column(question, kind, first):
    assert picked(TASK, question, kind)[0] == first


@pytest.mark.parametrize(
    ("made", "question", "known", "first"),
    [
        (PLAN, "Hur mycket har avsatts till ismaskinen?", {}, "2 100"),
        (FORECASTS, "Vad var marsprognosen?", {"measured": frozenset({Measured.FORECAST})}, "36 150"),
        (FORECASTS, "Hur mycket sprack hemtjänsten?", {}, "-6 300"),
        (FORECASTS, "Vad blir avvikelsen?", {"measured": frozenset({Measured.DEVIATION})}, "-6 300"),
        (CLUB, "Hur många barn går på fritidshemmet?", {}, "351"),
        (CLUB, "Hur många barn per årsarbetare har fritidshemmet?", {}, "29,5"),
        (ECONOMY, "Vad hade man räknat med för placeringar?",
         {"measured": frozenset({Measured.FORECAST})}, "50 000"),
    ],
)  # fmt: skip
def test_what_is_no_answer_stands_back(made, question, known, first):
    assert picked(made, question, **known)[0] == first


LONG = (
    "Två värdar arbetar kvällstid på torget. Störningarna har gått ned från 83 till 37 anmälningar. "
    "Arbetet leds av kuratorn Minna Savander. Det fortsätter nästa år med hyresgästföreningen som arrangör."
)


@pytest.mark.parametrize(
    ("question", "kind", "sentence"),
    [
        ("Hur många anmälningar om störningar är det?", QuestionKind.HOW_MUCH, "från 83 till 37"),
        ("Vem leder arbetet?", QuestionKind.WHO, "Minna Savander"),
    ],
)
def test_of_a_long_cell_the_sentence_that_answers_is_lit(question, kind, sentence):
    whole, text = table(["", "Kommentar"], ["Ekbacken", LONG], [None, None])
    understood = asked(question, kind)
    cell = pick_cells(whole, whole.rows[0], text, understood, ANALYZER)[0]
    lit = narrowed(cell, text, understood, ANALYZER).span
    assert sentence in lit.of(text)
    assert lit.length_chars < 80
    assert cell.span.contains(lit)


def test_a_short_cell_is_lit_whole():
    whole, text = WORDS
    cell = whole.rows[0].cells[2]
    assert narrowed(cell, text, asked("Varför?", QuestionKind.WHY), ANALYZER) == cell


def test_a_row_of_labels_alone_has_no_cells():
    labels = table(["", "Utfall"], ["Barn", ""], [None, None])
    assert picked(labels, "Hur många barn?") == []


def test_a_cell_is_shown_with_labels_headers_and_unit():
    whole, text = ECONOMY
    shown = cell_answer(whole.rows[0].cells[3], text)
    assert (shown.row, shown.column, shown.value, shown.unit) == (
        "Placeringar barn",
        "Bokslut 2022",
        "52 330",
        "tkr",
    )
    assert shown.span.of(text) == "52 330"
    assert label_span(whole, whole.rows[0]).of(text) == "Placeringar barn"


STAFF = table(
    ["", "Platser", "Årsarbetare", "Budget 2023", "Bokslut 2022"],
    ["Gläntan", "18", "21,5", "17 900", "17 200"],
    [None, 18.0, 21.5, 17900.0, 17200.0],
)
MONTHS = table(
    ["", "Utfall jan–aug", "Prognos", "Avvikelse"],
    ["Gator", "8 310", "12 640", "-340"],
    [None, 8310.0, 12640.0, -340.0],
)
YEAR_2023 = Period(date(2023, 1, 1), date(2023, 12, 31))
UNTIL_AUGUST = Period(date(2023, 1, 1), date(2023, 8, 31))


def times(question):
    mentions = tuple(find_periods(question))
    spans = tuple(mention.span for mention in mentions)
    return {
        "choosing": spans,
        "periods": mentions,
        "years": tuple(m.period.year for m in mentions if m.period),
    }


def test_a_column_without_a_year_is_of_the_reports_own():
    question = "Hur många årsarbetare har Gläntan 2023?"
    assert picked(STAFF, question, period=YEAR_2023, **times(question)) == ["21,5"]
    # Of a year that the report is not about, only a column of that year can tell.
    question = "Hur mycket fick Gläntan 2022?"
    assert picked(STAFF, question, period=YEAR_2023, **times(question)) == ["17 200"]


def test_a_month_that_the_report_ends_in_chooses_no_column():
    question = "Vilken prognos har gator i augusti 2023?"
    known = {"measured": frozenset({Measured.FORECAST}), **times(question)}
    assert picked(MONTHS, question, period=UNTIL_AUGUST, **known) == ["12 640"]


def test_over_the_budget_is_a_deviation():
    question = "Hur mycket över budget gick gator?"
    known = {"measured": frozenset({Measured.BUDGET, Measured.OUTCOME})}
    assert picked(MONTHS, question, period=UNTIL_AUGUST, **known) == ["-340"]


GOAL = table(
    ["", "Utfall 2022", "Mål 2023", "Bedömning"],
    ["Elever som trivs, %", "88", "92", "Delvis uppfyllt"],
    [None, 88.0, 92.0, None],
)
HOMES = table(
    ["", "Platser", "Beläggning, %", "Barn per avdelning"],
    ["Björken", "40", "97", "15"],
    [None, 40.0, 97.0, 15.0],
)
BUILDING = table(["", "Budget 2023", "Klart"], ["Gångväg", "6 200", "nov 2023"], [None, 6200.0, None])


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Nåddes målet om trivsel?", QuestionKind.YES_NO),
        ("Klarade skolan målet om trivsel?", QuestionKind.YES_NO),
        ("Hur bedöms målet om trivsel?", QuestionKind.STATUS),
        ("Hur går det med målet om trivsel?", QuestionKind.STATUS),
        ("Gick det bra för målet om trivsel?", QuestionKind.YES_NO),
    ],
)
def test_whether_a_target_is_reached_is_no_question_of_how_high_it_is(question, kind):
    known = {"measured": frozenset({Measured.TARGET})}
    assert picked(GOAL, question, kind, **known)[0] == "Delvis uppfyllt"
    assert picked(GOAL, "Hur högt är målet?", **known) == ["92"]


def test_a_share_is_asked_for_by_the_name_of_what_it_is_of():
    assert picked(HOMES, "Björken beläggning", kind=None) == ["97"]
    assert picked(HOMES, "Hur många barn finns det plats för på Björken?") == ["40"]


def test_when_wants_a_date_whatever_kind_of_figure_is_spoken_of():
    known = {"measured": frozenset({Measured.FORECAST})}
    assert picked(BUILDING, "När väntas gångvägen stå klar?", QuestionKind.WHEN, **known)[0] == "nov 2023"


DONE = table(
    ["", "Budget 2024", "Utfall apr", "Färdigt"],
    ["Cykelväg", "6 200", "310", "2025"],
    [None, 6200.0, 310.0, None],
)
SAME = table(
    ["", "Budget", "Utfall", "Utfall jan–aug 2022"],
    ["Hemtjänst", "61 800", "66 700", "60 940"],
    [None, 61800.0, 66700.0, 60940.0],
)
REACHED = table(
    ["", "Utfall 2022", "Utfall 2023", "Mål 2023"],
    ["Trygga besökare", "84", "82", "88"],
    [None, 84.0, 82.0, 88.0],
)


@pytest.mark.parametrize(
    ("question", "kind"),
    [("När är cykelvägen klar?", QuestionKind.WHEN), ("Är cykelvägen byggd?", QuestionKind.YES_NO)],
)
def test_when_it_is_done_stands_in_a_column_of_its_own(question, kind):
    assert picked(DONE, question, kind) == ["2025"]


def test_a_column_of_the_year_before_stands_back_beside_one_of_the_reports_own():
    known = {"measured": frozenset({Measured.OUTCOME})}
    assert picked(SAME, "Vad kostade hemtjänsten?", period=UNTIL_AUGUST, **known) == ["66 700"]
    question = "Vad kostade hemtjänsten 2022?"
    assert picked(SAME, question, period=UNTIL_AUGUST, **known, **times(question)) == ["60 940"]


def test_a_target_that_is_asked_about_is_no_figure_of_how_it_goes():
    known = {"measured": frozenset({Measured.TARGET})}
    assert (
        picked(REACHED, "Hur går det med tryggheten, når man målet?", QuestionKind.STATUS, **known)[0] == "82"
    )
