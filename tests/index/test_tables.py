"""The tables of a report, made when they are looked at."""

import json

import pytest
from small_reports import build_small, write_reports

from rapportsvar.index.codec import to_plain
from rapportsvar.index.opened import open_index
from rapportsvar.index.tables import Tables, tables_at, written
from rapportsvar.model import Span


@pytest.fixture
def tables(tmp_path):
    build_small(write_reports(tmp_path / "reports"), tmp_path / "index")
    index = open_index(tmp_path / "index")
    yield index.store.tables("lindsjo/ar-2022.txt")
    index.close()


def test_only_what_is_looked_at_is_made(tables):
    assert isinstance(tables, Tables)
    assert len(tables) == 1
    assert tables._made == {}
    assert tables[0] is tables[-1]
    assert tables == (tables[0],)
    assert tables[:1] == (tables[0],)
    with pytest.raises(IndexError):
        tables[1]


def test_a_table_is_read_without_those_before_it(tables):
    of_one = written([tables[0]]).splitlines()[1]
    three = Tables(f"[\n{{not read,\n{of_one},\n{of_one}\n]")
    assert len(three) == 3
    assert three[1] == three[2] == tables[0]
    with pytest.raises(json.JSONDecodeError):
        three[0]


def test_what_is_written_is_read_again_and_so_is_an_older_array(tables):
    several = [tables[0], tables[0]]
    older = json.dumps([to_plain(each) for each in several])
    for content in (written(several), older):
        assert Tables(content) == several
        assert json.loads(content) == json.loads(older)
        assert Tables(content).at(tables[0].rows[0].span) == tuple(several)
    assert Tables(written([])) == ()


def test_tables_are_found_by_what_they_hold(tables):
    inside = tables[0].rows[1].span
    outside = Span(0, 1)
    assert tables_at(tables, inside) == tables_at(list(tables), inside) or tables.at(inside) == (tables[0],)
    assert list(tables_at(list(tables), inside)) == list(tables.at(inside)) == [tables[0]]
    assert list(tables_at(list(tables), outside)) == list(tables.at(outside)) == []
