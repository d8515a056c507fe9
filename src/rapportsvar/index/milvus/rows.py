"""From a local store to the rows of Milvus: what a build has read, or an index that moves."""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rapportsvar.errors import IndexDamaged
from rapportsvar.index.codec import from_plain
from rapportsvar.index.derive import ENTRY_TYPE
from rapportsvar.index.keyword import FIELDS, PART_MARK
from rapportsvar.index.milvus.blobs import rows_of
from rapportsvar.index.milvus.catalogue import Catalogue, to_bytes
from rapportsvar.index.milvus.client import Milvus
from rapportsvar.index.milvus.keyword import norms
from rapportsvar.index.milvus.schema import (
    BLOBS,
    ENTRIES,
    FIGURES,
    FILLER,
    TEXT_BYTES_MAX,
    VECTORS,
    Row,
    entry_numbers,
    vector_numbers,
)
from rapportsvar.index.milvus.state import Kept, Words
from rapportsvar.index.versions import OPENING_CHARS
from rapportsvar.model import EntryKind, ReportInfo

PACKED = "zlib:"
MASSES = ("context", "label")
"""Fields of which it is asked how much of an entry's words a question speaks of."""

Original = Callable[[str], bytes]
"""Returns the bytes of a report's file by their hash."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What uploading needs to know.

    Attributes:
        milvus: Where to.
        words: The terms' numbers; what is uploaded is counted in.
        means: Mean length of each field, by which sparse vectors are scaled.
        original: The files of reports with pages.
    """

    milvus: Milvus
    words: Words
    means: Mapping[str, float]
    original: Original


def hashed(text: str) -> str:
    """Return what stands for a text in a filter."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def packed(content: Mapping[str, Any]) -> str:
    """Return columns as text that a row of Milvus holds, compressed where it must be."""
    plain = {name: _plain(value) for name, value in content.items()}
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode("utf-8", "surrogatepass")) <= TEXT_BYTES_MAX and _is_text(text):
        return text
    data = zlib.compress(_ascii(plain), 9)
    return PACKED + base64.b64encode(data).decode("ascii")


def unpacked(text: str) -> dict[str, Any]:
    """Return what :func:`packed` was given."""
    if text.startswith(PACKED):
        text = zlib.decompress(base64.b64decode(text[len(PACKED) :])).decode("ascii")
    content: dict[str, Any] = json.loads(text)
    return {name: _column(value) for name, value in content.items()}


def _plain(value: str | int | bytes) -> str | int | list[str]:
    """Return a column as JSON knows it: bytes as a list of one text."""
    return [base64.b64encode(value).decode("ascii")] if isinstance(value, bytes) else value


def _column(value: str | int | list[str]) -> str | int | bytes:
    return base64.b64decode(value[0]) if isinstance(value, list) else value


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a store's file to read its rows."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        yield db


def mean_lengths(db: sqlite3.Connection) -> dict[str, float]:
    """Return the mean number of terms of a store's entries, for each field."""
    means = {}
    for field in FIELDS:
        lengths = [
            max(1, len(terms.split())) for (terms,) in db.execute(f"SELECT {field}_terms FROM entries")
        ]
        means[field] = sum(lengths) / max(1, len(lengths))
    return means


def upload(db: sqlite3.Connection, key: int, number: int, to: Upload) -> Kept:
    """Write one report of a store to Milvus.

    Args:
        db: The store.
        key: The report's id in it.
        number: The report's number in Milvus.
        to: Where to.

    Raises:
        IndexDamaged: The store lacks a vector.
    """
    report = dict(db.execute("SELECT * FROM reports WHERE id = ?", (key,)).fetchone())
    entries = [dict(row) for row in db.execute("SELECT * FROM entries WHERE report = ? ORDER BY id", (key,))]
    numbers = entry_numbers(number, len(entries))
    terms = {field: [entry[f"{field}_terms"].split() for entry in entries] for field in FIELDS}
    places, vectors, keys = _vectors(db, [entry["id"] for entry in entries], report["source"])
    catalogue = _catalogue(entries, numbers, number, places, terms, to.words)
    lexis = _lexis(terms, report["words"])
    figures = [
        dict(row) for row in db.execute("SELECT * FROM figures WHERE report = ? ORDER BY rowid", (key,))
    ]
    blobs = _blobs(db, key, report, figures, lexis, to.original)
    to.milvus.insert(VECTORS, _vector_rows(number, numbers, places, vectors, keys))
    to.milvus.insert(ENTRIES, _entry_rows(number, numbers, entries, terms, catalogue.lengths, to))
    to.milvus.insert(FIGURES, _figure_rows(number, figures))
    catalogue_rows = rows_of(number, {"catalogue": to_bytes(catalogue)})
    to.milvus.insert(BLOBS, [*rows_of(number, blobs), *catalogue_rows])
    to.words.add(lexis)
    is_row = int(catalogue.entries["is_row"].sum())
    info = from_plain(ReportInfo, json.loads(report["info"]))
    return Kept(number, report["source"], info, len(catalogue_rows), len(entries) - is_row, is_row)


def _vectors(
    db: sqlite3.Connection, keys: Sequence[int], source: str
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32], list[str]]:
    """Return owner, start and end of each vector, the vectors at unit length, and their keys."""
    places, halves, names = [], bytearray(), []
    for owner, key in enumerate(keys):
        rows = db.execute(
            'SELECT v.start, v."end", v.key, e.vector FROM entry_vectors v'
            " LEFT JOIN embeddings e ON e.key = v.key WHERE v.entry = ? ORDER BY v.position",
            (key,),
        )
        for start, end, name, vector in rows:
            if vector is None:
                raise IndexDamaged("A vector is missing", where=source, todo="Build the index again.")
            places.append((owner, start, end))
            halves += vector
            names.append(name.hex())
    if not places:
        return np.zeros((0, 3), np.int32), np.zeros((0, 1), np.float32), []
    vectors = np.frombuffer(halves, "<f2").reshape(len(places), -1).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-9)
    return np.array(places, np.int32), vectors, names


def _catalogue(
    entries: Sequence[Row],
    numbers: npt.NDArray[np.int64],
    report: int,
    places: npt.NDArray[np.int32],
    terms: Mapping[str, Sequence[Sequence[str]]],
    words: Words,
) -> Catalogue:
    rows = [
        (entry_number, report, entry["start"], entry["end"], entry["kind"] == EntryKind.ROW)
        for entry_number, entry in zip(numbers.tolist(), entries, strict=True)
    ]
    traits = [np.array(json.loads(entry["traits"]), np.float32) for entry in entries]
    lengths = [[max(1, len(terms[field][place])) for field in FIELDS] for place in range(len(entries))]
    whole = {}
    for field in MASSES:
        own = [sorted({t for t in some if not t.startswith(PART_MARK)}) for some in terms[field]]
        starts = np.cumsum([0, *map(len, own)]).astype(np.int64)
        whole[field] = (np.array([words.number(t) for some in own for t in some], np.uint32), starts)
    return Catalogue(
        np.array(rows, ENTRY_TYPE),
        np.stack(traits) if traits else np.zeros((0, 1), np.float32),
        places,
        np.array(lengths, np.int32).reshape(-1, len(FIELDS)),
        whole,
    )


def _lexis(terms: Mapping[str, Sequence[Sequence[str]]], forms: str) -> dict[str, Any]:
    found = {field: Counter(t for some in terms[field] for t in set(some)) for field in FIELDS}
    return {"found": found, "forms": json.loads(forms)}


def _blobs(
    db: sqlite3.Connection,
    key: int,
    report: Row,
    figures: Sequence[Row],
    lexis: Mapping[str, Any],
    original: Original,
) -> dict[str, bytes]:
    measures: dict[str, list[Any]] = {}
    for figure in figures:
        measures.setdefault(figure["measure"], [figure["terms"], 0])[1] += 1
    blobs = {
        "report": packed({name: value for name, value in report.items() if name != "id"}).encode("utf-8"),
        "lexis": _ascii(lexis),
        "measures": _ascii(measures),
    }
    shingles = db.execute("SELECT hashes, sampled FROM shingles WHERE report = ?", (key,)).fetchone()
    if shingles:
        known = {"opening": report["text"][:OPENING_CHARS], "sampled": shingles["sampled"]}
        blobs["known"] = _ascii({**known, "hashes": base64.b64encode(shingles["hashes"]).decode("ascii")})
    placed = db.execute("SELECT * FROM placed WHERE report = ?", (key,)).fetchone()
    if placed:
        columns = {name: value for name, value in dict(placed).items() if name != "report"}
        blobs |= {"placed": packed(columns).encode("utf-8"), "original": original(report["sha256"])}
    return blobs


def _ascii(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode("ascii")


def _vector_rows(
    report: int,
    entries: npt.NDArray[np.int64],
    places: npt.NDArray[np.int32],
    vectors: npt.NDArray[np.float32],
    keys: Sequence[str],
) -> list[Row]:
    numbers = vector_numbers(places[:, 0].astype(np.int64), entries)
    return [
        {"id": number, "report": report, "key": key, "vector": vector}
        for number, key, vector in zip(numbers.tolist(), keys, vectors.tolist(), strict=True)
    ]


def _entry_rows(
    report: int,
    numbers: npt.NDArray[np.int64],
    entries: Sequence[Row],
    terms: Mapping[str, Sequence[Sequence[str]]],
    lengths: npt.NDArray[np.int32],
    to: Upload,
) -> list[Row]:
    scales = {field: norms(field, lengths[:, at], to.means[field]) for at, field in enumerate(FIELDS)}
    rows = []
    for place, entry in enumerate(entries):
        row: Row = {"id": int(numbers[place]), "report": report}
        for field in FIELDS:
            scale = float(scales[field][place])
            counts = Counter(terms[field][place])
            shares = {to.words.number(term): count / (count + scale) for term, count in counts.items()}
            row[field] = {FILLER: 1.0, **shares}
        row["content"] = packed({name: entry[name] for name in entry if name not in ("id", "report")})
        rows.append(row)
    return rows


def _figure_rows(report: int, figures: Sequence[Row]) -> list[Row]:
    numbers = entry_numbers(report, len(figures)).tolist()
    return [
        {
            "id": number,
            "report": report,
            "measure": hashed(figure["measure"]),
            "name": hashed(figure["name"]),
            "content": packed({name: figure[name] for name in figure if name != "report"}),
        }
        for number, figure in zip(numbers, figures, strict=True)
    ]
