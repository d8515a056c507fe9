"""Figures in the store: written with their report, taken out with it, and never read by another schema."""

import pytest
from small_reports import ASBRO, CountingEncoder, build_small, write_reports

import rapportsvar.index.build as build_module
import rapportsvar.index.store as store_module
from rapportsvar.errors import IndexStale
from rapportsvar.index.opened import open_index


@pytest.fixture
def reports(tmp_path):
    return write_reports(tmp_path / "reports")


@pytest.fixture
def index(tmp_path):
    return tmp_path / "index"


def figures(index):
    opened = open_index(index)
    found = [(opened.reports[report][0], f.measure, f.value) for report, f in opened.store.figures()]
    for report, figure in opened.store.figures():
        assert figure.source == opened.reports[report][0]
    opened.close()
    return found


def test_a_build_writes_figures_and_measures(reports, index):
    summary = build_small(reports, index)
    assert ("lindsjo/ar-2022.txt", "Placeringar barn", 47620.0) in figures(index)
    assert summary.seconds["figures"] >= 0
    opened = open_index(index)
    measures = opened.store.measures()
    assert measures["Placeringar barn"] == ("placering", "barn")
    some = list(opened.store.figures(["Placeringar barn"]))
    assert [figure.value for _, figure in some] == [47620.0, 52330.0]
    assert list(opened.store.figures([])) == []
    opened.close()


def test_figures_follow_their_report(reports, index):
    build_small(reports, index)
    write_reports(reports, {"asbro/delar-2023.md": ASBRO.replace("8,4 procent", "9,9 procent")})
    (reports / "lindsjo/ar-2022.txt").unlink()
    build_small(reports, index)
    found = figures(index)
    assert {source for source, _, _ in found} == {"asbro/delar-2023.md", "norrvika/vb-2021.txt"}
    assert ("asbro/delar-2023.md", "Sjukfrånvaron", 9.9) in found


def test_an_index_of_an_older_schema_is_refused_and_built_anew_with_its_vectors(reports, index, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(store_module, "SCHEMA_VERSION", 1)
        before.setattr(build_module, "code_fingerprint", lambda: "older")
        build_small(reports, index)
    with pytest.raises(IndexStale, match="schema 1"):
        open_index(index)
    encoder = CountingEncoder()
    summary = build_small(reports, index, encoder=encoder)
    assert (encoder.texts, summary.embedded) == ([], 0)
    assert figures(index)
