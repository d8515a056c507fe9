"""Runs of rapportsvar that start at once, so that hundreds of them can be killed.

They are forked from a process that has imported everything and does nothing else. Each run is what a command
does, or what the application does.

``python preforked.py`` takes an order a line on stdin, in JSON; :class:`Preforked` is the other end.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

HERE = Path(__file__).parent
TOUCHING = {
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.truncate",
    "shutil.copyfile",
    "sqlite3.connect",
}
KILLED = -signal.SIGKILL


class Preforked:
    """Starts runs, one at a time, and may kill them."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "preforked.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def __enter__(self) -> Preforked:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(
        self, do: str, *arguments: str, after: float | None = None, at: int | None = None, **order
    ) -> dict:
        """Run to the end, or kill after some seconds, or at a touch of the disk.

        Returns ``status``, ``seconds``, ``touches`` and ``said``.
        """
        command = json.dumps({"do": do, "arguments": arguments, "at": at, **order})
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        pid, began = self._answer()["pid"], time.perf_counter()
        if after is not None:
            time.sleep(after)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return {**self._answer(), "seconds": time.perf_counter() - began}

    def _answer(self) -> dict:
        return json.loads(self._process.stdout.readline())


def _serve() -> None:
    import rapportsvar.cli  # all that a run needs is there before it is forked
    import rapportsvar.engine.updating  # noqa: F401
    from rapportsvar.swedish.words import Analyzer

    Analyzer().terms("kostnaderna")
    told = os.fdopen(os.dup(1), "w")
    orders = iter(sys.stdin.readline, "")
    told.write("{}\n")
    told.flush()
    for line in orders:
        told_end, heard_end = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(told_end)
            _run(json.loads(line), heard_end)
        os.close(heard_end)
        told.write(json.dumps({"pid": pid}) + "\n")
        told.flush()
        with os.fdopen(told_end, "rb") as stream:
            said = stream.read()
        _, status = os.waitpid(pid, 0)
        touches, _, rest = said.partition(b"\n")
        answer = {
            "status": os.waitstatus_to_exitcode(status),
            "touches": int(touches or 0),
            "said": rest.decode(),
        }
        told.write(json.dumps(answer) + "\n")
        told.flush()


def _run(order: dict, heard: int) -> None:
    status, touches = 70, [0]
    said = io.StringIO()
    sys.stdout = sys.stderr = said
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    try:
        _read_in_forks(heard)
        _watch(order, touches)
        from tasks import TASKS

        status = TASKS[order["do"]](order)
    except BaseException as broken:
        said.write(f"\n{broken!r}")
    finally:
        os.write(heard, f"{touches[0]}\n{said.getvalue()[-2000:]}".encode())
        os._exit(status)


def _watch(order: dict, touches: list[int]) -> None:
    """Count what touches the disk below a folder, and end the process at one of them."""
    below, at = order.get("below", ""), order.get("at")

    def see(event: str, given: tuple) -> None:
        writes = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
        if (writes or event in TOUCHING) and str(given[0]).startswith(below):
            touches[0] += 1
            if touches[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(see)


def _read_in_forks(heard: int) -> None:
    """Processes that read files are forked, too: each would else import everything anew."""
    import rapportsvar.index.apart as apart
    import rapportsvar.index.child as child

    class Forked:
        def __init__(self, command, **_):
            ours_in, self_in = os.pipe()
            self_out, ours_out = os.pipe()
            self.returncode = None
            self.pid = os.fork()
            if not self.pid:
                for end in (self_in, self_out, heard):
                    os.close(end)
                os.dup2(ours_in, 0)
                os.dup2(ours_out, 1)
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                sys.stdin = os.fdopen(0, "r")
                sys.argv = command[2:]
                try:
                    child.main()
                finally:
                    os._exit(0)
            os.close(ours_in)
            os.close(ours_out)
            self.stdin, self.stdout = os.fdopen(self_in, "wb"), os.fdopen(self_out, "rb")

        def poll(self):
            with suppress(ChildProcessError):
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                if pid:
                    self.returncode = os.waitstatus_to_exitcode(status)
            return self.returncode

        def wait(self, timeout=None):
            end = time.monotonic() + (timeout or 60)
            while self.poll() is None:
                if time.monotonic() > end:
                    raise subprocess.TimeoutExpired("reader", timeout or 60)
                time.sleep(0.002)
            return self.returncode

        def kill(self):
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    class Subprocess:
        PIPE, DEVNULL, TimeoutExpired = subprocess.PIPE, subprocess.DEVNULL, subprocess.TimeoutExpired
        Popen = Forked

    apart.subprocess = Subprocess


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    _serve()
