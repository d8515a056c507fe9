"""A backup and what is put back of it: the same, or nothing."""

import hashlib
import io
import json
import random
import tarfile
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from small_reports import ASBRO, write_reports

from rapportsvar.config import load_settings, settings_from
from rapportsvar.engine.access import Reader, Role, read_access
from rapportsvar.engine.backup import Places, back_up, restore
from rapportsvar.engine.backup.places import CONTENTS, FORMAT, OLDEST_FORMAT
from rapportsvar.engine.contract import answer_json
from rapportsvar.engine.engine import Engine, build
from rapportsvar.errors import BackupDamaged, BackupRefused, IndexDamaged, IndexOlder, RapportsvarError
from rapportsvar.evaluation.feedback import Feedback, FeedbackStore
from rapportsvar.index.manifest import VIEWS, check_files, read_manifest
from rapportsvar.library.corrections import correct
from rapportsvar.library.place import library_of
from rapportsvar.model import QuestionKind

QUESTION = "Varför ökade kostnaden för placeringar i Lindsjö?"
SETTINGS = '[embedding]\nmodel = "hash"\n\n[feedback]\nfolder = "{0}/fb"\n\n[evaluation]\nruns = "{0}/runs"\n'
GENERATIONS, TRIES = 3, 2000
UPLOADED = "uppladdat/delår 2023.md"
ACCESS = """
[groups]
socialt = ["anna@lindsjo.se"]

[roles]
"läsare" = ["socialt"]

[collections.lindsjo]
reports = ["lindsjo/", "uppladdat/"]
groups = ["socialt"]
"""
FROZEN = Path(__file__).parents[1] / "index/frozen"


def places_in(folder):
    return Places(
        folder / "index",
        folder / "index/library",
        folder / "fb",
        folder / "runs",
        folder / "rapportsvar.toml",
        folder / "access.toml",
    )


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A whole installation and a backup of it."""
    folder = tmp_path_factory.mktemp("saved")
    places = places_in(folder)
    places.settings.write_text(SETTINGS.format(folder.as_posix()), encoding="utf-8")
    settings = load_settings(places.settings)
    library = library_of(places.index, settings.library)
    library.uploaded.mkdir(parents=True)
    (library.root / UPLOADED).write_text(ASBRO.replace("8,4", "9,9"), encoding="utf-8")
    reports = write_reports(folder / "reports")
    build([reports], places.index, settings)
    sha256 = read_manifest(places.index).sources[UPLOADED]
    correct(library, UPLOADED, sha256, {"municipality": "Lindsjö"})
    build([reports], places.index, settings)
    FeedbackStore(places.feedback).give(Feedback(QUESTION, (), QuestionKind.WHY, helped=False, comment="nej"))
    places.runs.mkdir()
    (places.runs / "20260101T000000Z-abcdef.json").write_text('{"x": 1}', encoding="utf-8")
    places.access.write_text(ACCESS, encoding="utf-8")
    seen_by_anna(places, settings)  # so that there is a view
    back_up(folder / "kopia.tar", places)
    return folder


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("build.lock", "lock")
    }


def seen_by_anna(places, settings):
    """What a reader is shown who may see one collection only."""
    anna = read_access(places.access).reader("anna@lindsjo.se")
    with closing(Engine.open(places.index, settings)) as whole, closing(whole.for_reader(anna)) as view:
        return view.sources(), {**answer_json(view.ask(QUESTION)), "elapsed_ms": 0}


def answered(places, settings):
    with closing(Engine.open(places.index, settings)) as engine:
        content = {**answer_json(engine.ask(QUESTION)), "elapsed_ms": 0}
        return content, [report.info for report in engine.reports()]


def test_all_is_as_it_was_after_a_round_trip(saved, tmp_path):
    before, after = places_in(saved), places_in(tmp_path)
    summary = restore(saved / "kopia.tar", after)
    served = read_manifest(before.index).generation
    assert (before.index / VIEWS).is_dir()
    wanted = {
        name: digest
        for name, digest in files_of(before.index).items()
        if name.startswith((served, "files/", "library/", "manifest.json"))
    }
    assert files_of(after.index) == wanted
    assert files_of(after.runs) == files_of(before.runs)
    assert after.settings.read_bytes() == before.settings.read_bytes()
    settings = load_settings(before.settings)
    assert answered(after, settings) == answered(before, settings)
    [said] = FeedbackStore(after.feedback).proposals()
    assert [said] == list(FeedbackStore(before.feedback).proposals())
    assert summary.generation == served
    assert UPLOADED in read_manifest(after.index).sources
    assert (after.library / UPLOADED).is_file()


def test_who_may_read_is_as_it_was_after_a_round_trip(saved, tmp_path):
    before, after = places_in(saved), places_in(tmp_path)
    restore(saved / "kopia.tar", after)
    assert after.access.read_bytes() == before.access.read_bytes()
    assert not (after.index / VIEWS).exists()  # a view is made anew, never taken from a file
    settings = load_settings(before.settings)
    sources, shown = seen_by_anna(after, settings)
    assert (sources, shown) == seen_by_anna(before, settings)
    assert sources == ["lindsjo/ar-2022.txt", UPLOADED]
    assert (after.index / VIEWS).is_dir()
    with closing(Engine.open(after.index, settings)) as engine:
        assert engine.for_reader(Reader("x", Role.READER, ())).sources() == []


@pytest.mark.parametrize("number", [OLDEST_FORMAT - 1, FORMAT + 1])
def test_a_backup_of_another_format_is_refused(tmp_path, number):
    written(tmp_path / "annan.tar", {"library/a": b"x"}, number=number)
    with pytest.raises(BackupDamaged, match=f"format {number}"):
        restore(tmp_path / "annan.tar", places_in(tmp_path / "till"))
    assert not (tmp_path / "till").exists()


def test_a_backup_of_the_format_before_is_put_back(tmp_path):
    written(tmp_path / "forra.tar", {"library/uppladdat/a.md": b"x"}, number=OLDEST_FORMAT)
    restore(tmp_path / "forra.tar", places_in(tmp_path / "till"))
    assert (tmp_path / "till/index/library/uppladdat/a.md").read_bytes() == b"x"


@pytest.mark.parametrize("frozen", sorted(FROZEN.iterdir()), ids=lambda path: path.name)
def test_an_index_of_an_older_version_is_saved_and_put_back_to_be_taken_over(tmp_path, frozen):
    before, after = places_in(tmp_path / "fore"), places_in(tmp_path / "efter")
    with tarfile.open(frozen) as archive:
        archive.extractall(before.index, filter="data")
    back_up(tmp_path / "k.tar", before)
    restore(tmp_path / "k.tar", after)
    assert files_of(after.index) == files_of(before.index)
    with pytest.raises(IndexOlder):
        Engine.open(after.index, settings_from({"embedding": {"model": "hash"}}))


def test_an_index_that_was_put_back_is_brought_up_to_date_as_before(saved, tmp_path):
    places = places_in(tmp_path)
    restore(saved / "kopia.tar", places)
    summary = build([saved / "reports"], places.index, load_settings(places.settings))
    assert summary.embedded == 0
    assert read_manifest(places.index).sources == read_manifest(places_in(saved).index).sources


def test_backup_can_be_read_by_its_owner_alone(saved):
    assert (saved / "kopia.tar").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "there",
    ["index/manifest.json", "index/generation-000009/x", "index/library/uppladdat/x", "fb/feedback.sqlite",
     "runs/20260101T000000Z-abcdef.json", "rapportsvar.toml", "access.toml"],
)  # fmt: skip
def test_nothing_is_written_over(saved, tmp_path, there):
    path = tmp_path / there
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mitt", encoding="utf-8")
    before = files_of(tmp_path)
    with pytest.raises(BackupRefused, match="Ingenting är ändrat"):
        restore(saved / "kopia.tar", places_in(tmp_path))
    assert files_of(tmp_path) == before


def test_a_backup_is_not_written_over(saved, tmp_path):
    target = tmp_path / "kopia.tar"
    target.write_bytes(b"den forra")
    with pytest.raises(BackupRefused, match="finns redan"):
        back_up(target, places_in(saved))
    assert target.read_bytes() == b"den forra"


def test_a_damaged_index_is_not_taken_for_a_backup(saved, tmp_path):
    places = places_in(tmp_path)
    restore(saved / "kopia.tar", places)
    path = places.index / read_manifest(places.index).generation / "entries.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(IndexDamaged, match=r"entries\.npy"):
        back_up(tmp_path / "ny.tar", places)
    assert not list(tmp_path.glob("ny.tar*"))


def test_a_changed_backup_is_noticed_or_does_no_harm(saved, tmp_path):
    content = (saved / "kopia.tar").read_bytes()
    whole = files_of(saved / "index/library")
    chance = random.Random(8)
    for number in range(40):
        at = chance.randrange(len(content))
        changed = bytearray(content)
        changed[at] ^= 1 << chance.randrange(4)
        places = places_in(tmp_path / str(number))
        (tmp_path / "andrad.tar").write_bytes(changed)
        try:
            restore(tmp_path / "andrad.tar", places)
        except BackupDamaged:
            assert not (places.index / "manifest.json").exists()
        else:  # padding, or a time in a head
            check_files(places.index, read_manifest(places.index), contents=True)
            assert files_of(places.library) == whole


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 1])
def test_a_backup_that_was_cut_off_is_refused(saved, tmp_path, share):
    content = (saved / "kopia.tar").read_bytes()
    end = content.rindex(b'"files"')  # what is after it is in the list of contents, or padding
    (tmp_path / "kort.tar").write_bytes(content[: int(end * share)])
    with pytest.raises(BackupDamaged):
        restore(tmp_path / "kort.tar", places_in(tmp_path))
    assert not files_of(tmp_path / "index")


@pytest.mark.parametrize(
    "name",
    ["../ut", "/ut", "index/../../ut", "library/", "ut", "library/a\\..\\ut", "library/./a", "x/y"],
)
def test_a_file_that_leads_out_of_the_places_is_refused(tmp_path, name):
    written(tmp_path / "elak.tar", {name: b"x"})
    with pytest.raises(BackupDamaged):
        restore(tmp_path / "elak.tar", places_in(tmp_path / "till"))
    assert not (tmp_path / "till").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_what_is_no_file_is_refused(tmp_path, kind):
    written(tmp_path / "elak.tar", {"library/a": b""}, kind)
    with pytest.raises(BackupDamaged):
        restore(tmp_path / "elak.tar", places_in(tmp_path / "till"))


def written(path, files, kind=tarfile.REGTYPE, number=FORMAT):
    listed = {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()}
    head = {"format": number, "created": "", "version": "", "generation": "", "files": listed}
    with tarfile.open(path, "w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.size = kind, "/etc/hostname", len(data)
            archive.addfile(member, io.BytesIO(data))
        data = json.dumps(head).encode()
        member = tarfile.TarInfo(CONTENTS)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))


def test_links_are_not_followed(tmp_path):
    places = places_in(tmp_path)
    places.runs.mkdir()
    (tmp_path / "hemligt").write_text("x", encoding="utf-8")
    (places.runs / "ut").symlink_to(tmp_path / "hemligt")
    assert not back_up(tmp_path / "kopia.tar", replace(places, settings=None)).files


@pytest.mark.slow
def test_backups_are_whole_while_the_index_is_built(tmp_path):
    settings = settings_from({"embedding": {"model": "hash"}})
    places = Places(*(tmp_path / name for name in ("index", "index/library", "fb", "runs")))
    reports = write_reports(tmp_path / "reports")
    build([reports], places.index, settings)
    stop, failed = threading.Event(), []

    def build_on():
        number = 0
        while not stop.is_set():
            number += 1
            write_reports(reports, {"asbro/delar-2023.md": f"{ASBRO}\n\nDet var {number} av dem.\n"})
            try:
                build([reports], places.index, settings)
            except RapportsvarError as error:
                failed.append(error)

    builder = threading.Thread(target=build_on)
    builder.start()
    try:
        taken = []
        while len({summary.generation for summary in taken}) < GENERATIONS and len(taken) < TRIES:
            taken.append(back_up(tmp_path / f"{len(taken)}.tar", places))
    finally:
        stop.set()
        builder.join()
    assert not failed
    assert len({summary.generation for summary in taken}) == GENERATIONS  # it was built meanwhile
    newest = {summary.generation: number for number, summary in enumerate(taken)}
    for number in newest.values():
        there = Places(*(tmp_path / f"r{number}" / name for name in ("index", "index/library", "fb", "runs")))
        restore(tmp_path / f"{number}.tar", there)
        with closing(Engine.open(there.index, settings)) as engine:
            for source in engine.sources():
                assert (
                    hashlib.sha256(engine.text(source).encode()).hexdigest()
                    == read_manifest(there.index).sources[source]
                )
