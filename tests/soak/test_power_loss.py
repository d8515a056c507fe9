"""The power goes at any step: what was not synced is gone or cut short; the index is the old or the new."""

import random
import shutil
from collections import Counter

import pytest
from power import Losses
from scene import AFTER_A_RUN, Scene, held, left_over
from test_crashes import NEW_TEXT, _goes_on, _state, _thaw

STATES = {"build": 10, "update": 16, "delete": 8, "migrate": 10, "upload": 16, "take_out": 8}
"""States looked at by the quick tests; the soak looks at ten times as many of each."""
SOAK = 10
RUN_ON = 0.1
"""How often the next run follows."""


@pytest.mark.parametrize("kind", STATES)
def test_a_loss_of_power_at_any_step_leaves_the_old_state_or_the_new(scene, kind, soaking, tell, tmp_path):
    chance = random.Random(f"{kind} 80")
    old = _before(scene, kind)
    received_before = _uploads(scene)
    losses = _recorded(scene, kind, tmp_path / "record")
    new = held(scene.index)
    found: Counter[str] = Counter()
    for number in range(STATES[kind] * (SOAK if soaking else 1)):
        step = chance.randrange(len(losses))
        left = _left(scene, tmp_path / f"left-{number}", losses, step, None if number % 2 else chance)
        state = _state(left, kind)
        assert state in (old, new), (kind, step, number)
        found["old" if state == old else "new"] += 1
        if kind in ("upload", "take_out"):
            assert _uploads(left) >= received_before & _uploads(scene), "an upload that was there is lost"
        if number == 0 or (soaking and chance.random() < RUN_ON):
            _goes_on(left, kind)
            assert left_over(left.index, AFTER_A_RUN) == []
            found["went on"] += 1
        shutil.rmtree(left.folder)
    told = ", ".join(f"{name} {count}" for name, count in sorted(found.items()))
    tell(f"power loss, {kind}", f"{len(losses)} steps; {told}")


def test_what_a_run_has_finished_is_safe(scene, tmp_path):
    """Once a command has said that it is done, no loss of power takes it back."""
    _before(scene, "update")
    losses = _recorded(scene, "update", tmp_path / "record")
    left = _left(scene, tmp_path / "left", losses, len(losses) - 1, None)
    assert held(left.index) == scene.wanted()


def _before(scene, kind):
    if kind == "build":
        scene.index.mkdir(exist_ok=True)
        return None
    assert scene.run()["status"] == 0
    if kind == "update":
        old = held(scene.index)
        scene.change()
        return old
    if kind == "delete":
        old = held(scene.index)
        scene.delete_or_add()
        return old
    if kind == "migrate":
        return _thaw(scene)
    assert scene.run("upload", "snö.txt", NEW_TEXT.format(0))["status"] == 0
    return held(scene.index)


def _recorded(scene, kind, record) -> Losses:
    task = {"upload": "upload", "take_out": "take_out"}.get(kind, "command")
    arguments = {"upload": ["snö 2.txt", NEW_TEXT.format(2)], "take_out": ["uppladdat/snö.txt"]}.get(
        kind, scene.update
    )
    done = scene.run("recorded", *arguments, task=task, record=str(record))
    assert done["status"] == 0, done["said"]
    return Losses(record)


def _left(scene, folder, losses, step, chance) -> Scene:
    left = Scene(folder, scene.runs)
    shutil.copytree(scene.reports, left.reports, dirs_exist_ok=True)
    if "asbro/delar-2023.md" not in scene.texts:
        (left.reports / "asbro/delar-2023.md").unlink()
    left.texts = dict(scene.texts)
    losses.leave(step, left.index, chance)
    return left


def _uploads(scene) -> set[str]:
    library = scene.index / "library"
    whole = [*library.glob("uppladdat/*"), *library.glob(".removed/*/*.txt")]
    return {path.read_text(encoding="utf-8", errors="replace") for path in whole}
