"""Whether the service can answer: is the index open, sound and current.

It is asked by watchers, on the command line and at the address ``/health``.

It tells nothing of what the reports say, how many there are or what they are called: who watches a service
need not be one of its readers.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rapportsvar import __version__
from rapportsvar.config import Settings
from rapportsvar.engine.doctor import model_name
from rapportsvar.errors import RapportsvarError
from rapportsvar.index.engines import manifest_of, open_index
from rapportsvar.index.manifest import Manifest, check_files, code_fingerprint

OK, OLD, DOWN = "ok", "old", "down"
SAID: Mapping[str, str] = {
    OK: "Tjänsten kan svara.",
    OLD: "Tjänsten kan svara, men indexet är inte aktuellt. Kör: rapportsvar index",
    DOWN: "Tjänsten kan inte svara. Kör: rapportsvar doctor",
}


@dataclass(frozen=True, slots=True)
class Health:
    """What was found.

    Attributes:
        open: The index can be opened.
        sound: Its files are as they were written.
        current: It was made by the code, the word lists and the model that are in use now.
        generation: The index that is served; empty where there is none.
        created: When it was built, in ISO form; empty where there is none.
        trouble: The name of the error that keeps it from being served; empty where none does.
    """

    open: bool
    sound: bool
    current: bool
    generation: str = ""
    created: str = ""
    trouble: str = ""

    @property
    def serves(self) -> bool:
        """Tell whether questions can be answered."""
        return self.open and self.sound

    @property
    def status(self) -> str:
        """Sum it up: ``ok``, ``old`` or ``down``."""
        return DOWN if not self.serves else OK if self.current else OLD

    def as_json(self) -> dict[str, object]:
        """Return what a watcher is told."""
        index = {"open": self.open, "sound": self.sound, "current": self.current}
        made = {"generation": self.generation, "created": self.created, "trouble": self.trouble}
        return {"status": self.status, "version": __version__, "index": {**index, **made}}

    def as_text(self) -> str:
        """Say it in Swedish, on one line."""
        of = f" ({self.generation}, byggt {self.created})" if self.generation else ""
        why = f" [{self.trouble}]" if self.trouble else ""
        return f"{SAID[self.status]}{of}{why}"


def health(folder: Path, settings: Settings, *, contents: bool = False) -> Health:
    """Look at an index as it lies on disk.

    Args:
        folder: The index folder.
        settings: Say which model questions are embedded with.
        contents: Compare the contents of all files with their hashes, not their sizes only.
    """
    try:
        manifest = manifest_of(folder, settings.index)
    except RapportsvarError as unusable:
        return Health(False, False, False, trouble=type(unusable).__name__)
    made = (manifest.generation, manifest.created)
    current = manifest.fingerprint == code_fingerprint()
    try:
        check_files(folder, manifest, contents=contents)
    except RapportsvarError as error:
        return Health(False, False, current, *made, trouble=type(error).__name__)
    trouble = _trouble(folder, manifest, settings)
    return Health(not trouble, True, current, *made, trouble=trouble)


def _trouble(folder: Path, manifest: Manifest, settings: Settings) -> str:
    """Name what keeps the index from being opened with the chosen model; empty where nothing does."""
    try:
        model = model_name(folder, manifest, settings) or None
        with closing(open_index(folder, settings.index, model=model)):
            return ""
    except RapportsvarError as error:
        return type(error).__name__
