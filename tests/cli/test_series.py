"""The command ``series`` through ``main``."""

import csv
import io
import json

import pytest
from small_reports import HASH_SETTINGS, LINDSJO, write_reports

from rapportsvar.cli import main

EARLIER = (
    LINDSJO.replace("2022", "2021")
    .replace("2023", "2022")
    .replace("52 330", "47 000")
    .replace("47 620", "44,1")
)
OTHER = LINDSJO.replace("Årsredovisning 2022", "Delårsrapport augusti 2023").replace("52 330", "52 331")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("series")
    write_reports(folder / "reports", {"a-2022.txt": LINDSJO, "b-2021.txt": EARLIER, "c-2023.txt": OTHER})
    (folder / "hash.toml").write_text(HASH_SETTINGS)
    assert main([*_settings(folder), "index", str(folder / "reports"), "--index", str(folder / "index")]) == 0
    return folder


def _settings(folder):
    return ["--settings", str(folder / "hash.toml")]


@pytest.fixture
def run(made, capsys):
    def call(*arguments):
        capsys.readouterr()
        status = main([*_settings(made), "series", *arguments, "--index", str(made / "index")])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


def test_a_table_on_stdout(run):
    status, out, err = run("placeringar", "barn")
    assert (status, err) == (0, "")
    assert "Placeringar barn (utfall, år" in out
    assert "a-2022.txt [" in out
    assert "52\u00a0330 !" in out
    assert "Rapporterna anger olika värden" in out


def test_one_series_a_line_as_json(run):
    status, out, _ = run("placeringar barn", "--json", "--municipality", "Lindsjö", "--year", "2022")
    found = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert {series["kind"] for series in found} == {"utfall", "budget"}
    outcome = next(series for series in found if series["kind"] == "utfall")
    assert {point["value"] for point in outcome["points"]} == {52330.0, 52331.0}
    point = outcome["points"][0]
    assert LINDSJO[point["start"] : point["end"]] in ("52 330", "52 331") or point["source"] != "a-2022.txt"
    assert set(point) >= {"row", "column", "source", "start", "end", "likeness", "disagrees", "report"}


def test_one_figure_a_line_as_csv(run):
    status, out, _ = run("placeringar barn", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert {row["measure"] for row in rows} == {"Placeringar barn"}
    assert {row["measured"] for row in rows if row["kind"] == "utfall"} == {"bokslut"}
    assert all(int(row["start"]) < int(row["end"]) for row in rows)


def test_nothing_found_and_wrong_usage(run):
    status, out, _ = run("flygplan")
    assert (status, out) == (0, "Ingen uppgift heter så: flygplan\n")
    assert run("flygplan", "--json")[:2] == (0, "")
    status, out, err = run("flygplan", "--json", "--csv")
    assert (status, out) == (2, "")
    assert "--csv" in err
