"""What is said between a build and its workers: what to make a report by, which report, and what came of it.

What goes out is bytes and JSON: of a setting or a file name nothing is made on a worker but what stands here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rapportsvar.config import ReadingSettings
from rapportsvar.errors import WorkersUnlike
from rapportsvar.index.fresh import Fresh
from rapportsvar.structure.passages import PassageSize

SAME = {
    "version": "rapportsvar",
    "fingerprint": "kod och ordlistor",
    "pictures": "tillägget ocr med Tesseract",
}
"""What must be the same on a worker as in the build, with what it is called in Swedish."""
TO_BE_ALIKE = "Installera samma version av rapportsvar, med samma tillägg, på alla maskiner i klustret."


@dataclass(frozen=True, slots=True)
class Terms:
    """What all reports of a build are made by.

    Attributes:
        version: Of the program.
        fingerprint: Of its code and word lists.
        pictures: Whether scanned pages can be read.
        encoder: The encoder's name, which holds the hash of its weights.
        model: The setting that names the encoder.
        reading: Bounds of reading.
        size: How long passages are.
        mask: Whether personal identity numbers are taken out.
    """

    version: str
    fingerprint: str
    pictures: bool
    encoder: str
    model: str
    reading: ReadingSettings
    size: PassageSize
    mask: bool


@dataclass(frozen=True, slots=True)
class Order:
    """A report to make.

    Attributes:
        name: The report's name.
        suffix: Of its file, which says what format it is of.
        corrections: Metadata corrected by hand.
        known: Keys of texts that have a vector already.
    """

    name: str
    suffix: str
    corrections: Mapping[str, str]
    known: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Made:
    """A report, made by a worker.

    Attributes:
        fresh: The report, read and analysed.
        keys: Of all its texts.
        vectors: Those that were not known, by key, each as the store takes it.
        seconds: Time spent, by stage.
    """

    fresh: Fresh
    keys: tuple[bytes, ...]
    vectors: Mapping[bytes, bytes]
    seconds: Mapping[str, float]


def pack_terms(terms: Terms) -> bytes:
    """Return terms as bytes."""
    return _json(asdict(terms))


def unpack_terms(content: bytes, here: Mapping[str, object]) -> Terms:
    """Return the terms that :func:`pack_terms` was given.

    Args:
        content: The bytes.
        here: What each key of ``SAME`` is where this runs.

    Raises:
        WorkersUnlike: Something is not the same here; then the rest may have another form.
    """
    told: dict[str, Any] = json.loads(content)
    for key, what in SAME.items():
        if told.get(key) != here[key]:
            raise unlike(what, str(told.get(key)), str(here[key]))
    told["reading"] = ReadingSettings(**told["reading"])
    told["size"] = PassageSize(**told["size"])
    return Terms(**told)


def unlike(what: str, wanted: str, found: str) -> WorkersUnlike:
    """Say what is not the same on a worker."""
    return WorkersUnlike(
        f"En arbetsprocess är inte som bygget: {what} är {found} där och {wanted} här", todo=TO_BE_ALIKE
    )


def pack_order(order: Order) -> bytes:
    """Return an order as bytes."""
    known = [key.hex() for key in sorted(order.known)]
    return _json([order.name, order.suffix, dict(order.corrections), known])


def unpack_order(content: bytes) -> Order:
    """Return the order that :func:`pack_order` was given."""
    name, suffix, corrections, known = json.loads(content.decode("utf-8", "surrogatepass"))
    return Order(name, suffix, corrections, frozenset(bytes.fromhex(key) for key in known))


def _json(content: Any) -> bytes:  # noqa: ANN401
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")
