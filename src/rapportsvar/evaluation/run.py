"""A run: every question of some gold sets asked once, judged, summed up, and kept with its circumstances."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, Protocol

from rapportsvar.errors import CitationError, GoldError, SettingsError
from rapportsvar.evaluation import circumstances
from rapportsvar.evaluation.bootstrap import RESAMPLES
from rapportsvar.evaluation.figures import Estimate, Summary, summarise, summarise_by
from rapportsvar.evaluation.gold import GoldQuestion, GoldSet, Reports
from rapportsvar.evaluation.judge import Text, judge
from rapportsvar.evaluation.rows import QuestionRow, make_row, row_from

FORMAT = 1

Progress = Callable[[int, int], None]


class Asker(Reports, Protocol):
    """What is evaluated: the engine, or anything that answers by the same contract."""

    def ask(self, question: str, history: Sequence[str] = ()) -> dict[str, Any]:
        """Return the answer as the JSON contract has it."""
        ...

    def describe(self) -> dict[str, Any]:
        """Return settings, version, model and index fingerprint."""
        ...


@dataclass(frozen=True, slots=True)
class SetRun:
    """One gold set of a run: its identity, its rows, and the figures over them."""

    name: str
    path: str
    sha256: str
    rows: tuple[QuestionRow, ...]
    overall: Summary
    by_kind: Mapping[str, Summary]
    by_style: Mapping[str, Summary]
    by_document: Mapping[str, Summary]

    @property
    def answerable(self) -> int:
        """How many questions the reports answer."""
        return sum(row.answerable for row in self.rows)

    @property
    def unanswerable(self) -> int:
        """How many questions the reports do not answer."""
        return len(self.rows) - self.answerable


@dataclass(frozen=True, slots=True)
class Run:
    """All gold sets of one evaluation, and what it was made with.

    Attributes:
        engine: What the asker says of itself: settings, version, model, index fingerprint.
        date: When it began, UTC, ISO 8601.
    """

    sets: tuple[SetRun, ...]
    engine: Mapping[str, Any]
    versions: Mapping[str, str]
    machine: Mapping[str, str | int | float | None]
    commit: str | None
    date: str
    resamples: int
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """Return the run as JSON can hold it."""
        return {"format": FORMAT, **asdict(self)}

    def save(self, path: Path) -> None:
        """Write the run as JSON, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n")

    @classmethod
    def load(cls, path: Path) -> Run:
        """Read a run that ``save`` wrote.

        Raises:
            SettingsError: The file is missing, or is no run of this format.
        """
        try:
            return _run_from(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as bad:
            raise SettingsError(
                f"The run cannot be read: {bad}", where=str(path), todo="Name a run that 'evaluate' saved."
            ) from bad


def evaluate(
    asker: Asker,
    gold_sets: Sequence[GoldSet],
    *,
    progress: Progress | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Run:
    """Ask every question once, in order, and return the run.

    Args:
        asker: What answers.
        gold_sets: From ``read_gold``, thus checked already.
        progress: Called after each question with how many are done, and of how many.
        resamples: How many bootstrap resamples the intervals rest on.
        seed: Of the resamples.

    Raises:
        GoldError: Two sets have one name.
    """
    _check_names(gold_sets)
    date = datetime.now(UTC).isoformat(timespec="seconds")
    # Before the questions, so that a description that JSON cannot hold does not cost the run.
    engine = json.loads(json.dumps(asker.describe(), default=str))
    count = _Count(sum(len(gold_set.questions) for gold_set in gold_sets), progress)
    sets = tuple(_set_run(asker, gold_set, count, resamples, seed) for gold_set in gold_sets)
    return Run(
        sets,
        engine,
        circumstances.versions(),
        circumstances.machine(),
        circumstances.commit(),
        date,
        resamples,
        seed,
    )


def _check_names(gold_sets: Sequence[GoldSet]) -> None:
    # Rows and floors are kept by the set's name.
    path_of: dict[str, str] = {}
    for gold_set in gold_sets:
        if gold_set.name in path_of:
            raise GoldError(
                f"Two gold sets are called {gold_set.name!r}",
                where=f"{path_of[gold_set.name]}, {gold_set.path}",
                todo="Rename one of the files, or name each once.",
            )
        path_of[gold_set.name] = gold_set.path


class _Count:
    """Counts questions as they are done."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._total = total
        self._done = 0
        self._progress = progress

    def one_done(self) -> None:
        self._done += 1
        if self._progress:
            self._progress(self._done, self._total)


def _set_run(asker: Asker, gold_set: GoldSet, count: _Count, resamples: int, seed: int) -> SetRun:
    text = _remembered(asker.text)
    rows = []
    for question in gold_set.questions:
        rows.append(_row(asker, question, text))
        count.one_done()
    return sum_up(gold_set, rows, resamples=resamples, seed=seed)


def sum_up(gold_set: GoldSet, rows: Sequence[QuestionRow], *, resamples: int, seed: int) -> SetRun:
    """Return the rows of ``gold_set`` with all figures over them."""
    by = {
        key: summarise_by(rows, attrgetter(key), resamples=resamples, seed=seed)
        for key in ("kind", "style", "document")
    }
    return SetRun(
        gold_set.name,
        gold_set.path,
        gold_set.sha256,
        tuple(rows),
        summarise(rows, resamples=resamples, seed=seed),
        by["kind"],
        by["style"],
        by["document"],
    )


def _row(asker: Asker, question: GoldQuestion, text: Text) -> QuestionRow:
    try:
        answer, error = asker.ask(question.question, question.history), None
    except CitationError as bad:
        # The one error that concerns one question alone; it is kept in its row, and is as wrong as can be.
        answer, error = _worst(question), str(bad)
    return make_row(judge(question, answer, text), answer, error)


def _worst(question: GoldQuestion) -> dict[str, Any]:
    answerable = question.answerable
    return {"found": not answerable, "confidence": 0.0 if answerable else 1.0, "hits": []}


def _remembered(text_of: Text) -> Text:
    texts: dict[str, str] = {}

    def text(source: str) -> str:
        if source not in texts:
            texts[source] = text_of(source)
        return texts[source]

    return text


def write_whole(path: Path, content: str) -> None:
    """Write ``content`` aside and put it in place in one step, so that a reader never sees half of it."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(content, encoding="utf-8", newline="\n")
    aside.replace(path)


def _run_from(record: Mapping[str, Any]) -> Run:
    fields = dict(record)
    if fields.pop("format") != FORMAT:
        raise ValueError(f"its format is {record['format']!r}, not {FORMAT}")
    fields["sets"] = tuple(_set_from(one) for one in record["sets"])
    return Run(**fields)


def _set_from(record: Mapping[str, Any]) -> SetRun:
    fields = dict(record)
    fields["rows"] = tuple(row_from(row) for row in record["rows"])
    fields["overall"] = _summary_from(record["overall"])
    for by in ("by_kind", "by_style", "by_document"):
        fields[by] = {name: _summary_from(summary) for name, summary in record[by].items()}
    return SetRun(**fields)


def _summary_from(record: Mapping[str, Any]) -> Summary:
    return {name: Estimate(**estimate) for name, estimate in record.items()}
