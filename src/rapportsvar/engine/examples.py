"""Example questions that the reports are known to answer: made from their rows and headings, then tried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from rapportsvar.engine.engine import Engine
from rapportsvar.index.entries import plain
from rapportsvar.model import ReportInfo, Row, RowKind, Table

DEVIATION = re.compile(r"avvik|differens", re.IGNORECASE)
OUTCOME = re.compile(r"utfall|bokslut|resultat", re.IGNORECASE)
TOTAL = re.compile(r"\b(?:summa|total\w*|netto\w*|resultat|övrigt)\b", re.IGNORECASE)
NAME = re.compile(r"[^\W\d_][^\d_|:;<>()]{3,38}")
HEADING = re.compile(r"^[\d.\s]*([^\W\d_][^\d:;,<>|()]{5,34})$")
BARE = re.compile(
    r"inledning|sammanfattning|innehåll|bilaga|ekonomi|kommentar|uppdrag|korthet|tabell", re.IGNORECASE
)
PROSE_MIN_CHARS = 300
"""What stands under a heading that is asked about; a word of a form or of a table has no prose under it."""
TRIES_PER_EXAMPLE = 5
REPORTS_MAX = 12


def example_questions(engine: Engine, count: int = 4) -> tuple[str, ...]:
    """Return questions that are found an answer for, from different reports and of different kinds.

    Args:
        engine: The open index.
        count: How many at most.
    """
    found: list[str] = []
    for tried, question in enumerate(_candidates(engine)):
        if len(found) == count or tried == count * TRIES_PER_EXAMPLE:
            break
        if question not in found and engine.ask(question, top=1).found:
            found.append(question)
    return tuple(found)


def _candidates(engine: Engine) -> Iterator[str]:
    """Take turns between reports; each report takes turns between kinds of question."""
    newest = sorted(engine.index.reports.values(), key=lambda pair: -(pair[1].year or 0))
    of_each: dict[str, list[tuple[str, ReportInfo]]] = {}
    for source, info in newest:
        of_each.setdefault(info.municipality, []).append((source, info))
    in_turn = [pair for group in zip_longest(*of_each.values()) for pair in group if pair][:REPORTS_MAX]
    makers = (_why, _how_much, _about)
    lists = [list(makers[n % len(makers)](engine, source, info)) for n, (source, info) in enumerate(in_turn)]
    for group in zip_longest(*lists):
        yield from (question for question in group if question)


def _why(engine: Engine, source: str, info: ReportInfo) -> Iterator[str]:
    deficits = [
        (value, label)
        for table, row, label in _rows(engine, source)
        for value in _values(table, row, DEVIATION)
        if value < 0
    ]
    for _, label in sorted(deficits)[:3]:
        yield f"Varför blev det underskott för {label}{_where(info)}?"


def _how_much(engine: Engine, source: str, info: ReportInfo) -> Iterator[str]:
    outcomes = [
        (value, label)
        for table, row, label in _rows(engine, source)
        if table.unit and table.unit.name in ("tkr", "mnkr")
        for value in _values(table, row, OUTCOME)[:1]
    ]
    for _, label in sorted(outcomes, reverse=True)[:3]:
        yield f"Vad kostade {label}{_where(info)}?"


def _about(engine: Engine, source: str, info: ReportInfo) -> Iterator[str]:
    prose = [passage.span for passage, _ in engine.index.store.passages(source)]
    for section in engine.index.store.report(source).outline.sections[::-1]:
        heading = HEADING.match(plain(section.title))
        chars = sum(span.end - span.start for span in prose if section.span.contains(span))
        if heading and chars >= PROSE_MIN_CHARS and not BARE.search(section.title):
            yield f"Vad sägs om {_in_sentence(heading[1].strip())}{_where(info)}?"


def _rows(engine: Engine, source: str) -> Iterator[tuple[Table, Row, str]]:
    text = engine.text(source)
    for table in engine.index.store.tables(source):
        for row in table.rows:
            label = plain(row.labels[-1]) if row.labels else ""
            if row.kind is RowKind.DATA and NAME.fullmatch(label) and not TOTAL.search(label):
                yield table, row, _in_sentence(label) if _is_common(label, text) else label


def _values(table: Table, row: Row, column: re.Pattern[str]) -> list[float]:
    cells = row.cells[table.label_columns :]
    return [c.values[0] for c in cells if c.values and column.search(" ".join(c.column_path))]


def _in_sentence(name: str) -> str:
    if len(name) > 5 and name.isupper():
        return name.lower()
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _is_common(label: str, text: str) -> bool:
    """Tell whether a label begins with a word that the report writes small elsewhere, as it does no name."""
    return re.search(rf"\b{re.escape(label.split()[0].lower())}", text) is not None


def _where(info: ReportInfo) -> str:
    place = f" i {info.municipality.removesuffix(' kommun')}" if info.municipality else ""
    return f"{place} {info.year}" if info.year else place
