"""Whether this processor multiplies unsigned by signed bytes rightly.

One without the instructions for it (VNNI) adds two such products in 16 bits and cuts off what is larger,
and onnxruntime uses it so: with weights of eight bits a sum may come out at half of what it is. On such a
one vectors of the shipped model had a mean cosine of 0.994 with those of float32, at worst 0.970; with
unsigned weights, the same integers, 0.9975 and 0.996, at 0.85 of the speed (AVX2, 120 lines of real
reports, one thread, 2026-11-30). Others are faster without; so it is tried, once a process.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from rapportsvar.cache import kept

WIDTH = 128
_PROBE = "probe-1.onnx"


@cache
def saturates() -> bool:
    """Tell whether sums of unsigned times signed bytes are cut off here (2 ms)."""
    try:
        model = kept(_PROBE, _probe)
    except OSError:
        model = _probe()
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    (sums,) = session.run(None, {"x": np.ones((1, 1, WIDTH), np.float32)})
    return bool(abs(float(sums[0, 0, 0]) - WIDTH) > 1.0)


def _probe() -> bytes:
    """Make a graph that adds ones, each of them the largest byte times the largest byte."""
    from onnx import TensorProto, helper, numpy_helper

    constants: dict[str, NDArray[Any]] = {
        "w": np.full((WIDTH, 16), 127, np.int8),
        "scales": np.full(16, 1 / 127, np.float32),
        "zeros": np.zeros(16, np.int8),
    }
    node = helper.make_node("DynamicQuantizeMatMul", ["x", *constants], ["y"], domain="com.microsoft")
    graph = helper.make_graph(
        [node],
        "probe",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, WIDTH])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, 16])],
        [numpy_helper.from_array(values, name) for name, values in constants.items()],
    )
    operators = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    made = helper.make_model(graph, opset_imports=operators, ir_version=10)
    return bytes(made.SerializeToString())
