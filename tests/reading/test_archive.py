import os
import zipfile

import pytest

from rapportsvar.errors import NotText, ReportTooLarge, VanishedReport
from rapportsvar.index.plan import see
from rapportsvar.reading import archive
from rapportsvar.reading.base import sha256_of
from rapportsvar.reading.folder import find_reports, read_source, walk


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "rapporter"
    root.mkdir()
    return root


def zip_of(path, members, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content, **options)
    return path


def test_each_member_is_a_report_named_below_its_archive(folder):
    zip_of(folder / "år 2023.ZIP", {"SN/delår.txt": "Åsbro\n", "a.md": "text"})
    (folder / "b.txt").write_text("b", encoding="utf-8")
    found = dict(find_reports([folder]))
    assert sorted(found) == ["b.txt", "år 2023.ZIP/SN/delår.txt", "år 2023.ZIP/a.md"]
    path = found["år 2023.ZIP/SN/delår.txt"]
    source = read_source(path, "år 2023.ZIP/SN/delår.txt")
    assert source.text == "Åsbro\n"
    assert see(path).sha256 == source.sha256 == sha256_of("Åsbro\n".encode())


def test_what_is_left_out_of_an_archive_is_told(folder):
    zip_of(
        folder / "a.zip",
        {
            "inre.zip": "x",
            "g.doc": "x",
            "~$r.docx": "x",
            "__MACOSX/r.txt": "x",
            ".dold.txt": "x",
            "r.txt": "x",
        },
    )
    found = walk([folder])
    assert [name for name, _ in found.reports] == ["a.zip/r.txt"]
    assert dict(found.skipped) == {
        "a.zip/inre.zip": "zip-arkiv i ett zip-arkiv: packa upp det",
        "a.zip/g.doc": "äldre eller annat format: spara om som .docx",
        "a.zip/~$r.docx": "låsfil: dokumentet är öppet i ett program",
    }


@pytest.mark.parametrize("name", ["../../etc/x.txt", "/etc/x.txt", "..\\..\\x.txt", "./a/../x.txt"])
def test_names_do_not_lead_out_of_an_archive(folder, name):
    zip_of(folder / "a.zip", {name: "text"})
    ((found, path),) = find_reports([folder])
    assert ".." not in found
    assert found.startswith("a.zip/")
    assert read_source(path, found).text == "text"


def test_names_of_a_mac_are_utf8_without_saying_so(folder):
    path = zip_of(folder / "a.zip", {"AAAAxr.txt": "text"})
    name = "åär".encode()
    path.write_bytes(path.read_bytes().replace(b"AAAAxr", name + b"r"))
    assert [found for found, _ in find_reports([folder])] == ["a.zip/åärr.txt"]


def bomb(path):
    zip_of(path, {"a.txt": b"0" * 20_000_000})


def many(path):
    zip_of(path, {f"{n}.txt": "x" for n in range(archive.MEMBERS_MAX + 1)})


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (bomb, ReportTooLarge, "packad mer än"),
        (many, ReportTooLarge, "2001 filer"),
        (lambda path: path.write_bytes(b"PK\x03\x04 trasig"), NotText, "skadad"),
        (lambda path: path.write_bytes(b""), NotText, "skadad"),
        (lambda path: zip_of(path, {}), NotText, "inga rapporter"),
    ],
)
def test_an_archive_that_cannot_be_opened_stands_for_itself_and_says_why(folder, make, error, says):
    make(folder / "a.zip")
    if says != "inga rapporter":
        assert find_reports([folder]) == [("a.zip", folder / "a.zip")]
    with pytest.raises(error, match=says) as refused:
        read_source(folder / "a.zip", "a.zip")
    assert refused.value.where == "a.zip"


def test_a_damaged_member_fails_alone(folder):
    path = zip_of(folder / "a.zip", {"a.txt": "Den första. " * 50, "b.txt": "Den andra."})
    data = bytearray(path.read_bytes())
    data[40:44] = b"\xff\xff\xff\xff"
    path.write_bytes(bytes(data))
    first, second = find_reports([folder])
    with pytest.raises(NotText, match="skadad"):
        read_source(first[1], first[0])
    assert see(first[1]).sha256 == ""
    assert read_source(second[1], second[0]).text == "Den andra."


def test_an_archive_that_changes_is_opened_anew(folder):
    path = zip_of(folder / "a.zip", {"a.txt": "Ett"})
    member = path / "a.txt"
    assert read_source(member, "a.zip/a.txt").text == "Ett"
    zip_of(path, {"a.txt": "Två"})
    os.utime(path, ns=(1, 1))
    assert read_source(member, "a.zip/a.txt").text == "Två"
    zip_of(path, {"b.txt": "Tre"})
    with pytest.raises(VanishedReport):
        read_source(member, "a.zip/a.txt")


def test_a_folder_named_as_an_archive_is_a_folder(folder):
    (folder / "a.zip").mkdir()
    (folder / "a.zip" / "r.txt").write_text("x", encoding="utf-8")
    ((name, path),) = find_reports([folder])
    assert read_source(path, name).text == "x"
