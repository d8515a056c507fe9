"""What a reader is shown is what an index would show that never held the other reports."""

import io
import json
import random
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from small_reports import write_reports

from rapportsvar.answering.comparison import Wanted
from rapportsvar.answering.find_series import ALL
from rapportsvar.app.chart_svg import comparison_svg
from rapportsvar.app.export import Export, csv_file, exported
from rapportsvar.app.export_excel import excel_file
from rapportsvar.app.export_series import series_csv, series_workbook
from rapportsvar.app.export_word import word_file
from rapportsvar.config import settings_from
from rapportsvar.engine.access import Reader, Role
from rapportsvar.engine.along import along, side_by_side
from rapportsvar.engine.contract import answer_json
from rapportsvar.engine.doctor import examine
from rapportsvar.engine.engine import Engine, build
from rapportsvar.engine.examples import example_questions
from rapportsvar.engine.reading_view import Tables, reading_view
from rapportsvar.engine.shelf import shelf
from rapportsvar.engine.widen import Limits
from rapportsvar.errors import RapportsvarError, UnknownName, UnknownReport
from rapportsvar.index.manifest import VIEWS
from rapportsvar.index.store import Store
from rapportsvar.model import EntryKind, Filters, Span

ROOT = Path(__file__).parents[2]
HASH = settings_from({"embedding": {"model": "hash"}})
LEFT_OUT = (
    *(
        "corpus/README.md",
        ".xlsx",
        "2018",
        "2019",
        "2020",
        "von-arsredovisning-2024",
        "verksamhetsberattelse-2024.pdf",
    ),
)
COLLECTIONS = {
    "some of each, and an older version only": (
        *("lindsjo/sn-delarsrapport-aug-2024.pdf", "lindsjo/social*", "norrvika/*2023*", "norrvika/*2022*"),
        *("asbro/*.md", "asbro/*.html"),
    ),
    "one municipality": ("norrvika/",),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    reports = folder / "reports"
    for path in sorted((ROOT / "corpus").rglob("*.*")):
        name = path.relative_to(ROOT).as_posix()
        if not any(part in name for part in LEFT_OUT):
            target = reports / path.relative_to(ROOT / "corpus")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    (reports / "norrvika" / "trasig.pdf").write_bytes(b"%PDF-1.7 broken")
    (reports / "asbro" / "trasig.pdf").write_bytes(b"%PDF-1.7 broken too")
    build([reports], folder / "index", HASH)
    engine = Engine.open(folder / "index", HASH)
    yield engine
    engine.close()


@pytest.fixture(scope="module", params=COLLECTIONS.values(), ids=COLLECTIONS)
def both(request, whole, tmp_path_factory):
    """The view of a reader, and an engine over an index that never held what the reader may not see."""
    reader = Reader("a", Role.READER, request.param)
    folder = tmp_path_factory.mktemp("part")
    for path in (whole.index.folder.parent / "reports").rglob("*.*"):
        name = path.relative_to(whole.index.folder.parent / "reports")
        if reader.sees(name.as_posix()):
            (folder / "reports" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / "reports" / name)
    build([folder / "reports"], folder / "index", HASH)
    without = Engine.open(folder / "index", HASH)
    view = whole.for_reader(reader)
    assert 3 < len(view.sources()) < len(whole.sources())
    yield view, without
    view.close()
    without.close()


def _gold(count):
    asked = []
    for name in ("corpus", "demo", "corpus_dialogues", "demo_dialogues", "corpus_scope", "demo_scope"):
        lines = (ROOT / "gold" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        asked += [(g["question"], tuple(g.get("history", ()))) for g in map(json.loads, lines)]
    return asked[:: max(1, len(asked) // count)]


def _shown(answer):
    return answer_json(answer) | {"elapsed_ms": 0}


@pytest.mark.parametrize(
    "count", [pytest.param(90, id="some"), pytest.param(10_000, id="all", marks=pytest.mark.slow)]
)
def test_answers_are_those_of_an_index_without_the_others(both, count):
    view, without = both
    differ = [
        question
        for question, history in _gold(count)
        if _shown(view.ask(question, history)) != _shown(without.ask(question, history))
    ]
    assert differ == []


def test_answers_of_the_whole_do_differ(whole, both):
    """Else the test above could not fail."""
    view, _ = both
    asked = _gold(20)
    differ = [q for q, history in asked if _shown(view.ask(q, history)) != _shown(whole.ask(q, history))]
    assert len(differ) > len(asked) / 2


def test_searches_series_and_comparisons_are_those_of_an_index_without_the_others(both):
    view, without = both
    for question, _ in _gold(20):
        for form in (None, EntryKind.ROW):
            assert view.search(question, form=form) == without.search(question, form=form)
    names = sorted({m.name for m in without.measures(top=ALL)})
    assert view.measures(top=ALL) == without.measures(top=ALL)
    for name in [*names[:: max(1, len(names) // 12)], "placeringar", "nettokostnad", "skolskjuts"]:
        assert view.series(name) == without.series(name)
        assert view.compare(name) == without.compare(name)
        assert view.measures(name[:3]) == without.measures(name[:3])
    assert view.compare("personal", Wanted()) == without.compare("personal", Wanted())


def _exports(engine):
    """Everything that the application makes files of, as it can be read back."""
    tables, day = Tables(engine), date(2026, 11, 30)
    for question, history in _gold(6):
        hits = engine.ask(question, history).hits + engine.search(question).hits
        made = tuple(exported(h, "https://x/", engine.text, lambda h: tables.excerpt(h)) for h in hits)
        export = Export(question, made, day)
        yield csv_file(export)
        yield _cells(excel_file(export))
        yield Document(io.BytesIO(word_file(export))).element.xml
    for name in ("placeringar", "nettokostnad", "personal"):
        comparison = engine.compare(name)
        yield series_csv(comparison)
        yield _cells(series_workbook(comparison, day))
        yield comparison_svg(comparison, day)


def _cells(content):
    book = load_workbook(io.BytesIO(content))
    return [
        (cell.coordinate, cell.value, cell.hyperlink and cell.hyperlink.target)
        for sheet in book
        for row in sheet
        for cell in row
    ]


def test_exports_are_those_of_an_index_without_the_others(whole, both):
    view, without = both
    assert list(_exports(view)) == list(_exports(without))
    assert list(_exports(view)) != list(_exports(whole))  # else it could not fail


def test_what_goes_along_is_that_of_an_index_without_the_others(both):
    view, without = both
    limits = Limits(view), Limits(without)
    for question, history in _gold(10):
        one, other = view.ask(question, history), without.ask(question, history)
        assert limits[0].of(one) == limits[1].of(other)
        assert side_by_side(limits[0], one) == side_by_side(limits[1], other)
        assert along(view, limits[0], one, history) == along(without, limits[1], other, history)
        for hit in one.hits[:2]:
            span = hit.cells[0].span if hit.cells else hit.span
            assert view.explain(hit.source, span) == without.explain(hit.source, span)
            assert view.series_of(hit.source, span) == without.series_of(hit.source, span)
            assert view.boxes(hit.source, span) == without.boxes(hit.source, span)
    assert example_questions(view) == example_questions(without)


def test_reports_are_those_of_an_index_without_the_others(both):
    view, without = both
    assert view.sources() == without.sources()
    assert [replace(r, id=0) for r in view.reports()] == [replace(r, id=0) for r in without.reports()]
    assert shelf(view) == shelf(without)
    for source in view.sources():
        assert view.text(source) == without.text(source)
        assert view.versions(source) == without.versions(source)
        assert view.pages(source) == without.pages(source)
        one, other = reading_view(view, source), reading_view(without, source)
        assert one.blocks == other.blocks
        if view.pages(source):
            assert view.page_image(source, 1, 0.5) == without.page_image(source, 1, 0.5)
    seen = view.index.manifest, without.index.manifest
    for name in ("counts", "sources", "failures", "failed", "corrected", "hidden"):
        assert getattr(seen[0], name) == getattr(seen[1], name)


def test_errors_tell_as_much_as_those_of_an_index_without_the_others(whole, both):
    view, without = both
    hidden = [source for source in whole.sources() if source not in view.sources()]
    assert hidden
    calls = (
        *("text", "pages", "versions"),
        *(lambda e, s: e.explain(s, Span(0, 5)), lambda e, s: e.series_of(s, Span(0, 5))),
        *(lambda e, s: e.boxes(s, Span(0, 5)), lambda e, s: e.page_image(s, 1), reading_view),
    )
    for source in [*hidden, "finns/inte.txt"]:
        for call in calls:
            said = []
            for engine in (view, without):
                with pytest.raises(UnknownReport) as told:
                    getattr(engine, call)(source) if isinstance(call, str) else call(engine, source)
                said.append(str(told.value))
            assert said[0] == said[1]
    for filters in (
        Filters(municipality="Åsbro"),
        Filters(board="vård- och omsorgsnämnden"),
        Filters(kind="x"),
    ):
        said = []
        for engine in (view, without):
            try:
                said.append(repr(engine.chosen(filters)))
            except UnknownName as told:
                said.append(str(told))
        assert said[0] == said[1]


def test_nothing_is_left_of_the_others_in_the_files_of_a_view(whole, both):
    view, _ = both
    folder = view.index.folder
    assert folder.parent.name == VIEWS
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for source in whole.sources():
        title = whole.index.store.report(source).source.encode()
        assert (title in held) is (source in view.sources())


def test_a_view_is_shared_by_those_who_see_the_same(whole, both):
    view, _ = both
    others = Reader("b", Role.EDITOR, (*view.sources(), *view.index.manifest.failures))
    again = whole.for_reader(others)
    assert again.index.folder == view.index.folder
    again.close()


def test_who_sees_all_gets_the_engine_itself_and_who_sees_nothing_gets_no_report(whole):
    assert whole.for_reader(Reader("a", Role.READER, ("**",))) is whole
    assert whole.for_reader(Reader("a", Role.READER, None)) is whole
    for reader in (Reader("a", Role.READER, ()), Reader("a", Role.NONE, None)):
        none = whole.for_reader(reader)
        assert none.sources() == []
        assert not none.ask("Varför ökade kostnaden för placeringar i Lindsjö?").hits
        assert not none.search("placeringar").hits
        assert none.series("placeringar") == []
        assert example_questions(none) == ()


def test_views_follow_the_index_and_old_ones_are_swept(tmp_path):
    reports = write_reports(tmp_path / "reports")
    build([reports], tmp_path / "index", HASH)
    reader = Reader("a", Role.READER, ("lindsjo/",))

    def sources():
        with_all = Engine.open(tmp_path / "index", HASH)
        view = with_all.for_reader(reader)
        found = view.sources()
        view.close()
        with_all.close()
        return found

    assert sources() == ["lindsjo/ar-2022.txt"]
    for number in range(3):
        write_reports(
            tmp_path / "reports", {f"lindsjo/ny-{number}.txt": f"Rapport {number}\n\nKostnaden ökade."}
        )
        build([reports], tmp_path / "index", HASH)
        assert len(sources()) == number + 2
    assert len([p for p in (tmp_path / "index" / VIEWS).iterdir() if p.is_dir()]) <= 2
    left = tmp_path / "index" / VIEWS / ".new-generation-000001-cut-off"
    left.mkdir()
    write_reports(tmp_path / "reports", {"lindsjo/sist.txt": "Rapport\n\nKostnaden sjönk."})
    build([reports], tmp_path / "index", HASH)
    assert "lindsjo/sist.txt" in sources()
    assert not left.exists()


def _flip(path, chance):
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.chmod(0o600)
    path.write_bytes(content)


def test_a_view_with_a_bit_that_changed_is_made_anew(tmp_path):
    build([write_reports(tmp_path / "reports")], tmp_path / "index", HASH)
    chance, reader = random.Random(8), Reader("a", Role.READER, ("lindsjo/",))
    whole = Engine.open(tmp_path / "index", HASH)

    def shown():
        view = whole.for_reader(reader)
        found = view.index.folder, _shown(view.ask("Varför ökade kostnaden för placeringar i Lindsjö?"))
        view.close()
        return found

    folder, wanted = shown()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert len(files) > 10
    for path in files:
        _flip(path, chance)
        assert [finding for finding in examine(tmp_path / "index", HASH) if str(folder) in finding.detail]
        assert shown() == (folder, wanted)
    assert all(finding.sound for finding in examine(tmp_path / "index", HASH))
    whole.close()


def test_a_view_that_cannot_be_made_is_an_error_and_leaves_nothing(tmp_path, monkeypatch):
    build([write_reports(tmp_path / "reports")], tmp_path / "index", HASH)
    engine = Engine.open(tmp_path / "index", HASH)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Store, "keep_only", full)
    with pytest.raises(RapportsvarError, match="No space left"):
        engine.for_reader(Reader("a", Role.READER, ("lindsjo/",)))
    assert not [p for p in (tmp_path / "index" / VIEWS).iterdir() if p.is_dir()]
    engine.close()
