"""What the service tells of its work: a line each on stderr, as JSON or to be read.

No line ever holds a question, an answer, a quote or what somebody wrote: of an error only its kind and where
in the code it was raised are told, since its message may quote. Control characters are escaped, so that
nothing that came from outside can look like a line of its own.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import PurePath
from types import TracebackType
from typing import TextIO
from unicodedata import category

from rapportsvar.config import LogSettings

OURS = "rapportsvar"
FIELDS = "fields"
FRAMES_MAX = 12

Value = str | int | float | bool | None

_events = logging.getLogger(f"{OURS}.events")


def note(event: str, **fields: Value) -> None:
    """Tell that something was done.

    Args:
        event: What, in one word.
        fields: Counts, times and kinds; never words that somebody wrote.
    """
    _events.info(event, extra={FIELDS: fields})


def set_up(settings: LogSettings, stream: TextIO | None = None) -> None:
    """Let this program's loggers write as the settings say; what goes wrong is always told."""
    logger = logging.getLogger(OURS)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines(as_json=settings.json))
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(logging.INFO if settings.on else logging.WARNING)


class Lines(logging.Formatter):
    """Writes a record as one line."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        content = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, FIELDS, {}),
            **_raised(record),
        }
        if self._as_json:
            return json.dumps(content)  # ASCII: nothing in it ends a line
        head = f"{content.pop('time')} {content.pop('level')} {content.pop('logger')} {content.pop('event')}"
        told = " ".join(f"{name}={json.dumps(value)}" for name, value in content.items())
        return one_line(f"{head} {told}".rstrip())


def _raised(record: logging.LogRecord) -> dict[str, Value]:
    """Tell of an exception its kind and its way through the code."""
    if not record.exc_info or record.exc_info[0] is None:
        return {}
    return {"error": record.exc_info[0].__name__, "at": _way(record.exc_info[2])}


def _way(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-FRAMES_MAX:]
    return " > ".join(f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)


def one_line(words: str) -> str:
    """Escape what ends a line, moves the cursor or turns the direction of writing."""
    return "".join(c if _is_harmless(c) else c.encode("unicode_escape").decode() for c in words)


def _is_harmless(character: str) -> bool:
    return character.isprintable() or category(character) == "Zs"
