"""The gate: no figure falls below its pinned floor unnoticed.

``gold/floors.json`` holds, for each gold set, the hash of its bytes, its counts, a noise margin, and a
floor for each figure. A floor is a figure that was reached once. It is raised by ``update`` and lowered
only on purpose.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rapportsvar.errors import GoldError
from rapportsvar.evaluation.figures import AUROC, BALANCED, Summary
from rapportsvar.evaluation.measures import MEASURES
from rapportsvar.evaluation.run import Run, SetRun, write_whole

DEFAULT_MARGIN = 0.01
GATED = (*(measure.name for measure in MEASURES), BALANCED.name, AUROC.name)
DECIMALS = 4
HOW_TO_UPDATE = "If it was meant, run 'rapportsvar evaluate ... --update-floors'."
HOW_TO_LOWER = "Mend it, or lower the floor on purpose with '--update-floors --lower'."


@dataclass(frozen=True, slots=True)
class Floor:
    """What a gold set is held to. ``margin``: how far below its floor a figure may lie and still be noise."""

    sha256: str
    questions: int
    answerable: int
    figures: Mapping[str, float]
    margin: float = DEFAULT_MARGIN


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors of all gold sets, by the set's name."""

    sets: Mapping[str, Floor] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write them as JSON, sets and figures in a fixed order."""
        content = {"sets": {name: asdict(self.sets[name]) for name in sorted(self.sets)}}
        write_whole(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")

    @classmethod
    def load(cls, path: Path) -> Floors:
        """Read what ``save`` wrote.

        Raises:
            GoldError: The file is missing, or is not of this form.
        """
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            return cls({name: _floor_from(floor) for name, floor in record["sets"].items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as bad:
            raise GoldError(
                f"The floors cannot be read: {bad}", where=str(path), todo="Restore the file, or pin it anew."
            ) from bad


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that the gate refuses. ``figure`` is empty where it is the set itself."""

    gold_set: str
    figure: str
    what: str
    todo: str

    def __str__(self) -> str:
        name = f"{self.gold_set}: {self.figure}" if self.figure else self.gold_set
        return f"{name}: {self.what}. {self.todo}"


def check(run: Run, floors: Floors, *, whole: bool = True) -> list[Failure]:
    """Return all that falls below its floor, and all that cannot be compared.

    Args:
        run: What was measured.
        floors: What it is held to.
        whole: Whether a set that has floors and was not measured is a failure.
    """
    failures = [failure for one in run.sets for failure in _check_set(one, floors.sets.get(one.name))]
    measured = {one.name for one in run.sets}
    absent = [name for name in sorted(floors.sets) if name not in measured] if whole else []
    return failures + [
        Failure(name, "", "has floors, but was not measured", "Name the set, or take its floors away.")
        for name in absent
    ]


def update(floors: Floors, run: Run, *, lower: bool = False) -> Floors:
    """Return floors raised to what ``run`` reached, with the sets' present hashes and counts.

    Sets that were not measured, and margins, stay. No floor falls, and none is dropped, unless ``lower``.
    """
    choose = _reached if lower else _higher
    return Floors(
        {**floors.sets, **{one.name: _raised(one, floors.sets.get(one.name), choose) for one in run.sets}}
    )


def _check_set(one: SetRun, floor: Floor | None) -> Iterator[Failure]:
    if floor is None:
        yield Failure(one.name, "", "has no floors", "Pin them: 'rapportsvar evaluate ... --update-floors'.")
        return
    yield from _check_identity(one, floor)
    for name, pinned in floor.figures.items():
        figure = one.overall.get(name)
        if figure is None:
            yield Failure(one.name, name, f"has the floor {pinned:.3f}, but was not measured", HOW_TO_LOWER)
        elif figure.value < pinned - floor.margin - 1e-9:
            what = f"{figure.value:.3f} is below its floor {pinned:.3f} (margin {floor.margin:.3f})"
            yield Failure(one.name, name, what, HOW_TO_LOWER)


def _check_identity(one: SetRun, floor: Floor) -> Iterator[Failure]:
    counts = (len(one.rows), one.answerable)
    if counts != (floor.questions, floor.answerable):
        what = (
            f"holds {counts[0]} questions, {counts[1]} of them answerable, "
            f"but its floors were measured on {floor.questions} and {floor.answerable}"
        )
        yield Failure(one.name, "", what, HOW_TO_UPDATE)
    if one.sha256 != floor.sha256:
        what = f"has changed since its floors were measured ({floor.sha256[:12]} then, {one.sha256[:12]} now)"
        yield Failure(one.name, "", what, HOW_TO_UPDATE)


Choice = Callable[[Mapping[str, float], Mapping[str, float]], dict[str, float]]


def _raised(one: SetRun, floor: Floor | None, choose: Choice) -> Floor:
    margin = floor.margin if floor else DEFAULT_MARGIN
    figures = choose(floor.figures if floor else {}, _gated(one.overall))
    return Floor(one.sha256, len(one.rows), one.answerable, figures, margin)


def _higher(pinned: Mapping[str, float], reached: Mapping[str, float]) -> dict[str, float]:
    return {name: max(pinned.get(name, 0.0), reached.get(name, 0.0)) for name in {**pinned, **reached}}


def _reached(pinned: Mapping[str, float], reached: Mapping[str, float]) -> dict[str, float]:
    return dict(reached)


def _gated(summary: Summary) -> dict[str, float]:
    return {name: round(summary[name].value, DECIMALS) for name in GATED if name in summary}


def _floor_from(record: Mapping[str, Any]) -> Floor:
    return Floor(
        str(record["sha256"]),
        int(record["questions"]),
        int(record["answerable"]),
        {str(name): float(figure) for name, figure in record["figures"].items()},
        float(record["margin"]),
    )
