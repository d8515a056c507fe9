"""Text of a report with stretches of it lit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapportsvar.app.markup import Html, tag, together
from rapportsvar.model import Hit, Span

NUMBER = re.compile(
    r"\d{1,3}(?:[ \u00a0]\d{3})*(?:,\d+)?[ \u00a0](?:tkr|mnkr|mkr|kr|%)|\d{1,3}(?:[ \u00a0]\d{3})+(?:,\d+)?"
)
CONTEXT_CHARS = 180
PAUSE = " … "


def lit(
    text: str, shown: Span, marks: Iterable[Span], *, kind: str = "lit", anchor: str | None = None
) -> Html:
    """Draw ``text[shown]`` with the marks in it lit.

    Args:
        text: The whole text that offsets refer to.
        shown: What is drawn of it.
        marks: Stretches of the text; those outside ``shown`` are cut or left out.
        kind: Class of the marks.
        anchor: Id of the first mark.
    """
    pieces: list[str] = []
    position = shown.start
    for mark in joined(marks):
        start, end = max(mark.start, position), min(mark.end, shown.end)
        if start >= end:
            continue
        pieces += [
            whole_numbers(text[position:start]),
            tag("mark", whole_numbers(text[start:end]), class_=kind, id=anchor),
        ]
        position, anchor = end, None
    return together(*pieces, whole_numbers(text[position : shown.end]))


def whole_numbers(words: str) -> Html:
    """Draw words so that ``3 900`` is not broken over two lines."""
    pieces: list[str] = []
    position = 0
    for match in NUMBER.finditer(words):
        pieces += [words[position : match.start()], tag("span", match[0], class_="whole")]
        position = match.end()
    return together(*pieces, words[position:])


def quoted(hit: Hit) -> Html:
    """Draw the lit sentences of a passage with a little of what stands around them, dimmed."""
    marks = joined(h.span for h in hit.highlights) or [hit.span]
    pieces: list[str] = [_dim(_tail(hit.text[: marks[0].start - hit.span.start]))]
    for number, mark in enumerate(marks):
        if number:
            between = hit.text[marks[number - 1].end - hit.span.start : mark.start - hit.span.start]
            pieces.append(
                _dim(between if len(between) <= 2 * CONTEXT_CHARS else _head(between) + _tail(between))
            )
        pieces.append(tag("mark", whole_numbers(_part(hit, mark)), class_="lit"))
    pieces.append(_dim(_head(hit.text[marks[-1].end - hit.span.start :])))
    return together(*pieces)


def joined(marks: Iterable[Span]) -> Sequence[Span]:
    """Order marks and take overlapping ones together."""
    taken: list[Span] = []
    for mark in sorted(m for m in marks if m.start < m.end):
        if taken and mark.start <= taken[-1].end:
            taken[-1] = Span(taken[-1].start, max(taken[-1].end, mark.end))
        else:
            taken.append(mark)
    return taken


def _dim(words: str) -> Html:
    return tag("span", whole_numbers(words), class_="dim") if words.strip() else together(words)


def _tail(words: str) -> str:
    """The last words, from the beginning of a word."""
    if len(words) <= CONTEXT_CHARS:
        return words
    return PAUSE.lstrip() + words[-CONTEXT_CHARS:].partition(" ")[2]


def _head(words: str) -> str:
    if len(words) <= CONTEXT_CHARS:
        return words
    return words[:CONTEXT_CHARS].rpartition(" ")[0] + PAUSE


def _part(hit: Hit, span: Span) -> str:
    return hit.text[span.start - hit.span.start : span.end - hit.span.start]
