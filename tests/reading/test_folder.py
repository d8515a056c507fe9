import os

import pytest

from rapportsvar.errors import NoReports
from rapportsvar.reading.folder import find_reports, walk


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "corpus"
    for name in ("b.txt", "a/2021.md", "a/2020.TXT", "README.md", ".dold.txt", ".git/x.txt", "bild.png"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text", encoding="utf-8")
    return root


def test_find_reports_names_them_by_their_path_in_order(folder):
    assert [name for name, _ in find_reports([folder])] == ["a/2020.TXT", "a/2021.md", "b.txt"]


def test_walk_tells_what_was_left_out(folder):
    assert dict(walk([folder]).skipped) == {"README.md": "ingen rapport", "bild.png": "okänd filtyp"}


def test_find_reports_takes_a_single_file_of_any_kind(folder):
    assert find_reports([folder / "bild.png"]) == [("bild.png", folder / "bild.png")]


def test_find_reports_does_not_follow_links_out_of_the_folder(folder, tmp_path):
    (tmp_path / "hemlig.txt").write_text("x", encoding="utf-8")
    (folder / "ut.txt").symlink_to(tmp_path / "hemlig.txt")
    (folder / "in.txt").symlink_to(folder / "b.txt")
    (folder / "bruten.txt").symlink_to(folder / "ingenstans.txt")
    found = walk([folder])
    assert "in.txt" in dict(found.reports)
    assert dict(found.skipped)["ut.txt"] == "länk ut ur mappen"
    assert dict(found.skipped)["bruten.txt"] == "bruten länk"


def test_find_reports_does_not_follow_a_folder_that_links_to_itself(folder):
    (folder / "a" / "igen").symlink_to(folder, target_is_directory=True)
    assert len(find_reports([folder])) == 3


def test_walk_does_not_open_a_pipe(folder):
    os.mkfifo(folder / "rör.txt")
    assert dict(walk([folder]).skipped)["rör.txt"] == "ingen vanlig fil"


def test_find_reports_tells_two_folders_apart(folder, tmp_path):
    other = tmp_path / "annan"
    other.mkdir()
    (other / "b.txt").write_text("y", encoding="utf-8")
    assert [name for name, _ in find_reports([folder, other])] == [
        "a/2020.TXT",
        "a/2021.md",
        "annan/b.txt",
        "b.txt",
    ]


@pytest.mark.parametrize("name", ["saknas", "tom"])
def test_find_reports_refuses_a_path_without_reports(tmp_path, name):
    (tmp_path / "tom").mkdir()
    with pytest.raises(NoReports, match=name):
        find_reports([tmp_path / name])
