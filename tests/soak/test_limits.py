"""The system runs out of something, or refuses: an error of ours says which, and the old index is served."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from scene import AFTER_A_RUN, Scene, held, left_over


@pytest.fixture
def scene(runs):
    """An index where another user may read it; folders of pytest's own are for one user alone."""
    folder = Path(tempfile.mkdtemp(prefix="rapportsvar-"))
    folder.chmod(0o755)
    made = Scene(folder, runs)
    assert made.run()["status"] == 0
    yield made
    shutil.rmtree(folder)


def told(done) -> str:
    """Return what a run said; it ended as one that meets an error of ours does."""
    assert done["status"] == 1, done
    assert "Traceback" not in done["said"]
    (line,) = [line for line in done["said"].splitlines() if line.startswith("rapportsvar: ")]
    return line


def still_served(scene, old) -> None:
    """The old index answers, and the next run brings it up to date."""
    assert held(scene.index) == old
    assert scene.run()["status"] == 0
    assert held(scene.index) == scene.wanted()
    assert left_over(scene.index, AFTER_A_RUN) == []


def ask(scene) -> list[str]:
    return ["--settings", str(scene.settings), "ask", "Vad kostade skolskjuts?", "--index", str(scene.index)]


@pytest.mark.parametrize("more", [0, 1, 3, 6, 10])
def test_open_files_that_run_out_are_told_by_a_build(scene, more, soaking):
    old = held(scene.index)
    scene.change()
    done = scene.run("limited", *scene.update, limit="NOFILE", more=more)
    if done["status"]:
        assert "Too many open files" in told(done) or "unable to open" in told(done)
    else:
        old = scene.wanted()
    still_served(scene, old)


@pytest.mark.parametrize("more", [0, 2, 5])
def test_open_files_that_run_out_are_told_by_a_question_and_taken_for_no_damage(scene, more):
    done = scene.run("limited", *ask(scene), limit="NOFILE", more=more)
    if done["status"]:
        line = told(done)
        assert "changed since" not in line
        assert "missing" not in line
    assert scene.run("command", *ask(scene))["status"] == 0


@pytest.mark.parametrize("size_bytes", [1_000, 20_000, 60_000])
def test_files_that_may_not_grow_are_told_by_a_build(scene, size_bytes):
    old = held(scene.index)
    scene.change()
    done = scene.run("limited", *scene.update, limit="FSIZE", more=size_bytes)
    if done["status"]:
        assert "cannot be written" in told(done)
    else:
        old = scene.wanted()
    still_served(scene, old)


def test_a_folder_that_may_not_be_written_is_told_and_answers_go_on(scene):
    old = held(scene.index)
    scene.change()
    modes = {path: path.stat().st_mode for path in [scene.index, *scene.index.rglob("*")]}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        assert "denied" in told(scene.run("unprivileged", *scene.update))
        done = scene.run("unprivileged", *ask(scene), warm=True)
        assert done["status"] == 0, done
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
    still_served(scene, old)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 3 MB; only root may make one, and not in every container."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m,mode=755", "tmpfs", str(disk)]
    if (
        os.name != "posix"
        or os.geteuid()
        or subprocess.run(command, check=False, capture_output=True).returncode
    ):
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_is_told_and_the_old_index_is_served(small_disk, runs):
    scene = Scene(small_disk / "place", runs)
    assert scene.run()["status"] == 0
    old = held(scene.index)
    scene.change()
    for spare in (0, 30_000, 90_000, 150_000, 220_000):
        full = small_disk / "full"
        left = shutil.disk_usage(small_disk).free
        full.write_bytes(bytes(max(0, left - spare)))
        done = scene.run()
        if done["status"]:
            assert "cannot be written" in told(done)
            assert held(scene.index) == old
        else:
            old = scene.wanted()
        full.unlink()
    still_served(scene, old)
