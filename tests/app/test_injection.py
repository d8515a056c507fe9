"""Hostile reports and questions: what is stored, answered and exported of them is text, nothing else."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from payloads import ELSEWHERE, FORMATS, NAME, PAYLOADS, sentence

from rapportsvar.app.chart_svg import comparison_svg
from rapportsvar.app.export import Export, csv_file, exported
from rapportsvar.app.export_excel import excel_file
from rapportsvar.app.export_word import word_file
from rapportsvar.config import settings_from
from rapportsvar.engine.contract import answer_json
from rapportsvar.engine.engine import Engine, build
from rapportsvar.engine.reading_view import Tables
from rapportsvar.index.manifest import check_files, read_manifest

BASE = "https://svar.example.se/"
SETTINGS = settings_from({"embedding": {"model": "hash"}, "answering": {"threshold": 0.0}})
TODAY = date(2026, 11, 29)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An index of the hostile report in every format, under a hostile name."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "reports").mkdir()
    for suffix, make in FORMATS.items():
        (folder / "reports" / NAME.format(suffix)).write_bytes(make())
    build([folder / "reports"], folder / "index", SETTINGS)
    return folder


@pytest.fixture(scope="module")
def engine(folder):
    with closing(Engine.open(folder / "index", SETTINGS)) as engine:
        yield engine


def test_every_format_is_read_as_text(engine, folder):
    manifest = read_manifest(folder / "index")
    assert not manifest.failures
    assert set(manifest.sources) == {NAME.format(suffix) for suffix in FORMATS}
    for suffix in ("md", "docx"):
        text = engine.text(NAME.format(suffix))
        assert all(sentence(name) in text for name in PAYLOADS if name != "direction"), suffix
    assert "window.stolen = 1</script> skrevs" not in engine.text(NAME.format("html")).split("Verksamhet")[1]


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_hostile_question_is_words_and_changes_nothing(engine, folder, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    payload = PAYLOADS[name]
    before = engine.search("farligheten").facets
    for asked in (payload, f"Varför ökade farligheten {payload}?", f"Hur mycket kostade {payload} 2022?"):
        answer = engine.ask(asked, [payload, asked])
        assert answer.question == asked
        engine.search(asked)
        engine.series(payload)
        engine.compare(payload)
    assert engine.search("farligheten").facets == before
    check_files(folder / "index", read_manifest(folder / "index"), contents=True)
    assert not list(tmp_path.iterdir())
    assert not list(folder.rglob("stolen"))
    assert not Path("stolen").exists()


@pytest.fixture(scope="module")
def export(engine):
    tables = Tables(engine)
    hits = engine.search(" ".join(["farligheten", *PAYLOADS]), top=200).hits
    assert len(hits) > len(PAYLOADS)
    made = tuple(exported(h, BASE, engine.text, lambda h: tables.excerpt(h, neighbours=0)) for h in hits)
    return Export(PAYLOADS["formula"], made, TODAY)


def test_a_workbook_has_no_formula_and_no_link_elsewhere(export):
    book = load_workbook(io.BytesIO(excel_file(export)))
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert any("HYPERLINK" in str(cell.value) for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}
    links = {cell.hyperlink.target for cell in cells if cell.hyperlink}
    assert links
    assert all(link.startswith(BASE) for link in links)


def test_a_word_document_has_no_link_elsewhere_and_no_field(export):
    document = Document(io.BytesIO(word_file(export)))
    targets = {each.target_ref for each in document.part.rels.values() if each.is_external}
    assert targets
    assert all(target.startswith(BASE) for target in targets)
    xml = document.element.xml
    assert "w:instrText" not in xml
    assert "w:fldSimple" not in xml


def test_no_field_of_a_csv_file_is_a_formula(export):
    rows = list(csv.reader(io.StringIO(csv_file(export).decode("utf-8-sig")), delimiter=";"))
    assert {len(row) for row in rows} == {len(rows[0])}
    fields = [field for row in rows for field in row]
    assert any("HYPERLINK" in field for field in fields)
    assert not [field for field in fields if field[:1] in set("=+-@\t\r\n") and field[:1]]


ODD = {
    "direction": "\u202egnp.exe\u202c \u2066dold\u2069",
    "no width": "kost\u200bnaden för pla\u200dceringar\ufeff",
    "lines": "rad\u2028rad\u2029rad\x85rad\x0brad",
    "escape": "\x1b[2K\x1b]0;titel",
    "half a pair": "halv \ud800 och \udfff",
    "beyond": "\U0010ffff \ufdd0 \uffff",
    "marks": "e" + "\u0301" * 300,
}


@pytest.mark.parametrize("name", ODD)
def test_a_report_with_odd_characters_is_quoted_as_it_is_and_exported(tmp_path, name):
    text = f"# Årsredovisning 2022\n\nPrövstads kommun\n\n## Udda\n\nUdda tecken ökade: {ODD[name]} i höst.\n"
    (tmp_path / "reports").mkdir()
    # Half a pair of surrogates comes in UTF-16, where nothing but its decoder looks at it.
    coding = "utf-16" if name == "half a pair" else "utf-8"
    (tmp_path / "reports/udda.md").write_bytes(text.encode(coding, "surrogatepass"))
    summary = build([tmp_path / "reports"], tmp_path / "index", SETTINGS)
    if name == "half a pair":
        assert "inte text" in summary.failures["udda.md"]
        return
    with closing(Engine.open(tmp_path / "index", SETTINGS)) as engine:
        assert engine.text("udda.md") == text
        (hit, *_) = engine.ask(f"Varför ökade udda tecken {ODD[name]}?").hits
        assert hit.span.of(text) == hit.text
        json.dumps(answer_json(engine.ask("Varför ökade udda tecken?")), ensure_ascii=False).encode("utf-8")
        export = Export(ODD[name], (exported(hit, BASE, engine.text, lambda _: None),), TODAY)
        load_workbook(io.BytesIO(excel_file(export)))
        Document(io.BytesIO(word_file(export)))
        assert csv_file(export).decode("utf-8-sig")


def test_a_file_with_nul_in_it_is_no_text_and_costs_itself_only(tmp_path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports/nul.txt").write_bytes(b"Kostnaden \x00 steg.")
    (tmp_path / "reports/a.txt").write_text("Kostnaden steg med 4 tkr.", encoding="utf-8")
    summary = build([tmp_path / "reports"], tmp_path / "index", SETTINGS)
    assert list(summary.failures) == ["nul.txt"]
    assert list(read_manifest(tmp_path / "index").sources) == ["a.txt"]


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_picture_of_a_chart_holds_words_only(engine, name):
    root = ET.fromstring(comparison_svg(engine.compare(PAYLOADS[name]), TODAY))
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        assert tag not in {"script", "foreignObject", "image", "iframe", "animate", "set", "handler"}
        assert not [key for key in element.attrib if key.lower().startswith("on")]
        assert not [v for v in element.attrib.values() if "javascript:" in v or ELSEWHERE in v]
