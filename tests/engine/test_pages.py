"""Pages of reports: pictures, boxes, and hits that know where they stand."""

import io
import shutil

import pytest
from made import BODY, HEIGHT, Made, ruled_table
from PIL import Image

from rapportsvar.engine.engine import Engine, build
from rapportsvar.errors import IndexDamaged, UnknownReport
from rapportsvar.index.embedding.base import HashEncoder
from rapportsvar.index.opened import open_index
from rapportsvar.model import Span

TITLE = "Årsrapport 2023 för socialnämnden i Lindsjö kommun"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sidor")
    reports = folder / "rapporter"
    reports.mkdir()
    drawn = Made().text(60, 760, TITLE, 18, bold=True).lines(60, 700, BODY).page()
    ruled_table(drawn.text(60, 760, "Ekonomi, belopp i tkr", 14, bold=True)).file(reports)
    (reports / "text.txt").write_text("Delårsrapport 2022\n\nKostnaden ökade med 4 mnkr.\n", encoding="utf-8")
    build([reports], folder / "index", encoder=HashEncoder())
    shutil.rmtree(reports)  # the index shows its pages wherever the reports went
    return folder / "index"


@pytest.fixture(scope="module")
def engine(made):
    engine = Engine(open_index(made), HashEncoder())
    yield engine
    engine.close()


def test_pages_have_their_sizes(engine):
    assert [page.number for page in engine.pages("rapport.pdf")] == [1, 2]
    assert engine.pages("rapport.pdf")[0].height == pytest.approx(HEIGHT, abs=0.1)
    assert engine.pages("text.txt") == ()


def test_a_page_is_drawn_at_its_scale(engine):
    picture = Image.open(io.BytesIO(engine.page_image("rapport.pdf", 2, 2.0)))
    assert picture.size[1] == pytest.approx(2 * HEIGHT, abs=2)


def test_a_hit_names_its_page_and_boxes(engine):
    hits = engine.search("varför ökade kostnaden för placeringar").hits
    hit = next(hit for hit in hits if hit.source == "rapport.pdf" and "placeringar" in hit.text)
    assert hit.page == 1
    (box, *_) = hit.boxes
    assert box.x0 == pytest.approx(60, abs=1)
    assert HEIGHT - 712 < box.y0 < box.y1 < HEIGHT - 680


def test_the_box_of_a_cell_lies_in_its_column(engine):
    text = engine.text("rapport.pdf")
    at = text.index("3 380")
    (box,) = engine.boxes("rapport.pdf", Span(at, at + 5))
    assert (box.page, box.x1) == (2, pytest.approx(436, abs=1))


def test_a_report_without_pages_has_no_boxes(engine):
    assert engine.boxes("text.txt", Span(0, 5)) == ()


@pytest.mark.parametrize(("source", "page"), [("rapport.pdf", 3), ("rapport.pdf", 0), ("text.txt", 1)])
def test_a_page_that_is_not_there_is_told(engine, source, page):
    with pytest.raises(UnknownReport, match="ingen sida"):
        engine.page_image(source, page)


def test_a_changed_copy_is_refused(engine, made):
    (kept,) = (made / "files").iterdir()
    data = kept.read_bytes()
    kept.write_bytes(data + b" ")
    try:
        with pytest.raises(IndexDamaged, match="ändrats"):
            engine.page_image("rapport.pdf", 1)
    finally:
        kept.write_bytes(data)


def test_copies_of_reports_that_are_gone_are_taken_away(tmp_path):
    reports = tmp_path / "rapporter"
    reports.mkdir()
    first = Made().lines(60, 700, BODY).file(reports, "a.pdf")
    Made().lines(60, 600, BODY).file(reports, "b.pdf")
    build([reports], tmp_path / "index", encoder=HashEncoder())
    first.unlink()
    build([reports], tmp_path / "index", encoder=HashEncoder())
    (reports / "c.txt").write_text("Delårsrapport 2022\n\nKostnaden ökade.\n", encoding="utf-8")
    build([reports], tmp_path / "index", encoder=HashEncoder())
    assert len(list((tmp_path / "index" / "files").iterdir())) == 1


def test_a_personal_identity_number_is_blackened_in_the_picture_of_its_page(tmp_path):
    lines = [*BODY, "Barnet 811218-9876 placerades i familjehem under hösten."]
    (tmp_path / "rapporter").mkdir()
    Made().text(60, 760, TITLE, 18, bold=True).lines(60, 700, lines).file(tmp_path / "rapporter")
    build([tmp_path / "rapporter"], tmp_path / "index", encoder=HashEncoder())
    engine = Engine(open_index(tmp_path / "index"), HashEncoder())
    text = engine.text("rapport.pdf")
    start = text.index("██████-████")
    (box,) = engine.boxes("rapport.pdf", Span(start, start + 11))
    picture = Image.open(io.BytesIO(engine.page_image("rapport.pdf", 1, 2.0))).convert("L")
    inside = picture.crop(tuple(round(2 * edge) for edge in (box.x0, box.y0, box.x1, box.y1)))
    assert inside.getextrema() == (0, 0)
    above = picture.crop(tuple(round(2 * edge) for edge in (box.x0, box.y0 - 12, box.x1, box.y0 - 2)))
    assert above.getextrema()[1] == 255
    engine.close()
