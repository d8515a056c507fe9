"""Tables made by a generator come back as they were made."""

import pytest
from table_generator import make_table

from rapportsvar.model import RowKind
from rapportsvar.structure.tables.reading import read_tables


def read_back(seed):
    made = make_table(seed)
    text = made.text
    tables = read_tables(text).tables
    assert len(tables) == 1, (seed, made.traits)
    table = tables[0]
    rows = [
        (
            str(row.kind),
            row.labels,
            [(cell.column, cell.span.of(text)) for cell in row.cells if cell.span.length_chars],
        )
        for row in table.rows
        if row.kind not in (RowKind.HEADER, RowKind.RULE)
    ]
    return made, table, rows


def check(seed):
    made, table, rows = read_back(seed)
    assert list(table.columns) == made.columns, (seed, made.traits)
    assert rows == made.rows, (seed, made.traits)


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_generated_tables_come_back(start):
    for seed in range(start, start + 50):
        check(seed)


@pytest.mark.slow
def test_a_thousand_generated_tables_come_back():
    for seed in range(1000, 2000):
        check(seed)
