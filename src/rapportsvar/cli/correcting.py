"""``rapportsvar correct``: metadata corrected by hand."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from rapportsvar.cli.bars import Bars
from rapportsvar.cli.talk import talk, write, write_json
from rapportsvar.cli.text import summary_text
from rapportsvar.config import Settings
from rapportsvar.engine.aside import indexed_paths
from rapportsvar.engine.engine import build
from rapportsvar.errors import UnknownReport
from rapportsvar.index.engines import manifest_of
from rapportsvar.library.corrections import CHECKS, correct, read_corrections
from rapportsvar.library.place import library_of

ALL = "alla"


def run_correct(options: Namespace, settings: Settings) -> int:
    """Correct metadata of a report, or show what is corrected; then bring the index up to date."""
    library = library_of(options.index, settings.library)
    sources = manifest_of(options.index, settings.index).sources
    if options.source not in sources:
        raise UnknownReport(
            f"Rapporten {options.source} finns inte i indexet", todo="Se namnen med: rapportsvar reports"
        )
    sha256 = sources[options.source]
    changes = _changes(options)
    if changes:
        values = correct(library, options.source, sha256, changes)
        with Bars() as bars:
            paths = indexed_paths(options.index, settings.index)
            summary = build(paths, options.index, settings, progress=bars.update, talk=talk)
        talk(summary_text(summary))
    else:
        values = read_corrections(library).of(options.source, sha256)
    _show(values, as_json=options.json)
    return 0


def _changes(options: Namespace) -> dict[str, str | None]:
    given = {name: getattr(options, name) for name in CHECKS}
    undone = set(CHECKS) if ALL in options.undo else set(options.undo)
    taken_back: dict[str, str | None] = dict.fromkeys(undone)
    return taken_back | {name: value for name, value in given.items() if value is not None}


def _show(values: Mapping[str, str], *, as_json: bool) -> None:
    if as_json:
        write_json(dict(values))
    elif not values:
        write("Inget är rättat för hand.")
    else:
        for name, value in values.items():
            write(f"{name}\t{value}")
