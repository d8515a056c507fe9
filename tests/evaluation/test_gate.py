from dataclasses import replace

import pytest

from rapportsvar.errors import GoldError
from rapportsvar.evaluation.gate import Floors, check, update

from .test_run import GOOD, LINES, POOR, run_of


def test_gate_passes_when_the_run_reaches_its_own_floors(tmp_path):
    run = run_of(tmp_path, GOOD)
    assert check(run, update(Floors(), run)) == []


def test_gate_names_each_figure_that_fell(tmp_path):
    failures = check(run_of(tmp_path, POOR), update(Floors(), run_of(tmp_path, GOOD)))
    told = {failure.figure: str(failure) for failure in failures}
    assert "set: hit@3: 0.500 is below its floor 1.000 (margin 0.010)" in told["hit@3"]
    assert "--lower" in told["hit@3"]
    assert not any("elapsed" in name for name in told)


def test_gate_lets_noise_pass_up_to_the_margin(tmp_path):
    run = run_of(tmp_path, POOR)
    floors = update(Floors(), run)
    pinned = floors.sets["set"]
    for above, failing in ((0.01, 0), (0.011, 1)):
        raised = replace(pinned, figures={"hit@3": pinned.figures["hit@3"] + above})
        assert len(check(run, Floors({"set": raised}))) == failing


def test_gate_tells_how_to_update_when_the_set_has_changed(tmp_path):
    floors = update(Floors(), run_of(tmp_path, GOOD))
    failures = check(run_of(tmp_path, GOOD, LINES[:2]), floors)
    whole = [str(failure) for failure in failures if not failure.figure]
    assert len(whole) == 2
    assert "holds 2 questions, 2 of them answerable, but its floors were measured on 3 and 2" in whole[0]
    assert "has changed since" in whole[1]
    assert all("--update-floors" in told for told in whole)


def test_gate_refuses_a_set_without_floors_and_floors_without_a_run(tmp_path):
    run = run_of(tmp_path, GOOD)
    pinned = update(Floors(), run).sets["set"]
    assert [failure.what for failure in check(run, Floors())] == ["has no floors"]
    floors = Floors({"set": pinned, "other": pinned})
    assert [failure.gold_set for failure in check(run, floors)] == ["other"]
    assert check(run, floors, whole=False) == []


def test_gate_refuses_a_figure_that_was_not_measured(tmp_path):
    run = run_of(tmp_path, GOOD)
    pinned = update(Floors(), run).sets["set"]
    floors = Floors({"set": replace(pinned, figures={**pinned.figures, "hit@2": 0.5})})
    assert [failure.figure for failure in check(run, floors)] == ["hit@2"]


def test_update_raises_and_never_lowers_unless_told(tmp_path):
    good, poor = run_of(tmp_path, GOOD), run_of(tmp_path, POOR)
    low, high = update(Floors(), poor), update(Floors(), good)
    assert update(low, good) == high
    assert update(high, poor) == high
    assert update(high, poor, lower=True) == low


def test_update_keeps_margins_and_other_sets(tmp_path):
    run = run_of(tmp_path, GOOD)
    pinned = replace(update(Floors(), run).sets["set"], margin=0.05)
    floors = update(Floors({"set": pinned, "other": pinned}), run)
    assert floors.sets["set"].margin == 0.05
    assert floors.sets["other"] == pinned


def test_floors_are_the_same_when_saved_and_loaded(tmp_path):
    floors = update(Floors(), run_of(tmp_path, POOR))
    floors.save(tmp_path / "floors.json")
    assert Floors.load(tmp_path / "floors.json") == floors


@pytest.mark.parametrize("content", ["", "[]", '{"sets": {"a": {}}}'])
def test_error_is_told_when_the_floors_are_malformed(tmp_path, content):
    (tmp_path / "floors.json").write_text(content, encoding="utf-8")
    with pytest.raises(GoldError, match="floors cannot be read"):
        Floors.load(tmp_path / "floors.json")
