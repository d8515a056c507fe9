"""What is said between a build and the processes that read for it: JSON, and placed words packed.

What comes back can make nothing but a report or an error of ours, whatever a file has done to its reader.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import rapportsvar.errors as errors
from rapportsvar.errors import ReadingError
from rapportsvar.index.codec import from_plain, to_plain
from rapportsvar.index.placed import pack, unpack
from rapportsvar.model import Report
from rapportsvar.structure.passages import PassageSize

LENGTH_BYTES = 8
PATIENCE = 3
"""How many times its seconds of processor time a file may take by the clock: the machine may be busy."""
TO_LARGE = "Dela filen, eller höj reading.megabytes_max i inställningarna."


@dataclass(frozen=True, slots=True)
class Command:
    """A file to read: where it is, its report's name, how long passages are, what is corrected by hand."""

    path: Path
    name: str
    size: PassageSize
    corrections: Mapping[str, str]
    mask: bool = True
    """Whether personal identity numbers are taken out."""


def pack_command(command: Command) -> bytes:
    """Return a command as bytes."""
    return _json(
        [str(command.path), command.name, asdict(command.size), dict(command.corrections), command.mask]
    )


def unpack_command(content: bytes) -> Command:
    """Return the command that :func:`pack_command` was given."""
    path, name, size, corrections, mask = json.loads(content)
    return Command(Path(path), name, PassageSize(**size), corrections, mask)


def pack_answer(answer: Report | ReadingError) -> bytes:
    """Return a report or an error as bytes: the length of its JSON, the JSON, its placed words."""
    if isinstance(answer, ReadingError):
        return _framed(_json([type(answer).__name__, answer.what, answer.where, answer.todo]), b"")
    words = answer.source.words
    bare = replace(answer, source=replace(answer.source, words=None))
    return _framed(_json(["", to_plain(bare)]), b"" if words is None else pack(words))


def unpack_answer(content: bytes) -> Report | ReadingError:
    """Return the report or the error that :func:`pack_answer` was given.

    Raises:
        ValueError: The bytes are not what it gave.
    """
    end = LENGTH_BYTES + int.from_bytes(content[:LENGTH_BYTES], "big")
    try:
        kind, *inside = json.loads(content[LENGTH_BYTES:end].decode("utf-8", "surrogatepass"))
        return _error(kind, *inside) if kind else _report(inside[0], content[end:])
    except (LookupError, TypeError, AttributeError) as bad:
        raise ValueError(f"no answer of a reader: {bad!r}") from bad


def _report(plain: Any, packed: bytes) -> Report:  # noqa: ANN401
    report = from_plain(Report, plain)
    return replace(report, source=replace(report.source, words=unpack(packed))) if packed else report


def _error(kind: str, what: str, where: str, todo: str) -> ReadingError:
    made: type[ReadingError] = getattr(errors, kind)
    if not issubclass(made, ReadingError):
        raise TypeError(kind)
    return made(what, where=where, todo=todo)


def _json(content: Any) -> bytes:  # noqa: ANN401
    """A file's text may hold halves of surrogate pairs, which only this coding lets through."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _framed(first: bytes, second: bytes) -> bytes:
    return len(first).to_bytes(LENGTH_BYTES, "big") + first + second
