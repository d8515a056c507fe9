"""*Vilken enhet har högst sjukfrånvaro?* Which of a table's rows holds the highest number, or the lowest.

A row says how much it is, not that it is the most. So the rows of the best ranked table that sets things side
by side by what is asked for are compared in the column that answers, and the one that holds the extreme is
put first. Sums, means and the nation are none of the things that are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapportsvar.answering.cells import pick_cells
from rapportsvar.answering.column_headers import NATION, header_of
from rapportsvar.answering.hits import HitMaker
from rapportsvar.index.entries import plain
from rapportsvar.index.figures.measures import NEUTRAL
from rapportsvar.index.opened import OpenIndex
from rapportsvar.model import Cell, EntryKind, Hit, Measured, QuestionKind, Row, RowKind, Span, Table, Unit
from rapportsvar.retrieval.question import Understood
from rapportsvar.retrieval.report_periods import period_of
from rapportsvar.retrieval.retriever import READ_FIRST, Ranked
from rapportsvar.swedish.numbers import MONEY_FACTORS
from rapportsvar.swedish.words import Analyzer

ROWS_LEAST = 2
"""Fewer rows are no comparison."""
_MOST = r"högst\w*|störst\w*|flest\w*|mest|dyrast\w*|längst\w*|highest|largest|biggest|most"
_LEAST = r"lägst\w*|minst\w*|färst\w*|billigast\w*|kortast\w*|lowest|smallest|fewest|least|cheapest"
_ASKS = re.compile(
    r"^\W*(?:och |men |i |på |hos |inom |av |för |in )*(?P<which>vilk\w+|vem|var|vad|which|what|where|who)\b"
    r"(?: (?:av |of )?(?P<thing>\w+))?.*?\b(?:(?P<most>" + _MOST + r")|(?P<least>" + _LEAST + r"))\b"
    r"(?! \d)",
    re.IGNORECASE,
)
"""``högst 5`` and ``minst 3`` bound a number and ask for none."""
_COUNTED = re.compile(r"\b(?:flest\w*|färst\w*|fewest)\b", re.IGNORECASE)
_COSTLY = re.compile(r"\b(?:dyrast\w*|billigast\w*|cheapest)\b", re.IGNORECASE)
_MISSING = re.compile(
    r"\b(?:\w*underskott\w*|minus\w*|förlust\w*|över(?:skr[ie]d|drag)\w*|back|deficits?|overspend\w*)\b",
    re.IGNORECASE,
)
"""What is missing is written with a minus sign: the most is the lowest number."""
_SURPLUS = re.compile(r"\b(?:\w*överskott\w*|plus|vinst\w*|surplus\w*|avvik\w*)\b", re.IGNORECASE)
_NAMING = ("vilken", "vilket", "vilka", "which", "what")
_TIMES = ("år", "månad", "kvartal", "year", "month", "quarter")
"""Of these the extreme stands in another column, not in another row."""
_KIND_OF_MONEY = re.compile(
    r"\w*(?:intäkt|kostnad|resultat|avskrivning|bidrag|utgift)(?:er|en|et|erna|s)?\b", re.IGNORECASE
)
_MONEY_TERMS = frozenset({"intäkt", "kostnad", "bidrag", "utgift"})
_SUM = re.compile(
    r"\b(?:total\w*|summa|samtliga|alla|hela|genomsnitt\w*|snitt\w*|medel\w*|median\w*|övrig\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a question asks the extreme of.

    Attributes:
        highest: Whether the highest number is wanted.
        negative: Whether the number must be below nought.
        deviation: Whether it is a deviation from the budget.
        counts: Whether a count is wanted.
        costs: Whether money is wanted.
        thing: What is looked for, as the question calls it: ``enhet``; empty where it does not.
        span: Where the superlative stands.
        said: Pattern of a sentence that states the extreme itself.
    """

    highest: bool
    negative: bool
    deviation: bool
    counts: bool
    costs: bool
    thing: str
    span: Span
    said: re.Pattern[str]


class ExtremeFinder:
    """Finds the row that holds the extreme, over one index."""

    def __init__(self, index: OpenIndex, analyzer: Analyzer, hits: HitMaker) -> None:
        self._index = index
        self._analyzer = analyzer
        self._hits = hits

    def put_first(
        self, hits: tuple[Hit, ...], ranked: Ranked, understood: Understood
    ) -> tuple[Hit, ...] | None:
        """Put the row that holds the extreme first, behind a passage that was first and says so itself.

        Args:
            hits: As ranked.
            ranked: The entries that they were made of, and more.
            understood: The question.

        Returns:
            As many hits; None where the question asks for no extreme, or no table holds one.

        Raises:
            CitationError: A quote does not stand in its source.
        """
        wanted = _wanted(understood) if hits else None
        if wanted is None:
            return None
        asked = self._asked(understood, wanted)
        found = next(self._extremes(ranked, understood, wanted, asked), None)
        hit = self._hits.at(*found, understood, hits[0]) if found else None
        if hit is None:
            return None
        lead = hits[:1] if self._says_so(hits[0], wanted, asked) else ()
        rest = [h for h in hits if (h.source, h.span) != (hit.source, hit.span) and h not in lead]
        ordered = [*lead, hit, *rest][: len(hits)]
        return tuple(replace(each, rank=rank) for rank, each in enumerate(ordered, 1))

    def _extremes(
        self, ranked: Ranked, understood: Understood, wanted: _Wanted, asked: frozenset[str]
    ) -> Iterator[tuple[str, Span]]:
        """Yield the row of each table that sets things side by side by what is asked, the best first."""
        thing = self._keys(wanted.thing)
        seen: set[tuple[str, int]] = set()
        for place in ranked.places[:READ_FIRST].tolist():
            report, entry = self._hits.entry(place)
            source, info = self._index.reports[report]
            if entry.table is None or entry.row is None or (source, entry.table) in seen:
                continue
            seen.add((source, entry.table))
            table, text = self._hits.tables(source)[entry.table], self._hits.text(source)
            row = table.rows[entry.row]
            cells = pick_cells(table, row, text, understood, self._analyzer, period=period_of(info))
            if not cells or not cells[0].values or not _is_of(cells[0].unit, wanted):
                continue
            caption = table.caption.of(text) if table.caption else ""
            headers = (header for column in table.columns[: table.label_columns] for header in column)
            above = (caption, *entry.section[-1:], *headers, *row.labels[:-1], *cells[0].column_path)
            tells = wanted.deviation and Measured.DEVIATION in header_of(cells[0].column_path).measured
            if not tells and not self._keys(" ".join(above)) & asked:
                continue
            compared = self._things(_beside(table, row, cells[0].column), asked, thing)
            best = _extreme(compared, wanted)
            if best is not None:
                yield source, next(r.span for r in table.rows if best in r.cells)

    def _asked(self, understood: Understood, wanted: _Wanted) -> frozenset[str]:
        """The index terms of what is compared, in every wording, without thing, place and superlative."""
        spans = (*understood.choosing, wanted.span)
        left_out = {t.key for t in understood.terms if any(s.start <= t.start < s.end for s in spans)}
        left_out |= self._keys(wanted.thing) | NEUTRAL
        named = (c.wordings for c in understood.concepts if not left_out.intersection(c.wordings[0].keys))
        return frozenset(w.keys[0] for wordings in named for w in wordings if len(w.keys) == 1) - left_out

    def _things(self, cells: Sequence[Cell], asked: frozenset[str], thing: frozenset[str]) -> list[Cell]:
        """Leave those cells whose rows are things that are compared; of a named kind, where rows name it."""
        found = [(self._keys(cell.row_path[-1]), cell) for cell in cells if cell.row_path]
        kind_of_money = bool(thing & _MONEY_TERMS)
        found = [
            (keys, cell)
            for keys, cell in found
            if keys
            and not keys & asked
            and not _is_sum(plain(cell.row_path[-1]), kind_of_money=kind_of_money)
        ]
        of_kind = [cell for keys, cell in found if keys & thing]
        return of_kind or [cell for _, cell in found]

    def _says_so(self, hit: Hit, wanted: _Wanted, asked: frozenset[str]) -> bool:
        """Tell whether one lit sentence has the superlative and what is compared."""
        lit = [mark.text for mark in hit.highlights if wanted.said.search(mark.text)]
        return hit.kind is EntryKind.PASSAGE and any(self._keys(words) & asked for words in lit)

    def _keys(self, words: str) -> frozenset[str]:
        return frozenset(term.key for term in self._analyzer.terms(plain(words)))


def _wanted(understood: Understood) -> _Wanted | None:
    asks = _ASKS.search(understood.searched)
    if not asks or QuestionKind.WHY in understood.kinds or QuestionKind.HOW_MUCH is understood.kind:
        return None
    thing = (asks["thing"] or "").lower() if asks["which"].lower() in _NAMING else ""
    if thing in _TIMES:
        return None
    highest = asks["most"] is not None
    missing = bool(_MISSING.search(understood.searched))
    return _Wanted(
        highest=highest != missing,
        negative=missing,
        deviation=missing or bool(_SURPLUS.search(understood.searched)),
        counts=bool(_COUNTED.search(asks[0])),
        costs=bool(_COSTLY.search(asks[0])),
        thing=thing,
        span=Span(*asks.span("most" if highest else "least")),
        said=re.compile(rf"\b(?:{_MOST if highest else _LEAST})\b", re.IGNORECASE),
    )


def _is_sum(label: str, *, kind_of_money: bool) -> bool:
    """Tell whether a row sums up others, or says what kind of money it is of all of them."""
    return bool(_SUM.search(label) or NATION.search(label)) or (
        not kind_of_money and _KIND_OF_MONEY.search(label) is not None
    )


def _is_of(unit: Unit | None, wanted: _Wanted) -> bool:
    """``Flest`` counts and ``dyrast`` costs."""
    money = unit is not None and unit.name in MONEY_FACTORS
    return not (money and wanted.counts) and not (wanted.costs and not money)


def _beside(table: Table, row: Row, column: int) -> list[Cell]:
    """Return the numbers of a column in the rows that stand under the same labels."""
    rows = [r for r in table.rows if r.kind is RowKind.DATA and r.labels[:-1] == row.labels[:-1]]
    cells = [cell for r in rows for cell in r.cells if cell.column == column and len(cell.values) == 1]
    unit = next((cell.unit for cell in row.cells if cell.column == column), None)
    return [cell for cell in cells if cell.unit == unit]


def _extreme(cells: Sequence[Cell], wanted: _Wanted) -> Cell | None:
    """Return the one cell that holds the extreme; None where too few are compared or several share it."""
    if len(cells) < ROWS_LEAST:
        return None
    ordered = sorted(cells, key=lambda cell: cell.values[0], reverse=wanted.highest)
    first, second = ordered[0].values[0], ordered[1].values[0]
    if first == second or (wanted.negative and first >= 0):
        return None
    return ordered[0]
