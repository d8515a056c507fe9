"""Arrays from disk, of which any bit may have changed."""

import numpy as np
import pytest

from rapportsvar.index.arrays import mapped


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
