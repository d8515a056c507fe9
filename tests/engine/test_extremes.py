"""Which row holds the most, and which row is asked for plainly, over a report made up here."""

import pytest

from rapportsvar.config import settings_from
from rapportsvar.engine.engine import Engine, build

SETTINGS = settings_from({"embedding": {"model": "hash"}, "answering": {"threshold": 0}})
REPORT = """\
# Almby kommun
# Årsredovisning 2022, socialnämnden

## Personal

Sjukfrånvaro per enhet, %

Enhet\t2021\t2022
Nattpatrullen\t9,1\t7,4
Korttidshemmet\t8,0\t11,3
Administration\t3,2\t4,6
Familjehem\t6,0\t6,1
Totalt\t7,9\t12,0

## Ekonomi

Driftredovisning per verksamhet, tkr

Verksamhet\tBudget 2022\tBokslut 2022\tAvvikelse
Placeringar\t43 500\t52 330\t-8 830
Bistånd\t29 600\t26 870\t2 730
Familjehem\t9 000\t10 500\t-1 500
Summa nettokostnader\t82 100\t99 700\t-17 600

## Nyckeltal

Nyckeltal\t2021\t2022
Tomställda lägenheter, antal\t12\t14
Sålda lägenheter, antal\t3\t14

Flest besök hade Lekparken, 912 stycken.

## Nämnd

1:e vice ordförande:\tLars Torn
Ordförande:\tGun Hell

## Befolkning

Invånare vid årets slut\t2021\t2022
varav under skolåldern\t1 268\t1 251
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("extremes")
    (folder / "almby.txt").write_text(REPORT, encoding="utf-8")
    build([folder / "almby.txt"], folder / "index", SETTINGS)
    opened = Engine.open(folder / "index", SETTINGS)
    yield opened
    opened.close()


def first(engine, question):
    hit = engine.ask(question).hits[0]
    return hit.text.split("\t")[0].rstrip(":")


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("Vilken enhet har högst sjukfrånvaro?", "Korttidshemmet"),
        ("Var är sjukfrånvaron lägst?", "Administration"),
        ("Vilken enhet hade högst sjukfrånvaro 2021?", "Nattpatrullen"),
        ("Which unit has the highest sick leave?", "Korttidshemmet"),
        ("Vilken verksamhet har störst underskott?", "Placeringar"),
        ("Vilken verksamhet har störst överskott?", "Bistånd"),
    ],
)
def test_the_row_with_the_extreme_is_first_and_no_sum_is(engine, question, row):
    assert first(engine, question) == row


def test_the_answer_names_the_row_and_its_number_alone(engine):
    assert engine.ask("Vilken enhet har högst sjukfrånvaro?").text == "Korttidshemmet, 2022: 11,3 %"


@pytest.mark.parametrize(
    "question",
    [
        "Hur hög är sjukfrånvaron?",
        "Varför har Nattpatrullen högst sjukfrånvaro?",
        "Vilket år var sjukfrånvaron högst?",
        "Vilken enhet har minst 3 procent sjukfrånvaro?",
        "Vilken verksamhet har flest placeringar i bokslut?",
    ],
)
def test_what_asks_for_no_extreme_among_rows_is_left_as_it_is(engine, question):
    understood = engine.understand(question)
    ranked = engine.retriever.retrieve(understood)
    hits = engine.hit_maker.make(ranked, understood, 10)
    assert engine._extremes.put_first(hits, ranked, understood) is None


def test_rows_that_share_the_extreme_are_none(engine):
    question = "Vilka lägenheter var flest i antal 2022?"
    understood = engine.understand(question)
    ranked = engine.retriever.retrieve(understood)
    assert (
        engine._extremes.put_first(engine.hit_maker.make(ranked, understood, 10), ranked, understood) is None
    )


def test_hits_keep_their_number_and_are_ranked_anew(engine):
    answer = engine.ask("Vilken enhet har högst sjukfrånvaro?", top=4)
    assert [hit.rank for hit in answer.hits] == [1, 2, 3, 4]
    assert len({(hit.source, hit.span) for hit in answer.hits}) == 4


def test_the_row_that_says_just_what_is_asked_goes_before_one_that_says_more(engine):
    assert first(engine, "Vem är ordförande i Almby?") == "Ordförande"
    assert first(engine, "Vem är 1:e vice ordförande i Almby?") == "1:e vice ordförande"
