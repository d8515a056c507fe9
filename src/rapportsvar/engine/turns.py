"""Turns: how much is answered at once. Others stand in line, first come first served, or are sent away."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rapportsvar.config import ServingSettings
from rapportsvar.errors import TooManyAtOnce

A_PROCESSOR = 2
"""At once a processor, where the settings leave it open: one computes while another reads from disk."""
TODO = "Försök igen om en stund."


class Turns:
    """Gives turns. Safe to share between threads.

    Args:
        settings: How many at once, how many may wait, and for how long.
    """

    def __init__(self, settings: ServingSettings) -> None:
        self._settings = settings
        self._free = settings.at_once or A_PROCESSOR * (os.cpu_count() or 1)
        self._line: deque[object] = deque()
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return len(self._line)

    @contextmanager
    def taken(self, told: Callable[[], None]) -> Iterator[None]:
        """Take a turn, and give it back.

        Args:
            told: Is called where one has to stand in line, before one waits.

        Raises:
            TooManyAtOnce: The line is full, or the wait is over without a turn.
        """
        self._take(told)
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def _take(self, told: Callable[[], None]) -> None:
        ticket = object()
        with self._changed:
            if self._free and not self._line:
                self._free -= 1
                return
            if len(self._line) >= self._settings.queue_max:
                raise TooManyAtOnce("Kön är full", where=f"{len(self._line)} väntar", todo=TODO)
            self._line.append(ticket)
        try:
            told()
            self._wait(ticket)
        finally:
            with self._changed:
                self._line.remove(ticket)
                self._changed.notify_all()

    def _wait(self, ticket: object) -> None:
        seconds = self._settings.wait_seconds_max
        with self._changed:
            came = self._changed.wait_for(lambda: self._free and self._line[0] is ticket, seconds)
            if not came:
                raise TooManyAtOnce("Turen kom inte i tid", where=f"efter {seconds} s", todo=TODO)
            self._free -= 1
