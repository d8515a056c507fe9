"""From the start of a process to its first answer, against a process that only imports the libraries."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Sequence

from bench.five import five_index
from bench.results import Part, table

ROUNDS = 9
BARE = (sys.executable, "-c", "import numpy, onnxruntime, faiss")
NOTHING = (sys.executable, "-c", "pass")
QUESTION = "Varför ökade kostnaderna för placeringar?"


def cold(options: Namespace) -> Part:
    index = five_index(options.reports)
    ask = (sys.executable, "-m", "rapportsvar.cli", "ask", QUESTION, "--index", str(index))
    kinds = {"python -c pass": NOTHING, "python -c 'import numpy, onnxruntime, faiss'": BARE, "ask": ask}
    times = {name: [] for name in kinds}
    for _ in range(ROUNDS):
        for name, command in kinds.items():
            times[name].append(_took(command))
    bare = _medians(times["python -c 'import numpy, onnxruntime, faiss'"])
    rows = []
    for name, those in times.items():
        wall, cpu = _medians(those)
        rows.append(
            [f"`{name}`", f"{wall:.2f}", f"{wall / bare[0]:.2f}", f"{cpu:.2f}", f"{cpu / bare[1]:.2f}"]
        )
    head = ("process", "s", "of the bare imports", "CPU s", "of the bare imports")
    lines = [f"Medians of {ROUNDS}, in turns; the five reports are indexed.", "", *table(head, rows)]
    return Part("A cold process", lines)


def _medians(those: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(wall for wall, _ in those), statistics.median(cpu for _, cpu in those)


def _took(command: Sequence[str]) -> tuple[float, float]:
    """Return seconds by the clock and of the processor."""
    before, began = os.times(), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - began, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, cpu
