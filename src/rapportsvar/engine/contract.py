"""Answers, searches and reports as JSON: the contract that others test against (docs/architecture.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rapportsvar.answering.series import Point, Series
from rapportsvar.engine.engine import SearchResult
from rapportsvar.index.store import StoredReport
from rapportsvar.index.versions import family_of
from rapportsvar.model import (
    Answer,
    Calculation,
    Disagreement,
    Explained,
    Filters,
    Hit,
    QuotedNumber,
    ReportInfo,
    Span,
)


def answer_json(answer: Answer, key: str | None = None) -> dict[str, Any]:
    """Return an answer as JSON values. ``key`` is the id of the question, where it has one."""
    return {
        "id": key,
        "question": answer.question,
        "standalone": answer.standalone,
        "language": answer.language,
        "kind": answer.kind.value,
        "found": answer.found,
        "confidence": answer.confidence,
        "reason": answer.reason.value if answer.reason else None,
        "message": answer.message,
        "answer": answer.text,
        "elapsed_ms": answer.elapsed_ms,
        "filters": filters_json(answer.filters),
        "spelling": [list(pair) for pair in answer.spelling],
        "hits": [hit_json(hit) for hit in answer.hits],
        "calculation": calculation_json(answer.calculation) if answer.calculation else None,
        "disagreement": disagreement_json(answer.disagreement) if answer.disagreement else None,
    }


def calculation_json(calculation: Calculation) -> dict[str, Any]:
    """Return a calculation as JSON values."""
    return {
        "kind": calculation.kind,
        "terms": [quoted_json(term) for term in calculation.terms],
        "result": calculation.result,
        "unit": calculation.unit,
        "text": calculation.text,
    }


def disagreement_json(disagreement: Disagreement) -> dict[str, Any]:
    """Return a disagreement as JSON values."""
    return {"text": disagreement.text, "cells": [quoted_json(cell) for cell in disagreement.cells]}


def quoted_json(quoted: QuotedNumber) -> dict[str, Any]:
    """Return a quoted number as JSON values."""
    return {
        "source": quoted.source,
        "start": quoted.span.start,
        "end": quoted.span.end,
        "text": quoted.text,
        "value": quoted.value,
        "unit": quoted.unit,
        "label": quoted.label,
    }


def filters_json(filters: Filters) -> dict[str, Any]:
    """Return filters as JSON values."""
    return {"municipality": filters.municipality, "board": filters.board, "years": list(filters.years)}


def hit_json(hit: Hit) -> dict[str, Any]:
    """Return a hit as JSON values."""
    return {
        "rank": hit.rank,
        "score": hit.score,
        "kind": hit.kind.value,
        "source": hit.source,
        "report": info_json(hit.report),
        "section": list(hit.section),
        "page": hit.page,
        "boxes": [{"page": b.page, "x0": b.x0, "y0": b.y0, "x1": b.x1, "y1": b.y1} for b in hit.boxes],
        "start": hit.span.start,
        "end": hit.span.end,
        "text": hit.text,
        "highlights": [{"start": h.span.start, "end": h.span.end, "text": h.text} for h in hit.highlights],
        "cells": [
            {
                "row": c.row,
                "column": c.column,
                "value": c.value,
                "unit": c.unit,
                "start": c.span.start,
                "end": c.span.end,
            }
            for c in hit.cells
        ],
        "elsewhere": [place_json(*place) for place in hit.elsewhere],
        "versions": [place_json(*place) for place in hit.versions],
        "version_of": hit.version_of or None,
        "explanation": explained_json(hit.explanation) if hit.explanation else None,
    }


def explained_json(explained: Explained) -> dict[str, Any]:
    """Return where a row is explained as JSON values."""
    return {**place_json(explained.source, explained.span), "text": explained.text}


def place_json(source: str, span: Span) -> dict[str, Any]:
    """Return a place as JSON values."""
    return {"source": source, "start": span.start, "end": span.end}


def info_json(info: ReportInfo) -> dict[str, Any]:
    """Return a report's metadata as JSON values."""
    return {
        "title": info.title,
        "municipality": info.municipality,
        "board": info.board,
        "kind": info.kind,
        "period": info.period,
        "year": info.year,
        "date": info.date,
        "reference": info.reference,
        "uncertain": list(info.uncertain),
    }


def search_json(result: SearchResult) -> dict[str, Any]:
    """Return a search as JSON values."""
    return {
        "words": result.words,
        "searched": result.standalone,
        "spelling": [list(pair) for pair in result.spelling],
        "facets": result.facets,
        "with_all_words": result.with_all_words,
        "hits": [hit_json(hit) for hit in result.hits],
    }


def series_json(series: Series) -> dict[str, Any]:
    """Return a series as JSON values."""
    return {
        "measure": series.measure,
        "kind": series.kind,
        "stretch": series.stretch,
        "unit": series.unit,
        "municipality": series.municipality,
        "board": series.board,
        "sex": series.sex,
        "aspect": series.aspect,
        "relevance": series.relevance,
        "likeness": series.likeness,
        "names": [{"measure": name, "likeness": likeness} for name, likeness in series.names],
        "gaps": list(series.gaps),
        "points": [point_json(point) for point in series.points],
    }


def point_json(point: Point) -> dict[str, Any]:
    """Return a figure in a series as JSON values."""
    return {
        "period": point.label,
        "first": point.period.first.isoformat(),
        "last": point.period.last.isoformat(),
        "as_of": point.as_of.last.isoformat() if point.as_of else None,
        "value": point.value,
        "written": point.written,
        "unit": point.unit,
        "measured": point.measured,
        "measure": point.measure,
        "likeness": point.likeness,
        "disagrees": point.disagrees,
        "source": point.source,
        "start": point.span.start,
        "end": point.span.end,
        "row_start": point.row_span.start,
        "row_end": point.row_span.end,
        "row": point.row,
        "column": point.column,
        "section": list(point.section),
        "report": info_json(point.report),
        "elsewhere": [{"source": s, "start": span.start, "end": span.end} for s, span in point.elsewhere],
    }


def report_json(
    report: StoredReport, counts: Mapping[int, tuple[int, int]], versions: Sequence[Sequence[str]] = ()
) -> dict[str, Any]:
    """Return what is known of a report as JSON values."""
    passages, rows = counts.get(report.id, (0, 0))
    newest, *older = family_of(report.source, versions)
    return {
        "source": report.source,
        **info_json(report.info),
        "characters": len(report.text),
        "sections": len(report.outline.sections),
        "passages": passages,
        "rows": rows,
        "uncovered": len(report.outline.uncovered),
        "warnings": list(report.warnings),
        "sha256": report.sha256,
        "versions": older if newest == report.source else [],
        "version_of": newest if newest != report.source else None,
    }
