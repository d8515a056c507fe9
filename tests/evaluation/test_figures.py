import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapportsvar.evaluation.bootstrap import (
    draw_weights,
    interval,
    weighted_auroc,
    weighted_mean,
    weighted_percentile,
)
from rapportsvar.evaluation.calibration import calibrate
from rapportsvar.evaluation.compare import permutation_p, sign_p
from rapportsvar.evaluation.gold import read_gold
from rapportsvar.evaluation.judge import judge, plain
from rapportsvar.evaluation.measures import hit as hit_at
from rapportsvar.evaluation.measures import measure_all, value

from .synthetic import TEXT, MemoryReports, answer, gold_line, hit, write_lines

REPORTS = MemoryReports()
QUOTE = "Orsaken är fler barn med stort stöd."
START = TEXT.find(QUOTE)
END = START + len(QUOTE)
ROW = TEXT.find("Placeringar\t")
CELL = TEXT.find("1 450")


def judged(tmp_path, line, made):
    (question,) = read_gold(write_lines(tmp_path / "set.jsonl", [line]), REPORTS).questions
    return judge(question, made, REPORTS.text)


def test_rank_counts_hits_and_characters_when_the_second_hit_answers(tmp_path):
    made = answer([hit("b.txt", 0, 40), hit("a.txt", START, END, [(START, END)])])
    judgement = judged(tmp_path, gold_line(), made)
    row = measure_all(judgement)
    assert (judgement.rank, judgement.read_chars) == (2, 40 + len(QUOTE))
    assert (row["hit@1"], row["hit@3"], row["mrr@10"], row["highlight F1@3"]) == (0, 1, 0.5, 1)
    assert hit_at(2).of(judgement) == 1


def test_all_groups_are_needed_when_there_are_several(tmp_path):
    row = {"quote": "Hemtjänst\t900\t880", "kind": "table", "relevance": 2, "group": 2}
    line = gold_line(evidence=[{"quote": QUOTE, "kind": "passage", "relevance": 2, "group": 1}, row])
    judgement = judged(tmp_path, line, answer([hit("a.txt", START, END)]))
    assert judgement.rank is None
    assert judgement.groups_found == 0.5


def test_row_is_covered_when_a_cell_of_it_holds_the_value(tmp_path):
    row = {"quote": "Placeringar\t1 200\t1 450", "kind": "table", "relevance": 2}
    line = gold_line(evidence=[row], values=["1 450"])
    made = answer([hit("a.txt", CELL, CELL + 5, cells=[(CELL, CELL + 5)])])
    judgement = judged(tmp_path, line, made)
    assert judgement.rank == 1
    assert value(1).of(judgement) == 1


def test_measures_apply_to_their_questions_only_when_nothing_answers(tmp_path):
    line = gold_line(evidence=[], reason="opinion")
    assert measure_all(judged(tmp_path, line, answer(found=False, reason="opinion"))) == {
        "unanswerable refused": 1.0,
        "reason right": 1.0,
    }


def test_quotes_are_not_exact_when_what_is_shown_does_not_stand_there(tmp_path):
    shown = hit("a.txt", START, END) | {"text": "Orsaken är en annan."}
    row = measure_all(judged(tmp_path, gold_line(), answer([shown])))
    assert row["quotes exact"] == 0


def test_plain_makes_blanks_signs_and_tags_alike():
    assert plain("<b>1\u00a0200</b> \u22125\u20136\n TKR") == "1 200 -5-6 tkr"


def test_weighted_figures_are_plain_figures_when_each_question_is_drawn_once():
    once = np.ones((1, 4))
    assert weighted_mean(np.array([1, 0, np.nan, 1.0]), once)[0] == pytest.approx(2 / 3)
    auroc = weighted_auroc(np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False]), once)
    assert auroc[0] == pytest.approx(3.5 / 4)
    assert weighted_percentile(np.array([4.0, 1, 3, 2]), 0.5, once)[0] == 3


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=20), st.integers(0, 9))
def test_weighted_figures_are_those_of_the_sample_written_out(values, seed):
    (weights,) = draw_weights(len(values), 1, seed)
    sample = sorted(np.repeat(values, weights.astype(int)))
    array = np.array(values)
    assert weighted_mean(array, weights[None])[0] == pytest.approx(np.mean(sample))
    wanted = sample[min(len(sample) - 1, int(0.95 * len(sample)))]
    assert weighted_percentile(array, 0.95, weights[None])[0] == wanted


def test_resamples_draw_every_question_as_often_on_average():
    weights = draw_weights(50, 2000, 0)
    assert (weights.sum(axis=1) == 50).all()
    assert weights.mean(axis=0) == pytest.approx(np.ones(50), abs=0.1)
    assert (draw_weights(50, 2000, 0) == weights).all()


def test_interval_is_near_the_normal_one_when_the_sample_is_large():
    values = np.array([1.0] * 60 + [0.0] * 40)
    low, high = interval(weighted_mean(values, draw_weights(100, 2000, 1)))
    assert (low, high) == pytest.approx((0.504, 0.696), abs=0.02)
    assert interval(np.array([np.nan])) is None


@pytest.mark.parametrize(
    ("differences", "p"), [([0, 0], 1), ([1, 0], 1), ([1, 1, 1], 0.25), ([1, 1, -1], 1), ([1] * 10, 2 / 1024)]
)
def test_permutation_test_is_exact_when_few_questions_differ(differences, p):
    assert permutation_p(np.array(differences, dtype=float)) == pytest.approx(p)


def test_permutation_test_by_draws_is_near_the_sign_test_when_many_differ_alike():
    assert permutation_p(np.array([1.0] * 20 + [-1.0] * 8)) == pytest.approx(sign_p(20, 8), abs=0.01)


@pytest.mark.parametrize(
    ("won", "lost", "p"), [(0, 0, 1), (1, 0, 1), (5, 0, 0.0625), (0, 5, 0.0625), (3, 3, 1)]
)
def test_sign_test_is_exact(won, lost, p):
    assert sign_p(won, lost) == pytest.approx(p)


def test_calibration_is_none_without_rows():
    assert calibrate([]) is None
