"""Runs, comparisons and failures as plain text for the terminal, in Swedish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapportsvar.evaluation.compare import Change, Comparison, SetComparison
from rapportsvar.evaluation.figures import Estimate, Summary
from rapportsvar.evaluation.run import Run, SetRun
from rapportsvar.evaluation.words import figure, group, number, signed, word

BRIEF = ("hit@1", "hit@3", "hit@10", "ndcg@10", "highlight F1@3", "unanswerable refused")
GAP = "  "

Line = Sequence[str]


def run_text(run: Run) -> str:
    """Return the figures of a run: each gold set, and its kinds, styles and reports in brief."""
    return "\n\n".join(_set_text(one) for one in run.sets)


def comparison_text(comparison: Comparison) -> str:
    """Return what changed between two runs."""
    parts = [_comparison_text(one) for one in comparison.sets]
    if comparison.unpaired:
        parts.append(f"Bara i den ena körningen: {', '.join(comparison.unpaired)}")
    return "\n\n".join(parts)


def align(lines: Sequence[Line]) -> str:
    """Return ``lines`` in columns: the first to the left, the others to the right."""
    columns = max((len(line) for line in lines), default=0)
    padded = [[*line, *[""] * (columns - len(line))] for line in lines]
    widths = [max(len(line[column]) for line in padded) for column in range(columns)]
    return "\n".join(_aligned(line, widths) for line in padded)


def _aligned(line: Line, widths: Sequence[int]) -> str:
    cells = [
        cell.rjust(width) if column else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]
    return GAP.join(cells).rstrip()


def _set_text(one: SetRun) -> str:
    head = f"{one.name}: {one.answerable} besvarbara frågor, {one.unanswerable} obesvarbara"
    overall = align([_estimate_line(name, estimate) for name, estimate in one.overall.items()])
    brief = [
        _brief(title, groups)
        for title, groups in (("slag", one.by_kind), ("stil", one.by_style), ("rapport", one.by_document))
        if len(groups) > 1
    ]
    failed = sum(row.error is not None for row in one.rows)
    errors = [f"{failed} frågor gav fel i stället för svar och räknas som noll."] if failed else []
    return "\n\n".join([head, overall, *brief, *errors])


def _estimate_line(name: str, estimate: Estimate) -> Line:
    ends = (
        f"[{figure(name, estimate.low)}; {figure(name, estimate.high)}]" if estimate.low is not None else ""
    )
    return (word(name), figure(name, estimate.value), ends, f"n={estimate.questions}")


def _brief(title: str, groups: Mapping[str, Summary]) -> str:
    names = [name for name in BRIEF if any(name in summary for summary in groups.values())]
    lines = [(group(key), *(_cell(groups[key], name) for name in names)) for key in groups]
    return align([(title, *(word(name) for name in names)), *lines])


def _cell(summary: Summary, name: str) -> str:
    return figure(name, summary[name].value if name in summary else None)


def _comparison_text(one: SetComparison) -> str:
    notes = (
        []
        if one.same_set
        else ["Facitmängden har ändrats mellan körningarna; bara gemensamma frågor jämförs."]
    )
    head = ("mått", "före", "efter", "skillnad", "95 %", "p", "p (tecken)", "vunna", "förlorade")
    table = align([head, *(_change_line(change) for change in one.changes)])
    return "\n".join([one.name, *notes, table, *_changed_ids(one)])


def _change_line(change: Change) -> Line:
    name = change.name
    return (
        word(name),
        figure(name, change.before),
        figure(name, change.after),
        signed(name, change.difference),
        f"[{signed(name, change.low)}; {signed(name, change.high)}]",
        number(change.p_permutation),
        number(change.p_sign),
        *((str(len(change.won)), str(len(change.lost))) if change.p_sign is not None else ()),
    )


def _changed_ids(one: SetComparison) -> list[str]:
    headline = [
        change
        for change in one.changes
        if change.name in ("hit@3", "answerable kept", "unanswerable refused")
    ]
    return [
        f"{word(change.name)}, {what}: {', '.join(ids)}"
        for change in headline
        for what, ids in (("vunna", change.won), ("förlorade", change.lost))
        if ids
    ]
