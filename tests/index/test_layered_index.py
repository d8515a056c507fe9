"""A large index is updated by writing a small layer; whoever asks cannot tell it from one built anew."""

import random
import re
from contextlib import closing

import numpy as np
import pytest
from small_reports import REPORTS, CountingEncoder, build_small, write_reports

import rapportsvar.index.layers as layers_module
from rapportsvar.engine.contract import answer_json
from rapportsvar.engine.engine import Engine
from rapportsvar.errors import IndexDamaged
from rapportsvar.index.layers import layers_of
from rapportsvar.index.manifest import check_files, read_manifest
from rapportsvar.index.opened import open_index
from rapportsvar.index.view import view_of

AREAS = ("norr", "söder", "öster", "väster")
QUESTIONS = (
    "Vad kostade skolskjutsen i Norrvika 2021?",
    "Varför ökade kostnaden för placeringar?",
    "Hur många platser beslutade nämnden om?",
    "Hur stort var underskottet i Lindsjö?",
)


@pytest.fixture
def layered(monkeypatch):
    """Make every index layered that has an entry; a layer of more than two is left as it is."""
    monkeypatch.setattr(layers_module, "LAYERED_FROM", 1)
    monkeypatch.setattr(layers_module, "YOUNG_MAX", 2)
    monkeypatch.setattr(layers_module, "TAKEN_OUT_MAX", 0.3)


def many(folder):
    """Write variants of three reports, no sentence like another, and versions of one of them."""
    texts = {}
    for number in range(4):
        for name, text in REPORTS.items():
            place, file = name.split("/")
            own = text.replace("nämnden", f"nämnden {number}")
            texts[f"{place}-{number}/{file}"] = re.sub(r"\.(?=\s)", f" i område {AREAS[number]}.", own)
    texts["lindsjo-0/ar-2022-reviderad.txt"] = texts["lindsjo-0/ar-2022.txt"] + "\nReviderad 2023-02-01.\n"
    return write_reports(folder, texts)


def told(index):
    """Return all that an index says of its reports and entries, whatever their order."""
    with closing(open_index(index)) as opened:
        store = opened.store
        entries = []
        for place, key in enumerate(opened.entries["id"].tolist()):
            report, entry = store.entry(key)
            own = opened.vectors.of(np.arange(opened.vectors.first[place], opened.vectors.first[place + 1]))
            entries.append((opened.reports[report][0], entry, opened.traits[place].tolist(), own.tolist()))
        words = {
            (field, word): sorted(
                (
                    opened.reports[int(opened.entries["report"][place])][0],
                    int(opened.entries["start"][place]),
                    w,
                )
                for place, w in zip(
                    *map(np.ndarray.tolist, opened.keyword[field].postings(word)), strict=True
                )
            )
            for field in opened.keyword
            for word in opened.keyword[field].vocabulary()
        }
        figures = sorted(str(figure) for _, figure in store.figures())
        named = sorted(map(str, store.figures_named(("kostnad",), list(opened.reports), 50)))
        return {
            "sources": store.sources(),
            "infos": sorted(map(str, opened.reports.values())),
            "texts": {source: store.text(source) for source in store.sources()},
            "passages": {source: store.passages(source) for source in store.sources()},
            "outlines": {source: store.outline(source) for source in store.sources()},
            "placed": {source: store.placed(source) for source in store.sources()},
            "versions": opened.versions,
            "entries": sorted(entries, key=str),
            "words": words,
            "counted": opened.word_counts,
            "figures": (figures, named, store.measures(), len(store.measure_counts())),
            "counts": opened.manifest.counts,
        }


def answers(index):
    """Return what is answered, but for the order of rows that are alike in several reports."""
    with closing(Engine(open_index(index), CountingEncoder())) as engine:
        given = [answer_json(engine.ask(question)) for question in QUESTIONS]
    kinds = [(a["filters"], a["kind"]) for a in given]
    return kinds, [a["hits"][0]["score"] for a in given], [a["confidence"] for a in given]


def alike(layered_index, reports, anew):
    build_small(reports, anew)
    here, there = told(layered_index), told(anew)
    for what in there:
        assert here[what] == there[what], what
    (given, scores, sure), (given_anew, scores_anew, sure_anew) = answers(layered_index), answers(anew)
    assert given == given_anew
    # Which of two like rows is nearest weighs a little, and may be all between a found answer and none.
    assert scores == pytest.approx(scores_anew, abs=0.1)
    assert sure == pytest.approx(sure_anew, abs=0.02)


def test_an_update_leaves_the_older_layer_alone_and_is_as_one_built_anew(tmp_path, layered):
    reports, index = many(tmp_path / "reports"), tmp_path / "index"
    build_small(reports, index)
    first = read_manifest(index)
    assert not first.older
    (reports / "asbro-2/delar-2023.md").write_text("# Delårsrapport\n\nNämnden beslutade om 4711 platser.\n")
    (reports / "norrvika-1/vb-2021.txt").unlink()
    (reports / "asbro-9").mkdir()
    (reports / "asbro-9/ny-2024.md").write_text("# Årsredovisning 2024\n\nKostnaden för placeringar sjönk.\n")
    encoder = CountingEncoder()
    summary = build_small(reports, index, encoder=encoder)
    second = read_manifest(index)
    assert list(second.older) == ["layer-1"]
    assert len(second.older["layer-1"]) == 2  # the changed one and the one that is gone
    assert summary.changed == ["asbro-2/delar-2023.md"]
    assert summary.removed == ["norrvika-1/vb-2021.txt"]
    old_store = index / first.generation / "store.sqlite"
    assert old_store.samefile(index / second.generation / "layer-1/store.sqlite")
    assert 0 < len(encoder.texts) < 10
    check_files(index, second, contents=True)
    assert [layer.folder.name for layer in layers_of(index, second)] == ["layer-1", second.generation]
    alike(index, reports, tmp_path / "anew")
    assert build_small(reports, index).unchanged == len(second.sources)


@pytest.mark.parametrize("seed", range(2))
def test_after_any_updates_it_is_as_one_built_anew(tmp_path, layered, seed):
    chance = random.Random(seed)
    reports, index = many(tmp_path / "reports"), tmp_path / "index"
    build_small(reports, index)
    most = 0
    for turn in range(5):
        paths = sorted(path for path in reports.rglob("*") if path.is_file())
        for path in chance.sample(paths, 2):
            if chance.random() < 0.4:
                path.unlink()
            else:
                text = path.read_text(encoding="utf-8")
                path.write_text(f"{text}\nNämnden beslutade om {turn} nya platser.\n", encoding="utf-8")
        added = reports / f"ny-{turn}.md"
        added.write_text(f"# Delårsrapport 202{turn}\n\nNämnden har {turn + 30} platser.\n", encoding="utf-8")
        build_small(reports, index)
        most = max(most, len(read_manifest(index).older))
    assert most >= 1
    alike(index, reports, tmp_path / "anew")


def test_a_small_index_is_one_layer(tmp_path):
    reports, index = write_reports(tmp_path / "reports"), tmp_path / "index"
    build_small(reports, index)
    (reports / "asbro/delar-2023.md").write_text("# Delårsrapport\n\nNämnden beslutade om en plan.\n")
    build_small(reports, index)
    assert not read_manifest(index).older


def test_layers_become_one_where_much_has_changed(tmp_path, layered):
    reports, index = many(tmp_path / "reports"), tmp_path / "index"
    build_small(reports, index)
    (reports / "ny.md").write_text("# Delårsrapport 2024\n\nNämnden har 12 platser.\n")
    build_small(reports, index)
    assert read_manifest(index).older
    for path in sorted(reports.rglob("vb-2021.txt")):
        path.write_text(path.read_text(encoding="utf-8") + "\nRättad.\n", encoding="utf-8")
    for path in sorted(reports.rglob("delar-2023.md")):
        path.unlink()
    build_small(reports, index)
    assert not read_manifest(index).older
    alike(index, reports, tmp_path / "anew")


def test_a_reader_who_may_see_some_reports_sees_none_of_any_layer_besides(tmp_path, layered):
    reports, index = many(tmp_path / "reports"), tmp_path / "index"
    build_small(reports, index)
    (reports / "norrvika-0/vb-2021.txt").write_text("# Berättelse 2021\n\nEn hemlig plan antogs.\n")
    (reports / "norrvika-9.md").write_text("# Verksamhetsberättelse 2020\n\nEn öppen plan antogs.\n")
    build_small(reports, index)
    assert read_manifest(index).older
    view = view_of(index, lambda source: source.startswith(("lindsjo", "norrvika-9")))
    for path in sorted(reports.rglob("*")):
        name = path.relative_to(reports).as_posix()
        if path.is_file() and not name.startswith(("lindsjo", "norrvika-9")):
            path.unlink()
    build_small(reports, tmp_path / "anew")
    here, there = told(view), told(tmp_path / "anew")
    assert here == there


def test_a_damaged_older_layer_is_kindsand_not_read(tmp_path, layered):
    reports, index = many(tmp_path / "reports"), tmp_path / "index"
    build_small(reports, index)
    (reports / "ny.md").write_text("# Delårsrapport 2024\n\nNämnden har 12 platser.\n")
    build_small(reports, index)
    manifest = read_manifest(index)
    path = index / manifest.generation / "layer-1/entries.npy"
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(IndexDamaged, match="layer-1"):
        open_index(index)
    build_small(reports, index)
    assert not read_manifest(index).older  # built anew
    alike(index, reports, tmp_path / "anew")
