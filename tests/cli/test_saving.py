"""``backup``, ``restore`` and ``health`` through ``main``."""

import json

import pytest
from small_reports import HASH_SETTINGS, write_reports

from rapportsvar.cli import main


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saving")
    write_reports(folder / "reports")
    (folder / "hash.toml").write_text(HASH_SETTINGS, encoding="utf-8")
    settings = ["--settings", str(folder / "hash.toml")]
    assert main([*settings, "index", str(folder / "reports"), "--index", str(folder / "index")]) == 0
    return folder


def test_backup_and_restore_on_another_machine(made, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RAPPORTSVAR_SETTINGS", raising=False)
    settings = ["--settings", str(made / "hash.toml")]
    assert main([*settings, "backup", "k.tar", "--index", str(made / "index"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["generation"] == "generation-000001"
    assert main(["restore", "k.tar"]) == 0
    assert "Lade tillbaka k.tar" in capsys.readouterr().err
    assert (tmp_path / "rapportsvar.toml").read_text(encoding="utf-8") == HASH_SETTINGS
    assert main(["ask", "Varför ökade kostnaden för placeringar?", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["hits"]


def test_restore_over_an_index_is_refused_in_one_line(made, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    settings = ["--settings", str(made / "hash.toml"), "--index", str(made / "index")]
    assert main([*settings[:2], "backup", "k.tar", *settings[2:]]) == 0
    capsys.readouterr()
    assert main([*settings[:2], "restore", "k.tar", *settings[2:]]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Ingenting är ändrat" in said


@pytest.mark.parametrize(
    "written",
    [
        "[feedback]\nfolder = '/tmp/x'",
        "[evaluation]\nruns = 'a/../../x'",
        "[library]\nfolder = '/tmp/x'",
        "[access]\nfile = '../x'",
    ],
)
def test_settings_in_a_backup_lead_nowhere_but_below_the_folder_one_stands_in(
    made, tmp_path, monkeypatch, capsys, written
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RAPPORTSVAR_SETTINGS", raising=False)
    (made / "elsewhere.toml").write_text(HASH_SETTINGS + written, encoding="utf-8")
    settings = ["--settings", str(made / "elsewhere.toml"), "backup", "k.tar"]
    assert main([*settings, "--index", str(made / "index")]) == 0
    assert main(["restore", "k.tar"]) == 1
    assert "utanför mappen du står i" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["k.tar"]


def test_health_says_it_in_a_line_and_by_its_status(made, tmp_path, capsys):
    settings = ["--settings", str(made / "hash.toml"), "health"]
    assert main([*settings, "--index", str(made / "index")]) == 0
    assert capsys.readouterr().out.startswith("Tjänsten kan svara. (generation-000001")
    assert main([*settings, "--index", str(tmp_path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["status"] == "down"


def test_a_name_with_a_newline_forges_no_line(made, tmp_path, capsys):
    reports = write_reports(tmp_path / "reports")
    (reports / "x\nrapportsvar: allt är bra\x1b[2K.txt").write_bytes(b"")
    settings = ["--settings", str(made / "hash.toml"), "--index", str(tmp_path / "index")]
    assert main([*settings[:2], "index", str(reports), *settings[2:]]) == 0
    assert main([*settings[:2], "reports", *settings[2:]]) == 0
    said = capsys.readouterr().err
    assert r"x\nrapportsvar: allt är bra\x1b[2K.txt" in said
    assert "\x1b" not in said
    assert not [line for line in said.splitlines() if line.startswith("rapportsvar:")]
