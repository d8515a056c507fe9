"""Write the gold sets of the demonstration corpus from their drafts::

    python scripts/locate_gold.py

A draft (``corpus-sources/gold/*.txt``) holds questions with quotes as the sources of the reports have them. A
reader may divide lines, join hyphens and mark footnotes in its own way: here each quote is found in the text
that the reader gives, and written to ``gold/`` as it stands there, with its page. So the drafts stay when a
reader changes. A quote that is not found, or a row that fits two lines, is told, and nothing is written.

A question in a draft; fields that are not needed are left out::

    ? lindsjo-101 why politician lindsjo/sn-arsredovisning-2019.pdf
    h An earlier question of the conversation
    s The question written out
    q The question
    r reason (of a question to refuse)
    a The answer, shortly
    v value; value
    2 a quote that answers in full
    1 a quote that answers in part
    2t label | figure | figure      (a table row: the line that begins so and holds these cells)
    2@lindsjo/other.docx#1 a quote in another report, of group 1
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from rapportsvar.model import Source
from rapportsvar.reading.folder import read_source

ROOT = Path(__file__).resolve().parents[1]
DRAFTS, GOLD, CORPUS = ROOT / "corpus-sources" / "gold", ROOT / "gold", ROOT / "corpus"
_EVIDENCE = re.compile(r"([12])(t?)(?:@([^\s#]+))?(?:#(\d+))? (.+)")
_FOOTNOTE = r"(?:\s?[\d¹²³⁴]{1,2})?"
_FIELDS = {"h": "history", "s": "standalone", "q": "question", "r": "reason", "a": "answer", "v": "values"}


@dataclass
class Draft:
    """One question as it was drafted."""

    id: str
    kind: str
    style: str
    document: str | None
    fields: dict[str, list[str]] = field(default_factory=dict)
    evidence: list[re.Match[str]] = field(default_factory=list)


def read_drafts(path: Path) -> Iterator[Draft]:
    """Yield the questions of a draft.

    Raises:
        ValueError: A line cannot be understood.
    """
    draft: Draft | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("? "):
            if draft:
                yield draft
            name, kind, style, *document = line[2:].split()
            draft = Draft(name, kind, style, document[0] if document else None)
        elif not line.strip() or line.startswith("#"):
            continue
        elif draft and line[:2].strip() in _FIELDS:
            draft.fields.setdefault(line[0], []).append(line[2:])
        elif draft and (found := _EVIDENCE.fullmatch(line)):
            draft.evidence.append(found)
        else:
            raise ValueError(f"{path}: {line}")
    if draft:
        yield draft


def located(draft: Draft) -> dict[str, Any]:
    """Return the gold record of a draft.

    Raises:
        LookupError: A quote does not stand in its report.
    """
    record: dict[str, Any] = {"id": draft.id, "question": draft.fields["q"][0], "type": draft.kind}
    record["style"] = draft.style
    if "h" in draft.fields:
        record |= {"history": draft.fields["h"], "standalone": draft.fields["s"][0]}
    if draft.document:
        record["document"] = draft.document
    if "r" in draft.fields:
        record["reason"] = draft.fields["r"][0]
    record["evidence"] = [_evidence(found, draft) for found in draft.evidence]
    record["answer"] = draft.fields.get("a", [""])[0]
    values = draft.fields.get("v", [""])[0]
    record["values"] = [value.strip() for value in values.split(";") if value.strip()]
    return record


def _evidence(found: re.Match[str], draft: Draft) -> dict[str, Any]:
    relevance, row, other, group, words = found.groups()
    document = other or draft.document
    if document is None:
        raise LookupError(f"{draft.id}: no report for {words[:60]!r}")
    source = _source(document)
    span = _row(words, source.text) if row else _quote(words, source.text)
    if span is None:
        raise LookupError(f"{draft.id}: not in {document}: {words[:90]!r}")
    start, end = span
    piece: dict[str, Any] = {
        "quote": source.text[start:end],
        "kind": "table" if row else "passage",
        "relevance": int(relevance),
    }
    page = next((page.number for page in source.pages if page.span.start <= start < page.span.end), None)
    if page is not None:
        piece["page"] = page
    if other:
        piece["document"] = other
    if group:
        piece["group"] = int(group)
    return piece


def _quote(words: str, text: str) -> tuple[int, int] | None:
    """Find words however their lines are divided; where they are twice, the first place counts."""
    parts = [
        # A word may be divided by a hyphen at the end of a line, and a footnote's mark follow it.
        "".join(re.escape(sign) + (r"(?:-\n)?" if sign.isalpha() else "") for sign in word) + _FOOTNOTE
        for word in words.split()
    ]
    parts[-1] = parts[-1].removesuffix(_FOOTNOTE)
    found = re.search(r"[\s>*•–-]+".join(parts), text)
    return found.span() if found else None


def _row(words: str, text: str) -> tuple[int, int] | None:
    """Find the one line that begins with the label and holds the cells."""
    label, *cells = [word.strip() for word in words.split("|")]
    spans = []
    at = 0
    for line in text.split("\n"):
        held = [cell.strip() for cell in line.strip("| ").replace(" | ", "\t").split("\t")]
        if line.lstrip("| \t").startswith(label) and all(cell in held for cell in cells):
            spans.append((at, at + len(line)))
        at += len(line) + 1
    same = {text[start:end] for start, end in spans}
    if not spans and cells:
        return _broken_row(label, cells, text)
    return spans[0] if len(same) == 1 else None


def _broken_row(label: str, cells: list[str], text: str) -> tuple[int, int] | None:
    """Find a row that the reader has not kept on one line: the first words of its label, then the cells."""
    start = r"\s+".join(map(re.escape, label.split()[:4]))
    found = re.search(start + "".join(rf"[^|]{{0,250}}?\s{re.escape(cell)}(?=\s)" for cell in cells), text)
    if found is None or "\n" in found[0]:
        return found.span() if found else None
    return found.start(), (text + "\n").index("\n", found.end())


@cache
def _source(name: str) -> Source:
    return read_source(CORPUS / name, name)


def main() -> int:
    """Write every gold set that has a draft."""
    wrong = 0
    for path in sorted(DRAFTS.glob("*.txt")):
        records = []
        for draft in read_drafts(path):
            try:
                records.append(located(draft))
            except LookupError as bad:
                print(bad.args[0], file=sys.stderr)
                wrong += 1
        if not wrong:
            lines = [json.dumps(record, ensure_ascii=False) for record in records]
            (GOLD / f"{path.stem}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{path.stem}: {len(records)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
