"""The row of a question: what was asked, what came, and each measure, before any mean is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapportsvar.evaluation.gold import GoldQuestion
from rapportsvar.evaluation.judge import Judgement
from rapportsvar.evaluation.measures import measure_all

KEPT_HITS = 3
KEPT_CHARS = 400
HEADLINE_RANK = 3


@dataclass(frozen=True, slots=True)
class HitLine:
    """One of the first hits, cut to what a reader of the evaluation needs."""

    source: str
    section: tuple[str, ...]
    text: str
    highlights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """One piece of the evidence."""

    source: str
    quote: str
    relevance: int


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question of a run. ``measures`` holds those that apply; ``error``, what made the engine fail."""

    id: str
    question: str
    history: tuple[str, ...]
    kind: str
    style: str
    document: str
    answerable: bool
    expected: tuple[Expected, ...]
    expected_reason: str | None
    found: bool
    confidence: float
    reason: str | None
    standalone: str | None
    elapsed_ms: float | None
    rank: int | None
    measures: Mapping[str, float]
    hits: tuple[HitLine, ...] = field(default=())
    error: str | None = None

    @property
    def correct(self) -> bool:
        """Whether the first hits answer: what confidence is a probability of."""
        return self.rank is not None and self.rank <= HEADLINE_RANK

    @property
    def missed(self) -> bool:
        """Whether it went wrong: no answer in the first hits, refused, or answered without ground."""
        if self.answerable:
            return not (self.correct and self.found)
        return self.found or self.measures.get("reason right") == 0


def make_row(judgement: Judgement, answer: Mapping[str, Any], error: str | None = None) -> QuestionRow:
    """Return the row of one judged answer."""
    gold = judgement.gold
    return QuestionRow(
        id=gold.id,
        question=gold.question,
        history=gold.history,
        kind=gold.kind,
        style=gold.style,
        document=_document(gold),
        answerable=gold.answerable,
        expected=tuple(Expected(piece.document, piece.quote, piece.relevance) for piece in gold.evidence),
        expected_reason=gold.reason,
        found=judgement.found,
        confidence=judgement.confidence,
        reason=judgement.reason,
        standalone=answer.get("standalone"),
        elapsed_ms=judgement.elapsed_ms,
        rank=judgement.rank,
        measures=measure_all(judgement),
        hits=tuple(_hit_line(hit) for hit in answer.get("hits", [])[:KEPT_HITS]),
        error=error,
    )


def row_from(record: Mapping[str, Any]) -> QuestionRow:
    """Return the row that ``dataclasses.asdict`` made ``record`` of."""
    fields = dict(record)
    fields["history"] = tuple(record["history"])
    fields["expected"] = tuple(Expected(**piece) for piece in record["expected"])
    fields["hits"] = tuple(
        HitLine(hit["source"], tuple(hit["section"]), hit["text"], tuple(hit["highlights"]))
        for hit in record["hits"]
    )
    return QuestionRow(**fields)


def names_of(rows: Sequence[QuestionRow]) -> list[str]:
    """Return the names of the measures that apply to any of ``rows``, in their usual order."""
    return list(dict.fromkeys(name for row in rows for name in row.measures))


def _document(gold: GoldQuestion) -> str:
    """The one report that the question is about; empty where there are several, or none."""
    documents = {piece.document for piece in gold.evidence} or {gold.document or ""}
    return documents.pop() if len(documents) == 1 else ""


def _hit_line(hit: Mapping[str, Any]) -> HitLine:
    return HitLine(
        hit["source"],
        tuple(hit.get("section") or ()),
        _cut(hit.get("text", "")),
        tuple(_cut(mark.get("text", "")) for mark in hit.get("highlights", [])),
    )


def _cut(text: str) -> str:
    return text if len(text) <= KEPT_CHARS else text[: KEPT_CHARS - 1] + "…"
