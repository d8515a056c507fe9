"""From what a reader said to a gold question: drafted, checked like every gold set, and written to a file."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from rapportsvar.errors import GoldError
from rapportsvar.evaluation.feedback import Feedback, FeedbackStore, PointedPlace, Proposal
from rapportsvar.evaluation.gold import FULL, Reports, read_gold
from rapportsvar.evaluation.run import write_whole
from rapportsvar.model import EntryKind, QuestionKind

FILE = "facit-fran-lasare.jsonl"
UNANSWERABLE = "unanswerable"
KINDS = ("why", "table_lookup", "quantity", "list", "status", "yesno", "who_when", "definition", "comparison",
         "trend", UNANSWERABLE)  # fmt: skip
STYLES = ("politician", "citizen", "official", "keyword", "typo", "english")
KIND_OF: Mapping[QuestionKind, str] = {
    QuestionKind.WHY: "why",
    QuestionKind.HOW_MUCH: "quantity",
    QuestionKind.WHO: "who_when",
    QuestionKind.WHEN: "who_when",
    QuestionKind.WHICH: "list",
    QuestionKind.DEFINITION: "definition",
    QuestionKind.YES_NO: "yesno",
    QuestionKind.COMPARISON: "comparison",
    QuestionKind.DEVELOPMENT: "trend",
}
EVIDENCE_KIND = {EntryKind.PASSAGE: "passage", EntryKind.ROW: "table"}
LOCK_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Draft:
    """What an editor decides of a gold question: its kind, its style, and the values asked for."""

    kind: str
    style: str = STYLES[0]
    values: tuple[str, ...] = ()


def draft_of(feedback: Feedback) -> Draft:
    """Propose kind and values; the style is the editor's to say."""
    if feedback.place is None:
        return Draft(UNANSWERABLE)
    kind = KIND_OF.get(feedback.kind, "status")
    is_row = feedback.place.kind is EntryKind.ROW
    return Draft("table_lookup" if kind == "quantity" and is_row else kind, values=feedback.place.values)


def accept(store: FeedbackStore, proposal: Proposal, draft: Draft, reports: Reports) -> Path | None:
    """Check a proposal as a gold question, write it to the gold set of the folder, and close it.

    Returns:
        The gold set; None where somebody else has decided on the proposal meanwhile.

    Raises:
        GoldError: It cannot be scored, for one since the report no longer says what was quoted.
        FeedbackUnwritable: It could not be written.
    """
    line = gold_line(proposal, draft)
    _check(line, proposal.feedback.place, reports)
    path = store.folder / FILE
    return path if store.accept(proposal, lambda: _append(path, line)) else None


def gold_line(proposal: Proposal, draft: Draft) -> dict[str, Any]:
    """Return a proposal in the format of ``gold/README.md``."""
    feedback, place = proposal.feedback, proposal.feedback.place
    answers = place is not None and draft.kind != UNANSWERABLE
    evidence = (
        [{"quote": place.quote, "kind": EVIDENCE_KIND[place.kind], "relevance": FULL}]
        if place and answers
        else []
    )
    line: dict[str, Any] = {
        "id": f"lasare-{proposal.key[:12]}",
        "question": feedback.question,
        "type": draft.kind,
        "style": draft.style,
        "document": place.source if place and answers else None,
        "evidence": evidence,
        "answer": "",
        "values": list(draft.values) if answers else [],
    }
    return {**line, "history": list(feedback.earlier)} if feedback.earlier else line


def _check(line: Mapping[str, Any], place: PointedPlace | None, reports: Reports) -> None:
    """Refuse what ``evaluate`` would refuse, and a quote that has moved or whose values it does not hold."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        path.write_text(_written(line), encoding="utf-8", newline="\n")
        read_gold(path, reports)
    if not line["evidence"] or place is None:
        if line["type"] != UNANSWERABLE:
            raise GoldError(
                "Frågan saknar ställe som svarar",
                where=line["id"],
                todo="Välj slaget obesvarbar, eller avstå.",
            )
        return
    if place.span.of(reports.text(place.source)) != place.quote:
        raise GoldError(
            "Citatet står inte kvar på sin plats", where=place.source, todo="Avstå från förslaget."
        )
    missing = [value for value in line["values"] if value not in place.quote]
    if missing:
        raise GoldError(
            f"Uppgiften {missing[0]!r} står inte i citatet", where=line["id"], todo="Skriv den som i citatet."
        )


def _append(path: Path, line: Mapping[str, Any]) -> None:
    """Add a line to a gold set, whole or not at all; one that is there already is not added again."""
    with FileLock(path.with_suffix(".lock"), timeout=LOCK_SECONDS):
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if f'"id": {json.dumps(line["id"])}' in before:
            return
        ended = before if not before or before.endswith("\n") else f"{before}\n"
        write_whole(path, ended + _written(line))


def _written(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False) + "\n"
