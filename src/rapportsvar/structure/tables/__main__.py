"""Print each table of a text file with its paths, for people who check by eye."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from rapportsvar.model import RowKind, Table
from rapportsvar.structure.tables.reading import read_tables


def table_lines(text: str, table: Table) -> Iterator[str]:
    """Yield a table as lines that a person can read."""
    start = text.count("\n", 0, table.span.start) + 1
    caption = _short(table.caption.of(text)) if table.caption else "-"
    yield f"=== line {start}: {len(table.rows)} rows, {table.label_columns} label columns, unit {table.unit}"
    yield f"    caption: {caption}; notes: {[_short(note.of(text), 30) for note in table.notes]}"
    for column, path in enumerate(table.columns):
        yield f"    column {column}: {' › '.join(path)}"
    for row in table.rows:
        line = text.count("\n", 0, row.span.start) + 1
        yield f"  {line} {row.kind} {' › '.join(_short(label) for label in row.labels)}"
        if row.kind in (RowKind.HEADER, RowKind.RULE):
            continue
        cells = [c for c in row.cells if c.column >= table.label_columns and c.span.length_chars]
        yield "      " + " | ".join(
            f"{c.column}:{_short(c.span.of(text), 24)}={list(c.values)}"
            + (f"{c.unit.name}/{c.unit.source}" if c.unit else "")
            for c in cells
        )


def _short(words: str, most: int = 60) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def main() -> None:
    """Print the tables of the file that is named."""
    text = Path(sys.argv[1]).read_bytes().decode("utf-8-sig")
    for table in read_tables(text).tables:
        sys.stdout.write("\n".join(table_lines(text, table)) + "\n")


if __name__ == "__main__":
    main()
