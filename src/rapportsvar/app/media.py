"""Files and pictures that the browser fetches by an address, kept as long as the page shows them.

Only kinds of content that a browser shows and does not run are served, under names of our own. Where one has
to sign in, each is noted for the reader that it was made for: the server gives it to nobody else
(``door.py``), whoever has the address.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal

from streamlit import runtime
from streamlit.runtime.memory_media_file_storage import _calculate_file_id

from rapportsvar.app import signing
from rapportsvar.app.signing import HERE, Visitor
from rapportsvar.engine.access import Reader

Kind = Literal["image/png", "application/pdf"]
SWEEP_FILES = 1000
"""So many are noted at least before it is looked which of them are there still."""
MAKING_SECONDS = 60
"""A file that is downloaded is noted when it is made, a moment before Streamlit has it."""


def address_of(data: bytes, kind: Kind, place: str) -> str:
    """Return an address under which the browser gets the bytes; empty where there is no server.

    Args:
        data: The bytes.
        kind: Their kind.
        place: Where on the page they are used; the bytes used there before are forgotten.
    """
    if not runtime.exists():
        return ""
    # Of a large file Streamlit hashes three pieces only: with the hash of all of it in its name, no other
    # file of the same length is taken for it.
    name = hashlib.sha256(data).hexdigest()
    address = runtime.get_instance().media_file_mgr.add(data, kind, f"rapportsvar.{place}", file_name=name)
    _note(_id(address.rpartition("/")[2]), signing.visitor())
    return address


def downloaded(data: bytes, mime: str, name: str) -> bytes:
    """Note for the reader what a button downloads, and return it.

    Args:
        data: What is downloaded.
        mime: Its kind, as the button tells it.
        name: Its file's name, as the button tells it.
    """
    _note(_calculate_file_id(data, mime, name), signing.visitor())
    return data


def made_when_clicked(write: Callable[[], bytes], mime: str, name: str) -> Callable[[], bytes]:
    """Return what writes a file that a button downloads, for the reader who is shown the button.

    Args:
        write: Returns the file. No page is drawn then: it does not know who asks.
        mime: Its kind, as the button tells it.
        name: Its file's name, as the button tells it.
    """
    visitor = signing.visitor()

    def made() -> bytes:
        data = write()
        _note(_calculate_file_id(data, mime, name), visitor)
        return data

    return made


def is_given(file: str, visitor: Visitor) -> bool:
    """Tell whether a file was made for somebody.

    Args:
        file: Its name, as the last part of its address.
        visitor: Who asks for it.
    """
    return _given.has(_id(file), visitor)


@dataclass(slots=True)
class _Noted:
    """For whom a file was made, with the rights that held then, and when that was."""

    readers: dict[tuple[str, str], Reader] = field(default_factory=dict)
    at: float = 0.0


class Given:
    """Who was given which file. It forgets files that are gone.

    Args:
        is_there: Tells whether a file is kept still.
    """

    def __init__(self, is_there: Callable[[str], bool]) -> None:
        self._is_there = is_there
        self._lock = Lock()
        self._files: dict[str, _Noted] = {}
        self._most = SWEEP_FILES

    def __len__(self) -> int:
        return len(self._files)

    def note(self, file: str, visitor: Visitor) -> None:
        """Note that a file was made for somebody."""
        with self._lock:
            noted = self._files.setdefault(file, _Noted())
            noted.readers[visitor.account] = visitor.reader
            noted.at = time.monotonic()
            if len(self._files) > self._most:
                self._sweep()

    def has(self, file: str, visitor: Visitor) -> bool:
        """Tell whether a file was made for somebody whose rights are what they were then."""
        with self._lock:
            noted = self._files.get(file)
            return noted is not None and noted.readers.get(visitor.account) == visitor.reader

    def _sweep(self) -> None:
        since = time.monotonic() - MAKING_SECONDS
        self._files = {
            file: noted for file, noted in self._files.items() if noted.at > since or self._is_there(file)
        }
        self._most = max(SWEEP_FILES, 2 * len(self._files))


def _id(name: str) -> str:
    return os.path.splitext(name)[0]  # noqa: PTH122 - as Streamlit splits it


def _is_there(file: str) -> bool:
    return runtime.exists() and runtime.get_instance().media_file_mgr.read_file(file) is not None


_given = Given(_is_there)


def _note(file: str, visitor: Visitor | None) -> None:
    if visitor is not None and visitor != HERE:
        _given.note(file, visitor)
