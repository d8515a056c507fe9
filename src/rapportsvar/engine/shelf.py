"""What is known of each report that is indexed: metadata, contents, warnings, coverage."""

from __future__ import annotations

from dataclasses import dataclass

from rapportsvar.engine.engine import Engine
from rapportsvar.index.store import StoredReport
from rapportsvar.model import Metadata, ReportInfo, Span
from rapportsvar.structure.correct import is_corrected

SHOWN_CHARS = 80
FACTS = ("title", "municipality", "board", "kind", "period", "year", "date", "reference")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text that nothing was made of: where, and its first words."""

    span: Span
    words: str


@dataclass(frozen=True, slots=True)
class Shelved:
    """A report in the list.

    Attributes:
        source: Its name.
        sha256: Of its bytes.
        info: Metadata.
        corrected: Names of the facts that were corrected by hand.
        pages: 0 where the format has none.
        passages: Entries of prose.
        rows: Entries of tables.
        chars: Characters of its text, blanks apart.
        uncovered: What cannot be found, since nothing was made of it.
        warnings: Of the reading, in Swedish.
    """

    source: str
    sha256: str
    info: ReportInfo
    corrected: tuple[str, ...]
    pages: int
    passages: int
    rows: int
    chars: int
    uncovered: tuple[Stretch, ...]
    warnings: tuple[str, ...]

    @property
    def coverage(self) -> float:
        """Share of the text that is passage, table, heading or furniture, 0 to 1."""
        left_out = sum(stretch.span.length_chars for stretch in self.uncovered)
        return max(0.0, 1 - left_out / self.chars) if self.chars else 1.0


def shelf(engine: Engine) -> tuple[Shelved, ...]:
    """Return all reports of an index, by source."""
    counts = engine.index.store.entry_counts()
    return tuple(_shelved(report, *counts.get(report.id, (0, 0))) for report in engine.index.store.reports())


def corrected_facts(metadata: Metadata) -> tuple[str, ...]:
    """Return the names of the facts that were corrected by hand."""
    return tuple(name for name in FACTS if is_corrected(getattr(metadata, name)))


def _shelved(report: StoredReport, passages: int, rows: int) -> Shelved:
    uncovered = tuple(
        Stretch(span, " ".join(span.of(report.text).split())[:SHOWN_CHARS])
        for span in report.outline.uncovered
    )
    return Shelved(
        report.source,
        report.sha256,
        report.info,
        corrected_facts(report.metadata),
        len(report.outline.pages),
        passages,
        rows,
        sum(map(len, report.text.split())),
        uncovered,
        report.warnings,
    )
