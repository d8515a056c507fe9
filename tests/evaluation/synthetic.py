"""Reports in memory, answers made by a seed, and the independent judge as a process."""

import json
import random
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
SCORE = SHARED / "score.py"

TEXT = (
    "Kostnaden för placeringar ökade. Orsaken är fler barn med stort stöd.\n"
    "Verksamhet\tBudget\tUtfall\n"
    "Placeringar\t1 200\t1 450\n"
    "Hemtjänst\t900\t880\n"
    "Sjukfrånvaron sjönk under hösten.\n"
)
REPORTS = {"a.txt": TEXT, "b.txt": "Bokslutet visar ett överskott på 12 mnkr.\n" + TEXT}


class MemoryReports:
    def __init__(self, texts=REPORTS):
        self.texts = texts

    def sources(self):
        return sorted(self.texts)

    def text(self, source):
        return self.texts[source]


class Scripted(MemoryReports):
    """An asker that answers from a table of answers by question."""

    def __init__(self, answers, texts=REPORTS, errors=()):
        super().__init__(texts)
        self.answers = answers
        self.errors = dict(errors)
        self.asked = []

    def ask(self, question, history=()):
        self.asked.append((question, tuple(history)))
        if question in self.errors:
            raise self.errors[question]
        return self.answers[question]

    def describe(self):
        return {"model": "hand-made", "settings": {"top": 10, "folder": Path("x")}}


class ById(Scripted):
    """An asker for sets in which two questions may read alike: answers in the order of the file."""

    def __init__(self, answers, texts):
        super().__init__({}, texts)
        self.waiting = list(answers)

    def ask(self, question, history=()):
        return self.waiting.pop(0)


def gold_line(**changes):
    line = {
        "id": "q1",
        "question": "Varför ökade kostnaden?",
        "type": "why",
        "style": "politician",
        "document": "a.txt",
        "evidence": [{"quote": "Orsaken är fler barn med stort stöd.", "kind": "passage", "relevance": 2}],
        "values": [],
    }
    return {key: value for key, value in (line | changes).items() if value is not ...}


def write_lines(path, lines):
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def hit(source, start, end, marks=(), cells=(), texts=REPORTS):
    told = [{"start": s, "end": e, "text": texts[source][s:e]} for s, e in marks]
    place = {"source": source, "start": start, "end": end, "text": texts[source][start:end]}
    return place | {
        "section": ["Ekonomi"],
        "highlights": told,
        "cells": [{"start": s, "end": e} for s, e in cells],
    }


def answer(hits=(), found=True, confidence=0.8, reason=None, elapsed_ms=10.0):
    return {
        "found": found,
        "confidence": confidence,
        "reason": reason,
        "elapsed_ms": elapsed_ms,
        "hits": list(hits),
    }


def quoted(question, texts=REPORTS):
    """Answer perfectly: each quote is a hit, wholly marked."""
    hits = []
    for piece in question["evidence"]:
        source = piece.get("document", question.get("document"))
        start = texts[source].find(piece["quote"])
        end = start + len(piece["quote"])
        hits.append(hit(source, start, end, [(start, end)], texts=texts))
    return answer(hits, found=bool(hits), reason=question.get("reason"))


def some_answer(rng, question, texts):
    """Answer at random: perfect, partial, overlapping, long, marked by cells, wrong, or empty."""
    hits = []
    for _ in range(rng.choice([0, 1, 3, 8, 25])):
        if question["evidence"] and rng.random() < 0.5:
            hits.append(_near(rng, rng.choice(question["evidence"]), question, texts))
        else:
            hits.append(_anywhere(rng, texts))
    if question["evidence"] and rng.random() < 0.1:
        # The evidence comes late: around the last place that counts.
        nothing = hit(sorted(texts)[0], 0, 1, texts=texts)
        hits = [nothing] * rng.choice([9, 10, 19, 20, 21]) + quoted(question, texts)["hits"]
    made = answer(
        hits,
        found=rng.random() < 0.6,
        confidence=rng.choice([0, 0.25, 0.5, round(rng.random(), 3), 1]),
        reason=rng.choice([None, "no_evidence", "unknown_year", question.get("reason")]),
        elapsed_ms=round(rng.uniform(1, 90), 2),
    )
    if rng.random() < 0.1:
        del made["elapsed_ms"]
    return made


def _near(rng, piece, question, texts):
    source = piece.get("document", question.get("document"))
    text, quote = texts[source], piece["quote"]
    start = text.find(quote)
    end = start + len(quote)
    slack = rng.choice([0, 0, len(quote) // 5, len(quote) // 4, 700, 1300])
    left = max(0, start + rng.randint(-slack, min(slack, len(quote) // 2)))
    right = min(len(text), max(left, end + rng.randint(-min(slack, len(quote) // 2), slack)))
    marks = rng.choice(
        [[], [(start, end)], [(start, (start + end) // 2)], [(left, right)], [(start - 3, end + 9)]]
    )
    marks = [(max(0, s), min(len(text), e)) for s, e in marks]
    cells = [
        (s, s + len(value)) for value in question.get("values", []) if (s := text.find(value, start)) >= 0
    ]
    return hit(source, left, right, marks, rng.sample(cells, rng.randint(0, len(cells))), texts)


def _anywhere(rng, texts):
    source = rng.choice(sorted(texts))
    start = rng.randrange(max(1, len(texts[source]) - 10))
    end = min(len(texts[source]), start + rng.choice([0, 5, 200, 1500]))
    return hit(source, start, end, [(start, (start + end) // 2)] if rng.random() < 0.5 else [], texts=texts)


def score(gold, answers, corpus):
    """Run the independent judge."""
    command = [sys.executable, str(SCORE), str(gold), str(answers), "--corpus", str(corpus), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    return json.loads(done.stdout)


def seeded(seed):
    return random.Random(seed)
