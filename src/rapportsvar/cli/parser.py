"""Options of the command line; ``scripts/command_reference.py`` writes ``docs/kommandon.md`` from them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rapportsvar import __version__
from rapportsvar.cli import commands, correcting, measuring, saving, series
from rapportsvar.config import Settings
from rapportsvar.index.adapting.adapt import MINUTES
from rapportsvar.index.distributed.cluster import LOCAL
from rapportsvar.library.corrections import CHECKS

INDEX = Path("index")
FLOORS = Path("gold/floors.json")
PORT = 8501
MINUTES_MAX = 10_000.0

Run = Callable[[argparse.Namespace, Settings], int]


def make_parser() -> argparse.ArgumentParser:
    """Return the parser; what it parses has the command to run under ``run``."""
    parser = argparse.ArgumentParser(
        prog="rapportsvar",
        description="Svar på svenska, citerade och belagda, ur offentliga rapporter.",
    )
    parser.add_argument("--version", action="version", version=f"rapportsvar {__version__}")
    parser.add_argument(
        "--settings",
        type=Path,
        metavar="FIL",
        help="inställningar i TOML (annars rapportsvar.toml)",
    )
    made = parser.add_subparsers(dest="command", required=True, metavar="KOMMANDO")
    for add in (_index, _ask, _search, _series, _reports, _correct, _text, _evaluate, _doctor, _health):
        add(made)
    for add in (_backup, _restore, _forget, _app):
        add(made)
    return parser


Commands = Any  # argparse does not name the class that add_subparsers gives


def _index(made: Commands) -> None:
    help_ = "bygg indexet, eller läs in det som har ändrats"
    parser = _command(made, "index", commands.run_index, help_, "rapportsvar index corpus")
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="SÖKVÄG",
        help="mappar eller filer (de som indexerades senast, annars corpus)",
    )
    parser.add_argument("--json", action="store_true", help="skriv utfallet som JSON")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument(
        "--adapt",
        action="store_true",
        help="anpassa språkmodellen till rapporterna (tillägget models); den behålls tills vidare",
    )
    chosen.add_argument(
        "--no-adapt", action="store_true", help="gå tillbaka till språkmodellen som den var före --adapt"
    )
    parser.add_argument(
        "--adapt-minutes",
        type=_minutes,
        metavar="N",
        help=f"minuter som --adapt får träna, utöver inläsningen ({MINUTES:g})",
    )
    parser.add_argument(
        "--watch",
        action="store_true",
        help="bevaka sökvägarna och läs in det som ändras, tills du trycker Ctrl-C",
    )
    parser.add_argument(
        "--scheduler",
        default="",
        metavar="ADRESS",
        help="läs in på flera processer eller maskiner genom Dask (tillägget distributed): en schemaläggares "
        f"adress, som tcp://värd:8786, eller {LOCAL} för ett eget kluster på den här maskinen",
    )
    parser.add_argument(
        "--to",
        metavar="ADRESS",
        help="flytta det lokala indexet till Milvus, utan att beräkna något igen (tillägget milvus): "
        "en fil som slutar på .db, eller ett klusters adress",
    )


def _ask(made: Commands) -> None:
    example = 'rapportsvar ask "Varför ökade kostnaden för placeringar?"'
    parser = _command(made, "ask", commands.run_ask, "ställ en fråga", example)
    parser.add_argument("question", nargs="?", metavar="FRÅGA", help="frågan, inom citattecken")
    parser.add_argument(
        "--batch",
        type=Path,
        metavar="FIL.jsonl",
        help='en fråga per rad, {"id", "question", "history"}; ett svar per rad som JSON',
    )
    _add_filters(parser)


def _search(made: Commands) -> None:
    example = "rapportsvar search sjukfrånvaro --year 2020"
    parser = _command(made, "search", commands.run_search, "sök efter ord", example)
    parser.add_argument("words", nargs="+", metavar="ORD", help="det som söks")
    _add_filters(parser)


def _series(made: Commands) -> None:
    help_ = "visa ett mått över tid, ur tabellers kolumner och rapporter från flera år"
    example = 'rapportsvar series "placeringar barn och unga" --municipality Lindsjö'
    parser = _command(made, "series", series.run_series, help_, example)
    parser.add_argument("measure", nargs="+", metavar="MÅTT", help="måttet, som rapporterna kallar det")
    parser.add_argument("--csv", action="store_true", help="skriv en uppgift per rad som CSV")
    _add_filters(parser)


def _reports(made: Commands) -> None:
    help_ = "visa vad som är indexerat"
    parser = _command(made, "reports", commands.run_reports, help_, "rapportsvar reports --json")
    parser.add_argument("--json", action="store_true", help="en rapport per rad som JSON")


FACTS = {
    "title": ("TITEL", 'rapportens titel; som för de andra: "" om den inte har någon'),
    "municipality": ("KOMMUN", "kommunens namn"),
    "board": ("NÄMND", "nämndens namn"),
    "kind": ("RAPPORTTYP", "till exempel årsredovisning"),
    "period": ("PERIOD", "till exempel januari-augusti 2023"),
    "year": ("ÅR", "fyra siffror; följer annars med perioden"),
    "date": ("DATUM", "till exempel 2023-02-14"),
    "reference": ("DIARIENUMMER", "ärendets beteckning"),
}


def _correct(made: Commands) -> None:
    help_ = "rätta uppgifter om en rapport, eller visa vad som är rättat"
    example = "rapportsvar correct asbro/delarsrapport-2023.md --municipality Åsbro"
    parser = _command(made, "correct", correcting.run_correct, help_, example)
    parser.add_argument("source", metavar="KÄLLA", help="rapportens namn, som reports visar det")
    for name, (metavar, meaning) in FACTS.items():
        parser.add_argument(f"--{name}", metavar=metavar, help=meaning)
    parser.add_argument(
        "--undo",
        action="append",
        default=[],
        choices=[*CHECKS, correcting.ALL],
        metavar="UPPGIFT",
        help="ta tillbaka en rättelse (title, municipality ... eller alla); kan upprepas",
    )
    parser.add_argument("--json", action="store_true", help="skriv det som är rättat som JSON")


def _text(made: Commands) -> None:
    help_ = "skriv den text som positioner avser"
    example = "rapportsvar text lindsjo/socialnamnden-arsredovisning-2022.txt"
    parser = _command(made, "text", commands.run_text, help_, example)
    parser.add_argument("source", metavar="KÄLLA", help="rapportens namn, som reports visar det")


def _evaluate(made: Commands) -> None:
    help_ = "mät svaren på facitfrågor"
    example = "rapportsvar evaluate gold/corpus.jsonl --gate"
    parser = _command(made, "evaluate", measuring.run_evaluate, help_, example)
    parser.add_argument("gold", nargs="+", type=Path, metavar="FACIT.jsonl", help="mängder av facitfrågor")
    parser.add_argument("--json", action="store_true", help="skriv hela körningen som JSON")
    parser.add_argument("--save", type=Path, metavar="FIL", help="spara körningen, för --compare")
    parser.add_argument(
        "--no-keep", action="store_true", help="spara den inte i mappen som webbappens sida Utvärdering visar"
    )
    parser.add_argument("--html", type=Path, metavar="FIL", help="skriv en sida med alla missar")
    parser.add_argument("--compare", type=Path, metavar="FIL", help="jämför med en sparad körning")
    parser.add_argument("--gate", action="store_true", help="sluta med 1 om något mått är under sitt golv")
    parser.add_argument(
        "--floors", type=Path, default=FLOORS, metavar="FIL", help=f"golven ({FLOORS.as_posix()})"
    )
    parser.add_argument("--update-floors", action="store_true", help="höj golven till det som uppmättes")
    parser.add_argument("--lower", action="store_true", help="med --update-floors: sänk dem också")


def _doctor(made: Commands) -> None:
    help_ = "kontrollera installation, modell och index"
    parser = _command(made, "doctor", commands.run_doctor, help_, "rapportsvar doctor")
    parser.add_argument("--json", action="store_true", help="en iakttagelse per rad som JSON")


def _health(made: Commands) -> None:
    help_ = "säg om tjänsten kan svara: om indexet går att öppna, är helt och är aktuellt"
    parser = _command(made, "health", saving.run_health, help_, "rapportsvar health --json")
    parser.add_argument("--json", action="store_true", help="svara med JSON, som adressen /health")


def _backup(made: Commands) -> None:
    help_ = "säkerhetskopiera index, bibliotek, återkoppling, körningar och inställningar till en fil"
    parser = _command(made, "backup", saving.run_backup, help_, "rapportsvar backup rapportsvar.tar")
    parser.add_argument("file", type=Path, metavar="FIL", help="den nya filen; den får inte finnas")
    parser.add_argument("--json", action="store_true", help="skriv vad som sparades som JSON")


def _restore(made: Commands) -> None:
    help_ = "lägg tillbaka en säkerhetskopia där inget finns; inget skrivs över"
    parser = _command(made, "restore", saving.run_restore, help_, "rapportsvar restore rapportsvar.tar")
    parser.add_argument("file", type=Path, metavar="FIL", help="säkerhetskopian")
    parser.add_argument("--json", action="store_true", help="skriv vad som lades tillbaka som JSON")


def _forget(made: Commands) -> None:
    help_ = "radera frågor som läsare valt att spara med sin återkoppling"
    parser = _command(made, "forget", commands.run_forget, help_, "rapportsvar forget --older-than 90")
    parser.add_argument(
        "--older-than",
        type=_positive,
        metavar="DAGAR",
        help="bara det som är äldre än så många dagar; annars allt",
    )


def _app(made: Commands) -> None:
    parser = _command(made, "app", commands.run_app, "starta webbappen", "rapportsvar app --port 8501")
    parser.add_argument("--port", type=int, default=PORT, metavar="N", help=f"port ({PORT})")
    parser.add_argument(
        "--address", default="localhost", metavar="ADRESS", help="adress att svara på (localhost)"
    )


def _command(made: Commands, name: str, run: Run, help_: str, example: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = made.add_parser(
        name,
        help=help_,
        description=f"{help_[0].upper()}{help_[1:]}.",
        epilog=f"Exempel:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    parser.add_argument("--index", type=Path, default=INDEX, metavar="MAPP", help="indexets mapp (index)")
    return parser


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="svara med JSON, ett svar per rad")
    parser.add_argument("--top", type=_positive, metavar="N", help="antal träffar")
    parser.add_argument("--municipality", metavar="KOMMUN", help="bara denna kommuns rapporter")
    parser.add_argument("--board", metavar="NÄMND", help="bara denna nämnds rapporter")
    parser.add_argument(
        "--year", type=int, action="append", default=[], metavar="ÅR", help="bara detta år; kan upprepas"
    )
    parser.add_argument("--kind", metavar="RAPPORTTYP", help="bara denna typ, till exempel årsredovisning")


def _minutes(written: str) -> float:
    number = float(written.replace(",", "."))
    if not 0 < number <= MINUTES_MAX:
        raise argparse.ArgumentTypeError(f"över 0, högst {MINUTES_MAX:g}")
    return number


def _positive(written: str) -> int:
    number = int(written)
    if number < 1:
        raise argparse.ArgumentTypeError("minst 1")
    return number
