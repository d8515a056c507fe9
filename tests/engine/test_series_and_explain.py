"""Series and explanations over the demonstration corpus and, where it is there, the shared one."""

import shutil
from pathlib import Path

import pytest

from rapportsvar.config import settings_from
from rapportsvar.engine.engine import Engine, build
from rapportsvar.errors import IndexStale, UnknownReport
from rapportsvar.index.manifest import read_manifest
from rapportsvar.index.store import Store
from rapportsvar.model import Filters, Span
from rapportsvar.swedish.numbers import parse_values, to_unit

HASH = settings_from({"embedding": {"model": "hash"}})
ROOT = Path(__file__).parents[2]
HARRYDA = "004_1ef2e63407aafb01.txt"
SHARED = (ROOT / "../shared/corpus" / HARRYDA).resolve()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("series")
    _copy_known_reports(root / "reports")
    build([root / "reports", *([SHARED] if SHARED.is_file() else [])], root / "index", HASH)
    return root / "index"


def _copy_known_reports(into):
    """The nine reports that were written by hand: the figures below are of their years, 2020 to 2023."""
    made = (ROOT / "corpus-sources" / "made.tsv").read_text(encoding="utf-8").splitlines()
    names = {line.split("\t")[2] for line in made}
    for path in sorted((ROOT / "corpus").glob("*/*.*")):
        name = path.relative_to(ROOT / "corpus")
        if name.as_posix() not in names:
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, into / name)


@pytest.fixture(scope="module")
def engine(folder):
    engine = Engine.open(folder, HASH)
    yield engine
    engine.close()


def one(engine, measure, kind, stretch="år", **filters):
    found = engine.series(measure, filters=Filters(**filters))
    return next(s for s in found if (s.kind, s.stretch) == (kind, stretch))


def shown(series):
    return [(point.label, point.value) for point in series.points]


def test_every_point_is_quoted(engine):
    for measure in ("sjukfrånvaro", "placeringar barn och unga", "hemtjänst", "förskola"):
        for series in engine.series(measure, top=100):
            for point in series.points:
                text = engine.text(point.source)
                assert point.span.of(text) == point.written
                assert point.row_span.contains(point.span)
                written = {round(to_unit(v, point.unit, series.unit), 6) for v in parse_values(point.written)}
                assert point.value in written


def test_a_cost_over_three_years_of_reports(engine):
    series = one(engine, "placeringar barn och unga", "utfall", municipality="Lindsjö")
    assert shown(series) == [("2020", 41260.0), ("2021", 47620.0), ("2022", 52330.0)]
    assert (series.unit, series.gaps, series.likeness) == ("tkr", (), 1.0)
    assert [point.measured for point in series.points] == ["bokslut", "utfall", "utfall"]
    assert len({point.source for point in series.points}) == 2
    budget = one(engine, "placeringar barn och unga", "budget", municipality="Lindsjö")
    assert shown(budget) == [("2021", 38500.0), ("2022", 43500.0), ("2023", 50000.0)]
    assert len({point.source for point in budget.points}) == 3


def test_a_forecast_has_its_year_and_when_it_was_made(engine):
    series = one(engine, "placeringar barn och unga", "prognos", municipality="Lindsjö")
    assert [(p.label, p.as_of.last.isoformat(), p.value) for p in series.points] == [
        ("2021", "2021-08-31", 46900.0),
        ("2023", "2023-10-31", 46200.0),
    ]
    assert series.gaps == ("2022",)


def test_millions_and_thousands_make_one_line(engine):
    series = one(engine, "förskola", "budget", municipality="Norrvika")
    assert shown(series) == [("2021", 124600.0), ("2022", 126800.0), ("2023", 125300.0)]
    assert [point.unit for point in series.points] == ["tkr", "mnkr", "tkr"]


def test_a_renamed_measure_is_joined_and_said_to_be(engine):
    series = one(engine, "grundsärskola", "utfall", municipality="Norrvika")
    assert shown(series)[-2:] == [("2022", 15420.0), ("2023", 17260.0)]
    assert dict(series.names)["Anpassad grundskola"] == 0.9


def test_versions_that_disagree_are_flagged(engine):
    series = one(engine, "barn i förskolan", "", municipality="Norrvika")
    assert [(p.label, p.value) for p in series.points if p.disagrees] == [("2021", 1089.0), ("2021", 1094.0)]
    assert ("2022", 1046.0) in shown(series)


def test_forecast_and_outcome_are_never_in_one_line(engine):
    for measure in ("hemtjänst", "summa", "förskola", "placeringar"):
        for series in engine.series(measure, top=100):
            kinds = {point.measured for point in series.points}
            assert len(kinds - {"utfall", "bokslut"}) + bool(kinds & {"utfall", "bokslut"}) == 1


def test_filters_limit_reports_and_years(engine):
    found = engine.series("hemtjänst", filters=Filters(municipality="åsbro", years=(2022,)))
    assert found
    assert {p.period.year for s in found for p in s.points} == {2022}
    assert {s.municipality for s in found} == {"Åsbro"}
    assert engine.series("hemtjänst", filters=Filters(municipality="Lund")) == []
    assert engine.series("flygplan") == []
    assert engine.series("") == []


@pytest.mark.parametrize(
    ("measure", "values"),
    [
        ("antal vårddygn, månadssnitt", [1882, 1745, 1624, 1505, 1536, 1584]),
        ("snittkostnad per vårddygn placerade barn", [1931, 1981, 2045, 1957, 1761, 1212]),
        ("antal barn i förskola, månadssnitt", [2060, 2103, 2052, 1953, 1919, 2003]),
    ],
)
def test_key_figures_of_harryda_over_six_years(engine, measure, values):
    if not SHARED.is_file():
        pytest.skip("the shared corpus is not beside this checkout")
    series = engine.series(measure, filters=Filters(municipality="Härryda"))[0]
    assert [point.value for point in series.points] == values
    assert [point.label for point in series.points] == ["2017", "2018", "2019", "2020", "2021", "2022"]
    assert {point.source for point in series.points} == {HARRYDA}


def test_a_row_is_explained(engine):
    source = "lindsjo/socialnamnden-arsredovisning-2022.txt"
    text = engine.text(source)
    at = text.index("26 870")
    hits = engine.explain(source, Span(at, at + 6))
    assert hits[0].section[-1] == "Ekonomiskt bistånd"
    assert "förklaras av" in hits[0].highlights[0].text
    assert [hit.rank for hit in hits] == [*range(1, len(hits) + 1)]


def test_what_is_no_row_has_no_explanation(engine):
    assert engine.explain("lindsjo/socialnamnden-arsredovisning-2022.txt", Span(0, 5)) == ()
    with pytest.raises(UnknownReport):
        engine.explain("nowhere.txt", Span(0, 5))


def test_a_store_of_another_schema_is_refused(folder, tmp_path):
    path = tmp_path / "store.sqlite"
    Store(path, write=True, create=True).close()
    other = Store(path, write=True)
    with other.transaction():
        other._db.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    other.close()
    with pytest.raises(IndexStale, match="schema 1"):
        Store(path)
    Store(folder / read_manifest(folder).generation / "store.sqlite").close()
