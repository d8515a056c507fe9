from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rapportsvar.evaluation.kept import keep, kept_runs
from rapportsvar.evaluation.run import Run

RUN = Run((), {}, {}, {}, None, "2026-11-22T19:51:36+00:00", 10, 0)


def test_runs_are_listed_newest_first(tmp_path):
    for date in ("2026-11-20T10:00:00+00:00", "2026-11-22T10:00:00+01:00", "2026-11-21T10:00:00+00:00"):
        keep(replace(RUN, date=date), tmp_path)
    assert [kept.began.day for kept in kept_runs(tmp_path)] == [22, 21, 20]
    assert kept_runs(tmp_path)[0].began == datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_two_runs_of_one_second_are_both_kept(tmp_path):
    assert keep(RUN, tmp_path) != keep(RUN, tmp_path)
    assert len(kept_runs(tmp_path)) == 2


def test_kept_run_is_read_back(tmp_path):
    assert Run.load(keep(RUN, tmp_path / "new")) == RUN


@pytest.mark.parametrize(
    "name", ["run.json", "20261122T195136Z-abcdef.txt", ".20261122T195136Z-abcdef.json.12"]
)
def test_other_files_are_no_runs(tmp_path, name):
    (tmp_path / name).write_text("{}")
    assert kept_runs(tmp_path) == []


def test_folder_that_is_missing_holds_no_runs(tmp_path):
    assert kept_runs(tmp_path / "none") == []
