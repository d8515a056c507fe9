"""Bounds that a process lays on itself before it opens a file of somebody else's: memory, and no network.

On Linux the system itself refuses sockets (seccomp), to libraries in C and to programs that are started as
well. Elsewhere, and besides, Python refuses what would reach out (an audit hook, which cannot be taken off).
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from collections.abc import Callable
from typing import Any

MEGABYTE = 1_000_000

_REACHING_OUT = frozenset(
    {
        *("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"),
        *("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"),
    }
)

# linux/seccomp.h, linux/audit.h, linux/bpf_common.h
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
_OTHER_ABI = 0x40000000
"""Call numbers from here on are those of x32, by which a filter of numbers could be passed by."""
_CALLS = {
    # architecture: its mark, and the numbers of socket, socketpair and io_uring_setup
    "x86_64": (0xC000003E, (41, 53, 425)),
    "aarch64": (0xC00000B7, (198, 199, 425)),
}


def hold_memory(megabytes: int) -> None:
    """Let the process have no more memory than this, and leave no core file."""
    try:
        import resource  # not on Windows, where only time is held
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def shut_network() -> bool:
    """Refuse all sockets to this process and those that it starts, for good.

    Returns:
        Whether the system does it; if not, only Python does.
    """
    sys.addaudithook(_refuse)
    return sys.platform == "linux" and platform.machine() in _CALLS and _filter(*_CALLS[platform.machine()])


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    if event in _REACHING_OUT:
        raise PermissionError(errno.EACCES, "A process that reads reports has no network")


def _filter(architecture: int, calls: tuple[int, ...]) -> bool:
    steps = [
        _step(_LOAD, _ARCHITECTURE_AT),
        _step(_EQUAL, architecture, over=1),
        _step(_RETURN, _REFUSE),
        _step(_LOAD, _NUMBER_AT),
        _step(_AT_LEAST, _OTHER_ABI, otherwise=1),
        _step(_RETURN, _REFUSE),
    ]
    for call in calls:
        steps += [_step(_EQUAL, call, otherwise=1), _step(_RETURN, _REFUSE)]
    steps.append(_step(_RETURN, _ALLOW))
    code = ctypes.create_string_buffer(b"".join(steps))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    prctl: Callable[..., int] = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]  # type: ignore[attr-defined]
    return (
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        and prctl(_PR_SET_SECCOMP, _FILTER, ctypes.addressof(program), 0, 0) == 0
    )


def _step(code: int, value: int, *, over: int = 0, otherwise: int = 0) -> bytes:
    """One instruction of the filter: ``over`` steps are left out where it holds, ``otherwise`` where not."""
    return struct.pack("=HBBI", code, over, otherwise, value)
