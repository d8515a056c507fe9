"""What an answer is completed with: a calculation, a disagreement, and where the report explains a row.

All three rest on figures and passages that the index holds already. The places that they quote are among the
hits; one that was not found is put directly behind the hit that it completes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapportsvar.answering.change import Search, Worked, work_out
from rapportsvar.answering.compared import Compared, compared_in
from rapportsvar.answering.disagreement import asked_figure, disagreeing, told
from rapportsvar.answering.explain import Explainer, row_at
from rapportsvar.answering.figures import FigureFinder, cell_of
from rapportsvar.answering.hits import HitMaker
from rapportsvar.answering.likeness import name_of
from rapportsvar.index.analysis import index_terms
from rapportsvar.index.figures.measures import NEUTRAL
from rapportsvar.index.opened import OpenIndex
from rapportsvar.model import (
    Calculation,
    Disagreement,
    EntryKind,
    Explained,
    Figure,
    Highlight,
    Hit,
    Measured,
    QuestionKind,
    Span,
)
from rapportsvar.retrieval.question import Understood
from rapportsvar.swedish.words import Analyzer

ANCHORS = 5
"""Hits of which the first that has figures may be the one that a difference is asked of."""
ROWS_AMONG = 3
EXPLAINED = 1
"""Row hits, from the first, that an explanation is looked for."""
_WHOLE = NEUTRAL | {
    "hel",
    "hela",
    "samtlig",
    "förvaltning",
    "nämnd",
    "kommun",
    "kostnad",
    "nettokostnad",
    "verksamhet",
}
"""Words of a row that sums up, or that say only that it is about money."""
SPOKEN_OF = 0.5
"""Share of the words of a measure that a question must name for its figure to be what is asked for."""
_WITH_FIGURES = frozenset({QuestionKind.HOW_MUCH, QuestionKind.COMPARISON, QuestionKind.DEVELOPMENT})


@dataclass(frozen=True, slots=True)
class Completed:
    """Hits, and what they are completed with."""

    hits: tuple[Hit, ...]
    calculation: Calculation | None = None
    disagreement: Disagreement | None = None


class Completer:
    """Completes answers over one index."""

    def __init__(self, index: OpenIndex, analyzer: Analyzer, hits: HitMaker) -> None:
        self._analyzer = analyzer
        self._hits = hits
        self._figures = FigureFinder(index, analyzer, hits.tables_at)
        self._explainer = Explainer(index, analyzer)

    def complete(self, hits: tuple[Hit, ...], understood: Understood) -> Completed:
        """Complete the hits of an answer that was found.

        Raises:
            CitationError: A quote does not stand in its source.
        """
        compared = compared_in(understood)
        worked = self._work_out(compared, hits, understood) if compared else None
        if worked:
            quoted = [worked.stated] if worked.stated else []
            hits = self._with_first(hits, [*quoted, *worked.terms], understood)
        disagreement = None
        if worked is None and _asks_for_figure(understood):
            hits, disagreement = self._disagreement(hits, understood)
        return Completed(self._with_explanations(hits), worked.calculation if worked else None, disagreement)

    def _work_out(self, compared: Compared, hits: Sequence[Hit], understood: Understood) -> Worked | None:
        """Work out a difference of the first hit whose figures have both terms, else of one that has one.

        A later hit must be about the same: each word of its measure stands in the question, in other words
        perhaps, or in the first hit.
        """
        anchors = self._anchors(hits, understood)
        for beyond in (False, True):
            for figures in anchors:
                search = Search(compared, understood, self._figures, self._analyzer, self._hits.text, beyond)
                worked = work_out(figures, search)
                if worked:
                    return worked
        return None

    def _anchors(self, hits: Sequence[Hit], understood: Understood) -> list[list[Figure]]:
        asked = _asked(understood) | self._words(" ".join((hits[0].text, *hits[0].section[-1:])))
        return [
            [f for f in self._figures.of_hit(hit) if hit.rank == 1 or self._named(f, asked) == 1]
            for hit in hits[:ANCHORS]
        ]

    def _named(self, figure: Figure, asked: set[str]) -> float:
        """Return the share of the words of a figure's measure that are among some words."""
        name = name_of(index_terms(self._analyzer, figure.measure))
        apart = dict(name.parts)
        words = [word for word in name.words if word not in _WHOLE] or name.words
        named = [w for w in words if w in asked or (w in apart and set(apart[w]) <= asked)]
        return len(named) / max(1, len(words))

    def _words(self, text: str) -> set[str]:
        return {term.key for term in self._analyzer.terms(text)}

    def _disagreement(
        self, hits: tuple[Hit, ...], understood: Understood
    ) -> tuple[tuple[Hit, ...], Disagreement | None]:
        asked = asked_figure(hits[0], self._figures.of_hit(hits[0]))
        if asked is None or self._named(asked, _asked(understood)) < SPOKEN_OF:
            return hits, None
        others = disagreeing(asked, self._figures, self._hits.text)
        if not others:
            return hits, None
        shown = self._with_first(hits, [asked, *others], understood)
        return shown, told([asked, *others], self._hits.text)

    def _with_first(
        self, hits: tuple[Hit, ...], figures: Sequence[Figure], understood: Understood
    ) -> tuple[Hit, ...]:
        """Put figures first among the cells of the hits that they stand in, and those hits first.

        A passage that was the first hit stays so: it may say what the figures mean.
        """
        changed: dict[tuple[str, Span], Hit] = {}
        for figure in figures:
            hit = next((h for h in (*changed.values(), *hits) if _holds(h, figure)), None)
            hit = hit or self._hits.at(figure.source, figure.span, understood, hits[0])
            if hit is None:
                continue
            first = [f for f in figures if _holds(hit, f)]
            changed[hit.source, hit.span] = self._quoting(hit, first)
        lead = [h for h in hits[:1] if (h.source, h.span) not in changed and h.kind is EntryKind.PASSAGE]
        rest = [h for h in hits if h not in lead and (h.source, h.span) not in changed]
        ordered = [*lead, *changed.values(), *rest][: max(len(hits), len(lead) + len(changed))]
        return tuple(replace(hit, rank=rank) for rank, hit in enumerate(ordered, 1))

    def _quoting(self, hit: Hit, figures: Sequence[Figure]) -> Hit:
        text = self._hits.text(hit.source)
        cells = tuple(cell_of(figure, text) for figure in figures)
        kept = [mark.span for mark in hit.highlights if not any(mark.span == c.span for c in hit.cells)]
        spans = kept + [c.span for c in cells if not any(span.contains(c.span) for span in kept)]
        if hit.kind is EntryKind.PASSAGE:
            spans = [s for s in spans if s not in {c.span for c in cells}]
            spans += [f.row for f in figures if hit.span.contains(f.row) and f.row not in spans]
        marks = tuple(Highlight(span, span.of(text)) for span in sorted(set(spans)))
        return self._hits.checked(replace(hit, cells=cells, highlights=marks))

    def _with_explanations(self, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        rows = [hit for hit in hits[:ROWS_AMONG] if hit.kind is EntryKind.ROW][:EXPLAINED]
        found = {hit.rank: self._explained(hit) for hit in rows}
        return tuple(
            replace(hit, explanation=explained) if (explained := found.get(hit.rank)) else hit for hit in hits
        )

    def _explained(self, hit: Hit) -> Explained | None:
        row, _ = row_at(self._hits.tables_at(hit.source, hit.span), hit.span)
        place = self._explainer.place(hit.source, row, hit.section) if row else None
        return Explained(hit.source, place, place.of(self._hits.text(hit.source))) if place else None


def _asks_for_figure(understood: Understood) -> bool:
    kinds = understood.kinds
    return not kinds or bool(_WITH_FIGURES & kinds.keys()) or Measured.FORECAST in understood.measured


def _asked(understood: Understood) -> set[str]:
    """Return the words of a question, and those that the lexicon puts in their place."""
    return {key for c in understood.concepts for wording in c.wordings for key in wording.keys}


def _holds(hit: Hit, figure: Figure) -> bool:
    return hit.source == figure.source and hit.span.contains(figure.span)
