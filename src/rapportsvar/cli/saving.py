"""``rapportsvar backup``, ``restore`` and ``health``: what those need who run the service."""

from __future__ import annotations

import tomllib
from argparse import Namespace
from pathlib import Path

from rapportsvar.cli.talk import talk, write, write_json
from rapportsvar.config import FILE_NAME, Settings, settings_file, settings_from
from rapportsvar.engine.backup import BackupSummary, Places, back_up, restore, saved_settings
from rapportsvar.engine.health import health
from rapportsvar.errors import BackupDamaged, BackupRefused


def run_backup(options: Namespace, settings: Settings) -> int:
    """Write a backup."""
    places = Places.of(options.index, settings, settings_file(options.settings))
    if settings.index.engine != "local":
        where = settings.index.uri
        talk(f"Indexet ligger i Milvus ({where}) och följer inte med: säkerhetskopiera databasen för sig.")
    _tell("Sparade", options, back_up(options.file, places))
    return 0


def run_restore(options: Namespace, settings: Settings) -> int:
    """Put a backup back; by its own settings where none hold here."""
    file = settings_file(options.settings)
    if file is None:
        settings = _settings_in(options.file)
        _refuse_places_elsewhere(settings, options.file)
    _tell(
        "Lade tillbaka",
        options,
        restore(options.file, Places.of(options.index, settings, file or Path(FILE_NAME))),
    )
    return 0


def run_health(options: Namespace, settings: Settings) -> int:
    """Say whether the service can answer."""
    found = health(options.index, settings, contents=True)
    if options.json:
        write_json(found.as_json())
    else:
        write(found.as_text())
    return 0 if found.serves else 1


def _settings_in(file: Path) -> Settings:
    written = saved_settings(file)
    if written is None:
        return Settings()
    try:
        return settings_from(tomllib.loads(written.decode("utf-8")), where=f"{FILE_NAME} i {file}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as bad:
        what, todo = f"Säkerhetskopians inställningar kan inte läsas: {bad}", "Ta en annan säkerhetskopia."
        raise BackupDamaged(what, where=str(file), todo=todo) from bad


def _refuse_places_elsewhere(settings: Settings, file: Path) -> None:
    """Who hands us a backup does not decide where on the disk we write."""
    named = {
        "feedback.folder": settings.feedback.folder,
        "evaluation.runs": settings.evaluation.runs,
        "library.folder": settings.library.folder,
        "access.file": settings.access.file,
    }
    for key, place in named.items():
        if Path(place).is_absolute() or ".." in Path(place).parts:
            what = f"Säkerhetskopians inställningar lägger {key} utanför mappen du står i: {place}"
            todo = f"Litar du på kopian: ta först ut inställningarna med tar -xf {file} {FILE_NAME}."
            raise BackupRefused(what, where=str(file), todo=todo)


def _tell(done: str, options: Namespace, summary: BackupSummary) -> None:
    if options.json:
        head = {"created": summary.created, "version": summary.version, "generation": summary.generation}
        write_json({**head, "files": len(summary.files), "size_bytes": summary.size_bytes})
        return
    size = f"{len(summary.files)} filer, {summary.size_bytes / 1e6:.1f} MB"
    index = summary.generation or "inget index"
    talk(f"{done} {options.file}: {size}, {index}, gjord {summary.created} av version {summary.version}")
