"""What a report is about: its kind, its period and its year."""

from __future__ import annotations

import re
from collections import Counter

from rapportsvar.model import Fact, Period, Span
from rapportsvar.structure.looks import is_date, is_label, is_label_value
from rapportsvar.structure.opening import REFERENCE, Asked, Said
from rapportsvar.swedish.periods import PeriodMention, find_periods, format_period, months, year_period
from rapportsvar.swedish.report_kinds import report_kinds

# "Delår 2020" may end in June or in August: the text tells.
_BARE_PART = re.compile(r"delår\w*(?: år)? \d{4}", re.IGNORECASE)
# "Delår 2020" may end in June or in August: the text tells.
_BARE_PART = re.compile(r"delår\w*(?: år)? \d{4}", re.IGNORECASE)
_YEARLY = ("year", "several years")
# "Delår 2020" may end in June or in August: the text tells.
_BARE_PART = re.compile(r"delår\w*(?: år)? \d{4}", re.IGNORECASE)
_YEARLY = ("year", "several years")
_UNTIL = {"eight months": 8, "half": 6}


def find_kind(asked: Asked) -> Fact | None:
    """Return the kind: from the title, the opening, the file name, or what the first pages speak of."""
    places = [("title", True, asked.title)] if asked.title else []
    places += [("opening", True, said) for said in asked.opening]
    places.append(("property title", False, Said(asked.property_title, Span(0, 0))))
    places.append(("file name", True, Said(asked.file_words, Span(0, 0))))
    for rule, certain, said in places:
        name = kind_of(said.text)
        if name:
            return Fact(name, certain, rule, said.span if rule in ("title", "opening") else None)
    return _frequent_kind(asked)


def kind_of(words: str) -> str | None:
    """Return the kind of report that a title names, or None; the kind named first and most exactly."""
    best: tuple[int, int, str] | None = None
    for kind in report_kinds():
        found = kind.pattern.search(words)
        if found:
            rank = (0 if kind.exact else 1, found.start(), kind.name)
            best = min(best, rank) if best else rank
    return best[2] if best else None


def _frequent_kind(asked: Asked) -> Fact | None:
    """The kind that the first pages speak of most."""
    start = asked.source.text[:6000]
    counts = Counter({kind.name: len(kind.pattern.findall(start)) for kind in report_kinds() if kind.exact})
    name, times = counts.most_common(1)[0]
    return Fact(name, False, "most frequent kind") if times >= 2 else None


def find_period(asked: Asked, kind: Fact | None) -> tuple[Fact | None, Period | None]:
    """Return the period as a fact, and as such."""
    usual = next((each.period for each in report_kinds() if kind and each.name == kind.value), "")
    named = _named_period(asked)
    if named is None:
        return _counted_period(asked, None, usual)
    mention, rule, span = named
    period = mention.period
    whole = period is not None and period == year_period(period.year)
    if period is not None and whole and usual not in _YEARLY:
        return _counted_period(asked, period, usual)
    if period is not None and _BARE_PART.fullmatch(mention.span.of(_words_of(asked, rule, span))):
        return _counted_period(asked, year_period(period.year), "eight months")
    certain = rule != "property title"
    return (Fact(format_period(period), certain, rule, span), period) if period else (None, None)


def _named_period(asked: Asked) -> tuple[PeriodMention, str, Span | None] | None:
    """The period of the title, or of another line of the opening; one shorter than a year goes first."""
    said = ([asked.title] if asked.title else []) + [
        said for said in asked.opening if not _is_dated(said.text)
    ]
    places: list[tuple[str, str, Span | None]] = [
        (each.text, "title" if each is asked.title else "opening", each.span) for each in said
    ]
    places += [(asked.property_title, "property title", None), (asked.file_words, "file name", None)]
    found = [
        (mention, rule, span)
        for words, rule, span in places
        for mention in find_periods(words)
        if mention.period is not None and mention.period.first != mention.period.last
    ]
    for mention, rule, span in found:
        if mention.period is not None and (mention.period.last - mention.period.first).days < 360:
            return mention, rule, span
    return found[0] if found else None


def _words_of(asked: Asked, rule: str, span: Span | None) -> str:
    """Return the words that a rule read."""
    beside = {"file name": asked.file_words, "property title": asked.property_title}
    if rule in beside:
        return beside[rule]
    said = [asked.title] if asked.title else []
    return next((each.text for each in [*said, *asked.opening] if each.span == span), "")


def _is_dated(text: str) -> bool:
    return is_date(text) or bool(REFERENCE.search(text)) or is_label(text) or is_label_value(text)


def _counted_period(asked: Asked, year: Period | None, usual: str) -> tuple[Fact | None, Period | None]:
    """The end of the period that the text names most: ``31/8 2020``, ``per augusti``, ``jan-aug 2020``."""
    ends: Counter[tuple[int, int]] = Counter()
    text = asked.source.text
    for mention in find_periods(text, reference=year):
        period = None if _BARE_PART.fullmatch(mention.span.of(text)) else mention.period
        if (
            period is not None
            and period.first.month == 1
            and period.first.year == period.last.year
            and period.last.month < 12
        ):
            ends[(period.last.year, period.last.month)] += 1
    if year is not None:
        ends = Counter({key: count for key, count in ends.items() if key[0] == year.year})
    if ends and (usual in _UNTIL or year is None or usual not in _YEARLY):
        (last_year, month), times = ends.most_common(1)[0]
        period = months(last_year, 1, month)
        return Fact(format_period(period), times >= 3 and year is not None, "most frequent period"), period
    if year is None:
        return None, None
    period = months(year.year, 1, _UNTIL[usual]) if usual in _UNTIL else year
    return Fact(format_period(period), usual not in _UNTIL and usual in _YEARLY, "usual for the kind"), period


def find_year(asked: Asked, meant: Period | None, period: Fact | None, day: Fact | None) -> Fact | None:
    """Return the year: of the period, else of the date, else the one that the text names most."""
    if meant is not None and period is not None:
        named = asked.title is not None and str(meant.year) in asked.title.text
        certain = period.certain or named
        return Fact(str(meant.year), certain, "period", period.span)
    if day is not None:
        return Fact(day.value[:4], False, "date", day.span)
    counts = Counter(
        mention.period.year
        for mention in find_periods(asked.source.text)
        if mention.period is not None and not mention.relative
    )
    return Fact(str(counts.most_common(1)[0][0]), False, "most frequent year") if counts else None
