import json

import pytest

from rapportsvar.errors import CitationError, GoldError, SettingsError
from rapportsvar.evaluation.calibration import calibrate
from rapportsvar.evaluation.compare import compare
from rapportsvar.evaluation.gold import read_gold
from rapportsvar.evaluation.run import Run, evaluate
from rapportsvar.evaluation.table import align, comparison_text, run_text

from .synthetic import Scripted, answer, gold_line, quoted, write_lines

WHY = gold_line()
WHERE = gold_line(
    id="q2", question="Hemtjänst?", type="quantity", style="keyword", history=["Hur gick det?"]
) | {
    "evidence": [{"quote": "Hemtjänst\t900\t880", "kind": "table", "relevance": 2}],
    "values": ["880"],
}
NO = gold_line(id="q3", question="Vad tycker du?", type="scope", evidence=[], reason="opinion")
LINES = [WHY, WHERE, NO]
GOOD = {WHY["question"]: quoted(WHY), WHERE["question"]: quoted(WHERE), NO["question"]: quoted(NO)}
POOR = GOOD | {WHY["question"]: answer(confidence=0.3), NO["question"]: answer(confidence=0.9)}


def run_of(tmp_path, answers, lines=LINES, **more):
    asker = Scripted(answers, **more)
    return evaluate(asker, [read_gold(write_lines(tmp_path / "set.jsonl", lines), asker)], resamples=50)


def test_run_holds_rows_figures_and_circumstances(tmp_path):
    run = run_of(tmp_path, GOOD)
    (one,) = run.sets
    assert [row.id for row in one.rows] == ["q1", "q2", "q3"]
    assert (one.answerable, one.unanswerable) == (2, 1)
    assert one.overall["hit@1"].value == 1
    assert one.overall["hit@1"].questions == 2
    assert one.overall["balanced accuracy"].value == 1
    assert set(one.by_kind) == {"why", "quantity", "scope"}
    assert set(one.by_style) == {"politician", "keyword"}
    assert one.by_kind["why"]["hit@1"].low is None
    assert run.engine["settings"]["folder"] == "x"
    assert run.versions["python"]
    assert run.machine["cores"] >= 1
    assert not any(row.missed for row in one.rows)


def test_history_is_asked_with_the_question_and_progress_told(tmp_path):
    asker, told = Scripted(GOOD), []
    gold = read_gold(write_lines(tmp_path / "set.jsonl", LINES), asker)
    evaluate(asker, [gold], progress=lambda done, total: told.append((done, total)), resamples=5)
    assert asker.asked[1] == ("Hemtjänst?", ("Hur gick det?",))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("line", [WHY, NO], ids=["answerable", "unanswerable"])
def test_question_counts_as_wrong_when_the_engine_fails_on_it(tmp_path, line):
    error = CitationError("The quote does not stand there")
    (row,) = run_of(tmp_path, GOOD, [line], errors={line["question"]: error}).sets[0].rows
    assert row.missed
    assert set(row.measures.values()) == {0.0}
    assert row.error.startswith("The quote does not stand there")


def test_run_is_the_same_when_saved_and_loaded(tmp_path):
    run = run_of(tmp_path, POOR)
    run.save(tmp_path / "runs" / "one.json")
    loaded = Run.load(tmp_path / "runs" / "one.json")
    assert loaded == run
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["one.json"]


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"format": 99})])
def test_error_is_told_when_a_file_is_no_run(tmp_path, content):
    (tmp_path / "one.json").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="run cannot be read"):
        Run.load(tmp_path / "one.json")


def test_two_sets_of_one_name_are_refused(tmp_path):
    (tmp_path / "other").mkdir()
    asker = Scripted(GOOD)
    sets = [
        read_gold(write_lines(tmp_path / name, LINES), asker) for name in ("set.jsonl", "other/set.jsonl")
    ]
    with pytest.raises(GoldError, match="Two gold sets"):
        evaluate(asker, sets)


def test_comparison_tells_won_and_lost_when_a_run_is_better(tmp_path):
    comparison = compare(run_of(tmp_path, POOR), run_of(tmp_path, GOOD))
    (one,) = comparison.sets
    changes = {change.name: change for change in one.changes}
    assert one.same_set
    assert changes["hit@3"].won == ("q1",)
    assert changes["hit@3"].lost == ()
    assert changes["hit@3"].difference == 0.5
    assert changes["unanswerable refused"].won == ("q3",)
    assert changes["balanced accuracy"].p_sign is None
    assert [new.id for _, new in one.changed] == ["q1", "q3"]


def test_comparison_pairs_only_common_questions_when_the_set_has_changed(tmp_path):
    comparison = compare(run_of(tmp_path, GOOD, [WHY, NO]), run_of(tmp_path, GOOD, [WHY, WHERE]))
    (one,) = comparison.sets
    assert not one.same_set
    assert (one.only_before, one.only_after) == (("q3",), ("q2",))
    assert {change.questions for change in one.changes if change.name == "hit@1"} == {1}


def test_calibration_counts_first_hits_as_correct(tmp_path):
    calibration = calibrate(run_of(tmp_path, POOR).sets[0].rows)
    assert [(one.questions, one.correct) for one in calibration.bins] == [(1, 0), (1, 1), (1, 0)]
    assert calibration.brier == pytest.approx((0.3**2 + 0.2**2 + 0.9**2) / 3)
    assert calibration.expected_error == pytest.approx((0.3 + 0.2 + 0.9) / 3)


def test_tables_for_the_terminal_are_swedish_and_aligned(tmp_path):
    good, poor = run_of(tmp_path, GOOD), run_of(tmp_path, POOR)
    told = run_text(poor)
    assert "set: 2 besvarbara frågor, 1 obesvarbara" in told
    assert "0,500" in told
    assert "mängd" in told
    compared = comparison_text(compare(poor, good))
    assert "hit@3, vunna: q1" in compared
    assert "+0,500" in compared
    assert align([("a", "10"), ("bbb", "5")]) == "a    10\nbbb   5"
