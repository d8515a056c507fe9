"""Building an index with the encoder that the settings name, or one that is adapted to the reports first."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from rapportsvar.config import Settings
from rapportsvar.engine.encoders import DELTAS, LateEncoder, Talk
from rapportsvar.errors import IndexDamaged, IndexUnusable, SettingsError
from rapportsvar.index.adapting.adapt import Adapting, adapt, check_extra
from rapportsvar.index.adapting.delta import delta_of
from rapportsvar.index.build import BuildSummary, Progress, Workers, build_index
from rapportsvar.index.distributed.building import made_by_workers
from rapportsvar.index.distributed.cluster import check_scheduler
from rapportsvar.index.embedding.base import Encoder
from rapportsvar.index.embedding.weights import wheel_weights
from rapportsvar.index.engines import into_of, manifest_of
from rapportsvar.index.manifest import OLDEST
from rapportsvar.index.milvus.moving import move_to_milvus
from rapportsvar.library.place import library_of


def build(
    paths: Sequence[Path],
    folder: Path,
    settings: Settings | None = None,
    *,
    progress: Progress | None = None,
    talk: Talk | None = None,
    encoder: Encoder | None = None,
    adapting: Adapting | None = None,
    keep_adapted: bool = True,
    scheduler: str = "",
) -> BuildSummary:
    """Build an index of the reports under ``paths`` and in its library, or bring it up to date.

    An encoder that was adapted to the reports goes on being used, until it is adapted anew or not kept.

    Args:
        paths: Folders or files.
        folder: The index folder.
        settings: All settings.
        progress: Is told how far it has come.
        talk: Is told, in Swedish, what takes time besides.
        encoder: In place of the one that the settings name.
        adapting: Adapt the encoder to the reports, and embed them anew with it.
        keep_adapted: False goes back to the encoder as it was before it was adapted.
        scheduler: Have reports made by the workers of a Dask cluster: the address of its scheduler, or
            ``local`` for one of our own on this machine. Empty: here.

    Raises:
        ExtraMissing: ``adapting`` needs the extra ``models``, ``scheduler`` the extra ``distributed``.
        SettingsError: The model of the settings cannot be adapted, or the scheduler is no address.
        RapportsvarError: See :func:`rapportsvar.index.build.build_index`.
    """
    settings = settings or Settings()
    if adapting:
        _check(settings)
    delta = _kept(folder, settings, talk) if keep_adapted and encoder is None else None
    first = encoder or LateEncoder(settings, talk, delta)
    run = partial(_build, paths, folder, settings, progress=progress, workers=_workers(scheduler))
    summary = run(first, delta)
    return _adapted(summary, run, folder, settings, adapting, progress, talk) if adapting else summary


Run = Callable[[Encoder, Path | None], BuildSummary]
"""Builds with an encoder, and the changes that it was made with."""


def _workers(scheduler: str) -> Workers | None:
    if not scheduler:
        return None
    check_scheduler(scheduler)
    return partial(made_by_workers, scheduler=scheduler)


def _build(
    paths: Sequence[Path],
    folder: Path,
    settings: Settings,
    encoder: Encoder,
    delta: Path | None,
    *,
    progress: Progress | None,
    workers: Workers | None,
) -> BuildSummary:
    library = library_of(folder, settings.library)
    return build_index(
        paths,
        folder,
        encoder=encoder,
        settings=settings,
        delta=delta,
        progress=progress,
        library=library,
        into=into_of(settings.index),
        workers=workers,
    )


def move(folder: Path, settings: Settings, *, progress: Progress | None = None) -> dict[str, int]:
    """Copy the local index in a folder to the Milvus database that the settings name.

    Nothing is read or embedded again. Returns what the index counts.

    Raises:
        RapportsvarError: See :func:`rapportsvar.index.milvus.moving.move_to_milvus`.
    """
    return move_to_milvus(folder, settings.index, progress or (lambda stage, done, total: None))


def _adapted(
    summary: BuildSummary,
    run: Run,
    folder: Path,
    settings: Settings,
    adapting: Adapting,
    progress: Progress | None,
    talk: Talk | None,
) -> BuildSummary:
    """Train on the index as it is, then build the next generation: a crash leaves the one that is there."""
    threads = adapting.threads or settings.embedding.threads
    with tempfile.TemporaryDirectory(prefix="rapportsvar-") as aside:
        delta = Path(aside) / "encoder.npz"
        with summary.stage("adapting"):
            trained = adapt(
                folder,
                wheel_weights(),
                DELTAS[settings.embedding.model],
                delta,
                replace(adapting, threads=threads),
                lambda done, total: progress("adapting", done, total) if progress else None,
            )
        if not trained:
            if talk:
                talk("Rapporterna säger för lite för att anpassa språkmodellen; den är som förut.")
            return summary
        encoder = LateEncoder(settings, talk, delta)
        again = run(encoder, delta)
    return _both(summary, again)


def _both(first: BuildSummary, again: BuildSummary) -> BuildSummary:
    """Tell what changed from before both builds, and the work of both."""
    spent = {
        stage: first.seconds.get(stage, 0.0) + again.seconds.get(stage, 0.0)
        for stage in {*first.seconds, *again.seconds}
    }
    return replace(first, embedded=first.embedded + again.embedded, counts=again.counts, seconds=spent)


def _check(settings: Settings) -> None:
    model = settings.embedding.model
    if settings.index.engine != "local":
        raise SettingsError(
            "Bara ett lokalt index kan ha en anpassad språkmodell",
            where="index.engine",
            todo="Utelämna --adapt.",
        )
    if model not in DELTAS:
        raise SettingsError(
            f"Språkmodellen {model} kan inte anpassas till rapporterna",
            where="embedding.model",
            todo=f"Välj {' eller '.join(DELTAS)}, eller utelämna --adapt.",
        )
    check_extra()


def _kept(folder: Path, settings: Settings, talk: Talk | None) -> Path | None:
    """Return the changes that the index was made with; say so where they cannot be used any more."""
    try:
        return delta_of(folder, manifest_of(folder, settings.index, oldest=OLDEST), settings.embedding.model)
    except IndexDamaged as damaged:
        if talk and "encoder.npz" in str(damaged):
            talk("Den anpassade språkmodellen i indexet är skadad; indexet byggs med den som den var före.")
        return None
    except IndexUnusable:
        return None
