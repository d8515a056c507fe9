"""Building an index: read what changed, embed what is new, derive the rest, put all in place in one step."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from rapportsvar import __version__
from rapportsvar.config import Settings
from rapportsvar.errors import IndexDamaged, IndexUnreadable, IndexUnusable, ReadingError
from rapportsvar.index.analysis import texts_to_embed
from rapportsvar.index.apart import Apart, Asked
from rapportsvar.index.derive import derive
from rapportsvar.index.embedding.base import Encoder
from rapportsvar.index.fresh import Fresh
from rapportsvar.index.layers import (
    STORE,
    Below,
    Layer,
    gather_store,
    kept_whole,
    layers_of,
    link_layer,
    own_files,
)
from rapportsvar.index.manifest import (
    DELTA,
    FORMAT,
    OLDEST,
    SAVED_EMBEDDINGS,
    Manifest,
    check_files,
    code_fingerprint,
    describe_files,
    generation_name,
    generations,
    read_manifest,
    write_manifest,
)
from rapportsvar.index.opened import CHECKED_AT_OPEN_BYTES
from rapportsvar.index.originals import forget_originals, keep_original
from rapportsvar.index.plan import Plan, Seen, is_current, is_name, make_plan, see
from rapportsvar.index.saved import SavedEmbeddings, forget
from rapportsvar.index.store import Store, embedding_key, half_precision
from rapportsvar.index.summary import BuildSummary, Progress, Tally
from rapportsvar.index.writing import alone_in
from rapportsvar.library.corrections import Corrections, digest_of, read_corrections
from rapportsvar.library.hiding import Hidden, read_hidden
from rapportsvar.library.place import Library
from rapportsvar.reading.folder import walk
from rapportsvar.structure.passages import PassageSize

__all__ = ["BuildSummary", "Builder", "Into", "MadeReport", "Progress", "Workers", "build_index"]

EMBEDDED_AT_ONCE = 256
"""Texts between two steps of the progress bar; what a crash may cost."""
GROUP_CHARS = 2_000_000
GROUP_TEXTS = 4_000
"""Reports are read, embedded and written by groups of about this size: it bounds the memory of a build."""


def build_index(
    paths: Sequence[Path],
    folder: Path,
    *,
    encoder: Encoder,
    settings: Settings | None = None,
    delta: Path | None = None,
    progress: Progress | None = None,
    library: Library | None = None,
    into: Into | None = None,
    workers: Workers | None = None,
) -> BuildSummary:
    """Build an index of the reports under ``paths``, or bring one up to date.

    Only reports that are new or changed are read, and only texts without a vector are embedded. Reports that
    are no longer under the paths are taken out. A report that could not be read is tried again when its bytes
    change. Readers of the index see the old one until the new one is complete.

    Args:
        paths: Folders or files.
        folder: The index folder; made where it is missing.
        encoder: Makes the vectors. Only its name is looked at where nothing has changed.
        settings: How prose is divided.
        delta: Changes that the encoder was made with; the index keeps a copy, for those who ask.
        progress: Is told how far it has come.
        library: Holds uploaded reports, which are indexed besides the paths, corrections, and what is hidden.
        into: Writes the index elsewhere than into the folder; see ``engines.py``.
        workers: Read, analyse and embed elsewhere than here; see ``distributed/``.

    Raises:
        LibraryDamaged: The notes of the library cannot be read.
        NoReports: A path holds no reports.
        IndexBusy: Another process is building.
        IndexForeign: ``folder`` holds something that is not an index.
        IndexUnwritable: The disk is full or the folder cannot be written.
        IndexNewer: The index there is of a newer version.
        IndexUnreadable: The index there cannot be read.
        ReaderNotStarted: No process could be started to read files.
        WorkersUnusable: The workers cannot be reached, or cannot go on.
    """
    uploaded = [library.root] if library and library.uploaded.is_dir() else []
    found = walk([*paths, *uploaded], allow_none=bool(uploaded))
    with alone_in(folder):
        builder = Builder(folder, encoder, settings or Settings(), delta, progress or _silent)
        builder.summary.skipped = found.skipped
        builder.workers = workers
        if library:
            builder.corrections, builder.hidden = read_corrections(library), read_hidden(library)
        run = into or Builder.run
        return run(builder, found.reports, tuple(str(path.resolve()) for path in paths))


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


class Builder:
    """One build, into the index folder. Its parts are in the order in which they run."""

    def __init__(
        self,
        folder: Path,
        encoder: Encoder,
        settings: Settings,
        delta: Path | None,
        progress: Progress,
    ) -> None:
        self.folder = folder
        self.encoder = encoder
        self.settings = settings
        self.delta = delta
        self.progress = progress
        self.size = PassageSize(settings.structure.passage_chars_max, settings.structure.passage_chars_aim)
        self.summary = BuildSummary()
        self.corrections = Corrections()
        self.hidden = Hidden()
        self.left_out: dict[str, str] = {}
        self.workers: Workers | None = None
        self.before: list[Path] = []

    def run(self, found: Sequence[tuple[str, Path]], paths: tuple[str, ...]) -> BuildSummary:
        """Bring the index up to date."""
        served = _served(self.folder)
        with self.summary.stage("reading"):
            seen = self.look(found)
        if served and self._is_current(served, seen):
            self._leave(served, paths)
            return self.summary
        old = served if served and self._can_be_taken_over(served, seen) else None
        todo = self.plan(old, seen)
        # Before what is left over is swept: readers know an index by this name, so none is used twice.
        newest = max((number for number, _ in generations(self.folder)), default=0)
        self._sweep(served)
        try:
            self._make(self.folder / generation_name(newest + 1), old, todo, paths)
        finally:
            self._sweep(served, _served(self.folder))
        return self.summary

    def look(self, found: Sequence[tuple[str, Path]]) -> dict[str, Seen]:
        """Hash all files: a second build with nothing changed does no more than this."""
        seen: dict[str, Seen] = {}
        for number, (name, path) in enumerate(found):
            self.progress("reading", number, len(found))
            if is_name(name):
                self._see(name, path, seen)
            else:
                shown = name.encode("utf-8", "backslashreplace").decode("utf-8")
                self.summary.failures[shown] = "Filens namn är inte UTF-8. Byt namn på filen."
        self.progress("reading", len(found), len(found))
        return seen

    def _see(self, name: str, path: Path, seen: dict[str, Seen]) -> None:
        each = see(path)
        if self.hidden.hides(name):
            self.left_out[name] = each.sha256
        else:
            seen[name] = replace(each, corrections=self.corrections.of(name, each.sha256))

    def _is_current(self, served: Manifest, seen: Mapping[str, Seen]) -> bool:
        return (
            self.is_made_alike(served)
            and (not served.failed or self.is_read_alike(served))
            and is_current(served, seen)
            and _is_sound(self.folder, served, contents=served.size_bytes <= CHECKED_AT_OPEN_BYTES)
        )

    def is_made_alike(self, manifest: Manifest) -> bool:
        """Tell whether what was read and embedded before would come out alike now."""
        return (
            manifest.format == FORMAT
            and manifest.model == self.encoder.name
            and manifest.fingerprint == code_fingerprint()
            and manifest.settings["structure"] == asdict(self.settings.structure)
            and manifest.settings.get("privacy") == asdict(self.settings.privacy)
        )

    def is_read_alike(self, manifest: Manifest) -> bool:
        """Tell whether what could not be read before was held to the same bounds."""
        return manifest.settings.get("reading") == asdict(self.settings.reading)

    def _can_be_taken_over(self, served: Manifest, seen: Mapping[str, Seen]) -> bool:
        """Tell whether an index is sound: by its contents what would be written anew, by sizes what stays."""
        kept = self._kept_whole(served, seen)
        stays = tuple(f"{name}/" for name in list(served.older)[:kept])
        if kept > len(served.older):
            stays = ("",)
        changes = {name: told for name, told in served.files.items() if not name.startswith(stays)}
        return _is_sound(self.folder, served, contents=False) and _is_sound(
            self.folder, replace(served, files=changes), contents=True
        )

    def _kept_whole(self, served: Manifest, seen: Mapping[str, Seen]) -> int:
        """Tell how many layers, from the oldest on, stay as they are."""
        if not self.is_made_alike(served):
            return 0
        same = make_plan(served, seen).kept
        changing = 1 - len(same) / max(1, len(served.sources), len(seen))
        try:
            return kept_whole(layers_of(self.folder, served), changing=changing)
        except (OSError, ValueError, EOFError):
            return 0  # damaged: the check says so

    def _leave(self, served: Manifest, paths: tuple[str, ...]) -> None:
        """Nothing has changed. What could not be read is told again; folders may have been moved."""
        self._sweep(served)
        forget(self.folder / SAVED_EMBEDDINGS)
        self.summary.unchanged = len(served.sources)
        self.summary.counts = dict(served.counts)
        self.summary.failures.update(served.failures)
        if served.paths != paths or served.hidden != self.left_out:
            root = paths[0] if paths else ""
            write_manifest(self.folder, replace(served, root=root, paths=paths, hidden=self.left_out))

    def plan(self, old: Manifest | None, seen: Mapping[str, Seen]) -> Plan:
        """Tell what must be read; note what could not be, and what stays."""
        alike = old if old and self.is_made_alike(old) else None
        if alike and not self.is_read_alike(alike):
            alike = replace(alike, failed={})  # other bounds: what was beyond them may not be now
        made = make_plan(alike, seen)
        if alike:
            self.summary.failures.update({name: alike.failures[name] for name in made.failed})
        self.summary.unchanged = len(made.kept)
        return made

    def _sweep(self, *kept_ones: Manifest | None) -> None:
        """Take away all generations but these: unfinished ones, and those that no reader opens any more."""
        kept = {manifest.generation for manifest in kept_ones if manifest}
        for _, path in generations(self.folder):
            if path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)
        forget_originals(self.folder, {sha for m in kept_ones if m for sha in m.sources.values()})

    def _make(self, generation: Path, old: Manifest | None, todo: Plan, paths: tuple[str, ...]) -> None:
        generation.mkdir()
        if self.delta:
            shutil.copyfile(self.delta, generation / DELTA)
        layers = layers_of(self.folder, old) if old else []
        self.before = [layer.store for layer in layers]
        alike = old is not None and self.is_made_alike(old)
        kept = self._kept_whole(old, todo.seen) if old else 0
        with self.summary.stage("writing"):
            below = self._link(layers[:kept], old, generation) if old else Below()
            if alike and layers[kept:]:
                gather_store(layers[kept:], generation / STORE)
        saved = SavedEmbeddings(
            self.folder / SAVED_EMBEDDINGS,
            older=[layer.store for layer in (layers[:kept] if alike else layers)],
            size_bytes=2 * self.encoder.dimensions,
        )
        try:
            manifest = self._fill(generation, saved, todo, old, paths, below)
        finally:
            saved.close()
        write_manifest(self.folder, manifest)
        forget(self.folder / SAVED_EMBEDDINGS)

    def _link(self, layers: Sequence[Layer], old: Manifest, generation: Path) -> Below:
        """Take older layers over as they are, by links."""
        names = [*old.older, ""]
        linked, files = [], {}
        for number, layer in enumerate(layers, start=1):
            own = own_files(old.files, names[number - 1])
            own.pop(DELTA, None)
            link_layer(layer, generation / f"layer-{number}", own)
            linked.append(Layer(generation / f"layer-{number}", layer.taken_out))
            files.update({f"layer-{number}/{name}": told for name, told in own.items()})
        return Below(linked, files)

    def _fill(
        self,
        generation: Path,
        saved: SavedEmbeddings,
        todo: Plan,
        old: Manifest | None,
        paths: tuple[str, ...],
        below: Below,
    ) -> Manifest:
        path = generation / STORE
        store = Store(path, write=True, create=not path.exists(), below=below.stores)
        try:
            sources, failed = self.update(store, saved, todo, set(old.sources) if old else set(), below)
            with self.summary.stage("writing"):
                counts = derive(store, generation)
                self.summary.counts = below.with_counts(counts)
        finally:
            store.close()
        with self.summary.stage("writing"):
            files = describe_files(generation, below.files)
        return Manifest(
            format=FORMAT,
            generation=generation.name,
            version=__version__,
            fingerprint=code_fingerprint(),
            model=self.encoder.name,
            dimensions=self.encoder.dimensions,
            settings=asdict(self.settings),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            root=paths[0] if paths else "",
            paths=paths,
            sources=sources,
            failures=self.summary.failures,
            failed=failed,
            counts=self.summary.counts,
            files=files,
            corrected={
                name: digest for name in sources if (digest := digest_of(todo.seen[name].corrections))
            },
            hidden=self.left_out,
            older=below.taken_out(),
        )

    def update(
        self, store: Store, saved: SavedEmbeddings, todo: Plan, before: set[str], below: Below | None = None
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Bring the store up to date, a group of reports at a time. Returns what was indexed, what failed."""
        below = below or Below()
        indexed, failed = dict(todo.kept), dict(todo.failed)
        tally = Tally(sum(todo.seen[name].size_bytes for name in todo.changed))
        made = self.workers(self, saved, todo, tally) if self.workers else self.made_here(todo)
        with closing(made), closing(self._groups(made, todo, failed, tally)) as groups:
            for group in groups:
                self._embed(store, saved, group, tally)
                with self.summary.stage("writing"), store.transaction():
                    for fresh in group:
                        self._write(store, fresh, before)
                        indexed[fresh.stored.source] = fresh.stored.sha256
        with self.summary.stage("writing"):
            with store.transaction():
                for name in set(store.sources()) - indexed.keys():
                    store.remove(name)
                store.drop_unused_embeddings()
                below.leave_only(indexed.keys() - store.sources().keys())
                below.find_versions(store)
            store.compact()
        self.summary.removed += sorted(before - indexed.keys() - failed.keys())
        return dict(sorted(indexed.items())), dict(sorted(failed.items()))

    def _groups(
        self, made: Iterator[MadeReport], todo: Plan, failed: dict[str, str], tally: Tally
    ) -> Generator[list[Fresh]]:
        """Gather the changed reports; note those that cannot be read.

        The first is a group by itself, so that the others are read while it is embedded.
        """
        group: list[Fresh] = []
        chars = texts = 0
        first = True
        for name, fresh in made:
            tally.read_bytes += todo.seen[name].size_bytes
            if isinstance(fresh, ReadingError):
                self.summary.failures[name] = str(fresh)
                failed[name] = todo.seen[name].sha256
                continue
            group.append(fresh)
            chars += len(fresh.stored.text)
            texts += sum(len(item.vector_texts) for item in fresh.analysed)
            if first or chars >= GROUP_CHARS or texts >= GROUP_TEXTS:
                yield group
                group, chars, texts, first = [], 0, 0, False
        self.progress("structure", len(todo.changed), len(todo.changed))
        if group:
            yield group

    def made_here(self, todo: Plan) -> Generator[MadeReport]:
        """Have the changed reports read and analysed in order, in other processes, a few ahead.

        Their texts are embedded by groups, later.
        """
        mask = self.settings.privacy.mask_identity_numbers
        asked = [Asked(seen.path, name, seen.corrections, mask) for name, seen in _in_order(todo)]
        with Apart(self.settings.reading, self.size) as apart:
            made = apart.make(asked)
            for number, name in enumerate(todo.changed):
                self.progress("structure", number, len(todo.changed))
                fresh = next(made)
                if isinstance(fresh, Fresh):
                    self.summary.add(fresh.seconds)
                yield name, fresh

    def _embed(self, store: Store, saved: SavedEmbeddings, group: Sequence[Fresh], tally: Tally) -> None:
        texts = texts_to_embed([item for fresh in group for item in fresh.analysed])
        by_key = {embedding_key(self.encoder.name, text): text for text in texts}
        keys = list(by_key)
        there = store.known_embeddings(keys)
        kept = saved.get([key for key in keys if key not in there])
        with self.summary.stage("writing"), store.transaction():
            store.add_embeddings(kept)
        missing = [(key, text) for key, text in by_key.items() if key not in there and key not in kept]
        self.summary.reused += len(keys) - len(missing)
        tally.missing += len(missing)
        self.progress("embedding", self.summary.embedded, tally.expected)
        for first in range(0, len(missing), EMBEDDED_AT_ONCE):
            some = missing[first : first + EMBEDDED_AT_ONCE]
            with self.summary.stage("embedding"):
                vectors = self.encoder.encode_passages([text for _, text in some])
            with self.summary.stage("writing"), store.transaction():
                halves = dict(zip((key for key, _ in some), half_precision(vectors), strict=True))
                saved.add(halves)
                store.add_embeddings(halves)
            self.summary.embedded += len(some)
            self.progress("embedding", self.summary.embedded, tally.expected)

    def _write(self, store: Store, fresh: Fresh, before: set[str]) -> None:
        source = fresh.stored.source
        (self.summary.changed if source in before else self.summary.new).append(source)
        if fresh.stored.warnings:
            self.summary.warnings[source] = fresh.stored.warnings
        key = store.add_report(fresh.stored, fresh.tables, fresh.words)
        hashes, sampled = fresh.shingles
        store.add_shingles(key, hashes, sampled=sampled)
        store.add_entries(key, fresh.analysed, self.encoder.name)
        store.add_figures(key, fresh.figures, fresh.figure_terms)
        if fresh.placed is not None:
            store.add_placed(key, fresh.placed)
            keep_original(self.folder, fresh.path, fresh.stored.sha256)


def _in_order(todo: Plan) -> list[tuple[str, Seen]]:
    return [(name, todo.seen[name]) for name in todo.changed]


def _served(folder: Path) -> Manifest | None:
    """Return the manifest of the index that readers see, whatever made it."""
    try:
        return read_manifest(folder, oldest=OLDEST)
    except IndexUnreadable:
        raise  # it may be sound: nothing is taken away
    except IndexUnusable:
        return None


def _is_sound(folder: Path, manifest: Manifest, *, contents: bool) -> bool:
    try:
        check_files(folder, manifest, contents=contents)
    except IndexDamaged:
        return False
    return True


Into = Callable[[Builder, Sequence[tuple[str, Path]], tuple[str, ...]], BuildSummary]
"""Writes an index elsewhere than into its folder: given who reads and embeds, the files, and the paths."""
MadeReport = tuple[str, Fresh | ReadingError]
"""A report's name, and the report or why it cannot be read."""
Workers = Callable[[Builder, SavedEmbeddings, Plan, Tally], Generator[MadeReport]]
"""Make the changed reports in order: read, analyse, and embed into what is saved."""
