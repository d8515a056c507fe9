"""What goes wrong in a cluster: a worker that dies of a report, a scheduler that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from distributed import LocalCluster, WorkerPlugin

import rapportsvar.index.distributed.task as task

ALLOWED_FAILURES = 1


def small_cluster(port: int = 0) -> LocalCluster:
    return LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        memory_limit=0,
        dashboard_address=None,
        scheduler_port=port,
        silence_logs=60,
        scheduler_kwargs={"allowed_failures": ALLOWED_FAILURES, "dashboard_address": "127.0.0.1:0"},
    )


class Killer(WorkerPlugin):
    """A worker kills itself when it is given a report of this name; only once where a marker is given."""

    name = "killer"

    def __init__(self, report: str, marker: Path | None = None) -> None:
        self.report, self.marker = report, marker

    def setup(self, worker):
        self.original = task.Desk.make

        def make(desk, order, data):
            if order.name == self.report and not (self.marker and self.marker.exists()):
                if self.marker:
                    self.marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return self.original(desk, order, data)

        task.Desk.make = make

    def teardown(self, worker):
        task.Desk.make = self.original


class Remote:
    """A cluster in a process of its own."""

    def __init__(self, port: int = 0) -> None:
        command = [sys.executable, __file__, str(port)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.address = self.process.stdout.readline().strip()

    def stop(self) -> None:
        """Let it hang: its ports take what comes, and nothing is answered."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@contextmanager
def remote(port: int = 0):
    there = Remote(port)
    try:
        yield there
    finally:
        there.kill()


if __name__ == "__main__":
    with small_cluster(int(sys.argv[1])) as cluster:
        sys.stdout.write(f"{cluster.scheduler_address}\n")
        sys.stdout.flush()
        signal.pause()
