"""The command ``evaluate``: ask gold questions, show figures, hold them against floors and earlier runs."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from pathlib import Path

from rapportsvar.cli.bars import Bars
from rapportsvar.cli.talk import talk, write, write_json
from rapportsvar.config import Settings
from rapportsvar.engine.asker import EngineAsker
from rapportsvar.engine.engine import Engine
from rapportsvar.errors import SettingsError
from rapportsvar.evaluation.compare import Comparison, compare
from rapportsvar.evaluation.gate import Floors, check, update
from rapportsvar.evaluation.gold import read_gold
from rapportsvar.evaluation.kept import keep
from rapportsvar.evaluation.report import html_report
from rapportsvar.evaluation.run import Run, evaluate, write_whole
from rapportsvar.evaluation.table import comparison_text, run_text


def run_evaluate(options: Namespace, settings: Settings) -> int:
    """Measure the engine on gold sets."""
    earlier = Run.load(options.compare) if options.compare else None
    run = _run(options, settings)
    comparison = compare(earlier, run) if earlier else None
    _show(run, comparison, as_json=options.json)
    _keep(run, comparison, options)
    if not options.no_keep:
        _keep_for_page(run, Path(settings.evaluation.runs))
    if options.update_floors:
        _update_floors(run, options.floors, lower=options.lower)
    return _gate(run, options.floors) if options.gate else 0


def _run(options: Namespace, settings: Settings) -> Run:
    with closing(Engine.open(options.index, settings, talk=talk)) as engine, Bars() as bars:
        asker = EngineAsker(engine)
        gold_sets = [read_gold(path, asker) for path in options.gold]
        return evaluate(asker, gold_sets, progress=lambda done, total: bars.update("asking", done, total))


def _show(run: Run, comparison: Comparison | None, *, as_json: bool) -> None:
    if as_json:
        write_json(run.to_dict())
        return
    write(run_text(run))
    if comparison:
        write(f"\n{comparison_text(comparison)}")


def _keep(run: Run, comparison: Comparison | None, options: Namespace) -> None:
    try:
        if options.save:
            run.save(options.save)
        if options.html:
            options.html.parent.mkdir(parents=True, exist_ok=True)
            write_whole(options.html, html_report(run, comparison))
    except OSError as bad:
        where = str(bad.filename or options.save or options.html)
        raise SettingsError(
            f"The run cannot be written: {bad.strerror}", where=where, todo="Name another file."
        ) from bad


def _keep_for_page(run: Run, folder: Path) -> None:
    """Keep the run where the application lists it. Where that fails the figures are told all the same."""
    try:
        talk(f"Körningen är sparad: {keep(run, folder)}")
    except OSError as bad:
        talk(f"Körningen kunde inte sparas i {folder}: {bad.strerror}")


def _update_floors(run: Run, path: Path, *, lower: bool) -> None:
    floors = Floors.load(path) if path.exists() else Floors()
    update(floors, run, lower=lower).save(path)
    talk(f"Golven är skrivna: {path}")


def _gate(run: Run, path: Path) -> int:
    failures = check(run, Floors.load(path))
    for failure in failures:
        talk(f"Under golvet: {failure}")
    if not failures:
        talk("Alla mått är vid eller över sina golv.")
    return 1 if failures else 0
