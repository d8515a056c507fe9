"""What goes wrong over a damaged index is told as damage, by file, whatever it was that broke on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from rapportsvar.errors import CitationError, IndexDamaged, RapportsvarError
from rapportsvar.index.manifest import damages
from rapportsvar.index.opened import OpenIndex

P = ParamSpec("P")
T = TypeVar("T")


class _HasIndex(Protocol):
    index: OpenIndex


S = TypeVar("S", bound=_HasIndex)


def tells_damage(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Let a method of the engine raise ``IndexDamaged`` where it breaks and a file is not as it was written.

    A large index is not hashed when it is opened (``opened.py``). Where all files are as they were written,
    what broke is a fault of ours and goes on as it is. What is read against a seal and does not hold is told
    of the file that it was read from; but another one may have said where to read, and is looked at first.
    """

    @wraps(method)
    def told(engine: S, /, *arguments: P.args, **options: P.kwargs) -> T:
        try:
            return method(engine, *arguments, **options)
        except RapportsvarError as ours:
            if isinstance(ours, CitationError | IndexDamaged):
                _tell(engine.index, ours, but=ours.where if isinstance(ours, IndexDamaged) else "")
            raise
        except Exception as broken:
            _tell(engine.index, broken)
            raise

    return told


def _tell(index: OpenIndex, broken: Exception, *, but: str = "") -> None:
    for damage in damages(index.folder, index.manifest, contents=True, but=but):
        raise damage from broken
