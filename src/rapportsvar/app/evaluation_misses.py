"""Questions of a run that went wrong: what was expected and what came, each leading to its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapportsvar.app import texts
from rapportsvar.app.address import REPORTS, Conversation, Place, link, place_values
from rapportsvar.app.evaluation_figures import share
from rapportsvar.app.lit import lit
from rapportsvar.app.markup import Html, tag
from rapportsvar.errors import UnknownReport
from rapportsvar.evaluation.gold import PART, places_of
from rapportsvar.evaluation.rows import Expected, HitLine, QuestionRow
from rapportsvar.evaluation.words import group, word
from rapportsvar.index.entries import plain
from rapportsvar.model import Span

SHOWN = 5
CUT = "…"


@dataclass(frozen=True, slots=True)
class MissDrawer:
    """Draws questions of a run. ``text_of`` gives the text of a report as it is indexed now."""

    text_of: Callable[[str], str]

    def misses(self, rows: Sequence[QuestionRow]) -> Html:
        """Draw all that went wrong, the first of them at once."""
        missed = [row for row in rows if row.missed]
        if not missed:
            return tag("p", texts.MISSES_NONE)
        first, rest = missed[:SHOWN], missed[SHOWN:]
        return tag(
            "div",
            tag("p", texts.MISSES_COUNT.format(len(missed), len(rows)), class_="note"),
            [self.miss(row) for row in first],
            tag(
                "details",
                tag("summary", texts.MORE_HIDDEN.format(len(rest))),
                [self.miss(row) for row in rest],
            )
            if rest
            else None,
            class_="misses",
        )

    def miss(self, row: QuestionRow) -> Html:
        """Draw one question."""
        told = " · ".join(filter(None, (row.id, group(row.kind), word(row.style) if row.style else "")))
        talk = Conversation(row.question, row.history)
        history = [tag("p", earlier, class_="note") for earlier in row.history]
        return tag(
            "article",
            history,
            tag("h3", tag("a", row.question, href=talk.link(), data_go=True)),
            tag("p", told, class_="note"),
            tag(
                "div",
                tag("section", tag("h4", texts.MISS_EXPECTED), self._expected(row)),
                tag("section", tag("h4", texts.MISS_CAME), tag("p", verdict(row)), self._came(row)),
                class_="expected-came",
            ),
            class_="miss",
        )

    def _expected(self, row: QuestionRow) -> Html | list[Html]:
        if row.answerable:
            return [self._evidence(piece) for piece in row.expected]
        reason = f": {word(row.expected_reason)}" if row.expected_reason else ""
        return tag("p", f"{texts.MISS_NO_ANSWER}{reason}")

    def _evidence(self, piece: Expected) -> Html:
        part = f" ({texts.MISS_IN_PART})" if piece.relevance == PART else ""
        return tag(
            "div",
            tag("blockquote", _words(piece.quote), class_="quote"),
            tag("p", self._place(piece.source, piece.quote), part, class_="source-line"),
        )

    def _came(self, row: QuestionRow) -> list[Html]:
        return [self._hit(hit) for hit in row.hits]

    def _hit(self, hit: HitLine) -> Html:
        marks = [_find(mark, hit.text) for mark in hit.highlights]
        words = lit(hit.text, Span(0, len(hit.text)), [mark for mark in marks if mark])
        path = " › ".join(plain(title) for title in hit.section)
        return tag(
            "div",
            tag("blockquote", words, class_="quote"),
            tag("p", self._place(hit.source, hit.text), f" · {path}" if path else "", class_="source-line"),
        )

    def _place(self, source: str, words: str) -> Html:
        """Name a report; where the words stand in it, lead there."""
        place = self._find_place(source, words)
        if place is None:
            return tag("span", source, f" ({texts.MISS_NOT_THERE})")
        return tag("a", source, href=link(REPORTS, place_values(Place(source, place))), data_go=True)

    def _find_place(self, source: str, words: str) -> Span | None:
        try:
            return _find(words, self.text_of(source))
        except UnknownReport:
            return None


def verdict(row: QuestionRow) -> str:
    """Say in a line what came."""
    if row.error:
        return texts.MISS_ERROR.format(row.error)
    reason = f": {word(row.reason)}" if row.reason else ""
    came = texts.MISS_ANSWER if row.found else f"{texts.MISS_NO_ANSWER}{reason}"
    told = texts.MISS_VERDICT.format(came, share(row.confidence))
    if not row.answerable:
        return told
    return f"{told} {texts.MISS_RANK.format(row.rank) if row.rank else texts.MISS_RANK_NONE}"


def _find(words: str, text: str) -> Span | None:
    """Find words that may have been cut at their end."""
    places = places_of(words.removesuffix(CUT), text) if words.removesuffix(CUT) else ()
    return places[0] if places else None


def _words(quote: str) -> str:
    return quote.replace("\t", " | ")
