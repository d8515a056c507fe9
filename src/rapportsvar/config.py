"""Settings: one frozen dataclass a floor, read from a TOML file. Unknown keys are refused with their path."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

from rapportsvar.errors import SettingsError

FILE_NAME = "rapportsvar.toml"
VARIABLE = "RAPPORTSVAR_SETTINGS"


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """What the reading of one file may take, for formats whose files can lead a reader astray.

    Attributes:
        seconds_max: Processor time to read one file, and as much again to analyse its report; by the clock
            each may take three times as long.
        megabytes_max: Memory of the process that does both, where the system can hold it to that.
        processes: How many do so at a time; 0 is one a processor, at most four.
    """

    seconds_max: int = 120
    megabytes_max: int = 3000
    processes: int = 0


@dataclass(frozen=True, slots=True)
class StructureSettings:
    """How prose is divided. Both sizes were set by measurement: see docs/evaluation.md."""

    passage_chars_max: int = 900
    passage_chars_aim: int = 600


@dataclass(frozen=True, slots=True)
class EmbeddingSettings:
    """Which encoder makes the vectors.

    Attributes:
        model: ``e5-small`` is the encoder whose weights come with the installation; anything else is a name
            or a path for sentence-transformers (extra ``models``).
        threads: Threads for one encoder; 0 lets the runtime choose.
    """

    model: str = "e5-small"
    threads: int = 0


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """Where the index is kept.

    Attributes:
        engine: ``local``: files in the index folder. ``milvus``: a Milvus database (extra ``milvus``).
        uri: Of Milvus: a file that ends in ``.db`` (Milvus Lite, one process at a time), or the address of a
            cluster. A password or token is taken from the variable ``RAPPORTSVAR_MILVUS_TOKEN``.
        collections: What the names of the index's collections begin with; two indexes may share a cluster.
        seconds_max: How long one call is tried again where the cluster does not answer.
        scheduler_seconds_max: How long the scheduler of a Dask cluster that reports are dealt out to may be
            silent before the build ends.
    """

    engine: str = "local"
    uri: str = "index/milvus.db"
    collections: str = "rapportsvar"
    seconds_max: int = 20
    scheduler_seconds_max: int = 30


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """How many candidates each signal proposes, and how long a question may be."""

    candidates: int = 120
    question_chars_max: int = 600


@dataclass(frozen=True, slots=True)
class AnsweringSettings:
    """When there is an answer, and how much of it is shown.

    ``threshold``: hits whose calibrated confidence is below it are shown as nearest, not as an answer.
    ``None`` takes the threshold that was fitted together with the calibration.
    """

    threshold: float | None = None
    top: int = 10


@dataclass(frozen=True, slots=True)
class LibrarySettings:
    """Where uploaded reports are kept, and their bounds.

    Attributes:
        folder: Empty: ``library`` inside the index folder. A relative path is below the index folder.
        file_mb_max: The largest file that is taken in, in megabytes.
        restore_days: How long a removed report can be brought back.
        changes: Whether the application may take in, remove, hide and correct.
    """

    folder: str = ""
    file_mb_max: int = 50
    restore_days: int = 30
    changes: bool = True


@dataclass(frozen=True, slots=True)
class EvaluationSettings:
    """Where ``rapportsvar evaluate`` keeps its runs, and the application looks for them."""

    runs: str = "runs"


@dataclass(frozen=True, slots=True)
class FeedbackSettings:
    """What readers say of an answer. Nothing is stored unless a reader presses the button that says so.

    Attributes:
        on: Whether they are asked at all.
        editing: Whether the page of the evaluation shows what they said, to be taken into a gold set or
            dropped. It shows readers' questions to everybody who reaches the page.
        folder: Where it is stored, and the gold questions made of it.
        days: For how long it is stored; what is older is erased whenever the application is started or
            something new is stored.
    """

    on: bool = True
    editing: bool = False
    folder: str = "feedback"
    days: int = 365


@dataclass(frozen=True, slots=True)
class PrivacySettings:
    """What of private persons is shown.

    Attributes:
        mask_identity_numbers: Personal identity numbers in reports are shown as marks, and not searched.
    """

    mask_identity_numbers: bool = True


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What the application tells of its work, on stderr. Never a question, an answer or a report's words.

    Attributes:
        on: Whether it tells of its work at all; what goes wrong is always told.
        json: A line of JSON each, for programs that gather logs; otherwise a line to be read.
    """

    on: bool = False
    json: bool = False


@dataclass(frozen=True, slots=True)
class ServingSettings:
    """How much the application does at once. More waits, and is told so; past the queue it is sent away.

    Attributes:
        at_once: Questions and searches at a time; 0 is two a processor.
        queue_max: How many may wait.
        wait_seconds_max: How long one waits before it is sent away.
    """

    at_once: int = 0
    queue_max: int = 100
    wait_seconds_max: int = 30


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """Sign-in by OpenID Connect, and who may then read and do what. See docs/drift.md.

    Attributes:
        on: Whether one has to sign in. Without it, whoever reaches the application may do everything.
        provider: Which part of Streamlit's secrets: ``x`` for ``[auth.x]``; empty for ``[auth]``.
        file: The file of groups, roles and collections (``engine/access.py``), read anew at every run.
        person_claim: What the provider tells that names a person in that file.
        groups_claim: What it tells that lists a person's groups; empty: only those of the file.
        session_minutes: After so long one has to sign in again.
    """

    on: bool = False
    provider: str = ""
    file: str = "access.toml"
    person_claim: str = "email"
    groups_claim: str = ""
    session_minutes: int = 480


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, a part a floor."""

    reading: ReadingSettings = field(default_factory=ReadingSettings)
    structure: StructureSettings = field(default_factory=StructureSettings)
    embedding: EmbeddingSettings = field(default_factory=EmbeddingSettings)
    index: IndexSettings = field(default_factory=IndexSettings)
    retrieval: RetrievalSettings = field(default_factory=RetrievalSettings)
    answering: AnsweringSettings = field(default_factory=AnsweringSettings)
    library: LibrarySettings = field(default_factory=LibrarySettings)
    evaluation: EvaluationSettings = field(default_factory=EvaluationSettings)
    feedback: FeedbackSettings = field(default_factory=FeedbackSettings)
    log: LogSettings = field(default_factory=LogSettings)
    serving: ServingSettings = field(default_factory=ServingSettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    access: AccessSettings = field(default_factory=AccessSettings)


BOUNDS: Mapping[str, tuple[float, float]] = {
    "reading.seconds_max": (1, 86_400),
    "reading.megabytes_max": (200, 1_000_000),
    "reading.processes": (0, 64),
    "structure.passage_chars_max": (200, 4000),
    "structure.passage_chars_aim": (100, 4000),
    "embedding.threads": (0, 256),
    "index.seconds_max": (1, 3600),
    "index.scheduler_seconds_max": (1, 3600),
    "retrieval.candidates": (10, 10_000),
    "retrieval.question_chars_max": (50, 10_000),
    "answering.threshold": (0, 1),
    "answering.top": (1, 100),
    "library.file_mb_max": (1, 2000),
    "library.restore_days": (0, 3650),
    "serving.at_once": (0, 1000),
    "serving.queue_max": (0, 100_000),
    "serving.wait_seconds_max": (1, 600),
    "feedback.days": (1, 3650),
    "access.session_minutes": (1, 10_080),
}


CHOICES: Mapping[str, tuple[str, ...]] = {"index.engine": ("local", "milvus")}
FORMS: Mapping[str, tuple[str, str]] = {
    "index.collections": (r"[A-Za-z_][A-Za-z0-9_]{0,99}", "letters, digits and _, not a digit first"),
    "index.uri": (r"\S.*", "a file that ends in .db, or an address"),
}
"""What a text must look like, and how that is said."""


def load_settings(path: Path | None = None) -> Settings:
    """Read settings.

    Args:
        path: A TOML file. Without it, the one that ``RAPPORTSVAR_SETTINGS`` names is read, or
            ``rapportsvar.toml`` in the working folder; without these, the defaults hold.

    Raises:
        SettingsError: The file is missing, no TOML, or holds an unknown key or a value out of bounds.
    """
    chosen = settings_file(path)
    if chosen is None:
        return Settings()
    try:
        with chosen.open("rb") as stream:
            content = tomllib.load(stream)
    except FileNotFoundError as missing:
        raise SettingsError(
            "The settings file does not exist", where=str(chosen), todo="Correct the path."
        ) from missing
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as bad:
        raise SettingsError(
            f"The settings file cannot be read: {bad}", where=str(chosen), todo="Correct the file."
        ) from bad
    return settings_from(content, where=str(chosen))


def settings_file(path: Path | None = None) -> Path | None:
    """Return the file that :func:`load_settings` reads; None where the defaults hold."""
    from_environment = os.environ.get(VARIABLE)
    named = path or (Path(from_environment) if from_environment else None)
    here = Path(FILE_NAME)
    return named or (here if here.is_file() else None)


def settings_from(content: Mapping[str, Any], *, where: str = "settings") -> Settings:
    """Make settings of nested mappings, such as a parsed TOML file.

    Raises:
        SettingsError: A key is unknown, or a value has the wrong type or is out of bounds.
    """
    made: Settings = _fill(Settings, content, path="", where=where)
    if made.structure.passage_chars_aim > made.structure.passage_chars_max:
        raise SettingsError(
            "structure.passage_chars_aim is larger than structure.passage_chars_max",
            where=where,
            todo="Lower it.",
        )
    return made


def _fill(kind: type[Any], content: Mapping[str, Any], *, path: str, where: str) -> Any:  # noqa: ANN401
    hints = get_type_hints(kind)
    known = {f.name for f in fields(kind)}
    values: dict[str, Any] = {}
    for key, value in content.items():
        full = f"{path}{key}"
        if key not in known:
            names = ", ".join(sorted(known))
            raise SettingsError(f"Unknown setting {full}", where=where, todo=f"Known here: {names}.")
        values[key] = _value(hints[key], value, full, where)
    return kind(**values)


def _value(hint: Any, value: Any, full: str, where: str) -> Any:  # noqa: ANN401
    if is_dataclass(hint):
        if not isinstance(value, Mapping):
            raise SettingsError(
                f"{full} must be a table", where=where, todo=f"Write [{full}] and its keys below."
            )
        return _fill(hint, value, path=f"{full}.", where=where)  # type: ignore[arg-type]
    allowed: tuple[type, ...] = (hint,) if hint in (str, int, bool) else (int, float)
    if isinstance(value, bool) is not (hint is bool) or not isinstance(value, allowed):
        wanted = " or ".join(t.__name__ for t in allowed)
        raise SettingsError(f"{full} = {value!r} has the wrong type", where=where, todo=f"Give {wanted}.")
    if full in CHOICES and value not in CHOICES[full]:
        known = " or ".join(CHOICES[full])
        raise SettingsError(f"{full} = {value!r} is unknown", where=where, todo=f"Choose {known}.")
    if full in FORMS and not re.fullmatch(FORMS[full][0], str(value)):
        raise SettingsError(f"{full} = {value!r} is no name", where=where, todo=f"Give {FORMS[full][1]}.")
    low, high = BOUNDS.get(full, (float("-inf"), float("inf")))
    if isinstance(value, int | float) and not low <= value <= high:
        raise SettingsError(
            f"{full} = {value} is out of bounds", where=where, todo=f"Choose {low:g} to {high:g}."
        )
    return value
