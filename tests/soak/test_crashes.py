"""Runs killed at any moment: the old state or the new one, no leftovers, and the next run goes on."""

import random
import shutil
import tarfile
from collections import Counter
from pathlib import Path

import pytest
from preforked import KILLED
from scene import AFTER_A_RUN, OURS, held, left_over, size_bytes

from rapportsvar.index.manifest import FORMAT, OLDEST, check_files, generations, read_manifest

FROZEN = Path(__file__).parents[1] / "index/frozen"
GOES_ON = 0.35
"""How often a run to the end follows a kill; else the next kill meets what this one left."""
KILLS = {"build": 1, "update": 5, "delete": 3, "migrate": 2, "upload": 3, "take_out": 1}
"""Kills of the quick tests; the soak has twenty times as many: 300."""
SOAK = 20
NEW_TEXT = "Lindsjö kommun\n\nTekniska nämnden\n\nKostnaden för snöröjning blev {} tkr under året.\n"


@pytest.mark.parametrize("kind", KILLS)
def test_a_kill_at_any_moment_leaves_the_old_state_or_the_new(scene, kind, soaking, tell):
    chance = random.Random(f"{kind} 8")
    full = _whole_run(scene, kind)
    biggest = size_bytes(scene.index)
    found: Counter[str] = Counter()
    try:
        for round_ in range(KILLS[kind] * (SOAK if soaking else 1)):
            old = _prepare(scene, kind, round_)
            moment = _moment(chance, full)
            done = _start(scene, kind, round_, **moment)
            found["ended before" if done["status"] != KILLED else "killed"] += 1
            assert done["status"] in (0, KILLED), done["said"]
            new = scene.wanted()
            state = _state(scene, kind)
            assert state in (old, new), (kind, round_, moment)
            found["old" if state == old else "new"] += 1
            assert left_over(scene.index, OURS) == []
            assert size_bytes(scene.index) < 4 * biggest
            if chance.random() < GOES_ON or not round_:
                _goes_on(scene, kind)
                found["went on"] += 1
        _goes_on(scene, kind)
    finally:  # of a soak that is stopped, too
        tell(f"kill -9, {kind}", ", ".join(f"{name} {count}" for name, count in sorted(found.items())))
    if soaking:
        assert min(found["old"], found["killed"]) > 0  # few come after the last step: none of 20


def _whole_run(scene, kind) -> dict:
    """Build the index that kills meet, and run the task once to know how long it takes."""
    if kind != "build":
        assert scene.run()["status"] == 0
    _prepare(scene, kind, -1)
    full = _start(
        scene, kind, -1
    )  # another round than those that follow: the same bytes are not taken in twice
    assert full["status"] == 0, full["said"]
    return full


def _prepare(scene, kind, round_):
    """Change what the run is to bring in; return the state before it."""
    old = _state(scene, kind)
    if kind == "update":
        scene.change()
    elif kind == "delete":
        scene.delete_or_add()
    elif kind == "build":
        shutil.rmtree(scene.index, ignore_errors=True)
        old = None
    elif kind == "migrate":
        old = _thaw(scene)
    elif kind == "take_out":
        name = "snö.txt"
        assert scene.run("upload", name, NEW_TEXT.format(f"0{round_}"))["status"] == 0
        old = _state(scene, kind)
    return old


def _start(scene, kind, round_, **moment) -> dict:
    if kind == "upload":
        return scene.run("upload", f"snö {round_ % 3}.txt", NEW_TEXT.format(round_ + 1), **moment)
    if kind == "take_out":
        return scene.run("take_out", "uppladdat/snö.txt", **moment)
    return scene.run(**moment)


def _moment(chance: random.Random, full: dict) -> dict:
    """Half by the clock, half at a touch of the disk, which are most of them short."""
    if chance.random() < 0.5:
        return {"after": chance.random() * full["seconds"]}
    return {"at": chance.randrange(full["touches"]) + 1}


def _state(scene, kind):
    if kind == "migrate" and _is_older(scene):
        return "older"
    return held(scene.index)


def _is_older(scene) -> bool:
    found = read_manifest(scene.index, oldest=OLDEST)
    if found.format == FORMAT:
        return False
    check_files(scene.index, found, contents=True)
    return True


def _thaw(scene) -> str:
    shutil.rmtree(scene.index, ignore_errors=True)
    with tarfile.open(FROZEN / f"format-{FORMAT - 1}.tar.xz") as frozen:
        frozen.extractall(scene.index, filter="data")
    return "older"


def _goes_on(scene, kind) -> None:
    """The next run ends well, holds all that there is, and leaves nothing behind."""
    received = _received(scene)
    done = scene.run("resume")
    assert done["status"] == 0, done["said"]
    assert held(scene.index) == scene.wanted()
    assert received <= set(scene.wanted().values()), "what was received whole is not lost"
    assert left_over(scene.index, AFTER_A_RUN) == []
    assert len(list(generations(scene.index))) <= 2


def _received(scene) -> set[str]:
    """What stands whole among the uploads, or waits to be put there."""
    library = scene.index / "library"
    whole = [*library.glob("uppladdat/*"), *library.glob(".incoming/*/*.txt")]
    return {path.read_text(encoding="utf-8") for path in whole}
