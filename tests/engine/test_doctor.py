"""What the doctor sees."""

from contextlib import closing
from dataclasses import replace

import pytest
from small_reports import ASBRO, NORRVIKA, build_small, write_reports

from rapportsvar.config import Settings, settings_from
from rapportsvar.engine import doctor
from rapportsvar.engine.doctor import examine
from rapportsvar.errors import ModelDamaged
from rapportsvar.index.opened import open_index
from rapportsvar.index.store import Store
from rapportsvar.model import Span

HASH = settings_from({"embedding": {"model": "hash"}})


@pytest.fixture
def reports(tmp_path):
    return write_reports(tmp_path / "reports")


@pytest.fixture
def index(tmp_path, reports):
    build_small(reports, tmp_path / "index")
    return tmp_path / "index"


def found(index, settings=HASH):
    return {finding.what: finding for finding in examine(index, settings)}


def test_a_sound_index(index):
    findings = found(index)
    assert all(finding.sound for finding in findings.values())
    assert "3 rapporter" in findings["Index"].detail
    assert "all text är indexerad" in findings["asbro/delar-2023.md"].detail
    assert "hash-trigrams-64" in findings["Språkmodell"].detail
    assert all(not finding.todo for finding in findings.values())


def test_no_index(tmp_path):
    findings = found(tmp_path / "nowhere")
    assert not findings["Index"].sound
    assert "Paket" in findings


def test_reports_that_changed_since(index, reports):
    write_reports(reports, {"asbro/delar-2023.md": ASBRO + "x", "ny.txt": NORRVIKA})
    (reports / "norrvika/vb-2021.txt").unlink()
    current = found(index)["Rapporternas filer"]
    assert not current.sound
    assert current.detail == "nya: ny.txt; ändrade: asbro/delar-2023.md; borta: norrvika/vb-2021.txt"


def test_reports_that_are_gone_altogether(index, reports):
    reports.rename(reports.with_name("elsewhere"))
    assert not found(index)["Rapporternas filer"].sound


def test_other_code_and_another_model(index, monkeypatch):
    monkeypatch.setattr(doctor, "code_fingerprint", lambda: "other")
    assert "annan version" in found(index)["Indexets tillkomst"].detail
    monkeypatch.setattr(doctor, "model_name", lambda *_: "other")
    assert "other" in found(index)["Indexets tillkomst"].detail


def test_a_damaged_file_is_named(index):
    path = index / "generation-000001/places.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    finding = found(index)["Indexets filer"]
    assert not finding.sound
    assert "places.npy" in finding.detail


def test_failures_are_shown(index, reports):
    (reports / "tom.txt").write_bytes(b"")
    build_small(reports, index)
    assert not found(index)["tom.txt"].sound


def test_text_that_is_not_indexed_is_shown(index):
    with closing(open_index(index)) as opened:
        report = next(opened.store.reports())
    outline = replace(report.outline, uncovered=(Span(0, 5), Span(10, 13)))
    finding = doctor._report(replace(report, outline=outline))
    assert not finding.sound
    assert (
        f"8 tecken är inte indexerade, det första stället vid 0: ”{report.text[:5].strip()}" in finding.detail
    )


def test_a_model_that_is_damaged(tmp_path, monkeypatch):
    def damaged(*_):
        raise ModelDamaged("The weights have changed", where="e5.bin", todo="Reinstall.")

    monkeypatch.setattr(doctor, "prepared_model", damaged)
    finding = found(tmp_path, Settings())["Språkmodell"]
    assert (finding.sound, finding.todo) == (False, "Reinstall.")


def test_a_store_is_opened_read_only(index):
    store = Store(index / "generation-000001/store.sqlite")
    with pytest.raises(Exception, match="readonly"):
        store.remove("asbro/delar-2023.md")
    store.close()
