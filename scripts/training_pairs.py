"""Make the pairs that the encoder is trained on, from our own questions over our own reports.

For every question: the entries that answer it, and the best-ranked entries that do not (hard negatives).
Besides pseudo-questions that need no question at all: a sentence against its passage without it, a heading
against what stands under it, a row's label and one column against the row. ::

    python scripts/training_pairs.py training/reports training/questions/*.jsonl --out /tmp/pairs.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rapportsvar.engine.engine import Engine, build
from rapportsvar.index.entries import Entry, plain
from rapportsvar.model import EntryKind, Filters, Span

NEGATIVES = 6
COVERED = 0.8


def main() -> None:
    """Write one pair a line: ``{"question", "positives", "negatives", "report", "kind"}``."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reports", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--pseudo", type=int, default=4, help="pseudo-questions for each kind and report section"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build([options.reports], Path(folder))
        engine = Engine.open(Path(folder))
        made = [*asked(engine, options.questions), *pseudo(engine, options.pseudo)]
        engine.close()
    with options.out.open("w", encoding="utf-8") as stream:
        for pair in made:
            stream.write(json.dumps(pair, ensure_ascii=False) + "\n")
    print(f"{len(made)} pairs")


def asked(engine: Engine, files: list[Path]) -> Iterator[dict[str, Any]]:
    """Yield a pair for every question that has an answer."""
    known = set(engine.sources())
    for line in (line for file in files for line in file.read_text(encoding="utf-8").splitlines()):
        gold = json.loads(line)
        if gold["evidence"] and gold.get("document") in known:
            yield from _pair(engine, gold)


def _pair(engine: Engine, gold: dict[str, Any]) -> Iterator[dict[str, Any]]:
    spans = [
        (e.get("document", gold["document"]), span)
        for e in gold["evidence"]
        if e["relevance"] == 2
        for span in _spans(e["quote"], engine.text(e.get("document", gold["document"])))
    ]
    understood = engine.understand(gold["question"], filters=Filters())
    ranked = engine.retriever.retrieve(understood)
    positives, negatives, sentences = [], [], []
    for key in _entries_of(engine, gold["document"]):
        _, entry = engine.index.store.entry(key)
        if _answers(gold["document"], entry, spans):
            positives.append(text_of(entry))
            sentences += [
                words
                for s in entry.sentences
                if _answers(gold["document"], Entry(entry.kind, s, (), "", ""), spans)
                and len(words := plain(s.of(engine.text(gold["document"])))) >= 25
            ]
    for place in ranked.places[:60].tolist():
        report, entry = engine.index.store.entry(int(engine.index.entries["id"][place]))
        source = engine.index.reports[report][0]
        near = any(s == source and entry.span.overlap_chars(span) for s, span in spans)
        if not near and len(negatives) < NEGATIVES:
            negatives.append(text_of(entry))
    if positives:
        yield {
            "question": gold["question"],
            "positives": positives,
            "sentences": sentences,
            "negatives": negatives,
            "report": gold["document"],
            "kind": gold["type"],
        }


def pseudo(engine: Engine, most: int) -> Iterator[dict[str, Any]]:
    """Yield pairs made of the reports alone."""
    dice = random.Random(0)
    for source in engine.sources():
        text = engine.text(source)
        for key in _entries_of(engine, source):
            _, entry = engine.index.store.entry(key)
            if dice.random() > 0.4:
                continue
            question, target = "", entry.body
            if entry.kind is EntryKind.ROW:
                question = entry.body.split(":")[0]
            elif len(entry.sentences) > 1:
                sentence = plain(dice.choice(entry.sentences).of(text))
                question, target = sentence, entry.body.replace(sentence, " ")
            elif entry.section:
                question = entry.section[-1]
            if len(question) > 15 and len(target) > 40:
                positive = f"{entry.context} › {target}"
                yield {
                    "question": question,
                    "positives": [positive],
                    "sentences": [],
                    "negatives": [],
                    "report": source,
                    "kind": "pseudo",
                }


def text_of(entry: Entry) -> str:
    """Return what is embedded for an entry."""
    return f"{entry.context} › {entry.body}"


def _entries_of(engine: Engine, source: str) -> list[int]:
    report = next(k for k, (s, _) in engine.index.reports.items() if s == source)
    entries = engine.index.entries
    return [int(k) for k in entries["id"][entries["report"] == report]]


def _spans(quote: str, text: str) -> Iterator[Span]:
    at = text.find(quote)
    while at >= 0:
        yield Span(at, at + len(quote))
        at = text.find(quote, at + 1)


def _answers(source: str, entry: Entry, spans: list[tuple[str, Span]]) -> bool:
    return any(
        s == source
        and entry.span.overlap_chars(span) >= COVERED * min(span.length_chars, entry.span.length_chars)
        for s, span in spans
        if entry.span.overlap_chars(span) >= 0.5 * span.length_chars
        or (entry.kind is EntryKind.ROW and entry.span.contains(span))
    )


if __name__ == "__main__":
    main()
