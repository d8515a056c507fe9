"""Figures of prose: an amount whose measure is the subject of its sentence. What is unsure is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapportsvar.index.entries import JOIN, plain
from rapportsvar.index.figures.columns import month_of, period_of
from rapportsvar.index.figures.measures import clean_label, sex_of
from rapportsvar.model import Figure, Measured, Passage, Period, Report, Sentence, Span
from rapportsvar.swedish.numbers import NumberKind, find_numbers, parse_values
from rapportsvar.swedish.periods import find_periods, format_period, year_period

SENTENCE_CHARS_MAX = 400

_HEADS = (
    r"kostnad|intäkt|utgift|inkomst|frånvaro|omsättning|underskott|överskott|avvikelse|resultat|prognos|utfall|budget"
    r"|beläggning|bidrag|bistånd|meritvärde|merit|ersättning|volym|sysselsättningsgrad|väntetid|hyra|andel|antal"
)
_HEAD = re.compile(
    rf"[^\W\d_-]*(?:{_HEADS})(?:en|et|n|erna|arna|na|er|ar|or|orna|t)?(?![^\W\d_])", re.IGNORECASE
)
_IS = re.compile(
    r"\s(?:är|var|blev|blir|uppgår(?: till)?|uppgick(?: till)?|(?:landade|ligger|låg|hamnade|hamnar) på"
    r"|beräknas(?: bli| till| uppgå till)?|prognostiseras(?: till| bli)?|förväntas (?:bli|uppgå till)"
    r"|uppskattas till)(?: netto| cirka| ca\.?| totalt)? $"
)
_SUBJECT = re.compile(r"[A-ZÅÄÖ][^\W\d_]*(?:[ -][^\W\d_]+)*")
SUBJECT_CHARS_MAX = 110
_SHOWS = r"(?:visar|visade|redovisar|redovisade|är|blev|pekar på|innebär)"
_GAP = r"(?:ett|en)\s+(?:[^\W\d_]+\s+)?(?P<noun>[^\W\d_]*(?:underskott|överskott|avvikelse))\s+(?:på|om|med)"
_SHOW = re.compile(
    rf"^(?P<subject>[A-ZÅÄÖ](?:[^\W\d_]|[ -]){{2,70}}?)\s+{_SHOWS}\s+{_GAP}\s+(?:cirka\s+|ca\.?\s+)?$"
)
_BARE = re.compile(
    r"(?:periodens\s+)?(?:helårs)?(?:prognos|resultat|utfall|avvikelse|budget|kostnad|intäkt|underskott|överskott|antal)"
    r"(?:en|et|n|erna|arna|er)?(?:\s+(?:per|mot|för)\s+(?:hel)?[^\W\d_]+)?",
    re.IGNORECASE,
)
_FOR = re.compile(r"\bför\s+(?!hel|år|perioden|nämnden)([^\W\d_][^\d]*)$", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"(?:$|prognos|resultat|inledning|sammanfatt|läget|året|ekonomi|drift|utfall|analys|bakgrund|kommentar|uppföljning)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;:.]\s|\b(?:och|vilket|medan|som|samt|men|jämfört)\b")
_NO_SUBJECT = re.compile(
    r"^(?:det|den|detta|denna|de|dessa|där|här|som|men|och|vi|av|för|under|i|på|med|om|när)\b", re.IGNORECASE
)
_CHANGE = re.compile(r"\b(?:öknin|minsknin|förändrin|höjnin|sänknin|effekt|skillnad)", re.IGNORECASE)
_FORECAST = re.compile(r"prognos|beräknas|förvänta|uppskattas", re.IGNORECASE)
_BUDGET = re.compile(r"budget(?:en|ram\w*)?\b", re.IGNORECASE)
_PARTITIVE = re.compile(
    r"^\s*(?:lägre|högre|mer|mindre|bättre|sämre|av|procentenheter|per|under|över|i\s+(?:månaden|veckan))\b",
    re.IGNORECASE,
)


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
    first = next(
        (n for n in find_numbers(words) if n.kind is NumberKind.NUMBER and n.unit and not n.in_words), None
    )
    if first is None or _PARTITIVE.match(words[first.end :]) or parse_values(first.text) != (first.value,):
        return
    path = report.sections[passage.section].path
    before = " ".join(words[: first.start].split()) + " "
    measure = _measure(before, path[-1] if path else "")
    clause = words[: first.end] + _CLAUSE_END.split(words[first.end :], maxsplit=1)[0]
    periods = {m.period for m in find_periods(clause, reference=own) if m.period}
    if not measure or len(periods) > 1:
        return
    measured = _measured(before)
    forecast = bool(_FORECAST.search(before))
    period, label = period_of(clause, own) if periods else (own, format_period(own) if own else "")
    if period and (forecast or (measured is Measured.BUDGET and not periods)):
        period, label = year_period(period.year), format_period(year_period(period.year))
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
        as_of=month_of(own) if forecast and own else None,
    )


def _against(measured: Measured, *, forecast: bool) -> Measured:
    if measured is not Measured.DEVIATION:
        return Measured.OTHER
    return Measured.FORECAST if forecast else Measured.OUTCOME


def _measure(before: str, heading: str) -> str:
    """Name the measure by the subject before an amount; empty where it is no measure."""
    if len(before) > 2 * SUBJECT_CHARS_MAX or _NO_SUBJECT.match(before) or _CHANGE.search(before):
        return ""
    shown = _SHOW.match(before)
    if shown:
        whose = _whose(plain(shown["subject"]), heading)
        return JOIN.join((whose, shown["noun"].capitalize())) if whose else ""
    verb = _IS.search(before)
    subject = before[: verb.start()] if verb else ""
    if not _SUBJECT.fullmatch(subject) or len(subject) > SUBJECT_CHARS_MAX or not _HEAD.search(subject):
        return ""
    if _FOR.search(subject) or not _BARE.fullmatch(subject):
        return subject
    whose = _whose(subject, heading)
    return JOIN.join((whose, subject)) if whose else ""


def _whose(subject: str, heading: str) -> str:
    """Name what a subject such as ``Prognosen`` is of: by its own words, or by the heading."""
    named = _FOR.search(subject)
    if named:
        return named[1][0].upper() + named[1][1:]
    if not _BARE.match(subject):
        return subject
    over = clean_label(heading)
    return "" if _SAYS_NOTHING.match(over) else over


def _measured(before: str) -> Measured:
    if re.search(r"underskott|överskott|avvikelse", before, re.IGNORECASE):
        return Measured.DEVIATION
    if _FORECAST.search(before):
        return Measured.FORECAST
    return Measured.BUDGET if _BUDGET.search(before) else Measured.OUTCOME
