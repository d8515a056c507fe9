"""Scores that come in pieces, put together among few places and among all entries alike."""

import numpy as np
import pytest

from rapportsvar.retrieval.concepts import FEW_AMONG, together

ENTRIES = 1000


def pieces_of(lengths):
    chance = np.random.default_rng(len(lengths))
    return [
        (
            np.sort(chance.choice(ENTRIES, length, replace=False)).astype(np.int32),
            chance.random(length, np.float32),
        )
        for length in lengths
    ]


@pytest.mark.parametrize("put", [np.maximum, np.add])
@pytest.mark.parametrize("lengths", [(), (0, 0), (7,), (0, 7), (30, 40, 5), (400, 300, 900)], ids=str)
def test_pieces_become_one(put, lengths):
    pieces = pieces_of(lengths)
    wanted: dict[int, np.float32] = {}
    for places, scores in pieces:
        for place, score in zip(places.tolist(), scores, strict=True):
            wanted[place] = put(wanted[place], score) if place in wanted else score
    found = together(pieces, ENTRIES, put)
    assert dict(zip(found.places.tolist(), found.scores, strict=True)) == wanted
    assert found.places.tolist() == sorted(wanted)
    assert found.places.dtype == np.int64


def test_both_ways_are_met_above():
    assert 75 * FEW_AMONG < ENTRIES < 1600 * FEW_AMONG
