"""The two streams: data on stdout, talk on stderr."""

from __future__ import annotations

import json
import sys


def talk(words: str) -> None:
    """Tell the user something that is no data."""
    print(words, file=sys.stderr)  # noqa: T201


def write(words: str) -> None:
    """Write a line of data."""
    print(words)  # noqa: T201


def write_json(content: object) -> None:
    """Write one line of JSON."""
    print(json.dumps(content, ensure_ascii=False))  # noqa: T201


def write_exactly(text: str) -> None:
    """Write a text as UTF-8, its line ends unchanged."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()
