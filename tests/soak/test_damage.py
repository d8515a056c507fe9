"""A bit changes anywhere in any file of an index: it is noticed, by file, and no citation is ever wrong."""

import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing

import pytest
from scene import Scene

import rapportsvar.index.opened as opened_module
from rapportsvar.config import settings_from
from rapportsvar.engine.doctor import examine
from rapportsvar.engine.engine import Engine
from rapportsvar.errors import IndexDamaged
from rapportsvar.index.embedding.base import HashEncoder
from rapportsvar.index.manifest import damages, read_manifest
from rapportsvar.index.opened import open_index
from rapportsvar.index.originals import original
from rapportsvar.swedish.words import Analyzer

AT_OPEN, LARGE = 40, 10
"""Bits of the quick tests; the soak changes 500 in each."""
SOAK = 500
CHANGED_WORDS = (
    *(("52 330", "52 339"), ("8,4 procent", "8,5 procent"), ("2022", "2023")),
    *(("Plac", "Plas"), ("Ekon", "Ekan")),
)
QUESTIONS = (
    "Varför ökade kostnaden för placeringar?",
    "Hur stor är budgeten för placeringar barn 2022?",
    "Hur stor var sjukfrånvaron i Åsbro?",
    "Varför ökade hemtjänsttimmarna?",
    "Vad kostade skolskjuts i Norrvika 2021?",
)
SETTINGS = settings_from({"embedding": {"model": "hash"}})


@pytest.fixture(scope="module")
def built(tmp_path_factory, runs):
    made = Scene(tmp_path_factory.mktemp("damage"), runs)
    assert made.run()["status"] == 0
    return made.index


@pytest.fixture
def index(built, tmp_path):
    return shutil.copytree(built, tmp_path / "index")


@pytest.fixture(scope="module")
def analyzer():
    return Analyzer()


def files_of(index):
    return sorted(p for p in index.rglob("*") if p.is_file() and p.stat().st_size and p.name != "lock")


def flipped(path, chance):
    """Change one bit of a file; return what it held."""
    sound = path.read_bytes()
    data = bytearray(sound)
    place = chance.randrange(len(data))
    data[place] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(data))
    return sound


def chosen(files, chance):
    """Choose a file: as often by its size as each alike, since a small one is seldom met by size."""
    sizes = [path.stat().st_size for path in files]
    return chance.choice(files) if chance.random() < 0.5 else chance.choices(files, sizes)[0]


def test_a_bit_anywhere_is_noticed_when_the_index_is_opened(index, soaking, tell):
    chance, files = random.Random(40), files_of(index)
    met: Counter[str] = Counter()
    for number in range(SOAK if soaking else AT_OPEN):
        path = files[number % len(files)] if number < len(files) else chosen(files, chance)
        sound = flipped(path, chance)
        if path.parent.name == "files":
            with pytest.raises(IndexDamaged, match=path.name):
                original(index, path.name)
            assert any(path.name in found.detail for found in examine(index, SETTINGS) if not found.sound)
        else:
            with pytest.raises(IndexDamaged, match=path.name):
                open_index(index)
        met[path.name] += 1
        path.write_bytes(sound)
    open_index(index).close()
    tell("a bit changed, hashed when opened", f"{sum(met.values())} bits in {len(files)} files, all noticed")


def test_a_bit_in_a_large_index_never_makes_a_wrong_citation(index, analyzer, monkeypatch, soaking, tell):
    monkeypatch.setattr(opened_module, "CHECKED_AT_OPEN_BYTES", 0)
    chance = random.Random(41)
    files = [path for path in files_of(index) if path.parent.name != "files"]
    truth = Truth(index, analyzer)
    found: Counter[str] = Counter()
    for _ in range(SOAK if soaking else LARGE):
        path = chosen(files, chance)
        sound = flipped(path, chance)
        try:
            answers = ask_all(index, analyzer)
        except IndexDamaged as damaged:
            named = str(damaged)
            found["told"] += 1
        else:
            truth.holds(answers)
            found["true citations only"] += 1
            (damage,) = damages(index, read_manifest(index), contents=True)
            named = damage.where
        assert path.name in named
        path.write_bytes(sound)
    told = ", ".join(f"{name} {count}" for name, count in sorted(found.items()))
    tell("a bit changed in a large index", f"{sum(found.values())} bits: {told}; no wrong citation")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("reports", "text"),
        ("reports", "info"),
        ("reports", "tables"),
        ("reports", "outline"),
        ("entries", "content"),
    ],
)
def test_a_word_changed_in_the_store_is_never_shown(index, analyzer, monkeypatch, table, column):
    """The worst that a bit can do: SQLite sees nothing, and every quote stands where it says."""
    monkeypatch.setattr(opened_module, "CHECKED_AT_OPEN_BYTES", 0)
    (path,) = index.glob("generation-*/store.sqlite")
    with closing(sqlite3.connect(path)) as store, store:
        size = path.stat().st_size
        for old, new in CHANGED_WORDS:
            store.execute(f"UPDATE {table} SET {column} = replace({column}, ?, ?)", (old, new))
    assert path.stat().st_size == size
    with pytest.raises(IndexDamaged, match=r"store\.sqlite"):
        look_at_all(index)


def look_at_all(index):
    with closing(open_index(index)) as opened_:
        store = opened_.store
        for source in store.sources():
            store.report(source)
            store.tables(source)
            store.passages(source)
        for key in opened_.entries["id"]:
            store.entry(int(key))


def opened(index, analyzer):
    return Engine(open_index(index), HashEncoder(), SETTINGS, analyzer=analyzer)


def ask_all(index, analyzer, top=10):
    with closing(opened(index, analyzer)) as engine:
        return [engine.ask(question, top=top) for question in QUESTIONS]


class Truth:
    """What the sound index holds, to hold answers against."""

    def __init__(self, index, analyzer):
        with closing(opened(index, analyzer)) as engine:
            store = engine.index.store
            self.texts = {source: store.text(source) for source in store.sources()}
            self.infos = dict(engine.index.reports.values())
            entries = [store.entry(int(key)) for key in engine.index.entries["id"]]
            self.sections = {
                (engine.index.reports[report][0], entry.span, entry.section) for report, entry in entries
            }
        self.cells = {}
        for answer in ask_all(index, analyzer, top=100):
            for hit in answer.hits:
                for cell in hit.cells:
                    labels = (cell.row, cell.column, cell.unit)
                    self.cells.setdefault((hit.source, cell.span), set()).add(labels)

    def holds(self, answers):
        for hit in (hit for answer in answers for hit in answer.hits):
            text = self.texts[hit.source]
            assert hit.span.of(text) == hit.text
            assert all(mark.span.of(text) == mark.text for mark in hit.highlights)
            assert hit.report == self.infos[hit.source]
            assert (hit.source, hit.span, hit.section) in self.sections
            for cell in hit.cells:
                known = self.cells.get((hit.source, cell.span))
                assert not known or (cell.row, cell.column, cell.unit) in known
