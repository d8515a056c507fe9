import io
import re
import zipfile

import build_corpus
import pytest
from corpus_builder.facts import decimal_of, read_facts, shown, total
from corpus_builder.source import Table, read_source

FIGURE = re.compile(r"-?[\d ]+(,\d+)?")
SOURCES = build_corpus.source_files(build_corpus.SOURCES)

TABLE = """+++
fil = "a.md"
titel = "T"
+++
::: tabell
rubrik: Kostnad
enhet: tkr
fakta: drift
! Verksamhet | 2020 | <
kolumner: ^ | Budget=2020.budget | Avvikelse=2020.budget - 2020.utfall
summa: Summa
:::
"""
FACTS = "[drift]\n\t2020.budget\t2020.utfall\nSkola\t1200\t1350\nVård\t12000\t11000,5\n"


@pytest.fixture
def document(tmp_path):
    (tmp_path / "facts.tsv").write_text(FACTS, encoding="utf-8")
    (tmp_path / "a.md").write_text(TABLE, encoding="utf-8")
    return read_source(tmp_path / "a.md", read_facts(tmp_path / "facts.tsv"))


def test_a_table_is_filled_in_from_the_facts_with_differences_and_sums(document):
    (table,) = document.pieces
    assert [row.cells for row in table.rows[1:]] == [
        ("^", "Budget", "Avvikelse"),
        ("Skola", "1 200", "-150"),
        ("Vård", "12 000", "999,5"),
        ("Summa", "13 200", "849,5"),
    ]


def test_merged_cells_are_told_once_with_what_they_cover(document):
    (table,) = document.pieces
    spans = {(row, column): (high, wide) for row, column, high, wide in table.spans()}
    assert spans[0, 0] == (2, 1)
    assert spans[0, 1] == (1, 2)
    assert (0, 2) not in spans


def test_a_figure_that_the_facts_do_not_hold_is_named(tmp_path):
    (tmp_path / "facts.tsv").write_text(FACTS, encoding="utf-8")
    (tmp_path / "a.md").write_text(TABLE.replace("2020.budget |", "2021.budget |"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.md.*2021\.budget"):
        read_source(tmp_path / "a.md", read_facts(tmp_path / "facts.tsv"))


@pytest.mark.parametrize(
    ("figure", "per", "expected"),
    [("41260", 1, "41 260"), ("41260", 1000, "41,3"), ("-450", 1, "-450"), ("8,8", 1, "8,8"), ("–", 1, "–")],
)
def test_figures_are_written_as_reports_write_them(figure, per, expected):
    assert shown(figure, per) == expected


@pytest.mark.parametrize("ending", sorted(build_corpus.MAKERS))
def test_a_file_made_twice_is_the_same(ending, document):
    maker = build_corpus.MAKERS[ending]
    assert maker(document) == maker(document)


@pytest.mark.parametrize("ending", [".docx", ".xlsx"])
def test_the_parts_of_an_archive_carry_no_time_of_the_clock(ending, document):
    with zipfile.ZipFile(io.BytesIO(build_corpus.MAKERS[ending](document))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(2024, 1, 1, 0, 0, 0)}


def test_sources_and_made_files_are_those_of_the_last_build():
    held = (build_corpus.SOURCES / build_corpus.MADE).read_text(encoding="utf-8").splitlines()
    now = build_corpus.hashes(
        build_corpus.SOURCES, build_corpus.CORPUS, build_corpus.targets(build_corpus.SOURCES)
    )
    assert now == held


@pytest.mark.slow
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_source_made_anew_gives_the_committed_bytes(path):
    name, data = build_corpus.make(path, read_facts(path.parent / "facts.tsv"))
    assert data == (build_corpus.CORPUS / name).read_bytes()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_sums_of_a_table_add_up(path):
    facts = read_facts(path.parent / "facts.tsv")
    tables = [piece for piece in read_source(path, facts).pieces if isinstance(piece, Table)]
    wrong = [difference for table in tables for difference in _wrong_sums(table)]
    assert not wrong


def _wrong_sums(table):
    """Tell each sum that is not that of the rows above it, back to the sum before; rows ``> `` are parts."""
    if "delare" in table.options:  # rounded figures need not add up
        return
    above = []
    for row in table.rows:
        if row.kind == "body" and not row.cells[0].startswith("> "):
            above.append(row.cells)
        if row.kind != "sum":
            continue
        for column, cell in enumerate(row.cells[1:], 1):
            figures = [cells[column] for cells in above if column < len(cells)]
            if FIGURE.fullmatch(cell) and any(FIGURE.fullmatch(figure) for figure in figures):
                found = total([figure if FIGURE.fullmatch(figure) else "" for figure in figures])
                if decimal_of(found) != decimal_of(cell):
                    yield f"{table.caption}: {row.cells[0]} {cell}, but the rows give {found}"
        above = []
