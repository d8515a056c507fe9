"""Builders that are killed, two at once, and readers beside them."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock
from small_reports import ASBRO, NORRVIKA, CountingEncoder, build_small, write_reports

import rapportsvar.index.build as build_module
from rapportsvar.errors import IndexBusy
from rapportsvar.index.opened import open_index

HERE = Path(__file__).parent


@pytest.fixture
def reports(tmp_path):
    return write_reports(tmp_path / "reports")


@pytest.fixture
def index(tmp_path):
    return tmp_path / "index"


def names(index):
    return sorted(p.name for p in index.iterdir())


def test_an_encoder_that_breaks_costs_no_vector_that_was_made(reports, index, monkeypatch):
    monkeypatch.setattr(build_module, "EMBEDDED_AT_ONCE", 4)
    broken = CountingEncoder(fail_after=2)
    with pytest.raises(RuntimeError, match="breaks"):
        build_small(reports, index, encoder=broken)
    assert names(index) == ["build.lock", "embeddings.sqlite"]
    again = CountingEncoder()
    summary = build_small(reports, index, encoder=again)
    assert len(broken.texts) == 6  # two lots, of the first report, which is embedded by itself
    assert not set(broken.texts) & set(again.texts)
    assert summary.reused == 6
    assert names(index) == ["build.lock", "generation-000001", "manifest.json"]


def test_an_encoder_that_breaks_leaves_the_old_index(reports, index):
    build_small(reports, index)
    write_reports(reports, {"norrvika/vb-2021.txt": NORRVIKA.replace("6 200", "7 300")})
    with pytest.raises(RuntimeError):
        build_small(reports, index, encoder=CountingEncoder(fail_after=0))
    opened = open_index(index)
    assert "6 200" in opened.store.text("norrvika/vb-2021.txt")
    build_small(reports, index)
    assert "7 300" in open_index(index).store.text("norrvika/vb-2021.txt")
    assert names(index) == ["build.lock", "generation-000001", "generation-000002", "manifest.json"]
    build_small(reports, index)
    assert names(index) == ["build.lock", "generation-000002", "manifest.json"]


KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    import rapportsvar.index.build as build_module
    from small_reports import build_small

    def die(*_args, **_kwargs):
        os.kill(os.getpid(), signal.SIGKILL)

    build_module.EMBEDDED_AT_ONCE = 4
    moment = sys.argv[4]
    if moment == "embedding":
        original = build_module.SavedEmbeddings.add
        def add(self, vectors):
            original(self, vectors)
            die()
        build_module.SavedEmbeddings.add = add
    elif moment == "copy":
        build_module.shutil.copyfile = die
    elif moment == "replace":
        Path.replace = die
    else:
        setattr(build_module, moment, die)
    build_small(Path(sys.argv[2]), Path(sys.argv[3]))
    """
)


@pytest.mark.parametrize(
    "moment", ["copy", "texts_to_embed", "embedding", "derive", "describe_files", "replace", "forget"]
)
def test_a_killed_build_leaves_the_old_index_and_nothing_after_the_next(reports, index, moment):
    build_small(reports, index)
    write_reports(reports, {"asbro/delar-2023.md": ASBRO.replace("8,4 procent", "9,9 procent")})
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(HERE), str(reports), str(index), moment], check=False, timeout=300
    )
    assert done.returncode == -signal.SIGKILL
    text = open_index(index).store.text("asbro/delar-2023.md")
    assert ("9,9 procent" in text) == (moment == "forget")
    encoder = CountingEncoder()
    build_small(reports, index, encoder=encoder)
    assert "9,9 procent" in open_index(index).store.text("asbro/delar-2023.md")
    left = [name for name in names(index) if not name.startswith("generation-")]
    assert left == ["build.lock", "manifest.json"]
    if moment in ("derive", "describe_files", "replace", "forget"):
        assert encoder.texts == []  # all that was embedded before the kill is used
    build_small(reports, index)
    assert len(list(index.glob("generation-*"))) == 1


@pytest.mark.slow
def test_a_build_killed_at_any_time(reports, index):
    many = {f"{n}.txt": NORRVIKA.replace("6 200", f"{n} 200") for n in range(1, 60)}
    write_reports(reports, many)
    build_small(reports, index)
    program = KILLED.replace("build_module.EMBEDDED_AT_ONCE = 4", "")
    for round_, delay in enumerate((0.9, 1.1, 1.3, 1.6, 2.0)):
        write_reports(reports, {"1.txt": NORRVIKA.replace("mars", f"mars ({round_})")})
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(HERE), str(reports), str(index), "nothing"]
        )
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert len(open_index(index).manifest.sources) == 62
    build_small(reports, index)
    assert f"mars ({round_})" in open_index(index).store.text("1.txt")


def test_two_builders_at_once(reports, index):
    started, go_on = threading.Event(), threading.Event()

    class Slow(CountingEncoder):
        def encode_passages(self, texts, *, progress=None):
            started.set()
            go_on.wait(120)
            return super().encode_passages(texts, progress=progress)

    first = threading.Thread(target=build_small, args=(reports, index), kwargs={"encoder": Slow()})
    first.start()
    assert started.wait(120)
    with pytest.raises(IndexBusy, match="Another process"):
        build_small(reports, index)
    go_on.set()
    first.join()
    assert build_small(reports, index).unchanged == 3


def test_another_process_that_holds_the_lock(reports, index):
    build_small(reports, index)
    with FileLock(index / "build.lock"), pytest.raises(IndexBusy):
        build_small(reports, index)
    assert build_small(reports, index).unchanged == 3


def test_readers_beside_a_builder_always_see_one_whole_generation(reports, index):
    def write(number):
        for name, text in (("asbro/delar-2023.md", ASBRO), ("norrvika/vb-2021.txt", NORRVIKA)):
            write_reports(reports, {name: f"{text}\n\nNämnden noterar att omgång {number} är klar nu.\n"})

    write(0)
    build_small(reports, index)
    stop, wrong, opened_count = threading.Event(), [], [0]

    def read():
        while not stop.is_set():
            try:
                opened = open_index(index)
                texts = [opened.store.text(s) for s in ("asbro/delar-2023.md", "norrvika/vb-2021.txt")]
                rounds = {text.rsplit("omgång ", 1)[1] for text in texts}
                ids = [int(key) for key in opened.entries["id"]]
                entries = [opened.store.entry(key) for key in ids]
                if len(rounds) != 1 or len(entries) != len(opened.vectors.first) - 1:
                    wrong.append(rounds)
                opened.close()
                opened_count[0] += 1
            except Exception as error:
                wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 9):
        write(number)
        build_small(reports, index)
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert opened_count[0] > 5


def test_an_open_index_serves_on_after_two_more_builds(reports, index):
    build_small(reports, index)
    opened = open_index(index)
    for number in range(3):
        write_reports(reports, {"norrvika/vb-2021.txt": NORRVIKA.replace("6 200", f"{number} 200")})
        build_small(reports, index)
    assert "6 200" in opened.store.text("norrvika/vb-2021.txt")
    assert len(opened.keyword["body"].postings("skolskjuts")[0]) > 0
    assert opened.traits.shape[0] == len(opened.entries)
