import csv
import io
from datetime import date

import pytest
from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from rapportsvar.app import texts
from rapportsvar.app.choice import ALL, Choice, key_of
from rapportsvar.app.export import Export, ExportedHit, Piece, csv_file, exported, safe
from rapportsvar.app.export_excel import excel_file
from rapportsvar.app.export_word import word_file
from rapportsvar.config import load_settings
from rapportsvar.engine.engine import Engine
from rapportsvar.engine.reading_view import Tables
from rapportsvar.model import EntryKind, Highlight, Hit, ReportInfo, Span

TODAY = date(2026, 11, 22)
BASE = "https://svar.example.se/rapporter/"
EVIL = '=HYPERLINK("http://x.example","klicka")'


def passage(text, *marks, title="Årsredovisning 2022", source="a/b.md"):
    spans = [Span(text.index(m), text.index(m) + len(m)) for m in marks]
    info = ReportInfo(title, "Lindsjö", "socialnämnden", "årsredovisning", "2022", 2022, "2023-02-14", "SN 1")
    lit = tuple(Highlight(s, m) for s, m in zip(spans, marks, strict=True))
    return Hit(1, 1.0, EntryKind.PASSAGE, source, info, ("Ekonomi",), Span(0, len(text)), text, lit)


def written(*hits, asked="Varför?"):
    return Export(asked, tuple(exported(h, BASE, lambda _: "", lambda _: None) for h in hits), TODAY)


@pytest.fixture
def rows(served, hash_index):
    """The hits of the small report, rows among them, as they are exported."""
    engine = Engine.open(hash_index / "index", load_settings())
    tables = Tables(engine)
    hits = engine.search("placeringar öppenvård farligheterna").hits
    yield Export(
        "placeringar",
        tuple(exported(h, BASE, engine.text, lambda h: tables.excerpt(h, neighbours=0)) for h in hits),
        TODAY,
    )
    engine.close()


def cells(content):
    return [
        cell for sheet in load_workbook(io.BytesIO(content), rich_text=True) for row in sheet for cell in row
    ]


def test_csv_is_read_back_with_its_columns_and_link():
    head, row = csv.reader(
        io.StringIO(csv_file(written(passage("Före; svaret är 12.", "svaret är 12."))).decode("utf-8-sig")),
        delimiter=";",
    )
    named = dict(zip(head, row, strict=True))
    assert (named["Kommun"], named["Citat"], named["Markerat"]) == (
        "Lindsjö",
        "svaret är 12.",
        "svaret är 12.",
    )
    assert named["Länk"] == f"{BASE}rapporter?rapport=a%2Fb.md&fran=0&till=19&lys=6-19"
    assert "Hämtad 22 november 2026" in named["Källhänvisning"]


def test_csv_has_byte_order_mark_and_semicolons_for_swedish_excel():
    content = csv_file(written(passage("Text.", "Text.")))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.splitlines()[0].decode("utf-8-sig").split(";") == list(texts.EXPORT_COLUMNS)


@pytest.mark.parametrize(
    "value", ["=1+1", "+46", "-7 250", "@x", "\t=1", " =1", "\r=1", "\ttext", "＝1", "\ufeff=1"]
)
def test_what_a_spreadsheet_takes_for_a_formula_is_prefixed(value):
    assert safe(value).startswith("'")


@given(st.text(max_size=40))
def test_no_value_of_a_csv_file_begins_a_formula(text):
    assert safe(text)[:1] not in {*"=+-@\t\r\n", "＝", "＋", "－", "＠"}


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=60), st.sampled_from(["=", "+", "-", "@", "\t", "\r", ""]))
def test_no_text_in_a_workbook_is_a_formula(text, first):
    hit = passage(f"{first}{text}", title=f"{first}{text}")
    found = cells(excel_file(written(hit, asked=text)))
    assert all(cell.data_type != "f" for cell in found)


def test_formula_in_a_report_stays_text_in_excel():
    hit = passage(f"{EVIL} ökade.", EVIL, title=EVIL)
    sheet = load_workbook(io.BytesIO(excel_file(written(hit))))[texts.EXPORT_SHEET_HITS]
    line = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert line["Rapport"].value == EVIL
    assert line["Rapport"].data_type == "s"
    assert line["Rapport"].quotePrefix
    assert line["Citat"].value == f"{EVIL} ökade."
    assert line["Länk"].hyperlink.target.startswith(BASE)


def test_lit_words_are_marked_in_the_quote_of_a_workbook():
    found = cells(excel_file(written(passage("Före. Svaret är här. Efter.", "Svaret är här."))))
    quote = next(cell.value for cell in found if str(cell.value).startswith("Före."))
    assert [block.text for block in quote if hasattr(block, "font") and block.font.b] == ["Svaret är här."]


def test_row_is_a_table_with_headers_unit_and_numbers_in_excel(rows):
    sheet = load_workbook(io.BytesIO(excel_file(rows)))[texts.EXPORT_SHEET_TABLES]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    at = next(n for n, line in enumerate(lines) if line[0] == "Placeringar")
    assert lines[at][:4] == ["Placeringar", 52330, 45500, -6830]
    assert lines[at - 1][:3] == ["Verksamhet", "Utfall 2022", "Budget 2022"]
    assert any("tkr" in str(line[0]) for line in lines[at - 4 : at])


def test_row_is_a_table_with_headers_in_word(rows):
    document = Document(io.BytesIO(word_file(rows)))
    read = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    assert [["Verksamhet", "Utfall 2022", "Budget 2022", "Avvikelse"],
            ["Placeringar", "52 330", "45 500", "-6 830"]] in read  # fmt: skip
    assert document.tables[0].rows[0]._tr.trPr.find(".//{*}tblHeader") is not None


def test_word_document_is_read_back_with_marked_words_line_and_link():
    document = Document(
        io.BytesIO(word_file(written(passage("Före. Svaret är här. Efter.", "Svaret är här."))))
    )
    read = [paragraph.text for paragraph in document.paragraphs]
    assert read[0] == "Varför?"
    assert "1. Lindsjö kommun · Socialnämnden · Årsredovisning 2022 · Ekonomi" in read
    assert "Före. Svaret är här. Efter." in read
    marked = [
        r.text for p in document.paragraphs for r in p.runs if r.font.highlight_color == WD_COLOR_INDEX.YELLOW
    ]
    assert marked == ["Svaret är här."]
    targets = [relation.target_ref for relation in document.part.rels.values() if relation.is_external]
    assert targets == [f"{BASE}rapporter?rapport=a%2Fb.md&fran=0&till=27&lys=6-20"]


def test_hostile_text_of_a_report_is_text_in_word(rows):
    content = "\n".join(p.text for p in Document(io.BytesIO(word_file(rows))).paragraphs)
    assert "<script>window.stolen = 1</script>" in content
    assert "[klicka här](javascript:window.stolen=1)" in content


@pytest.mark.parametrize("write", [word_file, excel_file, csv_file])
@pytest.mark.parametrize("words", ["\x00\x01\x0b", "\ud800", "\ufffe", "a" * 40_000, "]]>&amp;<w:t>"])
def test_what_a_format_cannot_hold_does_not_stop_the_file(write, words):
    hit = passage(f"Text {words} slut.", words, title=words)
    assert write(written(hit, asked=words))


def test_address_of_an_unknown_server_is_written_out():
    export = Export("x", (exported(passage("Text."), "", lambda _: "", lambda _: None),), TODAY)
    assert export.hits[0].address.startswith("./rapporter?")
    assert "./rapporter?" in "\n".join(p.text for p in Document(io.BytesIO(word_file(export))).paragraphs)


def test_pieces_of_a_quote_are_the_whole_quote():
    one = exported(passage("Ett två tre.", "två"), BASE, lambda _: "", lambda _: None)
    assert isinstance(one, ExportedHit)
    assert one.pieces == (Piece("Ett ", False), Piece("två", True), Piece(" tre.", False))


def choice(keys, count=3):
    hits = tuple(passage(f"Text {n}.", source=f"{n}.md") for n in range(count))
    return Choice(keys, hits, lambda chosen: "./sok?" + ",".join(chosen)), hits


def test_hits_are_chosen_one_by_one_and_all_at_once():
    none, hits = choice(())
    keys = [key_of(hit) for hit in hits]
    assert none.chosen == ()
    assert 'aria-checked="false"' in none.box_of_all()
    assert f'href="./sok?{keys[1]}"' in none.box(hits[1])
    some, _ = choice((keys[0], keys[1]))
    assert 'aria-checked="mixed"' in some.box_of_all()
    assert f'href="./sok?{ALL}"' in some.box(hits[2])
    every, _ = choice((ALL,))
    assert every.chosen == hits
    assert 'aria-checked="true"' in every.box_of_all()
    assert f'href="./sok?{keys[0]},{keys[2]}"' in every.box(hits[1])


def test_key_of_an_earlier_search_chooses_nothing():
    assert choice(("gammal",))[0].chosen == ()
