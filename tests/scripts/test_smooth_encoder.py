"""What ships is what the script measures, over fewer lines and to a step here and there."""

from pathlib import Path

import numpy as np
import smooth_encoder

from rapportsvar.index.embedding.smoothing import powers_of, read_smoothing
from rapportsvar.index.embedding.weights import read_weights, wheel_weights

REPORTS = Path(__file__).parents[2] / "training" / "reports"


def test_the_shipped_powers_are_those_that_are_measured():
    lines = smooth_encoder.lines_of(REPORTS)
    assert len(lines) >= smooth_encoder.LINES
    assert all(len(line) in smooth_encoder.CHARS for line in lines)
    largest = smooth_encoder.measured(read_weights(wheel_weights()), lines[::10])
    shipped = read_smoothing()
    assert largest.keys() == shipped.keys()
    steps = np.concatenate([powers_of(largest[name]) - powers for name, powers in shipped.items()])
    large = np.concatenate(list(shipped.values())) >= 4
    assert large.sum() > 20
    assert np.abs(steps[large]).max() <= 1  # what stands out does so in any text
    assert (steps == 0).mean() > 0.7
