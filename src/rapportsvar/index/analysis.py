"""From an entry to what the indexes are derived from: terms, traits and the texts to embed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rapportsvar.index.embedding.base import TextSpan
from rapportsvar.index.entries import JOIN, Entry, entries_of, plain
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
    whole = f"{entry.context}{JOIN}{entry.body}"[:EMBEDDED_CHARS_MAX]
    label = _label_in(whole, entry)
    apart = _sentences_to_embed(entry, text)
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
        embedded=whole,
        embedded_label=label,
        embedded_sentences=tuple(words for words, _ in apart),
        vector_spans=(entry.span, *([entry.span] if label else []), *(span for _, span in apart)),
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


def _label_in(whole: str, entry: Entry) -> tuple[int, int] | None:
    """Tell where in an entry's whole text the labels of a row stand: at the beginning of its body."""
    start = len(entry.context) + len(JOIN)
    end = min(start + len(entry.labels.rstrip(" :")), len(whole))
    return (start, end) if entry.kind is EntryKind.ROW and start < end else None


def _sentences_to_embed(entry: Entry, text: str) -> list[tuple[str, Span]]:
    found = [(plain(span.of(text))[:EMBEDDED_CHARS_MAX], span) for span in entry.sentences]
    return [(words, span) for words, span in found if len(words) >= SENTENCE_CHARS_MIN]


def spans_to_embed(analysed: Sequence[Analysed]) -> list[TextSpan]:
    """Return every part of the entries' texts that has a vector, each once, those of one text together."""
    by_text: dict[str, dict[TextSpan, None]] = {}
    for item in analysed:
        for span in item.vectors_of:
            by_text.setdefault(span.text, {})[span] = None
    return [span for spans in by_text.values() for span in spans]


def by_texts(keyed: Sequence[tuple[bytes, TextSpan]], least: int) -> Iterator[list[tuple[bytes, TextSpan]]]:
    """Cut parts, with their keys, into batches of at least some number, and no text in two."""
    batch: list[tuple[bytes, TextSpan]] = []
    for key, span in keyed:
        if len(batch) >= least and span.text != batch[-1][1].text:
            yield batch
            batch = []
        batch.append((key, span))
    if batch:
        yield batch
