"""What readers said of answers: an SQLite file beside the index, so that no generation touches it.

A line is written only when a reader presses the button that says so. Each write is one transaction that waits
for others, so any number of sessions and processes may write.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from rapportsvar.errors import FeedbackUnwritable
from rapportsvar.model import EntryKind, QuestionKind, Span

FILE = "feedback.sqlite"
WAIT_SECONDS = 10
QUESTION_CHARS_MAX = 2000
COMMENT_CHARS_MAX = 1000
OPEN, ACCEPTED, DROPPED = "open", "accepted", "dropped"
SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    given TEXT NOT NULL,
    question TEXT NOT NULL,
    earlier TEXT NOT NULL,
    kind TEXT NOT NULL,
    helped INTEGER NOT NULL,
    comment TEXT NOT NULL,
    place TEXT,
    status TEXT NOT NULL DEFAULT 'open',
    decided TEXT
)
"""


@dataclass(frozen=True, slots=True)
class PointedPlace:
    """A place that a reader says answers.

    Attributes:
        source: The report.
        span: Where the quote stands.
        quote: The words, exactly as in the report.
        kind: Passage, or row of a table.
        values: The values of the cells that were lit.
    """

    source: str
    span: Span
    quote: str
    kind: EntryKind
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader said of an answer.

    Attributes:
        question: As asked.
        earlier: Questions before it, oldest first.
        kind: What it was taken to ask for.
        helped: Whether the answer helped.
        place: What answers: the place that was shown, or the one pointed out; None where none of them does.
        comment: In the reader's own words; may be empty.
    """

    question: str
    earlier: tuple[str, ...]
    kind: QuestionKind
    helped: bool
    place: PointedPlace | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Feedback that nobody has decided on: it may become a gold question. ``key`` names it for good."""

    id: int
    key: str
    given: datetime
    feedback: Feedback


class FeedbackStore:
    """The feedback of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def give(self, feedback: Feedback) -> None:
        """Store what a reader said, whole or not at all; not who it was.

        Raises:
            FeedbackUnwritable: It could not be stored.
        """
        place = _place_json(feedback.place) if feedback.place else None
        values = (
            uuid4().hex,
            _now(),
            feedback.question[:QUESTION_CHARS_MAX],
            json.dumps(feedback.earlier, ensure_ascii=False),
            feedback.kind.value,
            int(feedback.helped),
            feedback.comment.strip()[:COMMENT_CHARS_MAX],
            place,
        )
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO feedback (key, given, question, earlier, kind, helped, comment, place)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )

    def proposals(self) -> Sequence[Proposal]:
        """Return what nobody has decided on, oldest first."""
        if not self._path.exists():
            return []
        query = (
            "SELECT id, key, given, question, earlier, kind, helped, comment, place FROM feedback"
            " WHERE status = ? ORDER BY id"
        )
        with closing(self._connect()) as connection:
            return [_proposal(row) for row in connection.execute(query, (OPEN,))]

    def count(self, status: str = OPEN) -> int:
        """Count what has a status."""
        if not self._path.exists():
            return 0
        with closing(self._connect()) as connection:
            found = connection.execute("SELECT count(*) FROM feedback WHERE status = ?", (status,)).fetchone()
            return int(found[0])

    def drop(self, proposal: Proposal) -> bool:
        """Keep a proposal as dropped; tell whether it was still open."""
        with self._writing() as connection:
            return _decide(connection, proposal, DROPPED)

    def accept(self, proposal: Proposal, write: Callable[[], None]) -> bool:
        """Write a gold question and keep its proposal as accepted: both, or neither.

        Args:
            proposal: What is accepted.
            write: Writes the question; what it raises leaves the proposal open.

        Returns:
            Whether it was still open. If not, nothing is written.
        """
        with self._writing() as connection:
            is_open = _decide(connection, proposal, ACCEPTED)
            if is_open:
                write()
            return is_open

    def forget(self, older_than_days: int = 0) -> int:
        """Erase what readers said so many days ago or more, for good. Returns how much.

        The file is written anew. Gold questions that were made of it stay in their set.

        Raises:
            FeedbackUnwritable: It could not be erased.
        """
        if not self._path.exists():
            return 0
        until = (datetime.now(UTC) - timedelta(days=older_than_days)).isoformat(timespec="seconds")
        with self._writing() as connection:
            erased = connection.execute("DELETE FROM feedback WHERE given <= ?", (until,)).rowcount
        if erased:
            with closing(self._connect()) as connection:
                connection.execute("VACUUM")
        return int(erased)

    @property
    def _path(self) -> Path:
        return self.folder / FILE

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=WAIT_SECONDS, isolation_level=None)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with closing(self._connect()) as connection:
                connection.execute(SCHEMA)
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
        except (OSError, sqlite3.Error) as bad:
            raise FeedbackUnwritable(
                f"Återkopplingen kunde inte sparas: {bad}",
                where=str(self._path),
                todo="Se till att mappen kan skrivas, eller ange en annan i feedback.folder.",
            ) from bad


def _decide(connection: sqlite3.Connection, proposal: Proposal, status: str) -> bool:
    changed = connection.execute(
        "UPDATE feedback SET status = ?, decided = ? WHERE key = ? AND status = ?",
        (status, _now(), proposal.key, OPEN),
    )
    return changed.rowcount == 1


def _proposal(row: Sequence[str | int | None]) -> Proposal:
    number, key, given, question, earlier, kind, helped, comment, place = row
    feedback = Feedback(
        str(question),
        tuple(json.loads(str(earlier))),
        QuestionKind(str(kind)),
        bool(helped),
        _place_from(str(place)) if place else None,
        str(comment),
    )
    return Proposal(int(number or 0), str(key), datetime.fromisoformat(str(given)), feedback)


def _place_json(place: PointedPlace) -> str:
    record = {
        "source": place.source,
        "start": place.span.start,
        "end": place.span.end,
        "quote": place.quote,
        "kind": place.kind.value,
        "values": place.values,
    }
    return json.dumps(record, ensure_ascii=False)


def _place_from(written: str) -> PointedPlace:
    record = json.loads(written)
    return PointedPlace(
        record["source"],
        Span(record["start"], record["end"]),
        record["quote"],
        EntryKind(record["kind"]),
        tuple(record["values"]),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
