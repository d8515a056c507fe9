"""Write docs/kommandon.md from the parser itself. ::

python scripts/command_reference.py            write it
python scripts/command_reference.py --check    exit 1 if it is out of date
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from rapportsvar.cli.parser import make_parser

REFERENCE = Path(__file__).parents[1] / "docs" / "kommandon.md"
HEAD = """\
# Kommandon

Skriven av `scripts/command_reference.py`; ändra i `src/rapportsvar/cli/parser.py` och kör det.

Data skrivs till standard ut, allt annat till standard fel. Slutstatus: 0; 1 för fel, med en rad som säger
vad, var och vad man gör åt det; 2 för felaktig användning.

`rapportsvar --settings FIL KOMMANDO` läser inställningar ur en TOML-fil. Annars läses den fil som
`RAPPORTSVAR_SETTINGS` anger, eller `rapportsvar.toml` i arbetsmappen om den finns.
"""


def reference() -> str:
    """Return the page."""
    return "\n".join([HEAD, *(_section(name, parser) for name, parser in commands().items())])


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command."""
    actions = make_parser()._actions
    found = next(a for a in actions if isinstance(a, argparse._SubParsersAction))
    return dict(found.choices)


def _section(name: str, parser: argparse.ArgumentParser) -> str:
    example = (parser.epilog or "").removeprefix("Exempel:\n").strip()
    rows = "\n".join(_row(action) for action in _shown(parser))
    table = f"| Argument | Betydelse |\n|---|---|\n{rows}\n"
    return f"## {name}\n\n{parser.description}\n\n    {example}\n\n{table}"


def _shown(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    return (a for a in parser._actions if not isinstance(a, argparse._HelpAction))


def _row(action: argparse.Action) -> str:
    value = str(action.metavar) if action.metavar and action.nargs != 0 else ""
    written = " ".join(filter(None, (", ".join(action.option_strings), value)))
    more = " …" if action.nargs in ("*", "+") or isinstance(action, argparse._AppendAction) else ""
    return f"| `{written}`{more} | {action.help} |"


def main() -> int:
    """Write or check the page."""
    if "--check" in sys.argv[1:]:
        there = REFERENCE.read_text(encoding="utf-8") if REFERENCE.is_file() else ""
        if there != reference():
            print(f"{REFERENCE} is out of date: run python scripts/command_reference.py", file=sys.stderr)
            return 1
        return 0
    REFERENCE.parent.mkdir(exist_ok=True)
    REFERENCE.write_text(reference(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
