"""What a build does: only what is new, nothing lost, every failure told."""

import json
import tracemalloc

import numpy as np
import pytest
from small_reports import (
    ASBRO,
    LINDSJO,
    NORRVIKA,
    CountingEncoder,
    build_small,
    write_reports,
)

import rapportsvar.index.apart as apart_module
import rapportsvar.index.build as build_module
import rapportsvar.index.manifest as manifest_module
from rapportsvar.errors import NoReports
from rapportsvar.index.manifest import read_manifest
from rapportsvar.index.opened import open_index


@pytest.fixture
def reports(tmp_path):
    return write_reports(tmp_path / "reports")


@pytest.fixture
def index(tmp_path):
    return tmp_path / "index"


def contents(index):
    """All that readers see, without ids."""
    opened = open_index(index)
    vectors = opened.vectors
    found = {
        (opened.reports[int(e["report"])][0], int(e["start"]), int(e["end"])): vectors.of(
            np.arange(vectors.first[place], vectors.first[place + 1])
        ).tolist()
        for place, e in enumerate(opened.entries)
    }
    words = {name: sorted(field.vocabulary()) for name, field in opened.keyword.items()}
    opened.close()
    return found, words


def test_a_first_build(reports, index):
    encoder = CountingEncoder()
    summary = build_small(reports, index, encoder=encoder)
    assert summary.new == ["asbro/delar-2023.md", "lindsjo/ar-2022.txt", "norrvika/vb-2021.txt"]
    assert (summary.changed, summary.removed, summary.failures) == ([], [], {})
    assert summary.embedded == len(encoder.texts) == len(set(encoder.texts))
    assert summary.counts["rows"] == 2
    opened = open_index(index)
    assert opened.store.text("lindsjo/ar-2022.txt") == LINDSJO
    assert {info.municipality for _, info in opened.reports.values()} == {"Lindsjö", "Åsbro", "Norrvika"}
    assert opened.vectors.dimensions == 64
    assert len(opened.entries) == summary.counts["passages"] + summary.counts["rows"]
    assert sorted(p.name for p in index.iterdir()) == ["build.lock", "generation-000001", "manifest.json"]


def test_a_second_build_embeds_and_writes_nothing(reports, index):
    build_small(reports, index)
    before = (index / "manifest.json").read_bytes()
    encoder = CountingEncoder()
    summary = build_small(reports, index, encoder=encoder)
    assert (summary.unchanged, summary.new, summary.changed, encoder.texts) == (3, [], [], [])
    assert summary.counts["reports"] == 3
    assert (index / "manifest.json").read_bytes() == before


def test_of_a_changed_report_only_new_texts_are_embedded(reports, index):
    build_small(reports, index)
    changed = ASBRO.replace("Antalet hemtjänsttimmar ökade med 3 procent.", "Antalet timmar minskade.")
    write_reports(reports, {"asbro/delar-2023.md": changed})
    encoder = CountingEncoder()
    summary = build_small(reports, index, encoder=encoder)
    assert (summary.changed, summary.new, summary.unchanged) == (["asbro/delar-2023.md"], [], 2)
    assert encoder.texts
    assert all("timmar minskade" in text for text in encoder.texts)
    assert summary.reused > 0
    fresh = index.with_name("fresh")
    build_small(reports, fresh)
    assert contents(index) == contents(fresh)


def test_a_removed_report_is_gone(reports, index):
    build_small(reports, index)
    (reports / "norrvika/vb-2021.txt").unlink()
    summary = build_small(reports, index)
    assert summary.removed == ["norrvika/vb-2021.txt"]
    opened = open_index(index)
    assert "norrvika/vb-2021.txt" not in opened.manifest.sources
    assert len(opened.keyword["body"].postings("skolskjuts")[0]) == 0
    assert "skolskjuts" not in opened.word_counts


def test_a_renamed_report_uses_its_embeddings_again(reports, index):
    build_small(reports, index)
    (reports / "norrvika/vb-2021.txt").rename(reports / "norrvika/annat.txt")
    encoder = CountingEncoder()
    summary = build_small(reports, index, encoder=encoder)
    assert (summary.new, summary.removed) == (["norrvika/annat.txt"], ["norrvika/vb-2021.txt"])
    assert encoder.texts == []


def test_a_moved_folder_is_noted_without_a_new_generation(reports, index):
    build_small(reports, index)
    moved = reports.rename(reports.with_name("moved"))
    summary = build_small(moved, index)
    assert summary.unchanged == 3
    manifest = read_manifest(index)
    assert (manifest.root, manifest.paths) == (str(moved), (str(moved),))
    assert manifest.generation == "generation-000001"


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(reports, index):
    (reports / "tom.txt").write_bytes(b"")
    (reports / "bild.txt").write_bytes(b"\x89PNG\x00\x01\x02")
    (reports / "blank.md").write_bytes(b" \n\n")
    summary = build_small(reports, index)
    assert len(summary.new) == 3
    assert set(summary.failures) == {"tom.txt", "bild.txt", "blank.md"}
    assert all(name in why for name, why in summary.failures.items())
    assert dict(read_manifest(index).failures) == summary.failures


def test_a_failure_is_told_again_but_not_read_again_until_it_changes(reports, index, monkeypatch):
    (reports / "tom.txt").write_bytes(b"")
    first = build_small(reports, index)
    read = []
    original = apart_module.pack_command
    monkeypatch.setattr(
        apart_module, "pack_command", lambda command: read.append(command.name) or original(command)
    )
    second = build_small(reports, index)
    assert second.failures == first.failures
    assert (second.unchanged, read) == (3, [])
    (reports / "tom.txt").write_text("Nämnden beslutade om en ny plan för bibliotek.\n", encoding="utf-8")
    third = build_small(reports, index)
    assert (third.new, third.failures, read) == (["tom.txt"], {}, ["tom.txt"])


def test_a_report_that_becomes_unreadable_is_a_failure_and_not_served(reports, index):
    build_small(reports, index)
    (reports / "norrvika/vb-2021.txt").write_bytes(b"")
    summary = build_small(reports, index)
    assert list(summary.failures) == ["norrvika/vb-2021.txt"]
    assert summary.removed == []
    assert "norrvika/vb-2021.txt" not in open_index(index).manifest.sources


def test_a_file_that_vanishes_between_listing_and_reading(reports, index, monkeypatch):
    original = apart_module.pack_command

    def vanish(command):
        if command.name.startswith("norrvika"):
            command.path.unlink()
        return original(command)

    monkeypatch.setattr(apart_module, "pack_command", vanish)
    summary = build_small(reports, index)
    assert list(summary.failures) == ["norrvika/vb-2021.txt"]
    assert len(summary.new) == 2


def test_nothing_but_failures_gives_an_index_without_reports(tmp_path, index):
    write_reports(tmp_path / "reports", {"tom.txt": ""})
    summary = build_small(tmp_path / "reports", index)
    assert list(summary.failures) == ["tom.txt"]
    opened = open_index(index)
    assert len(opened.entries) == 0
    assert len(opened.vectors.nearest(np.zeros(64, np.float32), 5)[0]) == 0


def test_a_folder_without_reports_is_refused_and_the_index_kept(reports, index, tmp_path):
    build_small(reports, index)
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoReports):
        build_small(tmp_path / "empty", index)
    assert open_index(index).manifest.counts["reports"] == 3


@pytest.mark.parametrize(
    "text",
    ["\ufeff" + NORRVIKA, NORRVIKA.replace("\n", "\r\n"), NORRVIKA.replace("mars", "mars 😀\u2028")],
    ids=["mark", "crlf", "beyond the basic plane"],
)
def test_the_text_is_kept_to_the_character(tmp_path, index, text):
    build_small(write_reports(tmp_path / "reports", {"a.txt": text}), index)
    assert open_index(index).store.text("a.txt") == text


def test_changed_code_reads_all_again_and_embeds_nothing(reports, index, monkeypatch):
    build_small(reports, index)
    monkeypatch.setattr(build_module, "code_fingerprint", lambda: "other")
    encoder = CountingEncoder()
    summary = build_small(reports, index, encoder=encoder)
    assert (len(summary.changed), encoder.texts) == (3, [])
    assert summary.reused > 0


def test_other_sizes_of_passages_read_all_again(reports, index):
    build_small(reports, index)
    summary = build_small(
        reports, index, settings={"structure": {"passage_chars_max": 300, "passage_chars_aim": 200}}
    )
    assert len(summary.changed) == 3


def test_another_model_embeds_all_and_the_old_index_is_served_meanwhile(reports, index):
    build_small(reports, index)
    served = []

    class Other(CountingEncoder):
        def encode_passages(self, texts, *, progress=None):
            served.append(open_index(index).manifest.model)
            return super().encode_passages(texts, progress=progress)

    summary = build_small(reports, index, encoder=Other(name="other"))
    assert summary.embedded == summary.counts["vectors"] or summary.embedded > 0
    assert served[0] == CountingEncoder().name
    assert open_index(index).manifest.model == "other"


def test_groups_give_the_same_index_and_honest_progress(reports, index, monkeypatch):
    build_small(reports, index)
    monkeypatch.setattr(build_module, "GROUP_TEXTS", 1)
    monkeypatch.setattr(build_module, "EMBEDDED_AT_ONCE", 2)
    told = []
    grouped = index.with_name("grouped")
    summary = build_small(reports, grouped, progress=lambda *step: told.append(step))
    assert contents(grouped) == contents(index)
    for stage in ("reading", "structure", "embedding"):
        steps = [(done, total) for name, done, total in told if name == stage]
        assert [done for done, _ in steps] == sorted(done for done, _ in steps)
        assert all(done <= total for done, total in steps)
        assert steps[-1][0] == steps[-1][1]
    assert ("embedding", summary.embedded, summary.embedded) in told


def test_the_first_report_is_embedded_while_the_others_are_read(reports, index):
    embedded = []

    class Telling(CountingEncoder):
        def encode_passages(self, texts, *, progress=None):
            embedded.append(" ".join(texts))
            return super().encode_passages(texts, progress=progress)

    build_small(reports, index, encoder=Telling())
    first, *others = [info.municipality for _, info in open_index(index).reports.values()]
    assert first in embedded[0]
    assert not [name for name in others if name in embedded[0]]


def test_memory_does_not_grow_with_the_number_of_reports(tmp_path, monkeypatch):
    monkeypatch.setattr(build_module, "GROUP_TEXTS", 50)
    monkeypatch.setattr(build_module, "derive", lambda store, generation: {"reports": 0})

    def peak(count):
        many = {f"{n}.txt": LINDSJO.replace("2022", str(1000 + n)) for n in range(count)}
        folder = write_reports(tmp_path / f"reports-{count}", many)
        tracemalloc.start()
        build_small(folder, tmp_path / f"index-{count}")
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(10)  # caches
    assert (peak(120) - peak(30)) / 90 < 20_000  # the manifest's lines; a report with its structure is more


def test_the_store_gives_room_back(reports, index):
    large = "\n\n".join(f"Nämnden beslutade om ärende {n} den 3 mars, enligt plan {n}." for n in range(3000))
    write_reports(reports, {"stor.txt": large})
    build_small(reports, index)
    full = (index / "generation-000001/store.sqlite").stat().st_size
    (reports / "stor.txt").unlink()
    build_small(reports, index)
    assert (index / "generation-000002/store.sqlite").stat().st_size < full / 2


def test_a_name_that_is_not_text_is_a_failure(reports, index):
    try:
        (reports / "fel\udcff.txt").write_text("Nämnden beslutade om en plan.", encoding="utf-8")
    except (OSError, UnicodeEncodeError):
        pytest.skip("this file system has no such names")
    summary = build_small(reports, index)
    assert list(summary.failures) == ["fel\\udcff.txt"]
    json.dumps(summary.failures, ensure_ascii=False).encode("utf-8")
    assert build_small(reports, index).failures == summary.failures


def test_the_fingerprint_covers_code_and_word_lists():
    assert manifest_module.code_fingerprint() == manifest_module.code_fingerprint.__wrapped__()


def test_the_name_of_a_generation_is_never_used_again(reports, index):
    used = set()
    for number in range(3):
        (reports / "ny.txt").write_text(f"Årsredovisning 2022\n\nLek {number}\n", "utf-8")
        build_small(reports, index)
        used.add(read_manifest(index).generation)
    (index / "manifest.json").unlink()
    build_small(reports, index)
    assert len(used) == 3
    assert read_manifest(index).generation not in used
