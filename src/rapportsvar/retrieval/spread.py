"""Comparisons need a place in each report: the ranked list is dealt out in turn to those that are compared.

Several municipalities named, "vilka kommuner", or several years over reports of several years: then the best
of each comes first, then the second of each, and so on. Within each, the order stays as it was ranked.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from rapportsvar.model import QuestionKind, ReportInfo
from rapportsvar.retrieval.question import Understood

ALL_MUNICIPALITIES = re.compile(
    r"\b(?:vilk(?:a|en) (?:av )?(?:kommun\w*)|(?:alla|samtliga|olika|båda|flera) kommuner\w*|kommunerna"
    r"|per kommun|which municipalit\w+)\b",
    re.IGNORECASE,
)

ACROSS_YEARS = (QuestionKind.DEVELOPMENT, QuestionKind.COMPARISON)
"""Kinds of question that go over all years where none is named. *Varför kostade det mer än planerat 2022?*
compares too, but is a why, and of one year."""

Places = npt.NDArray[np.int64]


def compared(understood: Understood, reports: Mapping[int, ReportInfo]) -> Mapping[int, Hashable]:
    """Tell what is compared: a group for each report id; empty where nothing is.

    Args:
        understood: The question.
        reports: Metadata of all indexed reports by id.
    """
    left = understood.reports
    if len(understood.municipalities) > 1 or ALL_MUNICIPALITIES.search(understood.searched):
        return _groups({key: reports[key].municipality for key in left})
    across_years = understood.kind in ACROSS_YEARS and not understood.years
    if (len(understood.years) > 1 or across_years) and _have_one_owner(reports[key] for key in left):
        return _groups({key: reports[key].year for key in left})
    return {}


def _have_one_owner(infos: Iterable[ReportInfo]) -> bool:
    """Tell whether all reports are of one board; of many, the first few tell that they are not."""
    owners = ((info.municipality, info.board) for info in infos)
    first = next(owners, None)
    return first is not None and all(owner == first for owner in owners)


def deal(order: Places, groups: Sequence[Hashable]) -> Places:
    """Deal a ranked list out in turn.

    Args:
        order: Ranked places, best first.
        groups: The group of each, in the same order.
    """
    taken: dict[Hashable, int] = {}
    turns = []
    for group in groups:
        taken[group] = taken.get(group, -1) + 1
        turns.append(taken[group])
    dealt: Places = order[np.argsort(np.array(turns, np.int64), kind="stable")]
    return dealt


def _groups(of: Mapping[int, Hashable]) -> Mapping[int, Hashable]:
    return of if len(set(of.values())) > 1 else {}
