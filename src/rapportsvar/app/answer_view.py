"""An answer as HTML: the quote, whose report it is, how sure it is, and what can be done with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rapportsvar.answering.comparison import chart_of
from rapportsvar.answering.series import Point, Series
from rapportsvar.app import texts
from rapportsvar.app.address import REPORTS, Conversation, Place, link, place_values
from rapportsvar.app.chart_scale import chart_title
from rapportsvar.app.chart_view import draw_small
from rapportsvar.app.choice import Choice
from rapportsvar.app.citation import citation, place_line, place_name
from rapportsvar.app.compare_view import compared_with
from rapportsvar.app.completed_view import (
    draw_calculation,
    draw_disagreement,
    draw_explanation,
    with_unit,
)
from rapportsvar.app.lit import quoted
from rapportsvar.app.markup import EMPTY, Html, tag, together
from rapportsvar.app.swedish import capital
from rapportsvar.app.table_view import draw_excerpt
from rapportsvar.engine.along import Along
from rapportsvar.engine.assurance import Assurance, assurance
from rapportsvar.engine.reading_view import TableExcerpt
from rapportsvar.engine.widen import Limit
from rapportsvar.model import Answer, Calculation, CellAnswer, Filters, Hit, Limiting

PLACES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Drawer:
    """What drawing an answer needs to know.

    Attributes:
        talk: The conversation that the answer stands in.
        today: For citations.
        text_of: Gives the text of a source.
        excerpt_of: Gives the table around the row of a hit.
        choice: Which hits are chosen for export; None where none can be.
        explanation_of: Gives the passage that explains the row of a hit.
    """

    talk: Conversation
    today: date
    text_of: Callable[[str], str]
    excerpt_of: Callable[[Hit], TableExcerpt | None]
    choice: Choice | None = None
    explanation_of: Callable[[Hit], Hit | None] = lambda _: None

    def answer(self, answer: Answer, held: Sequence[Hit] = ()) -> Html:
        """Draw the place that answers best, how sure that is, and what completes it.

        Args:
            answer: The answer.
            held: Places of several reports to hold side by side in its stead.
        """
        first = answer.hits[0]
        figures = not _are_terms(first, answer.calculation)
        return tag(
            "section",
            _assurance(assurance(answer)),
            draw_calculation(answer.calculation, answer.hits, self.talk),
            draw_disagreement(answer.disagreement, answer.hits, self.talk),
            self._side_by_side(held) if held else self.hit(first, large=True, figures=figures),
            class_="answer",
            aria_label=texts.ANSWER,
            id="svar",
            data_elapsed_ms=str(answer.elapsed_ms),
        )

    def after(self, answer: Answer, along: Along) -> Html:
        """Draw what goes along with an answer: its figure over time, and the questions that follow."""
        over_time = self._over_time(answer.hits[0], along.series) if along.series else None
        return together(over_time, self._follow_ups(along))

    def no_answer(self, answer: Answer) -> Html:
        """Draw why there is no answer, and what is nearest."""
        return together(
            tag(
                "section",
                tag("h2", texts.NO_ANSWER),
                tag("p", answer.message),
                class_="no-answer",
                role="status",
                id="svar",
                data_elapsed_ms=str(answer.elapsed_ms),
            ),
            self._nearest(answer.hits[:PLACES_SHOWN]),
        )

    def hit(
        self, hit: Hit, *, large: bool = False, answers: bool = True, figures: bool = True, held: bool = False
    ) -> Html:
        """Draw one place: what it says, whose report it is, and its links.

        Args:
            hit: The place.
            large: It is the answer.
            answers: False where it is only near.
            figures: The cells are shown over the table, too.
            held: It is held beside others, under whose it is: a row stands without its neighbours.
        """
        is_row = hit.cells or self.excerpt_of(hit)
        body = (
            self._row(hit, large=large, figures=figures, alone=held) if is_row else _passage(hit, large=large)
        )
        return tag(
            "article",
            None if answers else tag("p", texts.NOT_ANSWERING, class_="flag"),
            body,
            source_line(hit, whose=not held),
            self._elsewhere(hit),
            _versions(hit),
            draw_explanation(self.explanation_of(hit), self.talk, self.today) if answers else None,
            self._actions(hit),
            class_=f"hit {'large' if large else 'small'}{'' if answers else ' unlit'}",
        )

    def _row(self, hit: Hit, *, large: bool, figures: bool, alone: bool) -> Html:
        excerpt = self.excerpt_of(hit)
        if excerpt and alone:
            excerpt = excerpt.alone()
        text = self.text_of(hit.source)
        table = (
            draw_excerpt(excerpt, text, [c.span for c in hit.cells], alone=alone)
            if excerpt
            else _passage(hit, large=large)
        )
        shown = tag("div", [_figure(cell) for cell in hit.cells], class_="figures") if figures else None
        return together(shown, table)

    def more(self, hits: Sequence[Hit]) -> Html:
        """Draw the other places that answer, the first of them at once."""
        if not hits:
            return EMPTY
        shown, hidden = hits[:PLACES_SHOWN], hits[PLACES_SHOWN:]
        return tag(
            "section",
            tag("h2", texts.MORE_PLACES),
            [self.hit(hit) for hit in shown],
            tag(
                "details",
                tag("summary", texts.MORE_HIDDEN.format(len(hidden))),
                [self.hit(hit) for hit in hidden],
            )
            if hidden
            else None,
            class_="more",
        )

    def _side_by_side(self, hits: Sequence[Hit]) -> Html:
        """Draw the best place of each report, under whose it is."""
        held = [
            tag(
                "div",
                tag("h3", _whose(hit)),
                self.hit(hit, held=True),
                class_="held",
                role="group",
                aria_label=_whose(hit),
            )
            for hit in hits
        ]
        note = tag("p", texts.SIDE_BY_SIDE_NOTE, class_="note")
        return together(tag("h2", texts.SIDE_BY_SIDE), note, tag("div", held, class_="side-by-side"))

    def _over_time(self, hit: Hit, series: Series) -> Html:
        chart = chart_of(series)
        named = (
            series.measure,
            texts.KINDS[series.kind] if series.kind else "",
            series.sex,
            chart_title(chart),
        )
        title = " · ".join(filter(None, named))
        compare = tag(
            "a",
            texts.COMPARE_THIS,
            href=compared_with(series).link(),
            data_go=True,
            class_="action",
            aria_label=texts.COMPARE_THIS_LONG.format(series.measure),
        )
        drawn = draw_small(chart, self._beside, (hit.source, hit.cells[0].span))
        return tag(
            "section",
            tag(
                "div", tag("h2", texts.OVER_TIME), tag("p", title, class_="note"), compare, class_="over-head"
            ),
            drawn,
            class_="over-time",
            aria_label=f"{texts.OVER_TIME}: {title}",
        )

    def _beside(self, point: Point) -> str:
        return self.talk.showing(Place(point.source, point.span)).link()

    def _follow_ups(self, along: Along) -> Html:
        """Draw the questions that follow, each a link that goes on with the conversation."""
        earlier = (*self.talk.earlier, self.talk.question)
        asked = [(along.why, along.why)] if along.why else []
        years = [(str(other.year), other.question) for other in along.others]
        if not asked and not years:
            return EMPTY
        return tag(
            "nav",
            [self._asking(name, question, earlier) for name, question in asked],
            tag("span", texts.OTHER_YEARS, class_="label") if years else None,
            [self._asking(name, question, earlier) for name, question in years],
            class_="chips follow-ups",
            aria_label=texts.FOLLOW_UPS,
        )

    def _asking(self, name: str, question: str, earlier: Sequence[str]) -> Html:
        return tag(
            "a",
            name,
            href=self.talk.asking(question, earlier).link(),
            data_go=True,
            class_="chip",
            aria_label=question,
            title=question,
        )

    def _nearest(self, hits: Sequence[Hit]) -> Html:
        if not hits:
            return EMPTY
        return tag(
            "section",
            tag("h2", texts.NEAREST),
            tag("p", texts.NEAREST_NOTE, class_="note"),
            [self.hit(hit, answers=False) for hit in hits],
            class_="more nearest",
        )

    def _actions(self, hit: Hit) -> Html:
        shown = self.talk.place is not None and (self.talk.place.source, self.talk.place.span) == (
            hit.source,
            hit.span,
        )
        words = citation(hit, self.today)
        name = f"kalla-{hit.rank}"
        open_link = tag(
            "a",
            texts.SHOWN_BESIDE if shown else texts.SHOW_IN_REPORT,
            href=self.talk.showing(Place(hit.source, hit.span)).link(),
            data_go=True,
            class_="action",
            aria_current="true" if shown else None,
        )
        copy = tag(
            "button", texts.COPY, type="button", class_="action", data_copy=name, data_done=texts.COPIED
        )
        choose = self.choice.box(hit) if self.choice else None
        shown_words = tag(
            "details",
            tag("summary", texts.CITATION),
            tag("p", words, id=name, class_="citation", tabindex=0),
        )
        return tag("div", open_link, copy, choose, shown_words, class_="actions")

    def _elsewhere(self, hit: Hit) -> Html:
        if not hit.elsewhere:
            return EMPTY
        links = [
            tag("a", source, href=link(REPORTS, place_values(Place(source, span))), data_go=True)
            for source, span in hit.elsewhere[:5]
        ]
        return tag("p", texts.ELSEWHERE, " ", [together(" ", item) for item in links], class_="elsewhere")


def _versions(hit: Hit) -> Html:
    """Tell which older versions say it, or that only an older one does."""
    if hit.version_of:
        return tag("p", texts.ONLY_OLDER, " ", hit.version_of, class_="elsewhere")
    if not hit.versions:
        return EMPTY
    links = [
        tag("a", source, href=link(REPORTS, place_values(Place(source, span))), data_go=True)
        for source, span in hit.versions[:5]
    ]
    return tag("p", texts.OLDER, " ", [together(" ", item) for item in links], class_="elsewhere")


def source_line(hit: Hit, *, whose: bool = True) -> Html:
    """Draw ``kommun · nämnd · rapport · period · avsnitt · sida``; the first two only where ``whose``."""
    items = [tag("span", part) for part in place_line(hit)[0 if whose else 2 :] if part]
    return tag("p", items, class_="source-line")


def _whose(hit: Hit) -> str:
    """Name whose report a place stands in: ``Åsbro kommun · Socialnämnden · 2022``."""
    info = hit.report
    period = info.period or (str(info.year) if info.year else "")
    parts = (place_name(info.municipality), capital(info.board), period)
    return " · ".join(filter(None, parts)) or info.title or hit.source


def understood(answer: Answer, limits: Sequence[Limit], talk: Conversation) -> Html:
    """Draw how the question was understood, and what it is limited to, each with a way to take it back."""
    chips = [_chip(limit.name, talk.ignoring((*talk.ignored, limit.limiting)).link()) for limit in limits]
    own = talk.filters
    if own.municipality:
        chips.append(_chip(own.municipality, talk.limited(replace(own, municipality=None)).link()))
    aside = [
        _chip(name, talk.ignoring(set(talk.ignored) - {limiting}).link(), is_aside=True)
        for limiting, name in _set_aside(answer.set_aside)
    ]
    spelling = [
        tag("span", tag("del", wrong), " ", tag("ins", right), class_="spelled")
        for wrong, right in answer.spelling
    ]
    different = answer.standalone.strip() != answer.question.strip()
    lines = (
        tag("p", tag("span", texts.UNDERSTOOD, class_="label"), " ", tag("q", _corrected(answer)))
        if different
        else None,
        tag("p", tag("span", texts.SPELLED, class_="label"), " ", spelling) if spelling else None,
        tag("p", tag("span", texts.TAKEN_FROM_QUESTION, class_="label"), " ", chips, class_="chips")
        if chips
        else None,
        tag("p", tag("span", texts.SET_ASIDE, class_="label"), " ", aside, class_="chips") if aside else None,
    )
    return tag("div", lines, class_="understood") if any(lines) else EMPTY


def _corrected(answer: Answer) -> str:
    """Write the question that was answered, with its spelling corrected."""
    question = answer.standalone
    for wrong, right in answer.spelling:
        question = re.sub(rf"\b{re.escape(wrong)}\b", right.replace("\\", r"\\"), question)
    return question


def _set_aside(named: Filters) -> list[tuple[Limiting, str]]:
    """What the question names and the answer is not limited to."""
    years = ", ".join(str(year) for year in named.years)
    all_named = (
        (Limiting.MUNICIPALITY, named.municipality),
        (Limiting.BOARD, named.board),
        (Limiting.YEARS, years),
    )
    return [(limiting, name) for limiting, name in all_named if name]


def _chip(name: str, href: str, *, is_aside: bool = False) -> Html:
    """Draw a limit with a cross that takes it away; one set aside, with an arrow that puts it back."""
    cross = tag("span", "↺" if is_aside else "×", aria_hidden="true", class_="cross")
    label = f"{texts.PUT_BACK if is_aside else texts.REMOVE} {name}"
    kind = "chip aside" if is_aside else "chip"
    return tag("a", name, cross, href=href, data_go=True, class_=kind, aria_label=label, title=label)


def _assurance(step: Assurance) -> Html:
    bars = tag(
        "span",
        [tag("i", class_="on" if n < texts.STEPS[step] else None) for n in range(3)],
        aria_hidden="true",
    )
    return tag(
        "p",
        tag("span", bars, " ", tag("strong", texts.ASSURANCE[step]), class_="step"),
        " ",
        tag("span", texts.ASSURANCE_MEANS[step], class_="means"),
        class_=f"assurance {step.value}",
    )


def _passage(hit: Hit, *, large: bool) -> Html:
    return tag("blockquote", tag("p", quoted(hit)), class_="quote large" if large else "quote")


def _are_terms(hit: Hit, made: Calculation | None) -> bool:
    """Tell whether a sum shows all cells of a hit already."""
    terms = {(term.source, term.span) for term in made.terms} if made else set()
    return all((hit.source, cell.span) in terms for cell in hit.cells)


def _figure(cell: CellAnswer) -> Html:
    return tag(
        "p",
        tag("span", with_unit(cell.value, cell.unit), class_="value"),
        tag("span", " · ".join(filter(None, (cell.row, cell.column))), class_="of"),
        class_="figure" if len(cell.value) <= 24 else "figure words",
    )
