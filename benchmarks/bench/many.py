"""An index of very many passages without an hour of embedding: entries of a real index, varied in the store.

The thirty reports of ``training/reports`` are indexed once, with the shipped encoder. Every other report of
the index is one of them with its words, numbers, municipality and year varied (``varied.py``), and with
vectors that are mixed: the mean of all vectors, 0.8 of what is the seed's own and 0.6 of what is another's,
so that they lie as real ones do (narrow cone, groups of like statements) and none is a copy. What is derived
from the store (keywords, vectors, manifest) is derived by the program itself, and is what is measured.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.varied import Seeds, Variation, Words, municipalities
from rapportsvar.index.seals import seal
from rapportsvar.index.store import SEALED

OWN, OTHER = 0.8, 0.6
_TERM = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True)
class Rows:
    """What the store holds of one report, as rows of its tables. Ids count from 0 within the report."""

    source: str
    text: str
    report: tuple[str, ...]
    shingles: tuple[bytes, int]
    entries: list[tuple[object, ...]]
    figures: list[tuple[object, ...]]
    vectors: list[tuple[int, int, int, int]]
    halves: np.ndarray


class Base:
    """The seeds as the store holds them."""

    def __init__(self, store: Path) -> None:
        with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as db:
            self.reports = db.execute(
                "SELECT id, source, text, info, facts, outline, tables, warnings, words FROM reports ORDER BY id"  # noqa: E501
            ).fetchall()
            self.shingles = {
                r: (h, s) for r, h, s in db.execute("SELECT report, hashes, sampled FROM shingles")
            }
            columns = 'kind, start, "end", content, body_terms, context_terms, label_terms, traits, sentences'
            self.entries: dict[int, list[tuple]] = {}
            self.number: dict[int, tuple[int, int]] = {}
            for key, report, *row in db.execute(f"SELECT id, report, {columns} FROM entries ORDER BY id"):
                own = self.entries.setdefault(report, [])
                self.number[key] = (report, len(own))
                own.append(tuple(row))
            self.figures: dict[int, list[tuple]] = {}
            for report, *row in db.execute(
                "SELECT report, measure, terms, content, name, row_start FROM figures"
            ):
                self.figures.setdefault(report, []).append(tuple(row))
            self.vectors: dict[int, list[tuple[int, int, int, int]]] = {}
            self.places: dict[int, list[int]] = {}
            halves = []
            query = (
                'SELECT v.entry, v.position, v.start, v."end", e.vector FROM entry_vectors v'
                " JOIN embeddings e ON e.key = v.key ORDER BY v.entry, v.position"
            )
            for entry, position, start, end, vector in db.execute(query):
                report, number = self.number[entry]
                self.vectors.setdefault(report, []).append((number, position, start, end))
                self.places.setdefault(report, []).append(len(halves))
                halves.append(np.frombuffer(vector, "<f2"))
        self.all = np.stack(halves).astype(np.float32)
        self.mean = self.all.mean(axis=0)
        self.own = self.all - self.mean
        terms = " ".join(f"{row[4]} {row[6]}" for rows in self.entries.values() for row in rows)
        self.words = Words.of([terms])

    def varied(self, seeds: Seeds, entries: int) -> Iterator[Rows]:
        """Yield reports until there are so many entries."""
        made = turn = 0
        while made < entries:
            forms, terms = Variation(seeds.words, turn), Variation(self.words, turn)
            other = np.random.default_rng(turn).permutation(len(self.own))
            mixed = self.mean + OWN * self.own + OTHER * self.own[other]
            mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
            for report in self.reports:
                if made >= entries:
                    return
                rows = self._rows(report, forms, terms, mixed, turn)
                made += len(rows.entries)
                yield rows
            turn += 1

    def _rows(self, report: tuple, forms: Variation, terms: Variation, mixed: np.ndarray, turn: int) -> Rows:
        key, source, text, info, facts, outline, tables, warnings, words = report
        plain = json.loads(info)
        before, place = plain[1], forms.municipality
        plain[1] = place
        if plain[5]:
            plain[5] += forms.shift
        name = f"v{turn:05d}/{source}"
        text = forms.words(text)
        old, new = before.lower(), place.lower()

        def of_terms(value: str) -> str:
            return terms.numbers(terms.words(value))

        entries = [
            (kind, start, end, forms.words(content) if kind == "passage" else content, of_terms(body),
             terms.words(context).replace(old, new) if old else context, of_terms(label), traits,
             terms.words(sentences))
            for kind, start, end, content, body, context, label, traits, sentences in self.entries.get(key, [])  # noqa: E501
        ]  # fmt: skip
        figures = [
            (
                forms.words(m),
                terms.words(t),
                c.replace(source, name, 1),
                " ".join(sorted(terms.words(n).split())),
                s,
            )
            for m, t, c, n, s in self.figures.get(key, [])
        ]
        hashes, sampled = self.shingles[key]
        values = np.frombuffer(hashes, "<u8")
        if turn:  # a tenth of the shingles is everybody's, as in reports of one template
            own = values * np.uint64(2 * turn + 1)
            values = np.unique(np.where(values % np.uint64(10) == 0, values, own))
        return Rows(
            source=name,
            text=text,
            report=(
                name, hashlib.sha256(text.encode()).hexdigest(), text, json.dumps(plain, ensure_ascii=False),
                facts, outline, tables, warnings, forms.words(words),
            ),
            shingles=(values.astype("<u8").tobytes(), sampled),
            entries=entries,
            figures=figures,
            vectors=self.vectors.get(key, []),
            halves=mixed[self.places.get(key, [])].astype("<f2"),
        )  # fmt: skip


def put(db: sqlite3.Connection, rows: Rows, after: int) -> int:
    """Write one report; ``after`` is the last entry's id. Returns the last entry's id now."""
    source, *values = rows.report
    seals = b"".join(seal(source, *pair) for pair in zip(SEALED, values, strict=False))
    report = db.execute(
        f"INSERT INTO reports (source, {', '.join(SEALED)}, words, seals)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*rows.report, seals),
    ).lastrowid
    db.execute("INSERT INTO shingles VALUES (?, ?, ?)", (report, *rows.shingles))
    columns = 'kind, start, "end", content, body_terms, context_terms, label_terms, traits, sentences'
    db.executemany(
        f"INSERT INTO entries (id, report, {columns}, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(after + 1 + n, report, *row, seal(source, str(row[3]))) for n, row in enumerate(rows.entries)],
    )
    keys = [
        hashlib.blake2b(f"{source} {number} {position}".encode(), digest_size=16).digest()
        for number, position, _, _ in rows.vectors
    ]
    db.executemany(
        "INSERT INTO entry_vectors VALUES (?, ?, ?, ?, ?)",
        [
            (after + 1 + number, position, key, start, end)
            for (number, position, start, end), key in zip(rows.vectors, keys, strict=True)
        ],
    )
    halves = (half.tobytes() for half in rows.halves)
    db.executemany("INSERT INTO embeddings VALUES (?, ?)", zip(keys, halves, strict=True))
    db.executemany(
        "INSERT INTO figures (report, measure, terms, content, name, row_start, seal)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(report, *row, seal(str(row[2]))) for row in rows.figures],
    )
    return after + len(rows.entries)


def grow(db: sqlite3.Connection, turns: int) -> dict[str, str]:
    """Put ``turns`` more of all that a store holds into it, varied in a cheaper way than ``Base.varied``.

    Digits are exchanged for others (3 to 9), municipality and year changed, and vectors mixed anew; words
    stay those of the report that each is made of. Returns the new sources with the hash of their text.
    """
    (reports,) = db.execute("SELECT MAX(id) FROM reports").fetchone()
    (entries,) = db.execute("SELECT MAX(id) FROM entries").fetchone()
    rows = db.execute(
        "SELECT e.vector FROM entry_vectors v JOIN embeddings e ON e.key = v.key ORDER BY v.entry, v.position"
    )
    halves = np.frombuffer(b"".join(vector for (vector,) in rows), "<f2").reshape(-1, 384)
    mean = halves[::50].astype(np.float32).mean(axis=0)
    made: dict[str, str] = {}
    for turn in range(1, turns + 1):
        _grow_once(db, turn, (reports, entries), halves, mean, made)
    return made


def _grow_once(
    db: sqlite3.Connection,
    turn: int,
    own: tuple[int, int],
    halves: np.ndarray,
    mean: np.ndarray,
    made: dict[str, str],
) -> None:
    reports, entries = own
    chance = np.random.default_rng(turn)
    digits = str.maketrans("3456789", "".join(chance.permutation(list("3456789"))))
    names = municipalities()

    def vary(text: str) -> str:
        return text.translate(digits)

    def info(content: str) -> str:
        plain = json.loads(content)
        plain[1] = names[(zlib.crc32(plain[1].encode()) + 31 * turn) % len(names)] if plain[1] else plain[1]
        plain[5] = plain[5] - turn % 7 if plain[5] else plain[5]
        return json.dumps(plain, ensure_ascii=False)

    def hashes(content: bytes) -> bytes:
        values = np.frombuffer(content, "<u8")
        moved = values * np.uint64(2 * turn + 1) + np.uint64(turn)
        return np.unique(np.where(values % np.uint64(10) == 0, values, moved)).astype("<u8").tobytes()

    def report_seals(*values: str) -> bytes:
        source, *kept = values
        return b"".join(seal(source, *pair) for pair in zip(SEALED, kept, strict=True))

    db.create_function("vary", 1, vary, deterministic=True)
    db.create_function("info", 1, info, deterministic=True)
    db.create_function("hashes", 1, hashes, deterministic=True)
    db.create_function("sha", 1, lambda text: hashlib.sha256(text.encode()).hexdigest(), deterministic=True)
    db.create_function("report_seals", 8, report_seals, deterministic=True)
    db.create_function("seal_of", -1, seal, deterministic=True)
    after = (turn * reports, turn * entries)
    db.execute(
        f"INSERT INTO reports SELECT id, source, sha, text, info, facts, outline, tables, warnings, words,"
        " report_seals(source, sha, text, info, facts, outline, tables, warnings) FROM (SELECT id + ? AS id,"
        f" 'w{turn}/' || source AS source, sha(vary(text)) AS sha, vary(text) AS text, info(info) AS info,"
        " facts, outline, tables, warnings, words FROM reports WHERE id <= ?)",
        (after[0], reports),
    )
    db.execute(
        "INSERT INTO shingles SELECT report + ?, hashes(hashes), sampled FROM shingles WHERE report <= ?",
        (after[0], reports),
    )
    db.execute(
        'INSERT INTO entries SELECT e.id + ?, e.report + ?, kind, start, "end", content, vary(body_terms),'
        " context_terms, label_terms, traits, sentences, seal_of(r.source, content) FROM entries e"
        " JOIN reports r ON r.id = e.report + ? WHERE e.id <= ?",
        (after[1], after[0], after[0], entries),
    )
    db.execute(
        "INSERT INTO figures SELECT report, measure, terms, content, name, row_start, seal_of(content) FROM"
        " (SELECT f.report + ? AS report, measure, terms, replace(content, o.source, r.source) AS content,"
        " name, row_start FROM figures f JOIN reports o ON o.id = f.report"
        " JOIN reports r ON r.id = f.report + ? WHERE f.report <= ?)",
        (after[0], after[0], reports),
    )
    places = db.execute(
        'SELECT entry, position, start, "end" FROM entry_vectors WHERE entry <= ? ORDER BY entry, position',
        (entries,),
    ).fetchall()
    other = chance.permutation(len(halves))
    for first in range(0, len(places), 20_000):
        some = slice(first, first + 20_000)
        one, two = (
            halves[which].astype(np.float32) - mean for which in (np.arange(len(halves))[some], other[some])
        )
        mixed = mean + OWN * one + OTHER * two
        mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
        keys = [b"%08d%08d" % (turn, place) for place in range(first, first + len(mixed))]
        db.executemany(
            "INSERT INTO embeddings VALUES (?, ?)",
            zip(keys, (half.tobytes() for half in mixed.astype("<f2")), strict=True),
        )
        db.executemany(
            "INSERT INTO entry_vectors VALUES (?, ?, ?, ?, ?)",
            [
                (entry + after[1], position, key, start, end)
                for (entry, position, start, end), key in zip(places[some], keys, strict=True)
            ],
        )
    made.update(
        db.execute(
            "SELECT source, sha256 FROM reports WHERE id > ? AND id <= ?", (after[0], after[0] + reports)
        )
    )
