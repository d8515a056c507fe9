"""Which engine keeps the index: the settings say, and callers need not know."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from rapportsvar.config import IndexSettings
from rapportsvar.errors import IndexDamaged
from rapportsvar.index import opened
from rapportsvar.index.build import Into
from rapportsvar.index.manifest import FORMAT, Manifest, read_manifest
from rapportsvar.index.milvus.build import build_in_milvus
from rapportsvar.index.milvus.opened import milvus_manifest, milvus_view, open_milvus
from rapportsvar.index.view import Sees, forget_view, view_of

MILVUS = "milvus"


def manifest_of(folder: Path, settings: IndexSettings, *, oldest: int = FORMAT) -> Manifest:
    """Read the manifest of the index that is served.

    Args:
        folder: The index folder.
        settings: Which engine, and where.
        oldest: An older format of the folder that will do.

    Raises:
        IndexUnusable: There is none, or it cannot be read.
        ExtraMissing: The engine's extra is not installed.
    """
    if settings.engine == MILVUS:
        return milvus_manifest(settings, oldest=oldest)
    return read_manifest(folder, oldest=oldest)


def open_index(folder: Path, settings: IndexSettings, *, model: str | None = None) -> opened.OpenIndex:
    """Open the index.

    Args:
        folder: The index folder.
        settings: Which engine, and where.
        model: The encoder that questions will be embedded with.

    Raises:
        IndexUnusable: It is missing, stale, damaged or foreign, or its database does not answer.
        ExtraMissing: The engine's extra is not installed.
    """
    if settings.engine == MILVUS:
        return open_milvus(folder, settings, model=model)
    return opened.open_index(folder, model=model)


def open_view(
    index: opened.OpenIndex, settings: IndexSettings, sees: Sees, *, model: str
) -> opened.OpenIndex:
    """Open an index that holds only the reports that someone may read; the index itself, where that is all.

    Args:
        index: The index of all reports.
        settings: Which engine, and where.
        sees: Tells whether a report may be seen.
        model: The encoder that questions will be embedded with.

    Raises:
        IndexUnusable: The index cannot be read.
    """
    if settings.engine == MILVUS:
        return milvus_view(index, settings, sees, model=model)
    view = view_of(index.folder, sees)
    if view == index.folder:
        return index
    try:
        return opened.open_index(view, model=model)
    except IndexDamaged:  # nothing is lost with a view: all of it is in the index
        forget_view(view)
        return opened.open_index(view_of(index.folder, sees), model=model)


def into_of(settings: IndexSettings) -> Into | None:
    """Return what writes an index elsewhere than into its folder; None where it lies there."""
    return partial(build_in_milvus, settings=settings) if settings.engine == MILVUS else None
