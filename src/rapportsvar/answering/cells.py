"""Which cells of a row answer: by what the question says of period, budget or outcome, sex and unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapportsvar.answering.sentences import WANTED
from rapportsvar.index.entries import plain
from rapportsvar.model import Cell, CellAnswer, Measured, QuestionKind, Row, Span, Table
from rapportsvar.retrieval.question import Understood
from rapportsvar.swedish.cues import AMOUNT, DATE, PERSON, STATUS, TRAITS, traits
from rapportsvar.swedish.tokens import sentences
from rapportsvar.swedish.words import Analyzer

COLUMN_WORDS: Mapping[Measured, re.Pattern[str]] = {
    Measured.ACCOUNTS: re.compile(r"bokslut|utfall|utf\b|redovisat|resultat", re.IGNORECASE),
    Measured.FORECAST: re.compile(r"prognos|beräkna|förvänta", re.IGNORECASE),
    Measured.BUDGET: re.compile(r"budget|\bbud\b|anslag|ram\b|kommunbidrag", re.IGNORECASE),
    Measured.DEVIATION: re.compile(
        r"avvik|differens|\bdiff\b|resultat|\+/-|över-?/underskott", re.IGNORECASE
    ),
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
BEFORE = re.compile(r"\b(?:före[gn]\w*|tidigare|förra|förr)\b", re.IGNORECASE)
"""A column of the forecast before, or of how far it was off: seldom what is asked for."""
RATIO = re.compile(r"\b(?:per|andel\w*|procent\w*|snitt\w*|medel\w*|genomsnitt\w*)\b|%", re.IGNORECASE)
"""A column that sets its number against another is asked for by such a word."""
ASKED_ALSO: Mapping[Measured, re.Pattern[str]] = {
    Measured.DEVIATION: re.compile(
        r"\b(?:\w+avvik\w*|differens\w*|diff|sprack|spräck\w*|sprick\w*|fattas|över(?:skred|skrid)\w*"
        r"|under(?:skred|skrid)\w*|dr(?:og|ar|agit) över)\b",
        re.IGNORECASE,
    ),
    Measured.BUDGET: re.compile(
        r"\b(?:hade (?:\w+ ){0,2}(?:räknat|tänkt|planerat)|räknade (?:man|vi|de|nämnden|kommunen)"
        r"|från början)\b",
        re.IGNORECASE,
    ),
}
"""How an asker says deviation and budget, beside ``retrieval.question.MEASURED``, which ranking knows."""
KIND_COLUMNS: Mapping[QuestionKind, tuple[re.Pattern[str], re.Pattern[str]]] = {
    QuestionKind.WHO: (
        re.compile(r"ansvar|handläggare|ägare|utförare|kontakt|föredragande|chef", re.IGNORECASE),
        PERSON,
    ),
    QuestionKind.WHEN: (
        re.compile(
            r"\b(?:klar\w*|när|senast|start\w*|tid\w*|datum|slut\w*|deadline|planera\w*|införs|beräknas)\b",
            re.IGNORECASE,
        ),
        re.compile(rf"{DATE.pattern}|\b20\d\d-\d\d\b|\bQ[1-4]\b", re.IGNORECASE),
    ),
    QuestionKind.STATUS: (
        re.compile(
            r"\b(?:status\w*|läge\w*|nuläge|bedömning\w*|\w*uppfyll\w*|färg|fas|skede|planläge|utveckling)\b",
            re.IGNORECASE,
        ),
        re.compile(
            rf"^(?:ja|nej|grön\w*|gul\w*|röd\w*|delvis|ej|inte|vilande|samråd|granskning|nåddes|nå[rt]t?|igång"
            rf"|undertecknat|utrett|beslutat)\b|^{STATUS.pattern}",
            re.IGNORECASE,
        ),
    ),
}
"""For kinds of question that want no number: headers of the column that answers, what its cells hold."""
STATUS_KINDS = (QuestionKind.STATUS, QuestionKind.YES_NO)
ASKS_STATUS = re.compile(
    r"\b(?:färg|status|läge\w*|fas|planläge|uppfyll\w*|uppnå\w*|i fas|i hamn)\b", re.IGNORECASE
)
MONTH = re.compile(
    r"\b((?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december)"
    r"(?=\b|prognos|bokslut|uppföljning|rapport)|(?:jan|feb|mar|apr|jun|jul|aug|sep|sept|okt|nov|dec)\b)"
)
CLOSE = 0.5
OTHER_WORDING = 0.8
STANDS_BACK = 1.6
"""More than a word of the header that the question says (``Barn per årsarbetare``)."""
SAID_IN_WORDS = 2
"""Words of the question that a cell of words must hold to be set against the numbers of its row."""
LONG_CELL_CHARS = 160
"""In a longer cell of words the sentence that answers is lit, not all of it."""
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
    if not wants_number:
        cells += [c for c in filled if c.column < table.label_columns and _stands_apart(c, text, understood)]
    asked_for = Asked.of(understood)
    numeric = [c for c in cells if c.values or _tells_amount(c, text, asked_for, analyzer)]
    pool = numeric if wants_number and numeric else cells
    if not pool:
        return []
    scored = [Scored(c, _fit(c, pool, text, asked_for, analyzer, wants_number)) for c in pool]
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a question chooses between cells.

    Attributes:
        understood: The question.
        own: Its words in base form.
        others: What the lexicon puts in their place.
        measured: The kinds of figure that it asks for.
    """

    understood: Understood
    own: frozenset[str]
    others: frozenset[str]
    measured: frozenset[Measured]

    @classmethod
    def of(cls, understood: Understood) -> Asked:
        """Take out of a question what chooses between cells."""
        own = frozenset(term.key for term in understood.terms)
        wordings = (w for concept in understood.concepts for w in concept.wordings if len(w.keys) == 1)
        also = {m for m, pattern in ASKED_ALSO.items() if pattern.search(understood.searched)}
        measured = (understood.measured | also) - ({Measured.FORECAST} if Measured.BUDGET in also else set())
        return cls(understood, own, frozenset(w.keys[0] for w in wordings) - own, frozenset(measured))


def _fit(
    cell: Cell, pool: Sequence[Cell], text: str, asked: Asked, analyzer: Analyzer, wants_number: bool
) -> float:
    understood = asked.understood
    header = _header(cell.column_path)
    score = (
        _fit_words(cell, pool, asked, analyzer)
        + _fit_year(header, pool, understood)
        + _fit_month(header, understood.searched)
        + _fit_measured(header, asked.measured)
        + _fit_sex(header, understood)
    )
    if header.nation:
        score += 2.0 if ASKS_NATION.search(understood.searched) else -1.0
    if header.before and not BEFORE.search(understood.searched):
        score -= STANDS_BACK
    if wants_number and header.ratio and not RATIO.search(understood.searched):
        score -= STANDS_BACK
    if wants_number and cell.values == (0.0,) and any(any(c.values) for c in pool):
        score -= 0.7
    if not wants_number or not cell.values:
        words = plain(cell.span.of(text))
        here = _said(analyzer, words)
        score += min(2.0, 0.5 * len(here & asked.own)) + (0.5 if len(words) > TEXT_CELL_CHARS else 0.0)
        score += _fit_kind(header.text, words, understood)
        score += 1.0 if wants_number and AMOUNT.search(words) else 0.0
    return score - 0.01 * cell.column


def _tells_amount(cell: Cell, text: str, asked: Asked, analyzer: Analyzer) -> bool:
    """Tell whether a cell of words states an amount of what is asked for."""
    words = plain(cell.span.of(text))
    if len(words) <= TEXT_CELL_CHARS or not AMOUNT.search(words):
        return False
    return len(_said(analyzer, words) & asked.own) >= SAID_IN_WORDS


def narrowed(cell: Cell, text: str, understood: Understood, analyzer: Analyzer) -> Cell:
    """Return a long cell of words as the sentence of it that answers; every other cell as it is."""
    if cell.values or cell.span.length_chars <= LONG_CELL_CHARS:
        return cell
    asked = Asked.of(understood)
    found = [s for s in sentences(cell.span.of(text), cell.span.start) if plain(s.of(text))]
    if len(found) < 2:
        return cell
    return replace(cell, span=max(found, key=lambda span: _says(plain(span.of(text)), asked, analyzer)))


def _says(words: str, asked: Asked, analyzer: Analyzer) -> float:
    """Return how well a sentence of a cell answers: by its words, and by what the kind of question wants."""
    keys = _said(analyzer, words)
    shown = dict(zip(TRAITS, _traits(words), strict=True))
    wanted = sum(
        weight * min(1.0, 4 * shown[WANTED[kind][0]])
        for kind, weight in asked.understood.kinds.items()
        if kind in WANTED
    )
    return len(keys & asked.own) + 0.7 * len(keys & asked.others) + wanted


def _fit_words(cell: Cell, pool: Sequence[Cell], asked: Asked, analyzer: Analyzer) -> float:
    """Words of the header that the question says, most those that no other header has."""
    others = {key for c in pool if c is not cell for key in _keys(analyzer, c.column_path)}
    keys = _keys(analyzer, cell.column_path)
    alone = keys - others
    return (
        1.5 * len(alone & asked.own)
        + OTHER_WORDING * len(alone & asked.others)
        + 0.3 * len(keys & asked.own & others)
    )


def _asks_status(understood: Understood) -> bool:
    return bool(set(STATUS_KINDS) & understood.kinds.keys()) or bool(ASKS_STATUS.search(understood.searched))


def _stands_apart(cell: Cell, text: str, understood: Understood) -> bool:
    """Tell whether a cell that labels its row, too, is the kind of cell that is asked for: ``Samråd``."""
    header, content = KIND_COLUMNS[QuestionKind.STATUS]
    column = plain(" ".join(cell.column_path))
    return (
        cell.column > 0
        and _asks_status(understood)
        and bool(header.search(column) or content.search(plain(cell.span.of(text))))
    )


def _fit_kind(column: str, words: str, understood: Understood) -> float:
    """Who, when and how far it has come stand in columns of their own."""
    score = 0.0
    for kind, (header, content) in KIND_COLUMNS.items():
        wanted = understood.kinds.get(kind, 0.0)
        if kind is QuestionKind.STATUS:
            wanted = float(_asks_status(understood))
        if wanted:
            score += wanted * (2.0 * bool(header.search(column)) + 1.5 * bool(content.search(words)))
    return score


@lru_cache(maxsize=20_000)
def _said(analyzer: Analyzer, words: str) -> frozenset[str]:
    return frozenset(term.key for term in analyzer.terms(words))


@lru_cache(maxsize=20_000)
def _traits(words: str) -> tuple[float, ...]:
    return traits(words)


@lru_cache(maxsize=20_000)
def _keys(analyzer: Analyzer, path: tuple[str, ...]) -> frozenset[str]:
    return frozenset(t.key for t in analyzer.terms(plain(" ".join(path))) if not t.part)


@dataclass(frozen=True, slots=True)
class _Header:
    """What the headers of a column say; read once, however many questions look at the column."""

    text: str
    years: frozenset[int]
    dated: frozenset[int]
    months: frozenset[str]
    measured: frozenset[Measured]
    sexes: frozenset[str]
    any_sex: bool
    nation: bool
    before: bool
    ratio: bool


@lru_cache(maxsize=20_000)
def _header(path: tuple[str, ...]) -> _Header:
    column = plain(" ".join(path))
    return _Header(
        text=column,
        years=frozenset(int(year) for year in YEAR.findall(column) + YEAR_OF_MONTH.findall(column)),
        dated=frozenset(int(year) for year in YEAR.findall(" ".join(path))),
        months=frozenset(found[:3] for found in MONTH.findall(column.lower())),
        measured=frozenset(m for m, pattern in COLUMN_WORDS.items() if pattern.search(column)),
        sexes=frozenset(sex for sex, pattern in SEX_WORDS.items() if pattern.search(column)),
        any_sex=ANY_SEX.search(column) is not None,
        nation=NATION.search(column) is not None,
        before=BEFORE.search(column) is not None,
        ratio=RATIO.search(column) is not None,
    )


def _fit_year(header: _Header, pool: Sequence[Cell], understood: Understood) -> float:
    wanted = set(understood.years or understood.implied_years)
    if wanted:
        return 2.0 if header.years & wanted else -1.5 if header.years else 0.0
    everywhere = {year for c in pool for year in _header(c.column_path).dated} if header.years else set()
    if everywhere:
        return 0.6 if max(header.years) == max(everywhere) else 0.0
    return 0.0


def _fit_month(header: _Header, question: str) -> float:
    """``augustiprognosen`` wants the column ``Prognos aug``."""
    if not header.months:
        return 0.0
    months = {found[:3] for found in MONTH.findall(question.lower())}
    return 1.5 if months & header.months else 0.0


def _fit_measured(header: _Header, asked: frozenset[Measured]) -> float:
    score = 0.0
    for measured in header.measured & asked:
        score += 3.0 if measured is Measured.DEVIATION else 0.75 if Measured.DEVIATION in asked else 1.5
    if not asked and Measured.OUTCOME in header.measured:
        score += 0.5
    if Measured.DEVIATION not in asked and Measured.DEVIATION in header.measured:
        score -= 0.4
    if Measured.TARGET not in asked and Measured.TARGET in header.measured:
        score -= 0.4
    return score


def _fit_sex(header: _Header, understood: Understood) -> float:
    if understood.sex:
        return 1.5 if understood.sex in header.sexes else -0.5 if header.any_sex else 0.0
    return -0.6 if header.any_sex else 0.0


def cell_answer(cell: Cell, text: str) -> CellAnswer:
    """Show a cell with its labels, headers and unit."""
    return CellAnswer(
        row=" › ".join(plain(label).rstrip(" :") for label in cell.row_path if label),
        column=" › ".join(plain(header) for header in cell.column_path if header),
        value=plain(cell.span.of(text)),
        unit=cell.unit.name if cell.unit else "",
        span=cell.span,
    )


def label_span(table: Table, row: Row) -> Span | None:
    """Return where the row's own label stands, the innermost; None where it is inherited."""
    labels = [c.span for c in row.cells if c.column < table.label_columns and c.span.start < c.span.end]
    return labels[-1] if labels else None
