import pytest
from small_reports import build_small

from rapportsvar.config import settings_from
from rapportsvar.engine.engine import Engine
from rapportsvar.model import Reason


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("named")
    (folder / "reports").mkdir()
    for place in ("Kvarnhede", "Ånäset"):
        text = (
            f"# Delårsrapport 2021\n\nSocialnämnden i {place}\n\n## Ekonomi\n\nKostnaden i {place} ökade.\n"
        )
        (folder / "reports" / f"{len(place)}.md").write_text(text, "utf-8")
    build_small(folder / "reports", folder / "index")
    engine = Engine.open(folder / "index", settings_from({"embedding": {"model": "hash"}}))
    yield engine
    engine.close()


@pytest.mark.parametrize(
    "question",
    [
        "Varför ökade kostnaden i Kvarnhede?",
        "kostnad kvarnhede",
        "kostnad kvarhede",
        "Vad kostade det i Kvarnheda?",
        "Varför ökade Kvarnnhedes kostnad?",
    ],
)
def test_a_name_without_kommun_limits_the_search(engine, question):
    assert len(engine.understand(question).reports) == 1


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("Varför ökade kostnaden i Storköping kommun?", "Storköping"),
        ("varför ökade kostnaden i storköpings kommun", "Storköping"),
        ("Varför ökade kostnaden i Gävle?", "Gävle"),
    ],
)
def test_a_municipality_that_no_report_is_of_is_unknown(engine, question, unknown):
    understood = engine.understand(question)
    assert (understood.reason, understood.unknown) == (Reason.UNKNOWN_MUNICIPALITY, unknown)


@pytest.mark.parametrize(
    "question",
    ["Vilket belopp anges för kostnaden?", "Varför ökade kostnaden i vår kommun?", "i denna kommun"],
)
def test_words_that_look_like_a_municipality_are_none(engine, question):
    assert engine.understand(question).reason is not Reason.UNKNOWN_MUNICIPALITY


@pytest.mark.parametrize("question", ["Varför ökade kostnaden i kvarnen?", "Hur många hedar finns det?"])
def test_other_words_are_not_a_municipality_with_a_slip(engine, question):
    assert engine.understand(question).municipalities == ()
