"""Uploads, removals, corrections and hidden reports, as files."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

import rapportsvar.library.intake as intake
from rapportsvar.config import LibrarySettings
from rapportsvar.errors import CorrectionRefused, LibraryDamaged, NameTaken, NotUploaded, UploadRefused
from rapportsvar.library.corrections import checked_value, correct, read_corrections
from rapportsvar.library.hiding import hide, read_hidden, show_again
from rapportsvar.library.intake import IfTaken, go_on, put_in_place, receive, waiting
from rapportsvar.library.notes import Note, note_on
from rapportsvar.library.place import library_of
from rapportsvar.library.removal import purge, removals, remove, restore

TEXT = "Åsbro kommun\nÅrsredovisning 2022\n".encode()


@pytest.fixture
def library(tmp_path):
    return library_of(tmp_path / "index", LibrarySettings(file_mb_max=1))


def take_in(library, name="a.txt", content=TEXT, if_taken=IfTaken.ASK):
    return put_in_place(library, receive(library, name, io.BytesIO(content)), if_taken)


def names(library):
    return sorted(path.name for path in library.uploaded.glob("*"))


# taking in


def test_upload_stands_whole_under_its_name(library):
    assert take_in(library) == "uppladdat/a.txt"
    assert library.path_of("uppladdat/a.txt").read_bytes() == TEXT
    assert list(library.incoming.glob("*")) == []


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.exe", TEXT, "Filtypen"),
        ("a", TEXT, "Filtypen"),
        ("a.txt", b"", "tom"),
        ("a.txt", b"x" * 1_000_001, "större än 1 MB"),
    ],
)
def test_upload_is_refused_and_leaves_nothing(library, name, content, why):
    with pytest.raises(UploadRefused, match=why):
        receive(library, name, io.BytesIO(content))
    assert list(library.root.rglob("*.*")) in ([], [library.incoming])


def test_same_bytes_twice_are_said(library):
    take_in(library)
    with pytest.raises(UploadRefused, match=r"Samma fil finns redan.*uppladdat/a\.txt"):
        take_in(library, "annat namn.txt")
    assert names(library) == ["a.txt"]


def test_same_name_with_other_bytes_is_asked_about_numbered_or_replaced(library):
    take_in(library)
    with pytest.raises(NameTaken):
        take_in(library, content=b"annat")
    assert take_in(library, content=b"annat", if_taken=IfTaken.NUMBER) == "uppladdat/a (2).txt"
    assert take_in(library, content=b"tredje", if_taken=IfTaken.REPLACE) == "uppladdat/a.txt"
    assert library.path_of("uppladdat/a.txt").read_bytes() == b"tredje"
    assert [r.source for r in removals(library)] == ["uppladdat/a.txt"]


def test_what_a_dead_process_received_is_taken_in_at_the_next_start(library):
    receive(library, "a.txt", io.BytesIO(TEXT))
    half = library.incoming / "half"
    half.mkdir()
    (half / "b.txt.part").write_bytes(b"half")
    assert go_on(library) == ["uppladdat/a.txt"]
    assert (names(library), list(waiting(library)), list(library.incoming.glob("*"))) == (["a.txt"], [], [])


def test_crash_between_placing_and_forgetting_takes_nothing_in_twice(library, monkeypatch):
    def die(arrived):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(intake, "forgo", die)
        with pytest.raises(KeyboardInterrupt):
            take_in(library)
    assert go_on(library) == []
    assert names(library) == ["a.txt"]


def test_many_at_once_with_one_name_are_all_kept(library):
    with ThreadPoolExecutor(8) as pool:
        taken = pool.map(lambda n: take_in(library, content=b"%d" % n, if_taken=IfTaken.NUMBER), range(16))
        sources = list(taken)
    assert len(set(sources)) == 16
    assert {library.path_of(s).read_bytes() for s in sources} == {b"%d" % n for n in range(16)}


# removing


def test_removed_report_is_brought_back(library):
    source = take_in(library)
    removed = remove(library, source, "Årsredovisning")
    assert names(library) == []
    assert removals(library) == [removed]
    assert restore(library, removed.key) == source
    assert library.path_of(source).read_bytes() == TEXT
    assert removals(library) == []
    with pytest.raises(NotUploaded):
        restore(library, removed.key)


def test_brought_back_report_is_numbered_when_its_name_is_taken(library):
    removed = remove(library, take_in(library))
    take_in(library, content=b"annat")
    assert restore(library, removed.key) == "uppladdat/a (2).txt"


@pytest.mark.parametrize(
    "source", ["corpus/a.txt", "uppladdat/../x", "uppladdat/", "uppladdat/a/b", "uppladdat/.."]
)
def test_nothing_outside_the_library_is_removed(library, source):
    with pytest.raises(NotUploaded):
        remove(library, source)


@pytest.mark.parametrize("key", ["..", "../..", "", "x"])
def test_nothing_outside_the_removed_is_brought_back(library, key):
    with pytest.raises(NotUploaded):
        restore(library, key)


def test_purge_takes_only_what_is_too_old(library):
    old, new = remove(library, take_in(library, "a.txt")), remove(library, take_in(library, "b.txt", b"b"))
    record = library.removed / old.key / "record.json"
    long_ago = (datetime.now(UTC) - timedelta(days=31)).isoformat()
    record.write_text(json.dumps({**json.loads(record.read_text()), "at": long_ago}))
    assert [r.key for r in removals(library)] == [new.key]
    assert purge(library) == 1
    assert [path.name for path in library.removed.glob("*")] == [new.key]


# corrections


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("municipality", "Åsbro kommun", "Åsbro"),
        ("municipality", "Lindsjös kommun", "Lindsjö"),
        ("municipality", "Borås kommun", "Borås"),
        ("municipality", "Lindsjö", "Lindsjö"),
        ("board", "Socialnämnden", "socialnämnden"),
        ("board", "KSAU", "KSAU"),
        ("kind", "Årsredovisning", "årsredovisning"),
        ("period", "januari-augusti 2023", "januari–augusti 2023"),
        ("period", "2022", "2022"),
        ("year", "2022", "2022"),
        ("date", "2023-02-14", "2023-02-14"),
        ("date", "14 februari 2023", "2023-02-14"),
        ("title", "  En\u202e  titel\n", "En titel"),
        ("reference", "", ""),
    ],
)
def test_value_is_kept_as_reports_write_it(name, value, kept):
    assert checked_value(name, value) == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [("year", "22"), ("year", "tjugo"), ("date", "2023-02-30"), ("date", "2023"), ("period", "snart"),
     ("x", "y"), ("title", "a" * 301)],
)  # fmt: skip
def test_value_that_cannot_be_right_is_refused(name, value):
    with pytest.raises(CorrectionRefused):
        checked_value(name, value)


def test_correction_is_merged_and_taken_back(library):
    correct(library, "a.txt", "1", {"year": "2022"})
    assert correct(library, "a.txt", "1", {"board": "Socialnämnden"}) == {
        "year": "2022",
        "board": "socialnämnden",
    }
    assert correct(library, "a.txt", "1", {"year": None}) == {"board": "socialnämnden"}
    assert correct(library, "a.txt", "1", {"board": None}) == {}
    assert read_corrections(library).notes == ()


def test_correction_follows_bytes_before_names(library):
    correct(library, "a.txt", "1", {"year": "2021"})
    correct(library, "b.txt", "2", {"year": "2022"})
    known = read_corrections(library)
    assert known.of("moved/c.txt", "1") == {"year": "2021"}
    assert known.of("b.txt", "1") == {"year": "2021"}
    assert known.of("b.txt", "3") == {"year": "2022"}
    assert known.of("c.txt", "3") == {}


def test_exact_note_wins():
    notes = [
        Note("a", "1", {"n": "same bytes"}),
        Note("b", "2", {"n": "same name"}),
        Note("b", "1", {"n": "both"}),
    ]
    assert note_on(notes, "b", "1").values == {"n": "both"}


def test_corrections_of_many_at_once_are_all_kept(library):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: correct(library, f"{n}.txt", str(n), {"year": "2022"}), range(20)))
    assert len(read_corrections(library).notes) == 20


@pytest.mark.parametrize("content", ["{", "[1]", '[{"source": "a"}]', "3", '{"a": 1}'])
def test_damaged_notes_are_named(library, content):
    library.corrections.parent.mkdir(parents=True)
    library.corrections.write_text(content)
    with pytest.raises(LibraryDamaged, match=r"corrections\.json"):
        read_corrections(library)


# hiding


def test_report_is_hidden_by_name_and_shown_again(library):
    hide(library, "a.txt", "1", "Titel")
    hide(library, "a.txt", "1", "Titel")
    assert len(read_hidden(library).notes) == 1
    assert read_hidden(library).hides("a.txt")
    assert not read_hidden(library).hides("b.txt")
    assert show_again(library, "a.txt")
    assert not show_again(library, "a.txt")
    assert not read_hidden(library).hides("a.txt")
