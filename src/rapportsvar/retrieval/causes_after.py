"""A cause often stands in the paragraph after the deviation, and names nothing of it.

*Placeringarna kostade 4 710 tkr mer.* Next paragraph: *Två orsaker dominerar ...* For a why, the paragraph
after a first place that states no cause is brought up behind it, where it states one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rapportsvar.index.opened import OpenIndex
from rapportsvar.model import QuestionKind
from rapportsvar.retrieval.question import Understood
from rapportsvar.retrieval.signals import IS_ROW, TRAIT

FIRST = 2
"""Behind how many of the first places a cause is looked for."""
NONE = 0.4
"""Below this strength a passage states no cause."""
STATES = 0.6
"""From this strength it does."""

Places = npt.NDArray[np.int64]


def with_causes(order: Places, candidates: Places, index: OpenIndex, understood: Understood) -> Places:
    """Bring causes up behind the places that they explain.

    Args:
        order: Ranked candidates, best first: places in ``candidates``.
        candidates: Places of the entries, ascending.
        index: The index.
        understood: The question.
    """
    if understood.kind is not QuestionKind.WHY:
        return order
    wanted = order.tolist()
    for number in order[:FIRST].tolist():
        cause = _cause_after(int(candidates[number]), candidates, index)
        if cause is not None and wanted.index(cause) > wanted.index(number) + 1:
            wanted.remove(cause)
            wanted.insert(wanted.index(number) + 1, cause)
    return np.array(wanted, np.int64)


def _cause_after(place: int, candidates: Places, index: OpenIndex) -> int | None:
    """Return the candidate that is the next passage and states a cause, if this one is a passage without."""
    after = place + 1
    reports, traits = index.entries["report"], index.traits
    if after >= len(reports) or reports[after] != reports[place]:
        return None
    strength = traits[:, TRAIT["cause"]]
    if traits[place, IS_ROW] or traits[after, IS_ROW] or strength[place] >= NONE or strength[after] < STATES:
        return None
    at = int(np.searchsorted(candidates, after))
    return at if at < len(candidates) and candidates[at] == after else None
