"""Which cells of a row answer: by what the question says of period, budget or outcome, sex and unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapportsvar.index.entries import plain
from rapportsvar.model import Cell, CellAnswer, Measured, QuestionKind, Row, Span, Table
from rapportsvar.retrieval.question import Understood
from rapportsvar.swedish.words import Analyzer

COLUMN_WORDS: Mapping[Measured, re.Pattern[str]] = {
    Measured.ACCOUNTS: re.compile(r"bokslut|utfall|utf\b|redovisat|resultat", re.IGNORECASE),
    Measured.FORECAST: re.compile(r"prognos|beräkna|förvänta", re.IGNORECASE),
    Measured.BUDGET: re.compile(r"budget|\bbud\b|anslag|ram\b|kommunbidrag", re.IGNORECASE),
    Measured.DEVIATION: re.compile(r"avvik|differens|resultat|\+/-|över-?/underskott", re.IGNORECASE),
    Measured.TARGET: re.compile(r"mål(?:värde|nivå|tal)?\b|riktvärde", re.IGNORECASE),
    Measured.OUTCOME: re.compile(r"utfall|utf\b|redovisat|ack|bokslut|resultat", re.IGNORECASE),
}
SEX_WORDS = {
    "kvinnor": re.compile(r"\b(?:kvinn\w*|flick\w*|tjej\w*)\b", re.IGNORECASE),
    "män": re.compile(r"\b(?:män|mäns|pojk\w*|kill\w*)\b", re.IGNORECASE),
}
ANY_SEX = re.compile(r"\b(?:kvinn\w*|män|mäns|flick\w*|pojk\w*)\b", re.IGNORECASE)
NATION = re.compile(r"\b(?:riket|rike|länet|län|snitt i landet|sverige|R9)\b", re.IGNORECASE)
ASKS_NATION = re.compile(
    r"\b(?:riket|rike\w*|landet|sverige|hela landet|länet|nationell\w*)\b", re.IGNORECASE
)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
YEAR_OF_MONTH = re.compile(r"(20\d\d)(?:0\d|1[0-2])\b")
PART_YEAR = re.compile(
    r"jan\w*\s*[-–]\s*\w+|per\s+(?:den\s+)?\d+|ack|delår|20\d{2}(?:0[2-9]|1[01])\b|31/8|aug", re.IGNORECASE
)
MONTH = re.compile(
    r"\b(januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sep|sept|okt|nov|dec)\b)"
)
CLOSE = 0.5
TEXT_CELL_CHARS = 25


@dataclass(frozen=True, slots=True)
class Scored:
    """A cell with how well it fits what is asked."""

    cell: Cell
    score: float


def pick_cells(
    table: Table, row: Row, text: str, understood: Understood, analyzer: Analyzer, *, most: int = 3
) -> list[Cell]:
    """Return the cells of a row that answer, best first; empty where the row holds nothing but labels.

    Args:
        table: The table.
        row: A row of it.
        text: The report's text.
        understood: What is asked.
        analyzer: For the words of question and columns.
        most: How many at most. More than one is returned where several fit alike.
    """
    filled = [c for c in row.cells if any(letter.isalnum() for letter in c.span.of(text))]
    cells = [c for c in filled if c.column >= table.label_columns] or [c for c in filled if c.values]
    wants_number = _wants_number(understood)
    numeric = [c for c in cells if c.values]
    pool = numeric if wants_number and numeric else cells
    if not pool:
        return []
    asked = {term.key for term in understood.terms}
    scored = [Scored(c, _fit(c, pool, text, understood, asked, analyzer, wants_number)) for c in pool]
    best = max(s.score for s in scored)
    close = [s for s in scored if s.score >= best - CLOSE * (0.2 if wants_number else 1.0)]
    close.sort(key=lambda s: -s.score)
    several = len(understood.years) > 1 or QuestionKind.DEVELOPMENT in understood.kinds
    limit = len(scored) if several and wants_number else most
    return [s.cell for s in close[:limit]]


def _wants_number(understood: Understood) -> bool:
    kinds = understood.kinds
    if not kinds or {QuestionKind.HOW_MUCH, QuestionKind.DEVELOPMENT, QuestionKind.COMPARISON} & kinds.keys():
        return QuestionKind.WHY not in kinds
    return bool(understood.measured) and understood.kind not in (QuestionKind.WHY, QuestionKind.WHICH)


def _fit(
    cell: Cell,
    pool: Sequence[Cell],
    text: str,
    understood: Understood,
    asked: set[str],
    analyzer: Analyzer,
    wants_number: bool,
) -> float:
    column = plain(" ".join(cell.column_path))
    others = {key for c in pool if c is not cell for key in _keys(analyzer, c.column_path)}
    keys = _keys(analyzer, cell.column_path)
    score = 1.5 * len((keys & asked) - others) + 0.3 * len(keys & asked & others)
    score += (
        _fit_year(column, pool, understood)
        + _fit_month(column, understood.searched)
        + _fit_measured(column, understood)
        + _fit_sex(column, understood)
    )
    if NATION.search(column):
        score += 2.0 if ASKS_NATION.search(understood.searched) else -1.0
    if not wants_number:
        words = plain(cell.span.of(text))
        here = {t.key for t in analyzer.terms(words)}
        score += min(2.0, 0.5 * len(here & asked)) + (0.5 if len(words) > TEXT_CELL_CHARS else 0.0)
    return score - 0.01 * cell.column


@lru_cache(maxsize=20_000)
def _keys(analyzer: Analyzer, path: tuple[str, ...]) -> frozenset[str]:
    return frozenset(t.key for t in analyzer.terms(plain(" ".join(path))) if not t.part)


def _fit_year(column: str, pool: Sequence[Cell], understood: Understood) -> float:
    here = {int(year) for year in YEAR.findall(column) + YEAR_OF_MONTH.findall(column)}
    everywhere = {int(y) for c in pool for y in YEAR.findall(" ".join(c.column_path))}
    wanted = set(understood.years or understood.implied_years)
    if wanted:
        return 2.0 if here & wanted else -1.5 if here else 0.0
    if here and everywhere:
        return 0.6 if max(here) == max(everywhere) else 0.0
    return 0.0


def _fit_month(column: str, question: str) -> float:
    """``augustiprognosen`` wants the column ``Prognos aug``."""
    months = {found[:3] for found in MONTH.findall(question.lower())}
    return 1.5 if months & {found[:3] for found in MONTH.findall(column.lower())} else 0.0


def _fit_measured(column: str, understood: Understood) -> float:
    score = 0.0
    asked = understood.measured
    for measured, pattern in COLUMN_WORDS.items():
        if pattern.search(column) and measured in asked:
            score += 3.0 if measured is Measured.DEVIATION else 1.5
    if not asked and COLUMN_WORDS[Measured.OUTCOME].search(column):
        score += 0.5
    if Measured.DEVIATION not in asked and COLUMN_WORDS[Measured.DEVIATION].search(column):
        score -= 0.4
    if Measured.TARGET not in asked and COLUMN_WORDS[Measured.TARGET].search(column):
        score -= 0.4
    return score


def _fit_sex(column: str, understood: Understood) -> float:
    if understood.sex:
        if SEX_WORDS[understood.sex].search(column):
            return 1.5
        return -0.5 if ANY_SEX.search(column) else 0.0
    return -0.6 if ANY_SEX.search(column) else 0.0


def cell_answer(cell: Cell, text: str) -> CellAnswer:
    """Show a cell with its labels, headers and unit."""
    return CellAnswer(
        row=" › ".join(plain(label) for label in cell.row_path if label),
        column=" › ".join(plain(header) for header in cell.column_path if header),
        value=plain(cell.span.of(text)),
        unit=cell.unit.name if cell.unit else "",
        span=cell.span,
    )


def label_span(table: Table, row: Row) -> Span | None:
    """Return where the row's own label stands, the innermost; None where it is inherited."""
    labels = [c.span for c in row.cells if c.column < table.label_columns and c.span.start < c.span.end]
    return labels[-1] if labels else None
