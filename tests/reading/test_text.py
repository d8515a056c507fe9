import pytest

from rapportsvar.errors import EmptyReport, NotText, UnknownFormat, VanishedReport
from rapportsvar.reading.folder import read_source


def _file(folder, data, name="rapport.txt"):
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Årsbokslut\n".encode(), "Årsbokslut\n"),
        ("\ufeffÅrsbokslut".encode(), "\ufeffÅrsbokslut"),
        (b"rad ett\r\nrad tv\xc3\xa5\r\n", "rad ett\r\nrad två\r\n"),
        ("Årsbokslut".encode("cp1252"), "Årsbokslut"),
        ("Årsbokslut".encode("utf-16"), "\ufeffÅrsbokslut"),
        ("Årsbokslut \x0c sida två".encode(), "Årsbokslut \x0c sida två"),
    ],
)
def test_read_source_keeps_every_character(tmp_path, data, text):
    source = read_source(_file(tmp_path, data), "a/rapport.txt")
    assert (source.name, source.text) == ("a/rapport.txt", text)
    assert len(source.sha256) == 64


@pytest.mark.parametrize(
    ("data", "count"), [(b"r\xe4tt", 1), ("rätt".encode(), 0), ("rätt".encode("utf-16"), 1)]
)
def test_read_source_warns_when_the_coding_is_guessed(tmp_path, data, count):
    assert len(read_source(_file(tmp_path, data), "r.txt").warnings) == count


@pytest.mark.parametrize("data", [b"", b"  \n\t\r\n", "\ufeff\n".encode()])
def test_read_source_refuses_an_empty_file(tmp_path, data):
    with pytest.raises(EmptyReport, match=r"rapport\.txt"):
        read_source(_file(tmp_path, data), "rapport.txt")


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\x00\x01\x02", b"PK\x03\x04" + bytes(range(256)), b"\xff\xfe\x00"]
)
def test_read_source_refuses_bytes_that_are_no_text(tmp_path, data):
    with pytest.raises(NotText):
        read_source(_file(tmp_path, data), "rapport.txt")


def test_read_source_refuses_an_unknown_format(tmp_path):
    with pytest.raises(UnknownFormat, match=r"\.txt"):
        read_source(_file(tmp_path, b"x", "rapport.xyz"), "rapport.xyz")


def test_read_source_tells_when_the_file_is_gone(tmp_path):
    with pytest.raises(VanishedReport):
        read_source(tmp_path / "borta.txt", "borta.txt")


def test_read_source_tells_when_the_path_is_a_folder(tmp_path):
    (tmp_path / "mapp.txt").mkdir()
    with pytest.raises(VanishedReport):
        read_source(tmp_path / "mapp.txt", "mapp.txt")
