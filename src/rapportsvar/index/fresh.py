"""One report, from its structure to what the store takes: analysed, with its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rapportsvar.errors import ReaderFailed
from rapportsvar.index.analysis import analyse, index_terms, word_counts
from rapportsvar.index.entries import report_info
from rapportsvar.index.figures.collect import figures_of
from rapportsvar.index.store import Analysed, Outline, StoredReport
from rapportsvar.index.summary import BuildSummary
from rapportsvar.index.versions import Hashes, shingles
from rapportsvar.model import Figure, PlacedWords, Report, Table
from rapportsvar.structure.uncovered import uncovered
from rapportsvar.swedish.words import Analyzer


@dataclass(frozen=True, slots=True)
class Fresh:
    """A report, read and analysed; ``seconds`` is the time that each stage of it took."""

    stored: StoredReport
    analysed: tuple[Analysed, ...]
    tables: tuple[Table, ...]
    words: dict[str, int]
    figures: tuple[Figure, ...]
    figure_terms: dict[str, tuple[str, ...]]
    placed: PlacedWords | None
    shingles: tuple[Hashes, bool]
    path: Path
    seconds: Mapping[str, float]


def make_fresh(report: Report, path: Path, analyzer: Analyzer, summary: BuildSummary) -> Fresh:
    """Analyse a report; the time that it takes is added to the summary's stages.

    Raises:
        ReaderFailed: What was read cannot be analysed: that costs this report only.
        MemoryError: It takes too much memory.
    """
    try:
        return _fresh(report, path, analyzer, summary)
    except MemoryError:
        raise
    except Exception as broken:
        what = f"Rapportens text kunde inte analyseras: {type(broken).__name__}: {str(broken)[:200]}"
        todo = "Spara om den, eller spara den i ett annat format."
        raise ReaderFailed(what, where=report.source.name, todo=todo) from broken


def _fresh(report: Report, path: Path, analyzer: Analyzer, summary: BuildSummary) -> Fresh:
    with summary.stage("structure"):
        stored = _stored(report)
    with summary.stage("words"):
        analysed, words = tuple(analyse(report, analyzer)), word_counts(report.text)
    with summary.stage("figures"):
        figures = figures_of(report)
        terms = {measure: index_terms(analyzer, measure) for measure in {f.measure for f in figures}}
    placed, known_by = report.source.words, shingles(report.text)
    return Fresh(
        stored, analysed, report.tables, words, figures, terms, placed, known_by, path, summary.seconds
    )


def _stored(report: Report) -> StoredReport:
    source = report.source
    outline = Outline(
        source.pages,
        report.parts,
        report.sections,
        report.furniture,
        tuple(uncovered(report)),
        source.masked,
    )
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
