"""The collector of reference cycles, held back while much is made that lives on and holds no cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_held_back() -> Iterator[None]:
    """Hold the collector back, if it is on.

    It walks over all that is alive again and again as that grows: a report of 100 times the length took up to
    1.5 times as long a character. What structure makes are frozen dataclasses and tuples, freed by count.
    Where several threads are inside, the first one out turns the collector on again; none leaves it off.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
