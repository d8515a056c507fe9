"""Which generation is served, what it holds, and who builds the next.

The state of a generation is two blobs: ``state`` (the manifest and the reports) and ``words`` (every term
with its number and how many entries hold it; every word form with its count). A generation is in place once
``heads`` has its row, which is inserted last. Builders hold a lease: a row in ``heads``, renewed while they
work.
"""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from rapportsvar.errors import IndexBusy, IndexMissing, IndexStale, RapportsvarError
from rapportsvar.index.codec import from_plain, to_plain
from rapportsvar.index.keyword import FIELDS
from rapportsvar.index.manifest import FORMAT, REBUILD, Manifest, check_number, generation_name
from rapportsvar.index.milvus.blobs import read_blob, rows_of
from rapportsvar.index.milvus.client import Milvus, among, is_lite
from rapportsvar.index.milvus.schema import BLOBS, HEADS, MOST_FOUND, OF_REPORTS
from rapportsvar.model import ReportInfo

LAYOUT = 1
LEASE_SECONDS = 600
RENEWED_SECONDS = 60
REPORTS_AT_ONCE = 200
_GENERATION, _LEASE = "generation/", "lease/"
_PROCESS = uuid.uuid4().hex[:12]


@dataclass(frozen=True, slots=True)
class Kept:
    """A report of a generation.

    Attributes:
        number: Its own; a report that is read anew gets another.
        source: Its name.
        info: Its metadata.
        parts: How many rows its catalogue takes.
        passages: How many passages it has.
        rows: How many table rows.
    """

    number: int
    source: str
    info: ReportInfo
    parts: int
    passages: int
    rows: int


@dataclass(frozen=True, slots=True)
class State:
    """A generation.

    Attributes:
        generation: Its number, from 1 on.
        manifest: As of a local index; without files.
        reports: By number.
        leaving: Numbers of reports that only the generation before holds.
        families: Which reports are versions of one; see ``versions.py``.
        next_report: The number of the next report.
        means: Mean length of each field when the first generation was made: the scale of the sparse vectors.
    """

    generation: int
    manifest: Manifest
    reports: tuple[Kept, ...]
    leaving: tuple[int, ...]
    families: list[list[str]]
    next_report: int
    means: Mapping[str, float]


@dataclass(slots=True)
class Words:
    """Every term and word form of a generation.

    Attributes:
        numbers: Of each term; a term keeps its number even when no entry holds it any more.
        found: For each field, how many entries hold each term.
        forms: How often each word form stands in the reports.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    found: dict[str, dict[str, int]] = field(default_factory=lambda: {name: {} for name in FIELDS})
    forms: dict[str, int] = field(default_factory=dict)

    def number(self, term: str) -> int:
        """Return a term's number; a new one where it has none."""
        return self.numbers.setdefault(term, len(self.numbers) + 1)

    def add(self, lexis: Mapping[str, Any], sign: int = 1) -> None:
        """Count what a report holds, or take it away: ``{"found": {field: {term: n}}, "forms": {...}}``."""
        for name in FIELDS:
            _count(self.found[name], lexis["found"][name], sign)
        _count(self.forms, lexis["forms"], sign)


def _count(counts: dict[str, int], more: Mapping[str, int], sign: int) -> None:
    for key, count in more.items():
        left = counts.get(key, 0) + sign * count
        if left > 0:
            counts[key] = left
        else:
            counts.pop(key, None)


def newest(milvus: Milvus) -> int:
    """Return the number of the generation that is served; 0 where there is none."""
    if not milvus.is_there():
        return 0
    rows = milvus.query(HEADS, f'id like "{_GENERATION}%"', ("id",))
    return max((int(row["id"].removeprefix(_GENERATION)) for row in rows), default=0)


def read_state(milvus: Milvus, *, oldest: int = FORMAT) -> State:
    """Read the generation that is served.

    Args:
        milvus: Where it is.
        oldest: An older format that will do.

    Raises:
        IndexMissing: There is none.
        IndexStale: It was written in another layout, or in another format.
    """
    generation = newest(milvus)
    if not generation:
        raise IndexMissing(
            "There is no index here", where=milvus.where, todo="Build one with: rapportsvar index"
        )
    content = json.loads(read_blob(milvus, -generation, "state"))
    if content["layout"] != LAYOUT:
        raise IndexStale(
            f"The index has layout {content['layout']}, this version knows {LAYOUT}",
            where=milvus.where,
            todo=REBUILD,
        )
    manifest = content["manifest"]
    check_number(manifest["format"], milvus.where, oldest)
    manifest["paths"] = tuple(manifest["paths"])
    return State(
        generation,
        Manifest(**manifest),
        tuple(from_plain(Kept, each) for each in content["reports"]),
        tuple(content["leaving"]),
        content["families"],
        content["next_report"],
        content["means"],
    )


def read_words(milvus: Milvus, state: State) -> Words:
    """Read the words of a generation."""
    return Words(**json.loads(read_blob(milvus, -state.generation, "words")))


def write_state(milvus: Milvus, state: State, words: Words | None = None) -> None:
    """Put a generation in place. Without ``words`` those of the generation before hold."""
    manifest = replace(state.manifest, generation=generation_name(state.generation))
    content = {
        "layout": LAYOUT,
        "manifest": asdict(manifest),
        "reports": to_plain(state.reports),
        "leaving": list(state.leaving),
        "families": state.families,
        "next_report": state.next_report,
        "means": dict(state.means),
    }
    blobs = {"state": _plain(content)}
    blobs["words"] = _plain(asdict(words)) if words else read_blob(milvus, 1 - state.generation, "words")
    milvus.insert(BLOBS, rows_of(-state.generation, blobs))
    milvus.flush()
    milvus.insert(HEADS, [{"id": f"{_GENERATION}{state.generation}", "content": manifest.created}])


def sweep(milvus: Milvus, state: State | None) -> None:
    """Take away what no generation but the served one holds: of older ones, and of builds cut off."""
    if state is None:
        if milvus.is_there():
            for name in OF_REPORTS:
                milvus.delete(name, "report != 0")
        return
    for first in range(0, len(state.leaving), REPORTS_AT_ONCE):
        for name in OF_REPORTS:
            milvus.delete(name, among("report", state.leaving[first : first + REPORTS_AT_ONCE]))
    for name in OF_REPORTS:
        milvus.delete(name, f"report >= {state.next_report} or report < {-state.generation}")
    milvus.delete(BLOBS, f"report < 0 and report > {-state.generation}")
    older = [f"{_GENERATION}{number}" for number in range(max(1, state.generation - 50), state.generation)]
    if older:
        milvus.delete(HEADS, among("id", older))


@contextmanager
def alone_with(milvus: Milvus) -> Iterator[None]:
    """Hold the index for writing.

    Whoever wants it writes a row and then looks for rows of others; of two that come at once at most one
    goes on. The row is renewed by a thread, and counts no longer ten minutes after its holder died; in a file
    of Milvus Lite, which one process at a time may hold, no longer than its holder lives.

    Raises:
        IndexBusy: Another builder holds it.
    """
    own = f"{_LEASE}{_holder()}{uuid.uuid4().hex[:16]}"
    stop = threading.Event()
    _sign(milvus, own)
    try:
        others = [row for row in _leases(milvus) if row["id"] != own]
        if any(_holds(milvus, row) for row in others):
            raise IndexBusy(
                "Another process is building this index", where=milvus.where, todo="Wait for it, or stop it."
            )
        if others:
            milvus.delete(HEADS, among("id", [row["id"] for row in others]))
        renewing = threading.Thread(target=_renew, args=(milvus, own, stop), daemon=True)
        renewing.start()
        yield
        stop.set()
        renewing.join()
    finally:
        stop.set()
        with suppress(RapportsvarError):  # what made the build fail is told; the lease runs out by itself
            milvus.delete(HEADS, among("id", [own]))


def _holder() -> str:
    """Name this process; its number alone may be that of one which died, in a container most of all."""
    return f"{os.getpid()}-{_PROCESS}-"


def _holds(milvus: Milvus, lease: Mapping[str, Any]) -> bool:
    if is_lite(milvus.settings.uri) and not lease["id"].startswith(f"{_LEASE}{_holder()}"):
        return False  # whoever held the file has ended, else it would not be open here
    return float(lease["content"]) > time.time()


def _leases(milvus: Milvus) -> Sequence[Mapping[str, Any]]:
    return milvus.query(HEADS, f'id like "{_LEASE}%"', ("id", "content"))[:MOST_FOUND]


def _sign(milvus: Milvus, own: str) -> None:
    milvus.put(HEADS, {"id": own, "content": str(time.time() + LEASE_SECONDS)})


def _renew(milvus: Milvus, own: str, stop: threading.Event) -> None:
    while not stop.wait(RENEWED_SECONDS):
        with suppress(RapportsvarError):  # the build itself is told that Milvus is away
            _sign(milvus, own)


def _plain(content: Any) -> bytes:  # noqa: ANN401
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
