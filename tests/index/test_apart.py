"""A file that breaks its reader or its analysis costs itself only; the rest is as if it were not there."""

import errno
import os
import signal
import sys
from concurrent.futures import Future
from pathlib import Path

import pytest

from rapportsvar.config import ReadingSettings
from rapportsvar.errors import NotText, ReaderFailed, ReaderNotStarted, ReadingError, ReportTooLarge
from rapportsvar.index import apart as apart_module
from rapportsvar.index.apart import Apart, Asked
from rapportsvar.index.child import report_of
from rapportsvar.index.fresh import Fresh
from rapportsvar.structure.passages import PassageSize

SIZE = PassageSize()
READER = """
import ctypes, os, signal, socket, subprocess, sys, time
from rapportsvar.reading import folder
from rapportsvar.reading.text import read_text
from rapportsvar.index import child, fresh

def does(text):
    if "hänger" in text:
        time.sleep(60)
    while "räknar" in text:
        pass
    if "dör" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "minne" in text:
        bytearray(10**12)
    if "fel" in text:
        raise KeyError("w:body")
    if "ringer" in text:
        socket.create_connection(("127.0.0.1", 9), timeout=5)
    if "talar i C" in text:
        made = ctypes.CDLL(None, use_errno=True).socket(2, 1, 0)
        raise OSError(ctypes.get_errno(), f"socket gave {made}")
    if "startar ett program" in text:
        subprocess.run([sys.executable, "-c", "import socket; socket.socket()"], check=True)
    if "pratar" in text:
        print("ett bibliotek skriver")
        os.write(1, b"och ett till")

def takes_long(text):
    until = time.process_time() + 2.2
    while "länge" in text and time.process_time() < until:
        pass

def read(path, name):
    source = read_text(path, name)
    takes_long(source.text)
    if "analysen" not in source.text:
        does(source.text)
    return source

analyse = fresh.analyse

def analysed(report, analyzer):
    takes_long(report.text)
    if "analysen" in report.text:
        does(report.text)
    return analyse(report, analyzer)

fresh.analyse = analysed
folder.READERS[".html"] = "__main__:read"
child.main()
"""


@pytest.fixture
def apart(tmp_path, monkeypatch):
    """Readers whose processes know a reader that does what its file says."""
    script = tmp_path / "child.py"
    script.write_text(READER, encoding="utf-8")
    original = apart_module.subprocess.Popen

    def popen(command, **options):
        return original([command[0], str(script), *command[3:]], **options)

    monkeypatch.setattr(apart_module.subprocess, "Popen", popen)
    with Apart(ReadingSettings(seconds_max=4, megabytes_max=1500, processes=1), SIZE) as made:
        yield made


def write(folder, **files):
    asked = []
    for name, text in files.items():
        path = folder / name.replace("_", ".")
        path.write_text(text, encoding="utf-8")
        asked.append(Asked(path, path.name))
    return asked


TEXT = "Lindsjö kommun\n\nKostnaden för skolskjuts ökade med 3 procent under året."


BREAKS = [
    ("hänger", ReportTooLarge, "längre tid än 4 s"),
    ("räknar", ReportTooLarge, "längre tid än 4 s"),
    ("dör", ReaderFailed, "avslutades"),
    ("minne", ReportTooLarge, "minne"),
]


@pytest.mark.parametrize(("does", "error", "says"), [*BREAKS, ("fel", ReaderFailed, "KeyError: 'w:body'")])
def test_a_file_that_breaks_its_reader_costs_itself_only(tmp_path, apart, does, error, says):
    asked = write(tmp_path, a_html=TEXT, b_html=does, c_txt=TEXT, d_html=TEXT)
    first, broken, text, last = apart.read(asked)
    assert isinstance(broken, error)
    assert says in str(broken)
    assert "b.html" in str(broken)
    assert [report.source.name for report in (first, text, last)] == ["a.html", "c.txt", "d.html"]
    assert first == report_of(asked[2].path, "a.html", SIZE)


@pytest.mark.parametrize(
    ("does", "error", "says"),
    [*BREAKS, ("fel", ReaderFailed, "kunde inte analyseras: KeyError: 'w:body'")],
)
def test_a_report_that_breaks_its_analysis_costs_itself_only(tmp_path, apart, does, error, says):
    asked = write(tmp_path, a_html=TEXT, b_html=f"{does} i analysen", c_txt=TEXT, d_txt="")
    first, broken, text, empty = apart.make(asked)
    assert isinstance(broken, error)
    assert says in str(broken)
    assert "b.html" in str(broken)
    assert isinstance(empty, ReadingError)
    assert [fresh.stored.source for fresh in (first, text)] == ["a.html", "c.txt"]
    assert [fresh.path for fresh in (first, text)] == [asked[0].path, asked[2].path]


def test_reading_and_analysing_have_each_its_own_time(tmp_path, apart, monkeypatch):
    monkeypatch.setattr(apart_module, "PATIENCE", 60)  # it is processor time that is looked at
    (fresh,) = apart.make(write(tmp_path, a_html=TEXT + " Det tog länge."))
    assert isinstance(fresh, Fresh)
    assert min(fresh.seconds["reading"], fresh.seconds["words"]) > 2


def test_what_a_library_prints_does_not_get_between(tmp_path, apart):
    (report,) = apart.read(write(tmp_path, a_html=TEXT + " Den pratar."))
    assert report.text.endswith("pratar.")


def test_reports_come_in_the_order_asked_for_and_equal_those_read_here(tmp_path):
    asked = []
    for number in range(9):
        path = tmp_path / f"{number}.{('html', 'txt')[number % 3 == 1]}"
        path.write_text(f"<p>Rapport {number}</p>" * (200 if number % 2 else 1), encoding="utf-8")
        asked.append(Asked(path, path.name))
    with Apart(ReadingSettings(processes=2), SIZE) as apart:
        found = list(apart.read(asked))
    assert found == [report_of(each.path, each.name, SIZE) for each in asked]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have Python's own guard only")
@pytest.mark.parametrize(
    ("does", "says"),
    [
        ("ringer", "PermissionError"),
        ("talar i C", "socket gave -1"),
        ("startar ett program", "CalledProcessError"),
    ],
)
def test_a_reader_reaches_no_network(tmp_path, apart, does, says):
    (refused,) = apart.read(write(tmp_path, a_html=does))
    assert isinstance(refused, ReaderFailed)
    assert says in str(refused)


def test_few_small_files_start_one_process_only(tmp_path):
    with Apart(ReadingSettings(processes=4), SIZE) as apart:
        (report, empty) = apart.read(write(tmp_path, a_txt=TEXT, b_md=""))
        assert [process._child is not None for process in apart._processes] == [True, False, False, False]
    assert report.text == TEXT
    assert isinstance(empty, ReadingError)


def test_processes_that_cannot_start_are_no_files_fault(tmp_path, monkeypatch):
    def none(*_args, **_kwargs):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(apart_module.subprocess, "Popen", none)
    with (
        Apart(ReadingSettings(processes=1), SIZE) as apart,
        pytest.raises(ReaderNotStarted, match="Too many open files"),
    ):
        list(apart.read(write(tmp_path, a_txt=TEXT)))


def test_processes_end_with_their_owner(tmp_path):
    with Apart(ReadingSettings(processes=2), SIZE) as apart:
        list(apart.read(write(tmp_path, a_html=TEXT, b_html=TEXT)))
        pids = [process._child.pid for process in apart._processes if process._child]
        assert pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, signal.SIG_DFL)


def test_errors_of_a_reader_keep_their_kind_over_the_border(tmp_path):
    with Apart(ReadingSettings(processes=1), SIZE) as apart:
        path = tmp_path / "a.docx"
        path.write_bytes(b"%PDF-1.4")
        (unreadable,) = apart.read([Asked(Path(path), "mapp/a.docx")])
    assert isinstance(unreadable, NotText)
    assert unreadable.where == "mapp/a.docx"


class AtOnce:
    """A pool of threads that has what is asked of it done at once, and counts it."""

    def __init__(self, *_, **__):
        self.asked = 0

    def submit(self, do, *given):
        self.asked += 1
        done = Future()
        done.set_result(do(*given))
        return done

    def shutdown(self, **_):
        pass


@pytest.mark.parametrize(
    ("bytes_ahead", "begun"), [(10_000, [10, 10, 10, 10, 10]), (250, [2, 3, 4, 5, 6]), (0, [2, 3, 4, 5, 6])]
)
def test_large_files_are_not_read_far_ahead(tmp_path, monkeypatch, bytes_ahead, begun):
    files = [tmp_path / f"{n}.txt" for n in range(10)]
    for file in files:
        file.write_text("a" * 100)
    monkeypatch.setattr(apart_module, "ThreadPoolExecutor", AtOnce)
    monkeypatch.setattr(apart_module, "BYTES_AHEAD", bytes_ahead)
    monkeypatch.setattr(Apart, "_apart", lambda self, asked, do: asked.name)
    counted, names = [], []
    with Apart(ReadingSettings(processes=2), SIZE) as apart:
        for name in apart.read([Asked(file, file.name) for file in files]):
            names.append(name)
            counted.append(apart._threads.asked)
    assert names == [file.name for file in files]
    assert counted[:5] == begun
