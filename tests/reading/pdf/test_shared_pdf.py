"""Real reports in PDF, against facts that were read off their pages by eye."""

import json
import os
import re
from functools import cache
from pathlib import Path

import pypdfium2
import pytest

from rapportsvar.errors import NoTextLayer, NotText
from rapportsvar.reading.folder import read_source
from rapportsvar.reading.pdf import ocr
from rapportsvar.structure.build import build_report
from rapportsvar.structure.uncovered import uncovered

SHARED = Path(os.environ.get("RAPPORTSVAR_SHARED", Path(__file__).parents[4] / "shared")) / "reports" / "pdf"
QUESTIONS = Path(__file__).with_name("questions.jsonl")
SCANNED = "skannad-internkontrollrapport-tolkformedling-vast.pdf"
A17 = "alingsas-socialnamnden-manadsuppfoljning-november-2017.pdf"
BUN = "bilaga-ekonomisk-uppfoljning-per-maj-2026-bun.pdf"
BUD = "budgetskrivelse-investeringar-2027-2031.pdf"
KOM = "fordjupad-manadsuppfoljning-2026-alingsas-kommun.pdf"
TEK = "fordjupad-manadsuppfoljning-2026-tekniska-namnden.pdf"
VON = "fordjupad-manadsuppfoljning-2026-vard-och-omsorgsnamnden.pdf"
GEN = "genomlysningen-2026-2027-socialnamnden.pdf"
G22 = "stadsrevisionens_arsredogorelse_2022.pdf"
G23 = "stadsrevisionens_arsredogorelse_2023.pdf"
WITH_TEXT = (A17, BUN, BUD, KOM, TEK, VON, GEN, G22, G23)

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared reports are not beside this checkout")

# Report, page, label of the row (outer label first), beginning of the column's name, value.
CELLS = [
    (A17, 1, "Verksamhetens intäkter", "Budget 2017", "218 033"),
    (A17, 1, "Personalkostnader", "Utfall 201711", "-366 742"),
    (A17, 1, "Köp av tjänster", "Avvikelse helår", "-17 505"),
    (A17, 1, "Övriga kostnader", "Prognos helår", "-71 028"),
    (A17, 1, "Kommunbidrag", "Utfall 201711", "354 336"),
    (A17, 1, "Årets resultat", "Prognos helår", "-45 749"),
    (A17, 1, "Personalkostnader", "IFO", "1 315"),
    (A17, 1, "Lokalhyror", "EKB", "-550"),
    (A17, 1, "Resultat", "Summa", "-45 749"),
    (A17, 3, "SoF/AME › Minskning av befarat", "Bedömd effekt", "4,75 mnkr"),
    (A17, 3, "IFO › Minskning av Home Start", "Bedömd effekt", "0,1 mnkr"),
    (A17, 4, "EKB › Avslutade platser", "Bedömd effekt", "0,5 mnkr"),
    (BUN, 1, "Verksamhetens intäkter", "Avv. prognos", "3 136"),
    (BUN, 1, "Lokalhyror", "Budget 2026", "-155 693"),
    (BUN, 1, "Verksamhetens kostnader", "Prognos helår", "-1 264 583"),
    (BUN, 2, "Intäkter › Förskola", "Prognos 2026", "54 240"),
    (BUN, 2, "Kostnader › Förskola", "Prognos 2026", "-389 855"),
    (BUN, 2, "Intäkter › Summa", "Budget 2026", "1 266 447"),
    (BUN, 2, "Kostnader › Summa", "Avvikelse 2026", "-3 317"),
    (BUN, 2, "Resultat", "Prognos 2026", "5 000"),
    (BUN, 2, "Kostnader › Grundskola", "Budget 2026", "-679 033"),
    (BUN, 3, "Förskola", "Prognos 2026", "2 069"),
    (BUN, 3, "Grundskola åk 1 till 9", "Budget 2026", "4 987"),
    (BUN, 3, "Anpassad grundskola åk 1 till 9", "Avvikelse 2026", "4"),
    (BUD, 4, "1 › P › 6289 › Utrustning uppstart Korsavadsanläggningen", "Budget 2027", "1 000"),
    (BUD, 4, "3 › P › 6012 › Ombyggnad/tillgängliggörande Hafreborg", "Total utgift", "4024"),
    (BUD, 4, "4 › P › 6013 › Tillgängliggörande/digitalisering magasinet", "Plan 2028", "100"),
    (BUD, 4, "5 › N › Tillgängligt museum", "Total utgift", "350"),
    (BUD, 4, "7 › N › Nya lokaler Tobisviksbadet", "Budget 2027", "22 000"),
    (BUD, 4, "13 › N › Bokbuss", "Plan 2029", "4 500"),
    (BUD, 4, "17 › N › Iordningsställande", "Plan 2028", "600"),
    (BUD, 4, "18 › N › Basutställning Österlen", "Plan 2031", "2 000"),
    (BUD, 4, "20 › N › Kulturbuss", "Plan 2028", "3 000"),
    (BUD, 5, "Summa nya enskilda investeringsprojekt", "Plan 2028", "15 975"),
    (BUD, 5, "Summa investeringsbudget", "Total utgift", "71 975"),
    (BUD, 11, "Vilken driftseffekt", "Projektbeskrivning", "100 tkr årligen"),
    (KOM, 2, "Vård- och omsorgsnämnden", "Årsbokslut 2025", "2,0"),
    (KOM, 2, "Barn- och ungdomsnämnden", "Prognos fördjupad", "5,0"),
    (KOM, 2, "Kommunstyrelsen", "Årsbokslut 2025", "-5,0"),
    (KOM, 2, "Summa skattefinansierad verksamhet", "Prognos fördjupad", "5,3"),
    (KOM, 2, "Finansieringen", "Budget 2026", "146,3"),
    (KOM, 2, "Totalt kommunen", "Prognos fördjupad", "230,5"),
    (KOM, 3, "Kultur- och utbildningsnämnden", "Prognos fördjupad", "22,3"),
    (KOM, 3, "Tekniska nämnden", "Budget 2026", "75,7"),
    (KOM, 3, "Kommunstyrelsen", "Budget 2026", "140,8"),
    (KOM, 3, "Avfall", "Prognos fördjupad", "14,8"),
    (KOM, 3, "VA", "Budget 2026", "308,0"),
    (KOM, 3, "Totalt kommunen", "Prognos fördjupad", "462,4"),
    (TEK, 2, "Utdebitering personalkostnader", "Prognos helår", "13 067"),
    (TEK, 2, "Verksamhetens nettokostnader", "Budget 2026", "-85 940"),
    (TEK, 3, "Expansionsinvestering", "Budget 2026", "34 950"),
    (TEK, 3, "Expansionsinvestering › Parkmiljö", "Budget 2026", "5 625"),
    (TEK, 3, "Reinvestering › Parkmiljö", "Avv. prognos", "3 823"),
    (TEK, 3, "Anpassningsinvestering › Parkmiljö", "Prognos helår", "200"),
    (TEK, 3, "Reinvestering › Cykel- och gångbanor", "Avv. prognos", "-1 955"),
    (TEK, 3, "Totala utgifter", "Prognos helår", "75 695"),
    (TEK, 7, "Expansion › Insamling › Nya kärl flerbostadshus", "Budget 2026", "1 000"),
    (TEK, 7, "Reinvestering › Insamling › Containrar ÅVS", "Budget 2026", "900"),
    (TEK, 7, "Reinvestering", "Avv. prognos", "9 250"),
    (TEK, 10, "Reinvestering › Vattenverk", "Avv. prognos", "-1 900"),
    (VON, 2, "Verksamhetens intäkter", "Budget 2026", "217 994"),
    (VON, 2, "Personalkostnader", "Avv. prognos", "-12 576"),
    (VON, 2, "Lokalhyror", "Prognos helår", "-123 648"),
    (VON, 2, "Köp av tjänster", "Budget 2026", "-186 246"),
    (VON, 2, "Övriga kostnader", "Avv. prognos", "3 451"),
    (VON, 2, "Verksamhetens kostnader", "Budget 2026", "-1 235 823"),
    (VON, 2, "Kommunbidrag", "Prognos helår", "1 017 829"),
    (VON, 2, "Finansnetto", "Avv. prognos", "0"),
    (VON, 4, "Inventarier", "Budget 2026", "-4 200"),
    (VON, 4, "Vårdarhjälpmedel", "Prognos helår", "-350"),
    (VON, 4, "El-cyklar", "Budget 2026", "-500"),
    (VON, 4, "Totala utgifter", "Prognos helår", "-5 800"),
    (GEN, 4, "Nettokostnad individ- och familjeomsorg, tkr", "År 2024", "207"),
    (GEN, 4, "Nettokostnad barn och ungdomsvård, kr/inv", "Liknande kommuner 2024", "2 708"),
    (GEN, 5, "Snittkostnad HVB, kr/dygn", "Partille 2025", "5 549"),
    (GEN, 5, "Antal barn och unga placerade på HVB, april", "År 2024", "13"),
    (GEN, 5, "Kostnad HVB för barn och unga", "Liknande kommuner 2024", "3 481"),
    (GEN, 5, "Barn och unga 0–20 år", "Kommungenomsnitt 2024", "9,4 (2024)"),
    (GEN, 5, "Kostnad öppna insatser", "Alingsås 2025", "769"),
    (GEN, 7, "Nettokostnad arbetsmarknadsåtgärder", "Alingsås 2025", "334"),
    (GEN, 7, "Totalt antal avslut", "2024", "161"),
    (GEN, 9, "Invånare 0–20 år", "Alingsås 2025", "1,1 (2024)"),
    (GEN, 9, "Utredningstid i antal dagar", "Kommungenomsnitt 2024", "99"),
    (GEN, 9, "Vuxna biståndsmottagare", "Alingsås 2024", "47"),
]


@cache
def report(name):
    return build_report(read_source(SHARED / name, name))


@cache
def labelled_cells(name):
    """Page, label, column and words of every cell with words in a row of data."""
    found = []
    made = report(name)
    for table in made.tables:
        for row in table.rows:
            page = next(p.number for p in made.source.pages if p.span.start <= row.span.start < p.span.end)
            found += [
                (page, " › ".join(cell.row_path), " ".join(cell.column_path), cell.span.of(made.text))
                for cell in row.cells
                if cell.span.length_chars and row.kind.value in ("data", "total")
            ]
    return found


@pytest.mark.parametrize(("name", "page", "row", "column", "value"), CELLS)
def test_a_cell_has_its_labels(name, page, row, column, value):
    assert any(
        (found_page, words) == (page, value) and label.startswith(row) and header.startswith(column)
        for found_page, label, header, words in labelled_cells(name)
    )


@pytest.mark.parametrize("name", WITH_TEXT)
def test_nothing_of_a_report_is_lost(name):
    assert not uncovered(report(name))


# What runs along the edges of the pages, and may stand in no passage.
RUNNING = {
    A17: r"Besöksadress: Sidenvägen|\d \(4\)$",
    BUN: r"^Ekonomisk uppföljning mars 2026$",
    BUD: r"2026-03-10\.DOCX|SID \d",
    TEK: r"^Fördjupad månadsuppföljning 2026$",
    VON: r"^Fördjupad månadsuppföljning 2026$",
    GEN: r"^Socialnämndens genomlysning 2026–2027$",
    G22: r"Stadsrevisionens årsredogörelse 2022\s*\d*$",
    G23: r"Stadsrevisionens årsredogörelse 2023\s*\d*$",
}


@pytest.mark.parametrize("name", RUNNING)
def test_no_running_header_stands_in_a_passage(name):
    made = report(name)
    said = [passage.span.of(made.text) for passage in made.passages]
    assert [words for words in said if re.search(RUNNING[name], words)] == []


@pytest.mark.parametrize("name", WITH_TEXT)
def test_words_lie_inside_their_boxes(name):
    """PDFium's own text in the box of a word is the word, hyphens, marks and mended letters apart."""
    source = report(name).source
    words = source.words
    missed = checked = 0
    with pypdfium2.PdfDocument(SHARED / name) as document:
        for number in sorted({1, 2, 3, 5, len(document)} & set(range(1, len(document) + 1))):
            page = document[number - 1]
            left, _, _, top = page.get_bbox()
            found = page.get_textpage()
            for place in (words.pages == number).nonzero()[0].tolist():
                x0, y0, x1, y1 = words.boxes[place].tolist()
                inside = found.get_text_bounded(
                    left + x0 + 0.1, top - y1 + 0.1, left + x1 - 0.1, top - y0 - 0.1
                )
                checked += 1
                missed += _letters(source.text[words.starts[place] : words.ends[place]]) not in _letters(
                    inside
                )
    assert checked > 10
    assert missed <= 0.01 * checked


def _letters(text):
    import unicodedata

    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))


def test_a_web_page_named_as_a_pdf_is_told():
    with pytest.raises(NotText, match="webbsida"):
        read_source(SHARED / "trasig-html-sida.pdf", "trasig-html-sida.pdf")


def test_the_scanned_report_is_told_or_read():
    if not ocr.can_read_pictures():
        with pytest.raises(NoTextLayer, match="2 sidor"):
            read_source(SHARED / SCANNED, SCANNED)
        return
    source = read_source(SHARED / SCANNED, SCANNED)
    assert "maskinellt" in source.warnings[0]
    assert "internkontroll" in source.text.lower()


def test_the_questions_are_well_formed():
    asked = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    assert len({each["id"] for each in asked}) == len(asked) >= 60
    for each in asked:
        made = report(each["source"])
        texts = [made.source.pages[page - 1].span.of(made.text) for page in each["pages"]]
        assert each["value"] is None or any(each["value"] in text for text in texts), each["id"]


@pytest.mark.slow
def test_the_right_page_is_among_the_first_three_hits(tmp_path):
    from rapportsvar.engine.engine import Engine, build

    build([SHARED], tmp_path / "index")
    engine = Engine.open(tmp_path / "index")
    asked = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    missed = [
        each["id"]
        for each in asked
        if not any(
            hit.source == each["source"] and hit.page in each["pages"]
            for hit in engine.ask(each["question"], top=3).hits
        )
    ]
    engine.close()
    assert len(missed) <= 0.1 * len(asked), missed
