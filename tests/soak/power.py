"""What a disk holds after a loss of power: what was synced, and of the rest what luck would have.

A file's bytes are safe once it was synced, a name in a folder once the folder was. What SQLite and FAISS
write goes past Python, so it is safe only once Python syncs it: the model is the harder for that.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

STEPS = ("rename", "replace", "unlink", "remove", "mkdir", "rmdir")


class Recorder:
    """Writes, for each step that a run takes on the disk, what is there and what of it is safe."""

    def __init__(self, root: Path, out: Path) -> None:
        self._root, self._out = root, out
        self._keys: dict[int, int] = {}
        self._safe: dict[int, Any] = {}
        self._steps: list[dict] = []
        self._count = 0
        self._originals: dict[str, Callable] = {}

    def __enter__(self) -> Recorder:
        self._out.mkdir(parents=True)
        live = self._look()
        self._safe = dict(live)  # what was there before is safe
        for name in STEPS:
            self._originals[name] = original = getattr(os, name)
            setattr(os, name, self._before(original))
        self._originals["fsync"] = os.fsync
        os.fsync = self._fsync
        return self

    def __exit__(self, *_: object) -> None:
        for name, original in self._originals.items():
            setattr(os, name, original)
        self._note()
        (self._out / "steps.json").write_text(json.dumps(self._steps))

    def _before(self, original: Callable) -> Callable:
        def step(*arguments, **options):
            self._note()
            done = original(*arguments, **options)
            self._look()  # the number of what went away may be given to another file
            return done

        return step

    def _fsync(self, handle: int) -> None:
        self._note()
        self._originals["fsync"](handle)
        live = self._look()
        key = self._keys.get(os.fstat(handle).st_ino)
        if key is not None:
            self._safe[key] = live[key]

    def _note(self) -> None:
        live = self._look()
        self._steps.append({"live": live, "safe": dict(self._safe)})

    def _look(self) -> dict[int, Any]:
        """Return what each key holds now: a folder names with keys, a file the hash of its bytes."""
        found: dict[int, Any] = {}
        there: dict[int, int] = {}
        self._walk(self._root, found, there, root=True)
        self._keys = there
        return found

    def _walk(self, path: Path, found: dict[int, Any], there: dict[int, int], *, root: bool = False) -> int:
        number = path.stat().st_ino
        key = 0 if root else self._keys.get(number) or self._new()
        there[number] = key
        if path.is_dir():
            found[key] = {each.name: self._walk(each, found, there) for each in sorted(path.iterdir())}
        else:
            data = path.read_bytes()
            digest = sha256(data).hexdigest()
            blob = self._out / digest
            if not blob.exists():
                blob.write_bytes(data)
            found[key] = digest
        return key

    def _new(self) -> int:
        self._count += 1
        return self._count


class Losses:
    """What could be left at each recorded step."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._steps = json.loads((out / "steps.json").read_text())

    def __len__(self) -> int:
        return len(self._steps)

    def leave(self, step: int, folder: Path, chance: random.Random | None) -> None:
        """Write to a folder what is left at a step.

        Args:
            step: Which.
            folder: Made here.
            chance: Decides of each file and folder that is not safe whether it is left as it was, cut short
                or as it is; without it nothing that is not safe is left.
        """
        live, safe = self._steps[step]["live"], self._steps[step]["safe"]
        self._folder("0", folder, live, safe, chance)

    def _folder(self, key: str, path: Path, live: dict, safe: dict, chance: random.Random | None) -> None:
        path.mkdir()
        names = dict(safe.get(key) or {})
        now = live.get(key)
        moved = _elsewhere(key, live)  # a file moved from folder to folder is in one of them at least
        if chance is not None and isinstance(now, dict):
            for name in sorted({*names, *now}):
                if names.get(name) != now.get(name) and chance.random() < 0.5:
                    if names.get(name) not in moved:
                        names.pop(name, None)
                    if name in now:
                        names[name] = now[name]
        for name, inner in names.items():
            self._entry(str(inner), path / name, live, safe, chance)

    def _entry(self, key: str, path: Path, live: dict, safe: dict, chance: random.Random | None) -> None:
        kept, now = safe.get(key), live.get(key)
        if isinstance(kept if kept is not None else now, dict):
            self._folder(key, path, live, safe, chance)
            return
        data = (self._out / kept).read_bytes() if kept else b""
        if chance is not None and now and now != kept and chance.random() < 0.7:
            data = (self._out / now).read_bytes()
            if chance.random() < 0.6:
                data = data[: chance.randrange(len(data) + 1)]
        path.write_bytes(data)


def _elsewhere(key: str, live: dict) -> set[int]:
    """Return the keys that stand in other folders than this one."""
    others = (held for other, held in live.items() if other != key and isinstance(held, dict))
    return {inner for held in others for inner in held.values()}
