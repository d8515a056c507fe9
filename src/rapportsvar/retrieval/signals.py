"""Signals: for one question, the numbers that tell how likely each candidate answers.

Everything is computed over arrays; no loop goes over entries, and what is kept of a concept is only where it
stands. Candidates are the best entries by each of the main signals, so that an entry which one signal misses
is still seen by the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from rapportsvar.index.keyword import PART_MARK
from rapportsvar.index.opened import OpenIndex
from rapportsvar.model import Measured, QuestionKind, ReportInfo
from rapportsvar.retrieval.concepts import among, matched_share, terms_of
from rapportsvar.retrieval.cosines import Cosines, cosines_of
from rapportsvar.retrieval.keyword_scores import KeywordScores
from rapportsvar.retrieval.question import Understood
from rapportsvar.retrieval.report_periods import period_of
from rapportsvar.retrieval.wanted import Wanted
from rapportsvar.swedish.cues import TRAITS
from rapportsvar.swedish.periods import year_period

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]
Allowed = npt.NDArray[np.bool_]

IS_ROW = 0
TRAIT = {name: place for place, name in enumerate(TRAITS, start=1)}

KIND_TRAITS: tuple[tuple[QuestionKind, str], ...] = (
    (QuestionKind.WHY, "cause"),
    (QuestionKind.HOW_MUCH, "amounts"),
    (QuestionKind.HOW_MUCH, "percent"),
    (QuestionKind.WHO, "person"),
    (QuestionKind.WHO, "role"),
    (QuestionKind.WHEN, "date"),
    (QuestionKind.WHICH, "listing"),
    (QuestionKind.STATUS, "status"),
    (QuestionKind.DEFINITION, "defines"),
)
"""Which trait of an entry speaks for it when a question of this kind is asked."""

ROW_KINDS = (
    QuestionKind.WHY,
    QuestionKind.HOW_MUCH,
    QuestionKind.WHO,
    QuestionKind.WHICH,
    QuestionKind.STATUS,
    QuestionKind.DEFINITION,
    QuestionKind.YES_NO,
    QuestionKind.COMPARISON,
    QuestionKind.DEVELOPMENT,
    QuestionKind.OTHER,
)
"""Kinds of question for which being a table row speaks for or against an entry."""

SEX_TERMS = {"kvinnor": ("kvinna", "flicka"), "män": ("man", "pojke")}
MEASURED_TERMS = {
    Measured.ACCOUNTS: ("bokslut", "utfall"),
    Measured.FORECAST: ("prognos", "helårsprognos"),
    Measured.BUDGET: ("budget", "kommunbidrag", "anslag", "investeringsram"),
    Measured.DEVIATION: ("avvikelse", "resultat", "budgetavvikelse"),
    Measured.TARGET: ("mål", "målvärde", "målnivå"),
    Measured.OUTCOME: ("utfall", "redovisad", "bokslut", "utf"),
}

EXCLUDING_TERMS = ("exkl", "exklusiv", "exkludera")
"""A row that says so itself leaves out what the question leaves out."""

SIGNALS: tuple[str, ...] = (
    "vector whole",
    "vector best",
    "vector rank",
    "vector neighbours",
    "keywords neighbours",
    "why: cause nearby",
    "report of year",
    "newest report",
    "report of kind",
    "report until then",
    "excluded",
    "keywords body",
    "keywords context",
    "keywords labels",
    "keywords all",
    "coverage body",
    "coverage all",
    "coverage missed",
    "label share",
    "context share",
    "label share of row",
    "row",
    "length",
    "year",
    "sex",
    "sex unasked",
    "measured",
    "report vector",
    "report keywords",
    "board of report",
    *(f"{kind.value}: {trait}" for kind, trait in KIND_TRAITS),
    *(f"{kind.value}: row" for kind in ROW_KINDS),
    *(f"wants {what.value}" for what in Wanted),
    "focus",
    "focus labels",
)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Entries that may answer, with their signals.

    Attributes:
        places: Places in ``OpenIndex.entries``, ``(c,)``.
        signals: ``(c, len(SIGNALS)) float32``.
        cosines: Best cosine of each with the question, ``(c,)``.
        coverage: Share of the question's concepts found in each or its context, ``(c,)``.
    """

    places: Places
    signals: Floats
    cosines: Floats
    coverage: Floats


def gather(index: OpenIndex, understood: Understood, question: Floats, count: int) -> Candidates:
    """Find candidates and compute their signals.

    Args:
        index: The index.
        understood: The question.
        question: Its unit vector, ``(d,)``.
        count: How many candidates each main signal proposes.
    """
    allowed = _allowed(index, understood)
    if not allowed.any():
        return Candidates(
            np.zeros(0, np.int64), np.zeros((0, len(SIGNALS)), np.float32), *(np.zeros(0, np.float32),) * 2
        )
    index.expect_terms(terms_of(understood.concepts))
    some = None if allowed.all() else allowed
    cosines, keyword = _by_meaning_and_words(index, understood, question, allowed, some)
    proposed = (*cosines.proposed(count), *keyword.proposed(count))
    chosen = np.unique(np.concatenate(proposed)).astype(np.int64)
    before, same = _beside(index, chosen, -1)
    after, same_after = _beside(index, chosen, 1)
    cosines.know(np.unique(np.concatenate([chosen, before, after])))
    signals = np.zeros((len(chosen), len(SIGNALS)), np.float32)
    column = {name: signals[:, place] for place, name in enumerate(SIGNALS)}
    _vector_signals(column, cosines, chosen, ((before, same), (after, same_after)))
    _keyword_signals(column, keyword, chosen)
    column["label share"][:] = matched_share(understood.concepts, index.keyword["label"], chosen)
    column["context share"][:] = matched_share(understood.concepts, index.keyword["context"], chosen)
    column["label share of row"][:] = column["label share"] * index.entries["is_row"][chosen]
    near = np.where(same, keyword.total[before], 0.0) / max(keyword.best_total, 1e-6)
    column["keywords neighbours"][:] = near
    cause = index.traits[chosen, TRAIT["cause"]]
    column["why: cause nearby"][:] = understood.kinds.get(QuestionKind.WHY, 0.0) * cause * near
    _focus_signals(column, keyword, understood.focus, chosen)
    _match_signals(column, index, understood, chosen)
    _kind_signals(column, index, understood, chosen)
    column["report vector"][:] = _report_best(index, cosines.best, cosines.spread.best[0], some, chosen)
    column["report keywords"][:] = _report_best(index, keyword.total, keyword.mean_total, some, chosen)
    return Candidates(chosen, signals, cosines.best[chosen], column["coverage all"].copy())


def _by_meaning_and_words(
    index: OpenIndex, understood: Understood, question: Floats, allowed: Allowed, some: Allowed | None
) -> tuple[Cosines, KeywordScores]:
    """Compare with vectors and with words: in a large index, which takes a while, side by side."""
    if index.vectors.are_few:
        return cosines_of(index, question, allowed), KeywordScores(index, understood.concepts, some)
    with ThreadPoolExecutor(1, "rapportsvar-vectors") as beside:
        cosines = beside.submit(cosines_of, index, question, allowed)
        keyword = KeywordScores(index, understood.concepts, some)
        return cosines.result(), keyword


def _allowed(index: OpenIndex, understood: Understood) -> Allowed:
    if len(understood.reports) == len(index.reports):
        return np.ones(len(index.entries), np.bool_)
    wanted = np.isin(index.report_ids, list(understood.reports))
    return wanted[index.report_numbers]


def _standard(values: Floats, spread: tuple[float, float]) -> Floats:
    """Standardise over the allowed entries, so that questions can be compared."""
    mean, deviation = spread
    standard: Floats = (values - np.float32(mean)) / np.float32(deviation + 1e-6)
    return standard


def _vector_signals(
    column: dict[str, Floats],
    cosines: Cosines,
    chosen: Places,
    beside: Sequence[tuple[Places, Allowed]],
) -> None:
    whole, best = cosines.whole, cosines.best[chosen]
    column["vector whole"][:] = _standard(whole[chosen], cosines.spread.whole)
    column["vector best"][:] = _standard(best, cosines.spread.best)
    order = np.argsort(np.argsort(-best))
    column["vector rank"][:] = 1.0 / (1.0 + order)
    near = [np.where(same, _standard(whole[at], cosines.spread.whole), 0.0) for at, same in beside]
    column["vector neighbours"][:] = np.maximum(*near)


def _beside(index: OpenIndex, chosen: Places, step: int) -> tuple[Places, npt.NDArray[np.bool_]]:
    """Return the entries next to some, and whether each is of the same report."""
    beside = np.clip(chosen + step, 0, len(index.entries) - 1)
    reports = index.report_numbers
    return beside, (reports[beside] == reports[chosen]) & (beside != chosen)


def _keyword_signals(column: dict[str, Floats], keyword: KeywordScores, chosen: Places) -> None:
    for name, score in (
        ("keywords body", keyword.fields["body"]),
        ("keywords context", keyword.fields["context"]),
        ("keywords labels", keyword.fields["label"]),
        ("keywords all", keyword.total),
    ):
        column[name][:] = score[chosen] / max(keyword.best_of(score), 1e-6)
    ideal = keyword.ideal[:, None]
    total = max(float(keyword.ideal.sum()), 1e-6)
    weight = keyword.weights[:, None]
    found_inside, found_anywhere = keyword.by_concept(chosen)
    inside = np.minimum(found_inside * weight, ideal).sum(axis=0) / total
    anywhere = np.minimum(found_anywhere * weight, ideal).sum(axis=0) / total
    column["coverage body"][:] = inside
    column["coverage all"][:] = anywhere
    found = found_anywhere > 0
    column["coverage missed"][:] = (~found * weight).sum(axis=0) / max(float(keyword.weights.sum()), 1e-6)


def _focus_signals(
    column: dict[str, Floats], keyword: KeywordScores, focus: int | None, chosen: Places
) -> None:
    """Tell how well the concept that is asked about is met: of all concepts, the one that must be."""
    if focus is None:
        return
    found = keyword.concepts[focus]
    for name, scores in (("focus", found), ("focus labels", found.labels)):
        column[name][:] = scores.at(chosen) / max(scores.best(keyword.allowed), 1e-6)


def _match_signals(
    column: dict[str, Floats], index: OpenIndex, understood: Understood, chosen: Places
) -> None:
    years = [str(year) for year in understood.years]
    column["year"][:] = _holds(index, "body", years, chosen)
    if not understood.sex:
        column["sex unasked"][:] = _holds(
            index, "label", [t for some in SEX_TERMS.values() for t in some], chosen
        )
    column["sex"][:] = _holds(index, "body", SEX_TERMS.get(understood.sex, ()), chosen)
    measured = [term for m in understood.measured for term in MEASURED_TERMS[m]]
    column["measured"][:] = _holds(index, "body", measured, chosen)
    numbers = index.report_numbers[chosen]
    column["report of year"][:] = np.isin(index.report_years, understood.years)[numbers]
    if not (understood.years or understood.implied_years):
        column["newest report"][:] = index.report_is_newest[numbers]
    met, each = np.unique(numbers, return_inverse=True)
    infos = [index.infos[key] for key in index.report_ids[met].tolist()]
    ends = {p.period.last for p in understood.periods if p.period and p.period != year_period(p.period.year)}
    if ends:
        column["report until then"][:] = np.array([_last_day(info) in ends for info in infos], np.bool_)[each]
    if understood.report_kinds:
        of_kind = np.array([info.kind in understood.report_kinds for info in infos], np.bool_)
        column["report of kind"][:] = of_kind[each]
    if understood.excluded:
        keys = [form for key in understood.excluded for form in (key, PART_MARK + key)]
        told = np.maximum(_holds(index, "label", keys, chosen), _holds(index, "context", keys, chosen))
        column["excluded"][:] = told * (1.0 - _holds(index, "label", EXCLUDING_TERMS, chosen))
    if understood.boards:
        of_board = np.array([info.board.lower() in understood.boards for info in infos], np.bool_)
        column["board of report"][:] = of_board[each]


def _last_day(info: ReportInfo) -> date | None:
    period = period_of(info)
    return period.last if period else None


def _holds(index: OpenIndex, field: str, terms: Sequence[str], chosen: Places) -> Floats:
    held = np.zeros(len(chosen), np.float32)
    for term in terms:
        held[among(chosen, index.keyword[field].postings(term)[0])] = 1.0
    return held


def _kind_signals(
    column: dict[str, Floats], index: OpenIndex, understood: Understood, chosen: Places
) -> None:
    traits = np.asarray(index.traits[chosen])
    row = traits[:, IS_ROW]
    column["row"][:] = row
    column["length"][:] = traits[:, TRAIT["chars"]]
    kinds = understood.kinds or {QuestionKind.OTHER: 1.0}
    for kind, trait in KIND_TRAITS:
        column[f"{kind.value}: {trait}"][:] = kinds.get(kind, 0.0) * traits[:, TRAIT[trait]]
    for kind in ROW_KINDS:
        column[f"{kind.value}: row"][:] = kinds.get(kind, 0.0) * row
    for what, weight in understood.wanted.items():
        column[f"wants {what.value}"][:] = weight * traits[:, TRAIT[what.value]]


def _report_best(
    index: OpenIndex, score: Floats, low: float, allowed: Allowed | None, chosen: Places
) -> Floats:
    """Tell how near the best of an entry's report comes to the best of all; ``low`` is the mean."""
    some = score if allowed is None else np.where(allowed, score, -np.inf)
    best = np.maximum.reduceat(some, index.report_starts)
    top = float(best.max())
    near: Floats = ((best[index.report_numbers[chosen]] - low) / max(top - low, 1e-6)).astype(np.float32)
    return near
