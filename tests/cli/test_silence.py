"""Nothing leaves the machine: no library connects anywhere, and no log or file holds a question."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rapportsvar.cache import cache_folder

REPORT = (
    "# Årsredovisning 2022\n\nPrövstads kommun\n\n## Ekonomi\n\nKostnaden för placeringar ökade i höst.\n"
)
STRACE = shutil.which("strace")
ADDRESS = re.compile(r'(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"')
OWN = ("127.", "::1", "0.0.0.0", "::ffff:127.")
HOOK = """
import os, sys
def _tell(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        with open(os.environ["SOCKETS_TOLD"], "a", encoding="utf-8") as told:
            told.write(repr((event, [a for a in arguments if isinstance(a, (str, tuple))])) + "\\n")
sys.addaudithook(_tell)
"""


@pytest.fixture
def reports(tmp_path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.md").write_text(REPORT, encoding="utf-8")
    return tmp_path


def _run(command, where, environment):
    done = subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


def _commands(where):
    start = [sys.executable, "-m", "rapportsvar.cli"]
    index = ["--index", str(where / "index")]
    return [
        [*start, "index", str(where / "reports"), *index],
        [*start, "ask", "Varför ökade kostnaden för placeringar?", "--json", *index],
        [*start, "search", "placeringar", "--json", *index],
    ]


def test_commands_open_no_way_out_of_python(reports):
    (reports / "hook").mkdir()
    (reports / "hook" / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    told = reports / "told.txt"
    path = os.pathsep.join(filter(None, (str(reports / "hook"), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path, "SOCKETS_TOLD": str(told)}
    for command in _commands(reports):
        _run(command, reports, environment)
    assert not told.exists(), told.read_text(encoding="utf-8")
    # Else the test could not fail.
    reaching = [sys.executable, "-c", "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"]
    _run(reaching, reports, environment)
    assert "127.0.0.1" in told.read_text(encoding="utf-8")


@pytest.mark.skipif(STRACE is None, reason="strace is not installed (apt-get install strace)")
def test_commands_and_their_libraries_in_c_connect_to_nothing(reports):
    _run(_commands(reports)[0], reports, dict(os.environ))
    for command in _commands(reports)[1:]:
        calls = reports / "calls.txt"
        traced = [str(STRACE), "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(calls)]
        _run([*traced, *command], reports, dict(os.environ))
        written = calls.read_text(encoding="utf-8", errors="replace")
        assert [a for a in ADDRESS.findall(written) if not a.startswith(OWN)] == []


def test_the_model_s_runtime_keeps_no_number_of_the_machine(reports):
    """Where nothing was switched off it does so beside its own cache, before it tells anybody."""
    home = {"HOME": str(reports / "home"), "XDG_CACHE_HOME": str(reports / "home/cache")}
    environment = {**os.environ, "RAPPORTSVAR_CACHE": str(cache_folder()), **home}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    for command in _commands(reports)[:2]:
        _run(command, reports, environment)
    assert [str(path) for path in (reports / "home").rglob("*") if "rapportsvar" not in str(path)] == []


def test_no_file_holds_a_question_once_it_is_answered(reports):
    commands = _commands(reports)
    _run(commands[0], reports, dict(os.environ))
    question = "Varför ökade zebrarandigheten?"
    done = _run(
        [sys.executable, "-m", "rapportsvar.cli", "ask", question, "--index", str(reports / "index")],
        reports,
        dict(os.environ),
    )
    assert "zebrarandig" not in done.stderr
    files = [path for path in Path(reports).rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"zebrarandig" in path.read_bytes()]
