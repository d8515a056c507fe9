"""Bringing an index up to date behind an application that goes on serving the old one."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from rapportsvar.config import IndexSettings
from rapportsvar.errors import IndexBusy, IndexMissing, IndexOlder, RapportsvarError
from rapportsvar.index.engines import manifest_of
from rapportsvar.index.manifest import Manifest
from rapportsvar.index.plan import see
from rapportsvar.library.corrections import digest_of, read_corrections
from rapportsvar.library.hiding import read_hidden
from rapportsvar.library.intake import go_on
from rapportsvar.library.place import Library
from rapportsvar.library.removal import purge
from rapportsvar.reading.folder import walk

logger = logging.getLogger(__name__)
ASIDE = (sys.executable, "-m", "rapportsvar.engine.aside")
BUSY_WAIT_SECONDS = 2.0
DIED = "Uppdateringen avbröts"

Tell = Callable[[Mapping[str, Any]], None]
Run = Callable[[Path, Tell], Mapping[str, Any]]
"""Updates the index in a folder, tells each step, and returns the last thing that was told."""


class Doing(StrEnum):
    """What an updater does."""

    NOTHING = "nothing"
    WAITING = "waiting"
    UPDATING = "updating"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class UpdateState:
    """How far an update has come.

    Attributes:
        doing: What is done.
        stage: ``reading``, ``structure`` or ``embedding``.
        done: Of this stage.
        total: Of this stage.
        finished: How many updates have ended well since the start.
        what: What went wrong.
        todo: What to do about it.
    """

    doing: Doing = Doing.NOTHING
    stage: str = ""
    done: int = 0
    total: int = 0
    finished: int = 0
    what: str = ""
    todo: str = ""

    @property
    def is_busy(self) -> bool:
        """Whether an update runs or waits for its turn."""
        return self.doing in (Doing.WAITING, Doing.UPDATING)


class Updater:
    """Updates one index when it is asked to, once at a time; what is asked meanwhile comes after.

    Args:
        folder: The index folder.
        library: Its library.
        run: Does the update; a process of its own unless told otherwise.
        settings: Which engine keeps the index.
    """

    def __init__(
        self,
        folder: Path,
        library: Library,
        run: Run | None = None,
        settings: IndexSettings | None = None,
    ) -> None:
        self._folder = folder
        self._settings = settings or IndexSettings()
        self._library = library
        self._run = run or run_aside
        self._condition = threading.Condition()
        self._state = UpdateState()
        self._is_wanted = False
        self._is_running = False

    @property
    def state(self) -> UpdateState:
        """How far it has come."""
        with self._condition:
            return self._state

    def request(self) -> None:
        """Have the index updated soon. Returns at once."""
        with self._condition:
            self._is_wanted = True
            if not self._is_running:
                self._is_running = True
                self._state = replace(self._state, doing=Doing.WAITING, stage="", done=0, total=0)
                threading.Thread(target=self._work, name="rapportsvar-update", daemon=True).start()

    def start(self) -> None:
        """Go on where an earlier process died: take in what it had received, index what is not indexed."""
        go_on(self._library)
        purge(self._library)
        if is_behind(self._folder, self._library, self._settings):
            self.request()

    def wait(self, seconds: float) -> UpdateState:
        """Wait until nothing is left to do; for tests and commands."""
        with self._condition:
            self._condition.wait_for(lambda: not self._is_running, seconds)
            return self._state

    def _work(self) -> None:
        while True:
            with self._condition:
                if not self._is_wanted:
                    self._is_running = False
                    self._condition.notify_all()
                    return
                self._is_wanted = False
                self._state = replace(self._state, doing=Doing.WAITING, what="", todo="")
            last = self._once()
            with self._condition:
                after = self._after(last)
                # Between two updates it is busy: whoever looks then would think that all is done.
                self._state = replace(after, doing=Doing.WAITING) if self._is_wanted else after

    def _once(self) -> Mapping[str, Any]:
        """Update once; while another process builds, wait for it."""
        while True:
            try:
                last = self._run(self._folder, self._tell)
            except Exception as bad:  # the border of the thread: whoever looks at the state is told
                logger.exception("The index could not be updated")
                return {"error": type(bad).__name__, "what": DIED, "todo": str(bad)}
            if last.get("error") != IndexBusy.__name__:
                return last
            with self._condition:
                self._state = replace(self._state, doing=Doing.WAITING)
            time.sleep(BUSY_WAIT_SECONDS)

    def _after(self, last: Mapping[str, Any]) -> UpdateState:
        if "error" in last:
            logger.error("The index could not be updated: %s", last["error"])
            todo = " ".join(filter(None, (last.get("where", ""), last.get("todo", ""))))
            return replace(self._state, doing=Doing.FAILED, what=last["what"], todo=todo)
        return UpdateState(finished=self._state.finished + 1)

    def _tell(self, told: Mapping[str, Any]) -> None:
        if "stage" in told:
            with self._condition:
                self._state = replace(
                    self._state,
                    doing=Doing.UPDATING,
                    stage=told["stage"],
                    done=told["done"],
                    total=told["total"],
                )


def run_aside(folder: Path, tell: Tell) -> Mapping[str, Any]:
    """Update an index in a process of its own."""
    last: Mapping[str, Any] = {}
    with subprocess.Popen(
        [*ASIDE, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        noise: list[str] = []
        draining = threading.Thread(target=lambda: noise.extend(process.stderr or ()), daemon=True)
        draining.start()
        for line in process.stdout or ():
            last = json.loads(line)
            tell(last)
        draining.join()
    if process.returncode and "error" not in last:
        return {"error": "Died", "what": DIED, "todo": (noise or [""])[-1].strip()}
    return last


def is_behind(folder: Path, library: Library, settings: IndexSettings) -> bool:
    """Tell whether a library holds something that its index does not know of yet."""
    there = walk([library.root], allow_none=True).reports if library.uploaded.is_dir() else ()
    uploaded = {name: see(path).sha256 for name, path in there}
    try:
        return _differs(manifest_of(folder, settings), library, uploaded)
    except IndexMissing:
        return bool(uploaded)
    except IndexOlder:
        return True
    except RapportsvarError:
        return False  # what is wrong is told where the index is opened


def _differs(manifest: Manifest, library: Library, uploaded: Mapping[str, str]) -> bool:
    known = {**manifest.sources, **manifest.failed}
    hidden, corrections = read_hidden(library), read_corrections(library)
    wanted = {name: sha for name, sha in uploaded.items() if not hidden.hides(name)}
    return (
        {name: sha for name, sha in known.items() if library.holds(name)} != wanted
        or any(hidden.hides(name) for name in known)
        or any(not hidden.hides(name) for name in manifest.hidden)
        or any(
            digest_of(corrections.of(name, sha)) != manifest.corrected.get(name, "")
            for name, sha in manifest.sources.items()
        )
    )
