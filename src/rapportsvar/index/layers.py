"""Layers: a large index is several stores with what is derived of each, so that an update writes a small one.

::

    generation-000008/
        store.sqlite ...      the youngest layer, which an update writes anew
        layer-1/              an older layer, whole; its files are those of the generation before (hard links)
        layer-2/

The manifest names the older layers and the reports that are taken out of each. Ids of reports and entries
ascend from layer to layer. An index of fewer than ``LAYERED_FROM`` entries is one layer.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rapportsvar.index.arrays import mapped
from rapportsvar.index.derive import SHINGLES
from rapportsvar.index.manifest import Manifest
from rapportsvar.index.store import Store
from rapportsvar.index.versions import Owners, OwnersOfLayer, families_again, owners_of

LAYERED_FROM = 50_000
"""Entries; a smaller index is derived anew in the time that layers would save."""
YOUNG_MAX = 5_000
"""Entries up to which the youngest layer is written anew by an update."""
RATIO = 4
"""A layer holds at least so many times the entries of all younger ones: layers stay few."""
TAKEN_OUT_MAX = 0.25
"""Share of a layer's entries; where more is taken out, it is written anew."""
LAYERS_MAX = 8
"""SQLite attaches ten files."""
STORE = "store.sqlite"
ENTRIES = "entries.npy"


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of an index.

    Attributes:
        folder: Where its files are.
        taken_out: Ids of the reports that are no longer of the index.
    """

    folder: Path
    taken_out: frozenset[int] = frozenset()

    @property
    def store(self) -> Path:
        """Its store."""
        return self.folder / STORE

    def sizes(self) -> tuple[int, int]:
        """Return its entries: how many there are, how many are left."""
        reports = mapped(self.folder / ENTRIES)["report"]
        return len(reports), len(reports) - int(np.isin(reports, list(self.taken_out)).sum())


def layers_of(folder: Path, manifest: Manifest) -> list[Layer]:
    """Return the layers of the index in a folder, the oldest first; the last one is the youngest."""
    generation = folder / manifest.generation
    older = [Layer(generation / name, frozenset(ids)) for name, ids in manifest.older.items()]
    return [*older, Layer(generation)]


def kept_whole(layers: Sequence[Layer], *, changing: float) -> int:
    """Tell how many layers an update leaves as they are, from the oldest on; the others become one.

    Args:
        layers: Of the index.
        changing: Share of the reports that are new, changed or gone.
    """
    sizes = [layer.sizes() for layer in layers]
    if sum(left for _, left in sizes) < LAYERED_FROM or changing > TAKEN_OUT_MAX:
        return 0
    kept, younger = len(layers), 0
    for number in range(len(layers) - 1, -1, -1):
        _, left = sizes[number]
        if left > YOUNG_MAX and left >= RATIO * younger and number < LAYERS_MAX:
            break
        kept, younger = number, younger + left
    worn = [n for n, (all_, left) in enumerate(sizes) if left < (1 - TAKEN_OUT_MAX) * all_]
    return min([kept, *worn])


def link_layer(layer: Layer, to: Path, files: Mapping[str, tuple[int, str]]) -> None:
    """Give a layer's files, by their names in its folder, another name; copy them where that cannot be."""
    for name in files:
        path = to / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(layer.folder / name, path)
        except OSError:  # a file system without links
            shutil.copyfile(layer.folder / name, path)


def own_files(files: Mapping[str, tuple[int, str]], name: str) -> dict[str, tuple[int, str]]:
    """Return what a manifest says of the files of a layer, by its name; the youngest one has none."""
    if name:
        begin = f"{name}/"
        return {path.removeprefix(begin): told for path, told in files.items() if path.startswith(begin)}
    return {path: told for path, told in files.items() if not path.startswith("layer-")}


@dataclass(slots=True)
class Below:
    """The older layers of an index that is being written: what an update takes over as it is.

    Attributes:
        layers: The oldest first.
        files: Their files by path below the generation, with size and SHA-256.
    """

    layers: list[Layer] = field(default_factory=list)
    files: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def stores(self) -> list[Path]:
        """Their stores."""
        return [layer.store for layer in self.layers]

    def taken_out(self) -> dict[str, tuple[int, ...]]:
        """Return each layer's name with the reports that are taken out of it, as the manifest has it."""
        return {layer.folder.name: tuple(sorted(layer.taken_out)) for layer in self.layers}

    def leave_only(self, sources: Collection[str]) -> None:
        """Take out all reports but some."""
        kept = []
        for layer in self.layers:
            with closing(Store(layer.store)) as store:
                gone = {key for source, key in store.ids().items() if source not in sources}
            kept.append(Layer(layer.folder, layer.taken_out | gone))
        self.layers = kept

    def find_versions(self, store: Store) -> None:
        """Look for versions among the reports of these layers and of the youngest, and write them there."""
        if not self.layers:
            store.find_versions()
            return
        with closing(self._open()) as older:
            young = store.known()
            owners = Owners(
                [*(_shingles(layer) for layer in self.layers), owners_of(store.shingles())],
                self._all_taken_out(),
            )
            store.write_versions(
                families_again(
                    before=older.versions(),
                    ids={**older.ids(), **store.ids()},
                    new=young.keys(),
                    owners=owners,
                    known_of=lambda keys: {
                        **older.known(keys - young.keys()),
                        **{key: young[key] for key in keys & young.keys()},
                    },
                )
            )

    def with_counts(self, young: Mapping[str, int]) -> dict[str, int]:
        """Add what these layers count to what the youngest does."""
        counts = dict(young)
        for layer in self.layers:
            entries = mapped(layer.folder / ENTRIES)
            live = ~np.isin(entries["report"], list(layer.taken_out))
            owners = mapped(layer.folder / "places.npy")[:, 0]
            rows = int((entries["is_row"] & live).sum())
            with closing(Store(layer.store)) as store:
                counts["reports"] += len(store.ids()) - len(layer.taken_out)
            counts["rows"] += rows
            counts["passages"] += int(live.sum()) - rows
            counts["vectors"] += int(live[owners].sum())
        return counts

    def _open(self) -> Store:
        *first, last = self.stores
        return Store(last, below=first, taken_out=self._all_taken_out())

    def _all_taken_out(self) -> set[int]:
        return set().union(*(layer.taken_out for layer in self.layers))


def _shingles(layer: Layer) -> OwnersOfLayer:
    hashes, reports = (mapped(layer.folder / name) for name in SHINGLES)
    return hashes, reports


def gather_store(layers: Sequence[Layer], to: Path) -> None:
    """Write one store that holds what is left of some layers. What is derived from it is not made."""
    first, *rest = layers
    shutil.copyfile(first.store, to)
    if not rest and not first.taken_out:
        return
    store = Store(to, write=True)
    try:
        store.take_out(first.taken_out)
        for layer in rest:
            store.absorb(layer.store, layer.taken_out)
    finally:
        store.close()
