"""What is asked: kind, municipality, board, years, sex, forecast or outcome, and the concepts to look for."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from rapportsvar.model import Filters, Limiting, Measured, Period, QuestionKind, Reason, Span
from rapportsvar.retrieval.chosen import chosen
from rapportsvar.retrieval.concepts import Concept, concepts_of, weighed_down
from rapportsvar.retrieval.excluded import excluding_in, keys_in
from rapportsvar.retrieval.indexed import Indexed, union
from rapportsvar.retrieval.kinds import kinds_of
from rapportsvar.retrieval.measured import measured_of, sex_of
from rapportsvar.retrieval.places_named import Places
from rapportsvar.retrieval.set_aside import without
from rapportsvar.retrieval.wanted import Wanted, focus_of, wanted_of
from rapportsvar.swedish.datafiles import data_lines
from rapportsvar.swedish.language import language
from rapportsvar.swedish.lexicon import Expansion, Lexicon
from rapportsvar.swedish.names import Gazetteer, Mention
from rapportsvar.swedish.periods import PeriodMention, find_periods
from rapportsvar.swedish.report_kinds import KindMention, report_kinds_in
from rapportsvar.swedish.spelling import Speller, with_marks
from rapportsvar.swedish.tokens import tokens
from rapportsvar.swedish.words import Analyzer, Term

PLACE_WEIGHT = 0.1
"""A municipality that is named chooses the reports; that a passage names it too says little."""
BOARD_WEIGHT = 0.4
PERIOD_WEIGHT = 0.3
KIND_WEIGHT = 0.3
"""A kind of report that the answer is to be from; where it is itself asked about it weighs in full."""

EXCLUDED_WEIGHT = 0.05
"""What is not to be counted still tells where the figure stands."""
MARKED = re.compile("[åäö]", re.IGNORECASE)
MARKS_LEFT_OFF = 0.8
"""How surely a word of a question without any marks is one that has them."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question, understood.

    Attributes:
        standalone: The question with what it takes from earlier ones written out.
        searched: ``standalone`` with its spelling corrected.
        choosing: Where municipality, time and kind of report stand in ``searched``.
        embedded: ``searched`` without what has chosen the reports, for the encoder; the same if empty.
        kinds: Weights of the kinds it may be of, heaviest first.
        reports: Ids of the reports that what is named leaves; all where nothing certain is named.
        municipalities: Those named, in order.
        boards: Those named.
        years: Those named.
        report_kinds: Kinds of report that the answer is to be from, in every name that they have.
        implied_years: Those meant by ``i år``, ``i fjol``: they weigh, but leave no report out.
        measured: What kind of figure is asked for.
        wanted: What the answer must hold, such as money; empty for a why.
        focus: Place of the concept that is asked about.
        excluded: Index terms of what is not to be counted.
    """

    question: str
    standalone: str
    searched: str
    language: str
    kinds: Mapping[QuestionKind, float]
    terms: tuple[Term, ...]
    concepts: tuple[Concept, ...]
    reports: frozenset[int]
    embedded: str = ""
    choosing: tuple[Span, ...] = ()
    municipalities: tuple[str, ...] = ()
    boards: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    report_kinds: frozenset[str] = frozenset()
    implied_years: tuple[int, ...] = ()
    periods: tuple[PeriodMention, ...] = ()
    sex: str = ""
    measured: frozenset[Measured] = frozenset()
    wanted: Mapping[Wanted, float] = field(default_factory=dict)
    focus: int | None = None
    excluded: tuple[str, ...] = ()
    spelling: tuple[tuple[str, str], ...] = ()
    reason: Reason | None = None
    unknown: str = ""
    """The municipality, board or year that is not indexed."""
    set_aside: Filters = field(default_factory=Filters)
    """What the question names and the asker did not want the hits limited to."""

    @property
    def kind(self) -> QuestionKind:
        """The likeliest kind."""
        return next(iter(self.kinds), QuestionKind.OTHER)

    @property
    def filters(self) -> Filters:
        """What the question itself limits the hits to, as shown to the asker."""
        return Filters(
            self.municipalities[0] if len(self.municipalities) == 1 else None,
            self.boards[0] if len(self.boards) == 1 else None,
            self.years,
        )


@dataclass(slots=True)
class Understanding:
    """Understands questions over one index."""

    analyzer: Analyzer
    lexicon: Lexicon
    speller: Speller
    gazetteer: Gazetteer
    indexed: Indexed
    _municipalities: frozenset[str] = field(init=False)
    _kinds: frozenset[str] = field(init=False)
    _places: Places = field(init=False)

    def __post_init__(self) -> None:
        self._municipalities = frozenset(name for name in self.indexed.of_municipality if name)
        self._kinds = frozenset(kind for kind in self.indexed.of_kind if kind)
        self._places = Places(self.analyzer, self.gazetteer, self._municipalities)

    def understand(
        self,
        question: str,
        standalone: str | None = None,
        filters: Filters | None = None,
        ignore: Collection[Limiting] = (),
    ) -> Understood:
        """Understand a question that is not refused by its wording.

        Args:
            question: As asked.
            standalone: The question with what it takes from earlier ones written out.
            filters: What the asker limits the hits to, apart from the question.
            ignore: What the question names and the asker does not want the hits limited to.
        """
        whole = standalone or question
        filters = chosen(filters or Filters(), self.indexed.reports.values(), strict=False)
        tongue = language(whole)
        corrected = self.speller.correct(whole)
        searched, set_aside = self._set_aside(corrected.text, ignore)
        places = self._places.find(searched)
        municipalities = () if Limiting.MUNICIPALITY in ignore else _names(places)
        board_mentions = self.gazetteer.boards(searched, loose=True)
        named_boards = () if Limiting.BOARD in ignore else _names(board_mentions)
        boards = self._boards_meant(tuple(name.lower() for name in named_boards), municipalities)
        reference = self._reference(municipalities, boards, filters)
        periods = tuple(find_periods(searched, reference=reference))
        years = () if Limiting.YEARS in ignore else _years_of(periods, relative=False)
        kinds = kinds_of(searched)
        kinds_named = [m for m in report_kinds_in(searched, keywords=not kinds) if m.names & self._kinds]
        terms = tuple(self.analyzer.terms(searched))
        excluding = excluding_in(searched)
        expansions = [*self._expansions(searched, tongue, terms), *self._marked(whole, searched, terms)]
        weights = {
            **{m.span: PLACE_WEIGHT for m in places if m.name in self._municipalities},
            **{m.span: BOARD_WEIGHT for m in board_mentions},
            **{p.span: PERIOD_WEIGHT for p in periods},
            **{m.span: KIND_WEIGHT for m in kinds_named},
        }
        concepts = weighed_down(concepts_of(terms, expansions), weights)
        concepts = weighed_down(concepts, {said: EXCLUDED_WEIGHT for said, _ in excluding})
        left, reason, unknown = self._left(municipalities, boards, years, filters)
        if self._is_gibberish(searched):
            reason = Reason.NOT_A_QUESTION
        return Understood(
            question=question,
            standalone=whole,
            searched=searched,
            choosing=(
                *(m.span for m in places),
                *(p.span for p in periods),
                *(m.span for m in kinds_named),
            ),
            embedded=self._embedded(searched, places, kinds_named, periods),
            language=tongue,
            kinds=kinds,
            terms=terms,
            concepts=concepts,
            reports=left,
            municipalities=municipalities,
            boards=boards,
            years=years,
            report_kinds=frozenset(name for mention in kinds_named for name in mention.names),
            implied_years=_years_of(periods, relative=True),
            periods=periods,
            sex=sex_of(searched),
            measured=measured_of(searched),
            wanted=_wanted(kinds, searched),
            focus=focus_of(concepts),
            excluded=keys_in(terms, [left_out for _, left_out in excluding]),
            spelling=tuple(corrected.changes),
            reason=reason,
            unknown=unknown,
            set_aside=set_aside,
        )

    def _embedded(
        self,
        searched: str,
        places: Sequence[Mention],
        kinds: Sequence[KindMention],
        periods: Sequence[PeriodMention],
    ) -> str:
        """Take out what has chosen the reports already: it says nothing of which passage answers.

        A year stays where no report is of it, or all are: then it tells columns and sentences apart. A board
        stays since it says what is asked about; so do several municipalities, which are compared.
        """
        spans = []
        if len(_names(places)) == 1:
            spans += [m.span for m in places if m.name in self._municipalities]
        there = self.indexed.years_in(_names(places))
        if len(there) > 1:
            spans += [p.span for p in periods if p.period and there & set(_years_in(p.period))]
        of_kinds = self.indexed.kinds_in(_names(places))
        if len(of_kinds) > 1:
            spans += [m.span for m in kinds if m.names & of_kinds]
        return without(searched, spans) or searched

    def _set_aside(self, searched: str, ignore: Collection[Limiting]) -> tuple[str, Filters]:
        """Take what is not to limit out of a question, so that it does not weigh either; say what it was."""
        spans: list[Span] = []
        municipality = board = None
        years: tuple[int, ...] = ()
        if Limiting.MUNICIPALITY in ignore:
            places = self._places.find(searched)
            spans += [m.span for m in places]
            municipality = ", ".join(_names(places)) or None
        if Limiting.BOARD in ignore:
            boards = self.gazetteer.boards(searched, loose=True)
            spans += [m.span for m in boards]
            board = ", ".join(_names(boards)) or None
        if Limiting.YEARS in ignore:
            periods = [p for p in find_periods(searched) if p.period and not p.relative]
            spans += [p.span for p in periods]
            years = _years_of(periods, relative=False)
        return (without(searched, spans) or searched), Filters(municipality, board, years)

    def _expansions(self, searched: str, tongue: str, terms: Sequence[Term]) -> list[Expansion]:
        """What the lexicon has for words and phrases; a stop word counts only as part of a phrase."""
        whole = self.analyzer.terms(searched, keep_stopwords=True)
        kept = {(t.start, t.end) for t in terms}
        stop = {(t.start, t.end) for t in whole} - kept
        return [e for e in self.lexicon.expand(whole, language=tongue) if (e.start, e.end) not in stop]

    def _marked(self, written: str, searched: str, terms: Sequence[Term]) -> list[Expansion]:
        """What words may be in a question that is written without å, ä and ö, beside what they are."""
        if MARKED.search(written):
            return []
        return [
            Expansion((self.analyzer.lemma(form),), MARKS_LEFT_OFF, "marks", word, term.start, term.end)
            for term in terms
            if not term.part and (word := searched[term.start : term.end].lower()).isalpha()
            for form in with_marks(word, self.analyzer)
        ]

    def _reference(
        self, municipalities: Sequence[str], boards: Sequence[str], filters: Filters
    ) -> Period | None:
        """The newest period of the reports that are named: what ``i år`` and ``i fjol`` are counted from."""
        named = {name for name in municipalities if name in self.indexed.of_municipality}
        chosen_one = {filters.municipality or ""} & self._municipalities
        if chosen_one and (not municipalities or chosen_one <= named):
            named = chosen_one
        label = self.indexed.newest_period(named if municipalities or chosen_one else None)
        found = find_periods(label)
        return found[0].period if found else None

    def _left(
        self, municipalities: Sequence[str], boards: Sequence[str], years: Sequence[int], filters: Filters
    ) -> tuple[frozenset[int], Reason | None, str]:
        indexed, left = self.indexed, self.indexed.ids
        wanted = [*municipalities, *([filters.municipality] if filters.municipality else [])]
        if wanted:
            known = [m for m in wanted if m in self._municipalities]
            unknown = [m for m in wanted if m not in self._municipalities]
            if unknown and not known:
                return left, Reason.UNKNOWN_MUNICIPALITY, unknown[0]
            left = union(indexed.of_municipality, known)
        named = [*boards, *([filters.board.lower()] if filters.board else [])]
        if named:
            of_board = left & union(indexed.of_board, named)
            if of_board:
                left = of_board
            elif filters.board or self._is_unknown_board(named, left):
                return left, Reason.UNKNOWN_BOARD, named[0]
        if filters.kind:
            left = left & union(indexed.of_kind, [filters.kind]) or left
        asked = [*years, *filters.years]
        if asked:
            spoken = frozenset().union(*(self._speaking_of(str(year)) for year in asked))
            of_year = left & (spoken | union(indexed.of_year, asked))
            if not of_year:
                return left, Reason.UNKNOWN_YEAR, str(asked[0])
            left = of_year
        return left, None, ""

    def _is_gibberish(self, searched: str) -> bool:
        """Tell whether no word is known: neither to the reports nor to the dictionary."""
        words = [token.text for token in tokens(searched) if token.is_word]
        return bool(words) and not any(
            self.analyzer.knows(word) or self.indexed.speaking_of([self.analyzer.lemma(word)])
            for word in words
        )

    def _boards_meant(self, named: tuple[str, ...], municipalities: Sequence[str]) -> tuple[str, ...]:
        """Take a board by another name for the one of the same subject, unless reports speak of the name.

        ``skolnämnden`` for ``barn- och utbildningsnämnden``.
        """
        there = self.indexed.boards_in(municipalities)
        subjects = board_subjects()
        meant = []
        for name in named:
            subject = subjects.get(name)
            alike = sorted(b for b in there if subject and subjects.get(b) == subject)
            other = name not in there and len(alike) == 1 and not self._speaking_of(name)
            meant.append(alike[0] if other else name)
        return tuple(dict.fromkeys(meant))

    def _is_unknown_board(self, named: Sequence[str], left: frozenset[int]) -> bool:
        """A board that no report is of may still be spoken of in the report of another board."""
        if not left or left & union(self.indexed.of_board, [""]):
            return False
        return not any(self._speaking_of(name) & left for name in named)

    def _speaking_of(self, words: str) -> frozenset[int]:
        return self.indexed.speaking_of([t.key for t in self.analyzer.terms(words) if not t.part])


@cache
def board_subjects() -> Mapping[str, str]:
    """Map names of boards to their subject, such as school."""
    return {name: subject for name, _, _, subject, *_ in data_lines("boards.tsv")}


def _wanted(kinds: Mapping[QuestionKind, float], searched: str) -> dict[Wanted, float]:
    """A why wants a cause, a definition an explanation, whatever else stands in the question."""
    heaviest = next(iter(kinds), None)
    plainly = QuestionKind.WHY in kinds or heaviest is QuestionKind.DEFINITION
    return {} if plainly else wanted_of(searched)


def _names(mentions: Sequence[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.name for m in mentions))  # type: ignore[attr-defined]


def _years_of(periods: Sequence[PeriodMention], *, relative: bool) -> tuple[int, ...]:
    spans = (p.period for p in periods if p.period and p.relative == relative)
    return tuple(dict.fromkeys(year for span in spans for year in _years_in(span)))


def _years_in(period: Period) -> range:
    return range(period.first.year, period.last.year + 1)
