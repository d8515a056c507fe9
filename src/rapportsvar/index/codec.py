"""Frozen dataclasses to JSON and back: a dataclass becomes the list of its fields' values, in order.

Compact and typed by the class itself; no pickle. Used for the structure of a report in the store.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_PLAIN = frozenset({str, int, float, bool, type(None)})


def to_plain(value: Any) -> Any:  # noqa: ANN401
    """Turn a dataclass (and all inside it) into lists, strings and numbers that JSON knows."""
    kind: Any = type(value)
    return value if kind in _PLAIN else _writer(kind)(value)


@cache
def _writer(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401
    """Tell once for each class what is in it: a report has a hundred thousand values."""
    if is_dataclass(kind):
        names = [f.name for f in fields(kind)]
        return lambda value: [to_plain(getattr(value, name)) for name in names]
    if issubclass(kind, tuple):
        return lambda value: [to_plain(item) for item in value]
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, date):
        return lambda value: value.isoformat()
    return lambda value: value


def from_plain(kind: type[T], content: Any) -> T:  # noqa: ANN401
    """Turn what :func:`to_plain` gave back into an instance of ``kind``."""
    reader: Callable[[Any], T] = _reader(kind)  # type: ignore[arg-type]
    return reader(content)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        inner = _reader(next(a for a in arguments if a is not type(None)))
        return lambda content: None if content is None else inner(content)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            item = _reader(arguments[0])
            return lambda content: tuple(item(c) for c in content)
        items = [_reader(a) for a in arguments]
        return lambda content: tuple(read(c) for read, c in zip(items, content, strict=True))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        readers = [_reader(hints[f.name]) for f in fields(kind)]
        return lambda content: kind(*(read(c) for read, c in zip(readers, content, strict=True)))  # type: ignore[operator]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if kind is date:
        return date.fromisoformat
    return lambda content: content
