"""What has chosen the reports is not asked of their passages again; a kind or month that is named chooses."""

import pytest
from small_reports import build_small

from rapportsvar.config import settings_from
from rapportsvar.engine.engine import Engine

REPORT = """# {title}

Fritidsnämnden, {place} kommun

## Simhallen

Simhallen hade {visits} besökare.
"""
REPORTS = [
    ("Mossvik", "Månadsuppföljning mars 2021", 410),
    ("Mossvik", "Delårsrapport januari–augusti 2021", 1450),
    ("Mossvik", "Verksamhetsberättelse 2021", 2100),
    ("Mossvik", "Verksamhetsberättelse 2022", 2300),
    ("Granåker", "Verksamhetsberättelse 2022", 900),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chosen")
    (folder / "reports").mkdir()
    for title, place, visits in ((t, p, v) for p, t, v in REPORTS):
        text = REPORT.format(title=title, place=place, visits=visits)
        (folder / "reports" / f"{place} {title}.md").write_text(text, "utf-8")
    build_small(folder / "reports", folder / "index")
    engine = Engine.open(folder / "index", settings_from({"embedding": {"model": "hash"}}))
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("question", "embedded"),
    [
        ("Hur många besökte simhallen i Mossvik 2021?", "Hur många besökte simhallen?"),
        ("Hur många besökte simhallen?", "Hur många besökte simhallen?"),
        # Granåker has reports of one year only: there the year tells columns and sentences apart.
        ("Hur många besökte simhallen i Granåker 2022?", "Hur många besökte simhallen 2022?"),
        # No report is of 2017: the year stays what is looked for.
        ("Hur många besökte simhallen 2017?", "Hur många besökte simhallen 2017?"),
        (
            "Skiljer sig simhallen i Mossvik från den i Granåker?",
            "Skiljer sig simhallen i Mossvik från den i Granåker?",
        ),
        (
            "Hur många besökte simhallen i Mossvik enligt delårsrapporten?",
            "Hur många besökte simhallen?",
        ),
    ],
)
def test_what_is_compared_with_passages(engine, question, embedded):
    assert engine.understand(question).embedded == embedded


@pytest.mark.parametrize(
    ("question", "visits"),
    [
        ("Hur många besökte simhallen i Mossvik enligt delårsrapporten 2021?", "1450"),
        ("Hur många besökte simhallen i Mossvik enligt verksamhetsberättelsen 2021?", "2100"),
        ("Hur många besökte simhallen i Mossvik till och med mars 2021?", "410"),
        ("Hur många besökte simhallen i Mossvik januari–augusti 2021?", "1450"),
    ],
)
def test_the_report_of_the_kind_or_month_that_is_named_goes_first(engine, question, visits):
    assert visits in engine.ask(question).hits[0].text
