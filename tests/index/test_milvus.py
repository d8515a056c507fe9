"""The Milvus engine: the same hits as the local one, whole generations only, errors that say what to do."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import replace

import numpy as np
import pytest
from small_reports import ASBRO, LINDSJO, NORRVIKA, CountingEncoder, build_small, write_reports

from rapportsvar.config import IndexSettings, Settings
from rapportsvar.engine.engine import Engine
from rapportsvar.errors import (
    IndexAway,
    IndexBusy,
    IndexMissing,
    IndexNewer,
    IndexOlder,
    IndexStale,
    UnknownReport,
)
from rapportsvar.index.engines import into_of, manifest_of, open_index, open_view
from rapportsvar.index.manifest import FORMAT, OLDEST
from rapportsvar.index.opened import open_index as open_local
from rapportsvar.model import Span

pytest.importorskip("pymilvus", reason="the extra milvus is not installed")
pytest.importorskip("milvus_lite", reason="the extra milvus is not installed")

QUESTIONS = (
    "Varför ökade kostnaden för placeringar?",
    "Hur stor var sjukfrånvaron i Åsbro?",
    "Vad kostade skolskjuts 2021?",
    "Hur mycket försörjningsstöd betalades ut?",
    "hemtjänsttimmar",
)


@pytest.fixture
def kept(tmp_path):
    """Settings of an index in a file of Milvus Lite."""
    return IndexSettings(engine="milvus", uri=str(tmp_path / "milvus.db"), seconds_max=30)


@pytest.fixture
def reports(tmp_path):
    return write_reports(tmp_path / "reports")


def build_there(reports, folder, kept, **options):
    return build_small(reports, folder, into=into_of(kept), **options)


def engine_over(folder, kept):
    settings = replace(Settings(), index=kept)
    return Engine(open_index(folder, kept), CountingEncoder(), settings)


def shown(answer):
    hits = [(h.source, h.span, h.text, h.highlights, h.cells, round(h.score, 2)) for h in answer.hits]
    return answer.found, round(answer.confidence, 3), answer.reason, hits


def test_the_same_answers_as_the_local_engine(reports, tmp_path, kept):
    build_small(reports, tmp_path / "local")
    summary = build_there(reports, tmp_path / "there", kept)
    assert summary.new == ["asbro/delar-2023.md", "lindsjo/ar-2022.txt", "norrvika/vb-2021.txt"]
    with (
        closing(engine_over(tmp_path / "local", IndexSettings())) as local,
        closing(engine_over(tmp_path / "there", kept)) as there,
    ):
        assert there.index.manifest.counts == local.index.manifest.counts
        for question in QUESTIONS:
            assert shown(there.ask(question)) == shown(local.ask(question))
        assert [s.points for s in there.series("placeringar")] == [
            s.points for s in local.series("placeringar")
        ]
        assert there.measures("pl") == local.measures("pl")
        assert there.reports() == [replace(r, id=there_id(there, r.source)) for r in local.reports()]
        assert there.text("lindsjo/ar-2022.txt") == LINDSJO
        assert there.explain("lindsjo/ar-2022.txt", Span(0, 5)) == ()


def there_id(engine, source):
    return next(key for key, (name, _) in engine.index.reports.items() if name == source)


def test_weights_of_keywords_are_those_of_the_local_engine_after_updates(reports, tmp_path, kept):
    build_there(reports, tmp_path / "there", kept)
    (reports / "norrvika" / "vb-2021.txt").write_text(NORRVIKA.replace("6 200", "7 300") * 3, "utf-8")
    (reports / "asbro" / "delar-2023.md").unlink()
    write_reports(reports, {"asbro/ny.md": ASBRO.replace("8,4", "9,9")})
    summary = build_there(reports, tmp_path / "there", kept)
    assert (summary.new, summary.changed, summary.removed) == (
        ["asbro/ny.md"],
        ["norrvika/vb-2021.txt"],
        ["asbro/delar-2023.md"],
    )
    build_small(reports, tmp_path / "local")
    with closing(open_local(tmp_path / "local")) as local, closing(open_index(tmp_path, kept)) as there:
        for name, field in local.keyword.items():
            other = there.keyword[name]
            assert sorted(field.vocabulary()) == sorted(other.vocabulary())
            assert by_place(there, other.mass if name != "body" else np.zeros(len(there.entries))) == (
                by_place(local, field.mass if name != "body" else np.zeros(len(local.entries)))
            )
            for term in field.vocabulary():
                assert weights(there, name, term) == weights(local, name, term)
                assert other.rarity(term) == pytest.approx(field.rarity(term))
            assert len(other.postings("finns inte")[0]) == 0
        assert there.word_counts == local.word_counts


def weights(index, field, term):
    places, found = index.keyword[field].postings(term)
    assert places.tolist() == sorted(places.tolist())
    return {place_of(index, p): pytest.approx(w, abs=1e-5) for p, w in zip(places, found, strict=True)}


def by_place(index, values):
    return {place_of(index, p): pytest.approx(float(v), abs=1e-4) for p, v in enumerate(values)}


def place_of(index, place):
    entry = index.entries[place]
    return index.reports[int(entry["report"])][0], int(entry["start"]), bool(entry["is_row"])


def test_what_is_the_same_is_not_embedded_again(reports, tmp_path, kept):
    build_there(reports, tmp_path / "there", kept)
    again = CountingEncoder()
    assert build_there(reports, tmp_path / "there", kept, encoder=again).unchanged == 3
    assert again.texts == []
    (reports / "lindsjo" / "ar-2022.txt").write_text(LINDSJO + "\nEn ny mening om snöröjning.\n", "utf-8")
    summary = build_there(reports, tmp_path / "there", kept, encoder=again)
    assert summary.changed == ["lindsjo/ar-2022.txt"]
    assert summary.reused > 0
    assert any("snöröjning" in text for text in again.texts)
    assert len(again.texts) < summary.reused


def test_a_moved_index_is_the_local_one_and_is_not_read_again(reports, tmp_path, kept):
    from rapportsvar.index.milvus.moving import move_to_milvus

    build_small(reports, tmp_path / "local")
    told = []
    counts = move_to_milvus(tmp_path / "local", kept, lambda *step: told.append(step))
    assert told[-1] == ("writing", 3, 3)
    assert counts == manifest_of(tmp_path, kept).counts
    encoder = CountingEncoder()
    summary = build_there(reports, tmp_path / "there", kept, encoder=encoder)
    assert (summary.unchanged, encoder.texts) == (3, [])
    with closing(engine_over(tmp_path / "local", IndexSettings())) as local:
        before = [shown(local.ask(question)) for question in QUESTIONS]
    with closing(engine_over(tmp_path, kept)) as there:
        assert [shown(there.ask(question)) for question in QUESTIONS] == before


def test_who_has_it_open_reads_on_while_another_writes(reports, tmp_path, kept):
    build_there(reports, tmp_path / "there", kept)
    with closing(engine_over(tmp_path, kept)) as before:
        (reports / "norrvika" / "vb-2021.txt").write_text(NORRVIKA.replace("6 200", "7 300"), "utf-8")
        build_there(reports, tmp_path / "there", kept)
        assert "6 200" in before.text("norrvika/vb-2021.txt")
        assert "6 200" in before.ask("Vad kostade skolskjuts 2021?").hits[0].text
        with closing(engine_over(tmp_path, kept)) as after:
            assert "7 300" in after.ask("Vad kostade skolskjuts 2021?").hits[0].text
            hits = [hit.text for hit in after.ask("Vad kostade skolskjuts 2021?").hits]
            assert not any("6 200" in text for text in hits)


def test_who_has_what_is_gone_open_is_told_to_open_again(reports, tmp_path, kept):
    build_there(reports, tmp_path / "there", kept)
    with closing(open_index(tmp_path, kept)) as opened:
        for number in ("7 300", "8 400"):
            (reports / "norrvika" / "vb-2021.txt").write_text(NORRVIKA.replace("6 200", number), "utf-8")
            build_there(reports, tmp_path / "there", kept)
        with pytest.raises(IndexStale, match="Open it again"):
            opened.store.text("norrvika/vb-2021.txt")


def test_a_build_that_was_cut_off_leaves_the_index_as_it_was(reports, tmp_path, kept, monkeypatch):
    import rapportsvar.index.milvus.build as there

    build_there(reports, tmp_path / "there", kept)
    (reports / "norrvika" / "vb-2021.txt").write_text(NORRVIKA.replace("6 200", "7 300"), "utf-8")

    def cut_off(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(there, "write_state", cut_off)
    with pytest.raises(KeyboardInterrupt):
        build_there(reports, tmp_path / "there", kept)
    with closing(engine_over(tmp_path, kept)) as engine:
        hits = [hit.text for hit in engine.ask("Vad kostade skolskjuts 2021?").hits]
        assert "6 200" in hits[0]
        assert not any("7 300" in text for text in hits)
    monkeypatch.undo()
    encoder = CountingEncoder()
    build_there(reports, tmp_path / "there", kept, encoder=encoder)
    assert encoder.texts == []  # what had been embedded was kept
    with closing(engine_over(tmp_path, kept)) as engine:
        assert "7 300" in engine.ask("Vad kostade skolskjuts 2021?").hits[0].text


def test_two_builders_at_once_are_refused(reports, tmp_path, kept):
    from rapportsvar.index.milvus.client import Milvus
    from rapportsvar.index.milvus.state import alone_with

    build_there(reports, tmp_path / "there", kept)
    with closing(Milvus(kept)) as milvus:
        with alone_with(milvus), pytest.raises(IndexBusy):
            build_there(reports, tmp_path / "other", kept)
        (reports / "asbro" / "delar-2023.md").unlink()
        assert build_there(reports, tmp_path / "other", kept).removed == ["asbro/delar-2023.md"]


def test_a_reader_s_view_is_that_of_an_index_without_the_rest(reports, tmp_path, kept):
    build_there(reports, tmp_path / "there", kept)
    part = write_reports(tmp_path / "part", {"lindsjo/ar-2022.txt": LINDSJO})
    build_small(part, tmp_path / "local")
    whole = open_index(tmp_path, kept)
    with closing(whole), closing(open_local(tmp_path / "local")) as alone:
        model = whole.manifest.model
        assert open_view(whole, kept, lambda source: True, model=model) is whole
        view = open_view(whole, kept, lambda source: source.startswith("lindsjo/"), model=model)
        with closing(view):
            assert list(view.manifest.sources) == ["lindsjo/ar-2022.txt"]
            assert view.word_counts == alone.word_counts
            assert sorted(view.keyword["body"].vocabulary()) == sorted(alone.keyword["body"].vocabulary())
            assert weights(view, "body", "kostnad") == weights(alone, "body", "kostnad")
            with pytest.raises(UnknownReport):
                view.store.text("asbro/delar-2023.md")


def test_an_index_that_is_not_there_is_missing(tmp_path, kept):
    with pytest.raises(IndexMissing, match="rapportsvar index"):
        open_index(tmp_path, kept)


def test_an_index_of_an_older_format_is_taken_over_and_of_a_newer_one_refused(
    reports, tmp_path, kept, monkeypatch
):
    import rapportsvar.index.milvus.build as there

    with monkeypatch.context() as before:
        before.setattr(there, "FORMAT", OLDEST)
        build_there(reports, tmp_path / "there", kept)
    with pytest.raises(IndexOlder, match=f"format {OLDEST}"):
        open_index(tmp_path, kept)
    assert manifest_of(tmp_path, kept, oldest=OLDEST).format == OLDEST
    encoder = CountingEncoder()
    summary = build_there(reports, tmp_path / "there", kept, encoder=encoder)
    assert len(summary.changed) == 3  # read again, by this version's code
    assert encoder.texts == []
    with closing(engine_over(tmp_path, kept)) as engine:
        assert "6 200" in engine.ask("Vad kostade skolskjuts 2021?").hits[0].text
    with monkeypatch.context() as after:
        after.setattr(there, "FORMAT", FORMAT + 1)
        (reports / "asbro" / "delar-2023.md").unlink()
        build_there(reports, tmp_path / "there", kept)
    with pytest.raises(IndexNewer):
        open_index(tmp_path, kept)
    with pytest.raises(IndexNewer):
        build_there(reports, tmp_path / "there", kept)


def test_another_model_is_refused(reports, tmp_path, kept):
    build_there(reports, tmp_path / "there", kept)
    with pytest.raises(IndexStale, match="other"):
        open_index(tmp_path, kept, model="other")


def test_a_cluster_that_is_away_is_told_after_the_time_that_is_set(tmp_path):
    away = IndexSettings(engine="milvus", uri=f"http://127.0.0.1:{free_port()}", seconds_max=1)
    began = time.monotonic()
    with pytest.raises(IndexAway, match=r"does not answer within 1 s.*correct uri"):
        open_index(tmp_path, away)
    assert time.monotonic() - began < 10


@pytest.mark.slow
def test_two_processes_share_a_server_and_are_told_when_it_is_gone(reports, tmp_path):
    with server(tmp_path / "data") as (process, uri):
        shared = IndexSettings(engine="milvus", uri=uri, seconds_max=60)
        build_there(reports, tmp_path / "there", shared)
        settings = tmp_path / "rapportsvar.toml"
        settings.write_text(
            f'[embedding]\nmodel = "hash"\n[index]\nengine = "milvus"\nuri = "{uri}"\n', "utf-8"
        )
        asked = ["-m", "rapportsvar.cli", "--settings", str(settings), "reports", "--json"]
        told = subprocess.run(
            [sys.executable, *asked, "--index", str(tmp_path / "elsewhere")],
            capture_output=True,
            text=True,
            check=True,
        )
        assert len(told.stdout.splitlines()) == 3
        assert not (tmp_path / "elsewhere").exists()
        hurried = replace(shared, seconds_max=2)
        with closing(engine_over(tmp_path, hurried)) as engine:
            assert engine.ask(QUESTIONS[0]).hits
            process.kill()
            process.wait()
            with pytest.raises(IndexAway, match="does not answer"):
                engine.index.store.measures()


@contextmanager
def server(data):
    """Serve a file of Milvus Lite to several processes, as a cluster does."""
    port = free_port()
    command = [sys.executable, "-m", "milvus_lite.cmdline", "server", "--data-dir", str(data)]
    with subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            with suppress(ProcessLookupError):
                process.kill()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
