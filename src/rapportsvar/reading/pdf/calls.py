"""PDFium's functions called by address: half the cost of a call that makes and checks typed pointers."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any


def by_address(function: Any) -> Callable[..., Any]:  # noqa: ANN401
    """Return a function of ``pypdfium2.raw`` that takes and gives pointers as numbers; nothing is None."""
    result, *arguments = map(_plain, (function.restype, *function.argtypes))
    made: Callable[..., Any] = ctypes.PYFUNCTYPE(result, *arguments)(address_of(function))
    return made


def address_of(handle: Any) -> int:  # noqa: ANN401
    """Return the address that a handle or a function points at; 0 where it is nothing."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _plain(kind: Any) -> Any:  # noqa: ANN401
    return ctypes.c_void_p if hasattr(kind, "contents") else kind
