"""The manifest: which generation of the index is in place, what it was made of, and what its files should be.

An index folder holds one ``manifest.json`` and one folder for each generation. A generation is never changed after
the manifest names it. Putting a new one in place is one ``os.replace`` of the manifest.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from rapportsvar.errors import IndexDamaged, IndexForeign, IndexMissing, IndexStale

FORMAT = 1
MANIFEST = "manifest.json"
GENERATION_PREFIX = "generation-"
REBUILD = "Build it again with: rapportsvar index"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index is.

    Attributes:
        format: Version of the layout of the folder.
        generation: Name of the generation's folder.
        version: Of the program that built it.
        fingerprint: Of the code and word lists that read and analysed the reports.
        model: Name of the encoder.
        dimensions: Of its vectors.
        settings: What it was built with.
        created: When, in ISO form.
        root: The folder (or first path) that the sources' names are below.
        sources: Each source with the hash of its bytes.
        failures: Sources that could not be read, with the reason.
        counts: Reports, passages, rows, vectors.
        files: Each file of the generation with its size in bytes and its SHA-256.
    """

    format: int
    generation: str
    version: str
    fingerprint: str
    model: str
    dimensions: int
    settings: Mapping[str, Any]
    created: str
    root: str
    sources: Mapping[str, str]
    failures: Mapping[str, str]
    counts: Mapping[str, int]
    files: Mapping[str, tuple[int, str]]


def read_manifest(folder: Path) -> Manifest:
    """Read an index folder's manifest.

    Raises:
        IndexMissing: There is no index.
        IndexForeign: The folder holds something else.
        IndexStale: It was written by a newer version.
        IndexDamaged: The manifest cannot be read.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as missing:
        others = folder.is_dir() and any(p.name not in {"README.md", "build.lock"} for p in folder.iterdir())
        if others and not any(p.name.startswith(GENERATION_PREFIX) for p in folder.iterdir()):
            raise IndexForeign(
                "The folder holds files that are no index", where=str(folder), todo="Name another folder."
            ) from missing
        raise IndexMissing("There is no index here", where=str(folder), todo="Build one with: rapportsvar index") from (
            missing
        )
    except (OSError, ValueError) as bad:
        raise IndexDamaged(f"The manifest cannot be read: {bad}", where=str(path), todo=REBUILD) from bad
    try:
        if content["format"] > FORMAT:
            raise IndexStale(
                f"The index has format {content['format']}, this version knows {FORMAT}",
                where=str(folder),
                todo="Upgrade rapportsvar, or build the index again.",
            )
        return Manifest(**{**content, "files": {k: (v[0], v[1]) for k, v in content["files"].items()}})
    except (KeyError, TypeError, IndexError, AttributeError) as bad:
        raise IndexDamaged(f"The manifest is not complete: {bad!r}", where=str(path), todo=REBUILD) from bad


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a manifest in place, in one step that survives a loss of power."""
    aside = folder / f"{MANIFEST}.new"
    with aside.open("w", encoding="utf-8") as stream:
        json.dump(asdict(manifest), stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(folder / MANIFEST)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def describe_files(generation: Path) -> dict[str, tuple[int, str]]:
    """Sync every file of a generation to disk; return its size and SHA-256 by path below the folder."""
    described = {}
    for path in sorted(p for p in generation.rglob("*") if p.is_file()):
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())
        described[path.relative_to(generation).as_posix()] = (path.stat().st_size, sha256_of(path))
    for inner in [generation, *(p for p in generation.rglob("*") if p.is_dir())]:
        sync_folder(inner)
    return described


def check_files(folder: Path, manifest: Manifest, *, contents: bool) -> None:
    """Compare a generation's files with the manifest.

    Args:
        folder: The index folder.
        manifest: Its manifest.
        contents: Compare the contents too, not only the sizes.

    Raises:
        IndexDamaged: A file is missing, has another size, or other contents.
    """
    for name, (size, digest) in manifest.files.items():
        path = folder / manifest.generation / name
        if not path.is_file():
            raise IndexDamaged("A file of the index is missing", where=str(path), todo=REBUILD)
        if path.stat().st_size != size:
            raise IndexDamaged(
                f"A file of the index has {path.stat().st_size} bytes in place of {size}", where=str(path), todo=REBUILD
            )
        if contents and sha256_of(path) != digest:
            raise IndexDamaged("A file of the index has changed since it was written", where=str(path), todo=REBUILD)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@cache
def code_fingerprint() -> str:
    """Identify the code and word lists that decide what an index holds: the floors from errors up to index."""
    digest = hashlib.sha256()
    package = files("rapportsvar")
    for floor in ("model.py", "swedish", "reading", "structure", "index"):
        root = Path(str(package / floor))
        for path in sorted([root] if root.is_file() else root.rglob("*")):
            if path.suffix in {".py", ".tsv", ".txt"}:
                digest.update(path.relative_to(root.parent).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
