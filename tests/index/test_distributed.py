"""Indexing by workers of a Dask cluster: the same index, whatever dies on the way."""

import os
import signal
import socket
import sqlite3
import threading
import time
from contextlib import ExitStack, closing, contextmanager
from functools import partial

import pytest
from small_reports import ASBRO, NORRVIKA, build_small, write_reports

import rapportsvar.index.distributed.cluster as cluster_module
import rapportsvar.index.distributed.deal as deal_module
import rapportsvar.index.engines as engines
from rapportsvar.config import IndexSettings
from rapportsvar.errors import WorkersAway, WorkersUnlike
from rapportsvar.index.distributed.building import made_by_workers
from rapportsvar.index.embedding.base import HashEncoder
from rapportsvar.index.manifest import read_manifest
from rapportsvar.index.opened import open_index

pytest.importorskip("distributed", reason="the extra distributed is not installed")
from distributed import Client
from disturbing import Killer, remote, small_cluster

HASH = {"embedding": {"model": "hash"}, "index": {"scheduler_seconds_max": 600}}
IMPATIENT = {**HASH, "index": {"scheduler_seconds_max": 3}}
MANY = 9

pytestmark = [
    # Dask leaves sockets and loops of a cluster that died to the collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def cluster():
    with small_cluster() as made:
        yield made


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """A machine that is busy with other tests starts a worker in minutes."""
    for bound in ("WORKERS_SECONDS", "BACK_SECONDS"):
        monkeypatch.setattr(cluster_module, bound, 600)


@pytest.fixture
def reports(tmp_path):
    many = {f"norrvika/vb-{n}.txt": NORRVIKA.replace("6 200", f"{n} 200") for n in range(MANY)}
    return write_reports(write_reports(tmp_path / "reports"), many)


def build_by(address, reports, index, settings=HASH, **options):
    workers = partial(made_by_workers, scheduler=address)
    return build_small(reports, index, settings=settings, workers=workers, **options)


def build_here(reports, index):
    return build_small(reports, index, settings=HASH)


@contextmanager
def plugged(cluster, plugin):
    with Client(cluster, set_as_default=False) as client:
        client.register_plugin(plugin)
        try:
            yield
        finally:
            client.unregister_worker_plugin(plugin.name)


def pids(cluster):
    with Client(cluster, set_as_default=False) as client:
        return set(client.run(os.getpid).values())


def bytes_of(index):
    """All files of the generation that is served; of the store, what it holds."""
    generation = index / read_manifest(index).generation
    found = {
        path.relative_to(generation).as_posix(): path.read_bytes()
        for path in generation.rglob("*")
        if path.is_file() and path.suffix != ".sqlite"
    }
    with closing(sqlite3.connect(generation / "store.sqlite")) as store:
        found["store.sqlite"] = list(store.iterdump())
    return found


def told(summary):
    return {name: getattr(summary, name) for name in summary.__slots__ if name != "seconds"}


def test_the_index_is_the_same_as_without_workers(cluster, reports, tmp_path):
    (reports / "tom.txt").write_bytes(b"")
    (reports / "bild.txt").write_bytes(b"\x89PNG\x00\x01\x02")
    by_workers = build_by(cluster.scheduler_address, reports, tmp_path / "workers")
    here = build_here(reports, tmp_path / "here")
    assert told(by_workers) == told(here)
    assert set(by_workers.failures) == {"tom.txt", "bild.txt"}
    assert by_workers.embedded > 0
    assert by_workers.seconds["embedding"] > 0
    assert bytes_of(tmp_path / "workers") == bytes_of(tmp_path / "here")
    assert read_manifest(tmp_path / "workers").failures == read_manifest(tmp_path / "here").failures


def test_of_what_changed_only_new_texts_are_embedded(cluster, reports, tmp_path):
    folders = {"workers": partial(build_by, cluster.scheduler_address), "here": build_here}
    for name, build in folders.items():
        build(reports, tmp_path / name)
    (reports / "norrvika/vb-1.txt").rename(reports / "norrvika/annat.txt")
    changed = ASBRO.replace("Antalet hemtjänsttimmar ökade med 3 procent.", "Antalet timmar minskade.")
    write_reports(reports, {"asbro/delar-2023.md": changed})
    by_workers, here = (build(reports, tmp_path / name) for name, build in folders.items())
    assert told(by_workers) == told(here)
    assert 0 < by_workers.embedded < by_workers.reused
    assert bytes_of(tmp_path / "workers") == bytes_of(tmp_path / "here")


def test_a_worker_is_told_what_has_a_vector(cluster, reports, tmp_path, monkeypatch):
    build_by(cluster.scheduler_address, reports, tmp_path / "index")
    write_reports(reports, {"asbro/delar-2023.md": ASBRO.replace("3 procent", "4 procent")})
    orders = []
    packed = deal_module.pack_order
    monkeypatch.setattr(deal_module, "pack_order", lambda order: orders.append(order) or packed(order))
    build_by(cluster.scheduler_address, reports, tmp_path / "index")
    (order,) = orders
    assert order.name == "asbro/delar-2023.md"
    assert order.known


def test_a_file_too_large_to_send_is_read_at_home(cluster, reports, tmp_path, monkeypatch):
    monkeypatch.setattr(deal_module, "SENT_BYTES_MAX", len(ASBRO.encode()) - 1)
    by_workers = build_by(cluster.scheduler_address, reports, tmp_path / "workers")
    here = build_here(reports, tmp_path / "here")
    assert told(by_workers) == told(here)
    assert bytes_of(tmp_path / "workers") == bytes_of(tmp_path / "here")


@pytest.mark.slow
def test_a_worker_that_is_killed_costs_nothing(cluster, reports, tmp_path):
    before = pids(cluster)
    with plugged(cluster, Killer("norrvika/vb-3.txt", marker=tmp_path / "killed")):
        by_workers = build_by(cluster.scheduler_address, reports, tmp_path / "workers")
    assert (tmp_path / "killed").exists()
    assert before != pids(cluster)
    here = build_here(reports, tmp_path / "here")
    assert told(by_workers) == told(here)
    assert bytes_of(tmp_path / "workers") == bytes_of(tmp_path / "here")


@pytest.mark.slow
def test_a_worker_killed_from_outside_costs_nothing(cluster, reports, tmp_path):
    def kill(stage, done, total):
        if stage == "structure" and done == 4 and victims:
            os.kill(victims.pop(), signal.SIGKILL)

    victims = [min(pids(cluster))]
    by_workers = build_by(cluster.scheduler_address, reports, tmp_path / "workers", progress=kill)
    assert not victims
    here = build_here(reports, tmp_path / "here")
    assert told(by_workers) == told(here)
    assert bytes_of(tmp_path / "workers") == bytes_of(tmp_path / "here")


@pytest.mark.slow
def test_a_report_that_every_worker_dies_of_is_named_and_the_others_are_indexed(cluster, reports, tmp_path):
    bad = "norrvika/vb-3.txt"
    with plugged(cluster, Killer(bad)):
        summary = build_by(cluster.scheduler_address, reports, tmp_path / "index")
    assert set(summary.failures) == {bad}
    assert "avslutade varje arbetsprocess" in summary.failures[bad]
    assert bad in summary.failures[bad]
    assert len(summary.new) == len(set(summary.new)) == MANY + 2
    assert dict(read_manifest(tmp_path / "index").failures) == summary.failures
    (reports / bad).unlink()
    build_here(reports, tmp_path / "here")
    assert bytes_of(tmp_path / "index") == bytes_of(tmp_path / "here")


@pytest.mark.slow
@pytest.mark.parametrize("restarts", [False, True])
def test_a_scheduler_that_goes_away_leaves_the_old_index_and_no_work_is_lost(
    cluster, reports, tmp_path, restarts, monkeypatch
):
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 5)
    index = tmp_path / "index"
    held_back = [path.rename(path.with_suffix(".bak")) for path in (reports / "norrvika").glob("vb-?.txt")]
    build_here(reports, index)
    build_here(reports, tmp_path / "here")
    served = open_index(index)
    for path in held_back:
        path.rename(path.with_suffix(".txt"))
    with remote() as there:
        begun = []

        def kill(stage, done, total):
            if stage == "structure" and done == 5 and not begun:
                there.kill()
                begun.append(there.address)
                if restarts:
                    again.append(stack.enter_context(remote(int(there.address.rpartition(":")[2]))))

        with ExitStack() as stack:
            again = []
            with pytest.raises(WorkersAway, match=there.address):
                build_by(there.address, reports, index, progress=kill)
            assert begun
            assert read_manifest(index).generation == "generation-000001"
            assert served.store.text("asbro/delar-2023.md") == ASBRO
            address = again[0].address if again else cluster.scheduler_address
            summary = build_by(address, reports, index)
    served.close()
    build_here(reports, tmp_path / "here")
    assert len(summary.new) == len(set(summary.new)) == MANY
    assert summary.reused > 5  # what the first build was given
    assert bytes_of(index) == bytes_of(tmp_path / "here")
    assert not (index / "embeddings.sqlite").exists()


@pytest.mark.slow
def test_a_scheduler_that_falls_silent_ends_the_build_within_bounds_and_no_work_is_lost(
    cluster, reports, tmp_path, monkeypatch
):
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 5)
    index = tmp_path / "index"
    write_reports(tmp_path / "before", {"asbro/delar-2023.md": ASBRO})
    build_here(tmp_path / "before", index)
    with closing(open_index(index)) as served, remote() as there:
        silent = []

        def stop(stage, done, total):
            if stage == "structure" and done == 5 and not silent:
                there.stop()
                silent.append(time.monotonic())

        with pytest.raises(WorkersAway, match=f"svarar inte längre.*{there.address}"):
            build_by(there.address, reports, index, settings=IMPATIENT, progress=stop)
        # One look, the silence that is allowed, and the parting; a busy machine takes its time besides.
        assert time.monotonic() - silent[0] < cluster_module.LOOK_SECONDS + 3 + 5 + 30
        assert read_manifest(index).generation == "generation-000001"
        assert served.store.text("asbro/delar-2023.md") == ASBRO
    summary = build_by(cluster.scheduler_address, reports, index)
    build_here(tmp_path / "before", tmp_path / "here")
    build_here(reports, tmp_path / "here")
    assert len(summary.new) == len(set(summary.new)) == len(read_manifest(index).sources) - 1
    assert summary.reused > 4  # what the first build was given
    assert bytes_of(index) == bytes_of(tmp_path / "here")
    assert not (index / "embeddings.sqlite").exists()


@pytest.mark.slow
def test_a_scheduler_that_is_silent_for_a_time_only_costs_that_time(reports, tmp_path):
    with remote() as there:
        silent = []

        def stop(stage, done, total):
            if stage == "structure" and done == 5 and not silent:
                there.stop()
                silent.append(threading.Timer(cluster_module.LOOK_SECONDS + 3, there.go_on))
                silent[0].start()

        by_workers = build_by(there.address, reports, tmp_path / "workers", progress=stop)
        silent[0].join()
    assert told(by_workers) == told(build_here(reports, tmp_path / "here"))
    assert bytes_of(tmp_path / "workers") == bytes_of(tmp_path / "here")


@pytest.mark.parametrize("silent", ["from the start", "once connected"])
def test_one_who_never_answers_at_all_is_told_within_bounds(reports, tmp_path, monkeypatch, silent):
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 2)
    with ExitStack() as stack:
        if silent == "from the start":
            deaf = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            address = f"tcp://127.0.0.1:{deaf.getsockname()[1]}"
        else:
            there = stack.enter_context(remote())
            address = there.address
            connected = cluster_module.Cluster._connected
            monkeypatch.setattr(
                cluster_module.Cluster,
                "_connected",
                lambda *to: (connected(*to), there.stop())[0],
            )
        began = time.monotonic()
        with pytest.raises(WorkersAway, match=rf"svarar inte.*{address}"):
            build_by(address, reports, tmp_path / "index", settings=IMPATIENT)
        assert time.monotonic() - began < 60
    assert not (tmp_path / "index" / "manifest.json").exists()


def test_a_cluster_without_workers_is_told_within_bounds(reports, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_module, "WORKERS_SECONDS", 1)
    with small_cluster() as empty:
        empty.scale(0)
        began = time.monotonic()
        with pytest.raises(WorkersAway, match="har noll arbetsprocesser efter 1 s"):
            build_by(empty.scheduler_address, reports, tmp_path / "index")
        assert time.monotonic() - began < 60


def test_a_worker_with_another_encoder_is_told(cluster, reports, tmp_path):
    class Other(HashEncoder):
        name = "hash-of-another-version"

    with pytest.raises(WorkersUnlike, match="språkmodellen är hash-trigrams-64 där") as caught:
        build_by(cluster.scheduler_address, reports, tmp_path / "index", encoder=Other())
    assert cluster.scheduler_address in str(caught.value)
    assert "Installera samma version" in str(caught.value)


def test_an_index_in_milvus_is_made_by_workers_too(cluster, reports, tmp_path):
    pytest.importorskip("pymilvus", reason="the extra milvus is not installed")
    pytest.importorskip("milvus_lite", reason="the extra milvus is not installed")
    kept = IndexSettings(engine="milvus", uri=str(tmp_path / "milvus.db"), seconds_max=30)
    by_workers = build_by(cluster.scheduler_address, reports, tmp_path / "index", into=engines.into_of(kept))
    assert told(by_workers) == told(build_here(reports, tmp_path / "here"))
    with closing(engines.open_index(tmp_path / "index", kept)) as opened:
        assert opened.store.text("asbro/delar-2023.md") == ASBRO


@pytest.mark.parametrize(
    ("address", "why"), [("tls://127.0.0.1:9", "kräver certifikat"), ("tcp://127.0.0.1:99999", "svarar inte")]
)
def test_an_address_that_cannot_be_is_told(reports, tmp_path, monkeypatch, address, why):
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 1)
    with pytest.raises(WorkersAway, match=rf"{why}.*{address}"):
        build_by(address, reports, tmp_path / "index")
