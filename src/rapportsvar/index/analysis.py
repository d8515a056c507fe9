"""From an entry to what the indexes are derived from: terms, traits and the texts to embed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rapportsvar.index.entries import Entry, entries_of, plain
from rapportsvar.index.keyword import PART_MARK
from rapportsvar.index.store import Analysed, AnalysedSentence
from rapportsvar.model import EntryKind, Report, Span
from rapportsvar.swedish.cues import combined_traits, traits
from rapportsvar.swedish.words import Analyzer

EMBEDDED_CHARS_MAX = 1800
SENTENCE_CHARS_MIN = 25
WORD = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]+)*")


def index_terms(analyzer: Analyzer, text: str) -> tuple[str, ...]:
    """Return the index terms of a text: lemmas, and parts of compounds with a mark before them."""
    return tuple(f"{PART_MARK}{t.key}" if t.part else t.key for t in analyzer.terms(text))


def analyse(report: Report, analyzer: Analyzer) -> list[Analysed]:
    """Analyse all entries of a report."""
    contexts: dict[str, tuple[str, ...]] = {}
    analysed = []
    for entry in entries_of(report):
        if entry.context not in contexts:
            contexts[entry.context] = index_terms(analyzer, entry.context)
        analysed.append(_analysed(entry, report, analyzer, contexts[entry.context]))
    return analysed


def _analysed(entry: Entry, report: Report, analyzer: Analyzer, context: tuple[str, ...]) -> Analysed:
    text = report.text
    texts, spans = _embedded(entry, text)
    sentences = tuple(_sentence(span, plain(span.of(text)), analyzer) for span in entry.sentences)
    body_terms = (
        tuple(term for s in sentences for term in s.terms) if sentences else index_terms(analyzer, entry.body)
    )
    shown = (
        combined_traits([s.traits for s in sentences])
        if sentences
        else traits(entry.body, _units(entry, report))
    )
    return Analysed(
        entry=entry,
        body_terms=body_terms,
        context_terms=context,
        label_terms=index_terms(analyzer, entry.labels),
        traits=(float(entry.kind is EntryKind.ROW), *shown),
        sentences=sentences,
        vector_texts=texts,
        vector_spans=spans,
    )


def _units(entry: Entry, report: Report) -> list[str | None] | None:
    """Return the unit of each number in a row; None for a passage."""
    if entry.kind is not EntryKind.ROW or entry.table is None or entry.row is None:
        return None
    cells = report.tables[entry.table].rows[entry.row].cells
    return [cell.unit.name if cell.unit else None for cell in cells if cell.values]


def _sentence(span: Span, words: str, analyzer: Analyzer) -> AnalysedSentence:
    return AnalysedSentence(span, index_terms(analyzer, words), traits(words))


def word_counts(text: str) -> dict[str, int]:
    """Count the word forms of a text, in lower case; spelling correction knows them."""
    return dict(Counter(word.lower() for word in WORD.findall(text)))


def _embedded(entry: Entry, text: str) -> tuple[tuple[str, ...], tuple[Span, ...]]:
    whole = f"{entry.context} › {entry.body}"[:EMBEDDED_CHARS_MAX]
    texts, spans = [whole], [entry.span]
    for span in entry.sentences:
        words = plain(span.of(text))
        if len(words) >= SENTENCE_CHARS_MIN:
            texts.append(words[:EMBEDDED_CHARS_MAX])
            spans.append(span)
    return tuple(texts), tuple(spans)


def texts_to_embed(analysed: Sequence[Analysed]) -> list[str]:
    """Return every text of the entries that has a vector, each once, in order."""
    return list(dict.fromkeys(text for item in analysed for text in item.vector_texts))
