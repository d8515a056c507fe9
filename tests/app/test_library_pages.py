"""States of the page Rapporter and of a report, without a browser."""

import io
import shutil
import threading
import warnings
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from rapportsvar.app import address, library, texts
from rapportsvar.app.address import Place
from rapportsvar.app.library_view import draw_failures, draw_outcomes, draw_update
from rapportsvar.app.reading import ZOOMS, Reading
from rapportsvar.app.shelf_view import Shelf
from rapportsvar.config import LibrarySettings
from rapportsvar.engine import updating
from rapportsvar.engine.looking import Look
from rapportsvar.engine.shelf import Shelved, Stretch
from rapportsvar.engine.updating import Doing, UpdateState
from rapportsvar.index.manifest import FORMAT, read_manifest, write_manifest
from rapportsvar.library.intake import Arrived
from rapportsvar.library.place import library_of
from rapportsvar.model import Filters, ReportInfo, Span

PATIENCE_SECONDS = 300  # on a busy machine


def page(**values):
    def script():
        from rapportsvar.app import shell
        from rapportsvar.app.pages import reports

        shell.guarded(reports.draw)

    test = AppTest.from_function(script, default_timeout=PATIENCE_SECONDS)
    for key, value in values.items():
        test.query_params[key.replace("_", "-")] = value
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        test.run()
    assert not test.exception
    return test


def drawn(test):
    return "\n".join(element.proto.body for element in test.get("html"))


def shelved(source="a.md", **info):
    return Shelved(source, "1", ReportInfo(**info), (), 0, 3, 2, 100, (), ())


# pages


def test_list_shows_coverage_facets_and_buttons(served):
    shown = drawn(page())
    assert texts.COVERED_ALL in shown
    assert 'data-act="dolj"' in shown
    assert texts.REPORTS_SHOWN.format(1, "1 rapport") in shown
    assert texts.ADD in shown


def test_nothing_can_be_changed_when_the_setting_says_so(served, hash_index, monkeypatch, tmp_path):
    settings = tmp_path / "closed.toml"
    content = (hash_index / "rapportsvar.toml").read_text(encoding="utf-8")
    settings.write_text(f"{content}\n[library]\nchanges = false\n", encoding="utf-8")
    monkeypatch.setenv("RAPPORTSVAR_SETTINGS", str(settings))
    shown = drawn(page(lagg_till="1")) + drawn(page(rapport="provstad.md", ratta="1"))
    assert "data-act" not in shown
    assert texts.ADD_HEADING not in shown
    assert texts.CORRECT_HEADING not in shown


def test_panel_for_files_opens_by_the_address(served):
    shown = page(lagg_till="1")
    assert texts.ADD_HEADING in drawn(shown)
    assert len(shown.get("file_uploader")) == 1


def test_form_holds_what_is_known(served):
    shown = page(rapport="provstad.md", ratta="1")
    by_label = {field.label: field.value for field in shown.text_input}
    assert by_label[texts.FACTS["board"]] == "socialnämnden"
    assert by_label[texts.FACTS["year"]] == "2022"


def test_form_says_what_cannot_be_right_and_saves_nothing(served, hash_index):
    shown = page(rapport="provstad.md", ratta="1")
    next(field for field in shown.text_input if field.label == texts.FACTS["year"]).set_value("22")
    shown.button[0].click().run()
    assert "Året går inte att tolka" in drawn(shown)
    assert not library_of(hash_index / "index", LibrarySettings()).corrections.exists()


def test_list_without_a_match_says_so(served):
    assert texts.REPORTS_NONE in drawn(page(ord="finnsinte"))


# drawing


def test_outcome_of_each_kind_is_told_with_what_to_do(tmp_path):
    waiting = Arrived(tmp_path / "key" / "b.md", "b.md", "2")
    shown = draw_outcomes(
        [
            library.Outcome("a.md", "uppladdat/a.md", "1", Look(pages=3, sections=2, tables=1)),
            library.Outcome("b.md", waiting=waiting, why="En annan rapport har samma filnamn"),
            library.Outcome("<c>", why="Filen är tom", todo="Välj en annan fil."),
        ],
        {"uppladdat/a.md": "1"},
    )
    assert "3 sidor, 2 avsnitt, 0 textstycken, 1 tabell" in shown
    assert texts.OUTCOME_READY in shown
    assert shown.count('data-what="key"') == 3
    assert "&lt;c&gt;" in shown
    assert "Filen är tom. Välj en annan fil." in shown


def test_replaced_report_is_not_ready_until_its_bytes_are_indexed():
    outcome = library.Outcome("a.md", "uppladdat/a.md", "2", Look())
    assert texts.OUTCOME_SOON in draw_outcomes([outcome], {"uppladdat/a.md": "1"})
    assert texts.OUTCOME_READY in draw_outcomes([outcome], {"uppladdat/a.md": "2"})


def test_update_is_drawn_by_what_it_does():
    assert draw_update(UpdateState()) == ""
    assert "2 av 5" in draw_update(UpdateState(Doing.UPDATING, "structure", 2, 5))
    failed = draw_update(UpdateState(Doing.FAILED, what="<b>", todo="Gör så"))
    assert "&lt;b&gt; Gör så" in failed
    assert 'data-act="uppdatera"' in failed


def test_older_index_is_updated_by_the_application_and_the_page_says_so(hash_index, monkeypatch, tmp_path):
    folder, may_end = tmp_path / "index", threading.Event()
    shutil.copytree(hash_index / "index", folder)
    write_manifest(folder, replace(read_manifest(folder), format=FORMAT - 1))
    monkeypatch.setenv("RAPPORTSVAR_INDEX", str(folder))
    monkeypatch.setenv("RAPPORTSVAR_SETTINGS", str(hash_index / "rapportsvar.toml"))
    died = {"error": "Died", "what": "Slut"}
    monkeypatch.setattr(updating, "run_aside", lambda *_: may_end.wait(PATIENCE_SECONDS) and died)
    shown = drawn(page())
    assert texts.INDEX_OLDER in shown
    assert texts.UPDATING in shown
    assert texts.UPDATING_MEANWHILE not in shown
    assert texts.INDEX_BAD not in shown
    may_end.set()
    library.updater(str(folder.resolve())).wait(PATIENCE_SECONDS)
    shown = drawn(page())
    assert texts.INDEX_BAD in shown
    assert texts.UPDATE_FAILED in shown


def test_failed_file_can_be_removed_only_where_it_was_uploaded(tmp_path):
    here = library_of(tmp_path, LibrarySettings())
    shown = draw_failures({"uppladdat/a.txt": "tom", "annan/b.txt": "tom"}, here, may_change=True)
    assert shown.count("data-act") == 1


# lists and addresses


def test_shelf_survives_its_address_and_limits():
    shelf = Shelf("års", Filters("Lindsjö", None, (2022,), None), "osakra", "nyast", True)
    assert Shelf.read(address.parse(shelf.link())[1]) == shelf
    reports = [shelved(municipality="Lindsjö", title="Årsredovisning", year=2022, uncertain=("date",))]
    assert shelf.chosen(reports) == reports
    assert shelf.limited("municipality", "Åsbro").chosen(reports) == []
    assert shelf.limited("municipality", "Åsbro").chosen(reports, but="municipality") == reports


def test_coverage_is_the_share_that_can_be_found():
    report = Shelved("a", "1", ReportInfo(), (), 0, 0, 0, 200, (Stretch(Span(0, 50), "x"),), ())
    assert report.coverage == pytest.approx(0.75)
    assert shelved().coverage == 1.0


def test_reading_survives_its_address():
    reading = Reading("a b.pdf", Span(3, 9), (Span(4, 5), Span(6, 7)), "två ord", 2, 7, 150, True, True)
    assert Reading.read(address.parse(reading.link())[1]) == reading


@pytest.mark.parametrize("values", [{"zoom": ["7"]}, {"sida": ["-1"]}, {"lys": ["9-3", "x", "1-2-3"]}])
def test_reading_of_a_broken_address_is_the_plain_one(values):
    place = address.place_values(Place("a", Span(1, 2)))
    plain = Reading.read({"rapport": ["a"], "fran": [str(place["fran"])], "till": [str(place["till"])]})
    assert Reading.read({"rapport": ["a"], "fran": ["1"], "till": ["2"], **values}) == plain


def test_zoom_ends_at_both_ends():
    assert Reading("a").zoomed(-1) is None
    assert Reading("a", zoom=ZOOMS[-1]).zoomed(1) is None
    assert Reading("a").zoomed(1).zoom == ZOOMS[1]


def test_upload_that_cannot_be_read_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.delenv("RAPPORTSVAR_SETTINGS", raising=False)
    monkeypatch.chdir(tmp_path)
    outcome = library.take_in(tmp_path / "index", "a.txt", io.BytesIO(b"\x00\x01\x02"))
    assert outcome.why == "Filen är inte text"
    assert list((tmp_path / "index" / "library" / ".incoming").glob("*")) == []
