import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapportsvar.index.placed import pack, unpack
from rapportsvar.model import PlacedWords

_WORD = st.tuples(
    st.integers(0, 9),
    st.integers(1, 40),
    st.integers(1, 3000),
    st.tuples(*[st.floats(-50, 3000, width=32)] * 4),
)


def _words(drawn):
    starts, ends, at = [], [], 0
    for gap, length, _, _ in drawn:
        starts.append(at + gap)
        at += gap + length
        ends.append(at)
    boxes = np.array([box for *_, box in drawn], np.float32).reshape(-1, 4)
    pages = np.array([page for _, _, page, _ in drawn], np.int32)
    return PlacedWords(np.array(starts, np.int32), np.array(ends, np.int32), pages, boxes)


@given(st.lists(_WORD, max_size=40))
def test_placed_words_come_back_as_they_were(drawn):
    words = _words(drawn)
    back = unpack(pack(words))
    assert back.starts.tolist() == words.starts.tolist()
    assert back.ends.tolist() == words.ends.tolist()
    assert back.pages.tolist() == words.pages.tolist()
    assert back.boxes.shape == words.boxes.shape
    assert back.boxes.dtype == np.float32
    assert np.allclose(back.boxes, words.boxes, atol=0.026)


def test_damaged_bytes_are_refused():
    with pytest.raises(ValueError, match="unpacked"):
        unpack(b"nonsense")
