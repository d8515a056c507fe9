"""What lies where in Milvus: five collections, named after what the settings call the index.

::

    <index>_heads      one row a generation and one a builder at work: which generation is served
    <index>_blobs      named bytes of a report, or of a generation: structure, catalogue, words, the file
    <index>_entries    one row a passage or table row: its columns as in the local store, and for each field a
                       sparse vector of its terms, analysed on our side
    <index>_vectors    one row a vector: of an entry as a whole, of each of its sentences
    <index>_figures    one row a figure, found by report, by measure and by name

A report that is read anew gets a new number, and its rows are written beside those of the old one. Rows are
never changed. What a generation holds is the list of report numbers in its state (``state.py``); putting it
in place is the insertion of one row into ``heads``.

Numbers: an entry is ``report << 20 | place in the report``, a vector ``entry << 10 | place in the entry``,
a figure ``report << 20 | place in the report``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

HEADS, BLOBS, ENTRIES, VECTORS, FIGURES = "heads", "blobs", "entries", "vectors", "figures"
COLLECTIONS = (HEADS, BLOBS, ENTRIES, VECTORS, FIGURES)
OF_REPORTS = (BLOBS, ENTRIES, VECTORS, FIGURES)
"""Collections whose rows belong to a report, by the field ``report``; in blobs a generation is below 0."""

ENTRY_BITS = 20
VECTOR_BITS = 10
MOST_FOUND = 16_384
"""What Milvus returns at most for one vector searched, or for one query."""
TEXT_BYTES_MAX = 65_535
FILLER = 0
"""A term that every entry has in every field, since a sparse vector may not be empty; nobody asks for it."""

Sparse = dict[int, float]
Row = dict[str, Any]


def entry_numbers(report: int, count: int) -> npt.NDArray[np.int64]:
    """Return the numbers of a report's entries, in order, ``(count,)``.

    Raises:
        ValueError: The report has more than a number has room for.
    """
    if count >= 1 << ENTRY_BITS:
        raise ValueError(f"a report of {count} entries")
    return (np.int64(report) << ENTRY_BITS) + np.arange(count, dtype=np.int64)


def vector_numbers(owners: npt.NDArray[np.int64], entries: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the numbers of vectors by the places of their entries, ascending, ``(n,)``."""
    first = np.searchsorted(owners, owners)
    positions = np.arange(len(owners)) - first
    if len(positions) and int(positions.max()) >= 1 << VECTOR_BITS:
        raise ValueError(f"an entry of {int(positions.max()) + 1} vectors")
    numbers: npt.NDArray[np.int64] = (entries[owners] << VECTOR_BITS) + positions
    return numbers


def make_schema(api: Any, name: str, dimensions: int) -> tuple[Any, Any]:  # noqa: ANN401 - pymilvus is an extra
    """Return a collection's schema and its indexes.

    Args:
        api: The module ``pymilvus``.
        name: Which collection.
        dimensions: Of the encoder's vectors.
    """
    kinds = api.DataType
    schema = api.MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    indexes = api.MilvusClient.prepare_index_params()
    whole, text = kinds.INT64, {"datatype": kinds.VARCHAR, "max_length": TEXT_BYTES_MAX}
    key = {"datatype": kinds.VARCHAR, "max_length": 64}
    if name in (HEADS, BLOBS):
        schema.add_field("id", is_primary=True, **key)
    else:
        schema.add_field("id", whole, is_primary=True)
    if name != HEADS:
        schema.add_field("report", whole)
    if name == ENTRIES:
        for field in ("body", "context", "label"):
            schema.add_field(field, kinds.SPARSE_FLOAT_VECTOR)
            indexes.add_index(field, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    elif name == VECTORS:
        schema.add_field("key", **key)
        schema.add_field("vector", kinds.FLOAT_VECTOR, dim=dimensions)
        indexes.add_index("vector", index_type="FLAT", metric_type="IP")
    else:  # a collection of Milvus has a vector, wanted or not
        schema.add_field("unused", kinds.FLOAT_VECTOR, dim=2)
        indexes.add_index("unused", index_type="FLAT", metric_type="IP")
    if name == BLOBS:
        schema.add_field("name", **key)
        schema.add_field("part", whole)
        schema.add_field("parts", whole)
    if name == FIGURES:
        schema.add_field("measure", **key)
        schema.add_field("name", **key)
    if name != VECTORS:
        schema.add_field("content", **text)
    return schema, indexes


UNUSED = [1.0, 0.0]
