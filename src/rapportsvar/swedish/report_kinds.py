"""Kinds of report: names and other wordings (``report_kinds.tsv``), found in titles and in questions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property

from rapportsvar.model import Span
from rapportsvar.swedish.datafiles import data_lines

SHORTEST = 4
"""A shorter wording, such as ``t1``, says too little by itself."""
# "enligt delårsrapporten", "i Norrvikas verksamhetsberättelse", "i nämndens senaste månadsuppföljning".
_SOURCE = re.compile(
    r"\b(?:enligt|i|ur|från|utifrån|according to|in|from)\s+(?:[\w-]+\s+){0,3}$", re.IGNORECASE
)


@dataclass(frozen=True)
class ReportKind:
    """One wording of a kind of report.

    Attributes:
        words: The wording, in small letters.
        name: The kind.
        period: How long a time it is usually about.
        exact: Whether the wording is the kind's own name.
    """

    words: str
    name: str
    period: str
    exact: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The wording in any form of the noun; compiled when it is first needed."""
        return re.compile(rf"(?<!\w){re.escape(self.words)}(?:s?(?:en|et|er|n))?(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KindMention:
    """A kind of report that a question wants its answer from, in every name that is used for it."""

    span: Span
    names: frozenset[str]


@cache
def report_kinds() -> tuple[ReportKind, ...]:
    """Return all wordings: the kinds' own names first, then others, the longest first in each."""
    own: list[tuple[str, str, str, bool]] = []
    other: list[tuple[str, str, str, bool]] = []
    lines = list(data_lines("report_kinds.tsv"))
    names = {name for name, *_ in lines}
    for name, wordings, period in lines:
        own.append((name, name, period, True))
        other += [
            (words, name, period, False)
            for words in wordings.split(",")
            if words not in names and len(words) >= SHORTEST
        ]
    listed = sorted(own, key=lambda entry: -len(entry[0])) + sorted(other, key=lambda entry: -len(entry[0]))
    return tuple(ReportKind(words.lower(), name, period, exact) for words, name, period, exact in listed)


@cache
def _also_called() -> dict[str, frozenset[str]]:
    """Map each wording to the kinds that it is used for."""
    kinds: dict[str, set[str]] = {}
    for name, wordings, _ in data_lines("report_kinds.tsv"):
        kinds.setdefault(name, set()).add(name)
        for words in wordings.split(","):
            kinds.setdefault(words, set()).add(name)
    return {words: frozenset(names) for words, names in kinds.items()}


def report_kinds_in(question: str, *, keywords: bool = False) -> list[KindMention]:
    """Find the kinds of report that a question wants its answer from: *enligt delårsrapporten*.

    A report that is itself what is asked about, *varför blev delårsrapporten sen*, is none. Bare keywords,
    *sjukfrånvaro årsredovisning 2019*, need no preposition.
    """
    found: list[KindMention] = []
    asked = question.lower()
    for kind in report_kinds():
        if kind.words not in asked:
            continue
        for said in kind.pattern.finditer(question):
            span = Span(*said.span())
            told = keywords or _SOURCE.search(question[: span.start])
            if told and not any(mention.span.overlap_chars(span) for mention in found):
                found.append(KindMention(span, _names_of(kind)))
    return sorted(found, key=lambda mention: mention.span.start)


def _names_of(kind: ReportKind) -> frozenset[str]:
    return _also_called().get(kind.name, frozenset()) | {kind.name}
