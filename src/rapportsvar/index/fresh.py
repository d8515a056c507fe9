"""One report, from its file to what the store takes: read, structured, analysed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rapportsvar.index.analysis import analyse, index_terms, word_counts
from rapportsvar.index.entries import report_info
from rapportsvar.index.figures.collect import figures_of
from rapportsvar.index.store import Analysed, Outline, StoredReport
from rapportsvar.index.summary import BuildSummary
from rapportsvar.model import Figure, PlacedWords, Report, Table
from rapportsvar.reading.folder import read_source
from rapportsvar.structure.build import build_report, uncovered
from rapportsvar.structure.passages import PassageSize
from rapportsvar.swedish.words import Analyzer


@dataclass(frozen=True, slots=True)
class Fresh:
    """A report, read and analysed."""

    stored: StoredReport
    analysed: list[Analysed]
    tables: tuple[Table, ...]
    words: dict[str, int]
    figures: tuple[Figure, ...]
    figure_terms: dict[str, tuple[str, ...]]
    placed: PlacedWords | None
    path: Path


def read_fresh(
    path: Path,
    name: str,
    size: PassageSize,
    analyzer: Analyzer,
    summary: BuildSummary,
    corrections: Mapping[str, str] | None = None,
) -> Fresh:
    """Read and analyse a report; the time that it takes is added to the summary's stages.

    Args:
        path: Its file.
        name: Of the source.
        size: How long passages are.
        analyzer: Makes the terms.
        summary: Is told the time.
        corrections: Metadata corrected by hand.

    Raises:
        ReadingError: It cannot be read.
    """
    with summary.stage("reading"):
        source = read_source(path, name)
    with summary.stage("structure"):
        report = build_report(source, size, corrections)
        stored = _stored(report)
    with summary.stage("words"):
        analysed, words = analyse(report, analyzer), word_counts(source.text)
    with summary.stage("figures"):
        figures = figures_of(report)
        terms = {measure: index_terms(analyzer, measure) for measure in {f.measure for f in figures}}
    return Fresh(stored, analysed, report.tables, words, figures, terms, source.words, path)


def _stored(report: Report) -> StoredReport:
    source = report.source
    outline = Outline(source.pages, report.parts, report.sections, report.furniture, tuple(uncovered(report)))
    return StoredReport(
        id=0,  # the store gives it one
        source=source.name,
        sha256=source.sha256,
        text=source.text,
        info=report_info(report),
        metadata=report.metadata,
        outline=outline,
        warnings=tuple(dict.fromkeys((*source.warnings, *report.warnings))),
    )
