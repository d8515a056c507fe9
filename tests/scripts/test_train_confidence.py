"""How sure an answer is: what is fitted, and what ships, keeps to the side of nought that makes sense."""

import json
from pathlib import Path

import numpy as np
import pytest
import train_confidence
from train_confidence import AGAINST, FOR, logistic, platt

from rapportsvar.answering.confidence import FEATURES

ROOT = Path(__file__).parents[2]
SHIPPED = json.loads((ROOT / train_confidence.CONFIDENCE).read_text(encoding="utf-8"))


def test_names_are_those_that_confidence_is_judged_by():
    assert set(FOR) | set(AGAINST) <= set(FEATURES)
    assert not set(FOR) & set(AGAINST)
    assert list(SHIPPED["weights"]) == list(FEATURES)


def test_what_ships_is_on_its_side_of_nought():
    assert all(SHIPPED["weights"][name] >= 0 for name in FOR)
    assert all(SHIPPED["weights"][name] <= 0 for name in AGAINST)
    assert sum(weight != 0 for weight in SHIPPED["weights"].values()) > 20


def asked(count=600):
    chance = np.random.default_rng(3)
    features = chance.normal(size=(count, len(FEATURES)))
    is_answerable = features[:, FEATURES.index("top cosine")] + 0.5 * chance.normal(size=count) > 0
    return features, is_answerable


def test_a_weight_of_the_wrong_sign_becomes_nought():
    features, is_answerable = asked()
    lacks = FEATURES.index("all lack date")
    features[:, lacks] += 2.0 * is_answerable  # in the sample, what lacks a date is answered more often
    weights, _ = logistic(features, is_answerable)
    assert weights[lacks] == 0
    assert weights[FEATURES.index("top cosine")] > 0


def test_a_kind_that_few_questions_are_of_has_no_weight():
    features, is_answerable = asked()
    kind = FEATURES.index("kind development")
    features[:, kind] = is_answerable  # none of it was posed
    weights, _ = logistic(features, is_answerable)
    assert weights[kind] == 0


def test_probabilities_are_those_of_what_was_right():
    chance = np.random.default_rng(4)
    logit = chance.normal(size=4000)
    is_right = chance.random(4000) < 1 / (1 + np.exp(-(2 * logit + 1)))
    scale, shift = platt(logit, is_right, np.full(4000, 1 / 4000))
    assert (scale, shift) == pytest.approx((2, 1), abs=0.25)
