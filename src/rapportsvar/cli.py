"""The command line: it does nothing that the engine cannot. Data on stdout, talk on stderr."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from tqdm import tqdm

from rapportsvar import __version__
from rapportsvar.config import Settings, load_settings
from rapportsvar.engine.contract import answer_json, report_json, search_json
from rapportsvar.engine.engine import Engine, build
from rapportsvar.errors import GoldError, RapportsvarError
from rapportsvar.index.build import BuildSummary, Progress
from rapportsvar.model import Answer, Filters, Hit

INDEX = Path("index")
CORPUS = Path("corpus")
STAGES = {"reading": "Läser filer", "structure": "Tolkar rapporter", "embedding": "Beräknar vektorer"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status: 0, 1 for an error of ours, 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options, load_settings(options.settings)) or 0)
    except RapportsvarError as error:
        print(f"rapportsvar: {error}", file=sys.stderr)  # noqa: T201
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("rapportsvar: avbrutet", file=sys.stderr)  # noqa: T201
        return 130


# commands


def _index(options: argparse.Namespace, settings: Settings) -> int:
    paths = options.paths or [CORPUS]
    with _Bars() as bars:
        summary = build(paths, options.index, settings, progress=bars.update, talk=_talk)
    if options.json:
        _print_json(_summary_json(summary))
    else:
        _talk(_summary_text(summary))
    return 0


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    if (options.question is None) == (options.batch is None):
        _talk("rapportsvar ask: ange antingen en fråga eller --batch FIL")
        return 2
    engine = Engine.open(options.index, settings, talk=_talk)
    if options.batch is None:
        answer = engine.ask(options.question, filters=_filters(options), top=options.top)
        if options.json:
            _print_json(answer_json(answer))
        else:
            _print(_answer_text(answer))
        return 0
    for line in _batch(options.batch):
        answer = engine.ask(line["question"], line["history"], filters=_filters(options), top=options.top)
        _print_json(answer_json(answer, line["id"]))
    return 0


def _search(options: argparse.Namespace, settings: Settings) -> int:
    engine = Engine.open(options.index, settings, talk=_talk)
    result = engine.search(" ".join(options.words), filters=_filters(options), top=options.top or 20)
    if options.json:
        _print_json(search_json(result))
        return 0
    for name, counts in result.facets.items():
        _print(f"{name}: " + ", ".join(f"{value} ({count})" for value, count in counts.items()))
    for hit in result.hits:
        _print(_hit_text(hit))
    return 0


def _reports(options: argparse.Namespace, settings: Settings) -> int:
    engine = Engine.open(options.index, settings, talk=_talk)
    counts = engine.index.store.entry_counts()
    for report in engine.reports():
        plain = report_json(report, counts)
        if options.json:
            _print_json(plain)
            continue
        unsure = f"  (osäkert: {', '.join(plain['uncertain'])})" if plain["uncertain"] else ""
        whose = ", ".join(str(plain[k]) for k in ("municipality", "board", "kind", "period") if plain[k])
        _print(f"{report.source}\t{whose}\t{plain['passages']} stycken, {plain['rows']} rader{unsure}")
        for warning in report.warnings:
            _print(f"    {warning}")
    for source, why in engine.index.manifest.failures.items():
        _talk(f"Kunde inte läsas: {source}: {why}")
    return 0


def _text(options: argparse.Namespace, settings: Settings) -> int:
    engine = Engine.open(options.index, settings, talk=_talk)
    sys.stdout.flush()
    sys.stdout.buffer.write(engine.text(options.source).encode("utf-8"))
    sys.stdout.buffer.flush()
    return 0


def _doctor(options: argparse.Namespace, settings: Settings) -> int:
    from rapportsvar.engine.doctor import examine  # the packages it looks at may be broken: only here

    healthy = True
    for finding in examine(options.index, settings):
        healthy = healthy and finding.sound
        if options.json:
            _print_json({"what": finding.what, "sound": finding.sound, "detail": finding.detail, "todo": finding.todo})
        else:
            _print(f"{'ok ' if finding.sound else 'FEL'}  {finding.what}: {finding.detail}")
            if finding.todo:
                _print(f"     → {finding.todo}")
    return 0 if healthy else 1


# words


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rapportsvar",
        description="Svar på svenska, citerade och belagda, ur offentliga rapporter.",
    )
    parser.add_argument("--version", action="version", version=f"rapportsvar {__version__}")
    parser.add_argument("--settings", type=Path, metavar="FIL", help="inställningar i TOML (annars rapportsvar.toml)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="KOMMANDO")

    def command(name: str, run: Any, help_: str, example: str) -> argparse.ArgumentParser:  # noqa: ANN401
        made = commands.add_parser(
            name,
            help=help_,
            description=help_,
            epilog=f"Exempel:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.set_defaults(run=run)
        made.add_argument("--index", type=Path, default=INDEX, metavar="MAPP", help="indexets mapp (index)")
        return made

    index = command("index", _index, "bygg indexet, eller läs in det som har ändrats", "rapportsvar index corpus")
    index.add_argument("paths", nargs="*", type=Path, metavar="SÖKVÄG", help="mappar eller filer (corpus)")
    index.add_argument("--json", action="store_true", help="skriv utfallet som JSON")

    ask = command("ask", _ask, "ställ en fråga", 'rapportsvar ask "Varför ökade kostnaden för placeringar?"')
    ask.add_argument("question", nargs="?", metavar="FRÅGA")
    ask.add_argument("--batch", type=Path, metavar="FIL.jsonl", help='en fråga per rad: {"id", "question", "history"}')
    _add_filters(ask)

    search = command("search", _search, "sök efter ord", "rapportsvar search sjukfrånvaro --year 2020")
    search.add_argument("words", nargs="+", metavar="ORD")
    _add_filters(search)

    reports = command("reports", _reports, "visa vad som är indexerat", "rapportsvar reports --json")
    reports.add_argument("--json", action="store_true", help="en rapport per rad som JSON")

    text = command("text", _text, "skriv den text som positioner avser", "rapportsvar text lindsjo/arsredovisning.txt")
    text.add_argument("source", metavar="KÄLLA")

    doctor = command("doctor", _doctor, "kontrollera installation, modell och index", "rapportsvar doctor")
    doctor.add_argument("--json", action="store_true", help="en iakttagelse per rad som JSON")
    return parser


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="svara med JSON, ett svar per rad")
    parser.add_argument("--top", type=_positive, metavar="N", help="antal träffar")
    parser.add_argument("--municipality", metavar="KOMMUN")
    parser.add_argument("--board", metavar="NÄMND")
    parser.add_argument("--year", type=int, action="append", default=[], metavar="ÅR")
    parser.add_argument("--kind", metavar="RAPPORTTYP")


def _positive(written: str) -> int:
    number = int(written)
    if number < 1:
        raise argparse.ArgumentTypeError("minst 1")
    return number


def _filters(options: argparse.Namespace) -> Filters:
    return Filters(options.municipality, options.board, tuple(options.year), options.kind)


def _batch(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as bad:
        raise GoldError(f"The file of questions cannot be read: {bad}", where=str(path)) from bad
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            content = json.loads(line)
            history = content.get("history") or []
            yield {"id": content.get("id"), "question": str(content["question"]), "history": [str(h) for h in history]}
        except (ValueError, KeyError, AttributeError, TypeError) as bad:
            raise GoldError(
                "A line is no question", where=f"{path}:{number}", todo='Write {"id": ..., "question": ...}.'
            ) from bad


def _answer_text(answer: Answer) -> str:
    lines = [f"Rättat: {a} → {b}" for a, b in answer.spelling]
    if answer.message:
        lines.append(answer.message)
    if answer.text:
        lines += [answer.text, ""]
    lines += [_hit_text(hit) for hit in answer.hits[: 3 if answer.found else 2]]
    return "\n".join(lines)


def _hit_text(hit: Hit) -> str:
    info = hit.report
    whose = " · ".join(str(v) for v in (info.municipality, info.board, info.kind, info.period) if v)
    quotes = [c.value for c in hit.cells] or [" ".join(h.text.split()) for h in hit.highlights]
    label = f"{hit.cells[0].row}: " if hit.cells else ""
    path = " › ".join(hit.section)
    return f"{hit.rank}. {label}{' … '.join(quotes)}\n   {whose} · {path}\n   {hit.source} [{hit.span.start}:{hit.span.end}]"


def _summary_json(summary: BuildSummary) -> dict[str, Any]:
    return {
        "new": summary.new,
        "changed": summary.changed,
        "removed": summary.removed,
        "unchanged": summary.unchanged,
        "failures": summary.failures,
        "warnings": {k: list(v) for k, v in summary.warnings.items()},
        "skipped": [list(pair) for pair in summary.skipped],
        "embedded": summary.embedded,
        "reused": summary.reused,
        "counts": summary.counts,
        "seconds": {k: round(v, 3) for k, v in summary.seconds.items()},
    }


def _summary_text(summary: BuildSummary) -> str:
    counts = summary.counts
    lines = [
        f"{counts.get('reports', 0)} rapporter: {counts.get('passages', 0)} stycken, {counts.get('rows', 0)} rader. "
        f"{len(summary.new)} nya, {len(summary.changed)} ändrade, {len(summary.removed)} borttagna, "
        f"{summary.unchanged} oförändrade, {len(summary.failures)} kunde inte läsas."
    ]
    lines += [f"  Kunde inte läsas: {name}: {why}" for name, why in summary.failures.items()]
    lines += [f"  Utelämnad: {name}: {why}" for name, why in summary.skipped]
    lines += [f"  Varning: {name}: {w}" for name, some in summary.warnings.items() for w in some]
    return "\n".join(lines)


class _Bars:
    """Progress bars on stderr, where it is a terminal."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._stage = ""

    def __enter__(self) -> _Bars:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    @property
    def update(self) -> Progress:
        """What the builder calls."""
        return self._update

    def _update(self, stage: str, done: int, total: int) -> None:
        if not sys.stderr.isatty() or not total:
            return
        if stage != self._stage:
            self._close()
            self._stage = stage
            self._bar = tqdm(total=total, desc=STAGES.get(stage, stage), file=sys.stderr)
        if self._bar is not None:
            self._bar.update(done - self._bar.n)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _talk(words: str) -> None:
    print(words, file=sys.stderr)  # noqa: T201


def _print(words: str, stream: TextIO | None = None) -> None:
    print(words, file=stream or sys.stdout)  # noqa: T201


def _print_json(content: object) -> None:
    print(json.dumps(content, ensure_ascii=False))  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
