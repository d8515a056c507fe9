"""The commands. Each takes its options and the settings, and returns an exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from rapportsvar.cli.bars import Bars
from rapportsvar.cli.talk import talk, write, write_exactly, write_json
from rapportsvar.cli.text import (
    answer_text,
    finding_text,
    moved_text,
    report_text,
    search_text,
    summary_json,
    summary_text,
    todo_text,
)
from rapportsvar.config import Settings
from rapportsvar.engine.aside import indexed_paths
from rapportsvar.engine.building import move
from rapportsvar.engine.contract import answer_json, report_json, search_json
from rapportsvar.engine.doctor import examine
from rapportsvar.engine.engine import Engine, build
from rapportsvar.engine.journal import one_line
from rapportsvar.engine.sign_in import check_at_start
from rapportsvar.engine.watching import watch
from rapportsvar.errors import ExtraMissing, GoldError, IndexAway, IndexBusy, IndexUnusable, RapportsvarError
from rapportsvar.evaluation.feedback import FeedbackStore
from rapportsvar.index.adapting.adapt import MINUTES, Adapting
from rapportsvar.index.engines import open_index
from rapportsvar.index.masking import unmasked
from rapportsvar.model import Filters

CORPUS = Path("corpus")
WRONG_USAGE = 2
EVERYWHERE = ("0.0.0.0", "::")
"""Addresses that stand for all of a machine."""


def run_index(options: Namespace, settings: Settings) -> int:
    """Build an index, or bring one up to date."""
    if options.adapt_minutes is not None and not options.adapt:
        talk("rapportsvar index: --adapt-minutes gäller bara tillsammans med --adapt")
        return WRONG_USAGE
    if options.to is not None:
        return _move(options, settings)
    adapting = Adapting(options.adapt_minutes or MINUTES) if options.adapt else None
    paths = options.paths or _paths_so_far(options.index, settings) or [CORPUS]
    if options.watch:
        return _watch(paths, options, settings, adapting)
    _index_once(paths, options, settings, adapting)
    return 0


def _index_once(paths: list[Path], options: Namespace, settings: Settings, adapting: Adapting | None) -> None:
    with Bars() as bars:
        summary = build(
            paths,
            options.index,
            settings,
            progress=bars.update,
            talk=talk,
            adapting=adapting,
            keep_adapted=not options.no_adapt,
            scheduler=options.scheduler,
        )
    if options.json:
        write_json(summary_json(summary))
    else:
        talk(summary_text(summary))


def _move(options: Namespace, settings: Settings) -> int:
    """Copy the local index to Milvus; what it holds is told, as after a build."""
    if options.paths or options.watch or options.adapt or options.no_adapt or options.scheduler:
        beside = "--watch, --adapt, --no-adapt eller --scheduler"
        talk(f"rapportsvar index: --to tar inga sökvägar och varken {beside}")
        return WRONG_USAGE
    there = replace(settings.index, engine="milvus", uri=options.to)
    with Bars() as bars:
        counts = move(options.index, replace(settings, index=there), progress=bars.update)
    if options.json:
        write_json({"counts": counts})
    else:
        talk(moved_text(counts, options.to))
    return 0


def _watch(paths: list[Path], options: Namespace, settings: Settings, adapting: Adapting | None) -> int:
    """Update whenever files change, until Ctrl-C or until the process is asked to end."""
    stop = threading.Event()
    first = [adapting]  # the model is adapted once, at the start

    def update() -> None:
        try:
            _index_once(paths, options, settings, first[0])
            first[0] = None
        except IndexBusy:
            raise
        except RapportsvarError as error:
            talk(f"rapportsvar: {error}")  # told once; the next change may mend it
        sys.stdout.flush()

    talk(f"Bevakar {', '.join(str(path) for path in paths)}. Avsluta med Ctrl-C.")
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with suppress(KeyboardInterrupt):
        watch(paths, update, stop.wait)
    talk("Bevakningen är avslutad.")
    return 0


def _paths_so_far(folder: Path, settings: Settings) -> list[Path]:
    """What was indexed the last time; nothing where that cannot be told, as the index is built anew then."""
    try:
        return indexed_paths(folder, settings.index)
    except IndexAway:
        raise
    except IndexUnusable:
        return []


def run_ask(options: Namespace, settings: Settings) -> int:
    """Answer one question, or a file of them."""
    if (options.question is None) == (options.batch is None):
        talk("rapportsvar ask: ange antingen en fråga eller --batch FIL")
        return WRONG_USAGE
    asked = list(read_batch(options.batch)) if options.batch else [Asked(None, options.question, ())]
    with closing(Engine.open(options.index, settings, talk=talk)) as engine:
        filters = engine.chosen(filters_of(options))
        for one in asked:
            answer = engine.ask(one.question, one.history, filters=filters, top=options.top)
            if options.json or options.batch:
                write_json(answer_json(answer, one.key))
            else:
                write(answer_text(answer))
    return 0


def run_search(options: Namespace, settings: Settings) -> int:
    """Search for words."""
    with closing(Engine.open(options.index, settings, talk=talk)) as engine:
        filters = engine.chosen(filters_of(options))
        result = engine.search(" ".join(options.words), filters=filters, top=options.top or 20)
    if options.json:
        write_json(search_json(result))
    else:
        write(search_text(result))
    return 0


def run_reports(options: Namespace, settings: Settings) -> int:
    """Show what is indexed. Needs no model."""
    with closing(open_index(options.index, settings.index)) as index:
        counts = index.store.entry_counts()
        for report in index.store.reports():
            if options.json:
                write_json(report_json(report, counts, index.versions))
            else:
                write(report_text(report, *counts.get(report.id, (0, 0)), index.versions))
        for source, why in index.manifest.failures.items():
            talk(one_line(f"Kunde inte läsas: {source}: {why}"))
    return 0


def run_text(options: Namespace, settings: Settings) -> int:
    """Write the text that offsets refer to. Needs no model."""
    with closing(open_index(options.index, settings.index)) as index:
        kept = index.store.outline(options.source).masked
        write_exactly(unmasked(index.store.text(options.source), kept))
    return 0


def run_doctor(options: Namespace, settings: Settings) -> int:
    """Look at installation, model and index."""
    sound, todo = True, []
    for finding in examine(options.index, settings):
        sound = sound and finding.sound
        todo += [finding.todo] if finding.todo else []
        if options.json:
            found = {"what": finding.what, "sound": finding.sound}
            write_json({**found, "detail": finding.detail, "todo": finding.todo})
        else:
            write(finding_text(finding))
    if not options.json:
        write(todo_text(todo))
    return 0 if sound else 1


def run_forget(options: Namespace, settings: Settings) -> int:
    """Erase what readers said of answers, and with it the questions that are stored."""
    erased = FeedbackStore(Path(settings.feedback.folder)).forget(options.older_than or 0)
    write(f"{erased} raderade i {settings.feedback.folder}.")
    return 0


def run_app(options: Namespace, settings: Settings) -> int:
    """Serve the web application until it is stopped.

    Where the system can, this process becomes the server: a signal to it then reaches the server, so that
    nothing is left running, and what the command had loaded takes no room.
    """
    if find_spec("streamlit") is None:
        raise ExtraMissing(
            "The web application needs Streamlit", todo='Install it: pip install "rapportsvar[app]".'
        )
    with closing(open_index(options.index, settings.index)):
        pass  # what is wrong with the index is told here rather than in the browser
    check_at_start(settings.access)
    environment = {**os.environ, "RAPPORTSVAR_INDEX": str(options.index.resolve())}
    if options.settings:
        environment["RAPPORTSVAR_SETTINGS"] = str(options.settings.resolve())
    command = [sys.executable, "-m", "streamlit", "run", str(app_file())]
    command += ["--server.port", str(options.port), "--server.address", options.address]
    command += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    if options.address in EVERYWHERE:  # else Streamlit asks the internet what to call this machine
        command += ["--browser.serverAddress", "localhost"]
    if os.name == "nt":  # there the caller would be told that the command has ended
        return subprocess.run(command, env=environment, check=False).returncode
    sys.stdout.flush()
    os.execve(sys.executable, command, environment)


def app_file() -> Path:
    """Return the file that Streamlit runs; the looks stand beside it, in ``.streamlit``."""
    return Path(str(files("rapportsvar"))) / "app" / "run.py"


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a batch. ``key`` is its id, as it was given."""

    key: str | None
    question: str
    history: tuple[str, ...]


def read_batch(path: Path) -> Iterator[Asked]:
    """Read questions, one a line.

    Raises:
        GoldError: The file cannot be read, or a line is no question.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")  # a line of JSON may hold U+2028
    except (OSError, UnicodeDecodeError) as bad:
        raise GoldError(
            f"The file of questions cannot be read: {bad}", where=str(path), todo="Name another file."
        ) from bad
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _asked(line, f"{path}:{number}")


def _asked(line: str, where: str) -> Asked:
    try:
        content = json.loads(line)
        question, history = content["question"], content.get("history") or []
        if not isinstance(question, str) or not all(isinstance(earlier, str) for earlier in history):
            raise TypeError("not text")
        return Asked(content.get("id"), question, tuple(history))
    except (ValueError, KeyError, AttributeError, TypeError) as bad:
        todo = 'Write {"id": "1", "question": "...", "history": ["..."]}.'
        raise GoldError("A line is no question", where=where, todo=todo) from bad


def filters_of(options: Namespace) -> Filters:
    """Return the filters that the options name, as they are written."""
    return Filters(options.municipality, options.board, tuple(options.year), options.kind)
