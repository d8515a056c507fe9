"""``rapportsvar index --scheduler``."""

import json
import subprocess
import sys
import time

import pytest
from small_reports import HASH_SETTINGS, write_reports

import rapportsvar.index.distributed.cluster as cluster_module
from rapportsvar.cli import main


@pytest.fixture
def index(tmp_path, capsys):
    """Index the small reports, with more options."""
    settings = tmp_path / "rapportsvar.toml"
    settings.write_text(HASH_SETTINGS, "utf-8")
    reports = write_reports(tmp_path / "reports")
    where = [str(reports), "--index", str(tmp_path / "index")]

    def call(*options):
        status = main(["--settings", str(settings), "index", *where, *options])
        out, err = capsys.readouterr()
        return status, out, err

    return call


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_cluster_of_its_own(index, monkeypatch):
    pytest.importorskip("distributed", reason="the extra distributed is not installed")
    monkeypatch.setattr(cluster_module, "BACK_SECONDS", 600)  # a busy machine starts a worker in minutes
    status, out, err = index("--scheduler", "local", "--json")
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert len(told["new"]) == 3
    assert told["failures"] == {}
    status, out, _ = index("--json")
    assert json.loads(out)["unchanged"] == 3


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_scheduler_that_is_not_there_is_told_in_one_line(index, monkeypatch):
    pytest.importorskip("distributed", reason="the extra distributed is not installed")
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 1)
    began = time.monotonic()
    status, out, err = index("--scheduler", "tcp://127.0.0.1:9")
    assert time.monotonic() - began < 60
    assert (status, out) == (1, "")
    (line,) = err.splitlines()
    assert "Schemaläggaren svarar inte" in line
    assert "tcp://127.0.0.1:9" in line
    assert "rätta adressen" in line


def test_what_is_no_address_is_told(index):
    status, _, err = index("--scheduler", "127.0.0.1")
    assert status == 1
    assert "tcp://värd:port" in err


def test_the_extra_that_is_missing_is_named(index, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    status, _, err = index("--scheduler", "local")
    assert status == 1
    assert 'pip install "rapportsvar[distributed]"' in err


def test_no_other_command_loads_dask():
    code = "import sys, rapportsvar.cli.entry; print({'dask', 'distributed'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
