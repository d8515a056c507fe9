"""Named bytes in Milvus, compressed and cut into what a row holds."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Mapping, Sequence

from rapportsvar.errors import IndexStale
from rapportsvar.index.milvus.client import Milvus, among
from rapportsvar.index.milvus.schema import BLOBS, Row

PART_CHARS = 60_000
PARTS_AT_ONCE = 200
"""Rows of one query: 12 MB."""

_FIELDS = ("report", "name", "part", "parts", "content")


def rows_of(report: int, contents: Mapping[str, bytes]) -> list[Row]:
    """Return the rows that hold some named bytes of a report, or below 0 of a generation."""
    return [
        {
            "id": f"{report}/{name}/{number}",
            "report": report,
            "name": name,
            "part": number,
            "parts": len(parts),
            "content": part,
        }
        for name, content in contents.items()
        for parts in [_cut(content)]
        for number, part in enumerate(parts)
    ]


def read_blob(milvus: Milvus, report: int, name: str) -> bytes:
    """Return named bytes of one report.

    Raises:
        IndexStale: They are not there any more: the index was built twice since it was opened.
    """
    return next(iter(read_blobs(milvus, [report], name, 1).values()))


def read_blobs(milvus: Milvus, reports: Sequence[int], name: str, parts: int) -> dict[int, bytes]:
    """Return the bytes of one name of some reports.

    Args:
        milvus: The index.
        reports: Their numbers.
        name: Of the bytes.
        parts: How many rows a report's bytes take at most; bounds what one query returns.
    """
    size = max(1, PARTS_AT_ONCE // max(1, parts))
    found: dict[int, bytes] = {}
    for first in range(0, len(reports), size):
        some = reports[first : first + size]
        rows = milvus.query(BLOBS, f'name == "{name}" and {among("report", some)}', _FIELDS)
        grouped: dict[int, list[Row]] = {report: [] for report in some}
        for row in rows:
            grouped[int(row["report"])].append(row)
        found.update((report, _joined(own, name, milvus.where)) for report, own in grouped.items())
    return found


def names_of(milvus: Milvus, report: int) -> set[str]:
    """Return the names of the bytes that a report has."""
    return {row["name"] for row in milvus.query(BLOBS, f"report == {report} and part == 0", ("name",))}


def _cut(content: bytes) -> list[str]:
    text = base64.b64encode(zlib.compress(content, 6)).decode("ascii")
    return [text[first : first + PART_CHARS] for first in range(0, len(text), PART_CHARS)]


def _joined(rows: Iterable[Row], name: str, where: str) -> bytes:
    ordered = sorted(rows, key=lambda row: int(row["part"]))
    if not ordered or [int(row["part"]) for row in ordered] != list(range(int(ordered[0]["parts"]))):
        raise gone(name, where)
    return zlib.decompress(base64.b64decode("".join(row["content"] for row in ordered)))


def gone(what: str, where: str) -> IndexStale:
    """Return the error for rows that are no longer there."""
    return IndexStale(
        f"What the index held is there no more ({what}): it was built twice since it was opened",
        where=where,
        todo="Open it again.",
    )
