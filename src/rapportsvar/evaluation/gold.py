"""Gold sets: questions with their evidence, checked line by line before anything is scored.

The format is that of ``shared/score.py``. What is wrong is told with file and line: a set that cannot be
scored fairly is not scored at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from rapportsvar.errors import GoldError
from rapportsvar.model import EntryKind, Reason, Span

EVIDENCE_KINDS = {"passage": EntryKind.PASSAGE, "table": EntryKind.ROW}
FULL, PART = 2, 1
FOLLOW_UP = "follow_up"


class Reports(Protocol):
    """The texts that gold quotes stand in."""

    def sources(self) -> list[str]:
        """Return the paths of all reports, below the indexed folder."""
        ...

    def text(self, source: str) -> str:
        """Return the text that offsets into ``source`` refer to."""
        ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote that answers, with every place where it stands.

    Attributes:
        quote: The words, exactly as in the report.
        kind: Passage, or row of a table.
        relevance: 2 answers in full, 1 in part.
        document: The report it stands in.
        spans: All places of the quote in the report, in order; never empty.
        group: Pieces of one group are alternatives; where there are several groups, all are needed.
        page: The page that it begins on, where the set says so.
    """

    quote: str
    kind: EntryKind
    relevance: int
    document: str
    spans: tuple[Span, ...]
    group: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with its evidence. Without evidence it must not be answered.

    Attributes:
        line: Its line in the file, from 1.
        kind: ``why``, ``table_lookup`` ..., as the set calls it.
        style: ``politician``, ``keyword``, ``typo`` ...
        document: The report it is asked of; None where it is asked of several or of none.
        values: The figures, names or dates asked for, as in a quote.
        history: Earlier questions of the conversation, oldest first.
        reason: The reason that the answer must give for not answering.
    """

    id: str
    line: int
    question: str
    kind: str
    style: str
    document: str | None
    evidence: tuple[Evidence, ...]
    values: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def answerable(self) -> bool:
        """Whether the reports answer it."""
        return bool(self.evidence)

    @property
    def full_evidence(self) -> tuple[Evidence, ...]:
        """The evidence that answers in full."""
        return tuple(piece for piece in self.evidence if piece.relevance == FULL)


@dataclass(frozen=True, slots=True)
class GoldSet:
    """The questions of one file. ``name`` is the file's without its ending, ``sha256`` that of its bytes."""

    name: str
    path: str
    sha256: str
    questions: tuple[GoldQuestion, ...]

    @property
    def answerable(self) -> int:
        """How many questions the reports answer."""
        return sum(question.answerable for question in self.questions)


def read_gold(path: Path, reports: Reports) -> GoldSet:
    """Read and check a gold set against the reports that it quotes.

    Raises:
        GoldError: The file cannot be read, or a line of it cannot be scored; names the first such line.
    """
    content = _content(path)
    reader = _Reader(path, reports)
    lines = [(number, line) for number, line in enumerate(_lines(content, path), 1) if line.strip()]
    if not lines:
        raise GoldError("The gold set holds no questions", where=str(path), todo="Name another file.")
    questions = tuple(reader.question(number, line) for number, line in lines)
    return GoldSet(path.stem, path.as_posix(), hashlib.sha256(content).hexdigest(), questions)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as bad:
        raise GoldError(
            f"The gold set cannot be read: {bad.strerror}", where=str(path), todo="Correct the path."
        ) from bad


def _lines(content: bytes, path: Path) -> list[str]:
    try:
        # Not splitlines(): a line of JSON may hold U+2028 and its kin.
        return content.decode("utf-8").split("\n")
    except UnicodeDecodeError as bad:
        line = content[: bad.start].count(b"\n") + 1
        raise GoldError(
            "The line is not UTF-8", where=f"{path}:{line}", todo="Save the file as UTF-8."
        ) from bad


class _Reader:
    """Reads the lines of one file, and remembers the ids and texts that it has seen."""

    def __init__(self, path: Path, reports: Reports) -> None:
        self._path = path
        self._reports = reports
        self._sources = set(reports.sources())
        self._texts: dict[str, str] = {}
        self._line_of_id: dict[str, int] = {}
        self._line = 0

    def question(self, number: int, line: str) -> GoldQuestion:
        """Read one line."""
        self._line = number
        record = self._record(line)
        document = self._optional_text(record, "document")
        return GoldQuestion(
            id=self._id(record),
            line=number,
            question=self._text(record, "question"),
            kind=self._optional_text(record, "type") or FOLLOW_UP,
            style=self._optional_text(record, "style") or "",
            document=document,
            evidence=self._all_evidence(record, document),
            values=self._texts_of(record, "values"),
            history=self._texts_of(record, "history"),
            reason=self._reason(record),
        )

    def _record(self, line: str) -> Mapping[str, Any]:
        try:
            record = json.loads(line)
        except json.JSONDecodeError as bad:
            raise self._wrong(
                f"The line is not JSON: {bad.msg} at column {bad.colno}", "Correct it."
            ) from bad
        if not isinstance(record, dict):
            raise self._wrong("The line is not a JSON object", "Write one question a line, in braces.")
        return record

    def _id(self, record: Mapping[str, Any]) -> str:
        name = self._text(record, "id")
        if name in self._line_of_id:
            raise self._wrong(
                f"The id {name!r} stands on line {self._line_of_id[name]}, too",
                "Give each question its own id.",
            )
        self._line_of_id[name] = self._line
        return name

    def _all_evidence(self, record: Mapping[str, Any], document: str | None) -> tuple[Evidence, ...]:
        pieces = self._get(record, "evidence")
        if not isinstance(pieces, list) or not all(isinstance(piece, dict) for piece in pieces):
            raise self._wrong("'evidence' is not a list of objects", "Write [] where nothing answers.")
        evidence = tuple(self._evidence(piece, document) for piece in pieces)
        if evidence and all(piece.relevance != FULL for piece in evidence):
            raise self._wrong("No evidence has relevance 2", "Say which quote answers in full, or write [].")
        return evidence

    def _evidence(self, piece: Mapping[str, Any], document: str | None) -> Evidence:
        kind, relevance = self._text(piece, "kind"), self._get(piece, "relevance")
        if kind not in EVIDENCE_KINDS:
            raise self._wrong(f"The kind of evidence {kind!r} is unknown", "Write 'passage' or 'table'.")
        if isinstance(relevance, bool) or relevance not in (FULL, PART):
            raise self._wrong(f"The relevance {relevance!r} is unknown", "Write 2 (in full) or 1 (in part).")
        source = self._optional_text(piece, "document") or document
        if source is None:
            raise self._wrong("The evidence names no document", "Write 'document', above or in the evidence.")
        quote = self._text(piece, "quote")
        return Evidence(
            quote,
            EVIDENCE_KINDS[kind],
            int(relevance),
            source,
            self._places(quote, source),
            self._whole(piece, "group"),
            self._whole(piece, "page"),
        )

    def _whole(self, piece: Mapping[str, Any], key: str) -> int | None:
        """Return the whole number of an optional key."""
        if key not in piece:
            return None
        number = piece[key]
        if isinstance(number, bool) or not isinstance(number, int):
            raise self._wrong(f"The {key} {number!r} is not a whole number", "Correct it, or leave it out.")
        return number

    def _places(self, quote: str, source: str) -> tuple[Span, ...]:
        if not quote:
            raise self._wrong("A quote is empty", "Quote the words that answer.")
        if source not in self._sources:
            raise self._wrong(
                f"The report {source!r} is not indexed",
                "Correct 'document', or index the folder that it is in.",
            )
        if source not in self._texts:
            self._texts[source] = self._reports.text(source)
        spans = places_of(quote, self._texts[source])
        if not spans:
            raise self._wrong(
                f"The quote {quote[:60]!r} does not stand in {source}",
                "Copy it from the report, to the character.",
            )
        return spans

    def _reason(self, record: Mapping[str, Any]) -> str | None:
        reason = self._optional_text(record, "reason")
        if reason is not None and reason not in set(Reason):
            raise self._wrong(f"The reason {reason!r} is unknown", f"Write one of: {', '.join(Reason)}.")
        return reason

    def _get(self, record: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401 - JSON holds anything
        if key not in record:
            raise self._wrong(f"The key {key!r} is missing", "Add it.")
        return record[key]

    def _text(self, record: Mapping[str, Any], key: str) -> str:
        value = self._get(record, key)
        if not isinstance(value, str):
            raise self._wrong(f"{key!r} is not a text: {value!r}", "Write it in quotes.")
        return value

    def _optional_text(self, record: Mapping[str, Any], key: str) -> str | None:
        return None if record.get(key) is None else self._text(record, key)

    def _texts_of(self, record: Mapping[str, Any], key: str) -> tuple[str, ...]:
        values = record.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self._wrong(f"{key!r} is not a list of texts", 'Write it as ["..."], or leave it out.')
        return tuple(values)

    def _wrong(self, what: str, todo: str) -> GoldError:
        return GoldError(what, where=f"{self._path}:{self._line}", todo=todo)


def places_of(quote: str, text: str) -> tuple[Span, ...]:
    """Return every place of ``quote`` in ``text``, overlapping ones included, in order."""
    spans: list[Span] = []
    at = text.find(quote)
    while at >= 0:
        spans.append(Span(at, at + len(quote)))
        at = text.find(quote, at + 1)
    return tuple(spans)
