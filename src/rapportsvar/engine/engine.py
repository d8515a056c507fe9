"""The engine: one open index and everything that is asked of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rapportsvar.answering.comparison import Comparison, Wanted, compare
from rapportsvar.answering.complete import Completed, Completer
from rapportsvar.answering.compose import compose
from rapportsvar.answering.confidence import LOOKED_AT, Calibration, features_of, shipped_calibration
from rapportsvar.answering.explain import Explainer
from rapportsvar.answering.extremes import ExtremeFinder
from rapportsvar.answering.find_series import ALL, Measure, SeriesFinder
from rapportsvar.answering.hits import HitMaker
from rapportsvar.answering.likeness import Likeness
from rapportsvar.answering.messages import message
from rapportsvar.answering.places import Places
from rapportsvar.answering.plain_label import plain_first
from rapportsvar.answering.series import Series
from rapportsvar.answering.versions import Versions, find_versions
from rapportsvar.config import Settings
from rapportsvar.engine.access import Reader
from rapportsvar.engine.building import build
from rapportsvar.engine.encoders import encoder_of
from rapportsvar.engine.facets import FACETS, count_facets, of_form
from rapportsvar.engine.noticing import tells_damage
from rapportsvar.errors import IndexUnusable, ModelDamaged, UnknownReport
from rapportsvar.index.adapting.delta import delta_of
from rapportsvar.index.embedding.base import Encoder
from rapportsvar.index.engines import manifest_of, open_index, open_view
from rapportsvar.index.manifest import Manifest
from rapportsvar.index.opened import OPEN_TRIES, OpenIndex
from rapportsvar.index.store import StoredReport
from rapportsvar.model import Answer, Box, EntryKind, Filters, Hit, Limiting, Page, QuestionKind, Reason, Span
from rapportsvar.reading.pdf.image import page_png
from rapportsvar.retrieval.chosen import chosen
from rapportsvar.retrieval.conversation.dialogue import standalone_question
from rapportsvar.retrieval.indexed import Indexed
from rapportsvar.retrieval.matching import matching
from rapportsvar.retrieval.question import Understanding, Understood
from rapportsvar.retrieval.ranking import Ranker
from rapportsvar.retrieval.retriever import Ranked, Retriever
from rapportsvar.retrieval.scope import refusal
from rapportsvar.swedish.language import language
from rapportsvar.swedish.lexicon import Lexicon
from rapportsvar.swedish.names import Gazetteer
from rapportsvar.swedish.spelling import Speller
from rapportsvar.swedish.words import Analyzer

__all__ = ["Engine", "SearchResult", "build"]

SEARCH_MAX = 200
NEAR = 0.03
"""A place without any of the words is shown where its cosine is this near the best."""
SERIES_TOP = 12
MEASURES_TOP = 20

Talk = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits for words, with how all places that hold any of the words are spread.

    Attributes:
        words: As searched for.
        standalone: With their spelling corrected.
        spelling: What was corrected.
        hits: The best, also such as are near in meaning without holding a word.
        facets: Municipality, board, year, kind and form (``text`` or ``tabell``) to value and count: of every
            place in the index, not only of the hits.
        with_all_words: How many of the places hold all words; None where there is one word.
    """

    words: str
    standalone: str
    spelling: tuple[tuple[str, str], ...]
    hits: tuple[Hit, ...]
    facets: dict[str, dict[str, int]]
    with_all_words: int | None = None


class Engine:
    """Answers questions over one index. Safe to share between threads."""

    def __init__(
        self,
        index: OpenIndex,
        encoder: Encoder,
        settings: Settings | None = None,
        *,
        analyzer: Analyzer | None = None,
        ranker: Ranker | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        self.index = index
        self.encoder = encoder
        self.settings = settings or Settings()
        self.analyzer = analyzer or Analyzer()
        self.retriever = Retriever(index, encoder, self.settings.retrieval, ranker)
        self.calibration = calibration or shipped_calibration()
        self.hit_maker = HitMaker(index, self.analyzer)
        self._places = Places(index.store)
        self._extremes = ExtremeFinder(index, self.analyzer, self.hit_maker)
        self._completer = Completer(index, self.analyzer, self.hit_maker)
        self._explainer = Explainer(index, self.analyzer)
        lexicon = Lexicon.load(analyzer=self.analyzer)
        self._series = SeriesFinder(index, self.analyzer, Likeness(lexicon))
        infos = index.infos
        self._understanding = Understanding(
            analyzer=self.analyzer,
            lexicon=lexicon,
            speller=Speller(index.word_counts, lexicon.words, analyzer=self.analyzer),
            gazetteer=Gazetteer(
                extra_municipalities=sorted({i.municipality for i in infos.values() if i.municipality}),
                extra_boards=sorted({i.board for i in infos.values() if i.board}),
            ),
            indexed=Indexed(infos, self._reports_speaking_of),
        )

    @classmethod
    def open(cls, folder: Path, settings: Settings | None = None, *, talk: Talk | None = None) -> Engine:
        """Open the index in a folder.

        Raises:
            IndexUnusable: It is missing, stale, damaged or foreign.
            ModelError: The encoder cannot be used.
        """
        settings = settings or Settings()
        for _ in range(OPEN_TRIES - 1):
            manifest = manifest_of(folder, settings.index)
            try:
                return cls._opened(folder, manifest, settings, talk)
            except (IndexUnusable, ModelDamaged):
                # A builder may have put another encoder in place meanwhile, with its vectors.
                if manifest_of(folder, settings.index).generation == manifest.generation:
                    raise
        return cls._opened(folder, manifest_of(folder, settings.index), settings, talk)

    @classmethod
    def _opened(cls, folder: Path, manifest: Manifest, settings: Settings, talk: Talk | None) -> Engine:
        encoder = encoder_of(settings, talk, delta_of(folder, manifest, settings.embedding.model))
        return cls(open_index(folder, settings.index, model=encoder.name), encoder, settings)

    def for_reader(self, reader: Reader) -> Engine:
        """Return an engine over those reports only that someone may read; itself, where that is all.

        It gives what an engine gives whose index never held the others (see ``index/view.py``). It shares
        this one's encoder, and is closed on its own.

        Raises:
            IndexUnusable: The index cannot be read.
        """
        index = open_view(self.index, self.settings.index, reader.sees, model=self.encoder.name)
        if index is self.index:
            return self
        ranker, calibration = self.retriever.ranker, self.calibration
        settings, analyzer = self.settings, self.analyzer
        return Engine(
            index, self.encoder, settings, analyzer=analyzer, ranker=ranker, calibration=calibration
        )

    # asking

    @tells_damage
    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        filters: Filters | None = None,
        top: int | None = None,
        ignore: Collection[Limiting] = (),
    ) -> Answer:
        """Answer one question.

        Args:
            question: As asked.
            history: Earlier questions of the conversation, oldest first.
            filters: What the asker limits the answer to.
            top: How many hits.
            ignore: What the question names and the hits are not to be limited to.
        """
        began = time.perf_counter()
        reason = refusal(question, chars_max=self.settings.retrieval.question_chars_max)
        if reason:
            return self._refused(question, reason, began)
        understood = self.understand(question, history, filters, ignore)
        if understood.reason:
            return self._out_of_scope(understood, began, top)
        ranked = self.retriever.retrieve(understood)
        return self._answer(understood, ranked, began, top)

    def understand(
        self,
        question: str,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        ignore: Collection[Limiting] = (),
    ) -> Understood:
        """Understand a question and what it takes from earlier ones."""
        standalone = standalone_question(question, history, self._understanding) if history else question
        return self._understanding.understand(question, standalone, filters, ignore)

    @tells_damage
    def search(
        self,
        words: str,
        *,
        filters: Filters | None = None,
        top: int = 20,
        form: EntryKind | None = None,
    ) -> SearchResult:
        """Search for words or a question; count the places that hold them by municipality, board, year ...

        Args:
            words: To search for.
            filters: What the hits are limited to; by years to the reports of those years.
            form: Passages only or rows only. Forms are counted as if they were not limited.
            top: How many hits at most.
        """
        if refusal(words, chars_max=10_000) is Reason.EMPTY:
            return SearchResult(words, words, (), (), {name: {} for name in FACETS})
        understood = self._understanding.understand(words, None, filters)
        reports = understood.reports & self._of_years(filters.years if filters else ())
        understood = replace(understood, reason=None, reports=reports)
        found = matching(self.index, understood.concepts, reports)
        ranked = _those_that_match(self.retriever.retrieve(understood), found.any_word)
        ranked = _kept(ranked, np.isin(ranked.places, of_form(self.index, ranked.places, form)))
        hits = self.hit_maker.make(ranked, understood, min(top, SEARCH_MAX))
        facets = count_facets(self.index, found.any_word, form)
        with_all = len(of_form(self.index, found.all_words, form)) if found.words > 1 else None
        return SearchResult(words, understood.searched, understood.spelling, hits, facets, with_all)

    @tells_damage
    def series(self, measure: str, *, filters: Filters | None = None, top: int = SERIES_TOP) -> list[Series]:
        """Return one measure over periods, by outcome, budget, forecast ... apart; the best met first.

        Args:
            measure: As a report or an asker would call it.
            filters: Limits the reports, and by years the periods.
            top: How many series at most.
        """
        infos = (info for _, info in self.index.reports.values())
        return self._series.find(measure, chosen(filters or Filters(), infos, strict=False), top)

    @tells_damage
    def series_of(self, source: str, cell: Span) -> Series | None:
        """Return the series that the figure of a cell belongs to; None where the cell holds no figure.

        Raises:
            UnknownReport: There is no such source.
        """
        return self._series.of_cell(source, cell)

    @tells_damage
    def measures(
        self, prefix: str = "", *, filters: Filters | None = None, top: int = MEASURES_TOP
    ) -> list[Measure]:
        """Return measures that the beginning of a word may become, those with most figures first.

        Args:
            prefix: What has been typed; all measures where it is empty.
            filters: Limits the reports, and by years the periods.
            top: How many at most.
        """
        infos = (info for _, info in self.index.reports.values())
        return self._series.measures(prefix, chosen(filters or Filters(), infos, strict=False), top)

    @tells_damage
    def compare(self, measure: str, wanted: Wanted | None = None) -> Comparison:
        """Compare one measure over municipalities, boards, kinds of figure and periods.

        Args:
            measure: As a report or an asker would call it.
            wanted: What it is limited to.
        """
        return compare(measure, self._series.find(measure, Filters(), ALL), wanted or Wanted())

    @tells_damage
    def explain(self, source: str, span: Span, *, top: int = 3) -> tuple[Hit, ...]:
        """Return the passages that explain a row, the surest first; none where ``span`` is in no row.

        Args:
            source: The report.
            span: Of the row or of a cell in it.
            top: How many at most.

        Raises:
            UnknownReport: There is no such source.
            CitationError: A quote does not stand in its source.
        """
        return self._explainer.hits(source, span, top)

    def chosen(self, filters: Filters) -> Filters:
        """Write filters as the index writes its names, whatever their case and with or without ``kommun``.

        Raises:
            UnknownName: No report is of the municipality, board or kind; the message lists those there are.
        """
        return chosen(filters, (info for _, info in self.index.reports.values()), strict=True)

    # what is indexed

    def reports(self) -> list[StoredReport]:
        """Return all reports by source."""
        return list(self.index.store.reports())

    def sources(self) -> list[str]:
        """Return the sources of all reports."""
        return list(self.index.manifest.sources)

    def text(self, source: str) -> str:
        """Return the text that offsets refer to.

        Raises:
            UnknownReport: There is no such source.
        """
        return self.index.store.text(source)

    def versions(self, source: str) -> Versions:
        """Return the versions of a report, the newest first, and the figures in which they differ.

        Raises:
            UnknownReport: There is no such source.
        """
        return find_versions(self.index, source)

    # pages

    def pages(self, source: str) -> tuple[Page, ...]:
        """Return the pages of a report with their sizes in points; none where its format has none.

        Raises:
            UnknownReport: There is no such source.
        """
        return self.index.store.outline(source).pages

    def boxes(self, source: str, span: Span, *, cells: bool = False) -> tuple[Box, ...]:
        """Return where a span stands on its pages: one box a line, points from the page's top left corner.

        Args:
            source: The report.
            span: Characters of its text.
            cells: Give cells of one line a box each.

        Raises:
            UnknownReport: There is no such source.
        """
        return self._places.boxes(source, [span], cells=cells)

    def page_image(self, source: str, page: int, scale: float = 1.5) -> bytes:
        """Return a page as a PNG of ``scale`` pixels a point, drawn from the index's copy of the file.

        Args:
            source: The report.
            page: From 1.
            scale: 1 is 72 pixels an inch. Boxes times ``scale`` are pixels of the picture.

        Raises:
            UnknownReport: There is no such source, or it has no such page.
            IndexDamaged: The copy is gone or not what was indexed.
        """
        count = len(self.pages(source))
        if not 1 <= page <= count:
            what = f"Rapporten har ingen sida {page} att visa; den har {count} sidor"
            raise UnknownReport(what, where=source, todo="Visa texten i stället.")
        data = self.index.original(source)
        numbers = [each.span for each in self.index.store.outline(source).masked]
        covered = [box for box in self._places.boxes(source, numbers) if box.page == page] if numbers else []
        return page_png(data, source, page, scale, covered)

    def close(self) -> None:
        """Close the index."""
        self.index.close()

    # inside

    def _answer(self, understood: Understood, ranked: Ranked, began: float, top: int | None) -> Answer:
        wanted = top or self.settings.answering.top
        hits = self.hit_maker.make(ranked, understood, max(wanted, LOOKED_AT))
        extreme = self._extremes.put_first(hits, ranked, understood)
        hits = extreme or plain_first(hits, understood, self.analyzer)
        confidence = 0.0
        if hits:
            # The row's label names what was looked for, so that nothing else is wanted of what is lit.
            judged = replace(understood, wanted={}) if extreme else understood
            confidence = self.calibration.probability(features_of(ranked, judged, self.index, hits))
        threshold = self.settings.answering.threshold
        found = confidence >= (self.calibration.threshold if threshold is None else threshold)
        found = found and bool(hits)
        hits = hits[:wanted]
        completed = self._completer.complete(hits, understood) if found else Completed(hits)
        text = ""
        if found:
            told = completed.hits[:1] if extreme else completed.hits
            text = compose(told, understood.kind, completed.calculation, completed.disagreement)
        reason = None if found else Reason.NO_EVIDENCE
        return Answer(
            question=understood.question,
            standalone=understood.standalone,
            language=understood.language,
            kind=understood.kind,
            found=found,
            confidence=round(confidence, 4),
            reason=reason,
            message=message(reason) if reason else None,
            text=text,
            elapsed_ms=_since(began),
            filters=understood.filters,
            hits=completed.hits,
            spelling=understood.spelling,
            set_aside=understood.set_aside,
            calculation=completed.calculation,
            disagreement=completed.disagreement,
        )

    def _refused(self, question: str, reason: Reason, began: float) -> Answer:
        return Answer(
            question=question,
            standalone=question,
            language=language(question),
            kind=QuestionKind.OTHER,
            found=False,
            confidence=0.0,
            reason=reason,
            message=message(reason),
            text="",
            elapsed_ms=_since(began),
        )

    def _out_of_scope(self, understood: Understood, began: float, top: int | None) -> Answer:
        reason = understood.reason or Reason.NO_EVIDENCE
        ranked = self.retriever.retrieve(understood)
        return Answer(
            question=understood.question,
            standalone=understood.standalone,
            language=understood.language,
            kind=understood.kind,
            found=False,
            confidence=0.0,
            reason=reason,
            message=message(reason, unknown=understood.unknown, known=self._known(reason, understood)),
            text="",
            elapsed_ms=_since(began),
            filters=understood.filters,
            hits=self.hit_maker.make(ranked, understood, top or self.settings.answering.top),
            spelling=understood.spelling,
            set_aside=understood.set_aside,
        )

    def _known(self, reason: Reason, understood: Understood) -> list[str]:
        infos = [self.index.reports[key][1] for key in understood.reports]
        if reason is Reason.UNKNOWN_MUNICIPALITY:
            return sorted({i.municipality for i in infos if i.municipality})
        if reason is Reason.UNKNOWN_BOARD:
            return sorted({", ".join(filter(None, (i.board, i.municipality))) for i in infos if i.board})
        return sorted({str(i.year) for i in infos if i.year})

    def _of_years(self, years: Sequence[int]) -> frozenset[int]:
        """Ids of the reports of some years, of all where none is named; asking looks in others too."""
        reports = self.index.reports.items()
        return frozenset(key for key, (_, info) in reports if not years or info.year in years)

    def _reports_speaking_of(self, terms: Sequence[str]) -> frozenset[int]:
        """Ids of the reports where some entry's body holds each of the terms."""
        index = self.index
        spoken = np.full(len(index.report_ids), bool(terms))
        for term in terms:
            here = np.zeros(len(spoken), np.bool_)
            for field in ("body", "label"):
                here[index.report_numbers[index.keyword[field].postings(term)[0]]] = True
            spoken &= here
        return frozenset(index.report_ids[spoken].tolist())


def _those_that_match(ranked: Ranked, any_word: npt.NDArray[np.int64]) -> Ranked:
    """Leave out what shares no word with the search and is not near in meaning."""
    near = ranked.cosines >= ranked.cosines.max(initial=0.0) - NEAR
    return _kept(ranked, np.isin(ranked.places, any_word) | near)


def _kept(ranked: Ranked, kept: npt.NDArray[np.bool_]) -> Ranked:
    return Ranked(
        ranked.places[kept],
        ranked.scores[kept],
        ranked.signals[kept],
        ranked.cosines[kept],
        ranked.coverage[kept],
        ranked.question,
    )


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)
