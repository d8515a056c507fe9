"""What is told of several reports together: versions of one, and counts."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence

import numpy as np

from rapportsvar.index.milvus.blobs import read_blobs
from rapportsvar.index.milvus.client import Milvus, among
from rapportsvar.index.milvus.schema import VECTORS
from rapportsvar.index.milvus.state import Kept
from rapportsvar.index.versions import Known, families

REPORTS_AT_ONCE = 200


def families_of(milvus: Milvus, reports: Iterable[Kept]) -> list[list[str]]:
    """Look for versions among the reports of a generation."""
    ordered = sorted(reports, key=lambda kept: kept.source)
    blobs = read_blobs(milvus, [kept.number for kept in ordered], "known", 4)
    known = []
    for kept in ordered:
        content = json.loads(blobs[kept.number])
        hashes = np.frombuffer(base64.b64decode(content["hashes"]), "<u8")
        known.append(Known(kept.source, kept.info, content["opening"], hashes, content["sampled"] == 1))
    return families(known)


def vectors_of(milvus: Milvus, reports: Sequence[Kept]) -> int:
    """Count the vectors of a generation's reports."""
    total = 0
    for first in range(0, len(reports), REPORTS_AT_ONCE):
        some = [kept.number for kept in reports[first : first + REPORTS_AT_ONCE]]
        total += milvus.count(VECTORS, among("report", some))
    return total


def counts_of(reports: Sequence[Kept], vectors: int) -> dict[str, int]:
    """Return what a manifest counts."""
    return {
        "reports": len(reports),
        "passages": sum(kept.passages for kept in reports),
        "rows": sum(kept.rows for kept in reports),
        "vectors": vectors,
    }
