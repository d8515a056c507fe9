"""What an answer is completed with, over reports made up here: calculations, disagreements, explanations."""

import json

import pytest

from rapportsvar.config import settings_from
from rapportsvar.engine.contract import answer_json
from rapportsvar.engine.engine import Engine, build

SETTINGS = settings_from({"embedding": {"model": "hash"}, "answering": {"threshold": 0}})

ALMBY_2022 = """\
# Almby kommun
# Årsredovisning 2022, socialnämnden

## Ekonomi

Nettokostnad, tkr\tBokslut 2021\tBudget 2022\tBokslut 2022\tAvvikelse
Placeringar barn\t47 620\t43 500\t52 330\t-8 830
Ekonomiskt bistånd\t28 940\t29 600\t26 870\t2 730

Placeringar av barn drog över budget. Underskottet beror på att fler barn placerades.

## Hemvård

Hemvård, tkr\tBudget 2022\tPrognos 2022\tUtfall 2022
Nattpatrull\t8 100\t8 300\t8 450
Trygghetslarm\t900\t950\t-40

## Personal

Sjukfrånvaro, %\tKvinnor\tMän\tTotalt
Individstöd\t12,4\t10,2\t11,6

## Nyckeltal

Nyckeltal\t2021\t2022
Skyddade vårddygn\t1 536\t1 584
Beviljade färdtjänstresor\t410\t455

Kostnaden för ensamkommande var 4,1 mnkr. Kostnaden för familjerätten var 7,3 mnkr.

## Sammanställning, tkr

Verksamhet\tBokslut 2022
Kostnaden för ensamkommande\t4 123
Kostnaden för familjerätten\t7 912
"""
ALMBY_2023 = """\
# Almby kommun
# Årsredovisning 2023, socialnämnden

## Nyckeltal

Nyckeltal\t2022\t2023
Skyddade vårddygn\t1 584\t1 490
Beviljade färdtjänstresor\t461\t470
Aktualiserade orosanmälningar\t.\t612
"""
BERGA_2022 = """\
# Berga kommun
# Årsredovisning 2022, socialnämnden

## Nyckeltal

Nyckeltal\t2021\t2022
Skyddade vårddygn\t902\t960
Beviljade färdtjänstresor\t33\t38
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("completed")
    for name, text in (("almby22", ALMBY_2022), ("almby23", ALMBY_2023), ("berga22", BERGA_2022)):
        (folder / "reports").mkdir(exist_ok=True)
        (folder / "reports" / f"{name}.txt").write_text(text, encoding="utf-8")
    build([folder / "reports"], folder / "index", SETTINGS)
    engine = Engine.open(folder / "index", SETTINGS)
    yield engine
    engine.close()


def asked(engine, question):
    answer = json.loads(json.dumps(answer_json(engine.ask(question))))
    for quoted in [
        *(answer["calculation"] or {}).get("terms", []),
        *(answer["disagreement"] or {}).get("cells", []),
    ]:
        text = engine.text(quoted["source"])[quoted["start"] : quoted["end"]]
        assert " ".join(text.split()) == quoted["text"]
        places = {(h["source"], c["start"], c["end"]) for h in answer["hits"] for c in h["cells"]}
        assert (quoted["source"], quoted["start"], quoted["end"]) in places
    return answer


def written(calculation):
    return calculation["text"].replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("question", "sum_", "result", "unit"),
    [
        (
            "Hur mycket ökade kostnaden för placeringar av barn från 2021 till 2022 i Almby?",
            "52 330 tkr (Bokslut 2022) − 47 620 tkr (Bokslut 2021) = 4 710 tkr (+9,9 %)",
            4710,
            "tkr",
        ),
        (
            "Hur mycket minskade ekonomiskt bistånd mellan 2021 och 2022 i Almby?",
            "26 870 tkr (Bokslut 2022) − 28 940 tkr (Bokslut 2021) = −2 070 tkr (−7,2 %)",
            -2070,
            "tkr",
        ),
        (
            "Hur mycket skiljer sjukfrånvaron mellan män och kvinnor inom individstöd i Almby?",
            "12,4 % (Kvinnor) − 10,2 % (Män) = 2,2 procentenheter",
            2.2,
            "procentenheter",
        ),
        (
            "Hur stor är skillnaden mellan budget och utfall för nattpatrullen i hemvården i Almby?",
            "8 100 tkr (Budget 2022) − 8 450 tkr (Utfall 2022) = −350 tkr",
            -350,
            "tkr",
        ),
        (
            "Hur mycket skiljer prognos och utfall för nattpatrullen i Almby?",
            "8 300 tkr (Prognos 2022) − 8 450 tkr (Utfall 2022) = −150 tkr",
            -150,
            "tkr",
        ),
        (
            "Hur mycket dyrare än budgeterat blev nattpatrull i hemvård i Almby?",
            "8 450 tkr (Utfall 2022) − 8 100 tkr (Budget 2022) = 350 tkr",
            350,
            "tkr",
        ),
        (
            "Hur många fler skyddade vårddygn var det 2022 än 2021 i Almby?",
            "1 584 (2022) − 1 536 (2021) = 48 (+3,1 %)",
            48,
            "",
        ),
        (
            "Hur mycket skiljer skyddade vårddygn 2022 mellan Almby och Berga?",
            "1 584 (Almby) − 960 (Berga) = 624",
            624,
            "",
        ),
        (
            "Hur mycket minskade skyddade vårddygn från 2021 till 2023 i Almby?",
            "1 490 (2023) − 1 536 (2021) = −46 (−3,0 %)",
            -46,
            "",
        ),
    ],
)
def test_a_difference_is_worked_out_from_quoted_cells(engine, question, sum_, result, unit):
    answer = asked(engine, question)
    made = answer["calculation"]
    assert written(made).partition(": ")[2] == sum_
    assert (made["kind"], made["result"], made["unit"].replace("antal", "")) == ("difference", result, unit)
    assert made["text"] in answer["answer"]
    quoted = {(term["source"], term["start"]) for term in made["terms"]}
    first = [h for h in answer["hits"] if any((h["source"], c["start"]) in quoted for c in h["cells"])]
    for hit in first:
        own = sum(source == hit["source"] and hit["start"] <= start < hit["end"] for source, start in quoted)
        assert {(hit["source"], cell["start"]) for cell in hit["cells"][:own]} <= quoted


def test_a_deviation_that_the_report_states_is_quoted(engine):
    answer = asked(engine, "Hur stor är skillnaden mellan budget och utfall för placeringar av barn i Almby?")
    assert answer["calculation"] is None
    row = next(h for h in answer["hits"] if h["cells"])
    assert [cell["value"] for cell in row["cells"]] == ["-8 830", "43 500", "52 330"]


@pytest.mark.parametrize(
    "question",
    [
        "Hur mycket ökade aktualiserade orosanmälningar från 2022 till 2023 i Almby?",
        "Hur mycket skiljer sjukfrånvaron mellan 2021 och 2022 för individstöd i Almby?",
        "Hur mycket ökade skyddade vårddygn från 2015 till 2022 i Almby?",
        "Hur många skyddade vårddygn var det 2022 i Almby?",
        "Varför ökade kostnaden för placeringar av barn 2022?",
        "Vad kostade nattpatrullen 2022?",
    ],
)
def test_nothing_is_worked_out_where_a_term_is_missing_or_nothing_is_compared(engine, question):
    assert asked(engine, question)["calculation"] is None


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "Hur många beviljade färdtjänstresor var det 2022 i Almby?",
            "Rapporterna anger olika siffror för Beviljade färdtjänstresor, 2022: {}.",
        ),
        (
            "Vad blev kostnaden för familjerätten 2022 i Almby?",
            "Rapporten anger olika siffror för Kostnaden för familjerätten, 2022: {}.",
        ),
    ],
)
def test_places_that_disagree_are_both_shown(engine, question, text):
    answer = asked(engine, question)
    told = answer["disagreement"]
    assert told is not None
    start, end = text.split("{}")
    assert told["text"].startswith(start)
    assert told["text"].endswith(end)
    assert all(cell["text"] in told["text"] for cell in told["cells"])
    assert told["text"] in answer["answer"]
    assert len({(cell["source"], cell["start"]) for cell in told["cells"]}) == 2


@pytest.mark.parametrize(
    "question",
    [
        "Vad blev kostnaden för ensamkommande 2022 i Almby?",
        "Hur många skyddade vårddygn var det 2022 i Almby?",
        "Hur många beviljade färdtjänstresor var det 2022 i Berga?",
        "Hur många beviljade färdtjänstresor var det 2021 i Almby?",
    ],
)
def test_rounding_other_periods_and_other_owners_are_no_disagreement(engine, question):
    assert asked(engine, question)["disagreement"] is None


def test_a_row_hit_offers_where_it_is_explained(engine):
    answer = asked(engine, "Vad kostade placeringar barn 2022 enligt bokslut i Almby?")
    row = next(h for h in answer["hits"] if h["kind"] == "row")
    place = row["explanation"]
    quote = engine.text(place["source"])[place["start"] : place["end"]]
    assert quote.endswith("Underskottet beror på att fler barn placerades.")
    assert [h for h in answer["hits"] if h is not row and h["explanation"]] == []


def test_a_row_without_an_explanation_offers_none(engine):
    answer = asked(engine, "Vad kostade nattpatrullen 2022 i Almby?")
    assert answer["hits"][0]["kind"] == "row"
    assert answer["hits"][0]["explanation"] is None
