"""Measure the largest inputs of the encoder's matrices, and write by how much they are divided.

Needed when the weights change; count ``GRAPH_VERSION`` up then. Takes the plain weights in float32 over lines
of the reports in ``training``, half a minute. ::

    python scripts/smooth_encoder.py training/reports
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray

from rapportsvar.index.embedding.engine import PASSAGE_PREFIX
from rapportsvar.index.embedding.graph import INPUT, build_graph
from rapportsvar.index.embedding.smoothing import SHIPPED, powers_of
from rapportsvar.index.embedding.tokenizer import Tokenizer
from rapportsvar.index.embedding.weights import Weights, read_weights, wheel_weights

LINES = 250
CHARS = range(60, 500)


def main() -> None:
    """Run, and write ``data/smoothing.npz``."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reports", type=Path)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    options = parser.parse_args()
    largest = measured(read_weights(wheel_weights()), lines_of(options.reports))
    np.savez_compressed(options.out, **{name: powers_of(values) for name, values in largest.items()})


def lines_of(reports: Path) -> list[str]:
    """Take lines of running text, evenly from all reports."""
    lines = [
        line.strip()
        for path in sorted(reports.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if len(line.strip()) in CHARS
    ]
    return lines[:: max(1, len(lines) // LINES)]


def measured(weights: Weights, lines: list[str]) -> dict[str, NDArray[np.float32]]:
    """Return the largest value of each input of each matrix."""
    inputs = {
        f"l{layer}.{matrix}": name
        for layer in range(weights.architecture.layers)
        for matrix, name in (
            ("qkv", "emb.ln" if layer == 0 else f"l{layer - 1}.oln"),
            ("ao", f"l{layer}.context"),
            ("fi", f"l{layer}.aln"),
            ("fo", f"l{layer}.gelu"),
        )
    }
    wanted = sorted(set(inputs.values()))
    options = ort.SessionOptions()
    options.log_severity_level = 3  # it would name every matrix that is not used
    session = ort.InferenceSession(in_float32(weights, wanted).SerializeToString(), options)
    tokenizer = Tokenizer(weights.vocabulary)
    largest: dict[str, NDArray[np.float32]] = {}
    for line in lines:
        ids = np.array(tokenizer.ids(PASSAGE_PREFIX + line, weights.architecture.max_tokens), np.int64)
        for name, values in zip(wanted, session.run(wanted, {INPUT: weights.words(ids)[None]}), strict=True):
            now = np.abs(values[0]).max(axis=0)
            largest[name] = np.maximum(largest[name], now) if name in largest else now
    return {matrix: largest[name] for matrix, name in inputs.items()}


def in_float32(weights: Weights, wanted: list[str]) -> onnx.ModelProto:
    """Build the graph with matrices in float32, as int8 has rounded them; let it give what is wanted."""
    model = build_graph(weights, {})
    constants = {c.name: onnx.numpy_helper.to_array(c) for c in model.graph.initializer}
    nodes: list[onnx.NodeProto] = []
    for node in model.graph.node:
        if node.op_type != "DynamicQuantizeMatMul":
            nodes.append(node)
            continue
        given, integers, scales, _, bias = node.input
        name, result = f"{node.output[0]}.float", node.output[0]
        matrix = (constants[integers] * constants[scales]).astype(np.float32)
        model.graph.initializer.append(onnx.numpy_helper.from_array(matrix, name))
        nodes.append(onnx.helper.make_node("MatMul", [given, name], [f"{result}.product"]))
        nodes.append(onnx.helper.make_node("Add", [f"{result}.product", bias], [result]))
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    shown = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in wanted]
    model.graph.output.extend(shown)
    return model


if __name__ == "__main__":
    main()
