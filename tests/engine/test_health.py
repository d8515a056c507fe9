"""What a watcher is told."""

import json

import pytest
from small_reports import build_small, write_reports

from rapportsvar.config import Settings, settings_from
from rapportsvar.engine import health as health_module
from rapportsvar.engine.health import health
from rapportsvar.index.manifest import read_manifest

HASH = settings_from({"embedding": {"model": "hash"}})


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("health")
    build_small(write_reports(folder / "reports"), folder / "index")
    return folder / "index"


def test_a_sound_index_serves(made):
    found = health(made, HASH, contents=True)
    assert (found.status, found.open, found.sound, found.current) == ("ok", True, True, True)
    assert found.generation == "generation-000001"


def test_it_tells_nothing_of_the_reports(made):
    told = json.dumps(health(made, HASH).as_json(), ensure_ascii=False) + health(made, HASH).as_text()
    manifest = read_manifest(made)
    for said in (*manifest.sources, *manifest.paths, "Lindsjö", "reports", str(made)):
        assert said not in told


def test_no_index(tmp_path):
    found = health(tmp_path, HASH)
    assert (found.status, found.trouble, found.serves) == ("down", "IndexMissing", False)


def test_an_index_of_other_code_serves_and_is_old(made, monkeypatch):
    monkeypatch.setattr(health_module, "code_fingerprint", lambda: "other")
    assert health(made, HASH).status == "old"
    assert health(made, HASH).serves


def test_an_index_of_another_model_does_not_serve(made):
    found = health(made, Settings())
    assert (found.status, found.trouble) == ("down", "IndexStale")


def test_a_file_that_is_cut_off_is_noticed_and_named_by_doctor_only(made, tmp_path):
    build_small(write_reports(tmp_path / "reports"), tmp_path / "index")
    path = tmp_path / "index/generation-000001/places.npy"
    path.write_bytes(path.read_bytes()[:-1])
    found = health(tmp_path / "index", HASH)
    assert (found.status, found.open, found.sound, found.trouble) == ("down", False, False, "IndexDamaged")
    assert "places" not in found.as_text()
