"""What is measured is measured on reports that are there: so many times the five, each unlike all others."""

from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = "Lindsjö kommun\n\nVerksamhetsberättelse 2020\n\nKostnaden för {} ökade med 1 340 tkr under året.\n"
SUBJECTS = ("skolskjuts", "hemtjänst", "äldreomsorg")


@pytest.fixture
def five(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return import_module("bench.five")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "five"
    made.mkdir()
    for subject in SUBJECTS:
        (made / f"{subject}.txt").write_text(TEXT.format(subject), encoding="utf-8")
    return made


def texts(folder):
    return [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.txt"))]


def test_once_is_the_reports_themselves(five, folder, tmp_path):
    assert texts(five.varied(folder, 1, tmp_path / "made")) == texts(folder)


def test_ten_times_are_ten_times_as_many_and_none_alike(five, folder, tmp_path):
    made = texts(five.varied(folder, 10, tmp_path / "made"))
    assert len(set(made)) == len(made) == 10 * len(SUBJECTS)
    assert made == texts(five.varied(folder, 10, tmp_path / "again"))


def test_without_a_folder_five_others_are_taken(five, tmp_path):
    assert len(texts(five.varied(tmp_path / "none", 2, tmp_path / "made"))) == 10
