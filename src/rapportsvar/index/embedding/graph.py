"""The encoder as an ONNX graph: token embeddings in, one vector of unit length out.

The graph reads one text at a time, ``rows`` (1, tokens, hidden) float32, and gives ``vector`` (1, hidden).
There is no padding and hence no mask: a text's vector depends on the text alone (dynamic quantisation over a
batch would make it depend on its neighbours), and texts are run side by side on threads. The table of token
embeddings stays outside, in the mapped weights: it is four fifths of the model, of which a question needs a
dozen rows.

Matrices are int8 with one scale an output, what they are multiplied with is uint8 with one scale a text. Two
things make that as exact as it is:

- **Smoothing** (Xiao et al. 2023, "SmoothQuant"): a few inputs are ten to twenty times greater than the rest,
  and would leave these a few of the 256 steps. They are divided by powers of two, by which their columns
  are multiplied; see ``smoothing.py``.
- **Pairs are bounded.** A processor without VNNI adds two products of bytes in 16 bits and cuts off what is
  larger, so two weights side by side, which it multiplies with at most 255 each, may be no more than 128
  together; the scale of an output is chosen so. It costs a third of a bit and is exact on every processor.

Precision and speed of ways to quantise (122 lines of the reports in shared/corpus, 7,030 tokens, one text a
run, two threads; AVX2 without VNNI, 2026-12-01):

====================================================  ===========  ===============  ========
matrices                                              mean cosine  smallest cosine  tokens/s
====================================================  ===========  ===============  ========
float32                                               1.0000       1.0000           2,900
int8 as uint8 about 128, ``fo`` in blocks of 128      0.9977       0.9965           3,200
int8, pairs bounded                                   0.9924       0.9819           4,600
int8, pairs bounded, smoothed                         0.9984       0.9974           4,700
====================================================  ===========  ===============  ========

The second is what was used before. ``SkipLayerNormalization``, with which these were measured, takes five
times as long here as the addition and the normalisation that it is made of: with these two it is 5,100 to
5,700 tokens/s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from rapportsvar.index.embedding.weights import Weights

INPUT = "rows"
OUTPUT = "vector"

Floats = NDArray[np.float32]

_FUSED = "com.microsoft"
_FUSED_KINDS = {
    "DynamicQuantizeMatMul",
    "Gelu",
    "MultiHeadAttention",
}
"""Operators of onnxruntime's own; its documentation is ``docs/ContribOperators.md`` in its repository."""
_OPSET = 20
_IR_VERSION = 10
_LARGEST = 127
_PAIR = 128
"""Of two weights together: times 255 it is within 16 bits."""


def build_graph(weights: Weights, smoothing: Mapping[str, NDArray[np.int8]]) -> onnx.ModelProto:
    """The quantised graph of these weights; the fused operators are those of onnxruntime's CPU provider.

    Args:
        weights: The weights.
        smoothing: Powers of two by which inputs are divided, ``(inputs,)`` by the name of their matrices
            ("l0.qkv", "l0.ao", "l0.fi", "l0.fo"); those that are not named stay as they are.
    """
    graph = _Graph(weights, smoothing)
    hidden = graph.embedded()
    for layer in range(weights.architecture.layers):
        hidden = graph.layer(f"l{layer}", hidden)
    graph.pooled(hidden)
    return graph.model()


class _Graph:
    """Collects nodes and constants; each method adds some and returns the name of its result."""

    def __init__(self, weights: Weights, smoothing: Mapping[str, NDArray[np.int8]]) -> None:
        self._weights = weights
        self._smoothing = smoothing
        self._sizes = weights.architecture
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def embedded(self) -> str:
        hidden = self._sizes.hidden
        positions = (
            self._weights.vector("emb.pos").reshape(-1, hidden) + self._weights.vector("emb.type")[:hidden]
        )
        table = self._constant("positions", positions)
        first = self._constant("first", np.array([0], np.int64))
        length = self._node("Shape", [INPUT], "length", start=1, end=2)
        here = self._node("Slice", [table, first, length, first], "positions_here")
        summed = self._node("Add", [INPUT, here], "embedded")
        return self._norm("emb.ln", summed)

    def layer(self, name: str, hidden: str) -> str:
        parts = self._product(f"{name}.qkv", self._smoothed(f"{name}.qkv", hidden), *self._qkv(name))
        heads = [f"{name}.queries", f"{name}.keys", f"{name}.values"]
        self._nodes.append(helper.make_node("Split", [parts], heads, axis=2, num_outputs=3))
        context = self._node("MultiHeadAttention", heads, f"{name}.context", num_heads=self._sizes.heads)
        attended = self._product(f"{name}.ao", context, *self._of(f"{name}.ao"))
        hidden = self._added_norm(f"{name}.aln", attended, hidden)
        wide = self._product(f"{name}.fi", self._smoothed(f"{name}.fi", hidden), *self._of(f"{name}.fi"))
        bent = self._node("Gelu", [wide], f"{name}.gelu")
        narrow = self._product(f"{name}.fo", self._smoothed(f"{name}.fo", bent), *self._of(f"{name}.fo"))
        return self._added_norm(f"{name}.oln", narrow, hidden)

    def pooled(self, hidden: str) -> None:
        axis = self._constant("tokens_axis", np.array([1], np.int64))
        mean = self._node("ReduceMean", [hidden, axis], "mean", keepdims=0)
        self._node("LpNormalization", [mean], OUTPUT, axis=-1, p=2)

    def model(self) -> onnx.ModelProto:
        hidden = self._sizes.hidden
        given = helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, "tokens", hidden])
        wanted = helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, hidden])
        graph = helper.make_graph(self._nodes, "encoder", [given], [wanted], self._constants)
        operators = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
        return helper.make_model(graph, opset_imports=operators, ir_version=_IR_VERSION)

    def _of(self, name: str) -> tuple[Floats, Floats]:
        """Matrix, (outputs, inputs), for smoothed inputs, and bias."""
        return self._weights.matrix(f"{name}.w") * self._factors(name), self._weights.vector(f"{name}.b")

    def _qkv(self, name: str) -> tuple[Floats, Floats]:
        """Three matrices as one; values come out smoothed, for what is mixed of them goes into ``ao``."""
        matrices = [self._weights.matrix(f"{name}.{part}.w") * self._factors(f"{name}.qkv") for part in "qkv"]
        biases = [self._weights.vector(f"{name}.{part}.b") for part in "qkv"]
        outwards = self._factors(f"{name}.ao")
        matrices[2] = matrices[2] / outwards[:, None]
        biases[2] = biases[2] / outwards
        return np.concatenate(matrices), np.concatenate(biases)

    def _factors(self, name: str) -> Floats:
        """What the inputs of a matrix are divided by: one for each, or one for all where there is nothing."""
        return np.exp2(self._smoothing.get(name, np.zeros(1)).astype(np.float32))

    def _smoothed(self, name: str, given: str) -> str:
        factors = self._factors(name)
        if (factors == 1).all():
            return given
        return self._node(
            "Mul", [given, self._constant(f"{name}.smoothing", 1 / factors)], f"{name}.smoothed"
        )

    def _product(self, result: str, given: str, matrix: Floats, bias: Floats) -> str:
        """Multiply by a matrix in int8 with one scale an output, and add the bias."""
        largest = np.maximum(
            np.abs(matrix).max(axis=1) / _LARGEST,
            # one less, for each of the two may be rounded up by a half
            np.abs(matrix[:, 0::2] + matrix[:, 1::2]).max(axis=1) / (_PAIR - 1),
        )
        scales = np.maximum(largest, 1e-12).astype(np.float32)
        inputs = [
            given,
            self._constant(f"{result}.int8", np.rint(matrix / scales[:, None]).astype(np.int8).T),
            self._constant(f"{result}.scales", scales),
            self._constant(f"{result}.zeros", np.zeros(len(matrix), np.int8)),
            self._constant(f"{result}.bias", bias),
        ]
        return self._node("DynamicQuantizeMatMul", inputs, result)

    def _added_norm(self, name: str, change: str, hidden: str) -> str:
        return self._norm(name, self._node("Add", [change, hidden], f"{name}.sum"))

    def _norm(self, name: str, given: str) -> str:
        inputs = [given, self._vector(f"{name}.w"), self._vector(f"{name}.b")]
        return self._node("LayerNormalization", inputs, name, axis=-1, epsilon=self._sizes.epsilon)

    def _vector(self, name: str) -> str:
        return self._constant(name, self._weights.vector(name))

    def _constant(self, name: str, values: NDArray[np.generic]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, kind: str, inputs: Sequence[str], output: str, **attributes: float) -> str:
        node = helper.make_node(kind, inputs, [output], domain=_FUSED if kind in _FUSED_KINDS else "")
        node.attribute.extend(helper.make_attribute(key, value) for key, value in attributes.items())
        self._nodes.append(node)
        return output
