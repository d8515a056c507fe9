"""An index of the format before this one is taken over by an update; one of a newer format is left alone."""

import sqlite3
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from small_reports import CountingEncoder, build_small, write_reports

from rapportsvar.config import IndexSettings
from rapportsvar.engine.aside import indexed_paths
from rapportsvar.engine.doctor import UNUSABLE
from rapportsvar.errors import IndexNewer, IndexOlder, IndexUnusable
from rapportsvar.index.manifest import FORMAT, OLDEST, read_manifest, write_manifest
from rapportsvar.index.opened import open_index

FROZEN = Path(__file__).parent / "frozen"
"""An index of ``small_reports`` by the builder of each earlier format, as it stood on disk."""


@pytest.fixture
def reports(tmp_path):
    return write_reports(tmp_path / "reports")


@pytest.fixture(params=range(OLDEST, FORMAT))
def older(request, tmp_path):
    with tarfile.open(FROZEN / f"format-{request.param}.tar.xz") as frozen:
        frozen.extractall(tmp_path / "index", filter="data")
    return tmp_path / "index"


def test_an_older_index_is_not_opened_and_says_how_it_is_taken_over(older):
    with pytest.raises(IndexOlder, match="rapportsvar index"):
        open_index(older)


def test_an_update_takes_an_older_index_over_and_embeds_nothing_again(older, reports):
    encoder = CountingEncoder()
    summary = build_small(reports, older, encoder=encoder)
    assert encoder.texts == []
    assert summary.reused > 0
    assert sorted(summary.changed) == sorted(
        read_manifest(older).sources
    )  # read again, by this version's code
    with_vectors = open_index(older)
    build_small(reports, older.parent / "anew")
    anew = open_index(older.parent / "anew")
    assert with_vectors.store.sources() == anew.store.sources()
    assert [with_vectors.store.text(s) for s in with_vectors.store.sources()] == [
        anew.store.text(s) for s in anew.store.sources()
    ]
    assert with_vectors.manifest.counts == anew.manifest.counts


def test_an_older_index_tells_which_folders_an_update_without_paths_covers(older):
    assert indexed_paths(older, IndexSettings()) == [Path("/srv/rapporter")]


def test_an_older_index_is_in_place_until_the_new_one_is(older, reports):
    before = {path: path.read_bytes() for path in older.rglob("*") if path.is_file()}
    (reports / "asbro/delar-2023.md").write_text("# En ny rapport\n\nNämnden beslutade om en ny plan.\n")
    with pytest.raises(RuntimeError):
        build_small(reports, older, encoder=CountingEncoder(fail_after=0))
    assert {path: path.read_bytes() for path in before} == before


def test_vectors_of_an_older_index_that_is_damaged_are_not_taken_over(older, reports):
    (path,) = older.glob("generation-*/store.sqlite")
    with sqlite3.connect(path) as store:
        store.execute("UPDATE embeddings SET vector = zeroblob(length(vector))")
    encoder = CountingEncoder()
    build_small(reports, older, encoder=encoder)
    assert encoder.texts
    open_index(older).close()


def test_a_newer_index_is_refused_and_left_alone(tmp_path, reports):
    index = tmp_path / "index"
    build_small(reports, index)
    write_manifest(index, replace(read_manifest(index), format=FORMAT + 1))
    before = {path: path.read_bytes() for path in index.rglob("*") if path.is_file()}
    for use in (open_index, lambda folder: build_small(reports, folder)):
        with pytest.raises(IndexNewer, match=f"format {FORMAT + 1}.*Upgrade"):
            use(index)
    assert {path: path.read_bytes() for path in before} == before


def test_each_reason_why_an_index_is_unusable_has_words_in_doctor():
    def below(kind):
        return {kind, *(each for sub in kind.__subclasses__() for each in below(sub))}

    assert set(UNUSABLE) == below(IndexUnusable) - {IndexUnusable}
