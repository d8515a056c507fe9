"""Watching a folder: what changes is indexed, once it has come to rest; it ends when it is told to."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from small_reports import ASBRO, HASH_SETTINGS, NORRVIKA, write_reports

from rapportsvar.engine.watching import look, watch
from rapportsvar.errors import IndexBusy

SRC = Path(__file__).parents[2] / "src"


class Clock:
    """Waits by doing the next thing that happens; ends when nothing is left."""

    def __init__(self, *happens):
        self.happens = list(happens)

    def __call__(self, seconds):
        if not self.happens:
            return True
        self.happens.pop(0)()
        return False


def nothing():
    """Time goes by."""


def test_every_change_is_seen(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("a", encoding="utf-8")
    before = look([tmp_path])
    assert look([tmp_path]) == before
    assert look([path]) == before
    seen = [before]
    path.rename(tmp_path / "b.txt")
    seen.append(look([tmp_path]))
    (tmp_path / "b.txt").write_text("ab", encoding="utf-8")
    seen.append(look([tmp_path]))
    os.utime(tmp_path / "b.txt", ns=(1, 1))
    seen.append(look([tmp_path]))
    (tmp_path / "b.txt").unlink()
    seen.append(look([tmp_path]))
    assert len(set(seen)) == 5
    (tmp_path / ".dold").write_text("x", encoding="utf-8")
    assert look([tmp_path]) == look([tmp_path / "saknas"]) == frozenset()


def test_an_update_follows_each_change_and_none_where_nothing_changed(tmp_path):
    done = []
    change = [lambda n=n: (tmp_path / f"{n}.txt").write_text("x", encoding="utf-8") for n in range(2)]
    clock = Clock(nothing, change[0], nothing, nothing, nothing, change[1], nothing, nothing)
    watch([tmp_path], lambda: done.append(len(look([tmp_path]))), clock)
    assert done == [0, 1, 2]


def test_a_file_that_is_still_written_is_waited_for(tmp_path):
    done = []

    def more():
        with (tmp_path / "a.txt").open("a", encoding="utf-8") as stream:
            stream.write("mer")

    clock = Clock(more, more, nothing, more, nothing, nothing)
    watch([tmp_path], lambda: done.append((tmp_path / "a.txt").exists()), clock)
    assert done == [False, True]


def test_an_index_that_another_holds_is_tried_again(tmp_path):
    tries = []

    def update():
        tries.append(1)
        if len(tries) < 3:
            raise IndexBusy("upptaget")

    watch([tmp_path], update, Clock(nothing, nothing, nothing, nothing))
    assert len(tries) == 3


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals of this kind are of Unix")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_real_process_follows_a_folder_and_ends_cleanly(tmp_path, ending):
    reports = write_reports(tmp_path / "r", {"a/norrvika.txt": NORRVIKA})
    (tmp_path / "s.toml").write_text(HASH_SETTINGS, encoding="utf-8")
    command = [sys.executable, "-m", "rapportsvar.cli", "--settings", str(tmp_path / "s.toml"), "index", "r"]
    process = subprocess.Popen(
        [*command, "--index", "i", "--json", "--watch"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SRC)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert json.loads(process.stdout.readline())["new"] == ["a/norrvika.txt"]
        (reports / "a").rename(reports / "b")
        moved = json.loads(process.stdout.readline())
        assert (moved["new"], moved["removed"]) == (["b/norrvika.txt"], ["a/norrvika.txt"])
        assert (moved["embedded"], moved["reused"] > 0) == (0, True)
        (reports / "trasig.docx").write_bytes(b"ingen zip")
        write_reports(reports, {"åsbro.md": ASBRO})
        both = json.loads(process.stdout.readline())
        while "åsbro.md" not in both["new"]:
            both = json.loads(process.stdout.readline())
        assert list(both["failures"]) == ["trasig.docx"]
    finally:
        process.send_signal(ending)
        talk = process.communicate(timeout=300)[1]
    assert process.returncode == 0, talk
    assert "Bevakningen är avslutad" in talk
    assert "Traceback" not in talk
