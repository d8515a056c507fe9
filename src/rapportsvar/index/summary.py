"""What a build did, and what it tells while it runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

Progress = Callable[[str, int, int], None]
"""Called with the stage's name (``reading``, ``structure``, ``embedding``), how much is done, and how much
there is. The number of texts to embed is an estimate until the last report is read."""


@dataclass(slots=True)
class BuildSummary:
    """What a build did.

    ``seconds`` maps stages (``reading``, ``structure``, ``words``, ``figures``, ``embedding``, ``writing``)
    to time spent; what several processes spent is added up.
    A report that can no longer be read is among the failures, not among the removed.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    skipped: tuple[tuple[str, str], ...] = ()
    embedded: int = 0
    reused: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block to a stage."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.add({name: time.perf_counter() - began})

    def add(self, seconds: Mapping[str, float]) -> None:
        """Add time that was spent, by stage."""
        for name, spent in seconds.items():
            self.seconds[name] = self.seconds.get(name, 0.0) + spent


@dataclass(slots=True)
class Tally:
    """Guesses, by the reports read so far, how many texts there are to embed in all.

    Attributes:
        all_bytes: Of the files to read.
        read_bytes: Of those that are read.
        missing: Texts without a vector that were found in these.
    """

    all_bytes: int
    read_bytes: int = 0
    missing: int = 0

    @property
    def expected(self) -> int:
        """Exact once everything is read."""
        if not self.read_bytes:
            return self.missing
        return max(self.missing, round(self.missing * self.all_bytes / self.read_bytes))
