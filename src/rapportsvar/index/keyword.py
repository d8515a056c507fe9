"""The keyword index: BM25 over one field of all entries, from the plain counts of each layer of the index.

What a layer keeps is how often each of its terms stands in each of its entries, and how long the entries are.
Weights (Lucene's variant; Kamphuis et al. 2020, "Which BM25 do you mean?") are worked out when a term is
asked for, from sums over all layers: so they are those of one index over all entries, however these are
divided into layers and whatever is taken out of them. There are three fields: body, context (report and
headings) and labels (of rows).
"""

from __future__ import annotations

import hashlib
import math
import threading
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rapportsvar.index.arrays import mapped
from rapportsvar.index.numbering import Numbering

FIELDS = ("body", "context", "label")
K1 = 1.2
B = {"body": 0.6, "context": 0.4, "label": 0.4}

Postings = tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]

EMPTY: Postings = (np.zeros(0, np.int32), np.zeros(0, np.float32))
PART_MARK = "~"
"""Before a term that is only a part of a compound: ``~kostnad`` for placeringskostnader."""
COUNT_MAX = 65_535
KEPT_POSTINGS = 8_000_000
"""Postings whose weights are kept for the next question, of all terms of a field: 64 MB."""
ARRAYS = ("hashes", "starts", "entries", "counts", "lengths", "word_starts", "is_part")


@dataclass(frozen=True, slots=True)
class FieldLayer:
    """One field of one layer of an index.

    Attributes:
        hashes: Of its terms, ``(t,) uint64``, ascending.
        starts: Where each term's postings begin, ``(t + 1,) int64``.
        entries: Places in the layer, ``(p,) int32``, ascending for each term.
        counts: How often the term stands in each, ``(p,) uint16``.
        lengths: Terms of each entry, ``(n,) int32``; at least 1.
        word_starts: Where each term's bytes begin in ``words``, ``(t + 1,) int64``.
        is_part: Terms that are only parts of compounds, ``(t,) bool``.
        words: All terms in UTF-8, ``(b,) uint8``.
    """

    hashes: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int64]
    entries: npt.NDArray[np.int32]
    counts: npt.NDArray[np.uint16]
    lengths: npt.NDArray[np.int32]
    word_starts: npt.NDArray[np.int64]
    is_part: npt.NDArray[np.bool_]
    words: npt.NDArray[np.uint8]

    @classmethod
    def load(cls, folder: Path) -> FieldLayer:
        """Map a field from disk."""
        arrays: dict[str, Any] = {name: mapped(folder / f"{name}.npy") for name in ARRAYS}
        return cls(**arrays, words=np.fromfile(folder / "words.txt", np.uint8))

    def number(self, term: bytes, digest: np.uint64) -> int | None:
        """Return a term's number; None where the layer has it not."""
        number = int(np.searchsorted(self.hashes, digest))
        while number < len(self.hashes) and self.hashes[number] == digest:
            if self.word(number) == term:
                return number
            number += 1
        return None

    def word(self, number: int) -> bytes:
        """Return a term's bytes."""
        return self.words[self.word_starts[number] : self.word_starts[number + 1]].tobytes()


class KeywordField:
    """One field of all layers.

    Args:
        field: Its name.
        layers: Each layer's arrays, with the numbering of its entries.
    """

    def __init__(self, field: str, layers: Sequence[tuple[FieldLayer, Numbering]]) -> None:
        self._layers = layers
        self._b = B[field]
        self.entries = sum(numbering.count for _, numbering in layers)
        self._kept: OrderedDict[str, Postings] = OrderedDict()
        self._kept_postings = 0
        self._lock = threading.Lock()

    @classmethod
    def load(cls, field: str, layers: Sequence[tuple[Path, Numbering]]) -> KeywordField:
        """Map a field from the folders of its layers."""
        return cls(field, [(FieldLayer.load(folder), numbering) for folder, numbering in layers])

    def __contains__(self, term: str) -> bool:
        return len(self.postings(term)[0]) > 0

    def postings(self, term: str) -> Postings:
        """Return the entries that hold the term, ascending, and the term's BM25 weight in each."""
        kept = self._kept.get(term)
        if kept is not None:
            if self._kept_postings > KEPT_POSTINGS // 2:  # what was used last is of no matter before
                with self._lock:
                    if term in self._kept:
                        self._kept.move_to_end(term)
            return kept
        found = self._weighed(term)
        with self._lock:
            if term not in self._kept:
                self._kept[term] = found
                self._kept_postings += len(found[0])
            while self._kept_postings > KEPT_POSTINGS and len(self._kept) > 1:
                self._kept_postings -= len(self._kept.popitem(last=False)[1][0])
        return found

    def rarity(self, term: str) -> float:
        """Return the term's inverse document frequency (Lucene's), 0 where it is unknown."""
        found = len(self.postings(term)[0])
        return math.log1p((self.entries - found + 0.5) / (found + 0.5)) if found else 0.0

    def vocabulary(self) -> Sequence[str]:
        """All terms."""
        words = set()
        for layer, numbering in self._layers:
            for number in np.flatnonzero(_live(layer, numbering)).tolist():
                words.add(layer.word(number).decode("utf-8", "surrogatepass"))
        return sorted(words)

    @cached_property
    def mass(self) -> npt.NDArray[np.float32]:
        """Summed rarity of each entry's whole words in this field, ``(entries,)``: what can be matched."""
        live = [_live(layer, numbering) for layer, numbering in self._layers]
        hashes = [layer.hashes for layer, _ in self._layers]
        if not hashes:
            return np.zeros(0, np.float32)
        _, number = np.unique(np.concatenate(hashes), return_inverse=True)
        found = np.bincount(number, np.concatenate(live))[number] if len(number) else np.zeros(0)
        rarities = np.split(_rarity(found, self.entries), np.cumsum([len(h) for h in hashes])[:-1])
        mass = np.zeros(self.entries, np.float32)
        for (layer, numbering), some in zip(self._layers, rarities, strict=True):
            weights = np.repeat(np.where(layer.is_part, np.float32(0), some), np.diff(layer.starts))
            mass[numbering.first : numbering.first + numbering.count] = numbering.kept(
                np.bincount(layer.entries, weights, len(layer.lengths)).astype(np.float32)
            )
        return mass

    @cached_property
    def _norms(self) -> list[npt.NDArray[np.float32]]:
        """What a count is weighed against, by the entry's length: of each layer, ``(its entries,)``."""
        total = sum(int(numbering.kept(layer.lengths).sum()) for layer, numbering in self._layers)
        mean = total / max(self.entries, 1)
        return [
            (K1 * (1 - self._b + self._b * layer.lengths / max(mean, 1e-9))).astype(np.float32)
            for layer, _ in self._layers
        ]

    def _weighed(self, term: str) -> Postings:
        """Work out a term's weights."""
        word = term.encode("utf-8", "surrogatepass")
        digest = hash_of(word)
        places: list[npt.NDArray[np.int32]] = []
        shares: list[npt.NDArray[np.float32]] = []
        for (layer, numbering), norms in zip(self._layers, self._norms, strict=True):
            number = layer.number(word, digest)
            if number is None:
                continue
            own = slice(int(layer.starts[number]), int(layer.starts[number + 1]))
            entries, counts = numbering.live(layer.entries[own], layer.counts[own])
            often = counts.astype(np.float32)
            places.append(numbering.places(entries))
            shares.append(often / (often + norms[entries]))
        found = sum(map(len, places))
        if not found:
            return EMPTY
        rarity = np.float32(_rarity(np.array(found), self.entries))
        return np.concatenate(places), np.concatenate(shares) * rarity


def _rarity(found: npt.NDArray[Any], entries: int) -> npt.NDArray[np.float32]:
    rarity: npt.NDArray[np.float32] = np.log1p((entries - found + 0.5) / (found + 0.5)).astype(np.float32)
    return rarity


def _live(layer: FieldLayer, numbering: Numbering) -> npt.NDArray[np.int64]:
    """Count the entries of each term that are not taken out, ``(t,)``."""
    if numbering.is_whole:
        return np.diff(layer.starts)
    kept = np.concatenate([[0], np.cumsum(numbering.is_live[layer.entries])])
    live: npt.NDArray[np.int64] = kept[layer.starts[1:]] - kept[layer.starts[:-1]]
    return live


def hash_of(word: bytes) -> np.uint64:
    """Return the number by which a term is found; two terms may have one, so words are compared besides."""
    return np.uint64(int.from_bytes(hashlib.blake2b(word, digest_size=8).digest(), "little"))


def write_field(folder: Path, documents: Iterable[str]) -> None:
    """Count the terms of one field of all entries of a layer and write them to a folder of plain files.

    Args:
        folder: Made here.
        documents: Of each entry, in order, its terms with blanks between them.
    """
    numbers: dict[str, int] = {}
    tokens, lengths = array("i"), array("i")
    for terms in documents:
        own = [numbers.setdefault(term, len(numbers)) for term in terms.split()]
        tokens.extend(own)
        lengths.append(len(own))
    words = [term.encode("utf-8", "surrogatepass") for term in numbers]
    hashes = np.array([hash_of(word) for word in words], np.uint64)
    order = np.argsort(hashes, kind="stable")
    rank = np.empty(len(words), np.int64)
    rank[order] = np.arange(len(words))
    pairs = rank[np.frombuffer(tokens, np.int32)] if tokens else np.zeros(0, np.int64)
    own_length = np.frombuffer(lengths, np.int32) if lengths else np.zeros(0, np.int32)
    pairs <<= 32
    pairs |= np.repeat(np.arange(len(own_length), dtype=np.int32), own_length)
    pairs.sort()
    begins = np.flatnonzero(np.diff(pairs, prepend=-1))
    counts = np.diff(begins, append=len(pairs))
    pairs = pairs[begins]
    ordered = [words[number] for number in order.tolist()]
    folder.mkdir()
    arrays: dict[str, npt.NDArray[Any]] = {
        "hashes": hashes[order],
        "starts": np.searchsorted(pairs >> 32, np.arange(len(words) + 1)).astype(np.int64),
        "entries": (pairs & 0xFFFFFFFF).astype(np.int32),
        "counts": np.minimum(counts, COUNT_MAX).astype(np.uint16),
        "lengths": np.maximum(own_length, 1),
        "word_starts": np.cumsum([0, *map(len, ordered)]).astype(np.int64),
        "is_part": np.array([word.startswith(PART_MARK.encode()) for word in ordered], np.bool_),
    }
    for name in ARRAYS:
        np.save(folder / f"{name}.npy", arrays[name], allow_pickle=False)
    (folder / "words.txt").write_bytes(b"".join(ordered))
