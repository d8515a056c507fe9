"""The paragraph after a deviation, where it states the cause."""

from types import SimpleNamespace

import numpy as np
import pytest

from rapportsvar.model import QuestionKind
from rapportsvar.retrieval.causes_after import with_causes
from rapportsvar.retrieval.signals import IS_ROW, TRAIT

CANDIDATES = np.array([10, 11, 20, 21, 30])


def index(causes, *, rows=(), reports=None):
    traits = np.zeros((40, len(TRAIT) + 1), np.float32)
    for place, strength in causes.items():
        traits[place, TRAIT["cause"]] = strength
    traits[list(rows), IS_ROW] = 1
    entries = np.zeros(40, dtype=[("report", "i4")])
    entries["report"] = reports if reports is not None else 1
    return SimpleNamespace(traits=traits, entries=entries)


def ordered(index, kind=QuestionKind.WHY, order=(2, 4, 0, 1, 3)):
    asked = SimpleNamespace(kind=kind)
    return CANDIDATES[with_causes(np.array(order), CANDIDATES, index, asked)].tolist()


def test_the_cause_after_a_deviation_comes_right_behind_it():
    assert ordered(index({21: 0.9})) == [20, 21, 30, 10, 11]


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (index({21: 0.9}), QuestionKind.HOW_MUCH),
        (index({20: 0.8, 21: 0.9}), QuestionKind.WHY),
        (index({21: 0.3}), QuestionKind.WHY),
        (index({21: 0.9}, rows=[21]), QuestionKind.WHY),
        (index({21: 0.9}, reports=[1] * 21 + [2] * 19), QuestionKind.WHY),
    ],
    ids=["no why", "states one itself", "states none", "a row", "another report"],
)
def test_the_order_stays_otherwise(given, kind):
    assert ordered(given, kind) == [20, 30, 10, 11, 21]
