"""Builds into a file of Milvus Lite killed at any moment: the old state or the new; the next run goes on."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from small_reports import ASBRO, LINDSJO, NORRVIKA, write_reports

pytest.importorskip("pymilvus", reason="the extra milvus is not installed")
pytest.importorskip("milvus_lite", reason="the extra milvus is not installed")

KILLS = {"build": 1, "update": 2, "delete": 1}
"""Kills of the quick tests; the soak has ten times as many: each takes a process that starts anew."""
SOAK = 10
SECONDS_MAX = 300
SETTINGS = (
    '[embedding]\nmodel = "hash"\n\n[index]\nengine = "milvus"\nuri = "{}"\n\n[reading]\nprocesses = 1\n'
)
HELD = """
import json, sys
from pathlib import Path
from rapportsvar.config import load_settings
from rapportsvar.errors import IndexMissing
from rapportsvar.index.engines import open_index
try:
    store = open_index(Path(sys.argv[2]), load_settings(Path(sys.argv[1])).index).store
    print(json.dumps({source: store.text(source) for source in store.sources()}))
except IndexMissing:
    print("null")
"""


class Place:
    """Reports, and an index of them in a file of Milvus Lite."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.reports, self.settings = folder, folder / "reports", folder / "rapportsvar.toml"
        self.settings.write_text(SETTINGS.format(folder / "milvus.db"), encoding="utf-8")
        self.texts = {
            "asbro/delar-2023.md": ASBRO,
            "lindsjo/ar-2022.txt": LINDSJO,
            "norrvika/vb-2021.txt": NORRVIKA,
        }
        write_reports(self.reports, self.texts)
        self.number = 0

    def command(self, *arguments: str) -> list[str]:
        start = [sys.executable, "-m", "rapportsvar.cli", "--settings", str(self.settings)]
        return [*start, *arguments, "--index", str(self.folder / "index")]

    def change(self, kind: str) -> None:
        """Change what the next run brings in."""
        self.number += 1
        if kind == "delete":
            path = self.reports / "asbro/delar-2023.md"
            if self.texts.pop("asbro/delar-2023.md", None):
                path.unlink()
            else:
                self.texts["asbro/delar-2023.md"] = ASBRO
        elif kind == "update":
            self.texts["norrvika/vb-2021.txt"] = NORRVIKA.replace("6 200", f"{self.number} 200")
        write_reports(self.reports, self.texts)

    def build(self, after: float | None = None) -> int:
        """Build, or kill the build after so many seconds, and all that it started."""
        command = self.command("index", str(self.reports))
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        ) as run:
            try:
                _, said = run.communicate(timeout=SECONDS_MAX if after is None else after)
            except subprocess.TimeoutExpired:
                assert after is not None, "the build does not end"
                os.killpg(run.pid, signal.SIGKILL)
                run.communicate()
                return -signal.SIGKILL
        assert run.returncode == 0, said.decode()
        return 0

    def held(self) -> dict[str, str] | None:
        """Return each source with its text, in a process of its own; None where there is no index."""
        command = [sys.executable, "-c", HELD, str(self.settings), str(self.folder / "index")]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS_MAX)
        return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KILLS)
def test_a_kill_at_any_moment_leaves_the_old_state_or_the_new(tmp_path, kind, soaking, tell):
    chance, place = random.Random(f"milvus {kind} 8"), Place(tmp_path)
    began = time.monotonic()
    assert place.build() == 0
    seconds = time.monotonic() - began
    found: Counter[str] = Counter()
    try:
        for round_ in range(KILLS[kind] * (SOAK if soaking else 1)):
            if kind == "build":
                place = Place(_emptied(tmp_path, round_))
            old = place.held()
            place.change(kind)
            # The first part of a run starts Python, which is no moment of the build.
            killed = place.build(after=seconds * chance.uniform(0.3, 1.0))
            found["killed" if killed else "ended before"] += 1
            state = place.held()
            assert state in (old, place.texts), (kind, round_)
            found["old" if state == old else "new"] += 1
            assert place.build() == 0  # nobody waits for the lease of a builder that is dead
            assert place.held() == place.texts
            found["went on"] += 1
    finally:  # of a soak that is stopped, too
        tell(f"kill -9, Milvus Lite, {kind}", ", ".join(f"{name} {n}" for name, n in sorted(found.items())))


def _emptied(folder: Path, number: int) -> Path:
    made = folder / f"anew-{number}"
    made.mkdir()
    return made
