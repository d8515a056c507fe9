"""What a run does: commands as the command line runs them, changes of the library as the application does."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

from power import Recorder

from rapportsvar.cli import main
from rapportsvar.config import load_settings
from rapportsvar.library.intake import IfTaken, go_on, put_in_place, receive
from rapportsvar.library.place import library_of
from rapportsvar.library.removal import remove


def _library(order: dict):
    return library_of(Path(order["index"]), load_settings(Path(order["settings"])).library)


def command(order: dict) -> int:
    return main(order["arguments"])


def upload(order: dict) -> int:
    """Receive, put in place, update the index: what the page Rapporter does."""
    name, text = order["arguments"]
    library = _library(order)
    put_in_place(library, receive(library, name, io.BytesIO(text.encode())), IfTaken.REPLACE)
    return main(order["update"])


def take_out(order: dict) -> int:
    remove(_library(order), order["arguments"][0])
    return main(order["update"])


def resume(order: dict) -> int:
    """Go on after a crash, as the application does when it starts."""
    go_on(_library(order))
    return main(order["update"])


def recorded(order: dict) -> int:
    """Do another task, and keep what the disk would hold if the power went at any of its steps."""
    with Recorder(Path(order["below"]), Path(order["record"])):
        return TASKS[order["task"]](order)


def limited(order: dict) -> int:
    """Run a command that may open so many files more, or write files of so many bytes."""
    import resource

    most = order["more"]
    if order["limit"] == "NOFILE":
        most += 1 + max(int(path.name) for path in Path("/proc/self/fd").iterdir())
    kind = getattr(resource, f"RLIMIT_{order['limit']}")
    resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
    return main(order["arguments"])


def unprivileged(order: dict) -> int:
    """Run a command as nobody, whom rights hold for.

    What ``warm`` says is run with all rights before: nobody may not read where Python is, and it loads late.
    """
    if order.get("warm"):
        main(order["arguments"])
    if not os.geteuid():
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    return main(order["arguments"])


TASKS: dict[str, Callable[[dict], int]] = {
    "command": command,
    "upload": upload,
    "take_out": take_out,
    "resume": resume,
    "recorded": recorded,
    "limited": limited,
    "unprivileged": unprivileged,
}
