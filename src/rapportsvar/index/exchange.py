"""What is said between a build and the processes that read for it: JSON, and placed words packed.

What comes back can make nothing but a report, read or analysed too, or an error of ours, whatever a file has
done to its reader.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

import rapportsvar.errors as errors
from rapportsvar.errors import ReadingError
from rapportsvar.index.codec import from_plain, to_plain
from rapportsvar.index.fresh import Fresh
from rapportsvar.index.placed import pack, unpack
from rapportsvar.index.store import Analysed, StoredReport
from rapportsvar.model import Figure, PlacedWords, Report, Table
from rapportsvar.structure.passages import PassageSize

T = TypeVar("T")
LENGTH_BYTES = 8
PATIENCE = 3
"""How many times its seconds of processor time a file may take by the clock: the machine may be busy."""
TO_LARGE = "Dela filen, eller höj reading.megabytes_max i inställningarna."


@dataclass(frozen=True, slots=True)
class Command:
    """A file to read: where it is, its report's name, how long passages are, what is corrected by hand.

    Attributes:
        mask: Whether personal identity numbers are taken out.
        analysed: Whether the report is analysed too. Then an answer of no length comes when it is read.
    """

    path: Path
    name: str
    size: PassageSize
    corrections: Mapping[str, str]
    mask: bool = True
    analysed: bool = False


def pack_command(command: Command) -> bytes:
    """Return a command as bytes."""
    size, corrections = asdict(command.size), dict(command.corrections)
    return _json([str(command.path), command.name, size, corrections, command.mask, command.analysed])


def unpack_command(content: bytes) -> Command:
    """Return the command that :func:`pack_command` was given."""
    path, name, size, corrections, mask, analysed = json.loads(content)
    return Command(Path(path), name, PassageSize(**size), corrections, mask, analysed)


def pack_answer(answer: Report | ReadingError) -> bytes:
    """Return a report or an error as bytes."""
    if isinstance(answer, ReadingError):
        return _framed(_json([type(answer).__name__, answer.what, answer.where, answer.todo]))
    bare = replace(answer, source=replace(answer.source, words=None))
    return _framed(_json(["", to_plain(bare)]), *_placed(answer.source.words))


def unpack_answer(content: bytes) -> Report | ReadingError:
    """Return the report or the error that :func:`pack_answer` was given.

    Raises:
        ValueError: The bytes are not what it gave.
    """
    return _unpacked(content, _report)


def pack_fresh(fresh: Fresh) -> bytes:
    """Return a report that is analysed as bytes: entry by entry, since all of them at once are many lists."""
    hashes, sampled = fresh.shingles
    rest = [
        *("", to_plain(fresh.stored), to_plain(fresh.tables), fresh.words, to_plain(fresh.figures)),
        *(fresh.figure_terms, sampled, dict(fresh.seconds)),
    ]
    entries = b"\n".join(_json(to_plain(each)) for each in fresh.analysed)
    return _framed(_json(rest), entries, hashes.astype("<u8").tobytes(), *_placed(fresh.placed))


def unpack_fresh(content: bytes, path: Path) -> Fresh | ReadingError:
    """Return what :func:`pack_fresh` or, for an error, :func:`pack_answer` was given.

    Args:
        content: The bytes.
        path: Of the file: who read it is not asked.

    Raises:
        ValueError: The bytes are not what either gave.
    """
    return _unpacked(content, lambda inside, frames: _fresh(inside, frames, path))


def _unpacked(content: bytes, made: Callable[[list[Any], list[bytes]], T]) -> T | ReadingError:
    try:
        first, *frames = _frames(content)
        kind, *inside = _of_json(first)
        return _error(kind, *inside) if kind else made(inside, frames)
    except (LookupError, TypeError, AttributeError) as bad:
        raise ValueError(f"no answer of a reader: {bad!r}") from bad


def _report(inside: list[Any], frames: list[bytes]) -> Report:
    report = from_plain(Report, inside[0])
    return replace(report, source=replace(report.source, words=unpack(frames[0]))) if frames else report


def _fresh(inside: list[Any], frames: list[bytes], path: Path) -> Fresh:
    stored, tables, words, figures, figure_terms, sampled, seconds = inside
    entries, hashes, *placed = frames
    return Fresh(
        stored=from_plain(StoredReport, stored),
        analysed=tuple(from_plain(Analysed, _of_json(line)) for line in entries.split(b"\n") if line),
        tables=from_plain(tuple[Table, ...], tables),
        words=dict(words.items()),
        figures=from_plain(tuple[Figure, ...], figures),
        figure_terms={measure: tuple(terms) for measure, terms in figure_terms.items()},
        placed=unpack(placed[0]) if placed else None,
        shingles=(np.frombuffer(hashes, "<u8").astype(np.uint64), bool(sampled)),
        path=path,
        seconds={stage: float(spent) for stage, spent in seconds.items()},
    )


def _error(kind: str, what: str, where: str, todo: str) -> ReadingError:
    made: type[ReadingError] = getattr(errors, kind)
    if not issubclass(made, ReadingError):
        raise TypeError(kind)
    return made(what, where=where, todo=todo)


def _placed(words: PlacedWords | None) -> list[bytes]:
    return [] if words is None else [pack(words)]


def _json(content: Any) -> bytes:  # noqa: ANN401
    """A file's text may hold halves of surrogate pairs, which only this coding lets through."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _of_json(content: bytes) -> Any:  # noqa: ANN401
    return json.loads(content.decode("utf-8", "surrogatepass"))


def _framed(*frames: bytes) -> bytes:
    return b"".join(part for each in frames for part in (len(each).to_bytes(LENGTH_BYTES, "big"), each))


def _frames(content: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(content):
        start = place + LENGTH_BYTES
        place = start + int.from_bytes(content[place:start], "big")
        yield content[start:place]
