"""Every table of the five shared reports, checked by eye and pinned."""

import hashlib
import json
from pathlib import Path

import pytest

from rapportsvar.model import RowKind
from rapportsvar.structure.tables.reading import read_tables

SHARED = Path(__file__).resolve().parents[4] / "shared" / "corpus"
GOLDEN = Path(__file__).parent / "golden"
CONTENTS_END = {"000": 21, "001": 30, "002": 41, "003": 0, "004": 83}
LABEL_CHARS = 60

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"the shared reports are not at {SHARED}")


def shortened(label):
    """A long label is pinned by its first words and a hash, since the report's text is not ours to copy."""
    if len(label) <= LABEL_CHARS:
        return label
    return f"{label[:30]}…{hashlib.sha256(label.encode()).hexdigest()[:10]}"


def described(text, table):
    return {
        "line": text.count("\n", 0, table.span.start) + 1,
        "span": [table.span.start, table.span.end],
        "caption": [table.caption.start, table.caption.end] if table.caption else None,
        "unit": [table.unit.name, table.unit.source] if table.unit else None,
        "notes": [[note.start, note.end] for note in table.notes],
        "label_columns": table.label_columns,
        "columns": [[shortened(name) for name in path] for path in table.columns],
        "rows": [described_row(row) for row in table.rows],
    }


def described_row(row):
    return [
        str(row.kind),
        [shortened(label) for label in row.labels],
        [described_cell(cell) for cell in row.cells if cell.span.length_chars],
    ]


def described_cell(cell):
    place = [cell.column, cell.span.start, cell.span.end]
    if not cell.values:
        return place
    return [*place, list(cell.values), [cell.unit.name, cell.unit.source] if cell.unit else None]


def written(tables):
    """One row a line, so that a change can be read."""
    parts = []
    for table in tables:
        rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in table["rows"])
        head = json.dumps({k: v for k, v in table.items() if k != "rows"}, ensure_ascii=False)
        parts.append(f'{head[:-1]}, "rows": [\n{rows}\n]}}')
    return "[\n" + ",\n".join(parts) + "\n]\n"


def report_text(number):
    (path,) = SHARED.glob(f"{number}_*.txt")
    return path.read_bytes().decode("utf-8-sig")


def tables_of(number):
    text = report_text(number)
    return text, [
        t for t in read_tables(text).tables if text.count("\n", 0, t.span.start) >= CONTENTS_END[number]
    ]


@needs_shared
@pytest.mark.parametrize("number", list(CONTENTS_END))
def test_tables_are_read_as_checked_by_eye(number, regenerate):
    text, tables = tables_of(number)
    found = [described(text, table) for table in tables]
    path = GOLDEN / f"{number}.json"
    if regenerate:
        path.parent.mkdir(exist_ok=True)
        path.write_text(written(found), encoding="utf-8")
    pinned = json.loads(path.read_text(encoding="utf-8"))
    assert [table["line"] for table in found] == [table["line"] for table in pinned]
    for table, expected in zip(found, pinned, strict=True):
        assert table == expected, f"report {number}, line {expected['line']}"


def test_at_least_forty_tables_are_pinned():
    counts = [len(json.loads(path.read_text(encoding="utf-8"))) for path in GOLDEN.glob("*.json")]
    assert sum(counts) >= 40


def test_golden_files_are_not_written_by_default(regenerate):
    assert not regenerate


@needs_shared
@pytest.mark.parametrize("number", list(CONTENTS_END))
def test_cells_slice_to_what_stands_between_tabs(number):
    text, tables = tables_of(number)
    end = 0
    for table in tables:
        assert table.span.start >= end
        end = table.span.end
        place = table.span.start
        for row in table.rows:
            assert table.span.contains(row.span)
            assert row.span.start >= place
            place = row.span.end
            if row.kind is RowKind.RULE:
                continue
            filled = [cell.span.of(text) for cell in row.cells if cell.span.length_chars]
            assert filled == [part.strip() for part in row.span.of(text).split("\t") if part.strip()]
            assert all(row.span.contains(cell.span) for cell in row.cells)
            assert row.kind is RowKind.HEADER or len(row.cells) == len(table.columns)
