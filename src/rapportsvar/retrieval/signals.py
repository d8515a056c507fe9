"""Signals: for one question, the numbers that tell how likely each candidate answers.

Everything is computed over arrays; no loop goes over entries. Candidates are the best entries by each of the
main signals, so that an entry which one signal misses is still seen by the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from rapportsvar.index.keyword import FIELDS, PART_MARK
from rapportsvar.index.opened import OpenIndex
from rapportsvar.model import Measured, QuestionKind, ReportInfo
from rapportsvar.retrieval.concepts import Concept, concept_scores, matched_share, terms_of
from rapportsvar.retrieval.question import Understood
from rapportsvar.retrieval.report_periods import period_of
from rapportsvar.retrieval.wanted import Wanted
from rapportsvar.swedish.cues import TRAITS
from rapportsvar.swedish.periods import year_period

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

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

EXCLUDING_TERMS = ("exkl", "exklusive", "exkl.", "utom", "förutom", "exkludera")
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
    whole, best = _cosines(index, question)
    keyword = _Keywords(index, understood.concepts)
    chosen = _choose(allowed, (whole, best, keyword.total, keyword.fields["label"]), count)
    signals = np.zeros((len(chosen), len(SIGNALS)), np.float32)
    column = {name: signals[:, place] for place, name in enumerate(SIGNALS)}
    _vector_signals(column, index, chosen, allowed, whole, best)
    _keyword_signals(column, keyword, chosen, allowed)
    column["label share"][:] = matched_share(understood.concepts, index.keyword["label"], chosen)
    column["context share"][:] = matched_share(understood.concepts, index.keyword["context"], chosen)
    column["label share of row"][:] = column["label share"] * index.entries["is_row"][chosen]
    before, same = _beside(index, chosen, -1)
    near = np.where(same, keyword.total[before], 0.0) / max(
        float(keyword.total[allowed].max(initial=0.0)), 1e-6
    )
    column["keywords neighbours"][:] = near
    cause = index.traits[chosen, TRAIT["cause"]]
    column["why: cause nearby"][:] = understood.kinds.get(QuestionKind.WHY, 0.0) * cause * near
    _focus_signals(column, keyword, understood.focus, chosen, allowed)
    _match_signals(column, index, understood, chosen)
    _kind_signals(column, index, understood, chosen)
    reports = np.asarray(index.entries["report"])
    column["report vector"][:] = _report_best(reports, best, allowed, chosen)
    column["report keywords"][:] = _report_best(reports, keyword.total, allowed, chosen)
    return Candidates(chosen, signals, best[chosen], column["coverage all"].copy())


class _Keywords:
    """Keyword scores of all entries: by concept and field."""

    def __init__(self, index: OpenIndex, concepts: Sequence[Concept]) -> None:
        count = len(index.entries)
        self.weights = np.array([c.weight for c in concepts], np.float32)
        scores = {
            name: np.stack([concept_scores(c, index.keyword[name], count) for c in concepts])
            if concepts
            else np.zeros((0, count), np.float32)
            for name in FIELDS
        }
        weight = self.weights[:, None]
        self.fields = {name: (s * weight).sum(axis=0) for name, s in scores.items()}
        self.inside = np.maximum(scores["body"], scores["label"])
        self.anywhere = np.maximum(self.inside, scores["context"])
        self.total = (np.maximum(self.inside, 0.6 * scores["context"]) * weight).sum(axis=0)
        self.labels = scores["label"]
        self.ideal = self.anywhere.max(axis=1, initial=0.0) * self.weights


def _allowed(index: OpenIndex, understood: Understood) -> npt.NDArray[np.bool_]:
    if len(understood.reports) == len(index.reports):
        return np.ones(len(index.entries), np.bool_)
    return np.isin(index.entries["report"], list(understood.reports))


def _cosines(index: OpenIndex, question: Floats) -> tuple[Floats, Floats]:
    """Cosine of each entry's whole vector, and the best over all its vectors."""
    vectors = index.vectors
    count = len(index.entries)
    places, near = vectors.all_or_nearest(question)
    cosines = np.full(len(vectors.owners), near.min(initial=0.0), np.float32)
    cosines[places] = near
    whole = cosines[vectors.first[:-1]]
    best = np.maximum.reduceat(cosines, vectors.first[:-1]) if count else whole
    return whole, best


def _choose(allowed: npt.NDArray[np.bool_], scores: Sequence[Floats], count: int) -> Places:
    chosen = []
    for score in scores:
        kept = np.where(allowed, score, -np.inf)
        top = np.argpartition(-kept, min(count, len(kept) - 1))[:count]
        chosen.append(top[np.isfinite(kept[top])])
    return np.unique(np.concatenate(chosen))


def _standard(values: Floats, allowed: npt.NDArray[np.bool_]) -> Floats:
    """Standardise over the allowed entries, so that questions can be compared."""
    some = values[allowed]
    standard: Floats = (values - some.mean()) / (some.std() + 1e-6)
    return standard


def _vector_signals(
    column: dict[str, Floats],
    index: OpenIndex,
    chosen: Places,
    allowed: npt.NDArray[np.bool_],
    whole: Floats,
    best: Floats,
) -> None:
    standard_whole, standard_best = _standard(whole, allowed), _standard(best, allowed)
    column["vector whole"][:] = standard_whole[chosen]
    column["vector best"][:] = standard_best[chosen]
    order = np.argsort(np.argsort(-best[chosen]))
    column["vector rank"][:] = 1.0 / (1.0 + order)
    before, after = (_beside(index, chosen, step) for step in (-1, 1))
    column["vector neighbours"][:] = np.maximum(
        np.where(before[1], standard_whole[before[0]], 0.0), np.where(after[1], standard_whole[after[0]], 0.0)
    )


def _beside(index: OpenIndex, chosen: Places, step: int) -> tuple[Places, npt.NDArray[np.bool_]]:
    """Return the entries next to some, and whether each is of the same report."""
    beside = np.clip(chosen + step, 0, len(index.entries) - 1)
    reports = index.entries["report"]
    return beside, (reports[beside] == reports[chosen]) & (beside != chosen)


def _keyword_signals(
    column: dict[str, Floats], keyword: _Keywords, chosen: Places, allowed: npt.NDArray[np.bool_]
) -> None:
    for name, score in (
        ("keywords body", keyword.fields["body"]),
        ("keywords context", keyword.fields["context"]),
        ("keywords labels", keyword.fields["label"]),
        ("keywords all", keyword.total),
    ):
        column[name][:] = score[chosen] / max(float(score[allowed].max(initial=0.0)), 1e-6)
    ideal = keyword.ideal[:, None]
    total = max(float(keyword.ideal.sum()), 1e-6)
    weight = keyword.weights[:, None]
    inside = np.minimum(keyword.inside[:, chosen] * weight, ideal).sum(axis=0) / total
    anywhere = np.minimum(keyword.anywhere[:, chosen] * weight, ideal).sum(axis=0) / total
    column["coverage body"][:] = inside
    column["coverage all"][:] = anywhere
    found = keyword.anywhere[:, chosen] > 0
    column["coverage missed"][:] = (~found * weight).sum(axis=0) / max(float(keyword.weights.sum()), 1e-6)


def _focus_signals(
    column: dict[str, Floats],
    keyword: _Keywords,
    focus: int | None,
    chosen: Places,
    allowed: npt.NDArray[np.bool_],
) -> None:
    """Tell how well the concept that is asked about is met: of all concepts, the one that must be."""
    if focus is None:
        return
    for name, scores in (("focus", keyword.anywhere), ("focus labels", keyword.labels)):
        best = float(scores[focus][allowed].max(initial=0.0))
        column[name][:] = scores[focus][chosen] / max(best, 1e-6)


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
    of_year = [k for k, (_, info) in index.reports.items() if info.year in understood.years]
    reports = index.entries["report"]
    if of_year and np.isin(of_year, reports[chosen]).any():
        column["report of year"][:] = np.isin(reports[chosen], of_year)
    if not (understood.years or understood.implied_years):
        newest = newest_reports(info for _, info in index.reports.values())
        fresh = [k for k, (_, info) in index.reports.items() if info.year == newest.get(owner_of(info))]
        column["newest report"][:] = np.isin(reports[chosen], fresh)
    ends = {p.period.last for p in understood.periods if p.period and p.period != year_period(p.period.year)}
    if ends:
        until = [k for k, (_, info) in index.reports.items() if _last_day(info) in ends]
        column["report until then"][:] = np.isin(reports[chosen], until)
    if understood.report_kinds:
        of_kind = [k for k, (_, info) in index.reports.items() if info.kind in understood.report_kinds]
        column["report of kind"][:] = np.isin(reports[chosen], of_kind)
    if understood.excluded:
        keys = [form for key in understood.excluded for form in (key, PART_MARK + key)]
        told = np.maximum(_holds(index, "label", keys, chosen), _holds(index, "context", keys, chosen))
        column["excluded"][:] = told * (1.0 - _holds(index, "label", EXCLUDING_TERMS, chosen))
    if understood.boards:
        of_board = [k for k, (_, info) in index.reports.items() if info.board.lower() in understood.boards]
        column["board of report"][:] = np.isin(index.entries["report"][chosen], of_board)


def _last_day(info: ReportInfo) -> date | None:
    period = period_of(info)
    return period.last if period else None


def owner_of(info: ReportInfo) -> tuple[str, str]:
    """Return whose report it is: municipality and board."""
    return info.municipality, info.board


def newest_reports(infos: Iterable[ReportInfo]) -> dict[tuple[str, str], int]:
    """Return the newest year of each owner that has reports of several."""
    years: dict[tuple[str, str], set[int]] = {}
    for info in infos:
        if info.year:
            years.setdefault(owner_of(info), set()).add(info.year)
    return {owner: max(some) for owner, some in years.items() if len(some) > 1}


def _holds(index: OpenIndex, field: str, terms: Sequence[str], chosen: Places) -> Floats:
    held = np.zeros(len(chosen), np.float32)
    for term in terms:
        places, _ = index.keyword[field].postings(term)
        held[np.isin(chosen, places)] = 1.0
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
    reports: npt.NDArray[np.int32], score: Floats, allowed: npt.NDArray[np.bool_], chosen: Places
) -> Floats:
    """Tell how near the best of an entry's report comes to the best of all."""
    ids, number = np.unique(reports, return_inverse=True)
    best = np.full(len(ids), -np.inf, np.float32)
    np.maximum.at(best, number, np.where(allowed, score, -np.inf))
    top, low = best.max(), score[allowed].mean()
    near: Floats = ((best - low) / max(float(top - low), 1e-6))[number[chosen]]
    return near
