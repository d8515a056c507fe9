"""What cannot be served is refused by the name of what is wrong; a disk that refuses harms nothing."""

import errno
import json
import sqlite3
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from small_reports import ASBRO, CountingEncoder, build_small, write_reports

import rapportsvar.index.build as build_module
import rapportsvar.index.opened as opened_module
from rapportsvar.errors import (
    IndexDamaged,
    IndexForeign,
    IndexMissing,
    IndexOlder,
    IndexStale,
    IndexUnwritable,
    RapportsvarError,
    UnknownReport,
)
from rapportsvar.index.manifest import damages, read_manifest, write_manifest
from rapportsvar.index.opened import open_index
from rapportsvar.index.saved import SavedEmbeddings
from rapportsvar.index.store import Store


@pytest.fixture
def reports(tmp_path):
    return write_reports(tmp_path / "reports")


@pytest.fixture
def index(tmp_path, reports):
    build_small(reports, tmp_path / "index")
    return tmp_path / "index"


def files_of(index):
    return sorted(p for p in index.rglob("*") if p.is_file() and p.name != "build.lock")


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_one_flipped_byte_in_any_file_is_found_and_the_file_named(index, share):
    files = files_of(index)
    assert len(files) > 10
    for path in files:
        sound = path.read_bytes()
        flip(path, int(share * len(sound)))
        with pytest.raises(IndexDamaged, match=path.name):
            open_index(index)
        path.write_bytes(sound)
    open_index(index).close()


def test_a_large_index_is_checked_by_sizes_and_never_breaks_otherwise(index, monkeypatch):
    monkeypatch.setattr(opened_module, "CHECKED_AT_OPEN_BYTES", 0)
    for path in files_of(index):
        sound = path.read_bytes()
        for at in (0, len(sound) // 2):
            flip(path, at)
            with suppress(IndexDamaged):
                open_index(index).close()
            if path.name != "manifest.json":
                found = list(damages(index, read_manifest(index), contents=True))
                assert [path.name in damage.where for damage in found] == [True]
            path.write_bytes(sound)
        path.write_bytes(sound[:-1])
        with pytest.raises(IndexDamaged, match=path.name):
            open_index(index)
        path.write_bytes(sound)


def test_a_missing_file_is_named(index):
    (index / "generation-000001/vectors.faiss").unlink()
    with pytest.raises(IndexDamaged, match=r"missing.*vectors\.faiss"):
        open_index(index)


def test_a_damaged_index_is_built_again(index, reports):
    flip(index / "generation-000001/store.sqlite", 5000)
    encoder = CountingEncoder()
    summary = build_small(reports, index, encoder=encoder)
    assert len(summary.new) + len(summary.changed) == 3
    assert encoder.texts  # vectors out of a damaged file are not trusted
    open_index(index).close()


def test_no_index(tmp_path):
    with pytest.raises(IndexMissing, match="rapportsvar index"):
        open_index(tmp_path / "nowhere")
    (tmp_path / "there").mkdir()
    (tmp_path / "there/README.md").write_text("x")
    (tmp_path / "there/.gitignore").write_text("*")
    with pytest.raises(IndexMissing):
        open_index(tmp_path / "there")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", "x"),
        ("manifest.json", '{"name": "a web application", "icons": []}'),
        ("manifest.json", "[1, 2]"),
        ("manifest.json", "no json"),
        ("generation-of-something/x.txt", "x"),
    ],
)
def test_a_foreign_folder_is_refused_and_left_alone(tmp_path, reports, name, content):
    path = tmp_path / "foreign" / name
    path.parent.mkdir(parents=True)
    path.write_text(content)
    with pytest.raises(IndexForeign):
        open_index(tmp_path / "foreign")
    with pytest.raises(IndexForeign):
        build_small(reports, tmp_path / "foreign")
    assert path.read_text() == content
    assert [p.name for p in (tmp_path / "foreign").iterdir()] == [
        path.relative_to(tmp_path / "foreign").parts[0]
    ]


def test_an_index_of_another_model_is_stale(index):
    with pytest.raises(IndexStale, match=r"hash-trigrams-64.*other"):
        open_index(index, model="other")


def test_the_first_format_which_had_no_checksum_is_built_anew(index, reports):
    write_manifest(index, replace(read_manifest(index), format=1))
    content = json.loads((index / "manifest.json").read_text())
    del content["checksum"]
    (index / "manifest.json").write_text(json.dumps(content))
    with pytest.raises(IndexOlder, match="format 1"):
        open_index(index)
    build_small(reports, index)
    open_index(index).close()


def test_a_manifest_that_points_elsewhere_is_damaged(index):
    write_manifest(index, replace(read_manifest(index), generation="../../etc"))
    with pytest.raises(IndexDamaged, match="no generation"):
        open_index(index)


def test_an_index_path_that_is_a_file(tmp_path, reports):
    path = tmp_path / "file"
    path.write_text("mine")
    with pytest.raises(IndexForeign, match="file"):
        build_small(reports, path)
    with pytest.raises(IndexForeign):
        open_index(path)
    with pytest.raises(IndexUnwritable, match="file/index"):
        build_small(reports, path / "index")
    assert path.read_text() == "mine"


def _full(*_args, **_kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def _full_sqlite(*_args, **_kwargs):
    """A database that may not grow refuses just as a full disk makes it refuse."""
    small = sqlite3.connect(":memory:")
    small.execute("PRAGMA max_page_count = 1")
    small.execute("CREATE TABLE t (x)")


DISK = {
    "copy of the store": ("rapportsvar.index.build.shutil.copyfile", _full),
    "store": ("rapportsvar.index.store.Store.add_report", _full_sqlite),
    "vectors on the side": ("rapportsvar.index.saved.SavedEmbeddings.add", _full_sqlite),
    "arrays": ("rapportsvar.index.derive.np.save", _full),
    "keywords": ("rapportsvar.index.derive.write_field", _full),
    "sync": ("rapportsvar.index.build.describe_files", _full),
    "manifest": ("rapportsvar.index.manifest.json.dump", _full),
    "last step": ("rapportsvar.index.build.write_manifest", _full),
}


@pytest.mark.parametrize("place", DISK)
def test_a_full_disk_is_told_and_the_old_index_is_intact(index, reports, monkeypatch, place):
    write_reports(reports, {"asbro/delar-2023.md": ASBRO.replace("3 procent", "4 procent")})
    before = {path: path.read_bytes() for path in files_of(index)}
    monkeypatch.setattr(*DISK[place])
    with pytest.raises(IndexUnwritable, match="the disk is full"):
        build_small(reports, index)
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in before} == before
    assert not list(index.glob("generation-000002*"))
    open_index(index).close()
    build_small(reports, index)
    assert len(open_index(index).store.text("asbro/delar-2023.md")) > 0


def test_a_full_disk_under_faiss(index, reports, monkeypatch):
    def fail(*_):
        raise RuntimeError("Error: 'ret == (1)' failed: write error: 0 != 1 (No space left on device)")

    write_reports(reports, {"asbro/delar-2023.md": ASBRO.replace("3 procent", "4 procent")})
    monkeypatch.setattr("rapportsvar.index.vectors.faiss.write_index", fail)
    with pytest.raises(IndexUnwritable, match="the disk is full"):
        build_small(reports, index)
    open_index(index).close()


def test_a_failure_after_the_last_step_keeps_what_is_served(index, reports, monkeypatch):
    write_reports(reports, {"asbro/delar-2023.md": ASBRO.replace("3 procent", "4 procent")})

    def replaced_but_not_synced(folder, manifest):
        write_manifest(folder, manifest)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(build_module, "write_manifest", replaced_but_not_synced)
    with pytest.raises(IndexUnwritable):
        build_small(reports, index)
    assert "4 procent" in open_index(index).store.text("asbro/delar-2023.md")


def test_errors_are_of_one_family_and_say_what_to_do(tmp_path):
    with pytest.raises(RapportsvarError) as caught:
        open_index(tmp_path / ".." / "nowhere")
    assert caught.value.todo
    assert "/../nowhere" in str(caught.value)


def test_unknown_reports(index):
    opened = open_index(index)
    for look in (opened.store.report, opened.store.text, opened.store.tables):
        with pytest.raises(UnknownReport, match=r"finns-inte\.txt"):
            look("finns-inte.txt")


def test_a_vector_that_is_missing_in_the_store_is_damage(tmp_path):
    store = Store(tmp_path / "store.sqlite", write=True, create=True)
    with store.transaction():
        store._db.execute("INSERT INTO entry_vectors VALUES (1, 0, x'00', 0, 1)")
    with pytest.raises(IndexDamaged, match="vector"):
        list(store.vectors())
    store.close()


def test_a_damaged_file_of_saved_vectors_is_made_anew(tmp_path):
    path = tmp_path / "embeddings.sqlite"
    path.write_bytes(b"no database at all" * 100)
    saved = SavedEmbeddings(path, older=(), size_bytes=2)
    saved.add({b"a": b"12", b"b": b"123"})
    saved.close()
    saved = SavedEmbeddings(path, older=(), size_bytes=2)
    assert saved.get([b"a", b"b", b"c"]) == {b"a": b"12"}
    saved.close()


def test_float16_on_disk_is_near_enough(index):
    opened = open_index(index)
    lengths = np.linalg.norm(opened.vectors.of(np.arange(len(opened.vectors.owners))), axis=1)
    np.testing.assert_allclose(lengths, 1, atol=1e-5)
