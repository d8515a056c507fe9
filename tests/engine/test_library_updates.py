"""Uploads, removals and corrections in an index: what is read and embedded again, and what a crash leaves."""

import io
import os
import threading

import pytest
from filelock import FileLock
from small_reports import ASBRO, HASH_SETTINGS, NORRVIKA, CountingEncoder, write_reports

import rapportsvar.engine.updating as updating
from rapportsvar.config import LibrarySettings, settings_from
from rapportsvar.engine.aside import indexed_paths
from rapportsvar.engine.engine import Engine, build
from rapportsvar.engine.looking import look_at
from rapportsvar.engine.updating import Doing, Updater, is_behind
from rapportsvar.errors import UnknownReport
from rapportsvar.index.manifest import LOCK, read_manifest
from rapportsvar.index.opened import open_index
from rapportsvar.library.corrections import correct
from rapportsvar.library.hiding import hide, show_again
from rapportsvar.library.intake import put_in_place, receive
from rapportsvar.library.place import library_of
from rapportsvar.library.removal import removals, remove, restore
from rapportsvar.structure.correct import CORRECTED

HASH = settings_from({"embedding": {"model": "hash"}})
PLAYGROUND = """\
Norrvika kommun
Tekniska nämnden
Årsredovisning 2022

Lekplatser

Nämnden rustade upp fyra lekplatser för 1 250 tkr därför att gungorna var slitna.
"""
SOURCE = "uppladdat/lekplatser.txt"


@pytest.fixture
def reports(tmp_path):
    return write_reports(tmp_path / "reports")


@pytest.fixture
def index(tmp_path, reports):
    build([reports], tmp_path / "index", HASH)
    return tmp_path / "index"


@pytest.fixture
def library(index):
    return library_of(index, LibrarySettings())


@pytest.fixture
def updater(index, library, tmp_path, monkeypatch):
    """One that runs its updates in processes of their own, with the encoder for tests."""
    (tmp_path / "hash.toml").write_text(HASH_SETTINGS)
    monkeypatch.setenv("RAPPORTSVAR_SETTINGS", str(tmp_path / "hash.toml"))
    return Updater(index, library)


def upload(library, text=PLAYGROUND, name="lekplatser.txt"):
    return put_in_place(library, receive(library, name, io.BytesIO(text.encode())))


def update(index):
    return build(indexed_paths(index, HASH.index), index, HASH)


def infos(index):
    return {source: info for source, info in open_index(index).reports.values()}


# uploads and removals


def test_uploaded_report_answers_after_an_update_behind_an_open_engine(index, library, updater):
    engine = Engine.open(index, HASH)
    upload(library)
    updater.request()
    state = updater.wait(300)
    assert (state.doing, state.finished) == (Doing.NOTHING, 1)
    assert len(engine.sources()) == 3
    assert engine.ask("Varför ökade kostnaden för placeringar?").hits
    newer = Engine.open(index, HASH)
    assert "gungorna var slitna" in newer.ask("Varför rustades lekplatser upp?").hits[0].text
    assert newer.ask("Varför rustades lekplatser upp?").hits[0].source == SOURCE


def test_update_covers_the_folders_that_were_indexed_and_nothing_else_is_read(index, library):
    upload(library)
    summary = update(index)
    assert (summary.new, summary.unchanged, summary.removed) == ([SOURCE], 3, [])
    assert read_manifest(index).paths == (str(index.parent / "reports"),)


def test_removed_report_is_gone_and_comes_back(index, library):
    upload(library)
    update(index)
    remove(library, SOURCE)
    assert update(index).removed == [SOURCE]
    with pytest.raises(UnknownReport):
        open_index(index).store.report(SOURCE)
    restore(library, removals(library)[0].key)
    assert update(index).new == [SOURCE]


def test_last_report_can_be_removed(tmp_path):
    index = tmp_path / "index"
    library = library_of(index, LibrarySettings())
    upload(library)
    build([], index, HASH)
    remove(library, SOURCE)
    build([], index, HASH)
    engine = Engine.open(index, HASH)
    assert engine.sources() == []
    assert not engine.ask("Varför rustades lekplatser upp?").found
    assert engine.search("lekplatser").hits == ()


def test_hidden_report_is_left_out_until_it_is_shown_again(index, library):
    hide(library, "norrvika/vb-2021.txt", "x")
    assert update(index).removed == ["norrvika/vb-2021.txt"]
    assert list(read_manifest(index).hidden) == ["norrvika/vb-2021.txt"]
    generation = read_manifest(index).generation
    update(index)
    assert read_manifest(index).generation == generation
    show_again(library, "norrvika/vb-2021.txt")
    assert update(index).new == ["norrvika/vb-2021.txt"]


# corrections


def test_corrected_report_is_read_alone_and_only_what_its_context_changed_is_embedded(reports, tmp_path):
    index = tmp_path / "counted"
    library = library_of(index, LibrarySettings())
    encoder = CountingEncoder()
    build_with(reports, index, encoder, library)
    before = set(encoder.texts)
    correct(library, "asbro/delar-2023.md", "", {"municipality": "Borås kommun"})
    again = CountingEncoder()
    summary = build_with(reports, index, again, library)
    assert (summary.changed, summary.unchanged) == (["asbro/delar-2023.md"], 2)
    assert again.texts
    assert all("Borås" in text for text in again.texts)
    assert not before & set(again.texts)
    assert summary.reused > 0


def test_correction_is_certain_named_and_survives(index, library, reports):
    sha = read_manifest(index).sources["norrvika/vb-2021.txt"]
    correct(library, "norrvika/vb-2021.txt", sha, {"period": "januari-augusti 2020", "board": ""})
    update(index)
    metadata = open_index(index).store.report("norrvika/vb-2021.txt").metadata
    assert (metadata.period.value, metadata.period.rule, metadata.period.certain) == (
        "januari–augusti 2020", CORRECTED, True,
    )  # fmt: skip
    assert (metadata.year.value, metadata.board) == ("2020", None)
    (reports / "norrvika/vb-2021.txt").rename(reports / "flyttad.txt")
    update(index)
    assert infos(index)["flyttad.txt"].period == "januari–augusti 2020"
    (index / "manifest.json").unlink()
    build([reports], index, HASH)
    assert infos(index)["flyttad.txt"].year == 2020
    correct(library, "flyttad.txt", sha, {"period": None, "board": None})
    update(index)
    assert infos(index)["flyttad.txt"].year == 2021
    assert infos(index)["flyttad.txt"].board


def test_nothing_is_done_when_the_correction_is_there_already(index, library):
    correct(library, "norrvika/vb-2021.txt", "", {"year": "2020"})
    update(index)
    generation = read_manifest(index).generation
    assert update(index).unchanged == 3
    assert read_manifest(index).generation == generation


# crashes, and several at once


def test_next_start_goes_on_after_a_crash_between_upload_and_update(index, library, updater):
    receive(library, "lekplatser.txt", io.BytesIO(PLAYGROUND.encode()))
    assert not is_behind(index, library, HASH.index)
    updater.start()
    assert updater.wait(300).finished == 1
    assert SOURCE in read_manifest(index).sources
    updater.start()
    assert updater.wait(30).finished == 1


@pytest.mark.parametrize("change", ["upload", "remove", "correct", "hide", "show"])
def test_index_is_behind_until_it_is_updated(index, library, change):
    upload(library)
    hide(library, "asbro/delar-2023.md", "")
    update(index)
    assert not is_behind(index, library, HASH.index)
    changes = {
        "upload": lambda: upload(library, ASBRO, "b.md"),
        "remove": lambda: remove(library, SOURCE),
        "correct": lambda: correct(library, SOURCE, "", {"year": "2020"}),
        "hide": lambda: hide(library, SOURCE, ""),
        "show": lambda: show_again(library, "asbro/delar-2023.md"),
    }
    changes[change]()
    assert is_behind(index, library, HASH.index)
    update(index)
    assert not is_behind(index, library, HASH.index)


def test_killed_update_is_told_and_leaves_the_index(index, library, updater, monkeypatch):
    upload(library)
    before = read_manifest(index)
    monkeypatch.setenv("PYTHONPATH", os.devnull)
    monkeypatch.setattr(updating, "ASIDE", ("/bin/sh", "-c", "kill -9 $$"))
    updater.request()
    state = updater.wait(300)
    assert (state.doing, state.what) == (Doing.FAILED, "Uppdateringen avbröts")
    assert read_manifest(index) == before


def test_folder_that_is_gone_is_named_and_nothing_is_dropped(index, library, updater, reports):
    reports.rename(reports.with_name("moved"))
    updater.request()
    state = updater.wait(300)
    assert state.doing is Doing.FAILED
    assert "reports" in state.what
    assert len(read_manifest(index).sources) == 3


def test_update_waits_for_another_builder(index, library, updater, monkeypatch):
    monkeypatch.setattr(updating, "BUSY_WAIT_SECONDS", 0.05)
    upload(library)
    with FileLock(index / LOCK):
        updater.request()
        assert updater.wait(3).doing in (Doing.WAITING, Doing.UPDATING)
    assert updater.wait(300).finished == 1
    assert SOURCE in read_manifest(index).sources


def test_what_is_asked_during_an_update_comes_after_it(index, library):
    began, may_end, runs = threading.Event(), threading.Event(), []

    def run(folder, tell):
        runs.append(folder)
        tell({"stage": "reading", "done": 1, "total": 2})
        began.set()
        may_end.wait(100)
        return {}

    updater = Updater(index, library, run)
    updater.request()
    began.wait(100)
    for _ in range(5):
        updater.request()
    assert (updater.state.is_busy, updater.state.stage, updater.state.total) == (True, "reading", 2)
    may_end.set()
    assert updater.wait(100).finished == 2
    assert len(runs) == 2


def test_it_is_busy_between_two_updates(index, library, monkeypatch):
    seen = []

    def run(folder, tell):
        if updater.state.finished == 0:
            updater.request()  # what is asked during the first update makes a second
        return {}

    class Watched(threading.Condition):
        def __exit__(self, *raised):
            seen.append(updater._state)
            return super().__exit__(*raised)

    updater = Updater(index, library, run)
    monkeypatch.setattr(updater, "_condition", Watched())
    updater.request()
    assert updater.wait(100).finished == 2
    assert all(state.is_busy for state in seen if state.finished < 2)


def test_two_updaters_of_one_index_both_end_well(index, library, updater, monkeypatch):
    monkeypatch.setattr(updating, "BUSY_WAIT_SECONDS", 0.05)
    other = Updater(index, library)
    upload(library)
    updater.request()
    upload(library, NORRVIKA.replace("6 200", "7 300"), "b.txt")
    other.request()
    assert (updater.wait(300).finished, other.wait(300).finished) == (1, 1)
    assert {SOURCE, "uppladdat/b.txt"} <= read_manifest(index).sources.keys()


# looking


def test_look_tells_what_was_found(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(ASBRO, encoding="utf-8")
    look = look_at(path, "a.md", HASH)
    assert (look.why, look.info.municipality, look.sections > 1, look.passages > 1) == (
        "",
        "Åsbro",
        True,
        True,
    )


def test_look_tells_why_a_file_cannot_be_read(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"\x00\x01\x02")
    look = look_at(path, "a.txt", HASH)
    assert look.why == "Filen är inte text"
    assert look.todo


def test_look_at_what_is_no_document_says_what_to_do(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(b"PK\x03\x04 not a document")
    look = look_at(path, "a.docx", HASH)
    assert look.why
    assert look.todo


def build_with(reports, index, encoder, library):
    from rapportsvar.index.build import build_index

    return build_index([reports], index, encoder=encoder, library=library)
