"""Judges one answer against its gold question by character spans, by the rules of ``shared/score.py``.

A hit covers an evidence span when it overlaps 80 % of it. A hit longer than 1,200 characters must also mark
half of it. A table row is covered, too, by highlights or cells inside the row that hold every value asked
for (one of them, where several pieces are needed).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapportsvar.evaluation.gold import FULL, Evidence, GoldQuestion
from rapportsvar.model import EntryKind, Span

LONG_HIT_CHARS = 1200
JUDGED_HITS = 20
COVERED_SHARE = 0.8
MARKED_SHARE = 0.5
GAINED_HITS = 10
HIGHLIGHTED_HITS = 3

Text = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class JudgedHit:
    """What the judge looks at in a hit: where it is, its pages, and where highlights and cells mark it."""

    source: str
    span: Span
    marks: tuple[Span, ...]
    pages: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that the measures are computed from, for one question.

    Attributes:
        rank: The hit, from 1, with which every group of full evidence is covered; None if none is.
        read_chars: How much is read down to that hit, itself included.
        gain: Discounted gain of the first ten hits, ``2 ** relevance - 1`` for each piece.
        ideal_gain: The same if all evidence came first; 0 where there is none.
        groups_found: The share of the groups that are covered, 0 to 1.
        highlight_f1: Agreement, character by character, of marks with evidence in the best of the first hits.
        marked: The marked words of each hit, best first.
        exact: Whether all that is shown stands in its source at its offsets; None where nothing is shown.
        page_right: Whether the first hit is on the page of full evidence; None where none names its page.
    """

    gold: GoldQuestion
    found: bool
    confidence: float
    reason: str | None
    elapsed_ms: float | None
    rank: int | None = None
    read_chars: int | None = None
    gain: float = 0.0
    ideal_gain: float = 0.0
    groups_found: float = 0.0
    highlight_f1: float = 0.0
    marked: tuple[str, ...] = ()
    exact: bool | None = None
    page_right: bool | None = None


def judge(gold: GoldQuestion, answer: Mapping[str, Any], text: Text) -> Judgement:
    """Judge ``answer``, the JSON contract as a dict, against ``gold``."""
    hits = [_hit(hit) for hit in answer.get("hits", [])[:JUDGED_HITS]]
    newly = _newly_covered(gold, hits, text)
    rank = _rank(gold, newly)
    return Judgement(
        gold=gold,
        found=bool(answer["found"]),
        confidence=float(answer.get("confidence", 0.0)),
        reason=answer.get("reason"),
        elapsed_ms=answer.get("elapsed_ms"),
        rank=rank,
        read_chars=None if rank is None else sum(hit.span.length_chars for hit in hits[:rank]),
        gain=_gain(newly),
        ideal_gain=_ideal_gain(gold.evidence),
        groups_found=_groups_found(gold, newly),
        highlight_f1=max((_highlight_f1(hit, gold) for hit in hits[:HIGHLIGHTED_HITS]), default=0.0),
        marked=tuple(_marked_text(hit, hit.marks, text) for hit in hits),
        exact=_exact(answer.get("hits", []), text),
        page_right=_page_right(gold, hits[:1]),
    )


def plain(words: str) -> str:
    """Return ``words`` for comparison: one kind of blank, minus as hyphen, no tags, lower case."""
    for other, usual in (("\u00a0", " "), ("\u202f", " "), ("\u2212", "-"), ("\u2013", "-")):
        words = words.replace(other, usual)
    return re.sub(r"\s+", " ", re.sub(r"</?\w+[^>]*>", "", words)).strip().lower()


def covers(hit: JudgedHit, evidence: Evidence, values: Sequence[str], text: Text) -> bool:
    """Tell whether ``hit`` shows ``evidence`` at one of its places."""
    if hit.source != evidence.document:
        return False
    return any(
        _marks_values(hit, span, evidence, values, text) or _shows(hit, span) for span in evidence.spans
    )


def _shows(hit: JudgedHit, span: Span) -> bool:
    length = span.length_chars
    if hit.span.overlap_chars(span) < COVERED_SHARE * length:
        return False
    if hit.span.length_chars <= max(LONG_HIT_CHARS, 1.5 * length):
        return True
    return sum(mark.overlap_chars(span) for mark in hit.marks) >= MARKED_SHARE * length


def _marks_values(hit: JudgedHit, span: Span, evidence: Evidence, values: Sequence[str], text: Text) -> bool:
    if evidence.kind is not EntryKind.ROW or not values:
        return False
    inside = [m for m in hit.marks if m.overlap_chars(span) >= COVERED_SHARE * max(1, m.length_chars)]
    if not inside:
        return False
    marked = plain(_marked_text(hit, inside, text))
    enough = all if evidence.group is None else any
    return enough(plain(value) in marked for value in values)


def _newly_covered(gold: GoldQuestion, hits: Sequence[JudgedHit], text: Text) -> list[list[Evidence]]:
    """Return for each hit the evidence that it is the first to cover."""
    waiting = list(gold.evidence)
    newly: list[list[Evidence]] = []
    for hit in hits:
        shown = [evidence for evidence in waiting if covers(hit, evidence, gold.values, text)]
        waiting = [evidence for evidence in waiting if evidence not in shown]
        newly.append(shown)
    return newly


def _rank(gold: GoldQuestion, newly: Sequence[Sequence[Evidence]]) -> int | None:
    wanted = _groups(gold.evidence)
    if not wanted:
        return None
    for rank, shown in enumerate(newly, 1):
        wanted -= _groups(shown)
        if not wanted:
            return rank
    return None


def _page_right(gold: GoldQuestion, first: Sequence[JudgedHit]) -> bool | None:
    paged = [piece for piece in gold.full_evidence if piece.page is not None]
    if not paged:
        return None
    return any(hit.source == piece.document and piece.page in hit.pages for hit in first for piece in paged)


def _groups(evidence: Iterable[Evidence]) -> set[int]:
    return {piece.group or 0 for piece in evidence if piece.relevance == FULL}


def _groups_found(gold: GoldQuestion, newly: Sequence[Sequence[Evidence]]) -> float:
    wanted = _groups(gold.evidence)
    found = _groups(piece for shown in newly for piece in shown)
    return len(found) / len(wanted) if wanted else 0.0


def _gain(newly: Sequence[Sequence[Evidence]]) -> float:
    return sum(
        (
            (2**piece.relevance - 1) / math.log2(rank + 1)
            for rank, shown in enumerate(newly[:GAINED_HITS], 1)
            for piece in shown
        ),
        0.0,
    )


def _ideal_gain(evidence: Sequence[Evidence]) -> float:
    best = sorted((piece.relevance for piece in evidence), reverse=True)[:GAINED_HITS]
    return sum(((2**relevance - 1) / math.log2(rank + 1) for rank, relevance in enumerate(best, 1)), 0.0)


def _highlight_f1(hit: JudgedHit, gold: GoldQuestion) -> float:
    wanted = {
        offset
        for piece in gold.full_evidence
        if piece.document == hit.source
        for span in piece.spans
        if hit.span.overlap_chars(span)
        for offset in range(span.start, span.end)
    }
    marked = {offset for mark in hit.marks for offset in range(mark.start, mark.end)}
    both = len(marked & wanted)
    return 2 * both / (len(marked) + len(wanted)) if both else 0.0


def _marked_text(hit: JudgedHit, marks: Iterable[Span], text: Text) -> str:
    return " ".join(mark.of(text(hit.source)) for mark in marks)


def _hit(hit: Mapping[str, Any]) -> JudgedHit:
    marks = [*hit.get("highlights", []), *hit.get("cells", [])]
    places = [hit.get("page"), *(box.get("page") for box in hit.get("boxes", []))]
    pages = frozenset(page for page in places if page is not None)
    return JudgedHit(hit["source"], _span(hit), tuple(_span(mark) for mark in marks), pages)


def _span(place: Mapping[str, Any]) -> Span:
    return Span(place["start"], place["end"])


def _exact(hits: Sequence[Mapping[str, Any]], text: Text) -> bool | None:
    shown = [
        (hit["source"], place)
        for hit in hits
        for place in (hit, *hit.get("highlights", []))
        if "text" in place
    ]
    if not shown:
        return None
    return all(_span(place).of(text(source)) == place["text"] for source, place in shown)
