"""Arrays from disk, of which any bit may have changed."""

import numpy as np
import pytest

from rapportsvar.index.arrays import let_go, mapped


def test_array_is_mapped_as_it_was_written(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(10, dtype=np.int32))
    assert mapped(tmp_path / "a.npy").tolist() == list(range(10))
    with pytest.raises(ValueError, match="read-only"):
        mapped(tmp_path / "a.npy")[0] = 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_a_bit_changed_in_the_head_ends_in_one_kind_of_error(tmp_path):
    path = tmp_path / "a.npy"
    np.save(path, np.arange(10, dtype=np.int32))
    sound = path.read_bytes()
    refused = 0
    for bit in range(8 * 128):
        data = bytearray(sound)
        data[bit // 8] ^= 1 << bit % 8
        path.write_bytes(bytes(data))
        try:
            mapped(path)
        except ValueError:
            refused += 1
    assert refused > 1000


def test_what_was_let_go_is_read_again(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(100_000))
    array = mapped(tmp_path / "a.npy").reshape(-1, 10)[:5_000]
    assert array.sum() == sum(range(50_000))
    let_go(array)
    assert array.sum() == sum(range(50_000))
    let_go(np.arange(3))
