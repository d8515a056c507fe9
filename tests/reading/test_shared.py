"""Real reports in DOCX and HTML, against facts that were read off the files by hand."""

import os
from pathlib import Path

import pytest

from rapportsvar.reading.folder import read_source
from rapportsvar.structure.build import build_report
from rapportsvar.structure.uncovered import uncovered

SHARED = (
    Path(os.environ.get("RAPPORTSVAR_SHARED", Path(__file__).parents[3] / "shared")) / "reports" / "other"
)
DOCX = "norra-mellansverige_socioekonomisk-analys-2022.docx"
HTML = "region-dalarna_kvinnor-och-man.html"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared reports are not beside this checkout")


@pytest.fixture(scope="module")
def analysis():
    return read_source(SHARED / DOCX, DOCX)


@pytest.fixture(scope="module")
def page():
    return read_source(SHARED / HTML, HTML)


def headings(source):
    return [(mark.level, mark.span.of(source.text)) for mark in source.layout.headings]


def test_headings_of_the_document(analysis):
    found = headings(analysis)
    assert len(found) == 32
    assert found[:3] == [
        (1, "1. Inledning"),
        (1, "2. Demografisk bakgrund"),
        (2, "Befolkningssammansättning och befolkningsutveckling i Norra Mellansverige"),
    ]
    assert [title for level, title in found if level == 3][:2] == ["Ungdomar", "Utrikes födda"]


def test_the_one_table_of_the_document(analysis):
    (grid,) = analysis.layout.grids
    lines = grid.span.of(analysis.text).split("\n")
    assert lines[0] == "\tVärmland\tDalarna\tGävleborg\tRiket"
    assert lines[1] == "Antal\t283 196\t288 387\t287 767\t10 452 326"
    assert grid.caption.of(analysis.text).startswith("Tabell 1. Befolkningen 2021")


def test_notes_contents_and_properties_of_the_document(analysis):
    text = analysis.text
    assert len(analysis.layout.furniture) == 33
    assert "⁵ Data saknas för Storfors, Munkfors, Forshaga och Älvdalens kommuner." in text
    assert sum(line[:1] in "¹²³⁴⁵⁶⁷⁸⁹" for line in text.split("\n") if line) >= 30
    assert dict(analysis.properties)["title"] == "Socioekonomisk analys 2022"
    assert any("16 diagram" in warning for warning in analysis.warnings)


def test_headings_of_the_page(page):
    found = headings(page)
    assert len(found) == 24
    assert found[0] == (1, "Kvinnor och män i Dalarna")
    assert found[3:5] == [(1, "1 Utbildning och yrken"), (2, "1.1 Utbildningsnivåer")]
    assert found[-1] == (1, "6 Referenser")


def test_main_text_of_the_page(page):
    text = page.text
    assert len(text) < 60_000  # of 4 MB of file
    assert "- Andelen högutbildade ökar bland både kvinnor och män" in text
    assert "\n15. Försäkringskassans lägesrapport (2024)" in text
    assert "function(" not in text
    assert "base64" not in text
    assert any("45 bilder" in warning for warning in page.warnings)


@pytest.mark.parametrize("name", [DOCX, HTML])
def test_structure_keeps_the_headings_of_the_format_and_covers_all_text(name):
    source = read_source(SHARED / name, name)
    report = build_report(source)
    assert [section.title for section in report.sections[1:]] == [title for _, title in headings(source)]
    assert len(report.tables) == len(source.layout.grids)
    assert uncovered(report) == []
