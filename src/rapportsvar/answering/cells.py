"""Which cells of a row answer: by what the question says of period, budget or outcome, sex and unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapportsvar.answering.column_headers import BEFORE, MONTH, RATIO, YEAR, Header, header_of
from rapportsvar.answering.sentences import WANTED
from rapportsvar.index.entries import plain
from rapportsvar.model import Cell, CellAnswer, Measured, Period, QuestionKind, Row, Span, Table
from rapportsvar.retrieval.question import Understood
from rapportsvar.swedish.cues import AMOUNT, DATE, PERSON, STATUS, TRAITS, traits
from rapportsvar.swedish.tokens import sentences
from rapportsvar.swedish.words import Analyzer

ASKS_NATION = re.compile(
    r"\b(?:riket|rike\w*|landet|sverige|hela landet|länet|nationell\w*)\b", re.IGNORECASE
)
ASKED_ALSO: Mapping[Measured, re.Pattern[str]] = {
    Measured.DEVIATION: re.compile(
        r"\b(?:\w+avvik\w*|differens\w*|diff|sprack|spräck\w*|sprick\w*|fattas|över(?:skred|skrid)\w*"
        r"|under(?:skred|skrid)\w*|dr(?:og|ar|agit) över"
        r"|(?:över|under|mot|jämfört med|i förhållande till) (?:\w+ )?budget\w*)\b",
        re.IGNORECASE,
    ),
    Measured.BUDGET: re.compile(
        r"\b(?:hade (?:\w+ ){0,2}(?:räknat|tänkt|planerat)|räknade (?:man|vi|de|nämnden|kommunen)"
        r"|från början)\b",
        re.IGNORECASE,
    ),
}
"""How an asker says deviation and budget, beside ``retrieval.measured.MEASURED``, which ranking knows."""
KIND_COLUMNS: Mapping[QuestionKind, tuple[re.Pattern[str], re.Pattern[str]]] = {
    QuestionKind.WHO: (
        re.compile(r"ansvar|handläggare|ägare|utförare|kontakt|föredragande|chef", re.IGNORECASE),
        PERSON,
    ),
    QuestionKind.WHEN: (
        re.compile(
            r"\b(?:klar\w*|färdig\w*|när|senast|start\w*|tid\w*|datum|slut\w*|deadline|planera\w*|införs"
            r"|beräknas)\b",
            re.IGNORECASE,
        ),
        re.compile(
            rf"{DATE.pattern}|\b20\d\d-\d\d\b|\bQ[1-4]\b|^(?:19|20)\d\d$"
            r"|\b(?:jan|feb|apr|jun|jul|aug|sept?|okt|nov|dec)\.?\s+(?:20)?\d\d\b",
            re.IGNORECASE,
        ),
    ),
    QuestionKind.STATUS: (
        re.compile(
            r"\b(?:status\w*|läge\w*|nuläge|bedömning\w*|\w*uppfyll\w*|färg|fas|skede|planläge|utveckling|klart?"
            r"|färdigt?)\b",
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
NO_NUMBER = (QuestionKind.WHY, QuestionKind.WHICH, QuestionKind.WHO, QuestionKind.WHEN)
"""Kinds of question that want no number, whatever kind of figure they speak of."""
ASKS_STATUS = re.compile(
    r"\b(?:färg|status|läge\w*|fas|planläge|uppfyll\w*|uppnå\w*|i fas|i hamn|i lås|nå(?:r|s|dde|ddes|tt|tts)?"
    r"|klara[rst]?|klarade[s]?|bedöm\w*|(?:gå|gick|går|gått)\b.{0,30}\bmed (?:att|målet))\b",
    re.IGNORECASE,
)
MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
CLOSE = 0.5
ORDER = 0.01
"""Of cells that fit alike the one further left comes first."""
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
    table: Table,
    row: Row,
    text: str,
    understood: Understood,
    analyzer: Analyzer,
    *,
    period: Period | None = None,
    most: int = 3,
) -> list[Cell]:
    """Return the cells of a row that answer, best first; empty where the row holds nothing but labels.

    Args:
        table: The table.
        row: A row of it.
        text: The report's text.
        understood: What is asked.
        analyzer: For the words of question and columns.
        period: What the report is about: a column that names no year or month is of it.
        most: How many at most. More than one is returned where several fit alike.
    """
    filled = [c for c in row.cells if any(letter.isalnum() for letter in c.span.of(text))]
    cells = [c for c in filled if c.column >= table.label_columns] or [c for c in filled if c.values]
    wants_number = _wants_number(understood)
    if not wants_number:
        cells += [c for c in filled if c.column < table.label_columns and _stands_apart(c, text, understood)]
    asked_for = Asked.of(understood, period)
    numeric = [c for c in cells if c.values or _tells_amount(c, text, asked_for, analyzer)]
    pool = numeric if wants_number and numeric else cells
    if not pool:
        return []
    scored = [Scored(c, _fit(c, pool, text, asked_for, analyzer, wants_number)) for c in pool]
    best = max(s.score for s in scored)
    several = len(understood.years) > 1 or QuestionKind.DEVELOPMENT in understood.kinds
    apart = CLOSE * (0.2 if wants_number else 1.0)
    close = [s for s in scored if s.score + several * ORDER * s.cell.column >= best - apart]
    close.sort(key=lambda s: -s.score)
    limit = len(scored) if several and wants_number else most
    return [s.cell for s in close[:limit]]


def _wants_number(understood: Understood) -> bool:
    kinds = understood.kinds
    if _asks_whether_reached(understood):
        return False
    if not kinds or {QuestionKind.HOW_MUCH, QuestionKind.DEVELOPMENT, QuestionKind.COMPARISON} & kinds.keys():
        return QuestionKind.WHY not in kinds
    return bool(understood.measured) and understood.kind not in NO_NUMBER


def _asks_whether_reached(understood: Understood) -> bool:
    """``Nås målet?`` asks how it goes, not how high the target is."""
    return Measured.TARGET in understood.measured and _asks_status(understood)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a question chooses between cells.

    Attributes:
        understood: The question.
        own: Its words in base form.
        others: What the lexicon puts in their place.
        measured: The kinds of figure that it asks for.
        period: What the report is about.
        reached: Whether it asks if a target is reached.
    """

    understood: Understood
    own: frozenset[str]
    others: frozenset[str]
    measured: frozenset[Measured]
    period: Period | None
    reached: bool = False

    @classmethod
    def of(cls, understood: Understood, period: Period | None = None) -> Asked:
        """Take out of a question what chooses between cells; what chooses the report is weighed apart."""
        own = frozenset(
            term.key
            for term in understood.terms
            if not any(span.start <= term.start and term.end <= span.end for span in understood.choosing)
        )
        wordings = (w for concept in understood.concepts for w in concept.wordings if len(w.keys) == 1)
        also = {m for m, pattern in ASKED_ALSO.items() if pattern.search(understood.searched)}
        measured = (understood.measured | also) - ({Measured.FORECAST} if Measured.BUDGET in also else set())
        reached = _asks_whether_reached(understood)
        if reached:
            measured -= {Measured.TARGET}
        if QuestionKind.DEVELOPMENT in understood.kinds and Measured.FORECAST in measured:
            measured |= {Measured.OUTCOME}  # what has been so far, and what is expected of the rest
        others = frozenset(w.keys[0] for w in wordings) - own
        return cls(understood, own, others, frozenset(measured), period, reached)


def _fit(
    cell: Cell, pool: Sequence[Cell], text: str, asked: Asked, analyzer: Analyzer, wants_number: bool
) -> float:
    understood = asked.understood
    header = header_of(cell.column_path)
    score = (
        _fit_words(cell, pool, asked, analyzer)
        + _fit_year(header, pool, asked)
        + _fit_month(header, asked)
        + _fit_measured(header, asked.measured)
        + _fit_sex(header, understood)
    )
    if header.nation:
        score += 2.0 if ASKS_NATION.search(understood.searched) else -1.0
    if asked.reached and Measured.TARGET in header.measured:
        score -= STANDS_BACK
    if header.before and not BEFORE.search(understood.searched):
        score -= STANDS_BACK
    if wants_number and _stands_back(header, cell, asked, analyzer):
        score -= STANDS_BACK
    if wants_number and cell.values == (0.0,) and any(any(c.values) for c in pool):
        score -= 0.7
    if not wants_number or not cell.values:
        words = plain(cell.span.of(text))
        here = _said(analyzer, words)
        score += min(2.0, 0.5 * len(here & asked.own)) + (0.5 if len(words) > TEXT_CELL_CHARS else 0.0)
        score += _fit_kind(header.text, words, understood)
        score += 1.0 if wants_number and AMOUNT.search(words) else 0.0
    return score - ORDER * cell.column


def _stands_back(header: Header, cell: Cell, asked: Asked, analyzer: Analyzer) -> bool:
    """Tell whether a column holds a ratio that is not asked for: a share is, by the name of what it is of."""
    if not header.ratio or RATIO.search(asked.understood.searched):
        return False
    return header.each or not _keys(analyzer, cell.column_path) & (asked.own | asked.others)


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
    """The words of headers; the years in them are weighed apart."""
    keys = frozenset(t.key for t in analyzer.terms(plain(" ".join(path))) if not t.part)
    return frozenset(key for key in keys if not YEAR.fullmatch(key))


def _fit_year(header: Header, pool: Sequence[Cell], asked: Asked) -> float:
    """The year that is asked for; a column without one is of the report's own."""
    wanted = set(asked.understood.years or asked.understood.implied_years)
    if wanted:
        own = {asked.period.year} if asked.period else set()
        there = header.years or own
        if QuestionKind.DEVELOPMENT in asked.understood.kinds and there:
            last = max(wanted) if len(wanted) > 1 else max(there)
            wanted |= set(range(min(wanted), last + 1))  # the steps between, or since then
        return 2.0 if there & wanted else -1.5 if header.years else 0.0
    if QuestionKind.DEVELOPMENT in asked.understood.kinds:
        return 0.0  # each year is a step of it
    if not header.years:
        return 0.0
    if asked.period and max(header.years) < asked.period.year and _tells_now(header, pool):
        return -0.6  # the year before, beside the report's own
    everywhere = {year for c in pool for year in header_of(c.column_path).dated}
    return 0.6 if everywhere and max(header.years) == max(everywhere) else 0.0


def _tells_now(header: Header, pool: Sequence[Cell]) -> bool:
    """Tell whether another column has the same kind of figure and no year: it is of the report's own."""
    others = (header_of(c.column_path) for c in pool if c.values)
    return any(not other.years and other.measured == header.measured for other in others)


def _fit_month(header: Header, asked: Asked) -> float:
    """``augustiprognosen`` wants ``Prognos aug``; in a report until August any column that names no month."""
    months = {found[:3] for found in MONTH.findall(asked.understood.searched.lower())}
    own = {MONTHS[asked.period.last.month - 1]} if asked.period else set()
    return 1.5 if months & (header.months or own) else 0.0


def _fit_measured(header: Header, asked: frozenset[Measured]) -> float:
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


def _fit_sex(header: Header, understood: Understood) -> float:
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
