"""The manifest: which generation of the index is in place, what it was made of, and what its files should be.

::

    <index>/
        manifest.json         names the generation that is served; carries its own checksum
        generation-000007/    the generation: store.sqlite and what is derived from it; never changed again
        generation-000006/    the one before, for readers that are opening it; the next build takes it away
        embeddings.sqlite     vectors of a build that was cut off; the next build uses them, then removes it
        build.lock            held by the process that builds
        library/              uploaded reports and notes, see library/place.py: no build changes it
        views/                what readers see who may not see all, see view.py: made when it is asked for

Putting a new generation in place is one ``os.replace`` of the manifest.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from rapportsvar.errors import (
    IndexDamaged,
    IndexForeign,
    IndexMissing,
    IndexNewer,
    IndexOlder,
    IndexUnreadable,
    IndexUnusable,
)
from rapportsvar.library.place import DEFAULT_FOLDER

FORMAT = 5
OLDEST = 2
"""The oldest format that an update takes over: where the reports lie, what is hidden, what is embedded."""
MANIFEST = "manifest.json"
SAVED_EMBEDDINGS = "embeddings.sqlite"
DELTA = "encoder.npz"
"""In a generation: low-rank changes that adapt the encoder to the reports; absent where it is as shipped."""
FILES = "files"
"""Folder of the files whose pages can be shown."""
VIEWS = "views"
"""Folder of the indexes that hold only what some readers may see."""
LOCK = "build.lock"
GENERATION_PREFIX = "generation-"
REBUILD = "Build it again with: rapportsvar index"

_GENERATION = re.compile(rf"{GENERATION_PREFIX}(\d{{1,12}})")
_OWN = frozenset(
    {
        *(MANIFEST, f"{MANIFEST}.new", SAVED_EMBEDDINGS, f"{SAVED_EMBEDDINGS}-journal", LOCK, "README.md"),
        *(FILES, VIEWS, DEFAULT_FOLDER),
    }
)
_CHECKSUM = "checksum"


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
        paths: All paths that were indexed, absolute; the library is indexed besides and not among them.
        sources: Each source with the hash of its bytes.
        failures: Sources that could not be read, with the reason.
        failed: The hash of the bytes of each of these; empty where they could not even be read.
        counts: Reports, passages, rows, vectors.
        files: Each file of the generation with its size in bytes and its SHA-256.
        corrected: Sources whose metadata was corrected by hand, with a digest of the corrections.
        hidden: Sources that were left out since they are hidden, with the hash of their bytes.
        older: Folders of the generation's older layers, the oldest first, with the ids of the reports that
            are taken out of each; see ``layers.py``.
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
    paths: tuple[str, ...]
    sources: Mapping[str, str]
    failures: Mapping[str, str]
    failed: Mapping[str, str]
    counts: Mapping[str, int]
    files: Mapping[str, tuple[int, str]]
    corrected: Mapping[str, str] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    older: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def size_bytes(self) -> int:
        """Of all files of the generation."""
        return sum(size for size, _ in self.files.values())


def read_manifest(folder: Path, *, oldest: int = FORMAT) -> Manifest:
    """Read an index folder's manifest.

    Args:
        folder: The index folder.
        oldest: An older format that will do.

    Raises:
        IndexMissing: There is no index.
        IndexForeign: The folder holds something else.
        IndexOlder: It was written in an older format.
        IndexNewer: It was written in a newer format.
        IndexUnreadable: The system does not let it be read.
        IndexDamaged: The manifest is not what was written.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise _without_manifest(folder) from None
    except OSError as bad:
        raise unreadable(bad, path) from bad
    except ValueError as bad:
        raise _not_ours(folder, f"The manifest cannot be read: {bad}") from bad
    if not isinstance(content, dict) or "format" not in content or "generation" not in content:
        raise _not_ours(folder, "The manifest is not complete")
    _check_format(folder, content, oldest)
    if content.pop(_CHECKSUM, None) != _checksum(content):
        raise _not_ours(folder, "The manifest has changed since it was written")
    return _manifest_of(folder, content)


def _check_format(folder: Path, content: Mapping[str, Any], oldest: int) -> None:
    """An older format had other rules, its checksum included; a newer one keeps the rule of the checksum."""
    number = content["format"]
    if isinstance(number, int) and number < OLDEST and _CHECKSUM not in content:
        raise IndexOlder(f"The index has the older format {number}", where=str(folder), todo=REBUILD)
    sound = content.get(_CHECKSUM) == _checksum({k: v for k, v in content.items() if k != _CHECKSUM})
    if not sound or not isinstance(number, int):
        return  # told as damage
    check_number(number, str(folder), oldest)


def check_number(number: int, where: str, oldest: int = FORMAT) -> None:
    """Refuse an index of a format that this version does not serve.

    Raises:
        IndexNewer: It was written in a newer format.
        IndexOlder: It was written in an older format than ``oldest``.
    """
    if number > FORMAT:
        what = f"The index has format {number}, this version knows {FORMAT}"
        raise IndexNewer(what, where=where, todo="Upgrade rapportsvar, or name another folder.")
    if number < oldest:
        todo = "Update it with: rapportsvar index (what is embedded is taken over)"
        raise IndexOlder(f"The index has the older format {number}", where=where, todo=todo)


def _manifest_of(folder: Path, content: dict[str, Any]) -> Manifest:
    try:
        content["files"] = {
            name: (int(size), str(digest)) for name, (size, digest) in content["files"].items()
        }
        content["paths"] = tuple(content["paths"])
        content["older"] = {name: tuple(map(int, ids)) for name, ids in content.get("older", {}).items()}
        manifest = Manifest(**content)
    except (KeyError, TypeError, ValueError, AttributeError) as bad:
        raise _not_ours(folder, f"The manifest is not complete: {bad!r}") from bad
    if not _GENERATION.fullmatch(manifest.generation):
        raise _not_ours(folder, f"The manifest names {manifest.generation!r}, which is no generation")
    return manifest


def unreadable(bad: OSError, path: Path) -> IndexUnreadable:
    """Return the error for what the system does not let us read, which is no damage."""
    what = f"The index cannot be read: {bad.strerror or bad}"
    todo = "The index is as it was. See to rights, memory, open files and the disk, and try again."
    return IndexUnreadable(what, where=str(path), todo=todo)


def _without_manifest(folder: Path) -> IndexUnusable:
    if folder.exists() and not folder.is_dir():
        return IndexForeign("This is a file, not an index", where=str(folder), todo="Name another folder.")
    if folder.is_dir() and not _is_ours(folder):
        what = "The folder holds files that are no index"
        return IndexForeign(what, where=str(folder), todo="Name another folder.")
    return IndexMissing("There is no index here", where=str(folder), todo="Build one with: rapportsvar index")


def _not_ours(folder: Path, what: str) -> IndexUnusable:
    """A manifest that cannot be used: damaged beside generations of ours, foreign without any."""
    where = str(folder / MANIFEST)
    if any(generations(folder)):
        return IndexDamaged(what, where=where, todo=REBUILD)
    return IndexForeign(f"{what}; it is not one of ours", where=where, todo="Name another folder.")


def _is_ours(folder: Path) -> bool:
    """Tell whether a folder without a manifest holds nothing but what a first build, cut off, leaves."""
    names = [path.name for path in folder.iterdir() if not path.name.startswith(".")]
    return all(name in _OWN or _GENERATION.fullmatch(name) for name in names)


def generations(folder: Path) -> Iterator[tuple[int, Path]]:
    """Yield the generations in an index folder, finished or not, with their numbers."""
    for path in folder.glob(f"{GENERATION_PREFIX}*"):
        found = _GENERATION.fullmatch(path.name)
        if found:
            yield int(found[1]), path


def generation_name(number: int) -> str:
    """Name a generation."""
    return f"{GENERATION_PREFIX}{number:06d}"


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a manifest in place, in one step that survives a loss of power."""
    content = json.loads(json.dumps(asdict(manifest)))
    aside = folder / f"{MANIFEST}.new"
    with aside.open("w", encoding="utf-8") as stream:
        json.dump({**content, _CHECKSUM: _checksum(content)}, stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    sync_folder(folder)  # the generation's own name, before anything names it
    aside.replace(folder / MANIFEST)
    sync_folder(folder)


def _checksum(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("ascii")).hexdigest()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def describe_files(
    generation: Path, known: Mapping[str, tuple[int, str]] | None = None
) -> dict[str, tuple[int, str]]:
    """Sync every file of a generation to disk; return its size and SHA-256 by path below the folder.

    ``known``: what is told already, of files that have been there before.
    """
    described = dict(known or {})
    for path in sorted(p for p in generation.rglob("*") if p.is_file()):
        name = path.relative_to(generation).as_posix()
        if name not in described:
            with path.open("rb+") as stream:
                os.fsync(stream.fileno())
            described[name] = (path.stat().st_size, sha256_of(path))
    for inner in [generation, *(p for p in generation.rglob("*") if p.is_dir())]:
        sync_folder(inner)
    return described


def check_files(folder: Path, manifest: Manifest, *, contents: bool) -> None:
    """Compare a generation's files with the manifest.

    Args:
        folder: The index folder.
        manifest: Its manifest; its files may be some of them only.
        contents: Compare the contents too, not only the sizes.

    Raises:
        IndexDamaged: A file is missing, has another size, or other contents.
        IndexUnreadable: The system does not let one be read.
    """
    for damage in damages(folder, manifest, contents=contents):
        raise damage


def damages(folder: Path, manifest: Manifest, *, contents: bool, but: str = "") -> Iterator[IndexDamaged]:
    """Yield what is wrong with each file of a generation that is not as the manifest says.

    Args:
        folder: Of the index.
        manifest: Of the generation.
        contents: Whether files are hashed; otherwise their sizes are compared.
        but: The path of a file that is not looked at.
    """
    for name, (size, digest) in manifest.files.items():
        path = folder / manifest.generation / name
        if str(path) == but:
            continue
        what = _damage(path, size, digest if contents else None)
        if what:
            yield IndexDamaged(what, where=str(path), todo=REBUILD)


def _damage(path: Path, size: int, digest: str | None) -> str:
    try:
        there = path.stat().st_size
        if there != size:
            return f"A file of the index has {there} bytes in place of {size}"
        changed = digest is not None and sha256_of(path) != digest
        return "A file of the index has changed since it was written" if changed else ""
    except FileNotFoundError:
        return "A file of the index is missing"
    except OSError as bad:
        raise unreadable(bad, path) from bad


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@cache
def code_fingerprint() -> str:
    """Identify the code and word lists that decide what an index holds: the floors from model up to index."""
    digest = hashlib.sha256()
    package = Path(str(files("rapportsvar")))
    for floor in ("model.py", "swedish", "reading", "structure", "index"):
        root = package / floor
        for path in sorted([root] if root.is_file() else root.rglob("*")):
            if path.suffix in {".py", ".tsv", ".txt"}:
                digest.update(path.relative_to(package).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
