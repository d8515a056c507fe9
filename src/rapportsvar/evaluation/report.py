"""A run as one HTML page in Swedish that loads nothing from elsewhere. All that is shown is escaped here.

The page's look is ``data/report.html``; here are its words and tables, in the order of the page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from string import Template

from rapportsvar.evaluation.calibration import BINS, bin_of, calibrate
from rapportsvar.evaluation.compare import Change, Comparison, SetComparison
from rapportsvar.evaluation.figures import Estimate, Summary
from rapportsvar.evaluation.plots import Bar, bars, histogram, reliability
from rapportsvar.evaluation.rows import HitLine, QuestionRow
from rapportsvar.evaluation.run import Run, SetRun
from rapportsvar.evaluation.words import NONE, explanation, figure, group, number, signed, word

PLOTTED = ("hit@3", "unanswerable refused")

Column = tuple[str, bool]
"""A table's column: its head, and whether it holds numbers."""


def html_report(run: Run, comparison: Comparison | None = None) -> str:
    """Return the whole page. ``comparison``, where given, is with an earlier run."""
    template = (files("rapportsvar.evaluation") / "data" / "report.html").read_text(encoding="utf-8")
    return Template(template).substitute(
        when=escape(_when(run)),
        resamples=escape(f"{run.resamples:,}".replace(",", "\u00a0")),
        seed=run.seed,
        sets="\n".join(_set_section(one) for one in run.sets),
        comparison=_comparison_section(comparison) if comparison else "",
        circumstances=_circumstances(run),
    )


def _when(run: Run) -> str:
    version = run.versions.get("rapportsvar", NONE)
    return f"Körd {run.date.replace('T', ' ')} · version {version} · {run.commit or 'utan commit'}"


def _set_section(one: SetRun) -> str:
    file = f"{one.path}, sha256 {one.sha256[:12]}"
    counts = f"{one.answerable} besvarbara frågor, {one.unanswerable} obesvarbara. {file}."
    return "\n".join(
        [
            f"<section><h2>{escape(one.name)}</h2>",
            f'<p class="soft">{escape(counts)}</p>',
            _overall(one.overall),
            f'<div class="plots">{_group_plots(one)}{_confidence_plots(one.rows)}</div>',
            _misses(one.rows),
            "</section>",
        ]
    )


def _overall(summary: Summary) -> str:
    lines = [
        (
            _titled(name),
            figure(name, estimate.value),
            _interval(name, estimate),
            str(estimate.questions),
            escape(explanation(name)),
        )
        for name, estimate in summary.items()
    ]
    heads = (("Mått", False), ("Värde", True), ("95 %", True), ("Frågor", True), ("Betyder", False))
    return f'<div class="wide">{_table(heads, lines)}</div>'


def _titled(name: str) -> str:
    return escape(word(name))


def _interval(name: str, estimate: Estimate) -> str:
    return (
        NONE if estimate.low is None else f"{figure(name, estimate.low)} till {figure(name, estimate.high)}"
    )


def _group_plots(one: SetRun) -> str:
    grouped = (("slag", one.by_kind), ("stil", one.by_style), ("rapport", one.by_document))
    return "".join(
        _figure(f"{word(name)} efter {by}", bars(f"{word(name)} efter {by}", _bars(groups, name)))
        for name in PLOTTED
        for by, groups in grouped
        if len(_bars(groups, name)) > 1
    )


def _bars(groups: Mapping[str, Summary], name: str) -> list[Bar]:
    known = {key: summary[name] for key, summary in groups.items() if name in summary}
    return [Bar(group(key), one.value, one.low, one.high, one.questions) for key, one in known.items()]


def _confidence_plots(rows: Sequence[QuestionRow]) -> str:
    calibration = calibrate(rows)
    if calibration is None:
        return ""
    told = f"Brier {number(calibration.brier)}, medelfel {number(calibration.expected_error)}"
    title = f"Säkerhet mot andel rätt bland tre träffar ({told})"
    right, wrong = (_by_confidence(rows, wanted) for wanted in (True, False))
    counts = "Antal svar efter säkerhet: nederst rätt, överst fel"
    return _figure(title, reliability(title, calibration.bins)) + _figure(
        counts, histogram(counts, right, wrong)
    )


def _by_confidence(rows: Sequence[QuestionRow], correct: bool) -> list[int]:
    counts = [0] * BINS
    for row in rows:
        counts[bin_of(row.confidence)] += row.correct is correct
    return counts


def _figure(caption: str, drawing: str) -> str:
    return f"<figure><figcaption>{escape(caption)}</figcaption>{drawing}</figure>"


def _misses(rows: Sequence[QuestionRow]) -> str:
    missed = [row for row in rows if row.missed]
    if not missed:
        return "<h3>Missar</h3><p>Inga.</p>"
    heads = (("Fråga", False), ("Väntat", False), ("Kom", False))
    lines = [(_asked(row), _expected(row), _came(row)) for row in missed]
    table = _table(heads, lines, "stack")
    head = f"<h3>Missar ({len(missed)} av {len(rows)})</h3>"
    return f"{head}<details open><summary>Visa eller dölj</summary>{table}</details>"


def _asked(row: QuestionRow) -> str:
    history = "".join(f'<div class="soft">{escape(earlier)}</div>' for earlier in row.history)
    told = f"{row.id} · {group(row.kind)} · {group(row.style)}"
    understood = (
        f'<div class="soft">Tolkad: {escape(row.standalone)}</div>' if row.history and row.standalone else ""
    )
    return (
        f'{history}<strong>{escape(row.question)}</strong>{understood}<div class="soft">{escape(told)}</div>'
    )


def _expected(row: QuestionRow) -> str:
    if not row.answerable:
        reason = f": {word(row.expected_reason)}" if row.expected_reason else ""
        return escape(f"Inget svar{reason}")
    return "".join(
        f'<div class="soft">{escape(piece.source)}{"" if piece.relevance > 1 else " (i del)"}</div>'
        f"<blockquote>{escape(piece.quote)}</blockquote>"
        for piece in row.expected
    )


def _came(row: QuestionRow) -> str:
    if row.error:
        return escape(f"Fel: {row.error}")
    verdict = "Svar" if row.found else f"Inget svar{': ' + word(row.reason) if row.reason else ''}"
    rank = f"rätt på plats {row.rank}" if row.rank else "rätt saknas bland träffarna"
    told = f"{verdict}, säkerhet {number(row.confidence, 2)}" + (f", {rank}" if row.answerable else "")
    return f"<div>{escape(told)}</div>" + "".join(_hit(place, hit) for place, hit in enumerate(row.hits, 1))


def _hit(place: int, hit: HitLine) -> str:
    path = " › ".join((hit.source, *hit.section))
    return f'<div class="soft">{place}. {escape(path)}</div><blockquote>{_marked(hit)}</blockquote>'


def _marked(hit: HitLine) -> str:
    """Light the highlights: places are found in the raw text, and each piece is escaped by itself."""
    lit = [False] * len(hit.text)
    for highlight in hit.highlights:
        at = hit.text.find(highlight) if highlight else -1
        if at >= 0:
            lit[at : at + len(highlight)] = [True] * len(highlight)
    pieces = groupby(zip(hit.text, lit, strict=True), key=itemgetter(1))
    return "".join(_piece("".join(sign for sign, _ in signs), on) for on, signs in pieces)


def _piece(words: str, on: bool) -> str:
    return f"<mark>{escape(words)}</mark>" if on else escape(words)


def _comparison_section(comparison: Comparison) -> str:
    before = escape(
        f"{comparison.before.date.replace('T', ' ')} · {comparison.before.commit or 'utan commit'}"
    )
    unpaired = (
        f"<p>Bara i den ena körningen: {escape(', '.join(comparison.unpaired))}</p>"
        if comparison.unpaired
        else ""
    )
    note = (
        "Parvisa prov på samma frågor: omkastade tecken (p) och teckenprov. p-värdena är inte justerade för "
        "antalet mått: vart tjugonde ligger under 0,05 av en slump."
    )
    sets = "".join(_compared_set(one) for one in comparison.sets)
    return f'<h2>Jämfört med körningen {before}</h2><p class="soft">{escape(note)}</p>{unpaired}{sets}'


def _compared_set(one: SetComparison) -> str:
    heads = (
        *(("Mått", False), ("Före", True), ("Efter", True), ("Skillnad", True), ("95 %", True)),
        *(("p", True), ("p, tecken", True), ("Vunna", True), ("Förlorade", True)),
    )
    changes = _table(heads, [_change(change) for change in one.changes])
    warning = "" if one.same_set else "<p>Facitmängden har ändrats mellan körningarna.</p>"
    return f'<h3>{escape(one.name)}</h3>{warning}<div class="wide">{changes}</div>{_changed(one)}'


def _change(change: Change) -> Sequence[str]:
    name, told = change.name, change.p_sign is not None
    return (
        _titled(name),
        figure(name, change.before),
        figure(name, change.after),
        signed(name, change.difference),
        f"{signed(name, change.low)} till {signed(name, change.high)}",
        number(change.p_permutation),
        number(change.p_sign),
        str(len(change.won)) if told else NONE,
        str(len(change.lost)) if told else NONE,
    )


def _changed(one: SetComparison) -> str:
    if not one.changed:
        return "<p>Ingen fråga har ändrats.</p>"
    heads = (("Fråga", False), ("Före", False), ("Efter", False), ("Ändrat", False))
    lines = [(_asked(new), _verdict(old), _verdict(new), _differences(old, new)) for old, new in one.changed]
    table = _table(heads, lines, "stack")
    return f"<details><summary>Frågor som ändrats ({len(lines)})</summary>{table}</details>"


def _verdict(row: QuestionRow) -> str:
    place = f"plats {row.rank}" if row.rank else "ingen rätt träff"
    return escape(f"{'svar' if row.found else 'inget svar'}" + (f", {place}" if row.answerable else ""))


def _differences(old: QuestionRow, new: QuestionRow) -> str:
    both = [
        name for name in new.measures if name in old.measures and new.measures[name] != old.measures[name]
    ]
    return escape(
        ", ".join(f"{word(name)} {signed(name, new.measures[name] - old.measures[name])}" for name in both)
    )


def _circumstances(run: Run) -> str:
    shown = {**run.machine, **run.versions, "commit": run.commit, **run.engine}
    lines = [(escape(str(key)), f"<code>{escape(_plain(value))}</code>") for key, value in shown.items()]
    return _table((("Vad", False), ("Värde", False)), lines)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _table(heads: Sequence[Column], lines: Sequence[Sequence[str]], kind: str = "") -> str:
    """Return a table; the cells are HTML already."""
    top = "".join(f"<th{_number_class(numeric)}>{escape(head)}</th>" for head, numeric in heads)
    body = "".join(f"<tr>{_cells(heads, line)}</tr>" for line in lines)
    return f'<table class="{kind}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def _cells(heads: Sequence[Column], line: Sequence[str]) -> str:
    return "".join(
        f'<td{_number_class(numeric)} data-head="{escape(head)}">{cell}</td>'
        for (head, numeric), cell in zip(heads, line, strict=True)
    )


def _number_class(numeric: bool) -> str:
    return ' class="n"' if numeric else ""
