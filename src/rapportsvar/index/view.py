"""A view: an index that holds only the reports that someone may read, made of one that holds them all.

A view is a whole index folder of its own, below ``views/`` of the index folder. Its store is a copy without
the other reports, and everything else (rarity of words, vectors, versions of one report, counts) is derived
anew from that copy. So whoever asks a view gets what an index would give that never held the others: there
is nothing left over that could tell of them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from filelock import FileLock

from rapportsvar.errors import IndexDamaged, IndexUnusable
from rapportsvar.index.derive import derive
from rapportsvar.index.layers import STORE, gather_store, layers_of
from rapportsvar.index.manifest import (
    DELTA,
    FILES,
    GENERATION_PREFIX,
    MANIFEST,
    REBUILD,
    VIEWS,
    Manifest,
    damages,
    describe_files,
    generation_name,
    generations,
    read_manifest,
    write_manifest,
)
from rapportsvar.index.opened import OPEN_TRIES
from rapportsvar.index.store import Store

Sees = Callable[[str], bool]
"""Tells whether a report may be seen, by its source."""

UNFINISHED = ".new-"


def view_of(folder: Path, sees: Sees) -> Path:
    """Return the folder of an index of those reports only; made where it is not there yet.

    Args:
        folder: The index folder.
        sees: Which reports it is to hold.

    Returns:
        The folder itself, where all is to be seen.

    Raises:
        IndexUnusable: The index cannot be read.
    """
    for _ in range(OPEN_TRIES - 1):
        manifest = read_manifest(folder)
        try:
            return _view_of(folder, manifest, sees)
        except (OSError, IndexUnusable) as failed:
            # A builder may have put a newer generation in place and swept this one away meanwhile.
            if read_manifest(folder).generation == manifest.generation:
                raise _unusable(folder, failed) from failed
    return _view_of(folder, read_manifest(folder), sees)


def _view_of(folder: Path, manifest: Manifest, sees: Sees) -> Path:
    shown = limited(manifest, sees)
    if shown == manifest:
        return folder
    view = folder / VIEWS / _name(shown)
    if not (view / MANIFEST).is_file():
        view.parent.mkdir(exist_ok=True)
        with FileLock(view.parent / "lock"):
            if not (view / MANIFEST).is_file():
                _sweep(folder)
                _make(folder, shown, view)
    return view


def forget_view(view: Path) -> None:
    """Take a view away; it is made anew when it is asked for."""
    with FileLock(view.parent / "lock"):
        shutil.rmtree(view, ignore_errors=True)


def damaged_views(folder: Path) -> Iterator[Path]:
    """Yield the views of an index that hold a file which is not what was written, each by that file."""
    for view in sorted((folder / VIEWS).glob(f"{GENERATION_PREFIX}*")):
        try:
            broken = next(damages(view, read_manifest(view), contents=True), None)
        except IndexUnusable:
            yield view / MANIFEST
            continue
        if broken:
            yield Path(broken.where)


def limited(manifest: Manifest, sees: Sees) -> Manifest:
    """Return a manifest that names only what may be seen."""

    def seen(names: Mapping[str, str]) -> dict[str, str]:
        return {name: value for name, value in names.items() if sees(name)}

    return replace(
        manifest,
        sources=seen(manifest.sources),
        failures=seen(manifest.failures),
        failed=seen(manifest.failed),
        corrected=seen(manifest.corrected),
        hidden=seen(manifest.hidden),
    )


def _name(limited: Manifest) -> str:
    """Name a view by the generation and by all that it shows: whoever sees the same shares it."""
    told = repr(sorted((key, str(value)) for key, value in asdict(limited).items()))
    return f"{limited.generation}-{hashlib.sha256(told.encode('utf-8', 'backslashreplace')).hexdigest()[:24]}"


def _make(folder: Path, limited: Manifest, view: Path) -> None:
    aside = view.parent / f"{UNFINISHED}{view.name}"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        _fill(folder, limited, aside)
        aside.rename(view)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def _fill(folder: Path, limited: Manifest, aside: Path) -> None:
    whole, part = folder / limited.generation, aside / generation_name(1)
    part.mkdir(parents=True)
    gather_store(layers_of(folder, limited), part / STORE)
    if DELTA in limited.files:
        shutil.copyfile(whole / DELTA, part / DELTA)
    store = Store(part / STORE, write=True)
    try:
        store.keep_only(limited.sources)
        counts = derive(store, part)
    finally:
        store.close()
    _keep_files(folder, limited, aside)
    made = replace(limited, generation=part.name, counts=counts, files=describe_files(part), older={})
    write_manifest(aside, made)


def _keep_files(folder: Path, limited: Manifest, aside: Path) -> None:
    """Give the view the files whose pages it may show."""
    (aside / FILES).mkdir()
    for sha256 in sorted(set(limited.sources.values())):
        kept = folder / FILES / sha256
        if not kept.is_file():
            continue
        try:
            os.link(kept, aside / FILES / sha256)
        except OSError:  # another disk, or one without links
            shutil.copyfile(kept, aside / FILES / sha256)


def _sweep(folder: Path) -> None:
    """Take away what was cut off, and the views of generations that are gone themselves."""
    there = {path.name for _, path in generations(folder)}
    for path in (folder / VIEWS).iterdir():
        if path.is_dir() and "-".join(path.name.split("-")[:2]) not in there:
            shutil.rmtree(path, ignore_errors=True)


def _unusable(folder: Path, failed: OSError | IndexUnusable) -> IndexUnusable:
    if isinstance(failed, IndexUnusable):
        return failed
    what = f"De rapporter som får läsas kan inte tas fram: {failed.strerror or failed}"
    return IndexDamaged(what, where=str(folder), todo=REBUILD)
