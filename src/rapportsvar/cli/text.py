"""Answers, hits, reports and findings as words for a terminal, in Swedish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rapportsvar.engine.doctor import Finding
from rapportsvar.engine.engine import SearchResult
from rapportsvar.engine.journal import one_line
from rapportsvar.index.build import BuildSummary
from rapportsvar.index.store import StoredReport
from rapportsvar.index.versions import family_of
from rapportsvar.model import Answer, Hit

SHOWN_FOUND = 3
SHOWN_NEAREST = 2
FACETS = {
    "municipality": "Kommun",
    "board": "Nämnd",
    "year": "År",
    "kind": "Rapporttyp",
    "form": "Form",
}


def answer_text(answer: Answer) -> str:
    """Return an answer with its first places."""
    lines = [f"Rättat: {written} → {meant}" for written, meant in answer.spelling]
    if answer.message:
        lines.append(answer.message)
    if answer.text:
        lines += [answer.text, ""]
    shown = SHOWN_FOUND if answer.found else SHOWN_NEAREST
    if not answer.found and answer.hits:
        lines += ["", "Närmast, men inget svar på frågan:"]
    return "\n".join([*lines, *(hit_text(hit) for hit in answer.hits[:shown])])


def search_text(result: SearchResult) -> str:
    """Return a search: how the hits are spread, and the hits."""
    spread = [
        f"{FACETS[name]}: " + ", ".join(f"{value} ({count})" for value, count in counts.items())
        for name, counts in result.facets.items()
        if counts
    ]
    hits = [hit_text(hit) for hit in result.hits] or ["Inga träffar."]
    return "\n".join([*spread, *hits])


def hit_text(hit: Hit) -> str:
    """Return a hit: what it says, whose report it is, and where it stands."""
    info = hit.report
    whose = " · ".join(str(v) for v in (info.municipality, info.board, info.kind, info.period) if v)
    quotes = [cell.value for cell in hit.cells] or [" ".join(mark.text.split()) for mark in hit.highlights]
    label = f"{hit.cells[0].row}: " if hit.cells and hit.cells[0].row else ""
    under = " · ".join(filter(None, (whose, " › ".join(hit.section))))
    page = f", s. {hit.page}" if hit.page else ""
    place = f"{hit.source}{page} [{hit.span.start}:{hit.span.end}]"
    lines = [f"{hit.rank}. {label}{' … '.join(quotes)}", under, place]
    if hit.explanation:
        span, words = hit.explanation.span, " ".join(hit.explanation.text.split())
        lines.append(f"Förklaring: {words} [{span.start}:{span.end}]")
    if hit.version_of:
        lines.append(f"Står bara i denna äldre version av {hit.version_of}")
    lines += [f"Äldre version: {source}" for source in dict.fromkeys(source for source, _ in hit.versions)]
    return "\n   ".join(lines)


def report_text(
    report: StoredReport, passages: int, rows: int, versions: Sequence[Sequence[str]] = ()
) -> str:
    """Return a report's metadata on one line, its versions and warnings below."""
    info = report.info
    whose = ", ".join(str(v) for v in (info.municipality, info.board, info.kind, info.period) if v)
    unsure = f"  (osäkert: {', '.join(info.uncertain)})" if info.uncertain else ""
    head = f"{report.source}\t{whose}\t{passages} stycken, {rows} rader{unsure}"
    newest, *older = family_of(report.source, versions)
    behind = [f"    Äldre version av: {newest}"] if newest != report.source else []
    behind += [f"    Äldre version: {source}" for source in older if newest == report.source]
    return "\n".join([head, *behind, *(f"    {warning}" for warning in report.warnings)])


def summary_text(summary: BuildSummary) -> str:
    """Return what a build did."""
    return "\n".join(_summary_lines(summary))


def moved_text(counts: Mapping[str, int], uri: str) -> str:
    """Return what was moved, and how it is used from now on."""
    return (
        f"Flyttat till {uri}: {counts['reports']} rapporter, {counts['passages']} stycken, "
        f"{counts['rows']} rader, {counts['vectors']} vektorer; inget beräknades igen.\n"
        f'Använd det genom inställningarna: [index], engine = "milvus", uri = "{uri}".'
    )


def _summary_lines(summary: BuildSummary) -> Iterator[str]:
    counts = summary.counts
    yield (
        f"{counts['reports']} rapporter: {counts['passages']} stycken, {counts['rows']} rader. "
        f"{len(summary.new)} nya, {len(summary.changed)} ändrade, {len(summary.removed)} borttagna, "
        f"{summary.unchanged} oförändrade, {len(summary.failures)} kunde inte läsas."
    )
    for name, why in summary.failures.items():
        yield one_line(f"  Kunde inte läsas: {name}: {why}")
    for name, why in summary.skipped:
        yield one_line(f"  Utelämnad: {name}: {why}")
    for name, warnings in summary.warnings.items():
        yield from (one_line(f"  Varning: {name}: {warning}") for warning in warnings)


def summary_json(summary: BuildSummary) -> dict[str, Any]:
    """Return what a build did as JSON values."""
    return {
        "new": summary.new,
        "changed": summary.changed,
        "removed": summary.removed,
        "unchanged": summary.unchanged,
        "failures": summary.failures,
        "warnings": {name: list(warnings) for name, warnings in summary.warnings.items()},
        "skipped": [list(pair) for pair in summary.skipped],
        "embedded": summary.embedded,
        "reused": summary.reused,
        "counts": summary.counts,
        "seconds": {stage: round(seconds, 3) for stage, seconds in summary.seconds.items()},
    }


def todo_text(todo: Sequence[str]) -> str:
    """Return what is to be done after all findings, each thing once."""
    steps = list(dict.fromkeys(todo))
    if not steps:
        return "\nAllt är som det ska."
    return "\n".join(
        ["\nGör detta, i tur och ordning:", *(f"{n}. {step}" for n, step in enumerate(steps, 1))]
    )


def finding_text(finding: Finding) -> str:
    """Return a finding, and below it what to do."""
    head = f"{'ok ' if finding.sound else 'FEL'}  {finding.what}: {finding.detail}"
    return f"{head}\n     → {finding.todo}" if finding.todo else head
