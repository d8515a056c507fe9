"""Figures of prose: an amount whose measure is the subject of its sentence. What is unsure is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapportsvar.index.entries import JOIN, plain
from rapportsvar.index.figures.columns import period_of
from rapportsvar.index.figures.measures import clean_label, sex_of
from rapportsvar.model import Figure, Measured, Passage, Period, Report, Sentence, Span
from rapportsvar.swedish.numbers import NumberKind, find_numbers, parse_values
from rapportsvar.swedish.periods import find_periods, format_period, year_period

SENTENCE_CHARS_MAX = 400

_HEADS = (
    r"kostnad|intäkt|utgift|inkomst|frånvaro|omsättning|underskott|överskott|avvikelse|resultat|prognos|utfall|budget"
    r"|beläggning|bidrag|bistånd|meritvärde|merit|ersättning|volym|sysselsättningsgrad|väntetid|hyra|andel|antal"
)
_END = r"(?:en|et|n|erna|arna|na|er|ar|or|orna|t)?"
_SUBJECT = rf"(?P<subject>[A-ZÅÄÖ](?:[^\W\d_]|[ -])*?(?<![^\W\d_])?(?P<head>[^\W\d_-]*(?:{_HEADS}){_END})(?![^\W\d_])(?P<of>(?:[^\W\d_]|[ -]){{0,70}}?))"
_IS = (
    r"(?:är|var|blev|blir|uppgår till|uppgick till|uppgår|uppgick|landade på|ligger på|låg på|hamnade på|hamnar på"
    r"|beräknas(?: bli| till| uppgå till)?|prognostiseras(?: till| bli)?|förväntas (?:bli|uppgå till)|uppskattas till)"
)
_SHOWS = r"(?:visar|visade|redovisar|redovisade|är|blev|pekar på|innebär)"
_GAP = r"(?:ett|en)\s+(?:[^\W\d_]+\s+)?(?P<noun>[^\W\d_]*(?:underskott|överskott|avvikelse))\s+(?:på|om|med)"
_BE = re.compile(rf"^{_SUBJECT}\s+{_IS}\s+(?:netto\s+|cirka\s+|ca\.?\s+|totalt\s+)?$")
_SHOW = re.compile(rf"^(?P<subject>[A-ZÅÄÖ](?:[^\W\d_]|[ -]){{2,70}}?)\s+{_SHOWS}\s+{_GAP}\s+(?:cirka\s+|ca\.?\s+)?$")
_NO_SUBJECT = re.compile(r"^(?:det|den|detta|denna|de|dessa|där|här|som|men|och|vi|av|för|under|i|på|med|om|när)\b", re.IGNORECASE)
_CHANGE = re.compile(r"\b(?:öknin|minsknin|förändrin|höjnin|sänknin|effekt|skillnad)", re.IGNORECASE)
_FORECAST = re.compile(r"prognos|beräknas|förvänta|uppskattas", re.IGNORECASE)
_BUDGET = re.compile(r"budget(?:en|ram\w*)?\b", re.IGNORECASE)
_PARTITIVE = re.compile(r"^\s*(?:lägre|högre|mer|mindre|bättre|sämre|av|procentenheter|per|under|över|i\s+(?:månaden|veckan))\b", re.IGNORECASE)


def prose_figures(report: Report, own: Period | None) -> Iterator[Figure]:
    """Yield the figures of a report's prose.

    Args:
        report: The report.
        own: Its period.
    """
    for passage in report.passages:
        if passage.cell is None:
            for sentence in passage.sentences:
                yield from _sentence_figures(report, passage, sentence, own)


def _sentence_figures(
    report: Report, passage: Passage, sentence: Sentence, own: Period | None
) -> Iterator[Figure]:
    words = sentence.span.of(report.text)
    if len(words) > SENTENCE_CHARS_MAX or not any(char.isdigit() for char in words):
        return
    first = next((n for n in find_numbers(words) if n.kind is NumberKind.NUMBER and n.unit and not n.in_words), None)
    if first is None or _PARTITIVE.match(words[first.end :]) or parse_values(first.text) != (first.value,):
        return
    path = report.sections[passage.section].path
    before = " ".join(words[: first.start].split()) + " "
    measure = _measure(before, path[-1] if path else "")
    periods = {m.period for m in find_periods(words, reference=own) if m.period}
    if not measure or len(periods) > 1:
        return
    measured = _measured(before)
    period, label = period_of(words, own) if periods else (own, format_period(own) if own else "")
    if period and not periods and measured in (Measured.FORECAST, Measured.BUDGET):
        period, label = year_period(period.year), format_period(year_period(period.year))
    forecast = bool(_FORECAST.search(before))
    yield Figure(
        source=report.source.name,
        span=Span(sentence.span.start + first.start, sentence.span.start + first.end),
        row=sentence.span,
        measure=measure,
        value=first.value,
        unit=first.unit or "",
        period=period,
        period_label=label,
        measured=measured,
        sex=sex_of(words[: first.start]),
        section=path,
        row_label=measure,
        unit_source="text",
        against=_against(measured, forecast=forecast),
        as_of=own if forecast else None,
    )


def _against(measured: Measured, *, forecast: bool) -> Measured:
    if measured is not Measured.DEVIATION:
        return Measured.OTHER
    return Measured.FORECAST if forecast else Measured.OUTCOME


def _measure(before: str, heading: str) -> str:
    """Name the measure by the subject before an amount; empty where it is no measure."""
    if _NO_SUBJECT.match(before) or _CHANGE.search(before):
        return ""
    shown = _SHOW.match(before)
    if shown:
        over = clean_label(heading)
        return JOIN.join(filter(None, (over, shown["noun"].capitalize())))
    stated = _BE.match(before)
    return plain(f"{stated['subject']}") if stated else ""


def _measured(before: str) -> Measured:
    if re.search(r"underskott|överskott|avvikelse", before, re.IGNORECASE):
        return Measured.DEVIATION
    if _FORECAST.search(before):
        return Measured.FORECAST
    return Measured.BUDGET if _BUDGET.search(before) else Measured.OUTCOME
