"""Reads files, and analyses them, in processes of their own, so that a file can cost no more than itself.

A few processes are kept, each started when it is first needed, and anew when a file has brought one down.
Reports come in the order that was asked for, while the next ones are being read.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO, TypeVar

from rapportsvar.config import ReadingSettings
from rapportsvar.errors import ReaderFailed, ReaderNotStarted, ReadingError, ReportTooLarge
from rapportsvar.index.exchange import (
    LENGTH_BYTES,
    PATIENCE,
    TO_LARGE,
    Command,
    pack_command,
    unpack_answer,
    unpack_fresh,
)
from rapportsvar.index.fresh import Fresh
from rapportsvar.model import Report
from rapportsvar.structure.passages import PassageSize

T = TypeVar("T")
MOST_PROCESSES = 4
AHEAD = 5
"""Files for each process that are read before they are asked for: none waits while a group is written."""
BYTES_AHEAD = 10_000_000
"""Of the files that are read ahead, but for one for each process: it bounds the memory."""
ANSWER_BYTES_MAX = 2_000_000_000
"""Of a report with its structure: more is not taken out of the pipe."""
BYTES_A_PROCESS = 300_000
_TIME_IS_UP = getattr(signal, "SIGPROF", 0)
START_SECONDS = 120
"""For a process to start, which is no file's fault."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A file to read: where it is, its report's name, metadata corrected by hand, what is masked in it."""

    path: Path
    name: str
    corrections: Mapping[str, str] | None = None
    mask: bool = True


class Apart:
    """Reads files, within bounds.

    Args:
        settings: The bounds.
        size: How long passages are.
    """

    def __init__(self, settings: ReadingSettings, size: PassageSize) -> None:
        self._settings = settings
        self._size = size
        self._count = settings.processes or min(MOST_PROCESSES, os.cpu_count() or 1)
        self._free: SimpleQueue[_Process] = SimpleQueue()
        self._processes = [_Process(settings) for _ in range(self._count)]
        self._offered = 0
        self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="reading")

    def __enter__(self) -> Apart:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.stop()
        self._threads.shutdown(cancel_futures=True)

    def read(self, asked: Sequence[Asked]) -> Iterator[Report | ReadingError]:
        """Yield for each file its report, or why it cannot be read, in order."""
        return self._in_order(asked, _Process.read)

    def make(self, asked: Sequence[Asked]) -> Iterator[Fresh | ReadingError]:
        """Yield for each file its report, analysed, or why that cannot be made, in order."""
        return self._in_order(asked, _Process.make)

    def _in_order(
        self, asked: Sequence[Asked], do: Callable[[_Process, Asked, PassageSize], T]
    ) -> Iterator[T]:
        sizes = [_size_of(one) for one in asked]
        self._offer(1 + sum(sizes) // BYTES_A_PROCESS)  # a process takes longer to start than most files
        waiting: deque[Future[T]] = deque()
        ahead = 0  # bytes
        for done in range(len(asked)):
            for number in range(done + len(waiting), min(len(asked), done + AHEAD * self._count)):
                if len(waiting) >= self._count and ahead + sizes[number] > BYTES_AHEAD:
                    break
                waiting.append(self._threads.submit(self._apart, asked[number], do))
                ahead += sizes[number]
            ahead -= sizes[done]
            yield waiting.popleft().result()

    def _offer(self, count: int) -> None:
        for process in self._processes[self._offered : count]:
            self._free.put(process)
        self._offered = max(self._offered, min(count, self._count))

    def _apart(self, asked: Asked, do: Callable[[_Process, Asked, PassageSize], T]) -> T:
        process = self._free.get()
        try:
            return do(process, asked, self._size)
        finally:
            self._free.put(process)


def _size_of(asked: Asked) -> int:
    try:
        return asked.path.stat().st_size
    except OSError:
        return BYTES_A_PROCESS  # a member of an archive, or gone


class _Process:
    """One process that reads and analyses, started when it is needed."""

    def __init__(self, settings: ReadingSettings) -> None:
        self._settings = settings
        self._child: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def read(self, asked: Asked, size: PassageSize) -> Report | ReadingError:
        """Have a file read."""
        return self._ask(_command(asked, size), unpack_answer)

    def make(self, asked: Asked, size: PassageSize) -> Fresh | ReadingError:
        """Have a file read and its report analysed."""
        command = replace(_command(asked, size), analysed=True)
        return self._ask(command, lambda content: unpack_fresh(content, asked.path))

    def _ask(self, command: Command, unpacked: Callable[[bytes], T | ReadingError]) -> T | ReadingError:
        """Give a command; a process that does not answer in time, or dies, is ended."""
        name, packed = command.name, pack_command(command)
        child = self._child or self._start()
        try:
            seconds = PATIENCE * self._settings.seconds_max
            content = self._within(seconds, child, lambda: _exchange(child, packed))
            if not content and command.analysed:  # it is read
                content = self._within(seconds, child, lambda: _answer(child))
            answer = unpacked(content)
        except TimeoutError:
            self._end()
            return self._too_long(name)
        except (EOFError, OSError, ValueError):
            return self._died(name)
        if isinstance(answer, ReportTooLarge):
            self._end()  # memory that was nearly used up is given back
        return answer

    def stop(self) -> None:
        """End the process and start no other."""
        self._stopped = True
        self._end()

    def _start(self) -> subprocess.Popen[bytes]:
        """Start the process and wait until it says that it is ready.

        Raises:
            ReaderNotStarted: The system lets no process start, which is no file's fault.
        """
        if self._stopped:
            raise _not_started("bygget avslutas")
        command = [sys.executable, "-m", "rapportsvar.index.child"]
        command += [str(self._settings.megabytes_max), str(self._settings.seconds_max)]
        try:
            child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the build, which ends its readers itself
            )
            self._child = child
            self._within(START_SECONDS, child, lambda: _answer(child))
        except (OSError, EOFError) as failed:  # too late is an OSError
            status = self._child.poll() if self._child else None
            self._end()
            raise _not_started(str(failed) or f"status {status}") from failed
        return child

    def _within(self, seconds: int, child: subprocess.Popen[bytes], exchange: Callable[[], bytes]) -> bytes:
        """Talk with the process for a time.

        Raises:
            TimeoutError: It did not answer in time; the process is gone.
            EOFError: The process is gone.
            OSError: It was gone before.
        """
        late = threading.Event()
        timer = threading.Timer(seconds, _kill, (child, late))
        timer.daemon = True
        timer.start()
        try:
            return exchange()
        except (EOFError, OSError):
            if late.is_set():
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()

    def _died(self, name: str) -> ReadingError:
        child = self._child
        self._end()
        status = child.returncode if child else 0
        if status == -_TIME_IS_UP:
            return self._too_long(name)
        if status == -9:  # the system takes the life of who takes all its memory
            return ReportTooLarge("Filen tog för mycket minne att läsa", where=name, todo=TO_LARGE)
        todo = "Spara om den, eller spara den i ett annat format."
        return ReaderFailed(f"Läsaren avslutades av filen (status {status})", where=name, todo=todo)

    def _too_long(self, name: str) -> ReportTooLarge:
        what = f"Filen tog längre tid än {self._settings.seconds_max} s att läsa"
        todo = "Dela filen, eller höj reading.seconds_max i inställningarna."
        return ReportTooLarge(what, where=name, todo=todo)

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        for stream in (child.stdin, child.stdout):
            if stream:
                with suppress(OSError):  # what was not yet sent to a process that is gone
                    stream.close()
        if child.poll() is None and not _ends_by_itself(child):
            child.kill()
        child.wait()


def _command(asked: Asked, size: PassageSize) -> Command:
    return Command(asked.path, asked.name, size, dict(asked.corrections or {}), asked.mask)


def _not_started(why: str) -> ReaderNotStarted:
    return ReaderNotStarted(
        f"Ingen process kunde startas för att läsa filer: {why}",
        todo="Stäng program, eller höj gränserna för minne och öppna filer, och kör igen.",
    )


def _ends_by_itself(child: subprocess.Popen[bytes]) -> bool:
    """A process that is only waiting ends as its pipe is closed; a status tells how one that died did."""
    try:
        child.wait(timeout=0.05)
    except subprocess.TimeoutExpired:
        return False
    return True


def _kill(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    child.kill()


def _exchange(child: subprocess.Popen[bytes], command: bytes) -> bytes:
    if child.stdin is None:
        raise EOFError
    child.stdin.write(len(command).to_bytes(LENGTH_BYTES, "big"))
    child.stdin.write(command)
    child.stdin.flush()
    return _answer(child)


def _answer(child: subprocess.Popen[bytes]) -> bytes:
    if child.stdout is None:
        raise EOFError
    length = int.from_bytes(_exactly(child.stdout, LENGTH_BYTES), "big")
    if length > ANSWER_BYTES_MAX:
        child.kill()
        raise EOFError
    return _exactly(child.stdout, length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    received = stream.read(length)
    if len(received) < length:
        raise EOFError
    return received


def _environment() -> dict[str, str]:
    """The child finds the same code as we, and no library of numbers in it starts threads of its own."""
    paths = [path for path in sys.path if path]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
