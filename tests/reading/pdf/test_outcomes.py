"""What cannot be read, and what is told of it."""

import pytest
from made import BODY, Made
from PIL import Image

from rapportsvar.errors import EmptyReport, EncryptedReport, NoTextLayer, NotText
from rapportsvar.reading.folder import read_source
from rapportsvar.reading.pdf import ocr, source
from rapportsvar.reading.pdf.image import page_png
from rapportsvar.reading.pdf.source import read_pdf
from rapportsvar.reading.pdf.words import Word


@pytest.fixture
def no_ocr(monkeypatch):
    monkeypatch.setattr(source, "can_read_pictures", lambda: False)


def _scan(made):
    return made.picture(Image.new("RGB", (60, 80), (240, 240, 240)))


def test_a_pdf_is_read_by_its_suffix(tmp_path):
    path = Made().lines(60, 700, BODY).file(tmp_path, "Rapport.PDF")
    assert BODY[0].split()[0] in read_source(path, "Rapport.PDF").text


def test_a_password_is_asked_for(tmp_path):
    path = Made(password="hemligt").lines(60, 700, BODY).file(tmp_path)
    with pytest.raises(EncryptedReport, match="lösenord"):
        read_pdf(path, "rapport.pdf")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!DOCTYPE html><html><body>Sidan finns inte</body></html>", "webbsida"),
        (b"Det har ar ingen rapport alls", "ingen PDF"),
        (b"%PDF-1.7\n trasig", "skadad"),
    ],
)
def test_what_is_no_pdf_is_refused(tmp_path, data, words):
    path = tmp_path / "rapport.pdf"
    path.write_bytes(data)
    with pytest.raises(NotText, match=words):
        read_pdf(path, "rapport.pdf")


def test_a_pdf_that_was_cut_off_is_refused_or_read(tmp_path):
    data = Made().lines(60, 700, BODY).data()
    path = tmp_path / "rapport.pdf"
    path.write_bytes(data[: len(data) // 3])
    with pytest.raises((NotText, EmptyReport)):
        read_pdf(path, "rapport.pdf")


def test_a_scanned_report_is_told_as_such(tmp_path, no_ocr):
    path = _scan(_scan(Made()).page()).file(tmp_path)
    with pytest.raises(NoTextLayer, match="2 sidor"):
        read_pdf(path, "rapport.pdf")


def test_scanned_pages_among_others_are_counted(tmp_path, no_ocr):
    found = read_pdf(_scan(Made().lines(60, 700, BODY).page()).file(tmp_path), "rapport.pdf")
    assert found.warnings == ("1 av 2 sidor är bilder utan text och har inte lästs (s. 2).",)
    assert len(found.pages) == 2


def test_scanned_pages_are_read_where_tesseract_is_there(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "can_read_pictures", lambda: True)
    monkeypatch.setattr(source, "read_picture", lambda page: [Word("Inskannat", 60, 90, 120, 102, 10.0)])
    found = read_pdf(_scan(Made()).file(tmp_path), "rapport.pdf")
    assert found.text.strip() == "Inskannat"
    assert "maskinellt" in found.warnings[0]


@pytest.mark.skipif(not ocr.can_read_pictures(), reason="Tesseract with Swedish data is not installed")
def test_tesseract_reads_a_picture_of_text(tmp_path):
    drawn = Made().lines(60, 700, [words[:60] for words in BODY], size=14, leading=20).data()
    (tmp_path / "bild.png").write_bytes(page_png(drawn, "rapport.pdf", 1, 3.0))
    path = Made().picture(Image.open(tmp_path / "bild.png")).file(tmp_path)
    assert "Kostnaden för placeringar" in read_pdf(path, "rapport.pdf").text


def test_pages_without_anything_are_no_report(tmp_path):
    with pytest.raises(EmptyReport):
        read_pdf(Made().page().file(tmp_path), "rapport.pdf")


def test_a_page_is_drawn_to_scale():
    picture = page_png(Made().lines(60, 700, BODY).data(), "rapport.pdf", 1, 2.0)
    assert picture.startswith(b"\x89PNG")
    with pytest.raises(IndexError):
        page_png(Made().lines(60, 700, BODY).data(), "rapport.pdf", 2, 1.0)
