import numpy as np
import pytest
from small_reports import build_small

from rapportsvar.config import settings_from
from rapportsvar.engine.engine import Engine
from rapportsvar.retrieval.years import speaks_of, year_fit, years_of
from rapportsvar.swedish.periods import find_periods

REPORT = """# Verksamhetsberättelse 2018

Arbetsnämnden, Sundvalla kommun

## Försörjningsstöd

| Hushåll | 2016 | 2017 | 2018 |
|---|---|---|---|
| Antal hushåll med försörjningsstöd | 702 | 718 | 744 |

Antalet hushåll med försörjningsstöd har ökat sedan föregående år.

## Framåt

Statsbidragen minskar, och för 2019 beräknas intäkterna falla med 9,8 mnkr.
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("years")
    (folder / "reports").mkdir()
    (folder / "reports" / "r.md").write_text(REPORT, "utf-8")
    build_small(folder / "reports", folder / "index")
    engine = Engine.open(folder / "index", settings_from({"embedding": {"model": "hash"}}))
    yield engine
    engine.close()


def _fit(engine, question):
    understood = engine.understand(question)
    return year_fit(engine.index, understood, engine.retriever.retrieve(understood))


@pytest.mark.parametrize(
    ("question", "fits"),
    [
        ("antal hushåll försörjningsstöd Sundvalla 2018", True),
        ("Hur många hushåll hade försörjningsstöd 2016?", True),
        ("Hur många hushåll hade försörjningsstöd?", True),
        ("Hur mycket beräknas intäkterna falla 2019?", True),
        ("antal hushåll försörjningsstöd Sundvalla 2019", False),
        ("Hur många hushåll hade försörjningsstöd i Sundvalla 2019?", False),
    ],
)
def test_year_fit_is_high_only_where_the_year_stands_with_what_is_asked(engine, question, fits):
    assert (_fit(engine, question) >= 0.7) is fits


def test_speaks_of_counts_the_reports_own_year_and_the_columns_of_rows(engine):
    places = np.arange(len(engine.index.entries))
    assert speaks_of(engine.index, places, [2018]).all()
    told = speaks_of(engine.index, places, [2016])
    bodies = [engine.index.store.entry(int(key))[1].body for key in engine.index.entries["id"]]
    assert [bool(said) for said in told] == ["2016" in body for body in bodies]


def test_years_of_a_period_over_several_years():
    assert years_of(find_periods("åren 2018–2020")) == {2018, 2019, 2020}
