"""What is asked: kind, municipality, board, years, sex, forecast or outcome, and the concepts to look for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz.distance import OSA

from rapportsvar.model import Filters, Limiting, Measured, Period, QuestionKind, Reason, ReportInfo, Span
from rapportsvar.retrieval.chosen import chosen
from rapportsvar.retrieval.concepts import Concept, concepts_of, weighed_down
from rapportsvar.retrieval.kinds import kinds_of
from rapportsvar.retrieval.set_aside import without
from rapportsvar.retrieval.wanted import Wanted, focus_of, wanted_of
from rapportsvar.swedish.datafiles import data_lines
from rapportsvar.swedish.language import language
from rapportsvar.swedish.lexicon import Expansion, Lexicon
from rapportsvar.swedish.names import Gazetteer, Mention, basic_form
from rapportsvar.swedish.periods import PeriodMention, find_periods
from rapportsvar.swedish.spelling import Speller, with_marks
from rapportsvar.swedish.tokens import tokens
from rapportsvar.swedish.words import Analyzer, Term, fold

PLACE_WEIGHT = 0.1
"""A municipality that is named chooses the reports; that a passage names it too says little."""
BOARD_WEIGHT = 0.4
PERIOD_WEIGHT = 0.3

WOMEN = re.compile(
    r"\b(?:kvinn\w*|tjej\w*|flick\w*|mamm\w*|tant(?:er|erna)?|dam(?:er|erna)|women|woman|girls?|female)\b",
    re.IGNORECASE,
)
MEN = re.compile(
    r"\b(?:män|mäns|männen|man(?:lig\w*)|kill(?:e|en|ar|arna|arnas)|pojk\w*|papp\w*|karl(?:ar|arna)?|gubb(?:e|ar|arna)"
    r"|grabb\w*|herr(?:ar|arna)|men|boys?|male)\b",
    re.IGNORECASE,
)
MEASURED: Mapping[Measured, re.Pattern[str]] = {
    Measured.ACCOUNTS: re.compile(
        r"\b(?:bokslut\w*|slutnota\w*|årsbokslut\w*|final accounts)\b", re.IGNORECASE
    ),
    Measured.FORECAST: re.compile(
        r"\b(?:\w*prognos\w*|väntas?|förväntas?|beräknas?|räkna[rs]?\b|räknat|tror|spås|spår|beräkning\w*"
        r"|kommer att|i slutet av (?:året|20\d\d)|vid årets slut|när (?:hela )?(?:året|20\d\d) är slut"
        r"|hela (?:året|20\d\d)|under hela|helår\w*|ser ut att|forecast\w*|expect\w*)\b",
        re.IGNORECASE,
    ),
    Measured.BUDGET: re.compile(
        r"\b(?:budget\w*|avsatt\w*|avsatta|anslag\w*|anslagna|tilldela\w*|kommunbidrag\w*|ram|ramen|pott\w*)\b",
        re.IGNORECASE,
    ),
    Measured.DEVIATION: re.compile(
        r"\b(?:avvik\w*|underskott\w*|överskott\w*|plus|minus|(?:gå|gick|går|gått)\b.{0,60}\bback|back"
        r"|(?:pengar|blir|bli|blev|fick|få|kronor|ha|har|hade)\b.{0,25}\b(?:över|kvar)"
        r"|mot budget|deficit|surplus"
        r"|(?:dyrare|mer|mindre|billigare) än (?:tänkt|planerat|budgeterat|beräknat|väntat))\b",
        re.IGNORECASE,
    ),
    Measured.TARGET: re.compile(
        r"\b(?:mål|målet|målvärde\w*|målnivå\w*|målsättning\w*|ambition\w*|target)\b", re.IGNORECASE
    ),
    Measured.OUTCOME: re.compile(
        r"\b(?:utfall\w*|hittills|faktiskt|blev|landade|kostade|gick|användes|betalades|redovisa\w*|actual)\b",
        re.IGNORECASE,
    ),
}


EXCLUDED = re.compile(
    r"\b(?:(?:om (?:man|vi) )?(?:räknar|räknat|räknas|bortser|bortsett|frånsett|bortser man) (?:bort|från)"
    r"|bortsett från|frånsett|exklusive|exkl\.?|förutom|utom|utan att räkna(?: med)?|excluding|except)"
    r"\s+([^,.;:?!]+)"
    r"|\b((?:\w+ och )?\w+)\s+(?:borträkna|oräkna|exkludera|undanta|utelämna|frånräkna)\w*",
    re.IGNORECASE,
)
"""What is not to be counted: *om man räknar bort lokalerna*, *administrationen borträknad*."""
MARKED = re.compile("[åäö]", re.IGNORECASE)
EXCLUDED_WEIGHT = 0.05
MARKS_LEFT_OFF = 0.8
"""How surely a word of a question without any marks is one that has them."""
NAME_CHARS_MIN = 5
"""A shorter name is too near to other words to be known with a slip in it."""
LONG_NAME_CHARS = 7
"""So long a name is known even where the dictionary has the word: ``upsala``."""
# "i storköpings kommun": a name in small letters, which no list holds; the dictionary knows "i vår kommun".
_SMALL_PLACE = re.compile(r"\b(?:i|från|hos|inom|för)\s+(([a-zåäöé][\w-]{3,})\s+kommun)\b")


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the index holds, as far as understanding a question needs it."""

    reports: Mapping[int, ReportInfo]
    speaking_of: Callable[[Sequence[str]], frozenset[int]]
    """Ids of the reports whose text holds all of some index terms."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question, understood.

    Attributes:
        standalone: The question with what it takes from earlier ones written out.
        searched: ``standalone`` with its spelling corrected; this is embedded.
        kinds: Weights of the kinds it may be of, heaviest first.
        reports: Ids of the reports that what is named leaves; all where nothing certain is named.
        municipalities: Those named, in order.
        boards: Those named.
        years: Those named.
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
    municipalities: tuple[str, ...] = ()
    boards: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
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
    _by_letter: dict[str, list[tuple[str, str]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        infos = self.indexed.reports.values()
        self._municipalities = frozenset(i.municipality for i in infos if i.municipality)
        for name in sorted(self._municipalities):
            self._by_letter.setdefault(fold(name)[0], []).append((fold(name), name))

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
        places = self._places(searched)
        municipalities = () if Limiting.MUNICIPALITY in ignore else _names(places)
        board_mentions = self.gazetteer.boards(searched, loose=True)
        named_boards = () if Limiting.BOARD in ignore else _names(board_mentions)
        boards = self._boards_meant(tuple(name.lower() for name in named_boards), municipalities)
        reference = self._reference(municipalities, boards, filters)
        periods = tuple(find_periods(searched, reference=reference))
        years = () if Limiting.YEARS in ignore else _years_of(periods, relative=False)
        terms = tuple(self.analyzer.terms(searched))
        concepts = weighed_down(
            concepts_of(
                terms, [*self._expansions(searched, tongue, terms), *self._marked(whole, searched, terms)]
            ),
            {
                **{m.span: PLACE_WEIGHT for m in places if m.name in self._municipalities},
                **{m.span: BOARD_WEIGHT for m in board_mentions},
                **{p.span: PERIOD_WEIGHT for p in periods},
            },
        )
        excluding = list(EXCLUDED.finditer(searched))
        concepts = weighed_down(concepts, {Span(*found.span()): EXCLUDED_WEIGHT for found in excluding})
        kinds = kinds_of(searched)
        left, reason, unknown = self._left(municipalities, boards, years, filters)
        if self._is_gibberish(searched):
            reason = Reason.NOT_A_QUESTION
        return Understood(
            question=question,
            standalone=whole,
            searched=searched,
            language=tongue,
            kinds=kinds,
            terms=terms,
            concepts=concepts,
            reports=left,
            municipalities=municipalities,
            boards=boards,
            years=years,
            implied_years=_years_of(periods, relative=True),
            periods=periods,
            sex=_sex(searched),
            measured=frozenset(m for m, pattern in MEASURED.items() if pattern.search(searched)),
            wanted=_wanted(kinds, searched),
            focus=focus_of(concepts),
            excluded=_keys_in(terms, [Span(*found.span(found.lastindex or 0)) for found in excluding]),
            spelling=tuple(corrected.changes),
            reason=reason,
            unknown=unknown,
            set_aside=set_aside,
        )

    def _set_aside(self, searched: str, ignore: Collection[Limiting]) -> tuple[str, Filters]:
        """Take what is not to limit out of a question, so that it does not weigh either; say what it was."""
        spans: list[Span] = []
        municipality = board = None
        years: tuple[int, ...] = ()
        if Limiting.MUNICIPALITY in ignore:
            places = self._places(searched)
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

    def _places(self, searched: str) -> list[Mention]:
        """Find the municipalities named, but for words that only look like one: ``anges`` is not Ånge's."""
        named = self.gazetteer.municipalities(searched, loose=True)
        found = [m for m in named if not self._is_a_word(m.span.of(searched), m.name)]
        taken = [m.span for m in found]
        found += [m for m in self._nearly(searched) if not any(m.span.overlap_chars(o) for o in taken)]
        taken = [m.span for m in found]
        for small in _SMALL_PLACE.finditer(searched):
            span = Span(*small.span(1))
            name = basic_form(small[2])
            known = self.analyzer.knows(small[2]) or self.analyzer.knows(name)
            if not known and not any(span.overlap_chars(other) for other in taken):
                found.append(Mention(span, name.title(), "kommun", True))
        return sorted(found, key=lambda mention: mention.span.start)

    def _nearly(self, searched: str) -> list[Mention]:
        """Find names of indexed municipalities with one slip in them: ``Upsala``."""
        found = []
        for token in tokens(searched):
            if not token.is_word or len(token.text) < NAME_CHARS_MIN:
                continue
            written = fold(basic_form(token.text))
            least = LONG_NAME_CHARS if self.analyzer.knows(token.text) else NAME_CHARS_MIN
            for folded_name, name in self._by_letter.get(written[0], ()):
                if len(name) >= least and OSA.distance(written, folded_name, score_cutoff=1) == 1:
                    found.append(Mention(Span(token.start, token.end), name, "kommun", False))
        return found

    def _is_a_word(self, written: str, name: str) -> bool:
        """Tell whether small letters without the name's marks are a word of their own."""
        other = not written.lower().startswith(name.lower()) and written[:1].islower()
        return other and " " not in written and self.analyzer.knows(written)

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
        self, municipalities: Sequence[str], boards: Sequence[str], filters: Filters | None
    ) -> Period | None:
        """The newest period of the reports that are named: what ``i år`` and ``i fjol`` are counted from."""
        named = [
            i for i in self.indexed.reports.values() if not municipalities or i.municipality in municipalities
        ]
        if filters and filters.municipality:
            named = [i for i in named if i.municipality == filters.municipality] or named
        years = [i.year for i in named if i.year]
        if not years:
            return None
        newest = max(years)
        label = next((i.period for i in named if i.year == newest and i.period), str(newest))
        found = find_periods(label)
        return found[0].period if found else None

    def _left(
        self, municipalities: Sequence[str], boards: Sequence[str], years: Sequence[int], filters: Filters
    ) -> tuple[frozenset[int], Reason | None, str]:
        left = dict(self.indexed.reports)
        wanted = [*municipalities, *([filters.municipality] if filters.municipality else [])]
        if wanted:
            known = [m for m in wanted if m in self._municipalities]
            unknown = [m for m in wanted if m not in self._municipalities]
            if unknown and not known:
                return frozenset(left), Reason.UNKNOWN_MUNICIPALITY, unknown[0]
            left = {k: i for k, i in left.items() if i.municipality in known}
        named = [*boards, *([filters.board.lower()] if filters.board else [])]
        if named:
            of_board = {k: i for k, i in left.items() if i.board.lower() in named}
            if of_board:
                left = of_board
            elif filters.board or self._is_unknown_board(named, left):
                return frozenset(left), Reason.UNKNOWN_BOARD, named[0]
        if filters.kind:
            left = {k: i for k, i in left.items() if i.kind == filters.kind} or left
        asked = [*years, *filters.years]
        if asked:
            spoken = frozenset().union(*(self._speaking_of(str(year)) for year in asked))
            of_year = {k: i for k, i in left.items() if i.year in asked or k in spoken}
            if not of_year:
                return frozenset(left), Reason.UNKNOWN_YEAR, str(asked[0])
            left = of_year
        return frozenset(left), None, ""

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
        infos = [
            i for i in self.indexed.reports.values() if not municipalities or i.municipality in municipalities
        ]
        there = {info.board.lower() for info in infos if info.board}
        subjects = board_subjects()
        meant = []
        for name in named:
            subject = subjects.get(name)
            alike = sorted(b for b in there if subject and subjects.get(b) == subject)
            other = name not in there and len(alike) == 1 and not self._speaking_of(name)
            meant.append(alike[0] if other else name)
        return tuple(dict.fromkeys(meant))

    def _is_unknown_board(self, named: Sequence[str], left: Mapping[int, ReportInfo]) -> bool:
        """A board that no report is of may still be spoken of in the report of another board."""
        if not left or not all(info.board for info in left.values()):
            return False
        return not any(self._speaking_of(name) & left.keys() for name in named)

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


def _sex(question: str) -> str:
    """Return the sex that is asked for; nothing where both are."""
    women, men = bool(WOMEN.search(question)), bool(MEN.search(question))
    return "kvinnor" if women and not men else "män" if men and not women else ""


def _keys_in(terms: Sequence[Term], spans: Sequence[Span]) -> tuple[str, ...]:
    """Return the keys of the words in some stretches; for a compound its first part, which says what kind."""
    keys: list[str] = []
    for span in spans:
        inside = [t for t in terms if span.start <= t.start and t.end <= span.end]
        for start in dict.fromkeys(t.start for t in inside):
            own = [t for t in inside if t.start == start]
            keys += [own[0].key, *(t.key for t in own[1:2])]
    return tuple(dict.fromkeys(keys))


def _names(mentions: Sequence[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.name for m in mentions))  # type: ignore[attr-defined]


def _years_of(periods: Sequence[PeriodMention], *, relative: bool) -> tuple[int, ...]:
    spans = (p.period for p in periods if p.period and p.relative == relative)
    return tuple(dict.fromkeys(year for span in spans for year in range(span.first.year, span.last.year + 1)))


def folded(name: str) -> str:
    """Return a name as it is compared: without marks over letters."""
    return fold(name)
