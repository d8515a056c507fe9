"""Files made to fill memory, disk or time, and names made to lead astray: each costs itself only."""

import os
import socket
import time
import zipfile

import pytest
from making import OFFICE, SHEET, WORD, docx, ods, packed

from rapportsvar.config import ReadingSettings
from rapportsvar.errors import ReadingError, ReportTooLarge
from rapportsvar.index.apart import Apart, Asked
from rapportsvar.index.exchange import PATIENCE
from rapportsvar.index.plan import see
from rapportsvar.model import Report
from rapportsvar.reading.folder import walk
from rapportsvar.structure.passages import PassageSize

SECONDS, MEGABYTES = 120, 3000
"""The bounds that are set unless somebody sets others."""
WORDS = "Kostnaden för placeringar ökade med 2,3 mnkr. "
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 20}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/hostname">'


def read(path, megabytes=MEGABYTES):
    """Read a file as a build does. Returns what came of it, and the seconds."""
    began = time.perf_counter()
    with Apart(ReadingSettings(SECONDS, megabytes, 1), PassageSize()) as apart:
        (outcome,) = apart.read([Asked(path, path.name)])
    return outcome, time.perf_counter() - began


def bomb(part, root, megabytes):
    """A package one of whose parts unpacks to very much."""

    def write(path):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package, package.open(part, "w") as stream:
            stream.write(root.encode())
            for _ in range(megabytes):
                stream.write(b" " * 1_000_000)

    return write


def entities(declared, suffix):
    """A document of which a word is an entity."""

    def write(path):
        words = f"<w:body><w:p><w:r><w:t>&i;{WORDS}</w:t></w:r></w:p></w:body>"
        odt = f"<office:document-content {OFFICE}>&i;</office:document-content>"
        made = {
            ".docx": {"word/document.xml": f"{declared}]><w:document {WORD}>{words}</w:document>"},
            ".odt": {"content.xml": f"{declared}]>{odt}"},
            ".xlsx": {"xl/workbook.xml": f"{declared}]><workbook {SHEET}>&i;</workbook>"},
            ".html": {"": f"{declared}]><html><body><p>&i; {WORDS}</p></body></html>"},
        }[suffix]
        path.write_bytes(made[""].encode() if suffix == ".html" else packed(made))

    return write


def looped(path):
    """A PDF whose pages, outline and a form lead back to themselves."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R/Outlines 5 0 R>>",
        "<</Type/Pages/Count 9/Kids[2 0 R 3 0 R 2 0 R]/Parent 2 0 R>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</XObject<</F 6 0 R>>>>>>",
        "<</Length 5>>stream\n/F Do\nendstream",
        "<</First 7 0 R/Last 7 0 R/Count 1>>",
        "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 5/Resources<</XObject<</F 6 0 R>>>>>>"
        "stream\n/F Do\nendstream",
        "<</Title(x)/Next 7 0 R/First 7 0 R/Parent 5 0 R/Dest[3 0 R/Fit]>>",
    ]
    body = "".join(f"{number} 0 obj{content}endobj\n" for number, content in enumerate(objects, 1))
    path.write_text(f"%PDF-1.4\n{body}trailer<</Root 1 0 R/Size 8/Prev 0>>\n%%EOF")


def many_columns(count):
    def write(path):
        head, row = "\t".join(f"K{n}" for n in range(count)), "\t".join(["1 234"] * count)
        path.write_text(f"Tabell 1. Utfall\nMått\t{head}\nElever\t{row}\nLärare\t{row}\n", encoding="utf-8")

    return write


def wide_html(count):
    def write(path):
        cells = "<td colspan=1000 rowspan=60000>1" * (count // 1000)
        path.write_text(f"<table><tr>{cells}<tr>{cells}</table><p>{WORDS}", encoding="utf-8")

    return write


def repeated(path):
    """A sheet that says a row of cells a million times over."""
    value = 'office:value-type="float" office:value="1"'
    cell = f'<table:table-cell table:number-columns-repeated="16384" {value}/>'
    rows = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    path.write_bytes(ods(f'<table:table table:name="Blad1">{rows}</table:table>'))


def sparse(megabytes):
    def write(path):
        with path.open("wb") as stream:
            stream.truncate(megabytes * 1_000_000)

    return write


def one_line(megabytes):
    def write(path):
        with path.open("w", encoding="utf-8") as stream:
            for _ in range(int(megabytes * 10)):
                stream.write(WORDS * (100_000 // len(WORDS.encode())))

    return write


def nested(depth):
    def write(path):
        path.write_text("<div>" * depth + WORDS + "<table><tr><td>" * depth, encoding="utf-8")

    return write


QUICK = {
    "bomb.docx": bomb("word/document.xml", "<x>", 450),
    "bomb.ods": bomb("content.xml", "<x>", 50),
    "laughs.docx": entities(LAUGHS, ".docx"),
    "laughs.html": entities(LAUGHS, ".html"),
    "outside.docx": entities(OUTSIDE, ".docx"),
    "outside.odt": entities(OUTSIDE, ".odt"),
    "outside.xlsx": entities(OUTSIDE, ".xlsx"),
    "outside.html": entities(OUTSIDE, ".html"),
    "loop.pdf": looped,
    "columns.txt": many_columns(2_000),
    "repeated.ods": repeated,
    "gigabyte.txt": sparse(1_000),
    "line.txt": one_line(0.2),
    "nested.html": nested(2_000),
}
LONG = {
    "columns-100000.txt": many_columns(100_000),
    "columns-100000.md": many_columns(100_000),
    "columns-100000.html": wide_html(100_000),
    "line-50.txt": one_line(50),
    "text-390.txt": one_line(390),
    "nested.html": nested(200_000),
    "bomb-nulls.xlsx": bomb("xl/workbook.xml", "<x>", 1_400),
}


def test_a_file_made_to_fill_memory_or_time_ends_within_the_bounds(tmp_path, soaking, tell):
    for name, write in {**QUICK, **(LONG if soaking else {})}.items():
        path = tmp_path / name
        write(path)
        outcome, seconds = read(path)
        path.unlink()
        assert isinstance(outcome, Report | ReadingError), name
        assert seconds < PATIENCE * SECONDS + 60, name
        if isinstance(outcome, Report):
            assert "haha" not in outcome.text
            assert socket.gethostname() not in outcome.text
        what = type(outcome).__name__
        said = f"{outcome.what[:60]}" if isinstance(outcome, ReadingError) else f"{len(outcome.text)} tecken"
        tell(f"bounds, {name}", f"{what}: {said}; {seconds:.0f} s")


def test_a_gigabyte_is_refused_before_it_is_read(tmp_path):
    sparse(1_000)(tmp_path / "a.txt")
    outcome, _ = read(tmp_path / "a.txt", megabytes=250)
    assert isinstance(outcome, ReportTooLarge)
    assert "1000 MB" in outcome.what


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_pipes_devices_sockets_and_links_out_are_told_and_never_opened(tmp_path):
    folder, outside = tmp_path / "reports", tmp_path / "secret"
    folder.mkdir()
    outside.mkdir()
    (outside / "hemlig.txt").write_text(WORDS, encoding="utf-8")
    (folder / "a.txt").write_text(WORDS, encoding="utf-8")
    os.mkfifo(folder / "pipe.txt")
    (folder / "device.txt").symlink_to("/dev/zero")
    (folder / "out.txt").symlink_to(outside / "hemlig.txt")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    (folder / "out").symlink_to(outside, target_is_directory=True)
    (folder / "up").symlink_to("..", target_is_directory=True)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "s.txt"))
        found = walk([folder])
    assert [name for name, _ in found.reports] == ["a.txt"]
    told = {name for name, _ in found.skipped}
    assert told >= {"pipe.txt", "device.txt", "out.txt", "loop.txt", "s.txt", "out", "up"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_pipe_put_in_place_of_a_file_meanwhile_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    began = time.perf_counter()
    assert see(tmp_path / "a.txt").sha256 == ""
    outcome, _ = read(tmp_path / "a.txt")
    assert isinstance(outcome, ReadingError)
    assert time.perf_counter() - began < SECONDS / 2


@pytest.mark.parametrize(
    "name",
    ["../../ut.txt", "/etc/ut.txt", "..\\..\\ut.txt", "C:\\ut.txt", "a/../../ut.txt", "\u202etxt.ut.txt"],
)
def test_names_in_an_archive_lead_nowhere(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as package:
        package.writestr(name, WORDS)
    (tmp_path / "ut.txt").write_text("not this one", encoding="utf-8")
    for found, path in walk([tmp_path / "a.zip"]).reports:
        assert found.startswith("a.zip/")
        assert ".." not in found.split("/")
        outcome, _ = read(path)
        assert isinstance(outcome, Report)
        assert outcome.text == WORDS


def test_a_docx_of_one_word_is_read(tmp_path):
    """The bounds let through what is as it should be."""
    (tmp_path / "a.docx").write_bytes(docx(f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>"))
    outcome, _ = read(tmp_path / "a.docx")
    assert isinstance(outcome, Report)
